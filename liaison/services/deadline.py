"""Opening, pausing, meeting and recomputing deadlines (rulebook section 6)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from liaison.calendar import (
    PeriodEnd,
    WorkCalendar,
    add_days,
    add_months,
    add_working_days,
    end_on,
    pause_length,
    shift_for_pause,
)
from liaison.exceptions import DomainError
from liaison.models import Deadline, DeadlineChange
from liaison.models.deadline import PeriodUnit
from liaison.registry import registry
from liaison.selectors.calendar import work_calendar
from liaison.services.together import Of, Row, insert_together

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import Model

    from liaison.actor import Actor
    from liaison.models import Organisation, User

#: What the calendar decides about a deadline.
_COMPUTED = ("nominal_due", "due_on", "provisional", "steps", "calendar_version")


def compute_period(
    *, unit: str, length: int | None, starts_on: dt.date, fixed_on: dt.date | None = None, calendar: WorkCalendar
) -> PeriodEnd:
    """The end of a period of this unit and length.

    Args:
        unit: a ``PeriodUnit``.
        length: number of units; None for a fixed date.
        fixed_on: the promised day, for ``PeriodUnit.DATE``.
    """
    if unit == PeriodUnit.DATE:
        if fixed_on is None:
            raise ValueError("a fixed period needs its date")
        return end_on(fixed_on, calendar=calendar)
    if length is None:
        raise ValueError("a period needs its length")
    if unit == PeriodUnit.MONTHS:
        return add_months(starts_on, length, calendar=calendar)
    if unit == PeriodUnit.WORKING_DAYS:
        return add_working_days(starts_on, length, calendar=calendar)
    return add_days(starts_on, length, calendar=calendar)


def steps_json(end: PeriodEnd) -> list[dict[str, str]]:
    """The explanation as stored: each day skipped or counted as make-up, with its name."""
    return [{"date": step.date.isoformat(), "kind": step.kind, "name": step.name} for step in end.steps]


def deadline_open(
    *,
    actor: Actor,
    subject: Model,
    kind: str,
    unit: PeriodUnit,
    length: int | None = None,
    starts_on: dt.date | None = None,
    fixed_on: dt.date | None = None,
    holder: Organisation | None = None,
    holder_user: User | None = None,
    supervisor: Organisation | None = None,
    calendar: WorkCalendar | None = None,
) -> Deadline:
    """Start a clock on a subject.

    Args:
        kind: a registered ``DeadlineKind.code``.
        unit, length: e.g. MONTHS, 1. With DATE, ``fixed_on`` is the promised day and ``length`` None.
        starts_on: the day that is not counted; today in Asia/Shanghai when omitted.
        holder, holder_user: the organisation or the person who must act; one of them at least.
        supervisor: the office that is told from the day it is overdue.
        calendar: the work calendar, when the caller has it at hand.
    """
    deadline, rows = deadline_rows(
        actor=actor,
        subject=subject,
        kind=kind,
        unit=unit,
        length=length,
        starts_on=starts_on,
        fixed_on=fixed_on,
        holder=holder,
        holder_user=holder_user,
        supervisor=supervisor,
        calendar=calendar,
    )
    insert_together(*rows)
    return deadline


def deadline_rows(
    *,
    actor: Actor,
    subject: Model,
    kind: str,
    unit: PeriodUnit,
    length: int | None = None,
    starts_on: dt.date | None = None,
    fixed_on: dt.date | None = None,
    holder: Organisation | None = None,
    holder_user: User | None = None,
    supervisor: Organisation | None = None,
    calendar: WorkCalendar | None = None,
) -> tuple[Deadline, list[Row]]:
    """A clock and its first line, to be written with others; for a subject without a key, together with the subject.

    The arguments are those of ``deadline_open``.
    """
    if kind not in registry.deadline_kinds:
        raise LookupError(f"deadline kind {kind} is not registered")
    starts_on = starts_on or timezone.localdate()
    calendar = calendar or work_calendar()
    end = compute_period(unit=unit, length=length, starts_on=starts_on, fixed_on=fixed_on, calendar=calendar)
    deadline = Deadline(
        kind=kind,
        content_type=ContentType.objects.get_for_model(subject),
        object_id=subject.pk,
        holder=holder,
        holder_user=holder_user,
        supervisor=supervisor,
        unit=unit,
        length=length,
        starts_on=starts_on,
        fixed_on=fixed_on,
        nominal_due=end.nominal_due,
        due_on=end.due_on,
        provisional=end.provisional,
        steps=steps_json(end),
        calendar_version=calendar.version,
    )
    opened = _change(deadline, actor, "opened", old=None, new=deadline.due_on)
    known = {} if subject.pk else {"object_id": Of(subject)}
    return deadline, [Row(deadline, known), Row(opened, {"deadline": Of(deadline)})]


def deadlines_write(clocks: Iterable[list[Row]]) -> None:
    """Write many clocks of ``deadline_rows`` at once, each with its first line (two statements)."""
    pairs = [(opened.new, line.new) for opened, line in clocks]
    Deadline.objects.bulk_create([deadline for deadline, _ in pairs])  # type: ignore[misc]
    for deadline, line in pairs:
        line.deadline = deadline  # type: ignore[attr-defined]  # its key is known now
    DeadlineChange.objects.bulk_create([line for _, line in pairs])  # type: ignore[misc]


def _locked_open(subject: Model, kind: str) -> Deadline | None:
    return (
        Deadline.objects.open()
        .select_for_update(of=("self",))
        .filter(kind=kind, content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk)
        .first()
    )


def deadline_meet(
    *, actor: Actor, subject: Model, kind: str, at: dt.datetime | None = None, reason: str = ""
) -> Deadline | None:
    """The act that the clock waited for has been done. None when no such clock is open."""
    deadline = _locked_open(subject, kind)
    if deadline is None:
        return None
    deadline.met_at = at or timezone.now()
    deadline.paused_on = None
    deadline.save(update_fields=["met_at", "paused_on", "updated_at"])
    _record(deadline, actor, "met", old=deadline.due_on, new=deadline.due_on, reason=reason, on=deadline.met_on)
    return deadline


def deadline_cancel(*, actor: Actor, subject: Model, kind: str, reason: str) -> Deadline | None:
    """The clock no longer has a reason to run. None when no such clock is open."""
    deadline = _locked_open(subject, kind)
    if deadline is None:
        return None
    deadline.cancelled_at = timezone.now()
    deadline.paused_on = None
    deadline.save(update_fields=["cancelled_at", "paused_on", "updated_at"])
    _record(deadline, actor, "cancelled", old=deadline.due_on, new=None, reason=reason)
    return deadline


def deadline_pause(*, actor: Actor, subject: Model, kind: str, reason: str, on: dt.date | None = None) -> Deadline:
    """Stop the clock until it is resumed; the pause is shown.

    Raises:
        DomainError: no such clock is running.
    """
    deadline = _locked_open(subject, kind)
    if deadline is None or deadline.paused_on is not None:
        raise DomainError("这个期限没有在计时，不能暂停。", code="deadline_not_running")
    deadline.paused_on = on or timezone.localdate()
    deadline.save(update_fields=["paused_on", "updated_at"])
    _record(deadline, actor, "paused", old=deadline.due_on, new=deadline.due_on, reason=reason, on=deadline.paused_on)
    return deadline


def deadline_resume(*, actor: Actor, subject: Model, kind: str, reason: str, on: dt.date | None = None) -> Deadline:
    """Let the clock go on; the due day moves by the pause.

    Raises:
        DomainError: the clock is not paused.
    """
    deadline = _locked_open(subject, kind)
    if deadline is None or deadline.paused_on is None:
        raise DomainError("这个期限没有暂停，不能恢复。", code="deadline_not_paused")
    calendar = work_calendar()
    unit: Any = "fixed" if deadline.unit == PeriodUnit.DATE else deadline.unit
    on = on or timezone.localdate()
    deadline.paused_days += pause_length(unit, deadline.paused_on, on, calendar=calendar)
    deadline.paused_on = None
    old = deadline.due_on
    _apply(deadline, calendar)
    deadline.save(update_fields=["paused_days", "paused_on", *_COMPUTED, "updated_at"])
    _record(deadline, actor, "resumed", old=old, new=deadline.due_on, reason=reason, on=on)
    return deadline


def deadline_move(
    *, actor: Actor, subject: Model, kind: str, fixed_on: dt.date, reason: str, calendar: WorkCalendar | None = None
) -> Deadline | None:
    """Give a clock of a fixed date another date. None when no such clock is open or the date stays."""
    deadline = _locked_open(subject, kind)
    if deadline is None or deadline.unit != PeriodUnit.DATE or deadline.fixed_on == fixed_on:
        return None
    old = deadline.due_on
    deadline.fixed_on = fixed_on
    deadline.starts_on = min(deadline.starts_on, fixed_on)
    _apply(deadline, calendar or work_calendar())
    deadline.save(update_fields=["fixed_on", "starts_on", *_COMPUTED, "updated_at"])
    _record(deadline, actor, "moved", old=old, new=deadline.due_on, reason=reason)
    return deadline


def deadlines_recompute(
    *, actor: Actor, deadlines: Sequence[Deadline], calendar: WorkCalendar, reason: str
) -> list[tuple[Deadline, dt.date]]:
    """Compute locked, open deadlines anew after the calendar changed (at most three queries).

    Returns:
        Each deadline whose day moved, with the day before. Explanation, provisional mark and calendar
        version of all are brought up to date either way.
    """
    changed: list[Deadline] = []
    moved: list[tuple[Deadline, dt.date]] = []
    now = timezone.now()
    for deadline in deadlines:
        before = (deadline.nominal_due, deadline.due_on, deadline.provisional, deadline.steps)
        _apply(deadline, calendar)
        if before == (deadline.nominal_due, deadline.due_on, deadline.provisional, deadline.steps):
            continue
        deadline.updated_at = now
        changed.append(deadline)
        if deadline.due_on != before[1]:
            moved.append((deadline, before[1]))
    if changed:
        Deadline.objects.bulk_update(changed, [*_COMPUTED, "updated_at"])
    if len(changed) < len(deadlines):
        standing = {deadline.pk for deadline in deadlines} - {deadline.pk for deadline in changed}
        Deadline.objects.filter(pk__in=standing).update(calendar_version=calendar.version)
    DeadlineChange.objects.bulk_create(
        [_change(deadline, actor, "recomputed", old=old, new=deadline.due_on, reason=reason) for deadline, old in moved]
    )
    return moved


def _apply(deadline: Deadline, calendar: WorkCalendar) -> None:
    end = compute_period(
        unit=deadline.unit,
        length=deadline.length,
        starts_on=deadline.starts_on,
        fixed_on=deadline.fixed_on,
        calendar=calendar,
    )
    if deadline.paused_days:
        end = shift_for_pause(end, deadline.paused_days, calendar=calendar)
    deadline.nominal_due = end.nominal_due
    deadline.due_on = end.due_on
    deadline.provisional = end.provisional
    deadline.steps = steps_json(end)
    deadline.calendar_version = calendar.version


def _record(deadline: Deadline, actor: Actor, act: str, **values: Any) -> None:
    _change(deadline, actor, act, **values).save(force_insert=True)


def _change(
    deadline: Deadline,
    actor: Actor,
    act: str,
    *,
    old: dt.date | None,
    new: dt.date | None,
    reason: str = "",
    on: dt.date | None = None,
) -> DeadlineChange:
    return DeadlineChange(
        deadline=deadline,
        act=act,
        old_due=old,
        new_due=new,
        on=on,
        reason=reason,
        actor_user_id=actor.user_id,
        actor_name=actor.name,
    )
