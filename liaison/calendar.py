"""Working days and statutory periods, without a clock, a database or a network.

The rule is 民法典 articles 201 to 203, applied by analogy: the start day is not
counted; a period in months ends on the corresponding day or on the month's last
day; an end on a day off moves to the next working day and lasts until 24:00
Asia/Shanghai. The days off come from the yearly notices of the State Council, as
``chinesecalendar`` carries them, corrected by the rows staff keep.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final, Literal
from zoneinfo import ZoneInfo

import chinese_calendar

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
FIRST_YEAR: Final = 2004
LAST_YEAR: Final = 2100
MAKE_UP_NAME: Final = "调休上班"
LIBRARY_SOURCE: Final = "chinesecalendar"
NOTICES_FROM: Final = time(8, 0)
NOTICES_UNTIL: Final = time(20, 0)

DayKind = Literal["working", "weekend", "holiday", "make_up"]
StepKind = Literal["skipped_holiday", "skipped_weekend", "counted_make_up"]
Unit = Literal["months", "days", "working_days", "fixed"]

_ONE_DAY: Final = timedelta(days=1)
_WEEKEND_NAMES: Final[Mapping[int, str]] = {5: "周六", 6: "周日"}
_HOLIDAY_NAMES: Final[Mapping[str, str]] = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}
# The library's own lookups raise NotImplementedError outside its years and scan all
# its days at each call; its two tables answer the same questions directly.
_LIBRARY_OFF: Final[Mapping[date, str]] = {
    day: _HOLIDAY_NAMES.get(name, name) for day, name in chinese_calendar.holidays.items()
}
_LIBRARY_MAKE_UP: Final[AbstractSet[date]] = frozenset(chinese_calendar.workdays)
# A notice may reach into the years beside its own, so one stray day does not prove
# that a year's notice is out; its National Day does.
_LIBRARY_YEARS: Final[AbstractSet[int]] = frozenset(day.year for day in _LIBRARY_OFF if (day.month, day.day) == (10, 1))


@dataclass(frozen=True, slots=True)
class DayOverride:
    """One day of the table that staff keep, with the notice it rests on."""

    date: date
    name: str
    is_off: bool
    source_url: str


@dataclass(frozen=True, slots=True)
class Day:
    """What a date is, and why.

    ``name`` is the holiday, 周六 or 周日, 调休上班, or empty on an ordinary working
    day. ``source`` is the notice's address for a day of the table,
    ``"chinesecalendar"`` for a day the library names or whose year it covers, and
    empty where only the weekday decides.
    """

    date: date
    is_working: bool
    name: str
    kind: DayKind
    source: str


@dataclass(frozen=True, slots=True)
class Step:
    """One day that a period passed over or that counted only because it was made up."""

    date: date
    kind: StepKind
    name: str


@dataclass(frozen=True, slots=True)
class PeriodEnd:
    """The end of a period, with what is needed to explain it and to continue it.

    ``length`` is counted in ``unit`` (0 for a fixed date). ``paused_days`` is the sum
    of all pauses: working days for ``working_days``, else calendar days.
    ``provisional`` says that a day looked at lies in a year without a published
    notice: a month period looks at the days from ``nominal_due`` to ``due_on``, a
    working-day period at every day after ``start``.
    """

    start: date
    nominal_due: date
    due_on: date
    provisional: bool
    steps: tuple[Step, ...]
    unit: Unit
    length: int
    paused_days: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class WorkCalendar:
    """Which days are working days: the library's notices under the table of staff.

    ``overrides`` win day by day. ``published_years`` names the years whose notice was
    imported; a single corrected day does not publish its year, since a notice also
    marks days of the years beside its own. Both are copied. ``version`` numbers the
    state of the table (0: never changed).

    Raises ValueError when an override is filed under another date than its own.
    """

    overrides: Mapping[date, DayOverride] = field(default_factory=dict)
    published_years: AbstractSet[int] = frozenset()
    version: int = 0

    def __post_init__(self) -> None:
        for day, override in self.overrides.items():
            if override.date != day:
                raise ValueError(f"override of {override.date} is filed under {day}")
        object.__setattr__(self, "overrides", MappingProxyType(dict(self.overrides)))
        object.__setattr__(self, "published_years", frozenset(self.published_years))

    def day(self, d: date) -> Day:
        """Describe one day.

        Raises ValueError outside the years 2004 to 2100, TypeError for a datetime.
        """
        _check_date(d)
        weekend = _WEEKEND_NAMES.get(d.weekday(), "")
        override = self.overrides.get(d)
        if override is not None:
            is_off, source = override.is_off, override.source_url
            holiday = (override.name or weekend or "放假") if is_off else ""
        else:
            holiday = _LIBRARY_OFF.get(d, "")
            made_up = d in _LIBRARY_MAKE_UP
            is_off = not made_up and bool(holiday or weekend)
            known = made_up or holiday or d.year in _LIBRARY_YEARS
            source = LIBRARY_SOURCE if known else ""
        if is_off:
            return Day(d, False, holiday or weekend, "holiday" if holiday else "weekend", source)
        if weekend:
            return Day(d, True, MAKE_UP_NAME, "make_up", source)
        # A weekday that a correction calls working is an ordinary day: nothing is made up.
        return Day(d, True, "", "working", source)

    def is_working(self, d: date) -> bool:
        """Whether people work on this day; errors as for `day`."""
        return self.day(d).is_working

    def published(self, year: int) -> bool:
        """Whether the year's holiday notice is known, from the library or imported."""
        return year in _LIBRARY_YEARS or year in self.published_years


