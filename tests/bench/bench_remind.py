"""remind_scan: one scan of 100,000 open deadlines against one of 10,000, each in a process of its own.

Due days lie evenly from 30 days ago to 300 days ahead, 500 units of two people hold them and 20 offices of
two supervise them: one in eight has a threshold that nobody was told, as on the first scan ever.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.bench.run import ROOT, Measure, Stage, bench

if TYPE_CHECKING:
    from tests.cast import Cast

FEW, MANY = 10_000, 100_000
UNITS, OFFICES, CHUNK = 500, 20, 5_000
MONDAY = dt.date(2026, 6, 15)


@dataclass(frozen=True)
class Scan:
    """What the process reported."""

    seconds: float
    megabytes: float
    told: int


@bench("remind_scan")
def remind_scan(stage: Stage) -> dict[str, Measure]:
    """Peak memory (reach a ratio of 1.5 at most), and open deadlines scanned a second."""
    from tests.cast import build_cast

    cast = build_cast()
    holders = _holders(cast)
    _open(cast, holders, 0, FEW)
    few = _scan()
    _forget()
    _open(cast, holders, FEW, MANY)
    many = _scan()
    again = _scan()
    print(
        f"  {MANY:,}: {many.seconds:.1f} s, {many.told:,} told; once more with nothing new: {again.seconds:.2f} s",
        flush=True,
    )
    return {
        "remind_scan": Measure(ours=many.megabytes, floor=few.megabytes, unit="MB peak, 100,000 / 10,000"),
        "remind_scan_rate": Measure(
            ours=MANY / many.seconds, floor=FEW / few.seconds, unit="deadlines/s, 100,000 / 10,000"
        ),
    }


def _holders(cast: Cast) -> tuple[list[int], list[int]]:
    """Ids of the units and of the offices, with a handler and an approver each."""
    from liaison.models import Organisation, Posting, User
    from liaison.permissions import OrganisationKind, Role

    rows = Organisation.objects.bulk_create(
        Organisation(name=f"单位{number}", kind=OrganisationKind.UNIT, region=cast.regions["city"])
        for number in range(UNITS + OFFICES)
    )
    people = User.objects.bulk_create(
        User(username=f"user{number}", name="张三", email=f"user{number}@example.org")
        for number in range(2 * len(rows))
    )
    roles = (Role.HANDLER, Role.APPROVER)
    Posting.objects.bulk_create(
        Posting(user=person, organisation=rows[number // 2], role=roles[number % 2])
        for number, person in enumerate(people)
    )
    return [row.pk for row in rows[:UNITS]], [row.pk for row in rows[UNITS:]]


def _open(cast: Cast, holders: tuple[list[int], list[int]], first: int, last: int) -> None:
    """Matters number ``first`` to ``last``, each with a deadline. Organisations serve, being quick to make."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection

    from liaison.models import Deadline, Organisation
    from liaison.permissions import OrganisationKind

    units, offices = holders
    content_type = ContentType.objects.get_for_model(Organisation)
    for start in range(first, last, CHUNK):
        numbers = range(start, min(start + CHUNK, last))
        subjects = Organisation.objects.bulk_create(
            Organisation(name=f"关于第{number}件事的建议", kind=OrganisationKind.UNIT, region=cast.regions["city"])
            for number in numbers
        )
        Deadline.objects.bulk_create(
            Deadline(
                kind="suggestion_answer",
                content_type=content_type,
                object_id=subject.pk,
                holder_id=units[number % UNITS],
                supervisor_id=offices[number % OFFICES],
                unit="months",
                length=3,
                starts_on=MONDAY - dt.timedelta(days=90),
                nominal_due=MONDAY + dt.timedelta(days=number % 331 - 30),
                due_on=MONDAY + dt.timedelta(days=number % 331 - 30),
            )
            for number, subject in zip(numbers, subjects, strict=True)
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _forget() -> None:
    """As if nobody had been told."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE liaison_reminder, liaison_delivery, liaison_notice")


def _scan() -> Scan:
    """One scan in a fresh process, which tells its time and its peak memory."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.scan", MONDAY.isoformat()],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        check=True,
    )
    return Scan(**json.loads(done.stdout.splitlines()[-1]))
