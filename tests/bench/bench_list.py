"""list_page: the sorting desk at 10,000 suggestions against the same page at 100."""

from __future__ import annotations

import datetime as dt
import statistics
import time
import urllib.request
from typing import TYPE_CHECKING

from tests.bench.load import sign_in_headers
from tests.bench.run import Measure, Stage, bench

if TYPE_CHECKING:
    from tests.cast import Cast

FEW, MANY, VIEWS = 100, 10_000, 40
#: The desk's first tab, everything, and what is past its day.
PAGES = ("/suggestions/", "/suggestions/?tab=all", "/suggestions/?tab=late")


@bench("list_page")
def list_page(stage: Stage) -> Measure:
    """Median milliseconds of the desk's pages; reach a ratio of 1.3 at most."""
    from tests.cast import build_cast

    cast = build_cast()
    with stage.server() as url:
        headers = sign_in_headers(url, "insider")
        fill(cast, 0, FEW)
        few = _milliseconds(url, headers)
        fill(cast, FEW, MANY)
        many = _milliseconds(url, headers)
    return Measure(ours=many, floor=few, unit="ms")


def fill(cast: Cast, start: int, stop: int) -> None:
    """Suggestions from ``start`` to ``stop`` in four states, each with its open deadline."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection
    from django.utils import timezone

    from liaison.models import Deadline
    from suggestions.models import Category, Suggestion

    category = Category.objects.order_by("pk").first()
    today = timezone.localdate()
    rows = []
    for number in range(start, stop):
        # The desk's tabs hold as many in both runs: what grows is the archive and the work in hand.
        state = ("submitted", "handling", "closed", "closed")[number % 4] if number < FEW else "closed"
        state = "handling" if number >= FEW and number % 5 == 0 else state
        registered = state != "submitted"
        rows.append(
            Suggestion(
                congress=cast.congress,
                office=cast.offices["city_office"],
                region_prefix="4309",
                lead=cast.mandates["deputy"],
                lead_person=cast.people["deputy"],
                title=f"关于第{number}件事的建议",
                situation="沿线居民长期反映。" * 20,
                proposal="请有关部门办理。" * 20,
                category=category,
                status=state,
                submitted_at=timezone.now(),
                number=number if registered else None,
                number_label=f"益阳市七届人大闭会第{number:04d}号建议" if registered else "",
                registered_at=timezone.now() if registered else None,
                main_unit=cast.offices["unit"] if registered else None,
                closed_at=timezone.now() if state == "closed" else None,
            )
        )
    Suggestion.objects.bulk_create(rows, batch_size=1000)
    content_type = ContentType.objects.get_for_model(Suggestion)
    Deadline.objects.bulk_create(
        [
            Deadline(
                kind="suggestion_handover" if row.status == "submitted" else "suggestion_answer",
                content_type=content_type,
                object_id=row.pk,
                holder=row.office if row.status == "submitted" else row.main_unit,
                supervisor=row.office,
                unit="months",
                length=3,
                starts_on=today - dt.timedelta(days=120),
                nominal_due=today + dt.timedelta(days=row.pk % 120 - 10),
                due_on=today + dt.timedelta(days=row.pk % 120 - 10),
                met_at=timezone.now() if row.status == "closed" else None,
            )
            for row in rows
        ],
        batch_size=1000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _milliseconds(url: str, headers: dict[str, str]) -> float:
    times = []
    for number in range(VIEWS + 5):
        request = urllib.request.Request(url + PAGES[number % len(PAGES)], headers=headers)
        begun = time.perf_counter()
        with urllib.request.urlopen(request) as answer:
            answer.read()
        if number >= 5:  # the first ones warm the templates up
            times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)
