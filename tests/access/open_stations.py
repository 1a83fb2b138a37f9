"""Routes of what everybody sees of stations and deputies, of public profiles, and of boards and signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.access import DEPUTIES, HANDLERS, OFFICE, SIGNED_IN, Row, each

if TYPE_CHECKING:
    from tests.access.world import World


def station(world: World) -> Row:
    return {"public_id": world.open_station.public_id}


def person(world: World) -> Row:
    """The deputy, shown with a photograph in the published station."""
    return {"public_id": world.open_deputy.public_id}


EVERYBODY: Row = {**each(200, "anonymous", *SIGNED_IN), "others": 200}
PRINTS: Row = {"args": station, **each(200, *OFFICE, "county_clerk", *DEPUTIES), "stranger": 404, "others": 403}

MATRIX: dict[str, Row] = {
    "open_stations:list": EVERYBODY,
    "open_stations:detail": {"args": station, **EVERYBODY},
    "open_stations:qr": {"args": station, **EVERYBODY},
    "open_deputies:detail": {"args": person, **EVERYBODY},
    "open_deputies:photo": {"args": person, **EVERYBODY},
    "open_deputies:qr": {"args": person, **EVERYBODY},
    "station_prints:board": PRINTS,
    "station_prints:sign": PRINTS,
    "profiles:mine": {**each(200, *DEPUTIES), "others": 403},
    "profiles:edit": {"args": person, **each(200, *HANDLERS, "county_clerk"), "stranger": 404, "others": 403},
}
