"""Who may open the pages of the duty file. The deputy of the world belongs to the city's congress and was elected in
the county: the county's staff read the file, the city's staff keep it, the neighbour county finds nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.access import CONGRESS, CONGRESS_HANDLERS, DEPUTIES, HANDLERS, OFFICE, Row, each

if TYPE_CHECKING:
    from tests.access.world import World


def of_deputy(world: World) -> Row:
    return {"public_id": world.mandate.public_id}


def of_year(world: World) -> Row:
    return {"public_id": world.duty_entry.mandate.public_id, "period": "2025"}


def entry(world: World) -> Row:
    return {"public_id": world.duty_entry.public_id}


def contest(world: World) -> Row:
    return {"public_id": world.duty_contest.public_id}


def freeze(world: World) -> Row:
    return {"public_id": world.duty_year.public_id}


def congress(world: World) -> Row:
    return {"congress_id": world.cast.congress.public_id}


#: Whoever sees the file of the deputy.
SEEN: Row = {
    **each(200, *OFFICE, "county_clerk", "deputy"),
    **each(404, "stranger", "cosigner", "other_deputy"),
    "others": 403,
}
#: Whoever keeps it: of all who may keep one, only its own congress's staff.
KEPT: Row = {**each(200, *HANDLERS), "stranger": 404, "others": 403}

MATRIX: dict[str, Row] = {
    "duty:list": {**each(200, *CONGRESS), **each(302, *DEPUTIES), "others": 403},
    "duty:mine": {**each(302, *DEPUTIES), **each(404, *CONGRESS), "others": 403},
    "duty:absences": {**each(200, *CONGRESS_HANDLERS), "others": 403},
    "duty:export_all": {"method": "post", **each(404, *CONGRESS_HANDLERS), "others": 403},
    "duty:file_now": {"args": of_deputy, **SEEN, **each(302, *OFFICE, "county_clerk", "deputy")},
    "duty:file": {"args": of_year, **SEEN},
    "duty:print": {"args": of_year, **SEEN},
    "duty:export": {
        "method": "post",
        "args": of_year,
        **SEEN,
        **each(302, *OFFICE, "county_clerk", "deputy"),
    },
    "duty:check": {"method": "post", "args": of_year, **KEPT, **each(409, *HANDLERS), "county_clerk": 422},
    "duty:missing": {
        "args": of_deputy,
        "deputy": 200,
        **each(404, "stranger", "cosigner", "other_deputy"),
        "others": 403,
    },
    "duty:contest_entry": {
        "args": entry,
        "deputy": 200,
        **each(404, *CONGRESS, "cosigner", "other_deputy"),
        "others": 403,
    },
    "duty:contests": {**each(200, *CONGRESS, *DEPUTIES), "others": 403},
    "duty:contest": {"args": contest, **SEEN},
    "duty:contest_accept": {"args": contest, **KEPT},
    "duty:contest_refuse": {"args": contest, **KEPT},
    "duty:contest_withdraw": {
        "args": contest,
        "deputy": 200,
        **each(404, "stranger", "cosigner", "other_deputy"),
        "others": 403,
    },
    "duty:years": {**each(200, *CONGRESS_HANDLERS), "others": 403},
    # other places' deputies stand in it: the counties below read their own deputies' files only
    "duty:year": {"args": freeze, **each(200, *HANDLERS), **each(404, "county_clerk", "stranger"), "others": 403},
    "duty:year_text": {"args": freeze, **each(200, *HANDLERS), **each(404, "county_clerk", "stranger"), "others": 403},
    "duty:year_close": {
        "args": lambda world: {**congress(world), "year": 2023},
        "approver": 200,
        "others": 403,
    },
    "duty:sessions": {"args": congress, **each(200, *HANDLERS), "others": 403},
    "duty:roll": {
        "args": lambda world: {**congress(world), "session_id": world.cast.session.pk},
        **each(200, *HANDLERS),
        "others": 403,
    },
}
