"""Quarterly progress reports (季度进展报告): opened by the calendar, submitted by the unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from liaison.actor import system_actor
from liaison.exceptions import DomainError, NotFound
from liaison.selectors.attachment import attachments_of
from liaison.selectors.calendar import work_calendar
from liaison.services.deadline import deadline_meet
from votes.models import ProgressReport, Project
from votes.selectors.project_periods import REPORT_DEADLINE, Quarter, quarter_of, quarters_between
from votes.services.project_clocks import open_report_clock
from votes.services.project_input import (
    PICTURE_SLOT,
    amount_fault,
    check_pictures,
    clean,
    keep_files,
    refuse,
    require_text,
)
from votes.services.project_locking import lock_project
from votes.services.project_people import audit, office_people, tell, unit_people, watchers
from votes.states import REPORT_TRANSITIONS, ProjectStatus, ReportStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile

    from liaison.actor import Actor
    from liaison.calendar import WorkCalendar


def reports_open(
    actor: Actor, project: Project, *, until: Quarter, calendar: WorkCalendar | None = None
) -> list[ProgressReport]:
    """Open the reports of a locked project that are missing up to this quarter, each with its deadline.

    The first report is on the quarter in which the work began; quarters missed since (no worker ran) are made up.
    """
    known = set(project.reports.values_list("year", "quarter"))
    first = min(known, default=until)
    opened = []
    for year, quarter in quarters_between(first, until):
        if (year, quarter) in known:
            continue
        report = ProgressReport.objects.create(project=project, year=year, quarter=quarter)
        open_report_clock(actor, project, report, calendar=calendar)
        opened.append(report)
    return opened


def reports_catch_up() -> int:
    """Open the report on the present quarter for every project underway; the number of reports opened.

    Run daily by the beat. Each project is locked in a transaction of its own, and what is there is left alone,
    so it may run twice, also at the same time.
    """
    until = quarter_of(timezone.localdate())
    calendar, actor, count = work_calendar(), system_actor(), 0
    underway = Project.objects.unscoped(reason="reports are due whoever looks").filter(status=ProjectStatus.UNDERWAY)
    present = ProgressReport.objects.filter(project=OuterRef("pk"), year=until[0], quarter=until[1])
    behind = underway.exclude(Exists(present))
    for pk in list(behind.values_list("pk", flat=True).order_by("pk")):
        with transaction.atomic():
            project = (
                underway.select_for_update(of=("self",))
                .select_related("programme", "unit", "office")
                .filter(pk=pk)
                .first()
            )
            if project is not None:
                count += len(reports_open(actor, project, until=until, calendar=calendar))
    return count


def lock_report(actor: Actor, project_public_id: UUID, public_id: UUID) -> ProgressReport:
    """The report, with its project locked for the rest of the transaction.

    Raises:
        NotFound: no such report, or the project is not visible to the actor.
    """
    project = lock_project(actor, project_public_id)
    report = ProgressReport.objects.filter(project=project, public_id=public_id).first()
    if report is None:
        raise NotFound
    report.project = project
    return report


@transaction.atomic
def report_submit(
    *,
    actor: Actor,
    project_public_id: UUID,
    public_id: UUID,
    values: dict[str, Any],
    pictures: Sequence[UploadedFile[Any]] = (),
) -> ProgressReport:
    """The unit reports on a quarter (报送季度进展); late is allowed, and shown as late.

    Args:
        values: text, percent, money_used (cumulative, 万元), problems, and explanation, which is asked for when
            the percentage falls or more money was used than invested.
        pictures: at most nine photographs.

    Raises:
        InvalidInput: something is missing or cannot be; messages by field.
        DomainError: an earlier quarter is still to be reported (``report_missing``), or the project is over.
    """
    report = lock_report(actor, project_public_id, public_id)
    project = report.project
    REPORT_TRANSITIONS.check(report, "submit", actor)
    if project.status != ProjectStatus.UNDERWAY:
        raise DomainError(f"项目{project.get_status_display()}，不再报送季度进展。", code="project_over")
    earlier = project.reports.filter(status=ReportStatus.DUE).order_by("year", "quarter").first()
    if earlier is not None and earlier.pk != report.pk:
        raise DomainError(f"请先报送{earlier.year}年第{earlier.quarter}季度的进展。", code="report_missing")
    report.text = (values.get("text") or "").strip()
    report.problems = (values.get("problems") or "").strip()
    report.explanation = (values.get("explanation") or "").strip()
    _check(project, report, values)
    check_pictures(pictures, kept=len(attachments_of(report, PICTURE_SLOT)))
    report.percent, report.money_used = values["percent"], values["money_used"]
    REPORT_TRANSITIONS.apply(report, "submit", actor, reason=report.explanation)
    report.submitted_at, report.submitted_by_id = timezone.now(), actor.user_id
    clean(report, "进展还没有填好。", skip=("project", "submitted_by"))
    report.save()
    project.percent, project.money_used = report.percent, report.money_used
    project.version += 1
    project.save(update_fields=["percent", "money_used", "version", "updated_at"])
    keep_files(actor, report, pictures, slot=PICTURE_SLOT, field="pictures")
    audit(actor, project, "report.submit", report, percent=report.percent, money_used=str(report.money_used))
    deadline_meet(actor=actor, subject=report, kind=REPORT_DEADLINE, at=report.submitted_at)
    tell(
        actor,
        [*office_people(project), *watchers(project)],
        f"已报送{report.year}年第{report.quarter}季度进展（{report.percent}%）：{project.name}",
        body=f"困难和问题：{report.problems}" if report.problems else "",
        url=project.get_absolute_url(),
    )
    return report


def _check(project: Project, report: ProgressReport, values: dict[str, Any]) -> None:
    fields: dict[str, str] = {}
    percent: int | None = values.get("percent")
    if not report.text:
        fields["text"] = "请写明本季度的进展。"
    if percent is None or not 0 <= percent <= 100:
        fields["percent"] = "形象进度请填0至100之间的整数。"
    elif percent < project.percent and not report.explanation:
        fields["explanation"] = f"形象进度低于上次报送的{project.percent}%，请说明原因。"
    field, message = amount_fault(project, values.get("money_used"), report.explanation)
    if field:
        fields.setdefault(field, message)
    refuse("进展还没有填好，您填写的内容仍在下方。", fields)


@transaction.atomic
def report_return(*, actor: Actor, project_public_id: UUID, public_id: UUID, reason: str) -> ProgressReport:
    """The office asks for the newest report anew (退回重报), because of a wrong figure; the clock runs on.

    Raises:
        InvalidInput: no reason.
        DomainError: it is not the newest report, or the project is over.
    """
    report = lock_report(actor, project_public_id, public_id)
    project = report.project
    REPORT_TRANSITIONS.check(report, "return", actor)
    reason = require_text(reason, "reason", "请写明退回的理由，责任单位会看到。")
    submitted = project.reports.filter(status=ReportStatus.SUBMITTED).order_by("-year", "-quarter")
    newest, before = (*submitted[:2], None, None)[:2]
    if newest is None or newest.pk != report.pk or project.status != ProjectStatus.UNDERWAY:
        raise DomainError("只有实施中项目最近一次报送的进展可以退回。", code="not_the_newest")
    REPORT_TRANSITIONS.apply(report, "return", actor, reason=reason)
    report.submitted_at = report.submitted_by = None
    report.save(update_fields=["status", "submitted_at", "submitted_by", "updated_at"])
    project.percent = before.percent if before else 0
    project.money_used = before.money_used if before else 0
    project.version += 1
    project.save(update_fields=["percent", "money_used", "version", "updated_at"])
    audit(actor, project, "report.return", report)
    open_report_clock(actor, project, report)
    tell(
        actor,
        unit_people(project),
        f"{report.year}年第{report.quarter}季度进展退回重报：{project.name}",
        body=f"理由：{reason}",
        url=project.get_absolute_url(),
        task=True,
    )
    return report
