"""Sending events to other platforms, at least once, each object's in their order.

As with notices the row is the truth and the broker only says that it is time to look. A batch is claimed by an
UPDATE that skips rows others hold, sent outside any transaction, and noted row by row. Who dies in between leaves a
claim that runs out: the event goes out again, with the same ``webhook-id``, by which the receiver knows it.

Of one object only the first open delivery is ever claimed, so a batch may be sent side by side.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import random
import time
from collections import Counter, deque
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from liaison import signing
from liaison.actor import system_actor
from liaison.fetching import FetchFailed, FetchRefused, post_body
from liaison.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookSecret
from liaison.models.notice import NoticeKind
from liaison.models.webhook import OPEN_STATES, DeliveryState, EndpointStatus
from liaison.selectors.people import administrators_over
from liaison.services.audit import record_audit
from liaison.services.notice import notify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison.models import WebhookEvent

logger = logging.getLogger(__name__)

#: Deliveries to one endpoint that are on their way at once, over all workers.
BATCH = 10
#: The same of one run, over all endpoints.
AT_ONCE = 50
#: One run ends after so many seconds; other tasks want the worker too.
MOST_SECONDS = 30
#: Characters of an answer that are kept.
MOST_SHOWN = 2000
#: The waits are drawn out or shortened by up to this share, so that what failed together does not come again together.
JITTER = 0.1
#: The administrators are told of one endpoint at most once in this time.
TELL_EVERY = dt.timedelta(hours=24)
_SENDER = system_actor("事件推送")
_GONE = 410


@dataclass(slots=True)
class WebhookRun:
    """What one run did.

    Args:
        has_more: it ended because its time was over.
    """

    delivered: int = 0
    failed: int = 0
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class _Parcel:
    """What goes over the network for one claimed delivery; nothing in it asks the database."""

    delivery: WebhookDelivery
    body: bytes
    headers: dict[str, str]
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came back: a status, or the reason why none did."""

    status: int | None = None
    text: str = ""
    milliseconds: int = 0
    error: str = ""

    @property
    def is_delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def words(self) -> str:
        """For the delivery's row."""
        if self.status is None:
            return self.error
        if 300 <= self.status < 400:
            return f"对方回答{self.status}，转到别的地址，平台不跟随。请改成最终的地址。"
        return f"对方回答{self.status}。"


def webhooks_send() -> WebhookRun:
    """Send what is due, until nothing is or the time of one run is over.

    Endpoints are served side by side: one that answers slowly holds up nothing but itself. They begin in an order that
    differs from run to run, so that even more slow ones than fit into a run leave the others their turn.
    """
    run = WebhookRun()
    ends = time.monotonic() + MOST_SECONDS
    endpoints = WebhookEndpoint.objects.unscoped(reason="sending is no reader's choice").delivered_to()
    ids = list(endpoints.values_list("pk", flat=True))
    random.shuffle(ids)
    turn = deque(ids)
    under_way: dict[Future[_Outcome], _Parcel] = {}
    of_endpoint: Counter[int] = Counter()
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        while turn or under_way:
            while turn and len(under_way) + BATCH <= AT_ONCE:
                for parcel in _pack(_claim(turn.popleft(), now=timezone.now())):
                    under_way[pool.submit(_post, parcel)] = parcel
                    of_endpoint[parcel.delivery.endpoint_id] += 1
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                parcel, outcome = under_way.pop(future), future.result()
                _note(parcel, outcome)
                run.delivered += outcome.is_delivered
                run.failed += not outcome.is_delivered
                endpoint_id = parcel.delivery.endpoint_id
                of_endpoint[endpoint_id] -= 1
                if not of_endpoint[endpoint_id]:
                    turn.append(endpoint_id)
            if time.monotonic() > ends:  # what is on its way is waited for
                run.has_more = True
                turn.clear()
    return run


