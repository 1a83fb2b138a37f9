"""Reports for the organs to which they were transferred: the list, one with its text, the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from deputies.forms.report import AnswerForm
from deputies.selectors.report import author_names, get_report_for
from deputies.selectors.report_transfer import (
    ANSWER_SLOT,
    get_transfer_for,
    received_transfers,
    with_lights,
)
from deputies.services.report_transfer import report_transfer_answer
from deputies.views.pages import Tab, form_page, posted, posted_files
from liaison.exceptions import NotAllowed
from liaison.faces import ActorRequest, call, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from liaison.selectors.attachment import attachments_of
from liaison.selectors.deadline_view import deadlines_of

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@requires(P.REPORT_VIEW)
def transfers(request: ActorRequest) -> HttpResponse:
    """转送我单位的代表报告: what waits first."""
    if request.actor.organisation_id is None:
        raise NotAllowed("这一页由收到转送的机关使用。")
    path = reverse("report_transfers:list")
    rows = received_transfers(request.actor)
    done = request.GET.get("view") == "done"
    page = keyset_page(
        rows.exclude(answered_at=None) if done else rows.filter(answered_at=None), params=request.GET, path=path
    )
    with_lights(page.items)
    context = {
        "views": [Tab("待反馈", path, active=not done), Tab("已反馈", f"{path}?view=done", active=done)],
        "done": done,
        "page": page,
    }
    return render(request, "deputies/report_transfer_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.REPORT_VIEW)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One report that was transferred, with its text; the organ answers here."""
    transfer = get_transfer_for(request.actor, public_id)
    report = get_report_for(request.actor, transfer.report.public_id)
    own = transfer.unit_id == request.actor.organisation_id
    if not own:
        return redirect(report)
    may_answer = transfer.is_open and (request.actor.can(P.REPORT_ANSWER) or request.actor.can(P.REPORT_RECEIVE))
    form = AnswerForm(posted(request), posted_files(request))
    if form.is_valid():
        done = call(form, report_transfer_answer, actor=request.actor, transfer_id=public_id, **form.cleaned_data)
        if done is not None:
            messages.success(request, "已反馈，代表和人大工作机构会收到通知。")
            return redirect(done)
    context = {
        "transfer": transfer,
        "report": report,
        "names": author_names(report),
        "files": attachments_of(report),
        "answer_files": attachments_of(transfer, ANSWER_SLOT),
        "deadlines": deadlines_of([transfer]),
        "may_answer": may_answer,
    }
    return form_page(request, "deputies/report_transfer_detail.html", form, **context)
