"""The beat of a running job: how far it is, seen at once, also from inside its own transaction."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from liaison.models import Job
from liaison.models.job import JobStatus

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

#: Seconds between two reports.
EVERY = 1.0


class JobLost(Exception):
    """Another worker has the job now: stop, and leave no trace."""


class Beat:
    """``progress(done, total)`` for a job's function.

    An import that is all or nothing runs in one transaction, whose own writes nobody sees before its end;
    there the report goes by a connection of its own.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        # A worker begins outside any transaction; only then is a transaction met later the job's own.
        self._apart = not connection.in_atomic_block
        self._side: BaseDatabaseWrapper | None = None
        self._reported_at: float | None = None

    def __call__(self, done: int, total: int) -> None:
        """Report, unless the last report was a moment ago.

        Args:
            done: rows dealt with so far.
            total: rows in all; 0 while it is not known.

        Raises:
            JobLost: another worker has the job now.
        """
        moment = time.monotonic()
        if self._reported_at is None or moment - self._reported_at >= EVERY or done == total:
            self._reported_at = moment
            self.report(done, total)

    def report(self, done: int, total: int) -> None:
        """Report now. Raises JobLost as above."""
        self.job.done, self.job.total = done, total
        inside = self._apart and connection.in_atomic_block
        if not (self._aside(done, total) if inside else self._directly(done, total)):
            raise JobLost(self.job.pk)

    def close(self) -> None:
        """Give the extra connection back."""
        if self._side is not None:
            self._side.close()
            self._side = None

    def _directly(self, done: int, total: int) -> bool:
        now = timezone.now()
        mine = Job.objects.filter(pk=self.job.pk, status=JobStatus.RUNNING, attempts=self.job.attempts)
        return mine.update(done=done, total=total, beat_at=now, updated_at=now) == 1

    def _aside(self, done: int, total: int) -> bool:
        """By the other connection, without waiting for a row that this transaction itself holds."""
        if self._side is None:
            self._side = connection.copy()
        now = timezone.now()
        with self._side.cursor() as cursor:
            cursor.execute(
                "UPDATE liaison_job SET done = %s, total = %s, beat_at = %s, updated_at = %s WHERE id IN ("
                " SELECT id FROM liaison_job WHERE id = %s AND status = 'running' AND attempts = %s"
                " FOR NO KEY UPDATE SKIP LOCKED)",
                [done, total, now, now, self.job.pk, self.job.attempts],
            )
            if cursor.rowcount == 1:
                return True
            cursor.execute(
                "SELECT 1 FROM liaison_job WHERE id = %s AND status = 'running' AND attempts = %s",
                [self.job.pk, self.job.attempts],
            )
            return cursor.fetchone() is not None
