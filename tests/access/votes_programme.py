"""Who gets which answer: the year's programme, proposals and candidates.

All are of 赫山区: staff of the city see them, the county's office (``county_clerk``) handles them, the neighbour sees
nothing. The deputies of the cast sit in the county's congress too; the units are the city's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.access import CONGRESS, CONGRESS_HANDLERS, DEPUTIES, OFFICE, UNITS, Row, each

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.access.world import World


def collecting(world: World) -> Row:
    return {"public_id": world.collecting_programme.public_id}


def of_collecting(world: World) -> Row:
    return {"programme_id": world.collecting_programme.public_id}


def of_listed(world: World) -> Row:
    return {"programme_id": world.listed_programme.public_id}


def proposal(world: World) -> Row:
    return {"public_id": world.proposal.public_id}


def draft(world: World) -> Row:
    return {"public_id": world.draft_candidate.public_id}


def listed(world: World) -> Row:
    return {"public_id": world.listed_programme.candidates.get(number=1).public_id}


def public_id(name: str) -> Callable[[World], Row]:
    return lambda world: {"public_id": getattr(world, name).public_id}


OWN_OFFICE: Row = {"county_clerk": 200, "stranger": 404, "others": 403}
STAFF: Row = {**each(200, *OFFICE, "county_clerk"), "stranger": 404, "others": 403}
FOLLOWERS: Row = {**STAFF, **each(200, *DEPUTIES), **each(404, *UNITS)}
EVERYBODY: Row = {"anonymous": 200, "others": 200}

MATRIX: dict[str, Row] = {
    "programmes:list": {**each(200, *CONGRESS, *DEPUTIES, *UNITS), "others": 403},
    "programmes:new": {**each(200, *CONGRESS_HANDLERS), "others": 403},
    "programmes:detail": {"args": collecting, **FOLLOWERS},
    "programmes:edit": {"args": collecting, **OWN_OFFICE},
    "programmes:open_call": {"args": public_id("new_programme"), **OWN_OFFICE},
    "programmes:close_call": {"args": collecting, **OWN_OFFICE},
    # the city's approver is not the county's
    "programmes:reopen_call": {"args": public_id("screened_programme"), "others": 403},
    "programmes:approve_list": {"args": public_id("screened_programme"), "others": 403},
    "programmes:reopen_list": {"args": public_id("listed_programme"), "others": 403},
    "programmes:close": {"args": public_id("listed_programme"), "others": 403},
    "proposals:mine": {**each(200, *DEPUTIES, *UNITS), "others": 403},
    "proposals:desk": {"args": of_collecting, **STAFF},
    "proposals:new": {"args": of_collecting, **each(200, *DEPUTIES), **each(404, *UNITS), "others": 403},
    "proposals:paper": {"args": of_collecting, **OWN_OFFICE},
    "proposals:import": {"args": of_collecting, **OWN_OFFICE},
    "proposals:template": {"args": of_collecting, **OWN_OFFICE},
    "proposals:apply": {"method": "post", "args": of_collecting, **OWN_OFFICE, "county_clerk": 422},
    "proposals:merge": {
        "args": of_collecting,
        "query": lambda world: {"one": [world.proposal.public_id, world.other_proposal.public_id]},
        **OWN_OFFICE,
    },
    "proposals:detail": {"args": proposal, **STAFF, **each(404, *DEPUTIES, *UNITS)},
    "proposals:contact": {"method": "post", "args": proposal, **OWN_OFFICE},
    "proposals:reject": {"args": proposal, **OWN_OFFICE},
    "proposals:adopt": {"args": proposal, **OWN_OFFICE},
    "proposals:reopen": {"args": public_id("rejected_proposal"), **OWN_OFFICE},
    "candidates:list": {"args": of_listed, **FOLLOWERS},
    "candidates:new": {"args": of_collecting, **OWN_OFFICE},
    "candidates:order": {"args": of_collecting, **OWN_OFFICE},
    "candidates:detail": {"args": listed, **FOLLOWERS},
    "candidates:edit": {"args": draft, **OWN_OFFICE},
    "candidates:withdraw": {"args": draft, **OWN_OFFICE},
    "candidates:restore": {"args": public_id("withdrawn_candidate"), **OWN_OFFICE},
    "candidates:remove_picture": {
        "method": "post",
        "args": lambda world: {**draft(world), "picture_id": world.draft_picture.public_id},
        **OWN_OFFICE,
        "county_clerk": 302,
    },
    "candidates:comment": {"method": "post", "args": listed, **each(422, *DEPUTIES), "others": 403},
    "candidates:answer": {
        "args": lambda world: {
            "public_id": world.candidate_comment.candidate.public_id,
            "comment_id": world.candidate_comment.public_id,
        },
        **OWN_OFFICE,
    },
    "open_projects:index": EVERYBODY,
    "open_projects:receipt": EVERYBODY,
    "open_projects:programme": {"args": collecting, **EVERYBODY},
    "open_projects:propose": {"args": collecting, **EVERYBODY},
    "open_projects:picture": {"args": lambda world: {"picture_id": world.listed_picture.public_id}, **EVERYBODY},
}
