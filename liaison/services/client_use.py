"""What a request leaves behind: when the client was last here, the nonce it used, the error it got."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone

from liaison.models import ApiClient, ClientError, ClientSecret, Nonce

#: "Last used" is written at most once in this time: one write a minute, not one a request.
USED_EVERY = dt.timedelta(minutes=1)


def client_used(*, client_id: int, last_used_at: dt.datetime | None, ip: str | None) -> None:
    """Note that the client was here.

    Args:
        last_used_at: what the row said when the request came in.
    """
    now = timezone.now()
    if last_used_at is None or last_used_at < now - USED_EVERY:
        mine = ApiClient.objects.unscoped(reason="the caller itself").filter(pk=client_id)
        mine.update(last_used_at=now, last_used_ip=ip)


def nonce_use(*, client_id: int, nonce: str, secret_id: int) -> bool:
    """Use up a nonce, and note that the signing secret was used.

    Returns:
        Whether it was new. Of two requests with the same one at the same time the constraint lets one pass.
    """
    try:
        with transaction.atomic():
            Nonce.objects.create(client_id=client_id, value=nonce)
    except IntegrityError:
        return False
    _secret_used(secret_id)
    return True


def _secret_used(secret_id: int) -> None:
    now = timezone.now()
    mine = ClientSecret.objects.unscoped(reason="the caller itself").filter(pk=secret_id)
    mine.exclude(last_used_at__gt=now - USED_EVERY).update(last_used_at=now)


def error_note(
    *,
    client_id: int,
    method: str,
    path: str,
    status: int,
    code: str,
    detail: str,
    ip: str | None,
    request_id: str,
) -> None:
    """Keep an error for the administrator's page, after what it refused was rolled back."""
    ClientError.objects.create(
        client_id=client_id,
        method=method[:10],
        path=path.replace("\0", "")[:300],
        status=status,
        code=code[:60],
        detail=detail[:500],
        ip=ip,
        request_id=request_id,
    )
