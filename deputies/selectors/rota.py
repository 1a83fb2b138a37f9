"""Reading reception days: a station's, a deputy's, and what a new series would meet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Min, Prefetch
from django.utils import timezone

from deputies.models import Mandate, Placement, RotaDay, RotaDuty, StationKind
from liaison.exceptions import NotFound
from liaison.selectors.calendar import work_calendar

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from django.db.models import QuerySet

    from deputies.models import MandateQuerySet, Station
    from liaison.actor import Actor

#: How far ahead the pages show the rota.
DAYS_AHEAD = 30


def eligible_mandates(station: Station) -> MandateQuerySet:
    """The deputies who may receive people in a station: those placed in it; in an online general station those
    placed anywhere in its region."""
    placed = Placement.objects.unscoped(reason="the station's own deputies").in_force()
    if station.kind == StationKind.ONLINE:
        placed = placed.filter(station__region_prefix__startswith=station.region_prefix)
    else:
        placed = placed.filter(station=station)
    mandates = Mandate.objects.unscoped(reason="the station's own deputies").in_force()
    found = mandates.filter(pk__in=placed.values("mandate_id")).select_related("person", "congress", "electoral_unit")
    return found.order_by("person__name", "id")


def eligible_people(station: Station) -> MandateQuerySet:
    """The same, each person once, by the mandate of the longest standing."""
    first = eligible_mandates(station).order_by().values("person").annotate(first=Min("pk")).values("first")
    mandates = Mandate.objects.unscoped(reason="the station's own deputies").filter(pk__in=first)
    return mandates.select_related("person", "congress", "electoral_unit").order_by("person__name", "id")


def rota_of(station: Station, *, days: int = DAYS_AHEAD, cancelled: bool = False) -> list[RotaDay]:
    """The reception days of the next days, each with ``duties`` and their deputies (two queries).

    Args:
        cancelled: also those that were cancelled.
    """
    today = timezone.localdate()
    found = RotaDay.objects.unscoped(reason="of a station that the actor sees")
    found = found.filter(station=station, on__range=(today, today + dt.timedelta(days=days)))
    if not cancelled:
        found = found.standing()
    return list(_with_deputies(found))


def rota_of_person(actor: Actor, *, days: int = 180) -> list[RotaDay]:
    """The actor's own reception days to come, in every station, cancelled ones too."""
    today = timezone.localdate()
    own = RotaDuty.objects.filter(mandate__person_id=actor.deputy_id, mandate__ended_on=None)
    found = RotaDay.objects.unscoped(reason="the actor's own days").filter(pk__in=own.values("rota_day_id"))
    found = found.filter(on__range=(today, today + dt.timedelta(days=days))).select_related("station")
    return list(_with_deputies(found))


def get_rota_for(actor: Actor, public_id: UUID | str) -> RotaDay:
    """One reception day with its station and deputies.

    Raises:
        NotFound: no such day, or its station is not visible to the actor.
    """
    day = (
        _with_deputies(RotaDay.objects.visible_to(actor)).select_related("station").filter(public_id=public_id).first()
    )
    if day is None:
        raise NotFound
    return day


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """One day of a series before it is saved.

    Args:
        off: why it is a day off (国庆节, 休息日); "" for a working day.
        taken: the reception that already stands at that hour; "" when there is none.
        busy: deputies who receive people elsewhere at that hour, in words.
        chosen: whether the box is ticked to begin with.
    """

    on: dt.date
    off: str
    taken: str
    busy: tuple[str, ...]
    chosen: bool


def series_of(first: dt.date, until: dt.date | None) -> list[dt.date]:
    """The day itself, or the same weekday week by week until a last day."""
    if until is None:
        return [first]
    return [first + dt.timedelta(weeks=week) for week in range((until - first).days // 7 + 1)]


def rota_plan(
    station: Station,
    *,
    dates: Collection[dt.date],
    starts_at: dt.time,
    ends_at: dt.time,
    mandates: Collection[Mandate],
    skip_off: bool,
) -> list[PlannedDay]:
    """What each day of a series would be: a day off, taken, or one on which a deputy is busy elsewhere (three
    queries whatever the number of days)."""
    calendar = work_calendar()
    others = RotaDay.objects.unscoped(reason="who is busy at that hour").standing()
    others = others.filter(on__in=list(dates), starts_at__lt=ends_at, ends_at__gt=starts_at)
    taken = {day.on: f"{day.hours}已排接待" for day in others.filter(station=station)}
    people = {mandate.person_id for mandate in mandates}
    busy: dict[dt.date, list[str]] = {}
    duties = RotaDuty.objects.filter(rota_day__in=others.exclude(station=station), mandate__person_id__in=people)
    for duty in duties.select_related("rota_day__station", "mandate__person").order_by("rota_day__starts_at", "id"):
        day = duty.rota_day
        words = f"{duty.mandate.person.name}同一时段在{day.station.name}接待（{day.hours}）"
        busy.setdefault(day.on, []).append(words)
    planned = []
    for on in dates:
        known = calendar.day(on)
        off = "" if known.is_working else "休息日" if known.kind == "weekend" else known.name
        planned.append(
            PlannedDay(
                on=on,
                off=off,
                taken=taken.get(on, ""),
                busy=tuple(busy.get(on, ())),
                chosen=on not in taken and not (off and skip_off),
            )
        )
    return planned


def _with_deputies(days: QuerySet[RotaDay]) -> QuerySet[RotaDay]:
    duties = RotaDuty.objects.filter(mandate__ended_on=None).select_related("mandate__person", "mandate__congress")
    return days.order_by("on", "starts_at", "id").prefetch_related(Prefetch("duties", queryset=duties.order_by("id")))
