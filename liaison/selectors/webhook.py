"""Reading endpoints and deliveries (事件推送) for the system administrator's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q

from liaison.exceptions import NotFound
from liaison.models import WebhookDelivery, WebhookEndpoint, WebhookSecret
from liaison.models.webhook import OPEN_STATES, DeliveryState
from liaison.selectors.counts import capped_counts

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from liaison.actor import Actor
    from liaison.models import ApiClient, WebhookAttempt

#: By itself a delivery is tried ten times; the rest were asked for by hand.
MOST_TRIES = 100

#: Tab → label and the states in it; the tab "all" has every one.
TABS: dict[str, tuple[str, tuple[DeliveryState, ...]]] = {
    "all": ("全部", ()),
    "open": ("待投递", OPEN_STATES),
    "given_up": ("已放弃", (DeliveryState.GIVEN_UP,)),
    "delivered": ("已送达", (DeliveryState.DELIVERED,)),
}


def endpoints_of(client: ApiClient) -> QuerySet[WebhookEndpoint]:
    """Its endpoints, each with how many deliveries are open (``waiting``) and given up (``lost``)."""
    return client.webhooks.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state__in=OPEN_STATES)),
        lost=Count("deliveries", filter=Q(deliveries__state=DeliveryState.GIVEN_UP)),
    ).order_by("id")


def get_endpoint_for(actor: Actor, public_id: UUID | str) -> WebhookEndpoint:
    """One endpoint.

    Raises:
        NotFound: unknown, or not visible to the actor.
    """
    found = WebhookEndpoint.objects.visible_to(actor).select_related("client__organisation__region")
    endpoint = found.filter(public_id=public_id).first()
    if endpoint is None:
        raise NotFound
    return endpoint


def webhook_secrets_of(endpoint: WebhookEndpoint) -> list[WebhookSecret]:
    """Its secrets, newest first (never their values)."""
    return list(endpoint.secrets.defer("sealed")[:10])


def deliveries_of(
    actor: Actor, endpoint: WebhookEndpoint, *, tab: str = "all", kind: str = "", object_id: str = ""
) -> QuerySet[WebhookDelivery]:
    """Deliveries to an endpoint, newest first; ``is_behind``: an earlier one of the same object is still open.

    Args:
        kind: type of the events.
        object_id: the id that stood in the body.
    """
    before = WebhookDelivery.objects.filter(
        endpoint_id=OuterRef("endpoint_id"),
        object_key=OuterRef("object_key"),
        pk__lt=OuterRef("pk"),
        state__in=OPEN_STATES,
    )
    rows = WebhookDelivery.objects.visible_to(actor).filter(endpoint=endpoint).select_related("event", "endpoint")
    states = TABS[tab][1] if tab in TABS else ()
    if states:
        rows = rows.filter(state__in=states)
    if kind:
        rows = rows.filter(event__type=kind)
    if object_id:
        rows = rows.filter(object_key__endswith=f":{object_id}")
    return rows.annotate(is_behind=Exists(before))


def delivery_counts(endpoint: WebhookEndpoint) -> dict[str, int]:
    """How many lie in the tabs that want looking at (one query, counted up to a thousand)."""
    return capped_counts(
        {code: endpoint.deliveries.filter(state__in=states) for code, (_, states) in TABS.items() if code != "all"}
    )


def get_delivery_for(actor: Actor, public_id: UUID | str) -> WebhookDelivery:
    """One delivery.

    Raises:
        NotFound: unknown, or not visible to the actor.
    """
    found = WebhookDelivery.objects.visible_to(actor).select_related("event", "endpoint__client")
    delivery = found.filter(public_id=public_id).first()
    if delivery is None:
        raise NotFound
    return delivery


def waits_behind(delivery: WebhookDelivery) -> WebhookDelivery | None:
    """The open delivery of the same object that has to be settled first."""
    return (
        WebhookDelivery.objects.filter(
            endpoint_id=delivery.endpoint_id,
            object_key=delivery.object_key,
            pk__lt=delivery.pk,
            state__in=OPEN_STATES,
        )
        .order_by("pk")
        .first()
    )


def tries_of(delivery: WebhookDelivery) -> list[WebhookAttempt]:
    """What was tried, newest first."""
    return list(delivery.tries.order_by("-id")[:MOST_TRIES])
