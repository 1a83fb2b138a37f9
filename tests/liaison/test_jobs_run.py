"""Background work: started once, done once, told of; what goes wrong is said in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks

from liaison.actor import system_actor
from liaison.exceptions import NotAllowed
from liaison.models import AuditEntry, Job, Notice, Posting
from liaison.models.job import JobStatus
from liaison.models.notice import NoticeKind
from liaison.registry import registry
from liaison.services import job as jobs
from liaison.services.job import job_progress, job_run, job_start
from liaison.services.jobbeat import Beat, JobLost
from liaison.tasks import run_job
from tests.cast import Cast

KINDS = (
    "export",
    "nothing",
    "refuse",
    "break_down",
    "too_slow",
    "database_gone",
    "overtaken",
    "overtaken_before_refusing",
    "overtaken_before_finishing",
    "overtaken_before_ending",
)


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in KINDS:
        monkeypatch.setitem(registry.jobs, kind, f"tests.liaison.jobkinds.{kind}")


def start(cast: Cast, kind: str = "export", rows: int = 3) -> Job:
    return job_start(actor=cast.actor("insider"), kind=kind, title="导出代表名册", params={"rows": rows})


def test_it_is_queued_audited_and_called_out_after_the_commit(
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    called: list[int] = []
    monkeypatch.setattr(run_job, "delay", called.append)
    with django_capture_on_commit_callbacks(execute=True):
        job = start(cast)
        assert called == []
    assert called == [job.pk]
    assert (job.status, job.attempts, job.actor_key) == (JobStatus.QUEUED, 0, cast.actor("insider").key)
    assert AuditEntry.objects.get(action="job.start").target_title == "导出代表名册"


def test_an_unknown_kind_is_a_mistake_of_the_program(cast: Cast) -> None:
    with pytest.raises(LookupError, match="unheard_of"):
        start(cast, "unheard_of")


def test_the_system_starts_no_jobs_for_people(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        job_start(actor=system_actor(), kind="export", title="导出")


def test_it_is_done_once_however_often_called(cast: Cast) -> None:
    job = start(cast)
    run_job(job.pk)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts, job.done, job.total, job.percent) == (JobStatus.DONE, 1, 3, 3, 100)
    assert (job.message, job.file_name) == ("共3条。", "名册.xlsx")
    assert job.finished_at is not None
    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind) == (cast.user("insider"), NoticeKind.FILE)
    assert (notice.title, notice.body, notice.url) == ("已完成：导出代表名册", "共3条。", f"/jobs/{job.public_id}/")


def test_a_function_that_says_nothing_more_is_finished_for_it(cast: Cast) -> None:
    job = job_run(job_id=start(cast, "nothing").pk)
    assert job is not None
    assert (job.status, job.done, job.file_url) == (JobStatus.DONE, 3, "")


@pytest.mark.parametrize(
    ("kind", "message"),
    [("refuse", "名册里没有可导出的代表。"), ("break_down", jobs.BROKEN), ("too_slow", jobs.TOO_LONG)],
)
def test_a_failure_is_said_in_words(cast: Cast, kind: str, message: str) -> None:
    job = job_run(job_id=start(cast, kind).pk)
    assert job is not None
    job.refresh_from_db()
    assert (job.status, job.message) == (JobStatus.FAILED, message)
    assert Notice.objects.get().title == "未成功：导出代表名册"


def test_the_job_of_an_ended_posting_is_not_done(cast: Cast) -> None:
    job = start(cast)
    Posting.objects.filter(user=cast.user("insider")).delete()
    job_run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.status, job.message) == (JobStatus.FAILED, jobs.OUT_OF_POST)


def test_a_kind_that_a_new_version_no_longer_has_fails_with_words(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    job = start(cast)
    monkeypatch.delitem(registry.jobs, "export")
    job_run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.status, job.message) == (JobStatus.FAILED, "系统升级后不再有这种任务。")


def test_while_the_database_is_away_the_job_stays_to_be_rescued(cast: Cast) -> None:
    job = start(cast, "database_gone")
    with pytest.raises(OperationalError):
        job_run(job_id=job.pk)
    job.refresh_from_db()
    assert job.status == JobStatus.RUNNING


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith("overtaken")])
def test_a_worker_that_lost_the_job_leaves_no_trace(cast: Cast, kind: str) -> None:
    job = start(cast, kind)
    assert job_run(job_id=job.pk) is None
    job.refresh_from_db()
    assert (job.status, job.message, job.file.name) == (JobStatus.RUNNING, "", "")
    assert not Notice.objects.exists()
    assert not [path for path in Path(django_settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_progress_is_seen_and_only_of_the_worker_that_has_the_job(cast: Cast) -> None:
    job = start(cast)
    Job.objects.filter(pk=job.pk).update(
        status="running", attempts=1, started_at=job.created_at, beat_at=job.created_at
    )
    job.refresh_from_db()
    job_progress(job=job, done=40, total=200)
    again = Job.objects.get(pk=job.pk)
    assert (again.done, again.total, again.percent) == (40, 200, 20)
    assert again.beat_at is not None
    assert again.beat_at > job.created_at
    job.attempts = 2
    with pytest.raises(JobLost):
        job_progress(job=job, done=41, total=200)


def test_frequent_reports_are_thinned_out_but_the_last_one_counts(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    reports: list[int] = []
    monkeypatch.setattr(Beat, "report", lambda self, done, total: reports.append(done))
    beat = Beat(start(cast))
    for done in range(1, 101):
        beat(done, 100)
    assert reports == [1, 100]


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_from_inside_the_job_s_own_transaction(cast: Cast) -> None:
    from django.db import connection, transaction

    job = start(cast)
    Job.objects.filter(pk=job.pk).update(
        status="running", attempts=1, started_at=job.created_at, beat_at=job.created_at
    )
    job.refresh_from_db()
    beat = Beat(job)
    outside = connection.copy()
    try:
        with transaction.atomic():
            Notice.objects.all().delete()
            beat(70, 100)
            with outside.cursor() as cursor:
                cursor.execute("SELECT done FROM liaison_job WHERE id = %s", [job.pk])
                assert cursor.fetchone() == (70,)
            Job.objects.filter(pk=job.pk).update(message="its own transaction holds the row")
            beat.report(80, 100)  # does not wait for itself
            job.attempts = 2
            with pytest.raises(JobLost):
                beat.report(90, 100)
    finally:
        outside.close()
        beat.close()
        beat.close()
    assert Job.objects.get(pk=job.pk).done == 70
