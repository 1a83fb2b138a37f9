"""Routes of the deputies package. The deputy of the world has a mandate in the city's congress and lives in the
county: city and county staff find them, the neighbour county does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.access import CONGRESS, CONGRESS_HANDLERS, DEPUTIES, HANDLERS, OFFICE, Row, each

if TYPE_CHECKING:
    from tests.access.world import World


def person(world: World) -> Row:
    return {"public_id": world.person.public_id}


def mandate(world: World) -> Row:
    return {"public_id": world.mandate.public_id}


def roster(world: World) -> Row:
    return {"public_id": world.roster.public_id}


def congress(world: World) -> Row:
    return {"public_id": world.cast.congress.public_id}


#: A roster belongs to the city's office; other offices do not see it.
OWN_ROSTER: Row = {"args": roster, **each(200, *HANDLERS), **each(404, "county_clerk", "stranger"), "others": 403}
#: The county sees the city's congress, which holds deputies there, but may not change it.
OWN_CONGRESS: Row = {"args": congress, **each(200, *HANDLERS), "others": 403}

MATRIX: dict[str, Row] = {
    "deputies:list": {**each(200, *CONGRESS), "others": 403},
    # the neighbour county has one congress to fill, so it is not asked which
    "deputies:add": {**each(200, *HANDLERS, "county_clerk"), "stranger": 302, "others": 403},
    "deputies:mine": {**each(302, *DEPUTIES), "others": 404},
    "deputies:export": {"method": "post", **each(302, *CONGRESS_HANDLERS), "others": 403},
    "deputies:detail": {"args": person, **each(200, *OFFICE, "county_clerk", "deputy"), "others": 404},
    "deputies:phone": {
        "method": "post",
        "args": person,
        **each(200, *HANDLERS, "county_clerk"),
        **each(403, "colleague", "deputy"),
        "others": 404,
    },
    "deputies:edit": {"args": person, **each(200, *HANDLERS, "county_clerk"), "stranger": 404, "others": 403},
    "deputies:account": {"args": person, **each(200, *HANDLERS, "county_clerk"), "stranger": 404, "others": 403},
    "deputies:mandate_grant": {"args": person, **each(200, *HANDLERS, "county_clerk"), "stranger": 404, "others": 403},
    "deputies:mandate_edit": {"args": mandate, **each(200, *HANDLERS, "county_clerk"), "stranger": 404, "others": 403},
    "deputies:mandate_end": {"args": mandate, **each(200, *HANDLERS, "county_clerk"), "stranger": 404, "others": 403},
    "deputies:mandate_reinstate": {
        "args": mandate,
        **each(200, *HANDLERS, "county_clerk"),
        "stranger": 404,
        "others": 403,
    },
    "deputies:rosters": {**each(200, *CONGRESS_HANDLERS), "others": 403},
    "deputies:roster_template": {
        "query": lambda world: {"congress": str(world.cast.congress.public_id)},
        **each(200, *HANDLERS, "county_clerk"),
        "stranger": 404,
        "others": 403,
    },
    "deputies:roster": OWN_ROSTER,
    "deputies:roster_confirm": OWN_ROSTER,
    "deputies:roster_reread": {**OWN_ROSTER, "method": "post", **each(302, *HANDLERS)},
    "deputies:roster_discard": OWN_ROSTER,
    "congresses:list": {**each(200, *CONGRESS), "others": 403},
    "congresses:add": {**each(200, *CONGRESS_HANDLERS), "others": 403},
    "congresses:detail": {"args": congress, **each(200, *CONGRESS), "others": 403},
    "congresses:edit": OWN_CONGRESS,
    "congresses:settings": OWN_CONGRESS,
    "congresses:session_add": OWN_CONGRESS,
    "congresses:session_edit": {
        **OWN_CONGRESS,
        "args": lambda world: {**congress(world), "session_id": world.cast.session.pk},
    },
    "congresses:unit_add": OWN_CONGRESS,
    "congresses:unit_edit": {
        **OWN_CONGRESS,
        "args": lambda world: {**congress(world), "unit_id": world.electoral_unit.pk},
    },
    "congresses:unit_remove": {
        **OWN_CONGRESS,
        "args": lambda world: {**congress(world), "unit_id": world.electoral_unit.pk},
    },
}
