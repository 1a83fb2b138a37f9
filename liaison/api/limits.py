"""How often a client may ask: ``RateLimit-Policy`` and ``RateLimit`` (draft-ietf-httpapi-ratelimit-headers-10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.api.problems import ApiProblem
from liaison.limits import Limit, use

if TYPE_CHECKING:
    from liaison.selectors.client import Caller

#: Asking for tokens, by address: whoever tries secrets is slow at it.
TOKEN_LIMIT = Limit("api-token", most=60, seconds=60)
#: A client that goes on too fast is noted on its page once a minute, not each time.
NOTED_LIMIT = Limit("api-noted", most=1, seconds=60)
_SECONDS = 60


def count_caller(caller: Caller) -> dict[str, str]:
    """Count one request of a client.

    Returns:
        The headers for the answer.

    Raises:
        ApiProblem: ``rate_limited``, with these headers and ``Retry-After``.
    """
    limit = Limit("api-client", most=caller.rate_per_minute, seconds=_SECONDS)
    used, reset = use(limit, str(caller.client_id))
    headers = {
        "RateLimit-Policy": f'"client";q={limit.most};w={limit.seconds}',
        "RateLimit": f'"client";r={max(0, limit.most - used)};t={reset}',
    }
    if used > limit.most:
        raise ApiProblem("rate_limited", headers={**headers, "Retry-After": str(reset)})
    return headers


def count_address(limit: Limit, address: str | None) -> None:
    """Count one request of an address.

    Raises:
        ApiProblem: ``rate_limited`` with ``Retry-After``.
    """
    used, reset = use(limit, address or "?")
    if used > limit.most:
        raise ApiProblem("rate_limited", headers={"Retry-After": str(reset)})
