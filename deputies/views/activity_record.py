"""The record of an activity: written, finished, opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from deputies.forms.activity import ReasonForm
from deputies.forms.activity_record import FIGURE_LABELS, RecordForm
from deputies.models import FIGURES
from deputies.models.activity import PICTURE_SLOT, REPORT_SLOT
from deputies.selectors.activity import attended_parts, sums_of
from deputies.services.activity_record import activity_file_remove, activity_record, activity_reopen
from deputies.states import ACTIVITY_TRANSITIONS
from deputies.views.activity import METHODS, organised
from deputies.views.activity_act import confirm_page
from deputies.views.pages import form_page, posted, posted_files
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817
from liaison.selectors.attachment import attachments_of

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_http_methods(METHODS)
@requires(P.ACTIVITY_EDIT)
def record(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """活动记录: kept as it is, or finished (``finish``)."""
    activity = organised(request, public_id)
    if request.method != "POST":
        ACTIVITY_TRANSITIONS.check(activity, "record", request.actor)
    parts = attended_parts(activity)
    form = RecordForm(posted(request), posted_files(request), activity=activity, parts=parts)
    if request.method == "POST" and form.is_valid():
        finish = "finish" in request.POST
        done = call(
            form,
            activity_record,
            actor=request.actor,
            activity_id=public_id,
            facts=form.facts(),
            pictures=form.cleaned_data["pictures"],
            reports=form.cleaned_data["reports"],
            finish=finish,
            version=form.cleaned_data["version"],
        )
        if done is not None and finish:
            messages.success(request, "记录已完成，到场代表的履职情况已记入履职档案。")
            return redirect(done)
        if done is not None:
            messages.success(request, "已保存，还没有完成。核对后请按“完成记录”。")
            return redirect("activities:record", public_id)
    sums = sums_of(parts)
    files = [one for one in attachments_of(activity) if one.slot in {PICTURE_SLOT, REPORT_SLOT}]
    return form_page(
        request,
        "deputies/activity_record.html",
        form,
        activity=activity,
        labels=[FIGURE_LABELS[name] for name in FIGURES],
        sums=[(FIGURE_LABELS[name][0], sums[name]) for name in FIGURES],
        files=files,
        cancel_url=activity.get_absolute_url(),
    )


@require_http_methods(METHODS)
@requires(P.ACTIVITY_EDIT)
def reopen(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """更正记录."""
    activity = organised(request, public_id)
    form = ReasonForm(posted(request), label="更正原因", help_text="例如：走访人数登记有误。会记入履职档案。")
    if request.method == "POST" and form.is_valid():
        done = call(
            form, activity_reopen, actor=request.actor, activity_id=public_id, reason=form.cleaned_data["reason"]
        )
        if done is not None:
            return redirect("activities:record", public_id)
    return confirm_page(
        request,
        activity,
        form,
        heading="更正记录",
        question=f"更正“{activity.title}”的记录？",
        consequence="再次完成记录之前，履职档案不变；完成后，改动的部分冲销重记，并写明原因。",
        confirm_label="打开记录",
    )


@require_http_methods(METHODS)
@requires(P.ACTIVITY_EDIT)
def file_remove(request: ActorRequest, public_id: UUID, file_id: UUID) -> HttpResponse:
    """移除照片或报告."""
    activity = organised(request, public_id)
    if request.method == "POST":
        activity_file_remove(actor=request.actor, activity_id=public_id, file_id=file_id)
        messages.success(request, "已移除。")
        return redirect("activities:record", public_id)
    return confirm_page(
        request,
        activity,
        None,
        heading="移除文件",
        question="移除这个文件？",
        consequence="移除后不再随活动显示。",
        confirm_label="移除",
        danger=True,
    )