STANDARD: Final = WorkCalendar()


def add_months(start: date, months: int, *, calendar: WorkCalendar = STANDARD) -> PeriodEnd:
    """End of a period of whole calendar months (民法典 202, 203).

    ``nominal_due`` is the corresponding day or the month's last day; ``due_on`` is the
    first working day from there. ``steps`` are the days off in between, and the due
    day itself if it is a made-up one.

    Raises ValueError unless months ≥ 1 and all days lie in 2004 to 2100.
    """
    _check_date(start)
    _check_length("months", months)
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    if year > LAST_YEAR:
        raise ValueError(f"period ends after {LAST_YEAR}")
    last = monthrange(year, month + 1)[1]
    nominal = date(year, month + 1, min(start.day, last))
    return _roll_forward(start, nominal, "months", months, 0, calendar)


def add_days(start: date, days: int, *, calendar: WorkCalendar = STANDARD) -> PeriodEnd:
    """End of a period of calendar days, the start not counted, rolled as in `add_months`.

    Raises ValueError unless days ≥ 1 and all days lie in 2004 to 2100.
    """
    _check_date(start)
    _check_length("days", days)
    return _roll_forward(start, _plus(start, days), "days", days, 0, calendar)


def add_working_days(start: date, days: int, *, calendar: WorkCalendar = STANDARD) -> PeriodEnd:
    """End of a period of working days, the first being the next working day after start.

    ``nominal_due`` equals ``due_on``. ``steps`` are all days off in between and every
    made-up day that counted.

    Raises ValueError unless days ≥ 1 and all days lie in 2004 to 2100.
    """
    _check_date(start)
    _check_length("days", days)
    return _count_forward(start, days, 0, calendar)


def end_on(day: date, *, calendar: WorkCalendar = STANDARD) -> PeriodEnd:
    """A promised date taken as a period's end: nominal is that day, a day off rolls on.

    ``start`` is the day itself. Raises ValueError outside 2004 to 2100.
    """
    _check_date(day)
    return _roll_forward(day, day, "fixed", 0, 0, calendar)


def shift_for_pause(end: PeriodEnd, paused_days: int, *, calendar: WorkCalendar = STANDARD) -> PeriodEnd:
    """The same period continued after a pause; a second pause adds to the first.

    Periods in months or calendar days and promised dates: ``paused_days`` are calendar
    days; the nominal end moves by them and is rolled forward once more (the earlier
    roll is not carried along). Periods in working days: ``paused_days`` are the working
    days of the pause, and the end is counted from ``start`` over that many more, so
    days off inside the pause are never granted twice. `pause_length` gives the number
    in the right unit. ``paused_days`` 0 (supplied on the day it was asked) computes
    the end anew.

    Raises ValueError for negative days or an end after 2100.
    """
    if paused_days < 0:
        raise ValueError("paused_days must not be negative")
    total = end.paused_days + paused_days
    if end.unit == "working_days":
        return _count_forward(end.start, end.length, total, calendar)
    nominal = _plus(end.nominal_due, paused_days)
    return _roll_forward(end.start, nominal, end.unit, end.length, total, calendar)


