"""Meetings at which deputies report (述职会议): the desk, one meeting, its planning, holding and appraisal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deputies.forms.station import WhyForm
from deputies.forms.voter_report import HeldForm, VoterMeetingForm
from deputies.models import VoterMeeting
from deputies.selectors.committee import deputies_of_congress
from deputies.selectors.voter_report import (
    MEETING_VIEWS,
    get_voter_meeting_for,
    meeting_counts,
    meeting_list,
    reports_of,
)
from deputies.services.voter_meeting import (
    voter_meeting_add,
    voter_meeting_cancel,
    voter_meeting_drop,
    voter_meeting_edit,
    voter_meeting_hold,
    voter_meeting_plan,
)
from deputies.services.voter_meeting_appraisal import voter_meeting_appraise
from deputies.states import (
    VOTER_MEETING_TRANSITIONS,
    VoterMeetingStatus,
    VoterReportStatus,
    of_own_office,
    own_meeting,
)
from deputies.views.committee import METHODS, kept_congress, require_office, uuid_of
from deputies.views.pages import Tab, form_page, posted
from liaison.dates import cn_date
from liaison.exceptions import DomainError
from liaison.faces import ActorRequest, call, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from liaison.selectors.counts import count_text
from liaison.selectors.timeline import timeline_of

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@requires(P.VOTER_REPORT_VIEW)
def desk(request: ActorRequest) -> HttpResponse:
    """代表述职: the meetings by state."""
    require_office(request)
    view = request.GET.get("view", "")
    view = view if view in MEETING_VIEWS else "coming"
    counts, path = meeting_counts(request.actor), reverse("voter_meetings:list")
    found = meeting_list(request.actor).filter(MEETING_VIEWS[view][1])
    order = ("on", "id") if view == "coming" else ("-on", "-id")
    context = {
        "views": [
            Tab(label, f"{path}?view={key}", count_text(counts[key]), active=key == view)
            for key, (label, _condition) in MEETING_VIEWS.items()
        ],
        "page": keyset_page(found, params=request.GET, path=path, order=order),
        "may_edit": request.actor.can(P.VOTER_REPORT_EDIT),
    }
    return render(request, "deputies/voter_meeting_list.html", context)


@require_safe
@requires(P.VOTER_REPORT_VIEW)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One meeting; staff look for further deputies here (``q``)."""
    require_office(request)
    return _detail_page(request, get_voter_meeting_for(request.actor, public_id))


def _detail_page(request: ActorRequest, meeting: VoterMeeting, problem: str = "") -> HttpResponse:
    actor = request.actor
    keeps = actor.can(P.VOTER_REPORT_EDIT) and of_own_office(actor, meeting.office_id)
    may_add = keeps and meeting.status == VoterMeetingStatus.PLANNED and not meeting.appraisal_url
    words = request.GET.get("q", "").strip()[:60] if may_add else ""
    reports = reports_of(actor, meeting)
    standing = [report for report in reports if report.status != VoterReportStatus.WITHDRAWN]
    context = {
        "meeting": meeting,
        "reports": reports,
        "standing": len(standing),
        "result": next((report.result for report in standing if report.result), None),
        "problem": problem,
        "may_add": may_add,
        "may_note": keeps,
        "action": _next_step(meeting, bool(standing)) if keeps else None,
        "q": words,
        "found": deputies_of_congress(meeting.congress, words, leave_out=[report.mandate_id for report in standing]),
        "timeline": timeline_of([meeting], slot_titles={}),
    }
    return render(request, "deputies/voter_meeting_detail.html", context, status=422 if problem else 200)


