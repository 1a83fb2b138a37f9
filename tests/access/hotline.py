"""Routes of the hotline 12345. Order and report lie in the county; the report was made by the deputy, its opinion is
kept by the city's office. Machines come with a token; people are nobody there."""

from __future__ import annotations

from tests.access import CONGRESS, DEPUTIES, HANDLERS, OFFICE, Row, each
from tests.access.world import World

MACHINES: Row = {"anonymous": 401, "others": 401}
#: Where it is about an order: whoever sees the county; the neighbour does not.
SEEN: Row = {**each(200, *OFFICE, "county_clerk"), "stranger": 404, "others": 403}
HANDLED: Row = {**each(200, *HANDLERS, "county_clerk"), "stranger": 404, "others": 403}
#: Pages of who reported it: the deputy, or the office that keeps the opinion.
OWN: Row = {
    **each(200, *HANDLERS, "deputy"),
    **each(404, "stranger", "cosigner", "other_deputy"),
    "others": 403,
}


#: The city's hotline is not a county's to see.
OF_THE_CITY: Row = {**each(200, *OFFICE), **each(404, "county_clerk", "stranger"), "others": 403}


def order(world: World) -> Row:
    return {"public_id": world.hotline_order.public_id}


def report(world: World) -> Row:
    return {"public_id": world.hotline_report.public_id}


def client(world: World) -> Row:
    return {"public_id": world.hotline.client.public_id}


def number(world: World) -> Row:
    return {"order_no": "A-1"}


def day(world: World) -> Row:
    return {"public_id": world.hotline_day.public_id}


def rule(world: World) -> Row:
    return {"code": "court"}


MATRIX: dict[str, Row] = {
    "api:hotline:orders": MACHINES,
    "api:hotline:orders_batch": {"method": "post", "anonymous": 401, "others": 401},
    "api:hotline:order": {"args": number, **MACHINES},
    "api:hotline:order_attachments": {"args": number, **MACHINES},
    "api:hotline:reports": MACHINES,
    "api:hotline:report": {"args": report, **MACHINES},
    "api:hotline:report_events": {"method": "post", "args": report, **MACHINES},
    "api:hotline:reconciliation": {"args": lambda world: {"date": "2026-11-20"}, **MACHINES},
    "hotline:orders": {**each(200, *CONGRESS), "others": 403},
    "hotline:order": {"args": order, **SEEN},
    "hotline:contact": {"method": "post", "args": order, **HANDLED},
    "hotline:make_opinion": {"args": order, **HANDLED},
    "hotline:link_opinion": {"args": order, **HANDLED},
    "hotline:link_station": {"args": order, **HANDLED},
    "hotline:link_suggestion": {"args": order, **HANDLED},
    "hotline:unlink": {
        "method": "post",
        "args": lambda world: {"public_id": world.hotline_order.public_id, "target": "station"},
        **HANDLED,
        **each(302, *HANDLERS, "county_clerk"),
    },
    "hotline:reply": {"args": order, **HANDLED},
    "hotline:topics": {**each(200, *CONGRESS), "others": 403},
    "hotline:topics_export": {"method": "post", **each(302, *CONGRESS), "others": 403},
    "hotline:reports": {**each(200, *CONGRESS), "others": 403},
    "hotline:report": {"args": report, **SEEN},
    "hotline:pass": {"args": report, **OWN},
    "hotline:solved": {"args": report, **OWN},
    "hotline:unsolved": {"args": report, **OWN},
    "hotline:reconciliations": {**each(200, *CONGRESS, "system_admin"), "others": 403},
    "hotline:reconciliation": {"args": day, **OF_THE_CITY, "system_admin": 200},
    "hotline:reconciliation_repair": {"args": day, **OF_THE_CITY, "system_admin": 200, "colleague": 403},
    "hotline:scope_rules": {**each(200, *CONGRESS, "system_admin"), "others": 403},
    "hotline:scope_rule_new": {**each(200, "approver", "system_admin"), "others": 403},
    "hotline:scope_rule": {"args": rule, **each(200, "approver", "system_admin"), "others": 403},
    "hotline:scope_rule_move": {
        "method": "post",
        "args": lambda world: {"code": "court", "way": "up"},
        **each(302, "approver", "system_admin"),
        "others": 403,
    },
    "hotline:settings_list": {"system_admin": 200, "others": 403},
    "hotline:settings": {"args": client, "system_admin": 200, "others": 403},
    "my_hotline:list": {**each(200, *DEPUTIES), "others": 403},
    "my_hotline:new": {**each(200, *DEPUTIES), "others": 403},
    "my_hotline:from_opinion": {
        "args": lambda world: {"public_id": world.opinion.public_id},
        "deputy": 200,
        **each(404, "cosigner", "other_deputy"),
        "others": 403,
    },
    "my_hotline:detail": {
        "args": report,
        "deputy": 200,
        **each(404, "cosigner", "other_deputy"),
        "others": 403,
    },
    "my_hotline:pass": {"args": report, **OWN},
    "my_hotline:solved": {"args": report, **OWN},
    "my_hotline:unsolved": {"args": report, **OWN},
}
