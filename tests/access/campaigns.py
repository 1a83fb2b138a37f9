"""Who may open the pages of campaigns, quotas and roll-ups. The campaign of the world is organised by the city's
office, runs, and concerns every deputy of the world; both counties see it and may carry it out. The draft is the
city's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.access import CONGRESS, CONGRESS_HANDLERS, DEPUTIES, HANDLERS, Row, each

if TYPE_CHECKING:
    from tests.access.world import World


def campaign(world: World) -> Row:
    return {"public_id": world.campaign.public_id}


def draft(world: World) -> Row:
    return {"public_id": world.draft_campaign.public_id}


def media(world: World) -> Row:
    return {"public_id": world.campaign_media.public_id}


def draft_quota(world: World) -> Row:
    return {"public_id": world.draft_campaign.quotas.get().public_id}


def congress(world: World) -> Row:
    return {"public_id": world.cast.congress.public_id}


#: The city's own, not begun: nobody else sees it.
DRAFT: Row = {**each(200, *HANDLERS), "others": 403, **each(404, "county_clerk", "stranger")}

MATRIX: dict[str, Row] = {
    "campaigns:list": {**each(200, *CONGRESS, *DEPUTIES), "others": 403},
    "campaigns:new": {"query": lambda world: {"template": ""}, **each(200, *CONGRESS_HANDLERS), "others": 403},
    "campaigns:detail": {"args": campaign, **each(200, *CONGRESS, *DEPUTIES), "others": 403},
    "campaigns:edit": {"args": draft, **DRAFT},
    "campaigns:start": {"args": draft, **DRAFT},
    "campaigns:quota_add": {"args": draft, **DRAFT},
    "campaigns:end": {"args": campaign, **each(200, *HANDLERS), "others": 403},
    "campaigns:join": {"args": campaign, **each(200, "county_clerk", "stranger"), "others": 403},
    "campaigns:board": {"args": campaign, **each(200, *CONGRESS), "others": 403},
    "campaigns:export": {"method": "post", "args": campaign, **each(302, *CONGRESS), "others": 403},
    "campaigns:media_add": {"args": campaign, **each(200, *CONGRESS_HANDLERS), "others": 403},
    "campaigns:media_remove": {
        "args": media,
        **each(200, *HANDLERS),
        "others": 403,
        **each(404, "county_clerk", "stranger"),
    },
    "quotas:congress": {"args": congress, **each(200, *CONGRESS), "others": 403},
    "quotas:congress_add": {"args": congress, **each(200, *HANDLERS), "others": 403},
    "quotas:hunan": {"method": "post", "args": congress, **each(302, *HANDLERS), "others": 403},
    "quotas:edit": {"args": draft_quota, **DRAFT},
    "quotas:end": {"args": draft_quota, **DRAFT},
    "rollup:overview": {**each(200, *CONGRESS), "others": 403},
    "rollup:behind": {**each(200, *CONGRESS), "others": 403},
    "rollup:export": {"method": "post", **each(302, *CONGRESS), "others": 403},
}