def _next_step(meeting: VoterMeeting, has_reports: bool) -> dict[str, Any]:
    """What may be done now, as ``partials/action_box.html`` shows it."""

    def to(name: str, label: str, icon: str = "") -> dict[str, str]:
        return {"label": label, "url": reverse(f"voter_meetings:{name}", args=[meeting.public_id]), "icon": icon}

    ballot: list[dict[str, str]] = []
    if meeting.appraisal_url:
        ballot = [{"label": "满意度测评", "url": meeting.appraisal_url, "icon": "checklist"}]
    elif has_reports and meeting.status in (VoterMeetingStatus.PLANNED, VoterMeetingStatus.HELD):
        ballot = [to("appraise", "准备测评票", "checklist")]
    if meeting.status == VoterMeetingStatus.PLANNED:
        others = [*ballot, to("edit", "修改安排", "pencil"), to("cancel", "取消会议", "x")]
        text, primary = "", None
        if not has_reports:
            text = "请先列入述职的代表。"
        elif meeting.is_ahead:
            text = f"{cn_date(meeting.on)}起可以登记召开情况。"
        else:
            primary = to("hold", "登记召开情况")
        return {"title": "会议召开后登记", "text": text, "primary": primary, "others": others}
    if meeting.status == VoterMeetingStatus.HELD:
        text = "测评结果宣布后，会自动写到每名代表的述职记录里。"
        return {"title": "请完成满意度测评", "text": text, "primary": ballot[0], "others": []}
    if meeting.status == VoterMeetingStatus.CLOSED:
        return {"title": "测评结果已成立", "text": "", "primary": None, "others": ballot}
    return {"title": "会议已取消", "text": meeting.cancel_reason, "primary": None, "others": []}


@require_http_methods(METHODS)
@requires(P.VOTER_REPORT_EDIT)
def new(request: ActorRequest) -> HttpResponse:
    """安排述职会议."""
    congress = kept_congress(request)
    form = VoterMeetingForm(posted(request), actor=request.actor, congress=congress)
    if request.method == "POST" and form.is_valid():
        made = call(form, voter_meeting_plan, actor=request.actor, congress_id=congress.public_id, facts=form.facts())
        if made is not None:
            messages.success(request, "已安排。接下来列入述职的代表。")
            return redirect(made)
    return form_page(
        request,
        "deputies/contact_act.html",
        form,
        trail=[("代表述职", reverse("voter_meetings:list"))],
        heading="安排述职会议",
        lede=congress.name,
        submit_label="安排",
        cancel_url=reverse("voter_meetings:list"),
    )


@require_http_methods(METHODS)
@requires(P.VOTER_REPORT_EDIT)
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """修改安排."""
    meeting = get_voter_meeting_for(request.actor, public_id)
    own_meeting(meeting, request.actor)
    if meeting.status != VoterMeetingStatus.PLANNED:
        raise DomainError(f"这次会议{meeting.get_status_display()}，不能再改。", code="meeting_settled")
    form = VoterMeetingForm(posted(request), actor=request.actor, congress=meeting.congress, meeting=meeting)
    if request.method == "POST" and form.is_valid():
        done = call(
            form,
            voter_meeting_edit,
            actor=request.actor,
            meeting_id=public_id,
            facts=form.facts(),
            version=form.cleaned_data["version"],
        )
        if done is not None:
            messages.success(request, "已保存。日期、地点有变的，有账号的代表会收到通知。")
            return redirect(done)
    return _act(request, meeting, form, heading="修改安排", submit_label="保存")


