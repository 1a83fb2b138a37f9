"""Quarters and days of the carrying out, and the kinds of its clocks. Pure: no query."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator

Quarter = tuple[int, int]

FINISH_DEADLINE = "project_finish"
REPORT_DEADLINE = "progress_report"
MILESTONE_DEADLINE = "project_milestone"
ANSWER_DEADLINE = "inspection_answer"
#: All of them; a project's light is that of the nearest.
WORK_DEADLINES = (FINISH_DEADLINE, REPORT_DEADLINE, MILESTONE_DEADLINE, ANSWER_DEADLINE)


def quarter_of(day: dt.date) -> Quarter:
    """(year, 1 to 4)."""
    return day.year, (day.month - 1) // 3 + 1


def next_quarter(quarter: Quarter) -> Quarter:
    """The quarter after this one."""
    year, number = quarter
    return (year + 1, 1) if number == 4 else (year, number + 1)


def quarters_between(first: Quarter, last: Quarter) -> Iterator[Quarter]:
    """From the first to the last, both among them; none when the last lies before the first."""
    while first <= last:
        yield first
        first = next_quarter(first)


def quarter_end(year: int, quarter: int) -> dt.date:
    """The last day of a quarter."""
    month = quarter * 3
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def report_due(year: int, quarter: int, report_days: int) -> dt.date:
    """The last day for the report on a quarter, before days off are looked at."""
    return quarter_end(year, quarter) + dt.timedelta(days=report_days)
