"""Routes of reports, their judging and practical deeds. The deputy of the world writes, the cosigner is asked to join;
the city's office receives, the unit answers; the other deputy is a judge, as are two people of the city's office.
Staff of the county see nothing of it: the report is of the city's congress."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.access import CONGRESS, CONGRESS_HANDLERS, DEPUTIES, HANDLERS, OFFICE, SIGNED_IN, UNITS, Row, each

if TYPE_CHECKING:
    from tests.access.world import World


def draft(world: World) -> Row:
    return {"public_id": world.report_draft.public_id}


def waiting(world: World) -> Row:
    return {"public_id": world.report_submitted.public_id}


def accepted(world: World) -> Row:
    return {"public_id": world.report_accepted.public_id}


def transfer(world: World) -> Row:
    return {"public_id": world.report_transferred.public_id}


def author(world: World) -> Row:
    return {"public_id": world.report_draft.public_id, "author_id": world.report_draft.authors.get().public_id}


def new_judging(world: World) -> Row:
    return {"public_id": world.judging_draft.public_id}


def running(world: World) -> Row:
    return {"public_id": world.judging_running.public_id}


def closed(world: World) -> Row:
    return {"public_id": world.judging_closed.public_id}


def judge(world: World) -> Row:
    return new_judging(world) | {"judge_id": world.judging_draft.judges.first().public_id}


def paper(world: World) -> Row:
    return running(world) | {"entry_id": world.judging_running.entries.get().public_id}


def deed(world: World) -> Row:
    return {"public_id": world.deed.public_id}


#: Everybody who may look at reports at all; where they have nothing to do with one, it is not there.
VIEWERS = (*CONGRESS, *DEPUTIES, *UNITS)
#: An act of the city's office on what the counties do not see.
CITY: Row = {**each(200, *HANDLERS), **each(404, "county_clerk", "stranger"), "others": 403}
CITY_PRESS: Row = {**each(302, *HANDLERS), **each(404, "county_clerk", "stranger"), "others": 403}

MATRIX: dict[str, Row] = {
    # ── the desk ─────────────────────────────────────────────────────────────────────────────────
    "reports:list": {**each(200, *CONGRESS), **each(302, *DEPUTIES, *UNITS), "others": 403},
    "reports:export": {"method": "post", **each(302, *CONGRESS_HANDLERS), "others": 403},
    "reports:detail": {
        "args": waiting,
        **each(200, *OFFICE),
        "deputy": 302,
        **each(404, "county_clerk", "stranger", "cosigner", "other_deputy", *UNITS),
        "others": 403,
    },
    "reports:accept": {"method": "post", "args": waiting, **CITY_PRESS},
    "reports:return": {"args": waiting, **CITY},
    "reports:unaccept": {"args": accepted, **CITY},
    "reports:transfer": {"args": accepted, **CITY},
    "reports:transfer_cancel": {"args": transfer, **CITY},
    # ── organs ───────────────────────────────────────────────────────────────────────────────────
    "report_transfers:list": {**each(200, *CONGRESS, *UNITS), "others": 403},
    "report_transfers:detail": {
        "args": transfer,
        "unit": 200,
        **each(302, *OFFICE, "deputy"),
        **each(404, "county_clerk", "stranger", "cosigner", "other_deputy", "other_unit"),
        "others": 403,
    },
    # ── deputies ─────────────────────────────────────────────────────────────────────────────────
    "my_reports:list": {**each(200, *DEPUTIES), "others": 403},
    "my_reports:new": {**each(200, *DEPUTIES), "others": 403},
    "my_reports:autosave": {"method": "post", **each(422, *DEPUTIES), "others": 403},
    "my_reports:detail": {"args": draft, **each(200, "deputy", "cosigner"), "other_deputy": 404, "others": 403},
    "my_reports:edit": {"args": draft, "deputy": 200, **each(404, "cosigner", "other_deputy"), "others": 403},
    "my_reports:submit": {
        "method": "post",
        "args": draft,
        "deputy": 302,
        "other_deputy": 404,
        "others": 403,
    },
    "my_reports:withdraw": {
        "method": "post",
        "args": waiting,
        "deputy": 302,
        **each(404, "cosigner", "other_deputy"),
        "others": 403,
    },
    "my_reports:discard": {"args": draft, "deputy": 200, **each(404, "cosigner", "other_deputy"), "others": 403},
    "my_reports:authors": {"args": draft, "deputy": 200, "other_deputy": 404, "others": 403},
    "my_reports:author_off": {
        "method": "post",
        "args": author,
        "deputy": 302,
        **each(404, "cosigner", "other_deputy"),
        "others": 403,
    },
    "my_reports:respond": {
        "method": "post",
        "args": draft,
        "data": {"answer": "confirm"},
        "cosigner": 302,
        **each(404, "deputy", "other_deputy"),
        "others": 403,
    },
    # ── judging ──────────────────────────────────────────────────────────────────────────────────
    "judgings:list": {**each(200, *CONGRESS), **each(302, *DEPUTIES, *UNITS), "others": 403},
    "judgings:new": {**each(200, *CONGRESS_HANDLERS), "others": 403},
    "judgings:detail": {
        "args": closed,
        **each(200, *OFFICE),
        **each(302, *DEPUTIES, *UNITS),
        **each(404, "county_clerk", "stranger"),
        "others": 403,
    },
    "judgings:edit": {"args": new_judging, **CITY},
    "judgings:papers": {"args": new_judging, **CITY},
    "judgings:judge": {"method": "post", "args": new_judging, **each(404, *CONGRESS_HANDLERS), "others": 403},
    "judgings:judge_off": {"method": "post", "args": judge, **CITY_PRESS},
    "judgings:open": {"method": "post", "args": new_judging, **CITY_PRESS},
    "judgings:extend": {"args": running, **CITY},
    "judgings:close": {"args": running, "approver": 200, "others": 403},
    "judgings:award": {
        "method": "post",
        "args": closed,
        "data": {"award_1": "优秀报告", "count_1": 1},
        **CITY_PRESS,
    },
    "judgings:publish": {"args": closed, **CITY},
    "judgings:booklet": {"method": "post", "args": closed, **CITY_PRESS},
    "my_judgings:list": {**each(200, *VIEWERS), "others": 403},
    "my_judgings:detail": {
        "args": running,
        **each(200, "insider", "approver", "other_deputy"),
        **each(404, "colleague", "county_clerk", "stranger", "deputy", "cosigner", *UNITS),
        "others": 403,
    },
    "my_judgings:sheet": {
        "args": paper,
        **each(200, "insider", "approver", "other_deputy"),
        **each(404, "colleague", "county_clerk", "stranger", "deputy", "cosigner", *UNITS),
        "others": 403,
    },
    # ── deeds ────────────────────────────────────────────────────────────────────────────────────
    "deeds:list": {**each(200, *CONGRESS), **each(302, *DEPUTIES), "others": 403},
    "deeds:new": {**each(200, *CONGRESS_HANDLERS), "others": 403},
    "deeds:detail": {
        "args": deed,
        **each(200, *OFFICE),
        **each(302, *DEPUTIES),
        **each(404, "county_clerk", "stranger"),
        "others": 403,
    },
    # the deputy wrote it: staff check it, and change only what their office wrote down
    "deeds:edit": {"args": deed, **each(404, "county_clerk", "stranger"), "others": 403},
    "deeds:phone": {
        "method": "post",
        "args": deed,
        **each(200, *HANDLERS),
        **each(404, "county_clerk", "stranger"),
        "others": 403,
    },
    "deeds:confirm": {"args": deed, **CITY},
    "deeds:reject": {"args": deed, **CITY},
    "my_deeds:list": {**each(200, *DEPUTIES), "others": 403},
    "my_deeds:new": {**each(200, *DEPUTIES), "others": 403},
    "my_deeds:detail": {"args": deed, "deputy": 200, **each(404, "cosigner", "other_deputy"), "others": 403},
    "my_deeds:edit": {"args": deed, "deputy": 200, **each(404, "cosigner", "other_deputy"), "others": 403},
    "my_deeds:receipt": {
        "method": "post",
        "args": deed,
        "deputy": 200,
        **each(404, "cosigner", "other_deputy"),
        "others": 403,
    },
    "my_deeds:withdraw": {"args": deed, "deputy": 200, **each(404, "cosigner", "other_deputy"), "others": 403},
    "open_deeds:testify": {
        "args": lambda world: {"secret": world.deed_secret},
        **each(200, "anonymous", *SIGNED_IN),
        "others": 200,
    },
}
