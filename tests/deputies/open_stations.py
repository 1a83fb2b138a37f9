"""A published station with deputies, made straight from the models: for tests of what everybody sees."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from deputies.models import Mandate, OpeningHours, Placement, PublicProfile, RotaDay, RotaDuty, Station, StationKind
from tests.cast import Cast

MORNING, NOON = dt.time(9), dt.time(11, 30)


def make_station(cast: Cast, name: str = "八字哨镇代表联络站", *, region: str = "town", **fields: Any) -> Station:
    """Published, unless said otherwise; kept by the county's office."""
    place = cast.regions[region]
    values: dict[str, Any] = {
        "kind": StationKind.STATION,
        "address": "镇政府院内一楼" if fields.get("kind") != StationKind.ONLINE else "",
        "is_published": True,
        "opened_on": dt.date(2022, 6, 1),
        "office": cast.offices["county_office"],
    } | fields
    return Station.objects.create(name=name, region=place, region_prefix=place.prefix, **values)


def place(station: Station, mandate: Mandate, **fields: Any) -> Placement:
    return Placement.objects.create(
        station=station, mandate=mandate, kind=station.kind, **({"started_on": station.opened_on} | fields)
    )


def hours(station: Station, *days: int) -> None:
    OpeningHours.objects.bulk_create(
        OpeningHours(station=station, weekday=day, starts_at=MORNING, ends_at=NOON) for day in days
    )


def rota(station: Station, *mandates: Mandate, days: int = 3, **fields: Any) -> RotaDay:
    """A reception day, so many days from today."""
    on = timezone.localdate() + dt.timedelta(days=days)
    day = RotaDay.objects.create(station=station, on=on, **({"starts_at": MORNING, "ends_at": NOON} | fields))
    for mandate in mandates:
        RotaDuty.objects.create(rota_day=day, mandate=mandate)
    return day


def profile(mandate: Mandate, **fields: Any) -> PublicProfile:
    return PublicProfile.objects.create(person=mandate.person, **fields)