@require_POST
@requires(P.VOTER_REPORT_EDIT)
def add(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """列入一名述职代表."""
    meeting = get_voter_meeting_for(request.actor, public_id)
    asked = [str(uuid_of(request.POST.get("mandate", "")))]
    try:
        added = voter_meeting_add(actor=request.actor, meeting_id=public_id, deputies=asked)
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        return _detail_page(request, meeting, error.message)
    names = "、".join(mandate.person.name for mandate in added)
    messages.success(request, f"已列入{names}，有账号的会收到通知。" if added else "已经列入。")
    return redirect(meeting)


@require_POST
@requires(P.VOTER_REPORT_EDIT)
def drop(request: ActorRequest, public_id: UUID, report_id: UUID) -> HttpResponse:
    """移出一名述职代表."""
    report = voter_meeting_drop(actor=request.actor, meeting_id=public_id, report_id=report_id)
    messages.success(request, f"{report.mandate.person.name}不在这次会议述职。")
    return redirect("voter_meetings:detail", public_id)


@require_http_methods(METHODS)
@requires(P.VOTER_REPORT_EDIT)
def hold(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """登记召开情况."""
    meeting = _for_step(request, public_id, "hold")
    coming = (VoterReportStatus.DRAFT, VoterReportStatus.SUBMITTED)
    reports = [report for report in reports_of(request.actor, meeting) if report.status in coming]
    form = HeldForm(posted(request), reports=reports)
    if request.method == "POST" and form.is_valid():
        done = call(form, voter_meeting_hold, actor=request.actor, meeting_id=public_id, **form.cleaned_data)
        if done is not None:
            messages.success(request, "已登记召开情况，已记入述职代表的履职档案。")
            return redirect(done)
    return _act(request, meeting, form, heading="登记召开情况", submit_label="登记")


@require_http_methods(METHODS)
@requires(P.VOTER_REPORT_EDIT)
def cancel(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """取消会议."""
    meeting = _for_step(request, public_id, "cancel")
    form = WhyForm(posted(request), label="取消原因", help_text="例如：因防汛推迟，另行安排。")
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = call(form, voter_meeting_cancel, actor=request.actor, meeting_id=public_id, reason=reason)
        if done is not None:
            messages.success(request, "已取消，有账号的述职代表会收到通知。")
            return redirect(done)
    lede = "取消后不能恢复；列入的代表回到尚未述职的名单，已写的报告仍可查看。"
    if meeting.appraisal_url:
        lede += "已准备的测评票同时宣告无效。"
    return _act(
        request,
        meeting,
        form,
        heading=f"取消{meeting.title}",
        lede=lede,
        submit_label="取消会议",
        cancel_label="返回，不取消",
    )


@require_http_methods(METHODS)
@requires(P.VOTER_REPORT_EDIT)
def appraise(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """准备测评票: asked once, because the list of deputies is fixed by it."""
    meeting = get_voter_meeting_for(request.actor, public_id)
    own_meeting(meeting, request.actor)
    if request.method == "POST":
        done = voter_meeting_appraise(actor=request.actor, meeting_id=public_id)
        messages.success(request, "测评票已准备好，可以打印。会场无记名填写，两人分别清点录入。")
        return redirect(done.appraisal_url)
    reports = [one for one in reports_of(request.actor, meeting) if one.status != VoterReportStatus.WITHDRAWN]
    names = "、".join(report.mandate.person.name for report in reports) or "（还没有代表）"
    unwritten = sum(report.status == VoterReportStatus.DRAFT for report in reports)
    waiting = f"其中{unwritten}名还没有提交述职报告。" if unwritten else ""
    context = {
        "meeting": meeting,
        "heading": "准备测评票",
        "question": f"为{meeting.title}准备满意度测评票？",
        "consequence": f"测评票上列{names}。{waiting}准备好以后名单不能再变，要变的须先把测评宣告无效。",
        "confirm_label": "准备测评票",
        "cancel_url": meeting.get_absolute_url(),
    }
    return render(request, "deputies/voter_meeting_confirm.html", context)


def _for_step(request: ActorRequest, public_id: UUID, step: str) -> VoterMeeting:
    meeting = get_voter_meeting_for(request.actor, public_id)
    VOTER_MEETING_TRANSITIONS.check(meeting, step, request.actor)
    return meeting


def _act(request: ActorRequest, meeting: VoterMeeting, form: Any, *, lede: str = "", **context: str) -> HttpResponse:
    url = meeting.get_absolute_url()
    trail = [("代表述职", reverse("voter_meetings:list")), (meeting.title, url)]
    context |= {"cancel_url": url, "lede": lede or meeting.title}
    return form_page(request, "deputies/contact_act.html", form, trail=trail, **context)
