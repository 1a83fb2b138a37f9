"""Long work in the background: started by a person, claimed by one worker, never lost, never done twice at once.

The row is the truth. A worker claims it by a conditional UPDATE that also counts the attempt; whoever holds
an older attempt finds out with its next report and stops. A job whose worker died is queued again.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING, Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import import_string

from liaison.exceptions import DomainError, NotAllowed
from liaison.models import Job, User
from liaison.models.job import JobStatus
from liaison.models.notice import NoticeKind
from liaison.queue import enqueue_on_commit
from liaison.registry import registry
from liaison.selectors.actors import actor_for
from liaison.services.audit import record_audit
from liaison.services.jobbeat import Beat, JobLost
from liaison.services.notice import notify

if TYPE_CHECKING:
    from django.core.files.base import File

    from liaison.actor import Actor

logger = logging.getLogger(__name__)

#: A running job that has not reported for so long has lost its worker. A job reports at least each minute.
SILENCE = dt.timedelta(minutes=5)
#: A queued job that nobody took for so long is called out again (the broker may have been emptied).
UNTAKEN = dt.timedelta(minutes=2)
#: After so many broken attempts the job is given up.
MAX_ATTEMPTS = 3
RUN_TASK = "liaison.tasks.run_job"

OUT_OF_POST = "您发起这项任务时的身份已经失效，任务没有执行。"
GIVEN_UP = "后台程序几次中断，任务没有完成。请重新发起；仍不成功请联系系统管理员。"
TOO_LONG = "用时过长，任务已停止。请缩小范围后重新发起。"
BROKEN = "系统出错，任务没有完成，问题已记录。请重新发起；仍不成功请联系系统管理员。"


@transaction.atomic
def job_start(*, actor: Actor, kind: str, title: str, params: dict[str, Any] | None = None) -> Job:
    """Queue a piece of work for the actor; a worker takes it after the commit.

    Args:
        kind: a kind in ``registry.jobs``.
        title: what it is, as the person reads it in the list, on its page and in the notice.
        params: JSON values for the kind's function: ids and filters, never objects.

    Raises:
        LookupError: the kind is not registered.
        NotAllowed: nobody stands behind the actor whom one could tell.
    """
    if kind not in registry.jobs:
        raise LookupError(f"job kind {kind} is not registered")
    if actor.user_id is None:
        raise NotAllowed("请先登录。")
    job = Job.objects.create(
        kind=kind, title=title[:120], owner_id=actor.user_id, actor_key=actor.key, params=params or {}
    )
    record_audit(actor=actor, action="job.start", target=job, detail={"kind": kind})
    enqueue_on_commit(RUN_TASK, job.pk)
    return job


def job_run(*, job_id: int) -> Job | None:
    """Claim a job and do it: what a worker does. None when it was not to be claimed, or was lost.

    While the database is away the error goes up; the job is then rescued by ``jobs_rescue``.
    """
    job = _claim(job_id)
    if job is None:
        return None
    actor = actor_for(job.owner_id, job.actor_key)
    beat = Beat(job)
    try:
        _do(job, actor, beat)
    except JobLost:
        logger.warning("job %s was taken over by another worker", job_id)
        return None
    except DomainError as refused:
        return _failed(job, refused.message)
    except SoftTimeLimitExceeded:
        return _failed(job, TOO_LONG)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("job %s (%s) failed", job_id, job.kind)
        return _failed(job, BROKEN)
    finally:
        beat.close()
    return job


def _do(job: Job, actor: Actor | None, beat: Beat) -> None:
    if actor is None or job.kind not in registry.jobs:
        raise NotAllowed(OUT_OF_POST if actor is None else "系统升级后不再有这种任务。")
    beat(0, 0)
    import_string(registry.jobs[job.kind])(job, actor, beat)
    if not job.is_over:
        job_finish(job=job)


def _failed(job: Job, message: str) -> Job | None:
    try:
        job_fail(job=job, message=message)
    except JobLost:
        return None
    return job


def _claim(job_id: int) -> Job | None:
    now = timezone.now()
    claimed = Job.objects.filter(pk=job_id, status=JobStatus.QUEUED).update(
        status=JobStatus.RUNNING, attempts=F("attempts") + 1, started_at=now, beat_at=now, updated_at=now
    )
    return Job.objects.get(pk=job_id) if claimed == 1 else None


def job_progress(*, job: Job, done: int, total: int) -> None:
    """Say how far a running job is: ``done`` of ``total`` rows. At most once a second is enough.

    Raises:
        JobLost: another worker has it now; stop without a trace.
    """
    Beat(job).report(done, total)


@transaction.atomic
def job_finish(
    *, job: Job, message: str = "", file: File[Any] | None = None, file_name: str = "", result_url: str = ""
) -> Job:
    """The work is done. Called by the kind's function, or for it when it returns.

    Args:
        message: what came of it, in a sentence.
        file: what the owner may download; kept ``sweep.JOB_FILE_DAYS`` days.
        file_name: its name when downloaded.
        result_url: page that shows the result.

    Raises:
        JobLost: another worker has it now; nothing was changed.
    """
    if file is not None:
        job.file.save("file", file, save=False)
    try:
        job.done = max(job.done, job.total)
        job.message, job.file_name, job.result_url = message[:300], file_name[:200], result_url[:300]
        _close(job, JobStatus.DONE)
        notify(
            recipients=User.objects.filter(pk=job.owner_id),
            kind=NoticeKind.FILE,
            title=f"已完成：{job.title}",
            body=job.message,
            url=job.get_absolute_url(),
        )
    except BaseException:
        if file is not None:
            job.file.delete(save=False)
        raise
    return job


@transaction.atomic
def job_fail(*, job: Job, message: str) -> Job:
    """The work came to nothing, and why (Chinese, shown as it is).

    Raises:
        JobLost: another worker has it now; nothing was changed.
    """
    job.message = message[:300]
    _close(job, JobStatus.FAILED)
    notify(
        recipients=User.objects.filter(pk=job.owner_id),
        kind=NoticeKind.FILE,
        title=f"未成功：{job.title}",
        body=job.message,
        url=job.get_absolute_url(),
    )
    return job


def _close(job: Job, status: JobStatus) -> None:
    job.finished_at = job.beat_at = timezone.now()
    closed = Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING, attempts=job.attempts).update(
        status=status,
        done=job.done,
        total=job.total,
        message=job.message,
        file=job.file.name or "",
        file_name=job.file_name,
        result_url=job.result_url,
        beat_at=job.beat_at,
        finished_at=job.finished_at,
        updated_at=job.finished_at,
    )
    if closed != 1:
        job.finished_at = None
        raise JobLost(job.pk)
    job.status = status


@transaction.atomic
def jobs_rescue() -> tuple[int, int]:
    """Look for jobs that nobody works on: lost workers, an emptied broker.

    Returns:
        (queued again, given up).
    """
    now = timezone.now()
    lost = (
        Job.objects.unscoped(reason="the scheduled scan sees all jobs")
        .select_for_update(skip_locked=True)
        .filter(
            Q(status=JobStatus.RUNNING, beat_at__lt=now - SILENCE)
            | Q(status=JobStatus.QUEUED, updated_at__lt=now - UNTAKEN)
        )
        .order_by("id")
    )
    again = given_up = 0
    for job in lost:
        if job.status == JobStatus.RUNNING and job.attempts >= MAX_ATTEMPTS:
            job_fail(job=job, message=GIVEN_UP)
            given_up += 1
            continue
        job.status = JobStatus.QUEUED
        job.save(update_fields=["status", "updated_at"])
        enqueue_on_commit(RUN_TASK, job.pk)
        again += 1
    return again, given_up
