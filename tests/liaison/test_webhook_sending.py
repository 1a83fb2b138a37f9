"""Sending events: signed, at least once, each object's in order, given up after three days, never led inside."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from liaison.models import ApiClient, AuditEntry, Notice, WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookEvent
from liaison.registry import registry
from liaison.services import webhook_sending
from liaison.services.client import client_activate, client_deactivate
from liaison.services.webhook import webhook_publish
from liaison.services.webhook_endpoint import endpoint_pause, endpoint_resume
from liaison.services.webhook_sending import webhooks_send
from tests.cast import Cast
from tests.webhooks import (
    KIND,
    Receiver,
    drip_body,
    drip_head,
    endless_body,
    hang_up,
    make_endpoint,
    publish,
    receiving,
    verified,
)

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver(settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setitem(registry.webhook_types, KIND.code, KIND)
    with receiving() as found:
        settings.FETCH_INSIDE_HOSTS = [f"localhost:{found.port}"]
        yield found


@pytest.fixture
def told(cast: Cast, receiver: Receiver) -> tuple[WebhookEndpoint, str]:
    return make_endpoint(cast, receiver.url)


def states() -> list[str]:
    return list(WebhookDelivery.objects.order_by("pk").values_list("state", flat=True))


def due_again() -> None:
    """What waits for its next try has waited."""
    WebhookDelivery.objects.filter(state="waiting").update(next_at=timezone.now())


def test_an_event_arrives_signed_with_ids_only(told: tuple[WebhookEndpoint, str], receiver: Receiver) -> None:
    endpoint, secret = told
    publish(endpoint.client, "a")
    assert webhooks_send().delivered == 1
    (got,) = receiver.got
    event = WebhookEvent.objects.get()
    body = verified(secret, got)
    assert body["data"] == {"id": "a", "url": "http://testserver/api/v1/things/a"}
    assert (body["type"], sorted(body)) == (KIND.code, ["data", "timestamp", "type"])
    assert dt.datetime.fromisoformat(body["timestamp"]) == event.created_at
    assert got.message_id == str(event.public_id)
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.next_at) == ("delivered", 1, None)
    tried = WebhookAttempt.objects.get()
    assert (tried.status, tried.answer, tried.url) == (200, "seen", receiver.url)
    assert tried.signature == got.headers["webhook-signature"]
    assert webhooks_send().delivered == 0


def test_what_is_rolled_back_was_never_said(told: tuple[WebhookEndpoint, str]) -> None:
    with transaction.atomic():
        webhook_publish(client_id=told[0].client_id, type=KIND.code, object_key="thing:a", path="/api/v1/things/a")
        assert WebhookDelivery.objects.exists()
        transaction.set_rollback(True)
    assert not WebhookEvent.objects.exists()
    with pytest.raises(LookupError):
        webhook_publish(client_id=told[0].client_id, type="no.such", object_key="thing:a", path="/x")


def test_who_does_not_want_it_or_may_not_read_it_is_not_told(told: tuple[WebhookEndpoint, str]) -> None:
    client = told[0].client
    ApiClient.objects.filter(pk=client.pk).update(scopes=["hotline.orders:read"])
    publish(client, "a")
    ApiClient.objects.filter(pk=client.pk).update(scopes=[KIND.scope])
    WebhookEndpoint.objects.update(types=["other.type"])
    with CaptureQueriesContext(connection) as queries:
        publish(client, "a")
    assert not WebhookEvent.objects.exists()
    assert len([one for one in queries if one["sql"].startswith("SELECT")]) == 1


def test_a_first_that_fails_keeps_the_second_of_its_object_back(
    told: tuple[WebhookEndpoint, str], receiver: Receiver
) -> None:
    client = told[0].client
    receiver.answers = [500, 200]
    publish(client, "a")
    webhooks_send()
    publish(client, "a", "b", "a")
    webhooks_send()
    assert receiver.objects == ["a", "b"], "the other object does not wait"
    assert states() == ["waiting", "waiting", "delivered", "waiting"]
    due_again()
    webhooks_send()
    ids = [str(one) for one in WebhookEvent.objects.order_by("pk").values_list("public_id", flat=True)]
    assert [one.message_id for one in receiver.got] == [ids[0], ids[2], ids[0], ids[1], ids[3]]


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (503, 503, "对方回答503"),
        (404, 404, "对方回答404"),
        (302, 302, "平台不跟随"),
        (307, 307, "平台不跟随"),
        (hang_up, None, "连不上或者中途断开"),
        (drip_head, None, "没有在0.2秒内答完"),
    ],
)
def test_anything_but_2xx_is_tried_again(
    told: tuple[WebhookEndpoint, str],
    receiver: Receiver,
    settings: SettingsWrapper,
    answer: Any,
    status: int | None,
    words: str,
) -> None:
    settings.WEBHOOK_SECONDS = 0.2 if answer is drip_head else 15
    receiver.answers = [answer, 200]
    publish(told[0].client, "a")
    assert webhooks_send().failed == 1
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, words in delivery.reason) == ("waiting", True), delivery.reason
    assert WebhookAttempt.objects.get().status == status
    assert len(receiver.got) == 1, "no redirect is followed"
    due_again()
    assert webhooks_send().delivered == 1


@pytest.mark.parametrize("answer", [drip_body, endless_body])
def test_a_body_without_end_is_not_read_to_its_end(
    told: tuple[WebhookEndpoint, str], receiver: Receiver, settings: SettingsWrapper, answer: Any
) -> None:
    settings.WEBHOOK_SECONDS = 0.5
    receiver.answers = [answer]
    publish(told[0].client, "a")
    assert webhooks_send().delivered == 1
    assert 0 < len(WebhookAttempt.objects.get().answer) <= webhook_sending.MOST_SHOWN


def test_an_answer_with_zero_bytes_can_be_kept(told: tuple[WebhookEndpoint, str], receiver: Receiver) -> None:
    receiver.answers = [lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na\x00\xff")]
    publish(told[0].client, "a")
    assert webhooks_send().delivered == 1
    assert WebhookAttempt.objects.get().answer == "a\ufffd\ufffd"


def test_waits_grow_for_three_days_and_the_administrators_are_told_once(
    cast: Cast, told: tuple[WebhookEndpoint, str], receiver: Receiver, settings: SettingsWrapper
) -> None:
    receiver.answers = [500]
    publish(told[0].client, "a", "b")
    moment, waits = timezone.now(), []
    while WebhookDelivery.objects.filter(state="waiting").exists():
        with time_machine.travel(moment, tick=False):
            webhooks_send()
        last = WebhookDelivery.objects.order_by("pk")[0].next_at
        if last is not None:
            waits.append((last - moment).total_seconds())
        moment += dt.timedelta(hours=26)
    assert len(waits) == len(settings.WEBHOOK_WAITS)
    assert all(0.9 * due <= wait <= 1.1 * due for wait, due in zip(waits, settings.WEBHOOK_WAITS, strict=True))
    assert sum(settings.WEBHOOK_WAITS) == pytest.approx(3 * 86400, rel=0.05)
    assert set(WebhookDelivery.objects.values_list("state", "attempts")) == {("given_up", 10)}
    notice = Notice.objects.get()
    assert (notice.recipient, "事件推送失败" in notice.title) == (cast.user("system_admin"), True)


def test_410_disables_the_endpoint_and_tells_the_administrators(
    cast: Cast, told: tuple[WebhookEndpoint, str], receiver: Receiver
) -> None:
    endpoint, _ = told
    receiver.answers = [410, 200]
    publish(endpoint.client, "a", "a")
    webhooks_send()
    endpoint.refresh_from_db()
    assert (endpoint.status, endpoint.version) == ("disabled", 2)
    assert states() == ["given_up", "given_up"]
    publish(endpoint.client, "a")
    assert WebhookEvent.objects.count() == 2, "nothing is kept for who wants no more"
    assert AuditEntry.objects.filter(action="webhook.gone").count() == 1
    assert Notice.objects.get().recipient == cast.user("system_admin")
    endpoint_resume(actor=cast.actor("system_admin"), public_id=endpoint.public_id, version=endpoint.version)
    publish(endpoint.client, "a")
    webhooks_send()
    assert states()[-1] == "delivered"


def test_a_paused_endpoint_gets_later_what_happened_meanwhile(
    cast: Cast, told: tuple[WebhookEndpoint, str], receiver: Receiver
) -> None:
    endpoint, _ = told
    admin = cast.actor("system_admin")
    endpoint_pause(actor=admin, public_id=endpoint.public_id, version=1, reason="对方停机")
    publish(endpoint.client, "a", "b")
    webhooks_send()
    assert receiver.got == []
    endpoint_resume(actor=admin, public_id=endpoint.public_id, version=2)
    webhooks_send()
    assert sorted(receiver.objects) == ["a", "b"]


def test_a_client_that_is_shut_out_is_told_nothing(
    cast: Cast, told: tuple[WebhookEndpoint, str], receiver: Receiver
) -> None:
    client, admin = told[0].client, cast.actor("system_admin")
    publish(client, "a")
    client_deactivate(actor=admin, public_id=client.public_id, version=None, reason="密钥外泄")
    publish(client, "b")
    webhooks_send()
    assert (receiver.got, states()) == ([], ["waiting"])
    client_activate(actor=admin, public_id=client.public_id, version=None)
    webhooks_send()
    assert receiver.objects == ["a"]


def test_an_address_that_points_inside_is_not_connected_to(
    told: tuple[WebhookEndpoint, str], receiver: Receiver, settings: SettingsWrapper
) -> None:
    settings.FETCH_INSIDE_HOSTS = []
    publish(told[0].client, "a")
    webhooks_send()
    assert receiver.got == []
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.reason) == ("waiting", "推送地址指向内部网络，不连接。")


def test_who_dies_after_the_request_sends_again_with_the_same_id(
    told: tuple[WebhookEndpoint, str], receiver: Receiver, settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(told[0].client, "a", "a")

    def die(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(webhook_sending, "_note", die)
        with pytest.raises(KeyboardInterrupt):
            webhooks_send()
    assert webhooks_send().delivered == 0, "the claim still stands"
    assert states() == ["sending", "waiting"]
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=2 * settings.WEBHOOK_SECONDS + 1)):
        assert webhooks_send().delivered == 2
    first, again, second = receiver.got
    assert first.message_id == again.message_id != second.message_id
    assert json.loads(first.body) == json.loads(again.body)


def test_a_late_worker_does_not_overwrite_what_its_successor_wrote(
    told: tuple[WebhookEndpoint, str], receiver: Receiver
) -> None:
    publish(told[0].client, "a")
    WebhookDelivery.objects.update(next_at=timezone.now() - dt.timedelta(hours=2))
    claimed = webhook_sending._claim(told[0].pk, now=timezone.now() - dt.timedelta(hours=1))
    parcels = webhook_sending._pack(claimed)
    assert webhooks_send().delivered == 1
    webhook_sending._note(parcels[0], webhook_sending._Outcome(error="迟到"))
    assert states() == ["delivered"]
    assert WebhookAttempt.objects.count() == 2, "what was tried is kept all the same"


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_once_and_each_object_in_order(
    told: tuple[WebhookEndpoint, str], receiver: Receiver, settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_WAITS = [0] * 9
    monkeypatch.setattr(webhook_sending, "BATCH", 4)
    receiver.answers = [500, 200, 500, 200, 200, 500, 500, 200]
    publish(told[0].client, *[name for _ in range(6) for name in "abcde"])
    barrier = threading.Barrier(2)
    idle = threading.Event()
    failed: list[BaseException] = []

    def worker() -> None:
        try:
            barrier.wait(timeout=20)
            while not idle.is_set() and WebhookDelivery.objects.exclude(state="delivered").exists():
                webhooks_send()
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    idle.set()
    assert (failed, set(states())) == ([], {"delivered"})
    events = {str(one.public_id): one for one in WebhookEvent.objects.all()}
    assert len(receiver.got) == len(events) + 4, "four were refused and came again"
    for name in "abcde":
        arrived = [events[one.message_id].pk for one in receiver.got if events[one.message_id].object_id == name]
        assert arrived == sorted(arrived), "never a later one before an earlier one"


def test_slow_platforms_hold_up_nobody_else(cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    others_done = threading.Event()
    fast: list[object] = []

    def post(parcel: webhook_sending._Parcel) -> webhook_sending._Outcome:
        if "slow" in parcel.delivery.endpoint.url:
            return webhook_sending._Outcome(status=200 if others_done.wait(timeout=20) else 504)
        fast.append(parcel.delivery.pk)
        if len(fast) == 25:
            others_done.set()
        return webhook_sending._Outcome(status=200)

    monkeypatch.setattr(webhook_sending, "_post", post)
    endpoints = [
        make_endpoint(cast, f"https://{name}.example.org/")[0] for name in ("slow-1", "slow-2", "fast", "slow-3")
    ]
    WebhookEndpoint.objects.update(client=endpoints[0].client)
    publish(endpoints[0].client, *[f"thing-{number}" for number in range(25)])
    run = webhooks_send()
    assert (run.delivered, run.failed) == (100, 0)


def test_no_transaction_is_open_while_the_network_is_asked(
    told: tuple[WebhookEndpoint, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    depth = len(connection.savepoint_ids)
    seen: list[int] = []

    def post(parcel: object) -> webhook_sending._Outcome:
        seen.append(len(connection.savepoint_ids) - depth)
        return webhook_sending._Outcome(status=200)

    class Here:
        """A pool that works in the caller's thread."""

        def __init__(self, **kwargs: object) -> None: ...
        def __enter__(self) -> Here:
            return self

        def __exit__(self, *args: object) -> None: ...

        def submit(self, act: Callable[..., Any], *args: object) -> Future[Any]:
            done: Future[Any] = Future()
            done.set_result(act(*args))
            return done

    monkeypatch.setattr(webhook_sending, "ThreadPoolExecutor", Here)
    monkeypatch.setattr(webhook_sending, "_post", post)
    publish(told[0].client, "a", "b")
    assert webhooks_send().delivered == 2
    assert seen == [0, 0]
