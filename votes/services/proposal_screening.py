"""Screening proposals (筛选): merge similar ones, reject with reasons, adopt into a candidate, take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from liaison.exceptions import DomainError, InvalidInput, NotFound, StaleVersion
from liaison.models import User
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.selectors.history import last_act_text
from liaison.selectors.people import people_of
from liaison.services.audit import record_audit
from liaison.services.notice import notify
from votes.models import Candidate, Proposal, ScreeningPoint
from votes.services.programme import require_office
from votes.states import PROPOSAL_TRANSITIONS, CandidateStatus, ProgrammeStatus, ProposalStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from uuid import UUID

    from liaison.actor import Actor

#: States of the programme in which proposals are screened.
SCREENING_STATES = (ProgrammeStatus.COLLECTING, ProgrammeStatus.SCREENING, ProgrammeStatus.LISTED)


def lock_proposal(actor: Actor, public_id: UUID, *, version: int | None = None) -> Proposal:
    """The proposal, locked for the rest of the transaction.

    Raises:
        NotFound: no such proposal, or not visible to the actor.
        StaleVersion: somebody changed it in between.
    """
    proposal = (
        Proposal.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("programme__congress__region", "mandate__person__user", "merged_into", "candidate")
        .filter(public_id=public_id)
        .first()
    )
    if proposal is None:
        raise NotFound
    if version is not None and proposal.version != version:
        raise StaleVersion(f"您打开页面之后，这件建议已有变化。您填写的内容仍在下方。{last_act_text(proposal)}")
    return proposal


def _check_stage(proposal: Proposal) -> None:
    if proposal.programme.status not in SCREENING_STATES:
        raise DomainError(
            f"{proposal.programme}现在是“{proposal.programme.get_status_display()}”，不再筛选项目建议。",
            code="no_screening",
        )


def _touch(proposal: Proposal, *fields: str) -> None:
    proposal.version += 1
    proposal.save(update_fields=["status", "version", "updated_at", *fields])


def _audit(actor: Actor, proposal: Proposal, verb: str, **detail: Any) -> None:
    record_audit(
        actor=actor,
        action=f"proposal.{verb}",
        target=proposal,
        region_prefix=proposal.programme.region_prefix,
        detail=detail,
    )


def proposers_of(proposal: Proposal) -> list[User]:
    """The accounts of who proposed it: the deputy, or the people of the department."""
    if proposal.mandate is not None:
        user = proposal.mandate.person.user
        return [user] if user is not None else []
    return list(people_of([proposal.organisation_id])) if proposal.organisation_id else []


def _tell(actor: Actor, proposals: Iterable[Proposal], title: str, body: str) -> None:
    for proposal in proposals:
        notify(
            recipients=proposers_of(proposal),
            kind=NoticeKind.PROGRESS,
            title=f"{title}：{proposal.title}",
            body=body,
            url=proposal.get_absolute_url(),
            except_user_id=actor.user_id,
        )


def _together(proposal: Proposal) -> list[Proposal]:
    """The proposal and those merged into it."""
    merged = Proposal.objects.filter(merged_into=proposal).select_related("mandate__person__user")
    return [proposal, *merged]


@transaction.atomic
def proposals_merge(*, actor: Actor, target_public_id: UUID, public_ids: Sequence[UUID]) -> Proposal:
    """Merge similar proposals into one (合并); who proposed each stays known, with its own text.

    Args:
        target_public_id: the one that stands for all; to be screened still, or adopted already.
        public_ids: the others, of the same programme; those merged into them go along.

    Raises:
        InvalidInput: nothing to merge, or a proposal with itself.
        DomainError: of another programme, or the target was merged or rejected itself.
        IllegalTransition: one of them was screened in between.
    """
    wanted = [one for one in dict.fromkeys(public_ids) if one != target_public_id]
    if not wanted:
        raise InvalidInput("请至少选择一件要并入的建议。", fields={"one": "请至少选择一件要并入的建议。"})
    # one order for all, so that two people who merge crosswise do not wait for each other
    locked = {pk: lock_proposal(actor, pk) for pk in sorted([target_public_id, *wanted])}
    target = locked[target_public_id]
    actor.require(Permission.PROGRAMME_EDIT)
    require_office(target.programme, actor)
    _check_stage(target)
    if target.status not in {ProposalStatus.RECEIVED, ProposalStatus.ADOPTED}:
        raise DomainError(f"“{target.title}”{target.get_status_display()}，不能再并入其他建议。", code="bad_target")
    for public_id in wanted:
        proposal = locked[public_id]
        if proposal.programme_id != target.programme_id:
            raise DomainError("只能合并同一年度安排的建议。", code="other_programme")
        PROPOSAL_TRANSITIONS.apply(proposal, "merge", actor, reason=f"并入“{target.title}”")
        carried = list(Proposal.objects.select_for_update(of=("self",)).filter(merged_into=proposal))
        for one in carried:
            one.merged_into = target
            _touch(one, "merged_into")
        proposal.merged_into = target
        _touch(proposal, "merged_into")
        _audit(actor, proposal, "merge", target=target.title)
        _tell(actor, [proposal], "您的项目建议与同类建议合并", f"并入“{target.title}”，一并研究。")
    return target


@transaction.atomic
def proposal_reject(
    *, actor: Actor, public_id: UUID, version: int | None, points: Collection[str], reason: str
) -> Proposal:
    """Do not adopt a proposal (不予采纳), by the points of the checklist and in words.

    Args:
        points: ``ScreeningPoint`` values that it fails, at least one.
        reason: read by the proposer.

    Raises:
        InvalidInput: no point, an unknown one, or no reason.
    """
    proposal = lock_proposal(actor, public_id, version=version)
    PROPOSAL_TRANSITIONS.check(proposal, "reject", actor)
    _check_stage(proposal)
    reason = reason.strip()
    fields: dict[str, str] = {}
    if not points or set(points) - set(ScreeningPoint.values):
        fields["points"] = "请勾选不符合的要点，至少一项。"
    if not reason:
        fields["reason"] = "请写明不予采纳的说明，提出人会看到。"
    elif len(reason) > 500:
        fields["reason"] = f"说明最多500字，您写了{len(reason)}字。"
    if fields:
        raise InvalidInput("还没有填好。", fields=fields)
    PROPOSAL_TRANSITIONS.apply(proposal, "reject", actor, reason=reason)
    proposal.failed_points = [point for point in ScreeningPoint.values if point in points]
    proposal.reason = reason
    _touch(proposal, "failed_points", "reason")
    _audit(actor, proposal, "reject", points=[ScreeningPoint(point).label for point in proposal.failed_points])
    _tell(actor, _together(proposal), "您的项目建议未采纳", f"说明：{reason}")
    return proposal


@transaction.atomic
def proposal_adopt(*, actor: Actor, public_id: UUID, version: int | None, candidate_id: int | None) -> Proposal:
    """Adopt a proposal into a candidate that is being drafted (列入候选).

    Args:
        candidate_id: a candidate of the same programme.

    Raises:
        InvalidInput: no such candidate, or its list was approved already.
    """
    proposal = lock_proposal(actor, public_id, version=version)
    PROPOSAL_TRANSITIONS.check(proposal, "adopt", actor)
    _check_stage(proposal)
    candidate = Candidate.objects.filter(
        pk=candidate_id or 0, programme_id=proposal.programme_id, status=CandidateStatus.DRAFT
    ).first()
    if candidate is None:
        raise InvalidInput("请选择候选项目。", fields={"candidate_id": "请选择一个尚在拟定的候选项目。"})
    return adopt_into(actor, proposal, candidate)


def adopt_into(actor: Actor, proposal: Proposal, candidate: Candidate) -> Proposal:
    """Let a locked proposal go into a candidate, in the caller's transaction."""
    PROPOSAL_TRANSITIONS.apply(proposal, "adopt", actor, reason=f"列入候选项目“{candidate.name}”")
    proposal.candidate = candidate
    _touch(proposal, "candidate")
    _audit(actor, proposal, "adopt", candidate=candidate.name)
    _tell(
        actor,
        _together(proposal),
        "您的项目建议已列入候选项目",
        f"列入“{candidate.name}”。候选项目审定后提交人大会议票决。",
    )
    return proposal


