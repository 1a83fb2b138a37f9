"""Reading stations: the list with its conditions, one station, its deputies by level, a deputy's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from deputies.models import CongressLevel, OpeningHours, Placement, RotaDay, Station, Weekday
from deputies.models.station import time_range
from liaison.exceptions import DomainError, NotFound
from liaison.permissions import Permission
from liaison.search import search_query

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from deputies.models import StationQuerySet
    from liaison.actor import Actor

CLOSED = "这个联络站已撤销，不能再修改。"
#: State in the filter → condition.
STATES: Mapping[str, tuple[str, Q]] = {
    "published": ("已公开", Q(closed_on=None, is_published=True)),
    "unpublished": ("未公开", Q(closed_on=None, is_published=False)),
    "closed": ("已撤销", Q(closed_on__isnull=False)),
}
LEVELS = (
    CongressLevel.NATIONAL,
    CongressLevel.PROVINCE,
    CongressLevel.CITY,
    CongressLevel.COUNTY,
    CongressLevel.TOWNSHIP,
)


def station_list(actor: Actor) -> StationQuerySet:
    """The stations that the actor sees, each with ``deputies`` (how many are placed there now) and ``next_on``
    (the next reception day): one query."""
    placed = Placement.objects.unscoped(reason="a number only").in_force().filter(station=OuterRef("pk")).order_by()
    days = RotaDay.objects.unscoped(reason="a day only").standing()
    coming = days.filter(station=OuterRef("pk"), on__gte=timezone.localdate()).order_by("on")
    return (
        Station.objects.visible_to(actor)
        .select_related("region")
        .defer("search", "introduction")
        .annotate(
            deputies=Coalesce(Subquery(placed.values("station").annotate(n=Count("pk")).values("n")), 0),
            next_on=Subquery(coming.values("on")[:1]),
        )
    )


def by_words(stations: StationQuerySet, text: str) -> StationQuerySet:
    """Stations whose name, place or address holds the words, or where a deputy of that name is placed."""
    text = text.strip()
    placed = Placement.objects.unscoped(reason="among stations that the actor sees").in_force()
    placed = placed.filter(mandate__person__name__contains=text)
    condition = Q(pk__in=placed.values("station_id"))
    if (query := search_query(text)) is not None:
        condition |= Q(search=query)
    return stations.filter(condition)


def get_station_for(actor: Actor, public_id: UUID | str) -> Station:
    """One station with region and office.

    Raises:
        NotFound: no such station, or not visible to the actor.
    """
    found = Station.objects.visible_to(actor).select_related("region", "office").defer("search")
    station = found.filter(public_id=public_id).first()
    if station is None:
        raise NotFound
    return station


def get_kept_station(actor: Actor, public_id: UUID | str) -> Station:
    """One station that may still be changed.

    Raises:
        NotFound: as ``get_station_for``.
        DomainError: it is closed.
    """
    station = get_station_for(actor, public_id)
    if not station.is_open:
        raise DomainError(CLOSED, code="station_closed")
    return station


def may_keep(actor: Actor, station: Station) -> bool:
    """Whether the actor keeps this station now: staff who may, while it is not closed."""
    return station.is_open and actor.can(Permission.STATION_EDIT)


@dataclass(frozen=True, slots=True)
class HoursOfDay:
    """The opening hours of one weekday in words; ``hours`` is "" when it is closed."""

    weekday: str
    hours: str
    is_today: bool


def week_of(station: Station) -> list[HoursOfDay]:
    """The seven days with their hours; nothing when no hours are registered (one query)."""
    rows: dict[int, list[str]] = {}
    for row in OpeningHours.objects.filter(station=station).order_by("weekday", "starts_at"):
        rows.setdefault(row.weekday, []).append(time_range(row.starts_at, row.ends_at))
    today = timezone.localdate().isoweekday()
    return [
        HoursOfDay(str(day.label), "、".join(rows.get(day.value, [])), day.value == today) for day in Weekday if rows
    ]


def hours_rows(station: Station) -> list[tuple[int, dt.time, dt.time]]:
    """(weekday, from, until) as registered (one query)."""
    rows = OpeningHours.objects.filter(station=station).order_by("weekday", "starts_at")
    return list(rows.values_list("weekday", "starts_at", "ends_at"))


@dataclass(frozen=True, slots=True)
class LevelOfDeputies:
    """The deputies of one level in a station."""

    level: str
    placements: list[Placement]


def placements_of(station: Station) -> QuerySet[Placement]:
    """The placements that count now, with the deputies (one query)."""
    placed = Placement.objects.unscoped(reason="of a station that the actor sees").in_force()
    found = placed.filter(station=station)
    found = found.select_related("mandate__person", "mandate__congress", "mandate__electoral_unit")
    return found.order_by("mandate__person__name", "id")


def deputies_by_level(station: Station) -> list[LevelOfDeputies]:
    """Who is placed there now, from the national level down (one query)."""
    by_level: dict[str, list[Placement]] = {}
    for placement in placements_of(station):
        by_level.setdefault(placement.mandate.congress.level, []).append(placement)
    return [LevelOfDeputies(str(level.label), by_level[level]) for level in LEVELS if level in by_level]


@dataclass(frozen=True, slots=True)
class OwnStation:
    """A station of the actor's.

    Args:
        placements: by which mandates.
        hours: when it is open, in one line; "" when no hours are registered.
    """

    station: Station
    placements: list[Placement]
    hours: str


def own_stations(actor: Actor) -> list[OwnStation]:
    """The stations that the actor is placed in, the 代表联络站 before studios (two queries)."""
    placed = Placement.objects.unscoped(reason="the actor's own placements").in_force()
    found = placed.filter(mandate__person_id=actor.deputy_id, station__closed_on=None)
    found = found.select_related("station", "mandate__congress").order_by("kind", "id")
    by_station: dict[int, list[Placement]] = {}
    for placement in found:
        by_station.setdefault(placement.station_id, []).append(placement)
    hours: dict[int, dict[int, list[str]]] = {}
    for row in OpeningHours.objects.filter(station__in=by_station).order_by("weekday", "starts_at"):
        hours.setdefault(row.station_id, {}).setdefault(row.weekday, []).append(time_range(row.starts_at, row.ends_at))
    return [OwnStation(rows[0].station, rows, _in_one_line(hours.get(pk, {}))) for pk, rows in by_station.items()]


def _in_one_line(week: dict[int, list[str]]) -> str:
    """周一、周五09:00至11:30；周三14:30至17:00: days with the same hours together."""
    same: dict[str, list[str]] = {}
    for weekday, ranges in week.items():
        same.setdefault("、".join(ranges), []).append(str(Weekday(weekday).label))
    return "；".join(f"{'、'.join(days)}{words}" for words, days in same.items())


@dataclass(frozen=True, slots=True)
class ClosingCounts:
    """What ends with a station."""

    placements: int
    rota_days: int
    groups: int


def closing_counts(station: Station) -> ClosingCounts:
    """What would end if the station were closed now."""
    today: dt.date = timezone.localdate()
    days = RotaDay.objects.unscoped(reason="a number only").standing()
    return ClosingCounts(
        placements=placements_of(station).count(),
        rota_days=days.filter(station=station, on__gte=today).count(),
        groups=station.groups.filter(dissolved_on=None).count(),
    )
