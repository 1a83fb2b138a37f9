"""Everything on the page of one project: reports, milestones, inspections, changes, files, clocks, timeline."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from liaison.exceptions import NotFound
from liaison.lights import Light, light_of
from liaison.selectors.attachment import attachments_by_owner, attachments_of
from liaison.selectors.deadline_view import DeadlineView, deadlines_of
from liaison.selectors.timeline import TimelineEntry, timeline_of
from votes.models import Inspection, Milestone, ProgressReport, ProjectChange, SupervisionGroup
from votes.selectors.change import change_lines
from votes.states import InspectionStatus, ProjectStatus, ReportStatus

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import Model

    from liaison.actor import Actor
    from liaison.models import Attachment
    from votes.models import Project

SLOT_TITLES = {
    "picture": "现场照片",
    "finish": "完工照片",
    "hand_over": "验收和交付文件",
    "change_material": "调整申请材料",
    "change_decision": "审批文件",
    "answer": "整改材料",
}


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A quarterly report as shown, with its clock and pictures."""

    report: ProgressReport
    deadline: DeadlineView | None
    files: list[Attachment]

    @property
    def is_submitted(self) -> bool:
        return self.report.status == ReportStatus.SUBMITTED

    @property
    def is_late(self) -> bool:
        """Submitted after its day."""
        clock = self.deadline
        return self.is_submitted and clock is not None and clock.met_on is not None and clock.met_on > clock.due_on


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """A milestone with its light."""

    milestone: Milestone
    light: Light | None


@dataclass(frozen=True, slots=True)
class InspectionLine:
    """An inspection with the light of its demands."""

    inspection: Inspection
    light: Light | None


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change in words."""

    change: ProjectChange
    lines: list[str]
    files: list[Attachment]


@dataclass(slots=True)
class ProjectRecord:
    """What the page of a project shows."""

    reports: list[ReportLine]
    milestones: list[MilestoneLine]
    inspections: list[InspectionLine]
    changes: list[ChangeLine]
    groups: list[SupervisionGroup]
    finish_files: list[Attachment]
    hand_over_files: list[Attachment]
    clocks: list[DeadlineView]
    objects: list[Model] = field(default_factory=list)

    @property
    def light(self) -> Light | None:
        """Of the nearest open clock."""
        return self.clocks[0].light if self.clocks else None

    @property
    def due_report(self) -> ProgressReport | None:
        """The earliest report that the unit owes."""
        return next((line.report for line in self.reports if not line.is_submitted), None)

    @property
    def newest_report(self) -> ProgressReport | None:
        """The last one submitted."""
        return next((line.report for line in reversed(self.reports) if line.is_submitted), None)

    @property
    def open_change(self) -> ProjectChange | None:
        """The one that waits for its decision."""
        return next((line.change for line in self.changes if line.change.status == "requested"), None)

    def inspections_in(self, status: InspectionStatus) -> list[Inspection]:
        """The inspections in a state, the oldest first."""
        return [line.inspection for line in reversed(self.inspections) if line.inspection.status == status]


def record_of(project: Project) -> ProjectRecord:
    """Everything on a project's page (some fourteen queries, however many rows)."""
    reports = list(project.reports.select_related("submitted_by").order_by("year", "quarter"))
    if project.status != ProjectStatus.UNDERWAY:
        reports = [report for report in reports if report.status == ReportStatus.SUBMITTED]
    milestones = list(project.milestones.order_by("due_on", "id"))
    inspections = list(project.inspections.select_related("group", "recorded_by").order_by("-inspected_on", "-id"))
    changes = list(project.changes.select_related("requested_by").order_by("-id"))
    rows: list[Any] = [*reports, *milestones, *inspections, *changes]
    for row in rows:
        row.project = project
    own: list[Any] = [project, *rows]
    clocks = deadlines_of(own)
    by_subject = {(type(clock.subject), clock.subject.pk): clock for clock in reversed(clocks)}

    def clock_of(row: Any) -> DeadlineView | None:
        return by_subject.get((type(row), row.pk))

    def light(row: Any) -> Light | None:
        clock = clock_of(row)
        return clock.light if clock else None

    pictures = attachments_by_owner(reports)
    papers = attachments_by_owner(changes)
    own_files = attachments_of(project)
    return ProjectRecord(
        reports=[ReportLine(report, clock_of(report), pictures.get(report.pk, [])) for report in reports],
        milestones=[
            MilestoneLine(one, light_of(one.due_on, met_on=one.done_on) if one.done_on else light(one))
            for one in milestones
            if one.removed_at is None
        ],
        inspections=[InspectionLine(one, light(one)) for one in inspections],
        changes=[ChangeLine(one, change_lines(one), papers.get(one.pk, [])) for one in changes],
        groups=list(project.groups.select_related("head__person").order_by("id")),
        finish_files=[one for one in own_files if one.slot == "finish"],
        hand_over_files=[one for one in own_files if one.slot == "hand_over"],
        clocks=[clock for clock in clocks if clock.is_open],
        objects=own,
    )


def project_timeline(actor: Actor, project: Project, record: ProjectRecord) -> list[TimelineEntry]:
    """Everything that happened, the newest first; only the congress office sees who was told."""
    urls = [project.get_absolute_url(), *(line.inspection.get_absolute_url() for line in record.inspections)]
    entries = timeline_of(record.objects, slot_titles=SLOT_TITLES, notice_urls=urls if actor.is_congress else ())
    return entries[::-1]


def get_report_of(project: Project, public_id: UUID) -> ProgressReport:
    """A report of a project that the actor was shown.

    Raises:
        NotFound: the project has no such report.
    """
    report = project.reports.filter(public_id=public_id).first()
    if report is None:
        raise NotFound
    report.project = project
    return report


def get_milestone_of(project: Project, milestone_id: int) -> Milestone:
    """A milestone of a project that the actor was shown.

    Raises:
        NotFound: the project has no such milestone.
    """
    milestone = project.milestones.standing().filter(pk=milestone_id).first()
    if milestone is None:
        raise NotFound
    milestone.project = project
    return milestone
