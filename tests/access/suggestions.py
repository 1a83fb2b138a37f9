"""Routes of the suggestions package.

``suggestion`` is led by the deputy, co-signed by the cosigner, belongs to the city's office, and the unit is working
on it. ``transfer`` was made from another one and has been signed for by the city's procuratorate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.access import (
    CONGRESS,
    DEPUTIES,
    HANDLERS,
    OFFICE,
    PROSECUTORS,
    UNITS,
    Row,
    each,
)

if TYPE_CHECKING:
    from tests.access.world import World


def suggestion(world: World) -> Row:
    return {"public_id": world.suggestion.public_id}


def waiting(world: World) -> Row:
    """One that the office has yet to sort."""
    return {"public_id": world.submitted.public_id}


def draft(world: World) -> Row:
    return {"public_id": world.draft.public_id}


def transfer(world: World) -> Row:
    return {"public_id": world.transfer.public_id}


#: Other offices' handlers may sort suggestions, but not see this one.
SORTING: Row = {**each(200, *HANDLERS), **each(404, "county_clerk", "stranger"), "others": 403}
OWN_DRAFT: Row = {"args": draft, "deputy": 200, **each(404, "cosigner", "other_deputy"), "others": 403}

MATRIX: dict[str, Row] = {
    "suggestions:desk": {**each(200, *CONGRESS, *UNITS), **each(302, *DEPUTIES), "others": 403},
    "suggestions:export": {"method": "post", **each(302, *CONGRESS, *UNITS, *DEPUTIES), "others": 403},
    "suggestions:mine": {**each(200, *DEPUTIES), "others": 403},
    "suggestions:new": {**each(200, *DEPUTIES), "others": 403},
    "suggestions:autosave": {"method": "post", **each(422, *DEPUTIES), "others": 403},
    "suggestions:submit": {"method": "post", **each(422, *DEPUTIES), "others": 403},
    "suggestions:detail": {
        "args": suggestion,
        **each(200, *OFFICE, "deputy", "cosigner", "unit"),
        "others": 404,
    },
    "suggestions:edit": OWN_DRAFT,
    "suggestions:check": OWN_DRAFT,
    "suggestions:discard": OWN_DRAFT,
    "suggestions:cosigners": OWN_DRAFT,
    "suggestions:submitted": {**OWN_DRAFT, "args": waiting},
    "suggestions:withdraw": {
        "method": "post",
        "args": lambda world: {**draft(world), "person_id": world.cast.people["cosigner"].public_id},
        **each(404, *DEPUTIES),
        "others": 403,
    },
    "suggestions:cosign": {
        "args": lambda world: {"public_id": world.invited.public_id},
        "cosigner": 200,
        **each(404, "deputy", "other_deputy"),
        "others": 403,
    },
    "suggestions:return": {"args": waiting, **SORTING},
    "suggestions:register": {"args": waiting, **SORTING},
    "suggestions:refuse": {"args": waiting, "approver": 200, "others": 403},
    "suggestions:assign": {"args": lambda world: {"public_id": world.registered.public_id}, **SORTING},
    "suggestions:sign": {
        "method": "post",
        "args": lambda world: {"public_id": world.assigned.public_id},
        "unit": 302,
        "other_unit": 404,
        "others": 403,
    },
    "suggestions:answer": {"args": suggestion, "unit": 200, "other_unit": 404, "others": 403},
    "suggestions:fulfil": {
        "args": lambda world: {"public_id": world.promised.suggestion.public_id, "answer_id": world.promised.public_id},
        "unit": 200,
        "other_unit": 404,
        "others": 403,
    },
    "suggestions:read": {
        "method": "post",
        "args": lambda world: {"public_id": world.promised.suggestion.public_id},
        "deputy": 302,
        **each(404, "cosigner", "other_deputy"),
        "others": 403,
    },
    "suggestions:rate": {
        "args": lambda world: {"public_id": world.promised.suggestion.public_id},
        "deputy": 200,
        **each(404, "cosigner", "other_deputy"),
        "others": 403,
    },
    "suggestions:close_unrated": {"args": lambda world: {"public_id": world.promised.suggestion.public_id}, **SORTING},
    # nobody is dissatisfied, so there is nothing to conclude yet
    "suggestions:conclude": {
        "args": lambda world: {"public_id": world.promised.suggestion.public_id},
        **SORTING,
        **each(409, *HANDLERS),
    },
    "transfers:desk": {**each(200, *CONGRESS, *PROSECUTORS), "others": 403},
    "transfers:statistics": {**each(200, *CONGRESS, *PROSECUTORS), "others": 403},
    "transfers:download": {**each(200, *CONGRESS, *PROSECUTORS), "others": 403},
    "transfers:mark": {
        "args": lambda world: {"suggestion_id": world.registered.public_id},
        **each(200, *HANDLERS),
        **each(404, "county_clerk", "stranger"),
        "others": 403,
    },
    "transfers:detail": {"args": transfer, **each(200, *OFFICE, "prosecutor", "deputy"), "others": 404},
    "transfers:update": {"args": lambda world: {"public_id": world.marked.public_id}, **SORTING},
    "transfers:approve": {"args": lambda world: {"public_id": world.marked.public_id}, "approver": 200, "others": 403},
    "transfers:reject": {"args": lambda world: {"public_id": world.marked.public_id}, "approver": 200, "others": 403},
    "transfers:receive": {
        "args": lambda world: {"public_id": world.transferred.public_id},
        "prosecutor": 200,
        "other_prosecutor": 404,
        "others": 403,
    },
    "transfers:request_info": {"args": transfer, "prosecutor": 200, "other_prosecutor": 404, "others": 403},
    "transfers:opine": {"args": transfer, "prosecutor": 200, "other_prosecutor": 404, "others": 403},
    "transfers:progress": {
        "args": lambda world: {"public_id": world.filed.public_id, "step": "recommend"},
        "prosecutor": 200,
        "other_prosecutor": 404,
        "others": 403,
    },
    "transfers:supply": {"args": lambda world: {"public_id": world.waiting.public_id}, **SORTING},
}