def pause_length(unit: Unit, paused_on: date, resumed_on: date, *, calendar: WorkCalendar = STANDARD) -> int:
    """Days of a pause as `shift_for_pause` wants them for a period in this unit.

    The day of pausing is not counted, the day of resuming is, like any period: working
    days for ``working_days``, else calendar days.

    Raises ValueError when the pause ends before it began.
    """
    _check_date(paused_on)
    _check_date(resumed_on)
    span = (resumed_on - paused_on).days
    if span < 0:
        raise ValueError("the pause ends before it began")
    if unit != "working_days":
        return span
    return sum(calendar.is_working(paused_on + timedelta(days=n)) for n in range(1, span + 1))


def is_overdue(due_on: date, now: datetime) -> bool:
    """Whether the due day is over in Asia/Shanghai: from 00:00 of the next day.

    Raises ValueError for a naive ``now``.
    """
    return _in_shanghai(now).date() > due_on


def next_working_moment(now: datetime, at: time = time(8, 30), *, calendar: WorkCalendar = STANDARD) -> datetime:
    """The first moment from ``now`` at which a notice may be sent.

    ``now`` itself on a working day from 8:00 until before 20:00 Asia/Shanghai; else
    ``at`` of the next working morning, which is the same day before 8:00. The answer
    is in Asia/Shanghai and never earlier than ``now``.

    Raises ValueError for a naive ``now``, an ``at`` outside those hours or with a time
    zone, and days outside 2004 to 2100.
    """
    if at.tzinfo is not None or not NOTICES_FROM <= at < NOTICES_UNTIL:
        raise ValueError("at must be a naive time from 8:00 until before 20:00")
    local = _in_shanghai(now)
    day = local.date()
    if calendar.is_working(day) and local.time() < NOTICES_UNTIL:
        return local if local.time() >= NOTICES_FROM else _at(day, at)
    day = _plus(day, 1)
    while not calendar.is_working(day):
        day = _plus(day, 1)
    return _at(day, at)


def _roll_forward(
    start: date, nominal: date, unit: Unit, length: int, paused: int, calendar: WorkCalendar
) -> PeriodEnd:
    steps: list[Step] = []
    provisional = False
    due = nominal
    while True:
        day = calendar.day(due)
        provisional = provisional or not calendar.published(due.year)
        steps.extend(_steps_of(day))
        if day.is_working:
            return PeriodEnd(start, nominal, due, provisional, tuple(steps), unit, length, paused)
        due = _plus(due, 1)


def _count_forward(start: date, length: int, paused: int, calendar: WorkCalendar) -> PeriodEnd:
    steps: list[Step] = []
    provisional = False
    due = start
    left = length + paused
    while left:
        due = _plus(due, 1)
        day = calendar.day(due)
        provisional = provisional or not calendar.published(due.year)
        steps.extend(_steps_of(day))
        left -= day.is_working
    return PeriodEnd(start, due, due, provisional, tuple(steps), "working_days", length, paused)


def _steps_of(day: Day) -> tuple[Step, ...]:
    if day.kind == "holiday":
        return (Step(day.date, "skipped_holiday", day.name),)
    if day.kind == "weekend":
        return (Step(day.date, "skipped_weekend", day.name),)
    if day.kind == "make_up":
        return (Step(day.date, "counted_make_up", day.name),)
    return ()


def _plus(day: date, days: int) -> date:
    """Later date inside the supported years; a huge ``days`` must not overflow."""
    last = date(LAST_YEAR, 12, 31)
    if days > (last - day).days:
        raise ValueError(f"period ends after {LAST_YEAR}")
    return day + _ONE_DAY * days


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, tzinfo=SHANGHAI)


def _in_shanghai(now: datetime) -> datetime:
    if now.utcoffset() is None:
        raise ValueError("now must carry a time zone")
    return now.astimezone(SHANGHAI)


def _check_date(day: date) -> None:
    # A datetime is a date to Python, but which day it is depends on the time zone.
    if isinstance(day, datetime):
        raise TypeError("a date is wanted, not a datetime")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"{day} lies outside {FIRST_YEAR} to {LAST_YEAR}")


def _check_length(name: str, length: int) -> None:
    if length < 1:
        raise ValueError(f"{name} must be at least 1")