def _claim(endpoint_id: int, *, now: dt.datetime) -> list[WebhookDelivery]:
    """Take some that are due and first of their object; ``next_at`` of a claimed row is the end of its claim, twice
    the time that sending may take."""
    rows = WebhookDelivery.objects.unscoped(reason="sending is no reader's choice").filter(
        endpoint_id=endpoint_id, state__in=OPEN_STATES
    )
    before = WebhookDelivery.objects.filter(
        endpoint_id=OuterRef("endpoint_id"),
        object_key=OuterRef("object_key"),
        pk__lt=OuterRef("pk"),
        state__in=OPEN_STATES,
    )
    with transaction.atomic(durable=True):
        on_their_way = rows.filter(state=DeliveryState.SENDING, next_at__gt=now).count()
        due = (
            rows.filter(~Exists(before), next_at__lte=now)
            .order_by("next_at", "pk")
            .select_for_update(of=("self",), skip_locked=True, no_key=True)
            .values_list("pk", flat=True)[: max(0, BATCH - on_their_way)]
        )
        claimed = list(due)
        if not claimed:
            return []
        WebhookDelivery.objects.filter(pk__in=claimed).update(
            state=DeliveryState.SENDING,
            claimed_at=now,
            next_at=now + dt.timedelta(seconds=2 * settings.WEBHOOK_SECONDS),
            attempts=F("attempts") + 1,
        )
    return list(WebhookDelivery.objects.filter(pk__in=claimed).select_related("event", "endpoint").order_by("pk"))


def event_body(event: WebhookEvent) -> bytes:
    """The body on the wire; the same bytes at every try."""
    body = {
        "type": event.type,
        "timestamp": event.created_at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z"),
        "data": {"id": event.object_id, "url": f"{settings.PUBLIC_BASE_URL}{event.path}"},
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _pack(batch: Sequence[WebhookDelivery]) -> list[_Parcel]:
    if not batch:
        return []
    now = timezone.now().astimezone(dt.UTC)
    keys = [
        Webhook(value)
        for sealed in WebhookSecret.objects.unscoped(reason="signing is no reader's choice")
        .filter(endpoint_id=batch[0].endpoint_id)
        .valid_at(now)
        .values_list("sealed", flat=True)
        if (value := signing.unseal(sealed)) is not None
    ]
    parcels = []
    for delivery in batch:
        message_id, body = str(delivery.event.public_id), event_body(delivery.event)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(key.sign(message_id, now, body.decode()) for key in keys),
        }
        parcels.append(_Parcel(delivery, body, headers, now))
    return parcels


def _post(parcel: _Parcel) -> _Outcome:
    """Runs in a thread of the pool."""
    if not parcel.headers["webhook-signature"]:
        return _Outcome(error="没有可用的密钥，没有发送。请更换密钥。")
    began = time.monotonic()
    try:
        answer = post_body(
            parcel.delivery.endpoint.url,
            parcel.body,
            headers=parcel.headers,
            seconds=settings.WEBHOOK_SECONDS,
            limit=MOST_SHOWN,
        )
    except (FetchFailed, FetchRefused) as error:
        return _Outcome(error=error.reason, milliseconds=round((time.monotonic() - began) * 1000))
    except Exception as error:  # a fault of ours must not stop the queue
        logger.exception("delivery %s failed", parcel.delivery.pk)
        return _Outcome(error=f"发送程序出错（{type(error).__name__}）。")
    return _Outcome(answer.status, answer.text, answer.milliseconds)


