"""Reports for deputies: their own, writing with autosave, files, co-authors, handing in, following the way it went."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deputies.forms.report import ActForm, ReportForm, RespondForm
from deputies.selectors.report import (
    author_names,
    draft_by_token,
    fellow_authors,
    files_of,
    get_draft_for,
    get_own_report_for,
    missing_in,
    own_reports,
    record_of,
    return_reason,
)
from deputies.services.report import (
    report_attach,
    report_detach,
    report_discard,
    report_save,
    report_submit,
    report_withdraw,
)
from deputies.services.report_author import author_invite, author_remove, author_respond
from deputies.states import REPORT_TRANSITIONS
from deputies.views.pages import form_page, posted, posted_files
from liaison.exceptions import DomainError, NotAllowed, NotFound
from liaison.faces import ActorRequest, call, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpResponse

    from deputies.models import DeputyReport

METHODS = ["GET", "HEAD", "POST"]
#: Value of a button that takes one file off, before the file's id.
REMOVE = "remove:"


@require_safe
@requires(P.REPORT_WRITE)
def mine(request: ActorRequest) -> HttpResponse:
    """我的报告."""
    page = keyset_page(own_reports(request.actor), params=request.GET, path=reverse("my_reports:list"))
    return render(request, "deputies/my_report_list.html", {"page": page})


@require_http_methods(METHODS)
@requires(P.REPORT_WRITE)
def new(request: ActorRequest) -> HttpResponse:
    """写报告: nothing is written before something is typed."""
    return _write(request, None)


@require_http_methods(METHODS)
@requires(P.REPORT_WRITE)
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Going on with a draft, or mending a returned one."""
    return _write(request, get_draft_for(request.actor, public_id))


def _write(request: ActorRequest, draft: DeputyReport | None) -> HttpResponse:
    """Keep what came, then do what the pressed button says: stay, ask co-authors, take a file off, look it over."""
    form = ReportForm(posted(request), posted_files(request), actor=request.actor, report=draft)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, draft)
    saved = call(
        form,
        report_save,
        actor=request.actor,
        client_token=form.cleaned_data["client_token"],
        values=form.values,
        version=form.cleaned_data["version"],
    )
    if saved is None:
        return _form_page(request, form, draft)
    action = request.POST.get("action", "save")
    for upload in form.cleaned_data["uploads"]:
        call(form, report_attach, actor=request.actor, public_id=saved.public_id, upload=upload, field="uploads")
    if action.startswith(REMOVE):
        report_detach(actor=request.actor, public_id=saved.public_id, attachment_id=_uuid(action))
    if action == "check" and not form.errors:
        for field, message in missing_in(saved).items():
            form.add_error(field, message)
    if form.errors:
        saved = get_draft_for(request.actor, saved.public_id)
        form.show_version(saved.version)
        return _form_page(request, form, saved)
    if action == "check":
        return redirect("my_reports:detail", saved.public_id)
    if action == "authors":
        return redirect("my_reports:authors", saved.public_id)
    messages.success(request, f"草稿已保存（{timezone.localtime():%H:%M}），可以以后接着写。")
    return redirect("my_reports:edit", saved.public_id)


def _uuid(action: str) -> UUID:
    try:
        return UUID(action.removeprefix(REMOVE))
    except ValueError:
        raise NotFound from None


def _form_page(request: ActorRequest, form: ReportForm, draft: DeputyReport | None) -> HttpResponse:
    context = {
        "draft": draft,
        "files": files_of(draft),
        "return_reason": return_reason(draft),
        "authors": list(draft.authors.all()) if draft else [],
        "cancel_url": reverse("my_reports:list"),
    }
    return form_page(request, "deputies/my_report_form.html", form, **context)


@require_POST
@requires(P.REPORT_WRITE)
def autosave(request: ActorRequest) -> JsonResponse:
    """What the form sends after a pause in typing; the answer says until when everything is kept."""
    form = ReportForm(request.POST, actor=request.actor)
    if not form.is_valid():
        texts = [str(message) for found in form.errors.values() for message in found]
        return JsonResponse({"message": f"没有自动保存：{texts[0]}"}, status=422)
    data = form.cleaned_data
    try:
        saved = report_save(
            actor=request.actor, client_token=data["client_token"], values=form.values, version=data["version"]
        )
    except DomainError as error:
        known = draft_by_token(request.actor, data["client_token"])
        body = {"message": error.message, "code": error.code, "url": known.deputy_url if known else ""}
        return JsonResponse(body, status=error.status)
    url = reverse("my_reports:edit", args=[saved.public_id])
    return JsonResponse({"saved_at": f"{timezone.localtime():%H:%M}", "version": saved.version, "url": url})


