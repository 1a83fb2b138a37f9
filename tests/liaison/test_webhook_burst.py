"""Ten thousand waiting deliveries: claimed in batches, by an index, whatever lies before and behind them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from liaison.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from liaison.registry import registry
from liaison.services import webhook_sending
from liaison.services.webhook_sending import BATCH, webhooks_send
from tests.cast import Cast
from tests.webhooks import KIND, make_endpoint

pytestmark = pytest.mark.django_db
BURST = 10_000
#: Events of each object, which have to be sent one after the other.
DEEP = 4


@pytest.fixture
def endpoint(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> WebhookEndpoint:
    monkeypatch.setitem(registry.webhook_types, KIND.code, KIND)
    found, _ = make_endpoint(cast, "https://hotline.example.org/events")
    waiting, settled = [f"thing:{place % (BURST // DEEP)}" for place in range(BURST)], ["thing:old"] * BURST
    events = WebhookEvent.objects.bulk_create(
        WebhookEvent(client=found.client, type=KIND.code, object_key=key, path="/api/v1/things/x")
        for key in (*settled, *waiting)
    )
    now = timezone.now() - dt.timedelta(minutes=1)
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            event=event,
            endpoint=found,
            object_key=event.object_key,
            **(
                {"next_at": now}
                if place >= BURST
                else {"state": "delivered", "next_at": None, "settled_at": now, "attempts": 1}
            ),
        )
        for place, event in enumerate(events)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE liaison_webhookdelivery")
    return found


def _plan(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(row[0] for row in cursor.fetchall())


def test_a_batch_of_a_burst_is_found_by_an_index_and_only_first_ones(endpoint: WebhookEndpoint) -> None:
    with CaptureQueriesContext(connection) as queries:
        batch = webhook_sending._claim(endpoint.pk, now=timezone.now())
    assert len({one.object_key for one in batch}) == len(batch) == BATCH
    asked = [one["sql"] for one in queries if one["sql"].startswith("SELECT") and "webhookdelivery" in one["sql"]]
    for sql in asked:
        plan = _plan(sql)
        assert "Seq Scan on liaison_webhookdelivery" not in plan, plan
    (claim,) = [_plan(sql) for sql in asked if "SKIP LOCKED" in sql]
    assert "webhook_delivery_due" in claim, claim
    # Savepoint, what is on its way, what is due, the claim, savepoint, the rows.
    assert len(queries) == 6
    assert webhook_sending._claim(endpoint.pk, now=timezone.now()) == [], "as many as may be are on their way"


def test_one_run_ends_with_its_time_and_asks_for_another(
    endpoint: WebhookEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_sending, "MOST_SECONDS", 0)
    monkeypatch.setattr(webhook_sending, "_post", lambda parcel: webhook_sending._Outcome(status=200))
    run = webhooks_send()
    assert (run.delivered, run.has_more) == (BATCH, True)
    assert WebhookDelivery.objects.filter(state="delivered").count() == BURST + BATCH
