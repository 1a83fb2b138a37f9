"""The demo's webhooks: an endpoint of the hotline that is paused and leads nowhere, with deliveries in every state."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from liaison.actor import system_actor
from liaison.clock import moved_to
from liaison.models import ApiClient, WebhookAttempt, WebhookDelivery
from liaison.models.webhook import DeliveryState
from liaison.registry import registry
from liaison.services.webhook_endpoint import endpoint_make, endpoint_pause
from suggestions.models import HotlineReport
from suggestions.services.hotline_feed import publish_report

if TYPE_CHECKING:
    from collections.abc import Callable

#: No name server knows a name under ``.invalid`` (RFC 2606), should somebody resume it.
URL = "https://12345.demo.invalid/portal-events"
_AWAY = "没有送到：连不上或者中途断开。"
_BUSY = "对方回答503。"
#: Hours after the event at which it was tried, what was answered (0: nothing), and the state that it left.
_STORIES: tuple[tuple[tuple[tuple[float, int], ...], DeliveryState], ...] = (
    (((0, 200),), DeliveryState.DELIVERED),
    (((0, 503), (0.002, 200)), DeliveryState.DELIVERED),
    (
        ((0, 0), (0.002, 0), (0.09, 503), (0.6, 503), (2.6, 0), (7.6, 0), (17.6, 0), (31.6, 0), (51.6, 0), (75.1, 0)),
        DeliveryState.GIVEN_UP,
    ),
    (((0, 200),), DeliveryState.DELIVERED),
    (((0, 503), (0.002, 503)), DeliveryState.WAITING),
)


@transaction.atomic
def load(say: Callable[[str], None]) -> None:
    """Make what is missing; nothing is sent, for it is paused when the transaction ends."""
    system = system_actor("演示数据")
    client = ApiClient.objects.unscoped(reason="the demo's own").filter(hotline_settings__isnull=False).first()
    if client is None or client.webhooks.exists():
        return
    endpoint, _ = endpoint_make(
        actor=system,
        client_id=client.public_id,
        public_id=uuid.uuid4(),
        url=URL,
        types=[kind.code for kind in registry.webhook_types.values() if kind.scope in client.scopes],
        note="演示，不连接任何系统",
    )
    reports = HotlineReport.objects.unscoped(reason="the demo's own").filter(client=client).order_by("-id")
    for place, report in enumerate(reports[: len(_STORIES)]):
        at = timezone.now() - dt.timedelta(days=len(_STORIES) + 1 - place)
        with moved_to(at):
            publish_report(report, "hotline.report.created")
            if _STORIES[place][1] == DeliveryState.WAITING:
                publish_report(report, "hotline.report.changed")
        _tell(report, at, *_STORIES[place])
    endpoint_pause(actor=system, public_id=endpoint.public_id, version=None, reason="热线系统升级")
    say(f"事件推送 {endpoint.deliveries.count()} 次（演示，不连接）")


def _tell(report: HotlineReport, at: dt.datetime, tries: tuple[tuple[float, int], ...], state: DeliveryState) -> None:
    delivery = WebhookDelivery.objects.select_related("endpoint").get(
        object_key=f"report:{report.public_id}", event__type="hotline.report.created"
    )
    for hours, status in tries:
        WebhookAttempt.objects.create(
            delivery=delivery,
            at=at + dt.timedelta(hours=hours),
            url=URL,
            signature="v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
            status=status or None,
            answer={200: '{"ok": true}', 503: "Service Unavailable"}.get(status, ""),
            milliseconds=84 if status else 15_000,
            error="" if status else _AWAY,
        )
    last = {200: "对方回答200。", 503: _BUSY}.get(tries[-1][1], _AWAY)
    open_ = state == DeliveryState.WAITING
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        state=state,
        attempts=len(tries),
        next_at=at + dt.timedelta(minutes=5) if open_ else None,
        settled_at=None if open_ else at + dt.timedelta(hours=tries[-1][0]),
        reason=f"{last}共试{len(tries)}次，不再投递。" if state == DeliveryState.GIVEN_UP else last,
    )
