"""What workers do: the kinds of background work of this package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from celery import shared_task
from django.http import QueryDict

from suggestions.forms.desk import DeskFilter
from suggestions.forms.opinion_desk import OpinionFilter
from suggestions.selectors import opinion_desk
from suggestions.selectors.desk import desk_rows, tab_of
from suggestions.selectors.hotline_order import waiting_fetches
from suggestions.selectors.reconciliation import days_to_close
from suggestions.services.export import suggestions_export
from suggestions.services.hotline_fetch import fetch_run
from suggestions.services.hotline_topic import topics_export
from suggestions.services.opinion_export import opinions_export
from suggestions.services.reconciliation import DAYS_BACK, reconciliation_close

if TYPE_CHECKING:
    from liaison.actor import Actor
    from liaison.models import Job
    from liaison.services.jobbeat import Beat


def export_desk(job: Job, actor: Actor, beat: Beat) -> None:
    """Job kind ``suggestion.export``; params: ``query``, the desk's address from the question mark on."""
    params = QueryDict(job.params["query"])
    conditions = DeskFilter(params, actor=actor)
    tab = tab_of(actor, params.get("tab", ""))
    rows = conditions.apply(desk_rows(actor, tab, region=conditions.region_prefix)).order_by("id")
    suggestions_export(actor=actor, rows=rows, title=job.title, job=job, progress=beat)


def export_opinions(job: Job, actor: Actor, beat: Beat) -> None:
    """Job kind ``opinion.export``; params: ``query``, the desk's address from the question mark on."""
    params = QueryDict(job.params["query"])
    conditions = OpinionFilter(params, actor=actor)
    tab = opinion_desk.tab_of(actor, params.get("tab", ""))
    rows = opinion_desk.desk_rows(actor, tab, region=conditions.region_prefix)
    opinions_export(actor=actor, rows=conditions.apply(rows).order_by("id"), title=job.title, job=job, progress=beat)


def export_topics(job: Job, actor: Actor, beat: Beat) -> None:
    """Job kind ``hotline_topic.export``; params: ``month`` (2026-11), ``top``, ``place``."""
    topics_export(actor=actor, job=job, progress=beat, **{name: job.params[name] for name in ("month", "top", "place")})


@shared_task(name="suggestions.tasks.fetch_hotline_file")
def fetch_hotline_file(fetch_id: int) -> None:
    """Fetch one file that the hotline named by its address."""
    fetch_run(fetch_id=fetch_id)


@shared_task(name="suggestions.tasks.close_reconciliations")
def close_reconciliations() -> None:
    """Close the days that are over with each hotline, and tell it; asked often, done once a day."""
    for client, day in days_to_close(DAYS_BACK):
        reconciliation_close(client=client, day=day)


@shared_task(name="suggestions.tasks.fetch_hotline_files")
def fetch_hotline_files() -> None:
    """Ask for what is waiting: what failed before, and what an emptied broker lost."""
    for fetch_id in waiting_fetches():
        fetch_hotline_file.delay(fetch_id)
