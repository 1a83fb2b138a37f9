"""The activities of one month, day by day (活动月历)."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils import timezone

from deputies.selectors.activity import activity_list
from liaison.calendar import SHANGHAI

if TYPE_CHECKING:
    from deputies.models import Activity
    from liaison.actor import Actor


@dataclass(slots=True)
class Day:
    """One day of the sheet, with what goes on that day."""

    date: dt.date
    in_month: bool
    is_today: bool
    activities: list[Activity] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Month:
    """A month in whole weeks, Monday first."""

    first: dt.date
    weeks: list[list[Day]]

    @property
    def days(self) -> list[Day]:
        """The days of the month on which something goes on, for the list form."""
        return [day for week in self.weeks for day in week if day.in_month and day.activities]

    @property
    def before(self) -> str:
        """The month before, as the address writes it."""
        return f"{self.first - dt.timedelta(days=1):%Y-%m}"

    @property
    def after(self) -> str:
        """The month after."""
        return f"{self.first + dt.timedelta(days=31):%Y-%m}"


def month_named(text: str) -> dt.date:
    """The first day of ``2026-11``; of this month when it cannot be read."""
    try:
        found = dt.datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007  (a month has no time zone)
    except ValueError:
        return timezone.localdate().replace(day=1)
    return found if 2000 <= found.year <= 2100 else timezone.localdate().replace(day=1)


def month_of(actor: Actor, first: dt.date) -> Month:
    """The sheet of a month: every activity on each of its days, cancelled ones left out (one query)."""
    today = timezone.localdate()
    weeks = [
        [Day(date, date.month == first.month, date == today) for date in week]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]
    days = {day.date: day for week in weeks for day in week}
    start, end = weeks[0][0].date, weeks[-1][-1].date
    found = (
        activity_list(actor)
        .happening()
        .filter(starts_at__lt=_midnight(end + dt.timedelta(days=1)), ends_at__gt=_midnight(start))
    )
    for activity in found.order_by("starts_at", "id"):
        on, last = timezone.localdate(activity.starts_at), timezone.localdate(activity.ends_at)
        on = max(on, start)
        while on <= min(last, end):
            days[on].activities.append(activity)
            on += dt.timedelta(days=1)
    return Month(first, weeks)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, tzinfo=SHANGHAI)
