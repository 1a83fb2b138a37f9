"""What everybody sees of the liaison stations: where they are, when they are open, who receives people when."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q
from django.db.models.functions import Left
from django.utils import timezone

from deputies.models import OpeningHours, RotaDay, RotaDuty, Station, StationKind
from deputies.models.station import time_range
from deputies.selectors.open_deputy import OpenDeputy, open_deputies, shown_placements
from liaison.actor import ANONYMOUS
from liaison.exceptions import NotFound
from liaison.models import Region
from liaison.selectors.region import region_path

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from deputies.models import StationQuerySet
    from liaison.actor import Actor

#: How far the public rota looks ahead.
ROTA_DAYS = 30
#: Digits of the level below, by digits of a place's prefix; "" is the whole country.
_BELOW = {0: 4, 2: 4, 4: 6, 6: 9}
MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Places:
    """Where one is on the way from the province down, and where stations are below.

    Args:
        here: the chosen place; None for everywhere.
    """

    here: Region | None
    way: list[Region]
    below: list[Region]


@dataclass(frozen=True, slots=True)
class DayHours:
    """Opening hours of one day of the week, or of days in a row that are alike."""

    days: str
    hours: str


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A reception day as everybody sees it."""

    on: dt.date
    hours: str
    note: str
    is_cancelled: bool
    deputies: list[OpenDeputy]


def published_stations() -> StationQuerySet:
    """Stations of which everybody may know."""
    return Station.objects.visible_to(ANONYMOUS).select_related("region", "office")


def open_stations(q: str = "", region: Region | None = None) -> StationQuerySet:
    """Published stations with their hours; every word of ``q`` stands in name, address or place, or is part of
    the name of a deputy there whom everybody may see."""
    stations = published_stations().prefetch_related("hours")
    if region is not None:
        stations = stations.filter(region_prefix__startswith=region.prefix)
    for word in words_of(q):
        named = shown_placements().filter(mandate__person__name__contains=word)
        stations = stations.filter(
            Q(name__contains=word)
            | Q(address__contains=word)
            | Q(region__full_name__contains=word)
            | Q(pk__in=named.order_by().values("station_id"))
        )
    return stations


def words_of(q: str) -> list[str]:
    """What is looked for, each word once."""
    return list(dict.fromkeys(unicodedata.normalize("NFKC", q).split()))[:MOST_WORDS]


def named_deputies(stations: Iterable[Station], q: str) -> dict[int, list[OpenDeputy]]:
    """The deputies whose names hold a word of the query, by station (one query, none without words)."""
    words, stations = words_of(q), list(stations)
    if not words or not stations:
        return {}
    condition = Q()
    for word in words:
        condition |= Q(mandate__person__name__contains=word)
    found: dict[int, list[OpenDeputy]] = defaultdict(list)
    mandates = defaultdict(list)
    for placement in shown_placements().filter(condition, station__in=stations):
        mandates[placement.station_id].append(placement.mandate)
    for station_id, known in mandates.items():
        found[station_id] = open_deputies(known)
    return found


def place_of(code: str) -> Region | None:
    """The place with this code; None when there is none."""
    return Region.objects.visible_to(ANONYMOUS).filter(code=code).first() if code else None


def places(region: Region | None) -> Places:
    """The way to a place, and those below it where there are stations (three queries)."""
    prefix = region.prefix if region else ""
    digits = _BELOW.get(len(prefix), 0)
    below: list[Region] = []
    if digits:
        stations = Station.objects.visible_to(ANONYMOUS).filter(region_prefix__startswith=prefix)
        found = stations.annotate(place=Left("region_prefix", digits)).order_by().values_list("place", flat=True)
        wanted = {place for place in found.distinct() if len(place) == digits}
        below = list(Region.objects.visible_to(ANONYMOUS).filter(prefix__in=wanted).order_by("prefix"))
    return Places(here=region, way=region_path(region) if region else [], below=below)


