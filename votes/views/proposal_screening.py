"""The screening desk: tabs with counts, and what becomes of each proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from liaison.exceptions import InvalidInput, NotAllowed
from liaison.faces import ActorRequest, call, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from liaison.selectors.counts import count_text
from votes.forms.proposal import AdoptForm, DeskFilterForm, EmptyForm, MergeForm, RejectForm
from votes.selectors.programme import get_programme_for
from votes.selectors.proposal import (
    TABS,
    chosen,
    desk_counts,
    desk_proposals,
    get_proposal_for,
    merged_into,
    tab_of,
)
from votes.services.programme import require_office
from votes.services.proposal_entry import ENTRY_STATES
from votes.services.proposal_screening import (
    SCREENING_STATES,
    proposal_adopt,
    proposal_reject,
    proposal_reopen,
    proposals_merge,
)
from votes.states import PROPOSAL_TRANSITIONS, ProposalStatus
from votes.views.programme_pages import form_status, posted

if TYPE_CHECKING:
    from collections.abc import Callable

    from votes.forms.programme_fields import VersionedForm
    from votes.models import Proposal


@require_safe
@requires(P.PROGRAMME_VIEW)
def desk(request: ActorRequest, programme_id: UUID) -> HttpResponse:
    """筛选项目建议 of one year, for congress staff; the address holds tab, search and place."""
    if not request.actor.is_congress:
        raise NotAllowed("筛选由人大工作机构办理。您提的建议，在“我的项目建议”里查看。")
    programme = get_programme_for(request.actor, programme_id)
    form = DeskFilterForm(request.GET)
    conditions = form.conditions
    tab = tab_of(request.GET.get("tab", ""))
    counts = desk_counts(request.actor, programme, conditions)
    page = keyset_page(
        desk_proposals(request.actor, programme, tab, conditions),
        params=request.GET,
        path=request.path,
        order=("id",) if tab == ProposalStatus.RECEIVED else ("-id",),
    )
    own = programme.office_id == request.actor.organisation_id
    context = {
        "programme": programme,
        "tab": tab,
        "tab_label": TABS[tab],
        "views": _tabs(request, tab, counts),
        "filter_form": form,
        "keep": [("tab", tab.value)],
        "clear_url": f"{request.path}?tab={tab.value}",
        "is_filtered": bool(conditions.text or conditions.source),
        "page": page,
        "may_screen": own and programme.status in SCREENING_STATES,
        "may_enter": own and programme.status in ENTRY_STATES,
    }
    return render(request, "votes/proposal_desk.html", context)


def _tabs(request: ActorRequest, tab: ProposalStatus, counts: dict[str, int]) -> list[dict[str, Any]]:
    views = []
    for status, label in TABS.items():
        query = request.GET.copy()
        for name in ("after", "before"):
            query.pop(name, None)
        query["tab"] = status.value
        count = counts[status.value]
        views.append(
            {
                "label": label,
                "url": f"{request.path}?{query.urlencode()}",
                "count": count_text(count) if count else 0,
                "active": status == tab,
            }
        )
    return views


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def merge(request: ActorRequest, programme_id: UUID) -> HttpResponse:
    """合并: the chosen ones side by side, and which of them stands for all."""
    programme = get_programme_for(request.actor, programme_id)
    require_office(programme, request.actor)
    named = request.POST if request.method == "POST" else request.GET
    proposals = [
        one
        for one in chosen(request.actor, programme, named.getlist("one"))
        if one.status in {ProposalStatus.RECEIVED, ProposalStatus.ADOPTED}
    ]
    offered = [(str(one.public_id), one.title) for one in proposals]
    adopted = next((str(one.public_id) for one in proposals if one.status == ProposalStatus.ADOPTED), "")
    preset = named.get("keep") or adopted or (offered[0][0] if offered else "")
    form = MergeForm(posted(request), offered=offered, initial={"target": preset})
    if len(proposals) < 2 and request.method != "POST":
        messages.warning(request, "请至少勾选两件待筛选的建议，再合并。")
        return redirect("proposals:desk", programme_id=programme_id)
    if form.is_valid():
        target = call(form, _merge, request, proposals, form.cleaned_data["target"])
        if target is not None:
            messages.success(request, f"已合并到“{target.title}”，原文和提出人都保留，提出人会收到消息。")
            return redirect(target)
    context = {"programme": programme, "form": form, "proposals": proposals}
    return render(request, "votes/proposal_merge.html", context, status=form_status(form))


def _merge(request: ActorRequest, proposals: list[Proposal], target: str) -> Proposal:
    others = [one.public_id for one in proposals if str(one.public_id) != target]
    if not others:
        raise InvalidInput("请至少选择一件要并入的建议。")
    return proposals_merge(actor=request.actor, target_public_id=UUID(target), public_ids=others)


def _act(
    request: ActorRequest,
    proposal: Proposal,
    form: VersionedForm,
    service: Callable[..., Proposal],
    *,
    step: str,
    done: str,
    template: str = "votes/proposal_act.html",
    **words: Any,
) -> HttpResponse:
    """The page of one act on a proposal, which it shows in full."""
    require_office(proposal.programme, request.actor)
    if request.method != "POST":
        PROPOSAL_TRANSITIONS.check(proposal, step, request.actor)
    elif form.is_valid():
        result = call(form, service, actor=request.actor, public_id=proposal.public_id, **form.cleaned_data)
        if result is not None:
            messages.success(request, done)
            return redirect(result)
    context = {
        "proposal": proposal,
        "programme": proposal.programme,
        "form": form,
        "merged": merged_into(request.actor, proposal),
        "cancel_url": proposal.get_absolute_url(),
        **words,
    }
    return render(request, template, context, status=form_status(form, proposal.version))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def reject(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """不予采纳."""
    proposal = get_proposal_for(request.actor, public_id)
    form = RejectForm(posted(request), initial={"version": proposal.version})
    return _act(
        request,
        proposal,
        form,
        proposal_reject,
        step="reject",
        done="已说明不予采纳，提出人可以看到原因。",
        heading="不予采纳",
        confirm_label="不予采纳",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def adopt(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """列入候选: into a candidate that is being drafted, or a new one."""
    proposal = get_proposal_for(request.actor, public_id)
    form = AdoptForm(posted(request), programme=proposal.programme, initial={"version": proposal.version})
    return _act(
        request,
        proposal,
        form,
        proposal_adopt,
        step="adopt",
        done="已列入候选项目，提出人会收到消息。",
        template="votes/proposal_adopt.html",
        heading="列入候选",
        confirm_label="列入这个候选项目",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def reopen(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """退回待筛选."""
    proposal = get_proposal_for(request.actor, public_id)
    form = EmptyForm(posted(request), initial={"version": proposal.version})
    return _act(
        request,
        proposal,
        form,
        proposal_reopen,
        step="reopen",
        done="已退回待筛选。",
        heading="退回待筛选",
        consequence=f"撤回原来的处理（{proposal.get_status_display()}），重新筛选。提出人会收到消息。",
        confirm_label="退回待筛选",
    )
