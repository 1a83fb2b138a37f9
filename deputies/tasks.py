"""What workers do: the kinds of background work of this package, and the daily tidying."""

from __future__ import annotations

from typing import TYPE_CHECKING

from celery import shared_task

from deputies.forms.filters import MandateFilter
from deputies.selectors.mandate import ROSTER_VIEWS, roster
from deputies.services.export import deputies_export
from deputies.services.roster.steps import rosters_tidy
from deputies.services.roster.work import roster_apply, roster_read

if TYPE_CHECKING:
    from liaison.actor import Actor
    from liaison.models import Job
    from liaison.services.jobbeat import Beat


def read_roster(job: Job, actor: Actor, beat: Beat) -> None:
    """Job kind ``roster.read``; params: ``roster``, a public id."""
    roster_read(actor=actor, roster_id=job.params["roster"], job=job, progress=beat)


def apply_roster(job: Job, actor: Actor, beat: Beat) -> None:
    """Job kind ``roster.apply``; params: ``roster``, a public id."""
    roster_apply(actor=actor, roster_id=job.params["roster"], job=job, progress=beat)


def export_deputies(job: Job, actor: Actor, beat: Beat) -> None:
    """Job kind ``deputies.export``; params: ``conditions``, the query string of the list."""
    asked = job.params["conditions"]
    label, condition = ROSTER_VIEWS.get(asked.get("view", ""), ROSTER_VIEWS["in_force"])
    conditions = MandateFilter(asked, queryset=roster(actor).filter(condition), actor=actor)
    deputies_export(
        actor=actor, job=job, mandates=conditions.qs, conditions=[label, *conditions.in_words()], progress=beat
    )


@shared_task
def tidy_rosters() -> int:
    """Discard old imports and stray files (daily)."""
    return rosters_tidy()
