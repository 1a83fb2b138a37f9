"""How often something may be done from one place, counted in the shared cache."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass

from django.core.cache import cache


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
    slot = int(time.time()) // limit.seconds
    name = f"limit:{limit.name}:{hashlib.sha256(key.encode()).hexdigest()[:32]}:{slot}"
    if cache.add(name, 1, timeout=limit.seconds):
        return limit.most >= 1
    try:
        return bool(cache.incr(name) <= limit.most)
    except ValueError:  # it ran out between the two
        cache.add(name, 1, timeout=limit.seconds)
        return limit.most >= 1
