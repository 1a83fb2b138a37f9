"""The sandbox itself: the day is whole and disorderly, the bad line spoils, and the comparison finds what is wrong."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from suggestions.models import HotlineOrder
from tests.cast import Cast
from tests.sandbox.book import Day, fate_of, is_replied, order_no_of, reply_to, report_title, serial_in
from tests.sandbox.closing import same
from tests.sandbox.doors import Webhooks
from tests.sandbox.ledger import order_item
from tests.sandbox.line import Line, Refused
from tests.sandbox.verify import compare
from tests.suggestions.hotline import Hotline, make_hotline
from tests.suggestions.hotline import order as order_body

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 7


@pytest.fixture
def day() -> Day:
    return Day(SEED, 40, timezone.now())


def test_a_day_tells_every_message_some_twice_and_some_before_their_turn(day: Day) -> None:
    sent = [(number, message) for parcel in day.stream() for number, message in parcel]
    for number in range(day.orders):
        told = [message for one, message in sent if one == number]
        assert all(message in told for message in day.messages(number))
    assert len(sent) > sum(len(day.messages(number)) for number in range(day.orders))
    first = {}
    for place, (number, message) in enumerate(sent):
        first.setdefault((number, message["state"], str(message.get("version"))), place)
    assert any(
        first[number, after["state"], str(after.get("version"))]
        < first[number, before["state"], str(before.get("version"))]
        for number in range(day.orders)
        for before, after in zip(day.messages(number), day.messages(number)[1:], strict=False)
    )
    assert day.stream() == day.stream()


def test_the_serial_of_a_report_is_found_again_in_its_title() -> None:
    assert serial_in(report_title(17)) == 17
    assert serial_in("路灯不亮") is None
    fates = [fate_of(SEED, serial) for serial in range(300)]
    assert {one.judged for one in fates} == {one.refused for one in fates} == {True, False}


def _tell_all(hotline: Hotline, day: Day) -> dict[str, Any]:
    for parcel in day.stream():
        orders = [{"order_no": day.order_no(number), **message} for number, message in parcel]
        answer = hotline.send("POST", "/api/v1/hotline/orders/batch", {"orders": orders}).json()
        assert answer["refused"] == 0
    replied = [one for one in range(day.orders) if is_replied(one)]
    HotlineOrder.objects.filter(order_no__in=[order_no_of(SEED, one) for one in replied]).update(
        reply="x", replied_at=timezone.now()
    )
    steps = {
        day.order_no(number): sorted({step["step_id"] for one in day.messages(number) for step in one["steps"]})
        for number in range(day.orders)
    }
    return {"orders": steps, "reports": {}, "webhooks": []}


@pytest.mark.django_db
def test_the_comparison_finds_what_is_lost_what_was_never_told_and_what_is_different(cast: Cast, day: Day) -> None:
    hotline = make_hotline(cast)
    closed = _tell_all(hotline, day)

    def wrong() -> list[str]:
        found = compare(closed, seed=SEED, orders=day.orders, reports=0)[1]
        return [one for one in found if one.startswith("order") and "reply" not in one]

    assert wrong() == []
    assert [one for one in compare(closed, seed=SEED, orders=40, reports=0)[1] if "reply x" in one]

    lost = day.order_no(3)
    steps = closed["orders"][lost]
    closed["orders"][lost] = [*steps, "s99"]
    assert [lost in one for one in wrong()] == [True]
    closed["orders"][lost] = steps
    closed["orders"]["nobody-has-it"] = []
    assert wrong() == ["order nobody-has-it is lost"]
    del closed["orders"]["nobody-has-it"], closed["orders"][lost]
    assert wrong() == [f"order {lost} was never told"]

    for shown in hotline.send("GET", "/api/v1/hotline/orders").json()["items"]:
        number = int(shown["order_no"][-6:])
        *_, last = day.messages(number)
        assert same(last, shown)
        assert order_item(shown["order_no"], last) == (shown["order_no"], shown["state"], shown["digest"])
        assert not same(last | {"text": "另一件事"}, shown)
        assert not same(last | {"accepted_at": timezone.now().isoformat()}, shown)
    assert reply_to("A-1") != reply_to("A-2")


def test_a_webhook_counts_once_and_only_with_its_signature() -> None:
    secret = "whsec_" + "c2FuZGJveC1zZWNyZXQtb2YtMzItYnl0ZXMtbG9uZyE="
    taken: list[str] = []
    door = Webhooks(secret, lambda kind, data: taken.append(kind), seed=SEED, faulty=False)
    body = b'{"type": "hotline.report.created", "timestamp": "2026-11-22T00:00:00Z", "data": {"id": "r-1"}}'
    now = dt.datetime.now(dt.UTC)
    headers = {
        "webhook-id": "m-1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign("m-1", now, body.decode()),
    }
    assert [door.receive(headers, body), door.receive(headers, body)] == [204, 204]
    assert door.receive(headers, body + b" ") == 401
    assert (taken, door.counts["came again"]) == (["hotline.report.created"], 1)


@pytest.fixture
def unreliable() -> Iterator[tuple[str, Counter[str]]]:
    """A portal that fails the first time of everything."""
    asked: Counter[str] = Counter()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            asked[self.path] += 1
            self._answer(500 if asked[self.path] == 1 else 400 if "bad" in self.path else 201, b'{"code": "x"}')

        def do_POST(self) -> None:
            self._answer(200, b'{"access_token": "t"}')

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_line_sends_again_until_there_is_an_answer_that_counts(unreliable: tuple[str, Counter[str]]) -> None:
    base, asked = unreliable
    line = Line(base, "client", "secret")
    assert line.call("PUT", "/hotline/orders/good", order_body()).status == 201
    with pytest.raises(Refused):
        line.call("PUT", "/hotline/orders/bad", order_body())
    assert set(asked.values()) == {2}
