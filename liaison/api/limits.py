"""How often a client may ask: ``RateLimit-Policy`` and ``RateLimit`` (draft-ietf-httpapi-ratelimit-headers-10).

While the cache that counts is away nobody is counted: a platform's orders are not held up by it, and its secrets are
too long to be guessed.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from liaison.api.problems import ApiProblem
from liaison.limits import Limit, NotCounted, use

if TYPE_CHECKING:
    from liaison.selectors.client import Caller

logger = logging.getLogger(__name__)

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
    headers = {"RateLimit-Policy": f'"client";q={limit.most};w={limit.seconds}'}
    try:
        used, reset = use(limit, str(caller.client_id))
    except NotCounted:
        logger.warning("client %s is not counted: the cache does not answer", caller.client_id)
        return headers
    headers["RateLimit"] = f'"client";r={max(0, limit.most - used)};t={reset}'
    if used > limit.most:
        raise ApiProblem("rate_limited", headers={**headers, "Retry-After": str(reset)})
    return headers


def count_address(limit: Limit, address: str | None) -> None:
    """Count one request of an address.

    Raises:
        ApiProblem: ``rate_limited`` with ``Retry-After``.
    """
    try:
        used, reset = use(limit, address or "?")
    except NotCounted:
        logger.warning("requests for tokens are not counted: the cache does not answer")
        return
    if used > limit.most:
        raise ApiProblem("rate_limited", headers={"Retry-After": str(reset)})
