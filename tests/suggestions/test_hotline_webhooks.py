"""What the hotline is told of: reports made and changed, our replies; each with an address that it can read."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from liaison.models import WebhookDelivery, WebhookEvent
from liaison.registry import registry
from liaison.services.webhook_endpoint import endpoint_make
from liaison.services.webhook_sending import webhooks_send
from suggestions.services.hotline_link import order_link_station, order_reply
from suggestions.services.hotline_report import report_judge, report_pass
from suggestions.services.reconciliation import reconciliation_close, reconciliation_repair
from tests.cast import Cast
from tests.suggestions.hotline import Hotline, make_hotline, reported
from tests.suggestions.opinions import Scene, build_scene
from tests.suggestions.reconciling import differing_day
from tests.webhooks import Receiver, receiving

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db
API_MD = Path(__file__).resolve().parents[2] / "docs" / "api.md"


@pytest.fixture
def hotline(cast: Cast) -> Hotline:
    return make_hotline(cast)


@pytest.fixture
def scene(cast: Cast, hotline: Hotline) -> Scene:
    return build_scene(cast)


@pytest.fixture
def receiver(settings: SettingsWrapper) -> Iterator[Receiver]:
    with receiving() as found:
        settings.FETCH_INSIDE_HOSTS = [f"localhost:{found.port}"]
        yield found


@pytest.fixture
def secret(cast: Cast, hotline: Hotline, receiver: Receiver) -> str:
    return endpoint_make(
        actor=cast.actor("system_admin"),
        client_id=hotline.client.public_id,
        public_id=uuid.uuid4(),
        url=receiver.url,
        types=list(registry.webhook_types),
    )[1]


def told() -> list[str]:
    return list(WebhookEvent.objects.order_by("pk").values_list("type", flat=True))


def test_a_report_is_told_when_it_is_made_and_when_we_change_it(hotline: Hotline, scene: Scene, secret: str) -> None:
    report = hotline.lead(reported(hotline, scene), "accepted", "dispatched", "signed", "replied")
    assert told() == ["hotline.report.created"], "what the hotline tells itself is not told back to it"
    report_pass(actor=scene.deputy, public_id=report.public_id, version=None, text="路灯已修好。")
    report_judge(actor=scene.deputy, public_id=report.public_id, version=None, solved=True)
    assert told() == ["hotline.report.created", "hotline.report.changed", "hotline.report.changed"]
    assert set(WebhookDelivery.objects.values_list("object_key", flat=True)) == {f"report:{report.public_id}"}


def test_our_reply_and_links_are_told_and_its_own_orders_are_not(
    cast: Cast, hotline: Hotline, scene: Scene, secret: str
) -> None:
    order = hotline.told("A-1")
    assert told() == []
    staff = cast.actor("insider")
    order_reply(actor=staff, public_id=order.public_id, version=None, text="已列入接待日议题。")
    order_reply(actor=staff, public_id=order.public_id, version=None, text="已列入接待日议题。")
    order_link_station(actor=staff, public_id=order.public_id, version=None, station_public_id=scene.station.public_id)
    assert told() == ["hotline.order.replied"] * 2


def test_a_closed_day_is_told_once_and_a_repair_tells_where_to_look(
    cast: Cast, hotline: Hotline, scene: Scene, secret: str
) -> None:
    today = timezone.localdate()
    for _ in range(2):
        reconciliation_close(client=hotline.client, day=today)
    assert told() == ["hotline.reconciliation.ready"]
    report = reported(hotline, scene)
    day = differing_day(hotline)
    for _ in range(2):
        reconciliation_repair(actor=cast.actor("insider"), public_id=day.public_id)
    assert told()[1:] == ["hotline.report.created", "hotline.report.changed", "hotline.reconciliation.ready"]
    last = WebhookEvent.objects.order_by("pk").last()
    assert last is not None
    assert (last.object_key, last.path) == (
        f"reconciliation:{today.isoformat()}",
        f"/api/v1/hotline/reconciliation/{today.isoformat()}",
    )
    assert WebhookEvent.objects.filter(object_key=f"report:{report.public_id}").count() == 2


def test_the_address_in_an_event_is_one_that_the_client_can_read(
    cast: Cast, hotline: Hotline, scene: Scene, secret: str, receiver: Receiver
) -> None:
    reported(hotline, scene)
    order = hotline.told("A-1")
    order_reply(actor=cast.actor("insider"), public_id=order.public_id, version=None, text="已答复。")
    assert webhooks_send().delivered == 2
    checks = _examples()
    for got in receiver.got:
        events = [check(secret, got.headers, got.body) for check in checks]
        assert events[0] == events[1]
        data = events[0]["data"]
        answer = hotline.send("GET", urlsplit(data["url"]).path)
        assert (answer.status_code, data["id"] in answer.content.decode()) == (200, True)


@pytest.mark.parametrize("place", [0, 1])
def test_the_examples_of_the_documentation_refuse_what_is_not_from_the_portal(
    hotline: Hotline, scene: Scene, secret: str, receiver: Receiver, place: int
) -> None:
    reported(hotline, scene)
    webhooks_send()
    (got,), check = receiver.got, _examples()[place]
    assert check(secret, got.headers, got.body)["type"] == "hotline.report.created"
    for headers, body in (
        (got.headers, got.body.replace(b"created", b"changed")),
        (got.headers | {"webhook-id": "another"}, got.body),
        (got.headers | {"webhook-timestamp": "1700000000"}, got.body),
        (got.headers | {"webhook-signature": "v1,AAAA"}, got.body),
    ):
        with pytest.raises(Exception, match=r"(?i)signature|old"):
            check(secret, headers, body)


def _examples() -> list[Any]:
    """The functions of docs/api.md, by the library and by hand."""
    found = []
    for code in re.findall(r"<!-- webhook example: [\w ]+ -->\n```python\n(.+?)```", API_MD.read_text(), re.DOTALL):
        space: dict[str, Any] = {}
        exec(code, space)  # noqa: S102  (our own documentation)
        found.append(space["told"])
    assert len(found) == 2
    return found


def test_every_type_is_in_the_document_and_names_a_readable_address(hotline: Hotline) -> None:
    webhooks = hotline.send("GET", "/api/v1/schema.json").json()["webhooks"]
    assert set(webhooks) == set(registry.webhook_types) >= {"hotline.report.created", "hotline.order.replied"}
    text = API_MD.read_text()
    for code, kind in registry.webhook_types.items():
        assert f"`{code}`" in text, "not in docs/api.md"
        body = webhooks[code]["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert body["properties"]["type"]["const"] == code
        assert kind.scope in webhooks[code]["post"]["description"]
