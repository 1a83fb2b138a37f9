"""The hotline's side of a reconciliation, for tests: its figures as it would count them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from suggestions.digests import canonical_digest, group_digest
from suggestions.models import HotlineOrder, HotlineReport, Reconciliation

if TYPE_CHECKING:
    from tests.suggestions.hotline import Hotline

ADDRESS = "/api/v1/hotline/reconciliation"


@dataclass
class Theirs:
    """What the hotline holds of a day: number → (state, digest)."""

    hotline: Hotline
    day: dt.date
    orders: dict[str, tuple[str, str]] = field(default_factory=dict)
    reports: dict[str, tuple[str, str]] = field(default_factory=dict)

    def body(self, *, items: bool = True, **more: Any) -> dict[str, Any]:
        return {"orders": _side(self.orders, items=items), "reports": _side(self.reports, items=items)} | more

    def put(self, *, items: bool = True, **more: Any) -> dict[str, Any]:
        """Tell the figures; the answer's body."""
        answer = self.hotline.send("PUT", f"{ADDRESS}/{self.day}", self.body(items=items, **more))
        assert answer.status_code == 200, answer.content.decode()
        found: dict[str, Any] = answer.json()
        return found

    def get(self) -> dict[str, Any]:
        answer = self.hotline.send("GET", f"{ADDRESS}/{self.day}")
        assert answer.status_code == 200, answer.content.decode()
        found: dict[str, Any] = answer.json()
        return found


def _side(held: dict[str, tuple[str, str]], *, items: bool) -> dict[str, Any]:
    states = sorted({state for state, _ in held.values()})
    groups = []
    for state in states:
        lines = [(number, digest) for number, (of, digest) in held.items() if of == state]
        groups.append({"state": state, "count": len(lines), "digest": group_digest(lines)})
    side: dict[str, Any] = {"groups": groups}
    if items:
        side["items"] = [{"number": number, "state": of, "digest": one} for number, (of, one) in held.items()]
    return side


def report_digest(report: HotlineReport) -> str:
    """As the hotline computes it from what it read."""
    return canonical_digest(
        {
            "hotline_no": report.hotline_no,
            "id": str(report.public_id),
            "result": report.result,
            "status": report.status,
            "unit": report.unit_name,
        }
    )


def same_as_ours(hotline: Hotline, day: dt.date) -> Theirs:
    """A hotline that holds exactly what we hold."""
    theirs = Theirs(hotline, day)
    for order in HotlineOrder.objects.filter(client=hotline.client):
        if timezone.localtime(order.accepted_at).date() == day:
            theirs.orders[order.order_no] = (order.state, order.digest)
    for report in HotlineReport.objects.filter(client=hotline.client):
        if timezone.localtime(report.created_at).date() == day:
            theirs.reports[str(report.public_id)] = (report.status, report_digest(report))
    return theirs


def differing_day(hotline: Hotline) -> Reconciliation:
    """Today, with an order that we lack and everything else lacking there."""
    today = timezone.localdate()
    Theirs(hotline, today, orders={"LOST-1": ("accepted", group_digest(()))}).put()
    return Reconciliation.objects.get(client=hotline.client, day=today)
