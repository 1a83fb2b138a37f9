"""Routes of opinions (社情民意). The station of the world's opinions lies in the county and is kept by the city's
office; the deputy stands in it. The county's office sees them, and handles none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.access import CONGRESS, CONGRESS_HANDLERS, DEPUTIES, HANDLERS, OFFICE, UNITS, Row, each

if TYPE_CHECKING:
    from collections.abc import Callable

    from suggestions.models import Opinion
    from tests.access.world import World


def about(find: Callable[[World], Opinion]) -> Callable[[World], Row]:
    return lambda world: {"public_id": find(world).public_id}


new = about(lambda world: world.opinion)
asked = about(lambda world: world.asked_opinion)
handed = about(lambda world: world.handed_opinion)
answered = about(lambda world: world.answered_opinion)
grouped = about(lambda world: world.grouped_opinion)

#: What the office does; the county's clerk sees it and may not.
ACT: Row = {"args": new, **each(200, *HANDLERS), "stranger": 404, "others": 403}
#: Pages of the deputy who stands in the station.
MINE: Row = {"deputy": 200, **each(404, "cosigner", "other_deputy"), "others": 403}

MATRIX: dict[str, Row] = {
    "opinions:desk": {**each(200, *CONGRESS), **each(302, *DEPUTIES, *UNITS), "others": 403},
    "opinions:export": {"method": "post", **each(302, *CONGRESS_HANDLERS), "others": 403},
    "opinions:new": {**each(200, *CONGRESS_HANDLERS), "others": 403},
    "opinions:bulk": {**each(200, *CONGRESS_HANDLERS), "others": 403},
    "opinions:template": {**each(200, *CONGRESS_HANDLERS), "others": 403},
    "opinions:apply": {"method": "post", **each(422, *CONGRESS_HANDLERS), "others": 403},
    "opinions:detail": {
        "args": handed,
        **each(200, *OFFICE, "county_clerk"),
        **each(302, "deputy", "unit"),
        **each(404, "stranger", "cosigner", "other_deputy", "other_unit"),
        "others": 403,
    },
    "opinions:contact": {"method": "post", **ACT},
    "opinions:told": {"method": "post", **ACT, "args": answered, **each(302, *HANDLERS)},
    "opinions:answer": ACT,
    "opinions:assign": ACT,
    "opinions:hand_over": ACT,
    "opinions:hotline": ACT,
    "opinions:recall": {**ACT, "args": asked},
    "opinions:close": ACT,
    "opinions:reopen": {**ACT, "args": answered},
    "opinions:say": {"method": "post", **ACT, **each(422, *HANDLERS)},
    "opinions:category": ACT,
    "opinions:group": ACT,
    "opinions:ungroup": {"method": "post", **ACT, "args": grouped, **each(302, *HANDLERS)},
    "handed_opinions:desk": {**each(200, *UNITS), "others": 403},
    "handed_opinions:detail": {"args": handed, "unit": 200, "other_unit": 404, "others": 403},
    "handed_opinions:answer": {"args": handed, "unit": 200, "other_unit": 404, "others": 403},
    "handed_opinions:say": {"method": "post", "args": handed, "unit": 422, "other_unit": 404, "others": 403},
    "my_opinions:list": {**each(200, *DEPUTIES), "others": 403},
    "my_opinions:record": {**each(200, *DEPUTIES), "others": 403},
    "my_opinions:detail": {"args": new, **MINE},
    "my_opinions:answer": {"args": asked, **MINE},
    "my_opinions:pass_back": {"args": asked, **MINE},
    "my_opinions:say": {"args": asked, **MINE},
    "my_opinions:contact": {"method": "post", "args": asked, **MINE},
    "my_opinions:take": {"method": "post", "args": new, **MINE, "deputy": 302},
    "my_opinions:raise": {"args": new, **MINE},
    "open_opinions:follow": {"anonymous": 200, "others": 200},
    "open_opinions:new": {"anonymous": 200, "others": 200},
}
