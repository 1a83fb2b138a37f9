"""The clocks of a project: its finish day, quarterly reports, milestones and demands of inspections."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone

from liaison.models.deadline import PeriodUnit
from liaison.services.deadline import deadline_cancel, deadline_meet, deadline_open
from votes.models import Inspection, ProgressReport
from votes.selectors.project_periods import (
    ANSWER_DEADLINE,
    FINISH_DEADLINE,
    MILESTONE_DEADLINE,
    REPORT_DEADLINE,
    quarter_end,
    report_due,
)
from votes.states import InspectionStatus, ReportStatus

if TYPE_CHECKING:
    from django.db.models import Model

    from liaison.actor import Actor
    from liaison.calendar import WorkCalendar
    from votes.models import Project


def open_clock(
    actor: Actor,
    project: Project,
    subject: Model,
    kind: str,
    fixed_on: dt.date,
    *,
    starts_on: dt.date | None = None,
    calendar: WorkCalendar | None = None,
) -> None:
    """Start a clock until a day, held by the responsible unit; by the office while no unit has an account."""
    deadline_open(
        actor=actor,
        subject=subject,
        kind=kind,
        unit=PeriodUnit.DATE,
        fixed_on=fixed_on,
        starts_on=min(starts_on or timezone.localdate(), fixed_on),
        holder=project.unit or project.office,
        supervisor=project.office,
        calendar=calendar,
    )


def open_report_clock(
    actor: Actor, project: Project, report: ProgressReport, *, calendar: WorkCalendar | None = None
) -> None:
    """A report is due so many days after its quarter ended (a setting of the programme)."""
    open_clock(
        actor,
        project,
        report,
        REPORT_DEADLINE,
        report_due(report.year, report.quarter, project.programme.report_days),
        starts_on=quarter_end(report.year, report.quarter),
        calendar=calendar,
    )


def open_work_clocks(actor: Actor, project: Project) -> None:
    """Everything that runs while a project is being carried out; demands of inspections run on their own."""
    open_clock(actor, project, project, FINISH_DEADLINE, project.finish_on)
    for report in project.reports.filter(status=ReportStatus.DUE):
        open_report_clock(actor, project, report)
    for milestone in project.milestones.standing().filter(done_on=None):
        open_clock(actor, project, milestone, MILESTONE_DEADLINE, milestone.due_on)


def close_work_clocks(actor: Actor, project: Project, *, reason: str, finished: bool = False) -> None:
    """Stop what ``open_work_clocks`` started.

    Args:
        finished: the finish day was met; otherwise its clock is taken back too.
    """
    if finished:
        deadline_meet(actor=actor, subject=project, kind=FINISH_DEADLINE, reason=reason)
    else:
        deadline_cancel(actor=actor, subject=project, kind=FINISH_DEADLINE, reason=reason)
    for report in project.reports.filter(status=ReportStatus.DUE):
        deadline_cancel(actor=actor, subject=report, kind=REPORT_DEADLINE, reason=reason)
    for milestone in project.milestones.standing().filter(done_on=None):
        deadline_cancel(actor=actor, subject=milestone, kind=MILESTONE_DEADLINE, reason=reason)


def close_demand_clocks(actor: Actor, project: Project, *, reason: str) -> None:
    """Stop the clocks of demands that the unit has yet to answer."""
    for inspection in _demanded(project):
        deadline_cancel(actor=actor, subject=inspection, kind=ANSWER_DEADLINE, reason=reason)


def open_demand_clocks(actor: Actor, project: Project) -> None:
    """Start the clocks of demands that the unit has yet to answer."""
    for inspection in _demanded(project):
        if inspection.answer_by is not None:
            open_clock(actor, project, inspection, ANSWER_DEADLINE, inspection.answer_by)


def _demanded(project: Project) -> list[Inspection]:
    return list(project.inspections.filter(status=InspectionStatus.DEMANDED))
