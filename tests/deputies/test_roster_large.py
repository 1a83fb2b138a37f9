"""A whole province's worth of rows: few statements, reasonable time, progress that others see."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deputies.models import Mandate, RosterImport
from deputies.services.roster import work, write
from deputies.services.roster.judge import Judged
from deputies.states import RosterStatus
from liaison.models import Job, Notice
from liaison.models.job import JobStatus
from liaison.services import jobbeat
from liaison.services.job import job_run
from tests.cast import Cast
from tests.deputies.factories import applied, confirmed, previewed, roster_file, roster_row, uploaded, verdicts_of

MOST = 10_000


def rows(count: int, post: str = "镇长") -> list[dict[str, object]]:
    return [roster_row(number, post=post, electoral_unit=f"第{number % 200 + 1}选区") for number in range(1, count + 1)]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1_000, pytest.param(MOST, marks=pytest.mark.bench)])
def test_many_deputies_are_imported_at_once(cast: Cast, count: int) -> None:
    roster = previewed(cast, rows(count))
    assert (roster.count_new, roster.count_wrong) == (count, 0)
    assert applied(cast, confirmed(cast, roster)).status == RosterStatus.DONE
    assert Mandate.objects.filter(congress=cast.congress).count() == count + 3


@pytest.mark.django_db
def test_the_number_of_statements_grows_with_batches_and_not_with_rows(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write, "BATCH", 200)
    counted = {}
    for start, count in ((0, 20), (1000, 200)):
        new = [
            roster_row(number, certificate=f"S-{number:05d}", electoral_unit=f"第{start}选区")
            for number in range(start + 1, start + count + 1)
        ]
        roster = confirmed(cast, previewed(cast, new))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            applied(cast, roster)
        counted[count] = len(queries)
    assert counted[200] == counted[20]
    # lock, standing (8), unit, tags, people, mandates, links, emptying, state, audit, job, notice
    assert counted[20] <= 45


def in_transaction_of_another(job: Job) -> tuple[int, int]:
    """What somebody else's request reads of the job at this moment."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT done, total FROM liaison_job WHERE id = %s", [job.pk])
            done, total = cursor.fetchone()
            cursor.execute("SELECT count(*) FROM deputies_mandate WHERE certificate_number LIKE 'R-%%'", [])
            assert cursor.fetchone() == (0,)
            return done, total
    finally:
        other.close()


@pytest.mark.django_db(transaction=True)
def test_the_progress_is_seen_while_the_one_transaction_is_open(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobbeat, "EVERY", 0.0)
    monkeypatch.setattr(write, "BATCH", 10)
    roster = uploaded(cast, roster_file(rows(30)))
    assert roster.job is not None
    job_run(job_id=roster.job.pk)
    roster.refresh_from_db()
    assert (roster.status, verdicts_of(roster)) == (RosterStatus.PREVIEW, ["new"] * 30)

    roster = confirmed(cast, roster)
    assert roster.job is not None
    job = roster.job
    seen: list[tuple[int, int]] = []
    add_people = write._add_people

    def watched(part: list[Judged]) -> None:
        seen.append(in_transaction_of_another(job))
        add_people(part)

    monkeypatch.setattr(write, "_add_people", watched)
    job_run(job_id=job.pk)
    assert seen == [(0, 30), (10, 30), (20, 30)]
    job.refresh_from_db()
    assert (job.status, job.percent, job.result_url) == (JobStatus.DONE, 100, roster.get_absolute_url())
    assert Notice.objects.filter(recipient=cast.users["insider"], title__startswith="已完成：导入名册").exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_leaves_the_import_to_the_next(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    roster = uploaded(cast, roster_file(rows(3)))
    assert roster.job is not None
    job_run(job_id=roster.job.pk)
    roster = confirmed(cast, RosterImport.objects.get(pk=roster.pk))
    assert roster.job is not None

    def killed(*args: object, **kwargs: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(work, "write_roster", killed)
        with pytest.raises(SystemExit):
            job_run(job_id=roster.job.pk)
    assert not Mandate.objects.filter(certificate_number__startswith="R-").exists()
    Job.objects.filter(pk=roster.job.pk).update(status=JobStatus.QUEUED)  # what the rescue does

    job_run(job_id=roster.job.pk)
    roster.refresh_from_db()
    assert roster.status == RosterStatus.DONE
    assert Mandate.objects.filter(certificate_number__startswith="R-").count() == 3
