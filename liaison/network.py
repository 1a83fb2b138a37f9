"""Where a request came from, as the audit and the rate limits see it."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str | None:
    """The address of the browser; None when it cannot be known (a Unix socket).

    ``X-Forwarded-For`` is believed only as far as ``TRUSTED_PROXIES`` proxies of our own wrote it: each
    appends the address it saw, so the n-th from the right is the first one that nobody could make up.
    """
    address = request.META.get("REMOTE_ADDR", "")
    trusted: int = settings.TRUSTED_PROXIES
    if trusted:
        forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        if len(forwarded) >= trusted:
            address = forwarded[-trusted]
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None
