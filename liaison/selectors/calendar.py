"""The work calendar with the corrections of staff."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models.functions import JSONObject

from liaison.calendar import DayOverride, WorkCalendar
from liaison.models import CalendarState, Holiday, HolidayYear


def work_calendar() -> WorkCalendar:
    """The packaged calendar under the table that staff keep.

    One query and so one snapshot: its ``version`` and its days belong together even while
    somebody changes the table.
    """
    state = (
        CalendarState.objects.filter(pk=CalendarState.ONLY)
        .annotate(
            days=ArraySubquery(
                Holiday.objects.order_by().values(
                    row=JSONObject(date="date", name="name", is_off="is_off", source_url="source_url")
                )
            ),
            years=ArraySubquery(HolidayYear.objects.order_by().values("year")),
        )
        .values("version", "days", "years")
        .first()
    )
    if state is None:  # before the first state was written
        state = {
            "version": 0,
            "days": list(Holiday.objects.values("date", "name", "is_off", "source_url")),
            "years": list(HolidayYear.objects.values_list("year", flat=True)),
        }
    overrides = [_override(row) for row in state["days"]]
    return WorkCalendar(
        overrides={override.date: override for override in overrides},
        published_years=frozenset(state["years"]),
        version=state["version"],
    )


def _override(row: dict[str, object]) -> DayOverride:
    day = row["date"] if isinstance(row["date"], dt.date) else dt.date.fromisoformat(str(row["date"]))
    return DayOverride(date=day, name=str(row["name"]), is_off=bool(row["is_off"]), source_url=str(row["source_url"]))
