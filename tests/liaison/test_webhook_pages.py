"""Endpoints and deliveries as the system administrator keeps them, in pages and in services."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from standardwebhooks.webhooks import WebhookVerificationError

from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.models import AuditEntry, WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookEvent, WebhookSecret
from liaison.registry import registry
from liaison.services.idempotency import api_sweep
from liaison.services.webhook import delivery_repeat, endpoint_ping
from liaison.services.webhook_endpoint import (
    MOST_ENDPOINTS,
    endpoint_change,
    endpoint_make,
    endpoint_pause,
    endpoint_rotate,
)
from liaison.services.webhook_sending import webhooks_send
from tests.api import make_client
from tests.cast import Cast
from tests.webhooks import KIND, Receiver, delivered, make_endpoint, publish, receiving, verified

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db
URL = "https://hotline.example.org/events"


@pytest.fixture
def receiver(settings: SettingsWrapper) -> Iterator[Receiver]:
    with receiving() as found:
        settings.FETCH_INSIDE_HOSTS = [f"localhost:{found.port}"]
        yield found


@pytest.fixture(autouse=True)
def _type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.webhook_types, KIND.code, KIND)


def page(name: str, public_id: uuid.UUID, **query: str) -> str:
    return reverse(f"system:{name}", args=[public_id], query=query or None)


def shown_secret(answer: Any) -> str:
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", answer.content.decode())
    assert found is not None
    return found[0]


def test_an_endpoint_is_made_and_its_secret_shown_once(cast: Cast, receiver: Receiver) -> None:
    browser, client = cast.client("system_admin"), make_client(cast)
    typed = {"url": receiver.url, "types": [KIND.code], "public_id": str(uuid.uuid4())}
    made = browser.post(page("webhook_create", client.public_id), typed)
    assert (made.status_code, made["Cache-Control"]) == (200, "no-store")
    secret = shown_secret(made)
    again = browser.post(page("webhook_create", client.public_id), typed)
    assert (again.status_code, WebhookEndpoint.objects.count()) == (302, 1)
    row = WebhookSecret.objects.get()
    assert secret not in row.sealed
    assert secret.rstrip("=").endswith(row.hint)
    assert secret not in str(list(AuditEntry.objects.values()))
    assert "whsec_" not in browser.get(page("webhook", WebhookEndpoint.objects.get().public_id)).content.decode()
    publish(client, "a")
    webhooks_send()
    assert verified(secret, receiver.got[0])["data"]["id"] == "a"


@pytest.mark.parametrize(
    ("url", "types", "field"),
    [
        ("http://hotline.example.org/", [KIND.code], "url"),
        ("https://user:pass@hotline.example.org/", [KIND.code], "url"),
        ("ftp://hotline.example.org/", [KIND.code], "url"),
        ("https://hotline.example.org/事件", [KIND.code], "url"),
        ("https://", [KIND.code], "url"),
        (URL, [], "types"),
        (URL, ["no.such.type"], "types"),
    ],
)
def test_a_wrong_address_or_type_is_named(cast: Cast, url: str, types: list[str], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        make_endpoint(cast, url, types=types)
    assert set(refused.value.fields) == {field}


def test_types_beyond_the_clients_scopes_are_not_offered(cast: Cast) -> None:
    client = make_client(cast, "只报送工单", scopes=["hotline.orders:write"])
    text = cast.client("system_admin").get(page("webhook_create", client.public_id)).content.decode()
    assert KIND.code not in text
    with pytest.raises(InvalidInput):
        endpoint_make(
            actor=cast.actor("system_admin"),
            client_id=client.public_id,
            public_id=uuid.uuid4(),
            url=URL,
            types=[KIND.code],
        )


def test_a_client_has_few_endpoints(cast: Cast) -> None:
    for _ in range(MOST_ENDPOINTS):
        make_endpoint(cast, URL)
    with pytest.raises(DomainError) as refused:
        make_endpoint(cast, URL)
    assert refused.value.code == "too_many_endpoints"


def test_only_administrators_of_the_region_and_only_with_the_present_page(cast: Cast) -> None:
    endpoint, _ = make_endpoint(cast, URL)
    common: dict[str, Any] = {"public_id": endpoint.public_id, "url": f"{URL}/2", "types": [KIND.code]}
    with pytest.raises(NotAllowed):
        endpoint_change(actor=cast.actor("insider"), version=1, **common)
    with pytest.raises(NotFound):
        endpoint_change(actor=cast.actor("stranger"), version=1, **common)
    assert endpoint_change(actor=cast.actor("system_admin"), version=1, **common).version == 2
    with pytest.raises(StaleVersion):
        endpoint_change(actor=cast.actor("system_admin"), version=1, **common | {"url": URL})
    entry = AuditEntry.objects.get(action="webhook.update")
    assert entry.detail["new"] == {"address": f"{URL}/2"}


def test_an_endpoint_is_changed_in_its_page(cast: Cast) -> None:
    endpoint, _ = make_endpoint(cast, URL)
    browser = cast.client("system_admin")
    typed = {"url": f"{URL}/2", "types": [KIND.code], "note": "李工", "version": 1}
    assert browser.post(page("webhook_update", endpoint.public_id), typed).status_code == 302
    stale = browser.post(page("webhook_update", endpoint.public_id), typed | {"url": URL})
    assert (stale.status_code, "已有变化" in stale.content.decode()) == (422, True)
    assert 'name="version" value="2"' in stale.content.decode()


def test_while_two_secrets_are_valid_each_event_carries_two_signatures(cast: Cast, receiver: Receiver) -> None:
    endpoint, old = make_endpoint(cast, receiver.url)
    browser = cast.client("system_admin")
    new = shown_secret(browser.post(page("webhook_rotate", endpoint.public_id), {"overlap_hours": "24"}))
    publish(endpoint.client, "a")
    webhooks_send()
    (got,) = receiver.got
    assert len(got.headers["webhook-signature"].split(" ")) == 2
    assert verified(old, got) == verified(new, got)
    third = browser.post(page("webhook_rotate", endpoint.public_id), {"overlap_hours": "24"})
    assert (third.status_code, "两个密钥同时有效" in third.content.decode()) == (422, True)
    WebhookSecret.objects.filter(expires_at__isnull=False).update(expires_at=timezone.now())
    publish(endpoint.client, "b")
    webhooks_send()
    assert verified(new, receiver.got[1])["data"]["id"] == "b"
    with pytest.raises(WebhookVerificationError):
        verified(old, receiver.got[1])


def test_a_secret_that_leaked_ends_at_once(cast: Cast, receiver: Receiver) -> None:
    endpoint, old = make_endpoint(cast, receiver.url)
    _, new = endpoint_rotate(actor=cast.actor("system_admin"), public_id=endpoint.public_id, overlap_hours=0)
    publish(endpoint.client, "a")
    webhooks_send()
    assert verified(new, receiver.got[0])
    with pytest.raises(WebhookVerificationError):
        verified(old, receiver.got[0])
    with pytest.raises(InvalidInput):
        endpoint_rotate(actor=cast.actor("system_admin"), public_id=endpoint.public_id, overlap_hours=1000)


def test_without_a_readable_secret_nothing_is_sent(cast: Cast, receiver: Receiver, settings: SettingsWrapper) -> None:
    endpoint, _ = make_endpoint(cast, receiver.url)
    settings.SECRET_KEY = "changed-" + "1" * 50
    publish(endpoint.client, "a")
    webhooks_send()
    assert receiver.got == []
    assert "没有可用的密钥" in WebhookDelivery.objects.get().reason


def test_a_test_event_shows_request_and_answer(cast: Cast, receiver: Receiver) -> None:
    endpoint, secret = make_endpoint(cast, receiver.url)
    browser = cast.client("system_admin")
    sent = browser.post(page("webhook_ping", endpoint.public_id))
    receiver.answers = [503, 200]
    webhooks_send()
    text = browser.get(sent["Location"]).content.decode()
    for part in ("portal.ping", receiver.got[0].headers["webhook-signature"], "HTTP 503", "下次投递", "现在就发"):
        assert part in text, part
    assert browser.post(sent["Location"] + "repeat/").status_code == 302
    assert webhooks_send().delivered == 1, "tried now, not at its time"
    assert verified(secret, receiver.got[1])["type"] == "portal.ping"
    assert "HTTP 200" in browser.get(sent["Location"]).content.decode()


def test_repeated_by_hand_it_is_the_same_event_again(cast: Cast, receiver: Receiver) -> None:
    endpoint, _ = make_endpoint(cast, receiver.url)
    publish(endpoint.client, "a")
    webhooks_send()
    first = WebhookDelivery.objects.get()
    browser = cast.client("system_admin")
    again = browser.post(page("webhook_repeat", first.public_id))
    webhooks_send()
    assert receiver.got[0].message_id == receiver.got[1].message_id
    assert receiver.got[0].body == receiver.got[1].body
    assert "谢系统" in browser.get(again["Location"]).content.decode()
    first.refresh_from_db()
    assert (first.state, first.tries.count(), WebhookDelivery.objects.count()) == ("delivered", 1, 2)
    assert AuditEntry.objects.filter(action="webhook.repeat").count() == 1


def test_what_is_being_sent_or_paused_is_not_repeated(cast: Cast) -> None:
    delivery, admin = delivered(cast), cast.actor("system_admin")
    with pytest.raises(NotAllowed):
        delivery_repeat(actor=cast.actor("insider"), public_id=delivery.public_id)
    with pytest.raises(NotFound):
        delivery_repeat(actor=cast.actor("stranger"), public_id=delivery.public_id)
    now = timezone.now()
    WebhookDelivery.objects.update(state="sending", next_at=now, claimed_at=now, settled_at=None)
    with pytest.raises(IllegalTransition) as refused:
        delivery_repeat(actor=admin, public_id=delivery.public_id)
    assert refused.value.code == "being_sent"
    browser = cast.client("system_admin")
    typed = {"reason": "对方停机", "version": 1}
    assert browser.post(page("webhook_pause", delivery.endpoint.public_id), typed).status_code == 302
    for act in (
        lambda: delivery_repeat(actor=admin, public_id=delivery.public_id),
        lambda: endpoint_ping(actor=admin, public_id=delivery.endpoint.public_id),
    ):
        WebhookDelivery.objects.update(state="given_up", next_at=None, settled_at=now)
        with pytest.raises(IllegalTransition) as refused:
            act()
        assert refused.value.code == "endpoint_not_active"
    assert "对方停机" in browser.get(page("webhook", delivery.endpoint.public_id)).content.decode()
    assert browser.post(page("webhook_resume", delivery.endpoint.public_id), {"version": 2}).status_code == 302
    assert WebhookEndpoint.objects.get().is_active


def test_deliveries_are_found_by_tab_type_and_object(cast: Cast) -> None:
    endpoint, _ = make_endpoint(cast, URL)
    publish(endpoint.client, "a", "a", "b")
    WebhookDelivery.objects.filter(object_key="thing:b").update(
        state="given_up", next_at=None, settled_at=timezone.now(), reason="对方回答500。"
    )
    browser = cast.client("system_admin")

    def rows(**query: str) -> list[str]:
        text = browser.get(page("webhook_deliveries", endpoint.public_id, **query)).content.decode()
        return re.findall(r'<span class="sub break-all">(\w+)', text)

    assert rows() == ["b", "a", "a"]
    assert rows(view="given_up") == ["b"]
    assert rows(view="open", q="a") == ["a", "a"]
    assert rows(q="b", kind=KIND.code) == ["b"]
    assert rows(kind="portal.ping") == []
    assert rows(kind="nonsense", view="nonsense") == ["b", "a", "a"]
    text = browser.get(page("webhook_deliveries", endpoint.public_id)).content.decode()
    assert "等同一对象的前一个" in text
    second = WebhookDelivery.objects.filter(object_key="thing:a").order_by("pk")[1]
    assert "排队等候" in browser.get(page("webhook_delivery", second.public_id)).content.decode()


@pytest.mark.parametrize("number", [2, 20])
@pytest.mark.parametrize(
    ("name", "budget"),
    [
        # Session, account, capacities and the shell: 5. Then:
        ("client", 5 + 4),  # the client, its secrets, endpoints, errors
        ("webhook", 5 + 3),  # the endpoint, its deliveries, secrets
        ("webhook_deliveries", 5 + 3),  # the endpoint, the page, the counts
        ("webhook_delivery", 5 + 3),  # the delivery, its tries, what it waits behind
    ],
)
def test_pages_ask_as_often_for_twenty_as_for_two(cast: Cast, number: int, name: str, budget: int) -> None:
    endpoint, _ = make_endpoint(cast, URL)
    publish(endpoint.client, *[f"o{place}" for place in range(number)])
    first = WebhookDelivery.objects.order_by("pk")[0]
    for _ in range(number):
        WebhookAttempt.objects.create(delivery=first, at=timezone.now(), url=URL, signature="v1,x", status=500)
    named = {"client": endpoint.client, "webhook_delivery": first}.get(name, endpoint)
    browser = cast.client("system_admin")
    browser.get(page(name, named.public_id))  # warms what is kept for the session
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(page(name, named.public_id)).status_code == 200
    assert len(queries) == budget, [one["sql"][:200] for one in queries]


def test_what_is_old_goes_with_its_tries(cast: Cast, settings: SettingsWrapper) -> None:
    endpoint, _ = make_endpoint(cast, URL)
    with time_machine.travel(timezone.now() - dt.timedelta(days=settings.WEBHOOK_KEEP_DAYS + 1)):
        publish(endpoint.client, "a", "b")
    WebhookAttempt.objects.create(
        delivery=WebhookDelivery.objects.order_by("pk")[0], at=timezone.now(), url=URL, signature="v1,x", status=500
    )
    publish(endpoint.client, "c")
    assert api_sweep()["webhooks"] == 2
    assert list(WebhookEvent.objects.values_list("object_key", flat=True)) == ["thing:c"]
    assert not WebhookAttempt.objects.exists()
    assert endpoint_pause(actor=cast.actor("system_admin"), public_id=endpoint.public_id, version=1, reason="停")
