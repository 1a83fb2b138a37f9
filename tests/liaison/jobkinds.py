"""Kinds of background work for the tests, named by dotted path as real ones are."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from django.db import OperationalError

from liaison.actor import Actor
from liaison.exceptions import DomainError
from liaison.models import Job
from liaison.services.job import job_finish
from liaison.services.xlsx import Column, xlsx_write

Progress = Callable[[int, int], None]


def export(job: Job, actor: Actor, progress: Progress) -> None:
    """Writes as many rows as ``params`` say, and who did it."""
    rows = int(job.params["rows"])
    target = io.BytesIO()
    xlsx_write(
        target,
        sheet="名册",
        columns=[Column("序号"), Column("姓名")],
        rows=([number, actor.name] for number in range(rows)),
        total=rows,
        progress=progress,
    )
    job_finish(job=job, message=f"共{rows}条。", file=ContentFile(target.getvalue()), file_name="名册.xlsx")


def nothing(job: Job, actor: Actor, progress: Progress) -> None:
    progress(3, 3)


def refuse(job: Job, actor: Actor, progress: Progress) -> None:
    raise DomainError("名册里没有可导出的代表。")


def break_down(job: Job, actor: Actor, progress: Progress) -> None:
    raise ZeroDivisionError


def too_slow(job: Job, actor: Actor, progress: Progress) -> None:
    raise SoftTimeLimitExceeded


def database_gone(job: Job, actor: Actor, progress: Progress) -> None:
    raise OperationalError("server closed the connection unexpectedly")


def overtaken(job: Job, actor: Actor, progress: Progress) -> None:
    """Another worker takes the job meanwhile."""
    Job.objects.filter(pk=job.pk).update(attempts=job.attempts + 1)
    progress(1, 1)


def overtaken_before_refusing(job: Job, actor: Actor, progress: Progress) -> None:
    Job.objects.filter(pk=job.pk).update(attempts=job.attempts + 1)
    raise DomainError("太晚了。")


def overtaken_before_finishing(job: Job, actor: Actor, progress: Progress) -> None:
    Job.objects.filter(pk=job.pk).update(attempts=job.attempts + 1)
    job_finish(job=job, file=ContentFile(b"x"), file_name="x.txt")


def overtaken_before_ending(job: Job, actor: Actor, progress: Progress) -> None:
    Job.objects.filter(pk=job.pk).update(attempts=job.attempts + 1)


def slow_at_first(job: Job, actor: Actor, progress: Progress) -> None:
    """A minute's work in the first attempt, none in the second."""
    for done in range(600 if job.attempts == 1 else 1):
        progress(done, 600)
        time.sleep(0.1)
    job_finish(job=job, message=f"第{job.attempts}次做完。")
