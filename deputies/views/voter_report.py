"""Reports to voters: a deputy's own, one report with its questions, the coverage of the term."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deputies.forms.committee import PlaceForm
from deputies.forms.voter_report import AnswerForm, GiveBackForm, PlanMeetingsForm, QuestionForm, ReportTextForm
from deputies.selectors.voter_report import (
    ReportCoverage,
    draft_text,
    get_voter_report_for,
    my_reports,
    report_coverage,
    term_lines,
)
from deputies.services.committee import require_own
from deputies.services.voter_meeting import voter_meetings_plan
from deputies.services.voter_report import (
    SLOT,
    voter_question_add,
    voter_question_answer,
    voter_report_give_back,
    voter_report_save,
    voter_report_submit,
)
from deputies.services.voter_report_coverage import report_coverage_start
from deputies.states import VOTER_REPORT_TRANSITIONS, VoterReportStatus, of_own_office, own_meeting
from deputies.views.committee import METHODS, asked_congress, uuid_of
from deputies.views.pages import form_page, posted, posted_files
from liaison.exceptions import DomainError, NotFound
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817
from liaison.selectors.attachment import attachments_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from deputies.models import Congress, VoterReport

#: Most gaps on one page; the file has all.
MOST_SHOWN = 300


@require_safe
@requires(P.VOTER_REPORT_VIEW)
def mine(request: ActorRequest) -> HttpResponse:
    """我的述职, for deputies."""
    if not request.actor.is_deputy:
        raise NotFound
    return render(request, "deputies/voter_report_mine.html", {"reports": my_reports(request.actor)})


@require_safe
@requires(P.VOTER_REPORT_VIEW)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One report: text, questions, result. A draft is read by its deputy only."""
    report = get_voter_report_for(request.actor, public_id)
    actor = request.actor
    is_own = actor.is_deputy
    keeps = actor.can(P.VOTER_REPORT_EDIT) and of_own_office(actor, report.meeting.office_id)
    shows_text = is_own or report.status != VoterReportStatus.DRAFT
    context = {
        "report": report,
        "meeting": report.meeting,
        "is_own": is_own,
        "shows_text": shows_text,
        "files": attachments_of(report, slot=SLOT) if shows_text else [],
        "questions": list(report.questions.all()),
        "term_lines": term_lines(report.mandate),
        "may_write": is_own and report.status == VoterReportStatus.DRAFT,
        "may_give_back": keeps and report.status == VoterReportStatus.SUBMITTED,
        "may_question": keeps and report.status == VoterReportStatus.DELIVERED,
        "may_answer": is_own or keeps,
    }
    return render(request, "deputies/voter_report_detail.html", context)


