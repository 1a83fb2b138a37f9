"""The same matter from many people (同类归并): one leads, the answers of the lead reach all."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.permissions import Permission
from liaison.services.history import record_state_change
from suggestions.models import Opinion, OpinionMessage, OpinionSide
from suggestions.services.opinion_core import (
    audit,
    check_fresh,
    drop_clock,
    follow_lead,
    start_clock,
    touch,
)
from suggestions.services.opinion_duty import members_duty
from suggestions.states import OpinionStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison.actor import Actor

_ENDED = (OpinionStatus.ANSWERED, OpinionStatus.CLOSED)


@transaction.atomic
def opinion_group(*, actor: Actor, public_id: UUID, version: int | None, lead_public_id: UUID | str) -> Opinion:
    """Group one that waits to be sorted under a lead of the same office; it goes the lead's way from here.

    Raises:
        InvalidInput: no such lead, or itself.
        DomainError: it leads others, is grouped already, or somebody works on it.
    """
    opinion, lead = _two(actor, public_id, lead_public_id)
    check_fresh(opinion, version)
    if opinion.same_as_id == lead.pk:
        return opinion
    if opinion.status != OpinionStatus.RECEIVED or opinion.same_as_id is not None:
        raise DomainError("只有待分办、还没有归入其他事项的意见可以归并。", code="not_to_be_grouped")
    if opinion.members.exists():
        raise DomainError("这一件是其他意见的牵头件，不能再归入别的事项。请反过来归并。", code="leads_others")
    drop_clock(actor, opinion, f"归入{lead.number}")
    old = opinion.status
    opinion.same_as = lead
    touch(opinion, "same_as")
    audit(actor, opinion, "group", lead=lead.number)
    follow_lead(actor, lead, [opinion.pk], old=old, label=f"归入同类事项{lead.number}")
    opinion.refresh_from_db()
    if lead.status in _ENDED:
        _pass_on(opinion, lead)
    return opinion


def _two(actor: Actor, public_id: UUID, lead_public_id: UUID | str) -> tuple[Opinion, Opinion]:
    """Both locked, the older one first, so that two clerks never wait for each other crosswise."""
    actor.require(Permission.OPINION_SORT)
    found = {
        str(one.public_id): one
        for one in Opinion.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("office")
        .filter(public_id__in=[public_id, lead_public_id])
        .order_by("id")
    }
    opinion, lead = found.get(str(public_id)), found.get(str(lead_public_id))
    if opinion is None:
        raise NotFound
    _require_office(actor, opinion)
    if lead is None or lead.pk == opinion.pk or lead.office_id != opinion.office_id or lead.same_as_id is not None:
        message = "请选择本机构办理的另一件作为牵头件。"
        raise InvalidInput(message, fields={"lead_public_id": message})
    return opinion, lead


def _pass_on(opinion: Opinion, lead: Opinion) -> None:
    """The lead was answered before: its newest answer stands in this thread too."""
    answer = lead.messages.filter(is_answer=True).last()
    side, author = (answer.side, answer.author) if answer else (OpinionSide.OFFICE, lead.office.display)
    OpinionMessage.objects.create(opinion=opinion, side=side, author=author, is_answer=True, text=lead.result)
    if opinion.contact_phone:
        opinion.tell_since = opinion.updated_at
        touch(opinion, "tell_since")


@transaction.atomic
def opinion_ungroup(*, actor: Actor, public_id: UUID, version: int | None) -> Opinion:
    """Let a grouped one go its own way again: to be sorted, unless it was answered with its lead."""
    actor.require(Permission.OPINION_SORT)
    opinion = (
        Opinion.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("office", "unit", "same_as", "mandate__person__user")
        .filter(public_id=public_id)
        .first()
    )
    if opinion is None:
        raise NotFound
    _require_office(actor, opinion)
    check_fresh(opinion, version)
    lead = opinion.same_as
    if lead is None:
        raise DomainError("这一件没有归入其他事项。", code="not_grouped")
    old = opinion.status
    opinion.same_as = None
    if old not in _ENDED:
        opinion.status, opinion.route = OpinionStatus.RECEIVED, ""
    touch(opinion, "same_as", "status", "route")
    label = f"从同类事项{lead.number}中取出"
    record_state_change(actor=actor, obj=opinion, act="ungroup", label=label, old=old, new=opinion.status)
    audit(actor, opinion, "ungroup", lead=lead.number)
    start_clock(actor, opinion)
    members_duty(actor, [opinion.pk])
    return opinion


def _require_office(actor: Actor, opinion: Opinion) -> None:
    if not actor.is_system and opinion.office_id != actor.organisation_id:
        raise NotAllowed("这件社情民意由其他人大工作机构办理，您可以查看，不能代为办理。")


@transaction.atomic
def opinions_group(*, actor: Actor, lead_public_id: UUID, public_ids: Sequence[UUID | str]) -> int:
    """Group several under one lead, all or none; how many.

    Raises:
        NotFound, InvalidInput, DomainError: see ``opinion_group``.
    """
    actor.require(Permission.OPINION_SORT)
    together = Opinion.objects.visible_to(actor).select_for_update(of=("self",))
    list(together.filter(public_id__in=[lead_public_id, *public_ids]).order_by("id"))
    for public_id in public_ids:
        opinion_group(actor=actor, public_id=UUID(str(public_id)), version=None, lead_public_id=lead_public_id)
    return len(public_ids)
