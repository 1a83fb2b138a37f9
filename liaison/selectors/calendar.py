"""The work calendar with the corrections of staff."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Subquery
from django.db.models.functions import JSONObject

from liaison.calendar import DayOverride, WorkCalendar
from liaison.models import CalendarState, Holiday, HolidayYear

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def calendar_columns() -> tuple[Subquery, Subquery, Subquery]:
    """The work calendar as columns of a query that asks for something else anyway; ``calendar_of`` reads them."""
    days = Holiday.objects.order_by().values(
        row=JSONObject(date="date", name="name", is_off="is_off", source_url="source_url")
    )
    return (
        Subquery(CalendarState.objects.filter(pk=CalendarState.ONLY).values("version")),
        ArraySubquery(days),
        ArraySubquery(HolidayYear.objects.order_by().values("year")),
    )


def calendar_of(version: int | None, days: Sequence[Any], years: Iterable[int]) -> WorkCalendar:
    """What ``calendar_columns`` read."""
    rows = [json.loads(day) if isinstance(day, str) else day for day in days]
    overrides = [_override(row) for row in rows]
    return WorkCalendar(
        overrides={override.date: override for override in overrides},
        published_years=frozenset(years),
        version=version or 0,  # none before the first state was written
    )


@cache
def _state_query() -> tuple[str, tuple[Any, ...]]:
    """Its SQL, written once a process: every clock that is opened asks it."""
    _, days, years = calendar_columns()
    states = CalendarState.objects.filter(pk=CalendarState.ONLY)
    return states.values_list("version", days, years).query.sql_with_params()


def work_calendar() -> WorkCalendar:
    """The packaged calendar under the table that staff keep.

    One query and so one snapshot: its ``version`` and its days belong together even while
    somebody changes the table.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_state_query())
        state = cursor.fetchone()
    if state is not None:
        return calendar_of(*state)
    days = list(Holiday.objects.values("date", "name", "is_off", "source_url"))
    return calendar_of(None, days, HolidayYear.objects.values_list("year", flat=True))


def _override(row: dict[str, object]) -> DayOverride:
    day = row["date"] if isinstance(row["date"], dt.date) else dt.date.fromisoformat(str(row["date"]))
    return DayOverride(date=day, name=str(row["name"]), is_off=bool(row["is_off"]), source_url=str(row["source_url"]))
