"""Pages of transfers: the list by light, one record, marking a suggestion and mending the mark."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from liaison.faces import ActorRequest, call, requires, signed_in
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from liaison.selectors.timeline import KINDS
from suggestions.forms.transfer import MarkForm, MarkUpdateForm
from suggestions.forms.transfer_filter import TransferFilterForm
from suggestions.selectors.suggestion import get_suggestion_for
from suggestions.selectors.timeline import suggestion_timeline
from suggestions.selectors.transfer import get_transfer_for, live_transfer, may_mark, transfers_of
from suggestions.selectors.transfer_desk import desk_counts, desk_rows, desk_transfers, tab_of
from suggestions.selectors.transfer_record import record_of
from suggestions.services.transfer import transfer_mark, transfer_update
from suggestions.states import TRANSFER_TRANSITIONS, TransferStatus, check_markable
from suggestions.views.transfer_actions import action_box
from suggestions.views.transfer_acts import form_status
from suggestions.views.transfer_pages import facts_of, kinds_of, tabs_of

if TYPE_CHECKING:
    from suggestions.models import Transfer


@require_safe
@requires(P.TRANSFER_VIEW)
def desk(request: ActorRequest) -> HttpResponse:
    """All transfers by light; the address holds tab, filters and place."""
    form = TransferFilterForm(request.GET, actor=request.actor)
    tab = tab_of(request.actor, request.GET.get("view", ""))
    page = keyset_page(
        desk_transfers(request.actor, tab, form.conditions),
        params=request.GET,
        path=request.path,
        order=tab.order,
        nullable=("due_on",),
    )
    counts = desk_counts(request.actor, form.conditions)
    context = {
        "tab": tab,
        "views": tabs_of(request, tab, counts),
        "filter_form": form,
        "keep": [("view", tab.code)],
        "page": page,
        "rows": desk_rows(page.items),
    }
    return render(request, "suggestions/transfer_list.html", context)


@require_safe
@signed_in
def record(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One transfer: where it stands, both clocks, the text that it is about, everything that happened."""
    transfer = get_transfer_for(request.actor, public_id)
    parts = record_of(transfer)
    suggestion = get_suggestion_for(request.actor, transfer.suggestion.public_id)
    entries = suggestion_timeline(request.actor, suggestion)
    kind = request.GET.get("kind", "") if request.GET.get("kind") in KINDS else ""
    context = {
        "transfer": transfer,
        "suggestion": suggestion,
        "record": parts,
        "action": action_box(request.actor, transfer, parts, mark_anew=_may_mark_anew(request, transfer)),
        "facts": facts_of(transfer),
        "timeline": [entry for entry in entries if not kind or entry.kind == kind],
        "timeline_kinds": kinds_of(request, entries, kind),
    }
    return render(request, "suggestions/transfer_record.html", context)


def _may_mark_anew(request: ActorRequest, transfer: Transfer) -> bool:
    if transfer.status != TransferStatus.REJECTED or not may_mark(request.actor, transfer.suggestion):
        return False
    return live_transfer(transfers_of(request.actor, transfer.suggestion)) is None


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.TRANSFER_MARK)
def mark(request: ActorRequest, suggestion_id: UUID) -> HttpResponse:
    """标记公益线索; after a rejection the form begins with what was typed before."""
    suggestion = get_suggestion_for(request.actor, suggestion_id)
    check_markable(suggestion, request.actor)
    known = transfers_of(request.actor, suggestion)
    if request.method != "POST" and (live := live_transfer(known)):
        messages.info(request, "这件建议已经标记为公益线索，下面是它的进展。")
        return redirect(live)
    form = MarkForm(
        request.POST if request.method == "POST" else None,
        office=suggestion.office,
        transfer=known[0] if known else None,
    )
    if form.is_bound and form.is_valid():
        done = call(form, transfer_mark, actor=request.actor, suggestion_public_id=suggestion_id, values=form.values)
        if done is not None:
            messages.success(request, "已标记为公益线索，已请审核人审批。承办单位的办理照常进行。")
            return redirect(done)
    context = {"form": form, "suggestion": suggestion, "rejected": known[0] if known else None}
    return render(request, "suggestions/transfer_mark.html", context, status=form_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.TRANSFER_MARK)
def update(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """修改线索, until the approver has decided."""
    transfer = get_transfer_for(request.actor, public_id)
    if request.method != "POST":
        TRANSFER_TRANSITIONS.check(transfer, "update", request.actor)
    form = MarkUpdateForm(
        request.POST if request.method == "POST" else None,
        office=transfer.office,
        transfer=transfer,
    )
    if form.is_bound and form.is_valid():
        done = call(
            form,
            transfer_update,
            actor=request.actor,
            public_id=public_id,
            version=form.cleaned_data["version"],
            values=form.values,
        )
        if done is not None:
            messages.success(request, "线索已修改。")
            return redirect(done)
    context = {"form": form, "suggestion": transfer.suggestion, "transfer": transfer}
    return render(request, "suggestions/transfer_mark.html", context, status=form_status(form, transfer))
