"""What workers do for contacts with deputies and reports to voters: the coverage lists as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deputies.selectors.committee import congress_asked
from deputies.services.contact_coverage import coverage_export
from deputies.services.voter_report_coverage import report_coverage_export

if TYPE_CHECKING:
    from liaison.actor import Actor
    from liaison.models import Job
    from liaison.services.jobbeat import Beat


def export_coverage(job: Job, actor: Actor, beat: Beat) -> None:
    """Job kind ``contacts.coverage``; params: ``congress`` (a public id), ``year``, ``view``."""
    congress = congress_asked(actor, job.params["congress"])
    coverage_export(
        actor=actor, job=job, congress=congress, year=job.params["year"], view=job.params["view"], progress=beat
    )


def export_reports(job: Job, actor: Actor, beat: Beat) -> None:
    """Job kind ``voter_reports.coverage``; params: ``congress``, a public id."""
    report_coverage_export(actor=actor, job=job, congress=congress_asked(actor, job.params["congress"]), progress=beat)