@require_http_methods(METHODS)
@requires(P.VOTER_REPORT_WRITE)
def write(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """撰写述职报告: kept as a draft, or submitted."""
    report = get_voter_report_for(request.actor, public_id)
    VOTER_REPORT_TRANSITIONS.check(report, "submit", request.actor)
    initial = {"text": report.text or draft_text(report.mandate)}
    form = ReportTextForm(posted(request), posted_files(request), initial=initial)
    form.show_version(report)
    if request.method == "POST" and form.is_valid():
        data, actor = form.cleaned_data, request.actor
        if "keep" in request.POST:
            done = call(
                form,
                voter_report_save,
                actor=actor,
                report_id=public_id,
                text=data["text"],
                version=data["version"],
            )
        else:
            done = call(
                form,
                voter_report_submit,
                actor=actor,
                report_id=public_id,
                text=data["text"],
                upload=data["upload"],
                version=data["version"],
            )
        if done is not None:
            kept = "草稿已保存，只有您自己能看到。" if "keep" in request.POST else "已提交，工作人员会收到通知。"
            messages.success(request, kept)
            return redirect(done)
    return form_page(
        request,
        "deputies/voter_report_form.html",
        form,
        report=report,
        kept_text=report.text if form.renew_version(report) else "",
        files=attachments_of(report, slot=SLOT),
        cancel_url=report.get_absolute_url(),
    )


@require_http_methods(METHODS)
@requires(P.VOTER_REPORT_EDIT)
def give_back(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """退回修改."""
    report = get_voter_report_for(request.actor, public_id)
    VOTER_REPORT_TRANSITIONS.check(report, "give_back", request.actor)
    form = GiveBackForm(posted(request))
    form.show_version(report)
    if request.method == "POST" and form.is_valid():
        done = call(form, voter_report_give_back, actor=request.actor, report_id=public_id, **form.cleaned_data)
        if done is not None:
            messages.success(request, "已退回，代表会收到通知。")
            return redirect(done)
    return _act(request, report, form, heading="退回修改", submit_label="退回")


@require_http_methods(METHODS)
@requires(P.VOTER_REPORT_EDIT)
def question(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """登记提问."""
    report = get_voter_report_for(request.actor, public_id)
    own_meeting(report.meeting, request.actor)
    if report.status != VoterReportStatus.DELIVERED:
        raise DomainError("述职以后才能登记提问。", code="report_not_given")
    form = QuestionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        made = call(form, voter_question_add, actor=request.actor, report_id=public_id, **form.cleaned_data)
        if made is not None:
            messages.success(request, "已登记提问。")
            return redirect(report)
    return _act(request, report, form, heading="登记提问", submit_label="登记")


@require_http_methods(METHODS)
@requires(P.VOTER_REPORT_WRITE, P.VOTER_REPORT_EDIT)
def answer(request: ActorRequest, public_id: UUID, question_id: UUID) -> HttpResponse:
    """回答提问."""
    report = get_voter_report_for(request.actor, public_id)
    asked = next((one for one in report.questions.all() if one.public_id == question_id), None)
    if asked is None:
        raise NotFound
    if not request.actor.is_deputy:
        own_meeting(report.meeting, request.actor)
    form = AnswerForm(posted(request), initial={"answer": asked.answer})
    form.show_version(asked)
    if request.method == "POST" and form.is_valid():
        done = call(form, voter_question_answer, actor=request.actor, question_id=question_id, **form.cleaned_data)
        if done is not None:
            messages.success(request, "已保存回答。")
            return redirect(report)
    heading, quote = "回答选民提问", asked.text
    if form.renew_version(asked):
        quote = f"{asked.text}\n\n刚才由他人保存的回答：{asked.answer}"
    return _act(request, report, form, heading=heading, submit_label="保存", quote=quote, quote_title="问题")


def _act(request: ActorRequest, report: VoterReport, form: Any, **context: str) -> HttpResponse:
    name, url = report.mandate.person.name, report.get_absolute_url()
    first = ("我的述职", reverse("voter_reports:mine"))
    if request.actor.is_congress:
        first = ("代表述职", reverse("voter_meetings:list"))
    context |= {"cancel_url": url, "lede": f"{name}，{report.meeting.title}"}
    trail = [first, (f"{name}的述职", url)]
    return form_page(request, "deputies/contact_act.html", form, trail=trail, **context)


@require_http_methods(METHODS)
@requires(P.VOTER_REPORT_VIEW)
def coverage(request: ActorRequest) -> HttpResponse:
    """本届述职覆盖: POST plans meetings for the ticked gaps, one an electoral unit."""
    congress = asked_congress(request)
    form = PlanMeetingsForm(posted(request))
    picked = request.POST.getlist("pick")
    if request.method == "POST":
        request.actor.require(P.VOTER_REPORT_EDIT)
        require_own(request.actor, congress)
        if form.is_valid():
            made = call(
                form,
                voter_meetings_plan,
                actor=request.actor,
                congress_id=congress.public_id,
                deputies=[str(uuid_of(one)) for one in picked],
                **form.cleaned_data,
            )
            if made is not None:
                messages.success(request, f"已安排{len(made)}次述职会议，有账号的代表会收到通知。")
                return redirect("voter_meetings:list")
    found = report_coverage(congress)
    context = {
        "congress": congress,
        "found": found,
        "gaps": found.gaps[:MOST_SHOWN],
        "more": len(found.gaps) > MOST_SHOWN,
        "picked": set(picked),
        "months_left": _months_left(congress),
        "chart": _chart(congress, found),
        "filter_form": PlaceForm(actor=request.actor, congress=congress),
        "form": form,
        "may_plan": request.actor.can(P.VOTER_REPORT_EDIT) and congress.is_kept_by(request.actor),
        "export_url": reverse("voter_reports:coverage_export", query={"congress": str(congress.public_id)}),
    }
    return render(request, "deputies/voter_report_coverage.html", context, status=422 if form.errors else 200)


@require_POST
@requires(P.VOTER_REPORT_EDIT)
def export(request: ActorRequest) -> HttpResponse:
    """导出: a job, whose page shows how far it is."""
    return redirect(report_coverage_start(actor=request.actor, congress=asked_congress(request)))


def _months_left(congress: Congress) -> int:
    """Whole months to the end of the term (five years where none is registered)."""
    today = timezone.localdate()
    end = congress.ends_on or congress.starts_on.replace(day=1, year=congress.starts_on.year + 5)
    return max(0, (end.year - today.year) * 12 + end.month - today.month)


def _chart(congress: Congress, found: ReportCoverage) -> dict[str, Any]:
    """Reported and not yet by electoral unit, stacked (``partials/chart.html``)."""
    series = [
        {"name": "已述职", "values": [unit.covered for unit in found.units], "tone": "accent"},
        {"name": "尚未述职", "values": [unit.open for unit in found.units], "tone": "grey"},
    ]
    said = "；".join(f"{unit.name}{unit.total}名，已述职{unit.covered}名" for unit in found.units)
    return {
        "id": "chart-reports",
        "title": f"{congress.short_name}代表述职（名）",
        "description": f"本届代表述职：{said}。",
        "unit": "名",
        "category_label": "选举单位",
        "series": series,
        "rows": [(unit.name, [str(unit.covered), str(unit.open)]) for unit in found.units],
        "as_data": {
            "kind": "stacked",
            "unit": "名",
            "categories": [unit.name for unit in found.units],
            "series": series,
            "horizontal": True,
        },
    }
