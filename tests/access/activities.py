"""Who may open the pages of activities. The activities of the world are the county's, with the deputy and the
cosigner invited: its staff keep them, the city's see them, the neighbour county and the other deputy do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.access import CONGRESS, CONGRESS_HANDLERS, DEPUTIES, OFFICE, Row, each

if TYPE_CHECKING:
    from tests.access.world import World


def planned(world: World) -> Row:
    return {"public_id": world.invited_activity.public_id}


def announced(world: World) -> Row:
    return {"public_id": world.announced_activity.public_id}


def running(world: World) -> Row:
    return {"public_id": world.running_activity.public_id}


def held(world: World) -> Row:
    return {"public_id": world.held_activity.public_id}


def recorded(world: World) -> Row:
    return {"public_id": world.recorded_activity.public_id}


def own(world: World) -> Row:
    return {"public_id": world.own_activity.public_id}


def returned(world: World) -> Row:
    return {"public_id": world.returned_activity.public_id}


def part(world: World) -> Row:
    activity = world.invited_activity
    return {"public_id": activity.public_id, "part_id": activity.parts.first().public_id}  # type: ignore[union-attr]


def picture(world: World) -> Row:
    return {"public_id": world.held_activity.public_id, "file_id": world.activity_picture.public_id}


#: The county's office organises it; the city's, above it, sees it (``of_own_office``).
KEPT: Row = {"county_clerk": 200, "stranger": 404, "others": 403}
#: What invited deputies do.
INVITED: Row = {**each(200, "deputy", "cosigner"), **each(404, *CONGRESS, "other_deputy"), "others": 403}
#: What only the deputy who wrote it does.
WRITER: Row = {"deputy": 200, **each(404, *CONGRESS, "cosigner", "other_deputy"), "others": 403}

MATRIX: dict[str, Row] = {
    "activities:list": {**each(200, *CONGRESS), **each(302, *DEPUTIES), "others": 403},
    "activities:month": {**each(200, *CONGRESS, *DEPUTIES), "others": 403},
    "activities:new": {**each(200, *CONGRESS_HANDLERS), "others": 403},
    "activities:mine": {**each(200, *DEPUTIES), **each(404, *CONGRESS), "others": 403},
    "activities:own_new": {**each(200, *DEPUTIES), **each(404, *CONGRESS), "others": 403},
    "activities:detail": {
        "args": announced,
        **each(200, *OFFICE, "county_clerk", "deputy", "cosigner"),
        **each(404, "stranger", "other_deputy"),
        "others": 403,
    },
    "activities:edit": {"args": planned, **KEPT},
    "activities:announce": {"args": planned, **KEPT},
    "activities:hold": {"args": running, **KEPT},
    "activities:cancel": {"args": planned, **KEPT},
    "activities:invite": {"args": planned, **KEPT},
    "activities:uninvite": {"args": part, **KEPT},
    "activities:attendance": {"args": running, **KEPT},
    "activities:code": {"args": running, **KEPT},
    "activities:code_close": {
        "args": running,
        "method": "post",
        "county_clerk": 302,
        "stranger": 404,
        "others": 403,
    },
    "activities:record": {"args": held, **KEPT},
    "activities:file_remove": {"args": picture, **KEPT},
    "activities:reopen": {"args": recorded, **KEPT},
    "activities:reply": {"args": announced, **INVITED},
    "activities:sign_in": {"args": running, **INVITED},
    "activities:own_edit": {"args": returned, **WRITER},
    "activities:own_withdraw": {"args": own, **WRITER},
    "activities:own_confirm": {"args": own, **KEPT},
    "activities:own_return": {"args": own, **KEPT},
    "calendar_feeds:mine": {**each(200, *DEPUTIES), **each(404, *CONGRESS), "others": 403},
    "calendar_feeds:stop": {"method": "post", **each(302, *DEPUTIES), **each(404, *CONGRESS), "others": 403},
    "calendar_feeds:feed": {"args": lambda world: {"secret": world.calendar_secret}, "anonymous": 200, "others": 200},
}
