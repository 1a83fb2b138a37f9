"""What workers do for the roll-up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from votes.services.summary import summary_export

if TYPE_CHECKING:
    from liaison.actor import Actor
    from liaison.models import Job
    from liaison.services.jobbeat import Beat


def export_summary(job: Job, actor: Actor, beat: Beat) -> None:
    """Job kind ``summary.export``; params: ``code`` of the region."""
    summary_export(actor=actor, code=job.params["code"], job=job, progress=beat)