@transaction.atomic
def _note(parcel: _Parcel, outcome: _Outcome) -> None:
    """Write what became of a claimed delivery; the try is kept in any case, the row is left alone when the claim ran
    out and somebody else took it up."""
    WebhookAttempt.objects.create(
        delivery=parcel.delivery,
        at=parcel.at,
        url=parcel.delivery.endpoint.url,
        signature=parcel.headers["webhook-signature"],
        status=outcome.status,
        answer=outcome.text,
        milliseconds=outcome.milliseconds,
        error=outcome.error,
    )
    delivery = (
        WebhookDelivery.objects.select_for_update(of=("self",), no_key=True)
        .select_related("endpoint__client__organisation__region")
        .filter(pk=parcel.delivery.pk, state=DeliveryState.SENDING, claimed_at=parcel.delivery.claimed_at)
        .first()
    )
    if delivery is None:
        return
    now = timezone.now()
    delivery.reason = outcome.words[:300]
    if outcome.is_delivered:
        _settle(delivery, DeliveryState.DELIVERED, now)
        if delivery.endpoint.told_at is not None:
            WebhookEndpoint.objects.filter(pk=delivery.endpoint_id).update(told_at=None)
    elif outcome.status == _GONE:
        _settle(delivery, DeliveryState.GIVEN_UP, now)
        _disable(delivery.endpoint, now)
    elif delivery.attempts > len(settings.WEBHOOK_WAITS):
        delivery.reason = f"{outcome.words}共试{delivery.attempts}次，不再投递。"[:300]
        _settle(delivery, DeliveryState.GIVEN_UP, now)
        _tell_given_up(delivery.endpoint, now)
    else:
        wait = settings.WEBHOOK_WAITS[delivery.attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
        delivery.state, delivery.claimed_at = DeliveryState.WAITING, None
        delivery.next_at = now + dt.timedelta(seconds=wait)
        delivery.save(update_fields=["state", "claimed_at", "next_at", "reason", "updated_at"])


def _settle(delivery: WebhookDelivery, state: DeliveryState, now: dt.datetime) -> None:
    delivery.state, delivery.claimed_at, delivery.next_at, delivery.settled_at = state, None, None, now
    delivery.save(update_fields=["state", "claimed_at", "next_at", "settled_at", "reason", "updated_at"])


def _disable(endpoint: WebhookEndpoint, now: dt.datetime) -> None:
    """The other platform wants no more (410): nothing is sent to this address until an administrator opens it."""
    reason = "对方回答410，表示这个地址不再接收。"
    rows = WebhookEndpoint.objects.unscoped(reason="sending is no reader's choice").filter(pk=endpoint.pk)
    if not rows.exclude(status=EndpointStatus.DISABLED).update(
        status=EndpointStatus.DISABLED, status_reason=reason, version=F("version") + 1, updated_at=now
    ):
        return
    WebhookDelivery.objects.filter(endpoint=endpoint, state=DeliveryState.WAITING).update(
        state=DeliveryState.GIVEN_UP, next_at=None, settled_at=now, reason=reason
    )
    record_audit(
        actor=_SENDER,
        action="webhook.gone",
        target=endpoint,
        region_prefix=endpoint.client.organisation.region.prefix,
        detail={"reason": reason},
    )
    _tell(endpoint, f"事件推送已停用：{endpoint.client.name}", f"{reason}请与对方核实，更换地址或者恢复后再用。")


def _tell_given_up(endpoint: WebhookEndpoint, now: dt.datetime) -> None:
    """Once a day of one endpoint: what is given up together is one notice."""
    rows = WebhookEndpoint.objects.unscoped(reason="sending is no reader's choice").filter(pk=endpoint.pk)
    if rows.exclude(told_at__gt=now - TELL_EVERY).update(told_at=now):
        body = "连续三天没有送到，已经放弃。对方可以用接口从上次的位置接着读取；恢复后也可以在投递记录里再发。"
        _tell(endpoint, f"事件推送失败：{endpoint.client.name}", body)


def _tell(endpoint: WebhookEndpoint, title: str, body: str) -> None:
    notify(
        recipients=administrators_over(endpoint.client.organisation.region.prefix),
        kind=NoticeKind.TASK,
        title=title,
        body=body,
        url=f"/system/clients/webhooks/{endpoint.public_id}/",
    )
