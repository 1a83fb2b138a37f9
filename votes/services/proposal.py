"""Proposals coming in: from the public without an account, from deputies and from departments (rulebook section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from deputies.models import Mandate
from liaison.dates import cn_date
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.permissions import Permission
from liaison.services.audit import record_audit
from liaison.services.history import record_state_change
from votes.models import Programme, Proposal, ProposalChannel, ProposalSource
from votes.receipts import receipt_hash, receipt_of
from votes.selectors.programme import takes_proposals
from votes.services.programme_checks import field_errors
from votes.states import ProgrammeStatus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from liaison.actor import Actor

#: What a proposer writes.
TEXTS = ("title", "content", "place")
#: What the public may leave of themselves.
CONTACT = ("proposer_name", "proposer_contact")
_EXCLUDED = ("programme", "mandate", "organisation", "merged_into", "candidate", "submission_key", "receipt_hash")


def check_open(programme: Programme) -> None:
    """Raise unless the call is open today.

    Raises:
        DomainError: not yet, or no longer (``call_closed``).
    """
    if takes_proposals(programme):
        return
    if programme.status == ProgrammeStatus.PREPARING:
        raise DomainError("征集还没有开始，您填写的内容仍在下方。", code="call_closed")
    until = f"（截至{cn_date(programme.call_until)}）" if programme.call_until else ""
    raise DomainError(
        f"{programme}的征集已经结束{until}，这件建议没有提交。您填写的内容仍在下方，可以复制保存，"
        "也可以向本级人大代表反映。",
        code="call_closed",
    )


def assign_texts(proposal: Proposal, values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    """Take over what was typed; messages by field, empty when all is well."""
    for name in names:
        setattr(proposal, name, str(values.get(name) or "").strip())
    return field_errors(proposal, exclude=_EXCLUDED)


def keep(actor: Actor, proposal: Proposal) -> tuple[Proposal, bool]:
    """Write a new proposal with its history and audit rows, unless its form has been sent before.

    Returns:
        The proposal, and whether it is new.
    """
    values = {
        field.attname: getattr(proposal, field.attname)
        for field in Proposal._meta.concrete_fields
        if field.attname not in {"id", "submission_key", "created_at", "updated_at"}
    }
    kept, is_new = Proposal.objects.get_or_create(submission_key=proposal.submission_key, defaults=values)
    if not is_new:
        return kept, False
    programme = proposal.programme
    record_state_change(
        actor=actor, obj=kept, act="receive", label=f"收到建议（{kept.get_channel_display()}）", old="", new=kept.status
    )
    record_audit(
        actor=actor,
        action="proposal.submit",
        target=kept,
        region_prefix=programme.region_prefix,
        detail={"source": kept.source, "channel": kept.channel},
    )
    return kept, True


def _same_text(one: Proposal, other: Proposal) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in TEXTS)


@transaction.atomic
def proposal_submit_public(
    *, actor: Actor, programme_public_id: UUID, submission_key: UUID, values: Mapping[str, Any]
) -> tuple[Proposal, str]:
    """A proposal from anybody, without an account.

    Args:
        submission_key: of the form; sending it twice finds the first proposal.
        values: title, content, place, proposer_name, proposer_contact (the last three may be empty).

    Returns:
        The proposal and its receipt code, which is stored nowhere but as a hash.

    Raises:
        NotFound: no such programme, or not published.
        DomainError: the call is not open (``call_closed``); the form was sent before with another text
            (``form_used``).
        InvalidInput: something is missing; messages by field.
    """
    programme = (
        Programme.objects.all()
        .published()
        .select_related("congress__region")
        .filter(public_id=programme_public_id)
        .first()
    )
    if programme is None:
        raise NotFound
    receipt = receipt_of(submission_key)
    proposal = Proposal(
        programme=programme,
        source=ProposalSource.PUBLIC,
        channel=ProposalChannel.ONLINE,
        submission_key=submission_key,
        receipt_hash=receipt_hash(receipt),
        received_on=timezone.localdate(),
    )
    fields = assign_texts(proposal, values, (*TEXTS, *CONTACT))
    known = Proposal.objects.filter(submission_key=submission_key).first()
    if known is None:
        check_open(programme)
    if fields:
        raise InvalidInput("项目建议还没有填好。", fields=fields)
    kept, is_new = (known, False) if known is not None else keep(actor, proposal)
    if not is_new and (
        kept.programme_id != programme.pk
        or not _same_text(kept, proposal)
        or kept.receipt_hash != receipt_hash(receipt)
    ):
        raise DomainError(
            "这张表单已经提交过一件建议。您现在填写的是另一件，内容仍在下方，请再按一次提交。", code="form_used"
        )
    return kept, receipt


@transaction.atomic
def proposal_submit(
    *, actor: Actor, programme_public_id: UUID, submission_key: UUID, values: Mapping[str, Any]
) -> Proposal:
    """A proposal from a deputy of the congress, or from a department of the place.

    Args:
        values: title, content, place.

    Raises:
        NotFound: no such programme, or not visible to the actor.
        NotAllowed: neither a deputy of this congress nor a department.
        DomainError: the call is not open (``call_closed``), or the form was sent before with another text.
        InvalidInput: something is missing; messages by field.
    """
    actor.require(Permission.PROPOSAL_WRITE)
    programme = (
        Programme.objects.visible_to(actor)
        .select_related("congress__region")
        .filter(public_id=programme_public_id)
        .first()
    )
    if programme is None:
        raise NotFound
    proposal = Proposal(
        programme=programme,
        channel=ProposalChannel.ONLINE,
        submission_key=submission_key,
        received_on=timezone.localdate(),
    )
    if actor.is_deputy:
        proposal.source = ProposalSource.DEPUTY
        proposal.mandate = _own_mandate(actor, programme)
    elif actor.is_unit:
        proposal.source = ProposalSource.DEPARTMENT
        proposal.organisation_id = actor.organisation_id
    else:
        raise NotAllowed("项目建议由代表、部门或者群众提出；收到的纸质建议请用“录入纸质建议”。")
    fields = assign_texts(proposal, values, TEXTS)
    known = Proposal.objects.visible_to(actor).filter(submission_key=submission_key).first()
    if known is None:
        check_open(programme)
    if fields:
        raise InvalidInput("项目建议还没有填好。", fields=fields)
    kept, is_new = (known, False) if known is not None else keep(actor, proposal)
    if not is_new and (kept.programme_id != programme.pk or not _same_text(kept, proposal)):
        raise DomainError(
            "这张表单已经提交过一件建议。您现在填写的是另一件，内容仍在下方，请再按一次提交。", code="form_used"
        )
    return kept


def _own_mandate(actor: Actor, programme: Programme) -> Mandate:
    mandate = (
        Mandate.objects.visible_to(actor)
        .in_force()
        .filter(pk__in=actor.mandate_ids, congress_id=programme.congress_id)
        .first()
    )
    if mandate is None:
        raise NotAllowed("您不是这一级人大的代表，可以用公开页面提出建议。")
    return mandate