def online_station(region: Region | None) -> Station | None:
    """线上总站 of a place, or of the nearest place above it that has one (one query)."""
    if region is None:
        return None
    above = [region.prefix[:digits] for digits in (2, 4, 6, 9) if digits <= len(region.prefix)]
    found = published_stations().prefetch_related("hours").filter(kind=StationKind.ONLINE, region_prefix__in=above)
    return max(found, key=lambda station: len(station.region_prefix), default=None)


def get_open_station(public_id: UUID) -> Station:
    """A published station.

    Raises:
        NotFound: no such station, closed, or not published: the same answer for all.
    """
    station = published_stations().prefetch_related("hours").filter(public_id=public_id).first()
    if station is None:
        raise NotFound
    return station


def get_printed_station(actor: Actor, public_id: UUID) -> Station:
    """A station for whose wall something is printed; it need not be published yet, but not be closed.

    Raises:
        NotFound: no such station, or not visible to the actor.
    """
    stations = Station.objects.visible_to(actor).in_use().select_related("region", "office")
    station = stations.prefetch_related("hours").filter(public_id=public_id).first()
    if station is None:
        raise NotFound
    return station


def week_of(hours: Iterable[OpeningHours]) -> list[DayHours]:
    """周一至周五 09:00至11:30、14:30至17:00: days in a row with the same hours in one line."""
    by_day: dict[int, list[str]] = defaultdict(list)
    for one in sorted(hours, key=lambda one: (one.weekday, one.starts_at)):
        by_day[one.weekday].append(time_range(one.starts_at, one.ends_at))
    lines: list[tuple[int, int, str]] = []
    for day in sorted(by_day):
        text = "、".join(by_day[day])
        if lines and lines[-1][1] == day - 1 and lines[-1][2] == text:
            lines[-1] = (lines[-1][0], day, text)
        else:
            lines.append((day, day, text))
    return [DayHours(days=_days(first, last), hours=text) for first, last, text in lines]


def _days(first: int, last: int) -> str:
    names = "一二三四五六日"
    if first == last:
        return f"周{names[first - 1]}"
    if last == first + 1:
        return f"周{names[first - 1]}、周{names[last - 1]}"
    return f"周{names[first - 1]}至周{names[last - 1]}" if (first, last) != (1, 7) else "每天"


def rota_of(station: Station, *, days: int = ROTA_DAYS) -> list[OpenDay]:
    """The reception days to come, with the deputies whom everybody may see (three queries)."""
    return [day for _station, day in _rota(Q(station=station), days)]


def rota_of_deputy(public_id: UUID, *, days: int = ROTA_DAYS) -> list[tuple[Station, OpenDay]]:
    """When and where a deputy receives people in the days to come; cancelled days are left out."""
    mine = Q(duties__mandate__person__public_id=public_id, station__is_published=True, station__closed_on=None)
    return [(station, day) for station, day in _rota(mine, days) if not day.is_cancelled]


def _rota(condition: Q, days: int) -> list[tuple[Station, OpenDay]]:
    today = timezone.localdate()
    rota = RotaDay.objects.unscoped(reason="the rota of stations that the caller may show")
    rota = rota.filter(condition, on__range=(today, today + dt.timedelta(days=days)))
    rota = rota.select_related("station").order_by("on", "starts_at", "id").distinct()
    found = list(rota.prefetch_related(Prefetch("duties", queryset=RotaDuty.objects.order_by("id"))))
    wanted = {duty.mandate_id for day in found for duty in day.duties.all()}
    shown = {one.mandate_id: one.mandate for one in shown_placements().filter(mandate_id__in=wanted)} if wanted else {}
    standing = {(day.station_id, day.on, day.starts_at) for day in found if day.cancelled_at is None}
    return [
        (
            day.station,
            OpenDay(
                on=day.on,
                hours=day.hours,
                note=day.note,
                is_cancelled=day.cancelled_at is not None,
                deputies=open_deputies(shown[duty.mandate_id] for duty in day.duties.all() if duty.mandate_id in shown),
            ),
        )
        for day in found
        # a day that was cancelled and planned anew is told once
        if day.cancelled_at is None or (day.station_id, day.on, day.starts_at) not in standing
    ]
