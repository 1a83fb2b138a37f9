"""What workers do for reports: the workbook of the desk, the booklet of a judging."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import QueryDict

from deputies.forms.report import ReportFilter
from deputies.selectors.report import REPORT_VIEWS, report_list
from deputies.services.judging_booklet import booklet_make
from deputies.services.report_export import reports_export

if TYPE_CHECKING:
    from liaison.actor import Actor
    from liaison.models import Job
    from liaison.services.jobbeat import Beat


def export_reports(job: Job, actor: Actor, beat: Beat) -> None:
    """Job kind ``report.export``; params: ``query``, the query string of the desk."""
    asked = QueryDict(job.params["query"])
    label, states = REPORT_VIEWS.get(asked.get("view", ""), REPORT_VIEWS["all"])
    reports = report_list(actor)
    conditions = ReportFilter(asked, queryset=reports.filter(status__in=states) if states else reports, actor=actor)
    words = [label, *conditions.in_words()]
    reports_export(actor=actor, reports=conditions.qs, conditions=words, job=job, progress=beat)


def make_booklet(job: Job, actor: Actor, beat: Beat) -> None:
    """Job kind ``judging.booklet``; params: ``judging``, a public id."""
    booklet_make(actor=actor, public_id=job.params["judging"], job=job, progress=beat)
