"""A killed worker, an emptied broker: the scan takes the job up again, and gives up in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from liaison.models import Job, Notice
from liaison.models.job import JobStatus
from liaison.registry import registry
from liaison.services import job as jobs
from liaison.services.job import job_run, job_start, jobs_rescue
from liaison.tasks import rescue_jobs, run_job
from tests.cast import Cast

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.jobs, "nothing", "tests.liaison.jobkinds.nothing")


def start(cast: Cast) -> Job:
    return job_start(actor=cast.actor("insider"), kind="nothing", title="导入名册")


def killed(cast: Cast, *, attempts: int = 1) -> Job:
    """A job whose worker was killed in the middle."""
    job, now = start(cast), timezone.now()
    Job.objects.filter(pk=job.pk).update(status="running", attempts=attempts, started_at=now, beat_at=now)
    return job


def after(delay: dt.timedelta) -> Any:
    return time_machine.travel(timezone.now() + delay, tick=False)


def test_a_job_at_work_is_left_alone(cast: Cast) -> None:
    killed(cast)
    start(cast)
    assert jobs_rescue() == (0, 0)
    with after(jobs.UNTAKEN - MINUTE / 2):
        assert jobs_rescue() == (0, 0)


def test_a_job_that_fell_silent_is_queued_again_and_done(
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    called: list[int] = []
    monkeypatch.setattr(run_job, "delay", called.append)
    job = killed(cast)
    with after(jobs.SILENCE + MINUTE):
        with django_capture_on_commit_callbacks(execute=True):
            rescue_jobs()
        assert called == [job.pk]
        job_run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts) == (JobStatus.DONE, 2)


def test_an_emptied_broker_loses_no_job_and_is_not_flooded(cast: Cast) -> None:
    start(cast)
    with after(jobs.UNTAKEN + MINUTE):
        assert jobs_rescue() == (1, 0)
        assert jobs_rescue() == (0, 0)
    with after(2 * jobs.UNTAKEN + 2 * MINUTE):
        assert jobs_rescue() == (1, 0)


def test_after_some_broken_attempts_it_is_given_up_with_a_clear_message(cast: Cast) -> None:
    job = killed(cast, attempts=jobs.MAX_ATTEMPTS)
    with after(jobs.SILENCE + MINUTE):
        assert jobs_rescue() == (0, 1)
    job.refresh_from_db()
    assert (job.status, job.message) == (JobStatus.FAILED, jobs.GIVEN_UP)
    assert Notice.objects.get().title == "未成功：导入名册"
    assert jobs_rescue() == (0, 0)
