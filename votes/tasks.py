"""Background work of the votes package. No passphrase and no ballot ever passes here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from celery import shared_task
from django.http import QueryDict

from votes.forms.project import WorkFilterForm
from votes.selectors.project import scoped, tab_of, tab_rows
from votes.services.project_export import projects_export
from votes.services.report import reports_catch_up
from votes.services.scrub import TablesBusyError, ballots_scrub

if TYPE_CHECKING:
    from liaison.actor import Actor
    from liaison.models import Job
    from liaison.services.jobbeat import Beat


@shared_task(
    name="votes.tasks.scrub_ballots",
    autoretry_for=(TablesBusyError,),
    retry_backoff=30,
    retry_backoff_max=600,
    max_retries=20,
)
def scrub_ballots() -> None:
    """Rewrite the tables of the secret vote after a count, so that no old row stays in their files."""
    ballots_scrub()


@shared_task(name="votes.tasks.open_reports")
def open_reports() -> None:
    """Open the report on the present quarter for every project underway; may run twice."""
    reports_catch_up()


def export_projects(job: Job, actor: Actor, beat: Beat) -> None:
    """Job kind ``project.export``; params: ``query``, the list's address from the question mark on."""
    params = QueryDict(job.params["query"])
    form = WorkFilterForm(params, actor=actor)
    rows = tab_rows(scoped(actor, form.conditions), tab_of(actor, params.get("view", ""))).order_by("id")
    projects_export(actor=actor, rows=rows, title=job.title, job=job, progress=beat)
