"""tally: 100,000 ballots opened, shuffled and counted, against a tenth of them; seconds and memory, each in a process
of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.bench.run import ROOT, Measure, Stage, bench

if TYPE_CHECKING:
    from tests.votes.people import County
    from votes.models import Round

FEW, MANY = 10_000, 100_000
CHUNK = 5_000
LINES, PLACES = 10, 5


@dataclass(frozen=True)
class Tally:
    """What the process reported."""

    seconds: float
    megabytes: float
    ballots: int


@bench("tally")
def tally(stage: Stage) -> dict[str, Measure]:
    """Ballots a second (a tenth of them as the floor: it must not get slower with size), and peak memory."""
    from tests.cast import build_cast
    from tests.votes.people import build_county

    county = build_county(build_cast(), deputies=3)
    few = _count(_closed_round(county, 2025, FEW))
    many = _count(_closed_round(county, 2026, MANY))
    print(f"  {MANY:,} ballots: {many.seconds:.1f} s, {many.megabytes:.0f} MB at most", flush=True)
    return {
        "tally": Measure(ours=MANY / many.seconds, floor=FEW / few.seconds, unit="ballots/s, 100,000 / 10,000"),
        "tally_memory": Measure(ours=many.megabytes, floor=few.megabytes, unit="MB peak, 100,000 / 10,000"),
    }


def _closed_round(county: County, year: int, size: int) -> Round:
    """A closed vote with so many sealed ballots; the mandates behind the roll are made straight in the tables."""
    import random

    from django.db import connection

    from tests.votes import round_steps as steps
    from votes import sealing
    from votes.models import SealedBallot
    from votes.services.round import round_create

    _people(county, size)
    programme = steps.programme(county, candidates=LINES, places=PLACES, year=year)
    round_: Round = round_create(
        actor=county.actor("county_clerk"),
        congress_public_id=county.congress.public_id,
        programme_public_id=programme.public_id,
        kind="projects",
        title=f"{year}年票决",
        scale="three",
    )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE votes_rollentry SET attendance = 'staff' WHERE round_id = %s", [round_.pk])
    round_ = steps.opened(county, round_, present=1)
    key = bytes(round_.box_key or b"")
    chance = random.Random(year)  # noqa: S311
    for start in range(0, size, CHUNK):
        ballots = []
        for number in range(start, min(start + CHUNK, size)):
            marks = "".join(chance.choice("FNA_") for _ in range(LINES))
            marks = marks if marks.count("F") <= PLACES else marks.replace("F", "N")
            digest = sealing.receipt_digest(str(round_.public_id), f"{number:016d}")
            ballots.append(SealedBallot(round=round_, sealed=sealing.seal_ballot(marks, digest, key)))
        SealedBallot.objects.bulk_create(ballots)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE votes_rollentry SET channel = 'phone', receipt_check = md5(id::text) WHERE round_id = %s"
            " AND position <= %s",
            [round_.pk, size],
        )
        cursor.execute("ANALYZE")
    return steps.closed(county, round_)


def _people(county: County, size: int) -> None:
    from deputies.models import Mandate, Person

    have = Mandate.objects.filter(congress=county.congress).count()
    for start in range(have, size, CHUNK):
        people = Person.objects.bulk_create(
            Person(name=f"代表{number}", phone=f"138{number:08d}") for number in range(start, min(start + CHUNK, size))
        )
        Mandate.objects.bulk_create(
            Mandate(
                person=person,
                congress=county.congress,
                certificate_number=f"HS-{start + place:06d}-X",
                profession_class="rural",
                home_prefix=county.congress.region.prefix,
                started_on=county.session.starts_on,
            )
            for place, person in enumerate(people)
        )


def _count(round_: Round) -> Tally:
    """The tally in a fresh process, which tells its time and its peak memory."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.tally", str(round_.public_id)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        check=True,
    )
    return Tally(**json.loads(done.stdout.splitlines()[-1]))