@transaction.atomic
def proposal_reopen(*, actor: Actor, public_id: UUID, version: int | None) -> Proposal:
    """Take back what was decided on a proposal (退回待筛选); it is screened anew."""
    proposal = lock_proposal(actor, public_id, version=version)
    PROPOSAL_TRANSITIONS.check(proposal, "reopen", actor)
    _check_stage(proposal)
    before = proposal.get_status_display()
    PROPOSAL_TRANSITIONS.apply(proposal, "reopen", actor, reason=f"原为“{before}”")
    proposal.merged_into, proposal.candidate = None, None
    proposal.failed_points, proposal.reason = [], ""
    _touch(proposal, "merged_into", "candidate", "failed_points", "reason")
    _audit(actor, proposal, "reopen", before=before)
    _tell(actor, [proposal], "您的项目建议重新研究", f"原来的处理（{before}）已撤回。")
    return proposal


@transaction.atomic
def proposal_unmask(*, actor: Actor, public_id: UUID) -> Proposal:
    """Show how to reach the proposer (查看联系方式): allowed to the office at work, and noted who looked."""
    actor.require(Permission.PROGRAMME_EDIT)
    proposal = lock_proposal(actor, public_id)
    require_office(proposal.programme, actor)
    _audit(actor, proposal, "unmask")
    return proposal
