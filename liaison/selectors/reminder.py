"""Which deadlines have newly reached a threshold, found in the database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, Exists, F, Func, OuterRef, Q, SmallIntegerField, Value, When

from liaison.exceptions import NotFound
from liaison.models import Deadline, DeadlineQuerySet, Heartbeat, Reminder, ReminderRule
from liaison.registry import registry
from liaison.reminding import Moments, Rule
from liaison.selectors.calendar import work_calendar
from liaison.selectors.deadline import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: Stands in ``rules_by_kind`` for kinds that no installed package registers.
OTHER_KINDS = ""
#: ``Heartbeat.name`` of the last complete scan.
SCAN_HEARTBEAT = "remind"


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One line of the page of reminder rules."""

    code: str
    label: str
    law: str
    rule: Rule
    default: Rule

    @property
    def is_changed(self) -> bool:
        """Whether staff set another rule than the registered one."""
        return self.rule != self.default


def last_scan() -> dt.datetime | None:
    """When the last complete scan ran; None before the first."""
    return Heartbeat.objects.filter(name=SCAN_HEARTBEAT).values_list("seen_at", flat=True).first()


def default_rule(code: str) -> Rule:
    """The rule that the kind was registered with."""
    kind = kind_of(code)
    return Rule.of(kind.thresholds, kind.overdue_every)


def rule_rows() -> list[RuleRow]:
    """The rule of every registered kind, in the order of registration (one query)."""
    stored = {row.kind: Rule.of(row.days_before, row.overdue_every) for row in ReminderRule.objects.all()}
    return [
        RuleRow(
            code=code,
            label=kind.label,
            law=kind.rule,
            rule=stored.get(code) or default_rule(code),
            default=default_rule(code),
        )
        for code, kind in registry.deadline_kinds.items()
    ]


def get_rule_row(code: str) -> RuleRow:
    """The rule of one kind.

    Raises:
        NotFound: no package registers such a kind.
    """
    for row in rule_rows():
        if row.code == code:
            return row
    raise NotFound


def rules_by_kind() -> dict[str, Rule]:
    """Kind → rule: staff's, else the registered one; ``OTHER_KINDS`` for what nobody registers (one query)."""
    return {row.code: row.rule for row in rule_rows()} | {OTHER_KINDS: default_rule(OTHER_KINDS)}


def deadlines_to_remind(*, rules: dict[str, Rule], moments: Moments, waiting: bool = False) -> DeadlineQuerySet:
    """Running deadlines with a stage that nobody has been told, by (due day, id), with ``stage``.

    Reads the index on the due day of open deadlines, from the oldest up to the farthest threshold.

    Args:
        waiting: not those to be told now, but those that wait for a considerate moment.
    """
    today = moments.now.date()

    def wanted(due_on: dt.date, threshold: int) -> bool:
        return moments.may_send(due_on, threshold) != waiting

    farthest = max((threshold for rule in rules.values() for threshold in rule.days_before), default=0)
    told = Reminder.objects.filter(deadline=OuterRef("pk"), due_on=OuterRef("due_on"), threshold=OuterRef("stage"))
    return (
        Deadline.objects.unscoped(reason="reminders are the portal's own")
        .running()
        .filter(due_on__lte=today + dt.timedelta(days=farthest))
        .annotate(stage=_stage(rules, today, wanted))
        .filter(~Exists(told), stage__isnull=False)
        .order_by("due_on", "id")
    )


def reminders_waiting(*, now: dt.datetime, most: int = 1000) -> tuple[int, dt.datetime | None]:
    """How many deadlines (up to ``most``) wait for a considerate moment, and when the first one is reminded of."""
    moments = Moments.after(now, work_calendar())
    waiting = deadlines_to_remind(rules=rules_by_kind(), moments=moments, waiting=True)
    days = list(waiting.values_list("due_on", "stage")[:most])  # type: ignore[misc]  # stage is annotated
    return len(days), min((moments.send_at(due_on, stage) for due_on, stage in set(days)), default=None)


def _stage(rules: dict[str, Rule], today: dt.date, wanted: Callable[[dt.date, int], bool]) -> Case:
    """The stage of a deadline as SQL; NULL before its first threshold and when it is not ``wanted``."""
    whens: list[When] = []
    known = [code for code in rules if code != OTHER_KINDS]
    for rule in dict.fromkeys(rules.values()):
        codes = [code for code in known if rules[code] == rule]
        of_rule = Q(kind__in=codes) if codes else Q(pk__in=[])
        if rules.get(OTHER_KINDS) == rule:
            of_rule |= ~Q(kind__in=known)
        for threshold, days in _days_by_stage(rule, today):
            due = [day for day in days if wanted(day, threshold)]
            if due:
                whens.append(When(of_rule & Q(due_on__in=due), then=Value(threshold)))
        if wanted(today - dt.timedelta(days=1), -1):  # overdue: the same for every due day
            every = rule.overdue_every
            overdue = Func(
                F("due_on"), template=f"(-1 - (DATE '{today:%Y-%m-%d}' - %(expressions)s - 1) / {every} * {every})"
            )
            whens.append(When(of_rule & Q(due_on__lt=today), then=overdue))
    return Case(*whens, default=None, output_field=SmallIntegerField())


def _days_by_stage(rule: Rule, today: dt.date) -> Iterable[tuple[int, list[dt.date]]]:
    """Each threshold not yet overdue, with the due days of which it is the stage today."""
    first = 0
    for threshold in sorted(rule.days_before):
        yield threshold, [today + dt.timedelta(days=days) for days in range(first, threshold + 1)]
        first = threshold + 1


def after(deadlines: DeadlineQuerySet, place: tuple[dt.date, int] | None) -> DeadlineQuerySet:
    """The rows behind a place in the order (due day, id); the first condition is for the index."""
    if place is None:
        return deadlines
    due_on, pk = place
    return deadlines.filter(Q(due_on__gt=due_on) | Q(due_on=due_on, id__gt=pk), due_on__gte=due_on)
