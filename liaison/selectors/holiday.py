"""Reading the work calendar: a year as a page shows it, the rows of staff, what an import would change."""

from __future__ import annotations

import datetime as dt
from calendar import monthcalendar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from liaison.calendar import FIRST_YEAR, LAST_YEAR, WorkCalendar
from liaison.exceptions import NotFound
from liaison.models import CalendarState, Deadline, Holiday, HolidayYear

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison.holidayfile import HolidayLine

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of the year view.

    Args:
        kind: as ``calendar.Day.kind``: working, weekend, holiday, make_up.
        mark: 休, 班 or "" on the sheet; ``words`` say the same to a screen reader.
        corrected: the table of staff decides it, not the packaged calendar.
    """

    date: dt.date
    kind: str
    mark: str
    name: str
    words: str
    corrected: bool
    today: bool


@dataclass(frozen=True, slots=True)
class MonthView:
    """One month: weeks from Monday, None outside the month."""

    number: int
    weeks: list[list[DayCell | None]]
    working_days: int


@dataclass(frozen=True, slots=True)
class YearView:
    """A year of the work calendar."""

    year: int
    months: list[MonthView]
    published: bool
    working_days: int
    previous: int | None
    next: int | None


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One line of a file that is about to be imported: new, changed or same."""

    line: HolidayLine
    change: str
    old: Holiday | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What an import would do to the table."""

    lines: list[PreviewLine]
    years: list[int]
    kept: list[Holiday] = field(default_factory=list)

    def count(self, change: str) -> int:
        return sum(line.change == change for line in self.lines)

    @property
    def new(self) -> int:
        return self.count("new")

    @property
    def changed(self) -> int:
        return self.count("changed")

    @property
    def same(self) -> int:
        return self.count("same")


def calendar_state() -> CalendarState:
    """The present state; an unsaved first one before the table was ever changed."""
    return CalendarState.objects.select_related("changed_by").filter(pk=CalendarState.ONLY).first() or CalendarState()


def year_view(year: int, calendar: WorkCalendar, today: dt.date) -> YearView:
    """Twelve months with every day's kind and name.

    Raises:
        NotFound: a year that the calendar does not hold.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound
    months = [_month(year, number, calendar, today) for number in range(1, 13)]
    return YearView(
        year=year,
        months=months,
        published=calendar.published(year),
        working_days=sum(month.working_days for month in months),
        previous=year - 1 if year > FIRST_YEAR else None,
        next=year + 1 if year < LAST_YEAR else None,
    )


def _month(year: int, number: int, calendar: WorkCalendar, today: dt.date) -> MonthView:
    weeks = [
        [_cell(dt.date(year, number, day), calendar, today) if day else None for day in week]
        for week in monthcalendar(year, number)
    ]
    working = sum(cell is not None and cell.kind in {"working", "make_up"} for week in weeks for cell in week)
    return MonthView(number=number, weeks=weeks, working_days=working)


def _cell(date: dt.date, calendar: WorkCalendar, today: dt.date) -> DayCell:
    day = calendar.day(date)
    mark = {"holiday": "休", "make_up": "班"}.get(day.kind, "")
    words = f"{day.name}，休息" if mark == "休" else day.name if mark == "班" else ""
    return DayCell(
        date=date,
        kind=day.kind,
        mark=mark,
        name=day.name if mark == "休" else "",
        words=words,
        corrected=date in calendar.overrides,
        today=date == today,
    )


def holidays_of(year: int) -> list[Holiday]:
    """The rows of staff for the days of a year, by date (one query)."""
    return list(Holiday.objects.filter(date__year=year))


def published_year(year: int) -> HolidayYear | None:
    """The notice of a year that staff entered; None when they did not."""
    return HolidayYear.objects.filter(pk=year).first()


def get_holiday(day: dt.date) -> Holiday:
    """The row of a day: the calendar is everybody's, so there is no scope.

    Raises:
        NotFound: staff keep no row for that day.
    """
    holiday = Holiday.objects.filter(date=day).first()
    if holiday is None:
        raise NotFound
    return holiday


def import_preview(lines: Sequence[HolidayLine]) -> ImportPreview:
    """Compare the lines of a file with the table (one query).

    ``kept`` are rows of the notice years that the file does not name: an import leaves them alone.
    """
    years = sorted({line.year for line in lines})
    days = {line.date for line in lines}
    rows = Holiday.objects.filter(date__in=days) | Holiday.objects.filter(date__year__in=years)
    known = {row.date: row for row in rows}
    return ImportPreview(
        lines=[_preview_line(line, known.get(line.date)) for line in lines],
        years=years,
        kept=[row for date, row in sorted(known.items()) if date not in days],
    )


def _preview_line(line: HolidayLine, old: Holiday | None) -> PreviewLine:
    change = "changed"
    if old is None:
        change = "new"
    elif (old.name, old.is_off, old.source_url) == (line.name, line.is_off, line.source_url):
        change = "same"
    weekday = line.date.weekday() < 5
    hint = "本来就是工作日，请核对" if weekday and not line.is_off else ""
    return PreviewLine(line=line, change=change, old=old, hint=hint)


def waiting_for_recompute(*, most: int = 1000) -> int:
    """Open deadlines computed by an earlier state of the calendar, counted up to ``most``."""
    state = calendar_state()
    return Deadline.objects.open().filter(calendar_version__lt=state.version)[:most].count()