@require_safe
@requires(P.REPORT_WRITE)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One report: looking it over before handing it in, then following the way it goes."""
    return _detail(request, get_own_report_for(request.actor, public_id), ActForm())


def _detail(request: ActorRequest, report: DeputyReport, form: ActForm | RespondForm) -> HttpResponse:
    record = record_of(request.actor, report)
    own = next((one for one in report.authors.all() if one.person_id == request.actor.deputy_id), None)
    context = {
        "report": report,
        "names": author_names(report),
        "record": record,
        "timeline": record.timeline if report.submitted_at else None,
        "acts": [step.name for step in REPORT_TRANSITIONS.available(report, request.actor)],
        "asked": own is not None and own.status == "invited" and not report.is_accepted,
        "is_lead": report.person_id == request.actor.deputy_id,
        "return_reason": return_reason(report),
    }
    return form_page(request, "deputies/my_report_detail.html", form, **context)


@require_POST
@requires(P.REPORT_WRITE)
def submit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """提交."""
    report = _led(request, public_id)
    form = ActForm(request.POST)
    if (
        form.is_valid()
        and call(form, report_submit, actor=request.actor, public_id=public_id, version=form.cleaned_data["version"])
        is not None
    ):
        messages.success(request, f"已提交给{report.office.display}，接收或者退回都会通知您。")
        return redirect("my_reports:detail", public_id)
    return _detail(request, report, form)


@require_POST
@requires(P.REPORT_WRITE)
def withdraw(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """撤回: before it is accepted."""
    report_withdraw(actor=request.actor, public_id=public_id)
    messages.success(request, "已撤回，修改后可以再提交。")
    return redirect("my_reports:edit", public_id)


@require_http_methods(METHODS)
@requires(P.REPORT_WRITE)
def discard(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Delete a draft, asked once."""
    draft = get_draft_for(request.actor, public_id)
    if request.method == "POST":
        report_discard(actor=request.actor, public_id=public_id)
        messages.success(request, f"草稿“{draft}”已删除。")
        return redirect("my_reports:list")
    context = {
        "heading": "删除草稿",
        "question": f"删除草稿“{draft}”？",
        "consequence": "删除后不能恢复。已邀请的合作代表也不再看到它。",
        "confirm_label": "删除草稿",
        "cancel_url": reverse("my_reports:edit", args=[public_id]),
        "danger": True,
    }
    return render(request, "deputies/my_report_discard.html", context)


@require_http_methods(METHODS)
@requires(P.REPORT_WRITE)
def authors(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """合作代表: looked for by name, asked with one press."""
    report = _led(request, public_id)
    problem = ""
    if request.method == "POST":
        try:
            asked = author_invite(
                actor=request.actor, public_id=public_id, mandate_id=_chosen(request.POST.get("mandate", ""))
            )
        except DomainError as error:
            if error.status in {403, 404}:
                raise
            problem = error.message
        else:
            messages.success(request, f"已邀请{asked.person.name}代表，对方确认后列入作者。")
            return redirect("my_reports:authors", public_id)
    words = request.GET.get("q", "").strip()[:60]
    context = {
        "report": report,
        "authors": list(report.authors.all()),
        "q": words,
        "found": fellow_authors(report, words),
        "problem": problem,
    }
    return render(request, "deputies/my_report_authors.html", context, status=422 if problem else 200)


def _led(request: ActorRequest, public_id: UUID) -> DeputyReport:
    """A report that the deputy is the lead author of.

    Raises:
        NotFound: not theirs.
        NotAllowed: they only join.
    """
    report = get_own_report_for(request.actor, public_id)
    if report.person_id != request.actor.deputy_id:
        raise NotAllowed("这一步由执笔代表办理。")
    return report


def _chosen(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@require_POST
@requires(P.REPORT_WRITE)
def author_off(request: ActorRequest, public_id: UUID, author_id: UUID) -> HttpResponse:
    """Take back an invitation."""
    author_remove(actor=request.actor, public_id=public_id, author_id=author_id)
    messages.success(request, "邀请已撤回。")
    return redirect("my_reports:authors", public_id)


@require_POST
@requires(P.REPORT_WRITE)
def respond(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The asked deputy confirms or declines."""
    report = get_own_report_for(request.actor, public_id)
    form, answer = RespondForm(request.POST), request.POST.get("answer", "")
    if call(form, author_respond, actor=request.actor, public_id=public_id, answer=answer) is None:
        return _detail(request, report, form)
    confirm = answer == "confirm"
    messages.success(request, "已确认，您的名字列入作者。" if confirm else "已回复不参加。")
    return redirect("my_reports:detail", public_id) if confirm else redirect("my_reports:list")
