"""A real worker, killed in the middle of its work: another one finishes, once."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from kombu import Connection

from liaison.models import Job, Notice
from liaison.models.job import JobStatus
from liaison.registry import registry
from liaison.services import job as jobs
from liaison.services.job import job_start, jobs_rescue
from liaison.tasks import run_job
from tests.cast import Cast

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

StartWorker = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def start_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cast: Cast) -> Iterator[StartWorker]:
    """Starts workers on a queue of their own, to which this process sends; ends them all."""
    monkeypatch.setitem(registry.jobs, "slow_at_first", "tests.liaison.jobkinds.slow_at_first")
    queue = f"jobs-{uuid.uuid4().hex}"
    broker, options = str(django_settings.CELERY_BROKER_URL), {}
    if not broker.startswith("redis"):
        for name in ("queue", "control"):
            (tmp_path / name).mkdir()
        folder = str(tmp_path / "queue")
        broker = "directory://localhost"
        options = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": str(tmp_path / "control")}
    given = {
        "database": connection.settings_dict["NAME"],
        "files": str(django_settings.MEDIA_ROOT),
        "broker": broker,
        "options": options,
    }

    environment = {
        "DJANGO_SETTINGS_MODULE": "liaison.settings.test",
        "TEST_WORKER": json.dumps(given),
        "PYTHONWARNINGS": "ignore",
    }

    def send(*args: Any) -> None:
        with Connection(broker, transport_options=options) as sending:
            run_job.apply_async(args, connection=sending, queue=queue)

    monkeypatch.setattr(run_job, "delay", send)
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "-A", "tests.liaison.jobworker", "worker", "--pool", "solo"]
        command += ["--queues", queue, "--loglevel", "ERROR", "--without-gossip", "--without-mingle"]
        process = subprocess.Popen(
            command,
            cwd=django_settings.BASE_DIR,
            env=os.environ | environment,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def wait(job: Job, fits: Callable[[Job], bool], seconds: float = 60) -> Job:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        job.refresh_from_db()
        if fits(job):
            return job
        time.sleep(0.1)
    raise AssertionError(f"still {job.status}, {job.done} of {job.total}, attempt {job.attempts}")


def test_the_job_of_a_killed_worker_is_finished_by_another(
    cast: Cast, start_worker: StartWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = start_worker()
    job = job_start(actor=cast.actor("insider"), kind="slow_at_first", title="导出代表名册")
    wait(job, lambda now: now.done > 0)
    assert (job.status, job.attempts) == (JobStatus.RUNNING, 1)
    first.kill()
    first.wait()

    start_worker()
    assert jobs_rescue() == (0, 0)  # it may only be slow
    monkeypatch.setattr(jobs, "SILENCE", dt.timedelta(0))
    assert jobs_rescue() == (1, 0)
    wait(job, lambda now: now.is_over)
    assert (job.status, job.attempts, job.message) == (JobStatus.DONE, 2, "第2次做完。")
    assert [notice.title for notice in Notice.objects.all()] == ["已完成：导出代表名册"]
