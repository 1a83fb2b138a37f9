"""Reading contests of the duty ledger: staff's desk, a deputy's own, one with its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from deputies.models import DutyContest, DutyEntry
from deputies.states import ContestStatus
from liaison.exceptions import NotFound
from liaison.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from deputies.models.duty_check import DutyContestQuerySet
    from liaison.actor import Actor

CONTEST_VIEWS = {"open": "待处理", "decided": "已处理"}


def contest_rows(actor: Actor, view: str) -> DutyContestQuerySet:
    """The contests of a view, with deputy and congress."""
    condition = Q(status=ContestStatus.OPEN)
    found = DutyContest.objects.visible_to(actor).filter(condition if view == "open" else ~condition)
    return found.select_related("mandate__person", "mandate__congress", "entry")


def open_contests(actor: Actor) -> DutyContestQuerySet:
    """What waits for this actor: staff who keep the congress."""
    found = DutyContest.objects.visible_to(actor).filter(status=ContestStatus.OPEN)
    if not actor.is_congress or not actor.can(Permission.DUTY_CHECK):
        return found.none()
    return found.filter(mandate__congress__region__prefix__startswith=actor.region_prefix)


def get_contest_for(actor: Actor, public_id: UUID | str) -> DutyContest:
    """One contest with deputy, congress and entry.

    Raises:
        NotFound: no such contest, or not visible to the actor.
    """
    found = DutyContest.objects.visible_to(actor).select_related(
        "mandate__person", "mandate__congress__region", "entry", "decided_by"
    )
    contest = found.filter(public_id=public_id).first()
    if contest is None:
        raise NotFound
    return contest


def is_standing(contest: DutyContest) -> bool:
    """Whether the contested entry still counts: its source was not corrected meanwhile."""
    if contest.entry is None:
        return False
    entries = DutyEntry.objects.unscoped(reason="the entry of a contest that the actor sees")
    return entries.standing().filter(pk=contest.entry.pk).exists()


def get_own_entry(actor: Actor, public_id: UUID | str) -> DutyEntry:
    """An entry of the deputy's own file.

    Raises:
        NotFound: no such entry, or the actor is not its deputy.
    """
    found = DutyEntry.objects.visible_to(actor).filter(reverses=None) if actor.is_deputy else DutyEntry.objects.none()
    entry = found.select_related("mandate__congress").filter(public_id=public_id).first()
    if entry is None:
        raise NotFound
    return entry
