"""Work for Celery, enqueued only after the transaction has committed.

The broker holds no truth: every task takes ids, looks at the rows again and may run twice.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from celery import Task

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Call:
    """One call to be made after the commit."""

    task_path: str
    args: tuple[Any, ...]

    def __call__(self) -> None:
        task: Task[Any, Any] = import_string(self.task_path)
        try:
            task.delay(*self.args)
        except Exception:  # the row is committed; the scheduled scan will find it
            logger.exception("could not enqueue %s; the next scheduled scan will do it", self.task_path)


def enqueue_on_commit(task_path: str, *args: Any) -> None:
    """Call ``<task>.delay(*args)`` once the surrounding transaction commits; the same call only once.

    Args:
        task_path: dotted name of the task (``liaison.tasks.deliver_notices``), so that lower rooms
            need not import the task's module.
        args: JSON values only, ids rather than objects.

    A broker that does not answer is logged, never raised: the beat's next scan does the work.
    """
    call = _Call(task_path, args)
    here = set(connection.savepoint_ids)
    if any(other == call and set(sids) == here for sids, other, *_ in connection.run_on_commit):
        return
    transaction.on_commit(call)
