"""What the demo's opinions must show; the whole demo is loaded in one test only (tests/votes/test_demo.py)."""

from __future__ import annotations

from liaison.models import Notice, WebhookDelivery, WebhookEndpoint
from suggestions.demo_opinions import SAID
from suggestions.demo_people import staff
from suggestions.models import Opinion, OpinionRoute
from suggestions.states import OpinionStatus

#: Rows that are recorded in bulk.
BULK = 3


def check_opinions() -> None:
    """One opinion or more on every way, and something that waits for each of the sign-in page's people."""
    opinions = Opinion.objects.all()
    assert opinions.count() >= len(SAID) + BULK  # the demo of the hotline brings some of its own
    assert set(opinions.values_list("status", flat=True)) == set(OpinionStatus.values)
    assert set(opinions.values_list("route", flat=True)) == {"", *OpinionRoute.values}
    assert opinions.filter(tell_since__isnull=False).exists()
    assert opinions.filter(same_as__isnull=False).exists()
    assert opinions.filter(reopened=True).exists()
    for username in ("demo_deputy", "demo_county", "demo_town", "demo_county_unit"):
        assert any(one.is_open for one in opinions.visible_to(staff(username)))
    assert not Notice.objects.filter(body__contains="1390000").exists()


def check_webhooks() -> None:
    """Deliveries in each state that stays, at an endpoint that is paused and that no name server knows."""
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.status, ".invalid/" in endpoint.url) == ("paused", True)
    states = WebhookDelivery.objects.filter(endpoint=endpoint).values_list("state", flat=True)
    assert set(states) == {"delivered", "given_up", "waiting"}
