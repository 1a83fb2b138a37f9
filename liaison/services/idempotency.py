"""Answers kept by ``Idempotency-Key``, and what must go again after its time."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from liaison.exceptions import DomainError, NotAllowed
from liaison.models import ClientError, IdempotencyRecord, Nonce
from liaison.services.webhook import webhooks_sweep

if TYPE_CHECKING:
    from liaison.actor import Actor

#: For how long the errors of clients are kept.
ERROR_DAYS = 30


class IdempotencyInFlight(DomainError):
    """The first request with this key is still at work (409): come again in ``retry_after`` seconds."""

    code = "idempotency_in_flight"
    status = 409
    retry_after = 1

    def __init__(self) -> None:
        super().__init__("带这个幂等键的请求还在处理中。请按 Retry-After 稍后重试。")


class IdempotencyKeyReused(DomainError):
    """The key belongs to a request with another body or address (422)."""

    code = "idempotency_key_reused"
    status = 422

    def __init__(self) -> None:
        super().__init__("同一个幂等键不能用于内容不同的请求。请换一个新的键。")


def _client(actor: Actor) -> int:
    if actor.client_id is None:
        raise NotAllowed("只有接口客户端使用幂等键。")
    return actor.client_id


def lock_number(client_id: int, key: str) -> int:
    """The advisory lock of one client's key."""
    return int.from_bytes(hashlib.sha256(f"{client_id}:{key}".encode()).digest()[:8], "big", signed=True)


def idempotency_begin(*, actor: Actor, key: str, fingerprint: str) -> IdempotencyRecord | None:
    """The kept answer of an earlier request with this key; None when this is the first one.

    Call it inside the transaction of the write: the lock on the key lasts until that ends.

    Raises:
        IdempotencyInFlight: another request with this key is at work.
        IdempotencyKeyReused: the key was used for another request.
    """
    client_id = _client(actor)
    if not connection.in_atomic_block:
        raise RuntimeError("an idempotent write runs in a transaction")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock_number(client_id, key)])
        (locked,) = cursor.fetchone()
    if not locked:
        raise IdempotencyInFlight
    known = IdempotencyRecord.objects.visible_to(actor).filter(key=key).first()
    if known is None:
        return None
    if known.created_at <= timezone.now() - dt.timedelta(hours=settings.API_IDEMPOTENCY_HOURS):
        known.delete()
        return None
    if known.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    return known


def idempotency_keep(
    *, actor: Actor, key: str, fingerprint: str, status: int, headers: dict[str, str], body: str
) -> None:
    """Keep the answer, in the transaction of the write."""
    IdempotencyRecord.objects.create(
        client_id=_client(actor), key=key, fingerprint=fingerprint, status=status, headers=headers, body=body
    )


@transaction.atomic
def api_sweep() -> dict[str, int]:
    """Remove answers, nonces, tokens and errors whose time is over.

    Returns:
        How many of each.
    """
    from oauth2_provider.models import AccessToken

    now = timezone.now()
    why = "the sweep"
    kept = now - dt.timedelta(hours=settings.API_IDEMPOTENCY_HOURS)
    seen = now - dt.timedelta(seconds=2 * settings.API_CLOCK_SKEW_SECONDS)
    errors = now - dt.timedelta(days=ERROR_DAYS)
    return {
        "answers": IdempotencyRecord.objects.unscoped(reason=why).filter(created_at__lte=kept).delete()[0],
        "nonces": Nonce.objects.unscoped(reason=why).filter(seen_at__lte=seen).delete()[0],
        "tokens": AccessToken.objects.filter(expires__lte=now).delete()[0],
        "errors": ClientError.objects.unscoped(reason=why).filter(at__lte=errors).delete()[0],
        "webhooks": webhooks_sweep(now=now),
    }
