"""Routes of stations, placements and groups. The station of the world lies in a town of the county and is not
public; the deputy of the world is placed there and leads a group: city and county staff find them, the neighbour
county does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.access import CONGRESS, CONGRESS_HANDLERS, DEPUTIES, HANDLERS, OFFICE, Row, each

if TYPE_CHECKING:
    from tests.access.world import World


def station(world: World) -> Row:
    return {"public_id": world.placement.station.public_id}


def placement(world: World) -> Row:
    return {"public_id": world.placement.public_id}


def rota_day(world: World) -> Row:
    return {"public_id": world.rota_day.public_id}


def group(world: World) -> Row:
    return {"public_id": world.deputy_group.public_id}


def member(world: World) -> Row:
    return {"public_id": world.group_member.group.public_id, "member_id": world.group_member.public_id}


#: Who keeps what lies in the county.
KEPT: Row = {**each(200, *HANDLERS, "county_clerk"), "stranger": 404, "others": 403}

MATRIX: dict[str, Row] = {
    "stations:list": {**each(200, *CONGRESS, *DEPUTIES), "others": 403},
    "stations:mine": {**each(200, *DEPUTIES), "others": 404},
    "stations:new": {**each(200, *CONGRESS_HANDLERS), "others": 403},
    "stations:bulk": {**each(200, *CONGRESS_HANDLERS), "others": 403},
    "stations:detail": {
        "args": station,
        **each(200, *OFFICE, "county_clerk", "deputy"),
        **each(404, "stranger", "cosigner", "other_deputy"),
        "others": 403,
    },
    "stations:edit": {"args": station, **KEPT},
    "stations:hours": {"args": station, **KEPT},
    "stations:close": {"args": station, **KEPT},
    "stations:rota_add": {"args": station, **KEPT},
    "stations:place": {"args": station, **KEPT},
    "stations:publish": {
        "method": "post",
        "args": station,
        **each(302, *HANDLERS, "county_clerk"),
        "stranger": 404,
        "others": 403,
    },
    "stations:move": {"args": placement, **KEPT},
    "stations:end": {"args": placement, **KEPT},
    "stations:rota_edit": {"args": rota_day, **KEPT},
    "stations:rota_cancel": {"args": rota_day, **KEPT},
    "stations:rota_attend": {"args": rota_day, **KEPT},
    "groups:list": {**each(200, *CONGRESS, *DEPUTIES), "others": 403},
    "groups:new": {**each(200, *CONGRESS_HANDLERS), "others": 403},
    "groups:detail": {
        "args": group,
        **each(200, *OFFICE, "county_clerk", "deputy"),
        **each(404, "stranger", "cosigner", "other_deputy"),
        "others": 403,
    },
    "groups:edit": {"args": group, **KEPT},
    "groups:dissolve": {"args": group, **KEPT},
    "groups:member": {"args": group, **KEPT, **each(302, *HANDLERS, "county_clerk")},
    "groups:member_role": {"args": member, **KEPT},
    "groups:member_remove": {"args": member, **KEPT},
}
