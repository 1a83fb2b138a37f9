"""How often something may be done from one place, counted in the shared cache."""

from __future__ import annotations

import time
from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache, caches
from redis.exceptions import RedisError

from liaison.localcache import LocalCache


class NotCounted(Exception):
    """The cache that counts does not answer."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` times in ``seconds``."""

    name: str
    most: int
    seconds: int


def within(limit: Limit, key: str) -> bool:
    """Count one more use, and say whether it is still within the limit.

    Args:
        key: whose uses are counted: an address, a programme.
    """
    return use(limit, key)[0] <= limit.most


def use(limit: Limit, key: str) -> tuple[int, int]:
    """Count one more use.

    Returns:
        How many there were in this period with this one, and in how many seconds the next period begins.

    Raises:
        NotCounted: the cache is away.
    """
    now = int(time.time())
    name = f"limit:{limit.name}:{sha256(key.encode()).hexdigest()[:32]}:{now // limit.seconds}"
    reset = limit.seconds - now % limit.seconds
    local = caches["default"]
    if isinstance(local, LocalCache):
        return local.count(name, until=now + reset), reset
    try:
        return _count(name, limit.seconds), reset
    except RedisError as error:
        raise NotCounted from error


def _count(name: str, seconds: int) -> int:
    if cache.add(name, 1, timeout=seconds):
        return 1
    try:
        return int(cache.incr(name))
    except ValueError:  # it ran out between the two
        cache.add(name, 1, timeout=seconds)
        return 1
