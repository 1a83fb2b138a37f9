"""What workers do: the kinds of background work of this package, and the daily tidying."""

from __future__ import annotations

from typing import TYPE_CHECKING

from celery import shared_task
from django.utils import timezone

from deputies.forms.filters import MandateFilter
from deputies.selectors.duty_file import Period
from deputies.selectors.mandate import ROSTER_VIEWS, roster
from deputies.services.activity_reminder import activities_tick
from deputies.services.campaign import campaign_tell
from deputies.services.campaign_export import board_export
from deputies.services.contact_coverage import coverage_remind
from deputies.services.duty_export import duty_file_write, duty_files_write
from deputies.services.duty_reminder import duty_remind
from deputies.services.export import deputies_export
from deputies.services.rollup_export import rollup_export
from deputies.services.roster.steps import rosters_tidy
from deputies.services.roster.work import roster_apply, roster_read
from liaison.actor import system_actor

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


def tell_campaign(job: Job, actor: Actor, beat: Beat) -> None:
    """Job kind ``campaign.tell``; params: ``campaign``, a public id."""
    campaign_tell(actor=actor, campaign_id=job.params["campaign"], job=job)


def export_board(job: Job, actor: Actor, beat: Beat) -> None:
    """Job kind ``campaign.export``; params: ``campaign``, a public id, and ``code`` of the region."""
    board_export(actor=actor, campaign_id=job.params["campaign"], code=job.params["code"], job=job, progress=beat)


def export_rollup(job: Job, actor: Actor, beat: Beat) -> None:
    """Job kind ``rollup.export``; params: the conditions of the page's address, and ``what``."""
    rollup_export(actor=actor, conditions=job.params, job=job, progress=beat)


def write_duty_file(job: Job, actor: Actor, beat: Beat) -> None:
    """Job kind ``duty.file``; params: ``mandate``, a public id; ``year``, None for the term."""
    duty_file_write(actor=actor, job=job, mandate_id=job.params["mandate"], period=Period(job.params["year"]))


def write_duty_files(job: Job, actor: Actor, beat: Beat) -> None:
    """Job kind ``duty.files``; params: ``congress``, a public id; ``year``."""
    duty_files_write(actor=actor, job=job, congress_id=job.params["congress"], year=job.params["year"], progress=beat)


@shared_task
def remind_duty() -> tuple[int, int]:
    """Tell deputies what is missing for the year, once from November on (daily)."""
    return duty_remind()


@shared_task
def tidy_rosters() -> int:
    """Discard old imports and stray files (daily)."""
    return rosters_tidy()


@shared_task
def remind_coverage() -> int:
    """Tell each office once in the third and once in the fourth quarter whom nobody has met yet (daily)."""
    return coverage_remind(actor=system_actor())


@shared_task
def tick_activities() -> None:
    """Activities that have ended wait for their record; deputies are reminded of tomorrow's (every ten minutes)."""
    activities_tick(now=timezone.now())
