"""The work calendar with the corrections of staff."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models.functions import JSONObject

from liaison.calendar import DayOverride, WorkCalendar
from liaison.models import CalendarState, Holiday, HolidayYear


@cache
def _state_query() -> tuple[str, tuple[Any, ...]]:
    """Its SQL, written once a process: every clock that is opened asks it."""
    states = CalendarState.objects.filter(pk=CalendarState.ONLY).annotate(
        days=ArraySubquery(
            Holiday.objects.order_by().values(
                row=JSONObject(date="date", name="name", is_off="is_off", source_url="source_url")
            )
        ),
        years=ArraySubquery(HolidayYear.objects.order_by().values("year")),
    )
    return states.values_list("version", "days", "years").query.sql_with_params()


def work_calendar() -> WorkCalendar:
    """The packaged calendar under the table that staff keep.

    One query and so one snapshot: its ``version`` and its days belong together even while
    somebody changes the table.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_state_query())
        state = cursor.fetchone()
    if state is not None:
        version, texts, years = state
        days = [json.loads(text) if isinstance(text, str) else text for text in texts]
    else:  # before the first state was written
        version = 0
        days = list(Holiday.objects.values("date", "name", "is_off", "source_url"))
        years = list(HolidayYear.objects.values_list("year", flat=True))
    overrides = [_override(row) for row in days]
    return WorkCalendar(
        overrides={override.date: override for override in overrides},
        published_years=frozenset(years),
        version=version,
    )


def _override(row: dict[str, object]) -> DayOverride:
    day = row["date"] if isinstance(row["date"], dt.date) else dt.date.fromisoformat(str(row["date"]))
    return DayOverride(date=day, name=str(row["name"]), is_off=bool(row["is_off"]), source_url=str(row["source_url"]))
