"""Who gets which answer: draws by lot and yearly figures.

``draw`` belongs to the city's office and is public; ``listed_draw`` is another one whose list is not fixed yet;
``summary_row`` is the city's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.access import (
    CONGRESS,
    CONGRESS_HANDLERS,
    DEPUTIES,
    HANDLERS,
    OFFICE,
    ROLES,
    UNITS,
    Row,
    each,
)

if TYPE_CHECKING:
    from tests.access.world import World


def draw(world: World) -> Row:
    return {"public_id": world.draw.public_id}


def listed_draw(world: World) -> Row:
    return {"public_id": world.listed_draw.public_id}


#: Other offices' handlers may prepare draws, but not see this one.
DRAWING: Row = {"args": listed_draw, **each(200, *HANDLERS), **each(404, "county_clerk", "stranger"), "others": 403}
EVERYBODY: Row = {**each(200, *ROLES), "others": 200}

ROW: Row = {
    "args": lambda world: {"public_id": world.summary_row.public_id},
    **each(200, *HANDLERS),
    **each(404, "county_clerk", "stranger"),
    "others": 403,
}

MATRIX: dict[str, Row] = {
    "draws:list": {**each(200, *CONGRESS, *DEPUTIES, *UNITS), "others": 403},
    "draws:add": {**each(200, *CONGRESS_HANDLERS), "others": 403},
    "draws:detail": {
        "args": draw,
        **each(200, *OFFICE, *DEPUTIES, *UNITS),
        **each(404, "county_clerk", "stranger"),
        "others": 403,
    },
    "draws:edit": DRAWING,
    "draws:discard": DRAWING,
    "draws:fix": DRAWING,
    "draws:run": {**DRAWING, "args": draw},
    "draws:round": {**DRAWING, "args": draw},
    "open_draws:draw": {"args": draw, **EVERYBODY},
    "open_draws:list_file": {"args": draw, **EVERYBODY},
    "summary:overview": {**each(200, *CONGRESS), "others": 403},
    "summary:export": {"method": "post", **each(302, *CONGRESS), "others": 403},
    "summary:rows": {**each(200, *CONGRESS), "others": 403},
    "summary:add": {**each(200, *CONGRESS_HANDLERS), "others": 403},
    "summary:edit": ROW,
    "summary:delete": ROW,
}
