"""Finding one's own background jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.exceptions import NotFound
from liaison.models import Job

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from liaison.actor import Actor


def jobs_of(actor: Actor) -> QuerySet[Job]:
    """The actor's jobs, newest first."""
    return Job.objects.visible_to(actor).order_by("-id")


def get_job_for(actor: Actor, public_id: UUID) -> Job:
    """One of the actor's own jobs.

    Raises:
        NotFound: no such job, or somebody else's, or started in another capacity.
    """
    job = Job.objects.visible_to(actor).filter(public_id=public_id).first()
    if job is None:
        raise NotFound
    return job
