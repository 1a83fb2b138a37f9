"""Deadlines as pages show them: light, rule, and how the day was found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from liaison.lights import Light, light_of
from liaison.models import Deadline, DeadlineChange
from liaison.registry import registry
from liaison.selectors.deadline import deadline_light, holder_name, kind_of, length_text, owned_by

if TYPE_CHECKING:
    from django.db.models import Model

    from liaison.calendar import PeriodEnd

_CHANGE_LABELS = {"recomputed": "重新推算", "extended": "延长", "moved": "改期", "resumed": "恢复计时"}


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which a clock stood still; ``until_on`` is None while it does."""

    from_on: dt.date
    until_on: dt.date | None
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """A due day that was moved."""

    at: dt.datetime
    label: str
    old_due: dt.date | None
    new_due: dt.date | None
    actor_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """What ``liaison/partials/deadline.html`` shows."""

    kind: str
    label: str
    rule: str
    holder_name: str
    starts_on: dt.date
    nominal_due: dt.date
    due_on: dt.date
    provisional: bool
    steps: Sequence[Any]
    light: Light | None
    is_open: bool = True
    met_on: dt.date | None = None
    pauses: list[Pause] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    subject: Any = None


def deadlines_of(objects: Iterable[Model], *, open_only: bool = False) -> list[DeadlineView]:
    """The clocks of some objects, those that run first, then by due day (two queries, however many).

    Args:
        objects: the record and what belongs to it, as far as the actor may see it.
        open_only: leave out what is met; cancelled ones are never shown.
    """
    owners = {(ContentType.objects.get_for_model(obj).pk, obj.pk): obj for obj in objects}
    deadlines = (
        Deadline.objects.unscoped(reason="a record shows its clocks through its own visibility")
        .filter(owned_by(owners.values()), cancelled_at=None)
        .select_related("holder", "holder_user")
        .prefetch_related("changes")
    )
    if open_only:
        deadlines = deadlines.open()
    views = [view_of(deadline, subject=owners[deadline.content_type_id, deadline.object_id]) for deadline in deadlines]
    return sorted(views, key=lambda view: (not view.is_open, view.due_on))


def view_of(deadline: Deadline, *, subject: Any = None) -> DeadlineView:
    """One deadline as shown (its changes prefetched, its holder joined)."""
    kind = kind_of(deadline.kind)
    changes = list(deadline.changes.all())
    return DeadlineView(
        kind=deadline.kind,
        label=kind.label,
        rule="：".join(filter(None, (length_text(deadline), kind.rule))),
        holder_name=holder_name(deadline),
        starts_on=deadline.starts_on,
        nominal_due=deadline.nominal_due,
        due_on=deadline.due_on,
        provisional=deadline.provisional,
        steps=deadline.steps,
        light=deadline_light(deadline),
        is_open=deadline.is_open,
        met_on=deadline.met_on,
        pauses=_pauses(changes),
        changes=[
            Change(
                at=change.at,
                label=_CHANGE_LABELS[change.act],
                old_due=change.old_due,
                new_due=change.new_due,
                actor_name=change.actor_name,
                reason=change.reason,
            )
            for change in changes
            if change.act in _CHANGE_LABELS and change.old_due != change.new_due
        ],
        subject=subject,
    )


def preview(kind: str, end: PeriodEnd, *, holder_name: str = "") -> DeadlineView:
    """A clock that would start if one pressed the button, with the explanation of its due day."""
    registered = registry.deadline_kinds[kind]
    return DeadlineView(
        kind=kind,
        label=registered.label,
        rule=registered.rule,
        holder_name=holder_name,
        starts_on=end.start,
        nominal_due=end.nominal_due,
        due_on=end.due_on,
        provisional=end.provisional,
        steps=end.steps,
        light=light_of(end.due_on),
    )


def _pauses(changes: Sequence[DeadlineChange]) -> list[Pause]:
    """Each pause with the day that ended it (resumed, or met meanwhile), oldest first."""
    pauses: list[Pause] = []
    for change in changes:
        on = change.on or timezone.localdate(change.at)
        if change.act == "paused":
            pauses.append(Pause(on, None, change.reason))
        elif change.act in {"resumed", "met", "cancelled"} and pauses and pauses[-1].until_on is None:
            pauses[-1] = Pause(pauses[-1].from_on, on, pauses[-1].reason)
    return pauses
