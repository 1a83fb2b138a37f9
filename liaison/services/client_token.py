"""The secret that a client shows to get a token."""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from liaison.models import ClientSecret
from liaison.models.client import SecretUse


def digest_of(secret: str) -> str:
    """What is kept of a secret that buys tokens."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def secret_accept(*, client_id: int, secret: str) -> ClientSecret | None:
    """The client's secret in force with this value, locked; None when there is none.

    The lock makes withdrawing a secret wait for a token that is just being bought with it, so that the token is
    withdrawn as well (``secret_revoke``).
    """
    digest, now = digest_of(secret), timezone.now()
    found = (
        ClientSecret.objects.unscoped(reason="checked before any actor exists")
        .filter(client_id=client_id, use=SecretUse.OAUTH)
        .valid_at(now)
        .select_related("client__application")
        .select_for_update(of=("self",))
        .order_by("id")
    )
    matching = [row for row in found if constant_time_compare(row.digest, digest)]
    if not matching:
        return None
    matching[0].last_used_at = now
    matching[0].save(update_fields=["last_used_at", "updated_at"])
    return matching[0]
