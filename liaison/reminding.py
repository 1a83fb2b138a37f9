"""When a reminder (催办提醒) is due and when it may be sent: pure, without a database or a clock.

A *threshold* counts days before the due day: 10, 5, 1, 0 (the day itself); overdue thresholds are
negative: -1 is the first day overdue, then every ``overdue_every`` days (-8, -15, … for 7). A threshold
is *reached* at 00:00 Asia/Shanghai of its day. The last one reached is the *stage* of the deadline.

A reminder is sent at the most considerate moment that is still in time. Four rungs are tried in turn:

1. a working day from 8:30 until before 20:00 (so after a night or days off: the next working morning, 8:30);
2. any day from 8:30 until before 20:00;
3. any day from 7:00 until before 22:00;
4. at once.

Rungs 1 and 2 are in time when they leave what the threshold promises: for a threshold of at least one
day, some of a day before the due day; for the due day's own reminder (and for a late reminder on the due
day), the due day itself. Rung 3 is in time until the due day is over, 24:00. An overdue reminder loses nothing by
waiting: it always takes rung 1.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from liaison.calendar import SHANGHAI, WorkCalendar

if TYPE_CHECKING:
    from collections.abc import Iterable

MORNING: Final = dt.time(8, 30)
EVENING: Final = dt.time(20, 0)
WAKING: Final = dt.time(7, 0)
SLEEPING: Final = dt.time(22, 0)

#: Of a deadline that has been overdue for years, only so many thresholds are looked at.
MOST_REACHED: Final = 12


@dataclass(frozen=True, slots=True)
class Rule:
    """The thresholds of a deadline kind.

    Args:
        days_before: days before the due day, in any order; 0 is the day itself.
        overdue_every: days between two reminders while overdue, at least 1.
    """

    days_before: tuple[int, ...]
    overdue_every: int

    @classmethod
    def of(cls, days_before: Iterable[int], overdue_every: int) -> Rule:
        """A rule with its thresholds in order, each once."""
        return cls(tuple(sorted(set(days_before), reverse=True)), max(1, overdue_every))

    @property
    def before_text(self) -> str:
        """提前10、5、1天，到期当天."""
        before = "、".join(str(days) for days in self.days_before if days)
        parts = [f"提前{before}天" if before else "", "到期当天" if 0 in self.days_before else ""]
        return "，".join(filter(None, parts))

    @property
    def text(self) -> str:
        """提前10、5天，到期当天；超期后每7天."""
        return f"{self.before_text}；超期后每{self.overdue_every}天"

    def stage(self, days_left: int) -> int | None:
        """The last threshold reached with so many days left (negative: overdue); None before the first."""
        if days_left < 0:
            return -1 - (-days_left - 1) // self.overdue_every * self.overdue_every
        return min((threshold for threshold in self.days_before if threshold >= days_left), default=None)

    def reached(self, days_left: int) -> list[int]:
        """All thresholds reached, the oldest first, at most the last ``MOST_REACHED``."""
        found = [threshold for threshold in self.days_before if threshold >= days_left]
        stage = self.stage(days_left)
        if stage is not None and stage < 0:
            found += range(-1, stage - 1, -self.overdue_every)
        return found[-MOST_REACHED:]


@dataclass(frozen=True, slots=True)
class Moments:
    """The next considerate moments from ``now`` on, each ``now`` itself when that is one."""

    now: dt.datetime
    working: dt.datetime
    daytime: dt.datetime
    waking: dt.datetime

    @classmethod
    def after(cls, now: dt.datetime, calendar: WorkCalendar) -> Moments:
        """The moments from ``now`` (with a time zone) on, in Asia/Shanghai.

        Raises:
            ValueError: ``now`` is naive, or lies outside the calendar's years.
        """
        if now.utcoffset() is None:
            raise ValueError("now must carry a time zone")
        now = now.astimezone(SHANGHAI)
        return cls(
            now=now,
            working=_next(now, MORNING, EVENING, calendar),
            daytime=_next(now, MORNING, EVENING),
            waking=_next(now, WAKING, SLEEPING),
        )

    def send_at(self, due_on: dt.date, threshold: int) -> dt.datetime:
        """When the reminder of this threshold may be sent: ``now`` or a later moment.

        Args:
            due_on: the last day of the deadline.
            threshold: one that has been reached.
        """
        today = self.now.date()
        if threshold < 0 or today > due_on:
            return self.working
        last = due_on if threshold == 0 or today == due_on else due_on - dt.timedelta(days=1)
        for moment in (self.working, self.daytime):
            if moment.date() <= last:
                return moment
        return self.waking if self.waking.date() <= due_on else self.now

    def may_send(self, due_on: dt.date, threshold: int) -> bool:
        """Whether the reminder of this threshold is to be sent now."""
        return self.send_at(due_on, threshold) <= self.now


def planned_at(due_on: dt.date, threshold: int, calendar: WorkCalendar) -> dt.datetime:
    """When the reminder of this threshold is sent if nothing is in the way."""
    day = due_on - dt.timedelta(days=threshold)
    midnight = dt.datetime.combine(day, dt.time.min, tzinfo=SHANGHAI)
    return Moments.after(midnight, calendar).send_at(due_on, threshold)


def threshold_text(threshold: int) -> str:
    """提前10天, 到期当天, 超期第1天."""
    if threshold < 0:
        return f"超期第{-threshold}天"
    return f"提前{threshold}天" if threshold else "到期当天"


def _next(now: dt.datetime, opens: dt.time, closes: dt.time, calendar: WorkCalendar | None = None) -> dt.datetime:
    day = now.date()
    if now.time() >= closes:
        day += dt.timedelta(days=1)
    while calendar is not None and not calendar.is_working(day):
        day += dt.timedelta(days=1)
    return max(now, dt.datetime.combine(day, opens, tzinfo=SHANGHAI))
