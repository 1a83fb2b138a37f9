"""Events for other platforms (事件推送): written with the change that they tell of, sent afterwards."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from liaison.exceptions import IllegalTransition, NotFound
from liaison.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookEvent
from liaison.models.webhook import DeliveryState, EndpointStatus
from liaison.permissions import Permission
from liaison.queue import enqueue_on_commit
from liaison.registry import registry
from liaison.services.audit import record_audit

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor

#: The type of the event by which an administrator tries an endpoint.
PING = "portal.ping"
#: Events removed by one sweep, in one transaction.
SWEPT_AT_ONCE = 10_000


def webhook_publish(*, client_id: int, type: str, object_key: str, path: str) -> None:  # noqa: A002
    """Tell a client that something happened, in the caller's transaction: rolled back, nothing was said.

    Three queries, one when no endpoint of the client wants this type. Deliveries of one object are sent in the order
    of these calls; the caller holds the object's lock, so that this is the order of the commits too.

    Args:
        client_id: of the ``ApiClient`` that is told.
        type: a code of ``registry.webhook_types``.
        object_key: ``<kind>:<public id>``; what stands after the colon is the id on the wire.
        path: where it is fetched, ``/api/v1/…``, as ``reverse`` gives it.

    Raises:
        LookupError: the type is not registered.
        RuntimeError: not in a transaction.
    """
    if type not in registry.webhook_types:
        raise LookupError(f"no webhook type {type}")
    if not connection.in_atomic_block:
        raise RuntimeError("an event is published in the transaction of its change")
    endpoints = WebhookEndpoint.objects.unscoped(reason="those of the client that is told").filter(
        client_id=client_id,
        status__in=[EndpointStatus.ACTIVE, EndpointStatus.PAUSED],
        types__contains=[type],
        client__is_active=True,
        client__scopes__contains=[registry.webhook_types[type].scope],
    )
    endpoint_ids = list(endpoints.values_list("pk", flat=True))
    if not endpoint_ids:
        return
    event = WebhookEvent(client_id=client_id, type=type, object_key=object_key, path=path)
    event.save(force_insert=True)
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(event=event, endpoint_id=pk, object_key=object_key) for pk in endpoint_ids
    )
    wake_webhooks()


def wake_webhooks() -> None:
    """Have what is due sent after the commit; without it the beat does within ten seconds."""
    enqueue_on_commit("liaison.tasks.send_webhooks")


@transaction.atomic
def endpoint_ping(*, actor: Actor, public_id: UUID) -> WebhookDelivery:
    """Send a test event (``portal.ping``) to an endpoint.

    Raises:
        NotFound: unknown, or not visible to the actor.
        IllegalTransition: it is paused or disabled (``endpoint_not_active``).
    """
    endpoint = WebhookEndpoint.objects.visible_to(actor).filter(public_id=public_id).first()
    if endpoint is None:
        raise NotFound
    actor.require(Permission.CLIENT_EDIT)
    _require_active(endpoint)
    event = WebhookEvent.objects.create(
        client_id=endpoint.client_id, type=PING, object_key=f"ping:{uuid.uuid4()}", path="/api/v1/whoami"
    )
    delivery = WebhookDelivery.objects.create(event=event, endpoint=endpoint, object_key=event.object_key)
    record_audit(actor=actor, action="webhook.ping", target=endpoint)
    wake_webhooks()
    return delivery


def _require_active(endpoint: WebhookEndpoint) -> None:
    if not endpoint.is_active:
        raise IllegalTransition(
            f"这个推送地址{endpoint.get_status_display()}，请先恢复推送，再发。", code="endpoint_not_active"
        )


@transaction.atomic
def delivery_repeat(*, actor: Actor, public_id: UUID) -> WebhookDelivery:
    """Send a delivery once more by hand. One that waits for its next try is tried now; of one that is settled a new
    one is made, with the same ``webhook-id``, behind what is open for the object.

    Raises:
        NotFound: unknown, or not visible to the actor.
        IllegalTransition: it is being sent at this moment (``being_sent``), or its endpoint is paused or disabled
            (``endpoint_not_active``).
    """
    delivery = (
        WebhookDelivery.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .select_related("endpoint", "event")
        .filter(public_id=public_id)
        .first()
    )
    if delivery is None:
        raise NotFound
    actor.require(Permission.CLIENT_EDIT)
    if delivery.state == DeliveryState.SENDING:
        raise IllegalTransition("正在投递，请稍后看结果。", code="being_sent")
    _require_active(delivery.endpoint)
    record_audit(actor=actor, action="webhook.repeat", target=delivery.endpoint, detail={"event": delivery.event.type})
    if delivery.state == DeliveryState.WAITING:
        delivery.next_at = timezone.now()
        delivery.save(update_fields=["next_at", "updated_at"])
    else:
        delivery = WebhookDelivery.objects.create(
            event=delivery.event,
            endpoint=delivery.endpoint,
            object_key=delivery.object_key,
            repeated_by=actor.name[:100] or "系统",
        )
    wake_webhooks()
    return delivery


def webhooks_sweep(*, now: dt.datetime) -> int:
    """Remove events older than ``WEBHOOK_KEEP_DAYS`` with their deliveries and tries, also those that still wait for
    a paused endpoint; so many at a time that a long outage of the sweep is caught up within hours.

    Returns:
        How many events.
    """
    old = list(
        WebhookEvent.objects.filter(created_at__lte=now - dt.timedelta(days=settings.WEBHOOK_KEEP_DAYS))
        .order_by("created_at")
        .values_list("pk", flat=True)[:SWEPT_AT_ONCE]
    )
    WebhookAttempt.objects.filter(delivery__event_id__in=old).delete()
    WebhookDelivery.objects.filter(event_id__in=old).delete()
    WebhookEvent.objects.filter(pk__in=old).delete()
    return len(old)
