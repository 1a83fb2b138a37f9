"""The acts on a transfer, one page each: decide, sign for, ask, supply, opine, go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from liaison.exceptions import DomainError
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817
from liaison.selectors.deadline_view import preview
from suggestions.forms.fields import VersionedForm
from suggestions.forms.transfer import (
    ActForm,
    ApproveForm,
    OpinionForm,
    ProgressForm,
    ReceiveForm,
    RejectForm,
    RequestInfoForm,
    SupplyForm,
)
from suggestions.selectors.transfer import OPINION_DEADLINE, get_transfer_for, opinion_period
from suggestions.selectors.transfer_record import record_of
from suggestions.services.transfer import transfer_approve, transfer_reject
from suggestions.services.transfer_opinion import (
    DOCUMENT_STEPS,
    PROGRESS_STEPS,
    transfer_opine,
    transfer_progress,
    transfer_receive,
    transfer_request_info,
    transfer_supply,
)
from suggestions.states import TRANSFER_TRANSITIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import BaseForm

    from suggestions.models import Transfer

#: Step → what to write about it.
NOTE_HELP = {
    "recommend": "向哪个机关发出、要求什么、何时回复，例如：已向区水利局制发检察建议，要求两个月内书面回复。",
    "agency_answer": "行政机关何时回复、答复了什么。",
    "rectify": "整改了什么、怎样核实的。",
    "sue": "何时向哪个法院提起诉讼、诉讼请求是什么。",
    "close": "结果如何，例如：法院判决已生效并执行完毕。",
}


def form_status(form: BaseForm, transfer: Transfer | None = None) -> int:
    """200, or 422 for wrong values, or what the domain error says (409 when somebody was quicker).

    A stale form goes on with the version of ``transfer``, now that the person was told of the change.
    """
    if not form.errors:
        return 200
    if isinstance(form, VersionedForm) and form.is_stale and transfer is not None:
        form.show_version(transfer.version)
    error = getattr(form, "domain_error", None)
    return error.status if isinstance(error, DomainError) and error.status == 409 else 422


def _act(
    request: ActorRequest,
    public_id: UUID,
    step: str,
    form_of: Callable[..., ActForm],
    service: Callable[..., Transfer],
    *,
    done: str,
    template: str = "suggestions/transfer_act.html",
    context: Callable[[Transfer], dict[str, Any]] = lambda transfer: {},
    **words: Any,
) -> HttpResponse:
    """The page of one act: the form, then the service with everything typed, then back to the record.

    Args:
        step: the transition that the page takes, asked before the form is shown.
        form_of: makes the form; given data and files of a POST, and ``transfer``.
        service: called with actor, public_id and the form's values under their own names.
        done: what is said afterwards.
        context, words: for the template.
    """
    transfer = get_transfer_for(request.actor, public_id)
    if request.method == "POST":
        form = form_of(request.POST, request.FILES, transfer=transfer)
        if form.is_valid():
            result = call(form, service, actor=request.actor, public_id=public_id, **form.cleaned_data)
            if result is not None:
                messages.success(request, done)
                return redirect(result)
    else:
        TRANSFER_TRANSITIONS.check(transfer, step, request.actor)
        form = form_of(transfer=transfer)
    status = form_status(form, transfer)
    parts = {"transfer": transfer, "suggestion": transfer.suggestion, "form": form}
    return render(request, template, {**parts, **words, **context(transfer)}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.TRANSFER_APPROVE)
def approve(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """核对并批准转交: asks once, naming suggestion, procuratorate and due day."""
    return _act(
        request,
        public_id,
        "approve",
        ApproveForm,
        transfer_approve,
        template="suggestions/transfer_approve.html",
        context=lambda transfer: {
            "deadline": preview(
                OPINION_DEADLINE,
                opinion_period(transfer, timezone.localdate()),
                holder_name=transfer.procuratorate.name,
            ),
        },
        done="已转交检察院，转交函已生成，期限从今天起计算。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.TRANSFER_APPROVE)
def reject(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """不予转交."""
    return _act(
        request,
        public_id,
        "reject",
        RejectForm,
        transfer_reject,
        done="已决定不予转交，已告知经办人。",
        heading="不予转交",
        submit_label="确定不予转交",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.TRANSFER_RECEIVE)
def receive(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """签收."""
    return _act(
        request,
        public_id,
        "receive",
        ReceiveForm,
        transfer_receive,
        done="已签收。请在期限内反馈转化意见。",
        heading="签收线索",
        submit_label="签收",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.TRANSFER_OPINE)
def request_info(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """要求补充线索: the clock stands still from today."""
    return _act(
        request,
        public_id,
        "request_info",
        RequestInfoForm,
        transfer_request_info,
        done="已要求补充线索，期限从今天起暂停，补充后继续计算。",
        heading="要求补充线索",
        intro="发出后期限暂停，人大工作机构补充后继续计算，暂停的天数顺延。",
        submit_label="发出要求",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.TRANSFER_SUPPLY)
def supply(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """补充线索: the clock goes on."""
    return _act(
        request,
        public_id,
        "supply",
        SupplyForm,
        transfer_supply,
        context=lambda transfer: {"asked": record_of(transfer).last},
        done="已补充线索，检察院的期限继续计算。",
        heading="补充线索",
        submit_label="提交补充线索",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.TRANSFER_OPINE)
def opine(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """反馈转化意见: one page for the three opinions."""
    return _act(
        request,
        public_id,
        "file",
        OpinionForm,
        transfer_opine,
        context=lambda transfer: {"deadline": record_of(transfer).opinion_clock},
        done="意见已报送人大工作机构，并告知领衔代表和附议代表。",
        heading="反馈转化意见",
        intro="是否按期，以在本平台报送之日为准。",
        submit_label="报送意见",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.TRANSFER_OPINE)
def progress(request: ActorRequest, public_id: UUID, step: str) -> HttpResponse:
    """后续办理: 检察建议, 行政机关回复, 整改, 诉讼, 办结."""
    if step not in PROGRESS_STEPS:
        raise Http404
    label = TRANSFER_TRANSITIONS[step].label

    def form_of(*args: Any, transfer: Transfer) -> ProgressForm:
        return ProgressForm(*args, transfer=transfer, needs_document=step in DOCUMENT_STEPS, note_help=NOTE_HELP[step])

    def service(**values: Any) -> Transfer:
        return transfer_progress(step=step, **values)

    return _act(
        request,
        public_id,
        step,
        form_of,
        service,
        done=f"已登记“{label}”，并告知人大工作机构和代表。",
        heading=label,
        submit_label=f"登记“{label}”",
    )
