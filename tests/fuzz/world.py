"""What the fuzzed portal holds: a city's people, its hotline with every scope, orders, and reports in many states."""

from __future__ import annotations

import itertools


def build() -> str:
    """Fill the empty database; the access token of the hotline, for an hour."""
    from suggestions.models import HotlineSettings
    from tests.cast import build_cast
    from tests.suggestions.hotline import make_hotline, reported
    from tests.suggestions.opinions import build_scene

    cast = build_cast()
    hotline = make_hotline(cast)
    hotline.client.rate_per_minute = 10_000_000
    hotline.client.save()
    HotlineSettings.objects.create(client=hotline.client, file_hosts="files.example.gov.cn")
    for number in range(20):
        hotline.told(f"F-{number}", state="dispatched" if number % 2 else "accepted")
    ways = [(), ("accepted",), ("accepted", "dispatched"), ("accepted", "dispatched", "signed")]
    ways += [("accepted", "dispatched", "signed", "replied"), ("not_accepted",)]
    scene = build_scene(cast)
    for way in itertools.islice(itertools.cycle(ways), 24):
        hotline.lead(reported(hotline, scene), *way)
    return hotline.token
