"""Proposals as deputies, departments and staff see them: one's own list, the form, one record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.exceptions import DomainError
from liaison.faces import ActorRequest, call, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from liaison.templatetags.ui import mask_phone
from votes.forms.proposal import ProposalForm
from votes.selectors.programme import get_programme_for, open_calls, takes_proposals
from votes.selectors.programme_desk import Fact, proposal_timeline
from votes.selectors.proposal import (
    Fate,
    fate_of,
    get_proposal_for,
    merged_into,
    my_proposals,
    point_labels,
    similar_to,
)
from votes.services.proposal import proposal_submit
from votes.services.proposal_screening import SCREENING_STATES, proposal_unmask
from votes.states import PROPOSAL_TRANSITIONS, ProposalStatus
from votes.views.programme_pages import form_status, posted

if TYPE_CHECKING:
    from liaison.actor import Actor
    from votes.models import Proposal


@require_safe
@requires(P.PROPOSAL_WRITE)
def mine(request: ActorRequest) -> HttpResponse:
    """我的项目建议: what I proposed and what became of it, and where one may propose now."""
    page = keyset_page(my_proposals(request.actor), params=request.GET, path=request.path, order=("-id",), size=20)
    context = {"page": page, "rows": [fate_of(one) for one in page.items], "calls": open_calls(request.actor)}
    return render(request, "votes/proposal_mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROPOSAL_WRITE)
def new(request: ActorRequest, programme_id: UUID) -> HttpResponse:
    """提项目建议; what was typed stays when the call has ended in between."""
    programme = get_programme_for(request.actor, programme_id)
    form = ProposalForm(posted(request))
    if form.is_valid():
        done = call(
            form,
            proposal_submit,
            actor=request.actor,
            programme_public_id=programme_id,
            submission_key=form.cleaned_data["submission_key"],
            values=form.values,
        )
        if done is not None:
            messages.success(request, "已收到您的项目建议，筛选结果会发消息告诉您。")
            return redirect(done)
        renew_used_key(form)
    context = {"form": form, "programme": programme, "is_open": takes_proposals(programme)}
    return render(request, "votes/proposal_form.html", context, status=form_status(form))


def renew_used_key(form: ProposalForm) -> None:
    """After a form was found to be used already: let the next press be another proposal."""
    error = form.domain_error
    if isinstance(error, DomainError) and error.code == "form_used":
        form.renew_key()


@require_safe
@requires(P.PROGRAMME_VIEW, P.PROPOSAL_WRITE)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One proposal: as it was written, what became of it, and for the office similar ones beside it."""
    return _page(request, get_proposal_for(request.actor, public_id), contact_shown=False)


@require_POST
@requires(P.PROGRAMME_EDIT)
def contact(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The same page with the whole contact; who looked is noted."""
    proposal_unmask(actor=request.actor, public_id=public_id)
    return _page(request, get_proposal_for(request.actor, public_id), contact_shown=True)


def _page(request: ActorRequest, proposal: Proposal, *, contact_shown: bool) -> HttpResponse:
    actor = request.actor
    fate = fate_of(proposal)
    works = _works_on(actor, proposal)
    may_merge = works and proposal.status in {ProposalStatus.RECEIVED, ProposalStatus.ADOPTED}
    context: dict[str, Any] = {
        "proposal": proposal,
        "programme": proposal.programme,
        "fate": fate,
        "acts": {step.name for step in PROPOSAL_TRANSITIONS.available(proposal, actor)} if works else set(),
        "outcome": outcome_of(fate),
        "points": point_labels(proposal),
        "facts": _facts(actor, proposal, contact_shown=contact_shown),
        "may_unmask": works and bool(proposal.proposer_contact) and not contact_shown,
        "merged": merged_into(actor, proposal) if actor.is_congress else [],
        "similar": similar_to(actor, proposal) if may_merge else [],
        "may_merge": may_merge,
        "timeline": list(reversed(proposal_timeline(actor, proposal))),
    }
    return render(request, "votes/proposal_detail.html", context)


def _works_on(actor: Actor, proposal: Proposal) -> bool:
    programme = proposal.programme
    return (
        actor.can(P.PROGRAMME_EDIT)
        and programme.office_id == actor.organisation_id
        and programme.status in SCREENING_STATES
    )


def outcome_of(fate: Fate) -> str:
    """What became of a proposal, in one sentence."""
    proposal, root = fate.proposal, fate.root
    together = f"与同类建议“{root.title}”合并办理。" if root is not proposal else ""
    if root.status == ProposalStatus.REJECTED:
        return f"{together}未采纳：{root.reason}"
    if fate.candidate is not None:
        return f"{together}列入候选项目“{fate.candidate.name}”，{fate.result}。"
    if root.status == ProposalStatus.ADOPTED:
        return f"{together}已列入候选项目，名单审定后公布。"
    return f"{together}正在筛选。" if together else "已收到，正在筛选。"


def _facts(actor: Actor, proposal: Proposal, *, contact_shown: bool) -> list[Fact]:
    whole = contact_shown or not actor.is_congress
    shown = proposal.proposer_contact if whole else mask_contact(proposal.proposer_contact)
    rows = [
        ("年度", str(proposal.programme)),
        ("来源", proposal.get_source_display()),
        ("提出人", proposal.proposer),
        ("联系方式", shown),
        ("渠道", proposal.get_channel_display()),
        ("收到日期", f"{proposal.received_on.year}年{proposal.received_on.month}月{proposal.received_on.day}日"),
        ("建设地点", proposal.place),
    ]
    return [Fact(label, value) for label, value in rows if value]


def mask_contact(text: str) -> str:
    """A contact of which nobody can make use."""
    return mask_phone(text) if text.isdigit() else (f"{text[:1]}****" if text else "")
