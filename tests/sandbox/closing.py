"""The end of the hotline's day: does the portal hold what was told? By lists, one by one, and by reconciliation."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from tests.sandbox.ledger import Item, day_of, order_item, report_item, side

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.sandbox.book import Day
    from tests.sandbox.line import Line
    from tests.sandbox.orders import Orders
    from tests.sandbox.reports import Reports

#: What must be equal of an order, besides the person, its class and the times.
_PLAIN = ("kind", "channel", "region_code", "place", "title", "text", "unit", "state", "result", "report_id")
_TIMES = ("accepted_at", "sign_by", "due_at", "updated_at")


def same(told: Mapping[str, Any], shown: Mapping[str, Any]) -> bool:
    """Whether the portal shows an order as it was told."""
    return (
        all((told.get(name) or "") == (shown[name] or "") for name in _PLAIN)
        and all(_moment(told.get(name)) == _moment(shown[name]) for name in _TIMES)
        and told.get("version") == shown["version"]
        and told.get("person", {"name": "", "phone": ""}) == shown["person"]
        and told.get("class", {"code": "", "path": []}) == shown["class"]
    )


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


class Closing:
    """Compares."""

    def __init__(self, day: Day, line: Line, orders: Orders, reports: Reports) -> None:
        self._day, self._line, self._orders, self._reports = day, line, orders, reports

    def run(self) -> dict[str, Any]:
        """What is wrong, and what there must be: order number → steps told; report → events told."""
        self._reports.read_list()
        final = {self._day.order_no(number): self._day.messages(number) for number in range(self._day.orders)}
        echoes = self._reports.echoes()
        wrong, seen = [], set()
        for shown in self._line.pages("/hotline/orders?limit=500"):
            order_no = shown["order_no"]
            if order_no in seen:
                wrong.append(f"{order_no} is listed twice")
            seen.add(order_no)
            told = final[order_no][-1] if order_no in final else echoes.get(order_no)
            if told is None:
                wrong.append(f"{order_no} was never told")
            elif not same(told, shown):
                wrong.append(f"{order_no}: told {told}, shown {shown}")
        wrong += [f"{order_no} is missing" for order_no in (final.keys() | echoes.keys()) - seen]
        steps = {
            order_no: sorted({step["step_id"] for message in told for step in message["steps"]})
            for order_no, told in final.items()
        }
        return {
            "wrong": wrong + self._reports.compare() + self._reconcile(echoes),
            "orders": steps | {order_no: ["s1"] for order_no in echoes},
            "reports": {
                one.id: [(event["event_id"], event["kind"]) for event in one.told]
                for one in self._reports.files.values()
            },
        }

    # -- reconciliation ------------------------------------------------------------------------------
    def _reconcile(self, echoes: Mapping[str, Mapping[str, Any]]) -> list[str]:
        """Day by day: first with one order made wrong on purpose, which must be named; then as it is."""
        orders: dict[str, list[Item]] = defaultdict(list)
        reports: dict[str, list[Item]] = defaultdict(list)
        told = {self._day.order_no(number): self._day.messages(number)[-1] for number in range(self._day.orders)}
        for order_no, message in {**told, **echoes}.items():
            orders[day_of(message["accepted_at"])].append(order_item(order_no, message))
        for one in self._reports.files.values():
            reports[day_of(one.item["created_at"])].append(report_item(one.id, one.status, one.told))
        wrong: list[str] = []
        for day in sorted(orders.keys() | reports.keys()):
            if orders[day]:
                wrong += self._forged(day, orders[day])
            found = self._tell(day, {"orders": side(orders[day]), "reports": side(reports[day])})
            if not (found["orders"]["is_same"] and found["reports"]["is_same"]) or found["differences_total"]:
                wrong.append(f"reconciliation of {day}: {found}")
        return wrong

    def _forged(self, day: str, items: list[Item]) -> list[str]:
        number, state, _ = items[0]
        forged = [(number, state, "0" * 64), *items[1:]]
        found = self._tell(day, {"orders": side(forged, named=[state])})
        named = [(one["number"], one["problem"]) for one in found["differences"]]
        return [] if named == [(number, "other_content")] else [f"reconciliation of {day}, {number} forged: {named}"]

    def _tell(self, day: str, figures: Mapping[str, Any]) -> dict[str, Any]:
        self._line.count("reconciliation told")
        answer = self._line.call("PUT", f"/hotline/reconciliation/{day}", dict(figures))
        return answer.body  # type: ignore[no-any-return]
