"""What the first page shows besides the counts: one's clocks, and those that one supervises."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.utils import timezone

from liaison.selectors.deadline import light_q, open_deadlines_for
from liaison.selectors.deadline_view import DeadlineView, view_of
from liaison.selectors.subject import SubjectLine, subject_lines

if TYPE_CHECKING:
    from liaison.actor import Actor
    from liaison.models import Deadline

#: Rows in each list; the lists behind the counts have the rest.
MOST = 6


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline with what it is about."""

    subject: SubjectLine
    deadline: DeadlineView


@dataclass(frozen=True, slots=True)
class Clocks:
    """Deadlines that the actor must meet, and urgent ones that others must meet under their eyes."""

    held: list[Clock]
    supervised: list[Clock]


def clocks_of(actor: Actor) -> Clocks:
    """The actor's open deadlines, nearest first, as far as they may see the subjects.

    Two queries for the deadlines, one for their changes, one for each type of subject.
    """
    mine = Q(holder_user_id=actor.user_id) if actor.is_deputy else Q(holder_id=actor.organisation_id)
    open_ones = open_deadlines_for(actor)
    held = list(open_ones.filter(mine)[:MOST])
    supervised = list(_urgent(open_ones.exclude(mine))[:MOST]) if actor.is_congress else []
    prefetch_related_objects([*held, *supervised], "changes")
    lines = subject_lines([*held, *supervised], actor=actor)
    own = [replace(clock, deadline=replace(clock.deadline, holder_name="")) for clock in _shown(held, lines)]
    return Clocks(own, _shown(supervised, lines))


def _urgent(deadlines: QuerySet[Deadline]) -> QuerySet[Deadline]:
    today = timezone.localdate()
    return deadlines.filter(light_q("overdue", today) | light_q("red", today))


def _shown(deadlines: list[Deadline], lines: dict[int, SubjectLine]) -> list[Clock]:
    return [Clock(lines[deadline.pk], view_of(deadline)) for deadline in deadlines if deadline.pk in lines]
