"""Draws by lot in each of their states, in June 2026; yearly rows."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import time_machine

from tests.clocks import at
from votes.selectors.draw import digest_of
from votes.services.draw import draw_create, draw_fix_list, draw_run
from votes.services.summary import summary_save

if TYPE_CHECKING:
    from liaison.actor import Actor
    from tests.cast import Cast
    from votes.models import Draw, YearSummary

JUDGES = "张三 民事审判庭庭长\n李四　一级法官\n\n王五\t二级法官\n赵六 三级法官"
PROSECUTORS = "钱七 一级检察官\n孙八 二级检察官\n周九"


def values(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "title": "2026年度员额法官、检察官履职评议对象抽取",
        "year": 2026,
        "congress_id": cast.congress.pk,
        "is_public": True,
        "classes": [
            {"slot": 1, "name": "员额法官", "take": 2, "members": JUDGES},
            {"slot": 2, "name": "员额检察官", "take": 1, "members": PROSECUTORS},
        ],
    } | changes


def listed(cast: Cast, **changes: Any) -> Draw:
    with time_machine.travel(at(2026, 6, 1, 9), tick=False):
        return draw_create(actor=cast.actor("insider"), public_id=uuid4(), values=values(cast, **changes))


def fixed(cast: Cast, **changes: Any) -> Draw:
    draw = listed(cast, **changes)
    with time_machine.travel(at(2026, 6, 1, 10), tick=False):
        return draw_fix_list(actor=cast.actor("insider"), public_id=draw.public_id, basis=digest_of(draw))


def drawn(cast: Cast, **changes: Any) -> Draw:
    draw = fixed(cast, **changes)
    with time_machine.travel(at(2026, 6, 2, 10), tick=False):
        return draw_run(
            actor=cast.actor("insider"),
            public_id=draw.public_id,
            seed="03 08 11 19 27 30 12",
            seed_source="双色球第2026061期",
        )


def entered(actor: Actor, code: str, year: int = 2020, level: str = "county", **numbers: Any) -> YearSummary:
    values = {"congresses": 10, "voting": 4, "projects": 8, "investment": Decimal(900)} | numbers
    return summary_save(
        actor=actor, values={"region_code": code, "year": year, "level": level, "source": "上报"} | values
    )
