"""duty_rollup: the roll-up of a county of 2,000 deputies with 200,000 ledger rows against 20,000 rows of the same."""

from __future__ import annotations

import statistics
import time
import urllib.request
from typing import TYPE_CHECKING

from tests.bench.load import sign_in_headers
from tests.bench.run import Measure, Stage, bench

if TYPE_CHECKING:
    from deputies.models import Congress

DEPUTIES, FEW, MANY, VIEWS = 2000, 20_000, 200_000, 24
#: The page as it is opened, the whole term's requirements, and the list of those who are behind.
PAGES = ("/duty-rollup/", "/duty-rollup/?asked=term", "/duty-rollup/behind/")
#: Through the real table: the triggers add every row up.
_ENTRIES = """
INSERT INTO deputies_dutyentry (public_id, created_at, updated_at, mandate_id, kind, activity_kind, "on", quantity,
    title, source_type_id, source_id, revision, reason)
SELECT gen_random_uuid(), now(), now(), m.id, k.kind, k.activity_kind,
    make_date(extract(year FROM current_date)::int, 1, 1) + ((n * 7 + m.id) %% 28)::int, 1,
    '走访群众', %(type)s, n * 100000 + m.id, 1, ''
FROM deputies_mandate m
CROSS JOIN generate_series(%(first)s::int, %(last)s::int) AS n
JOIN (VALUES (0, 'people_visited', ''), (1, 'activity', 'visit'), (2, 'deed', ''), (3, 'opinion_heard', ''),
    (4, 'research_days', ''), (5, 'activity', 'group'), (6, 'report', ''), (7, 'suggestion', ''),
    (8, 'problem_raised', ''), (9, 'activity', 'study')) AS k (place, kind, activity_kind) ON k.place = n %% 10
WHERE m.congress_id = %(congress)s
"""


@bench("duty_rollup")
def duty_rollup(stage: Stage) -> Measure:
    """Median milliseconds of the roll-up's pages; reach a ratio of 1.3 at most."""
    from tests.cast import build_cast

    cast = build_cast()
    congress = cast.congresses["county"]
    _deputies(congress)
    with stage.server() as url:
        headers = sign_in_headers(url, "county_clerk")
        _enter(congress, 0, FEW)
        few = _milliseconds(url, headers)
        _enter(congress, FEW, MANY)
        many = _milliseconds(url, headers)
    return Measure(ours=many, floor=few, unit="ms")


def _deputies(congress: Congress) -> None:
    """Deputies in the towns of the county, and what is asked of them."""
    from deputies.models import DutyQuota, Mandate, Person
    from liaison.models import Region

    towns = list(Region.objects.filter(parent=congress.region).order_by("prefix"))
    people = Person.objects.bulk_create(Person(name=f"代表{number:04d}") for number in range(DEPUTIES))
    Mandate.objects.bulk_create(
        Mandate(
            person=person,
            congress=congress,
            certificate_number=f"BENCH-{place:05d}",
            profession_class="other" if place % 7 else "cadre",
            home_prefix=towns[place % len(towns)].prefix,
            started_on=congress.starts_on,
        )
        for place, person in enumerate(people)
    )
    DutyQuota.objects.bulk_create(
        DutyQuota(congress=congress, kind=kind, minimum=minimum, period=period, words=f"{kind}不少于{minimum}")
        for kind, minimum, period in (
            ("people_visited", 5, "year"),
            ("activity", 4, "year"),
            ("deed", 1, "year"),
            ("voter_report", 1, "term"),
        )
    )


def _enter(congress: Congress, start: int, stop: int) -> None:
    """Ledger rows from ``start`` to ``stop`` over all the deputies, ten kinds in turn."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection

    from deputies.models import DutyEntry

    values = {
        "type": ContentType.objects.get_for_model(DutyEntry).pk,
        "first": start // DEPUTIES,
        "last": stop // DEPUTIES - 1,
        "congress": congress.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, values)
        cursor.execute("SELECT count(*) FROM deputies_dutyentry")
        if (found := cursor.fetchone()) is None or found[0] != stop:
            raise RuntimeError(f"{stop:,} ledger rows expected, not {found}")
        cursor.execute("VACUUM ANALYZE deputies_dutytotal, deputies_dutyentry, deputies_mandate")


def _milliseconds(url: str, headers: dict[str, str]) -> float:
    times = []
    for number in range(VIEWS + 6):
        request = urllib.request.Request(url + PAGES[number % len(PAGES)], headers=headers)
        begun = time.perf_counter()
        with urllib.request.urlopen(request) as answer:
            answer.read()
        if number >= 6:  # the first ones warm the templates up
            times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)
