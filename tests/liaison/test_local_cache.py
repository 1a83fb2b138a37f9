"""Counting without Redis: a burst is counted to the last, and what is over is swept away."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from django.core.cache import caches

from liaison.limits import Limit, within
from liaison.localcache import LocalCache

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper


def test_a_burst_over_a_limit_lets_through_exactly_the_limit(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.CACHES = {"default": {"BACKEND": "liaison.localcache.LocalCache", "LOCATION": str(tmp_path)}}
    limit = Limit("burst", 20, 10**6)
    assert isinstance(caches["default"], LocalCache)
    for number in range(400):  # Django's own file cache forgets at random from 300 entries on
        within(limit, f"10.0.0.{number}")
    with ThreadPoolExecutor(8) as pool:
        let = list(pool.map(lambda _: within(limit, "one address"), range(200)))
    assert let.count(True) == 20


def test_a_time_that_is_over_is_swept_away(tmp_path: Path) -> None:
    cache = LocalCache(str(tmp_path), {})
    now = int(time.time())
    assert [cache.count("a", until=now - 5), cache.count("a", until=now - 5)] == [1, 2]
    assert cache.count("a", until=now + 100) == 1
    assert [one.name for one in (tmp_path / "counters").iterdir()] == [str(now + 100)]
    cache.clear()
    assert cache.count("a", until=now + 100) == 1
