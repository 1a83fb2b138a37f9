"""Sending what stands in the outbox (待发通知), at least once.

Each delivery row is the truth about itself; the broker only says that it is time to look. A batch is
claimed by one conditional UPDATE that skips rows others hold, sent outside any transaction, and each row
is marked on its own. Who dies in between leaves a claim that is taken up again after ten minutes: a mail
whose sender died after the server took it, and before the row was marked, goes out a second time, with
the same Message-ID. That is the price of never losing one.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from liaison.channels import AddressRefused, Channel, ChannelUnavailable, Outgoing, TryLater, channel_for
from liaison.models import Delivery
from liaison.models.notice import DeliveryStatus

logger = logging.getLogger(__name__)

#: Rows claimed at once: few enough to be sent well within ``CLAIM_TIME``, at ten seconds' time-out each.
BATCH = 20
#: A claim older than this belongs to a dead worker.
CLAIM_TIME = dt.timedelta(minutes=10)
#: One run ends after so many batches; the next minute's run goes on.
MOST_BATCHES = 50
#: Waiting before the second, third, … attempt: after about three days it is given up.
BACK_OFF = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440, 1440))
MOST_ATTEMPTS = len(BACK_OFF) + 1


@dataclass(slots=True)
class DeliveryResult:
    """What one run did: sent, put back for later, given up."""

    sent: int = 0
    requeued: int = 0
    failed: int = 0


def notices_deliver() -> DeliveryResult:
    """Send what is due, in batches, until nothing is, or the channel is away."""
    result = DeliveryResult()
    for _ in range(MOST_BATCHES):
        batch = _claim(now=timezone.now())
        if not batch:
            break
        away = False
        for code, deliveries in groupby(batch, key=lambda delivery: delivery.channel):
            away |= _send_all(code, list(deliveries), result)
        if away:
            break  # do not burn the attempts of the whole queue on a server that is away
    return result


def _claim(*, now: dt.datetime) -> list[Delivery]:
    """Take some rows that are due; ``next_attempt_at`` of a claimed row is the end of its claim."""
    with transaction.atomic(durable=True):
        due = (
            Delivery.objects.filter(
                status__in=[DeliveryStatus.QUEUED, DeliveryStatus.SENDING], next_attempt_at__lte=now
            )
            .order_by("next_attempt_at")
            .select_for_update(skip_locked=True)
            .values_list("pk", flat=True)[:BATCH]
        )
        claimed = list(due)
        Delivery.objects.filter(pk__in=claimed).update(
            status=DeliveryStatus.SENDING,
            claimed_at=now,
            next_attempt_at=now + CLAIM_TIME,
            attempts=F("attempts") + 1,
        )
    return list(
        Delivery.objects.filter(pk__in=claimed)
        .select_related("notice__recipient")
        .order_by("channel", "next_attempt_at", "pk")
    )


def _send_all(code: str, deliveries: list[Delivery], result: DeliveryResult) -> bool:
    """Send some rows by one channel; whether the channel is away."""
    waiting = iter(deliveries)
    try:
        with channel_for(code) as channel:
            for delivery in waiting:
                try:
                    _send(channel, delivery, result)
                except ChannelUnavailable as error:
                    _put_back(delivery, str(error), result)
                    raise
    except ChannelUnavailable as error:
        for delivery in waiting:
            _put_back(delivery, str(error), result)
        return True
    return False


def _send(channel: Channel, delivery: Delivery, result: DeliveryResult) -> None:
    """Send one row and mark it.

    Raises:
        ChannelUnavailable: as the channel says.
    """
    if not delivery.notice.recipient.is_active:
        _give_up(delivery, "账号已停用，未发送", result)
        return
    try:
        channel.send(_outgoing(delivery))
    except ChannelUnavailable:
        raise
    except TryLater as error:
        _put_back(delivery, str(error), result)
    except AddressRefused as error:
        _give_up(delivery, str(error), result)
    except Exception as error:  # a fault of ours or of the adapter's must not stop the queue
        logger.exception("delivery %s failed", delivery.pk)
        _put_back(delivery, f"发送程序出错（{type(error).__name__}）", result)
    else:
        result.sent += _mark(delivery, status=DeliveryStatus.SENT, sent_at=timezone.now(), error="")


def _outgoing(delivery: Delivery) -> Outgoing:
    notice = delivery.notice
    return Outgoing(
        key=f"notice-{notice.public_id}-{delivery.channel}",
        address=delivery.address,
        name=notice.recipient.name,
        title=notice.title,
        body=notice.body,
        link=f"{settings.PUBLIC_BASE_URL}{notice.url or '/inbox/'}",
    )


def _put_back(delivery: Delivery, reason: str, result: DeliveryResult) -> None:
    if delivery.attempts >= MOST_ATTEMPTS:
        _give_up(delivery, f"{reason}，已试{delivery.attempts}次", result)
        return
    next_attempt_at = timezone.now() + BACK_OFF[delivery.attempts - 1]
    result.requeued += _mark(
        delivery, status=DeliveryStatus.QUEUED, claimed_at=None, next_attempt_at=next_attempt_at, error=reason
    )


def _give_up(delivery: Delivery, reason: str, result: DeliveryResult) -> None:
    result.failed += _mark(delivery, status=DeliveryStatus.FAILED, error=reason)


def _mark(delivery: Delivery, **values: object) -> int:
    """Write what became of a claimed row, unless the claim has run out and somebody else took it up."""
    return Delivery.objects.filter(
        pk=delivery.pk, status=DeliveryStatus.SENDING, claimed_at=delivery.claimed_at
    ).update(**values)
