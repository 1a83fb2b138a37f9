"""The carrying out of elected projects (组织实施): start, responsible unit, finish, hand-over. Rulebook section 3."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from liaison.dates import cn_date
from liaison.exceptions import DomainError, InvalidInput, NotFound, StaleVersion
from liaison.models import Organisation
from liaison.permissions import OrganisationKind, Permission
from liaison.selectors.calendar import work_calendar
from liaison.selectors.history import last_act_text
from liaison.services.history import record_state_change
from votes.models import Programme, Project
from votes.selectors.project_periods import FINISH_DEADLINE, quarter_of
from votes.services.project_clocks import (
    close_demand_clocks,
    close_work_clocks,
    open_clock,
    open_demand_clocks,
    open_work_clocks,
)
from votes.services.project_input import (
    amount_fault,
    check_pictures,
    keep_files,
    past_day,
    refuse,
    require_text,
)
from votes.services.project_locking import lock_project, must_be_office, touch
from votes.services.project_people import audit, office_people, tell, unit_people, watchers
from votes.services.report import reports_open
from votes.states import PROGRAMME_TRANSITIONS, PROJECT_TRANSITIONS, CandidateStatus, ProjectStatus, ReportStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile

    from liaison.actor import Actor

#: Pictures of the finished work; the document of the hand-over.
FINISH_SLOT, HAND_OVER_SLOT = "finish", "hand_over"


@transaction.atomic
def projects_start(*, actor: Actor, programme_public_id: UUID, version: int | None = None) -> list[Project]:
    """Turn what was elected into projects being carried out (转入组织实施).

    Each project's finish day begins to run, and the report on the present quarter is opened.

    Raises:
        DomainError: nothing was elected (``nothing_elected``).
        StaleVersion: the programme changed since the page was opened.
    """
    programme = (
        Programme.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("congress__region", "office")
        .filter(public_id=programme_public_id)
        .first()
    )
    if programme is None:
        raise NotFound
    if version is not None and programme.version != version:
        raise StaleVersion(f"您打开页面之后，这个年度已有变化。{last_act_text(programme)}")
    PROGRAMME_TRANSITIONS.check(programme, "begin_work", actor)
    elected = list(
        programme.candidates.filter(status=CandidateStatus.ELECTED, project=None)
        .select_related("unit")
        .order_by("number")
    )
    if not elected:
        raise DomainError("还没有票决通过的项目，不能转入组织实施。请先宣布票决结果。", code="nothing_elected")
    PROGRAMME_TRANSITIONS.apply(programme, "begin_work", actor)
    programme.version += 1
    programme.save(update_fields=["status", "version", "updated_at"])
    calendar = work_calendar()
    projects = []
    for candidate in elected:
        project = Project.objects.create(
            programme=programme,
            candidate=candidate,
            office=programme.office,
            region_prefix=programme.region_prefix,
            name=candidate.name,
            content=candidate.content,
            place=candidate.place,
            investment=candidate.investment,
            unit=candidate.unit,
            unit_name=candidate.unit_name or (candidate.unit.name if candidate.unit else ""),
            finish_on=candidate.finish_on,
        )
        record_state_change(
            actor=actor, obj=project, act="start", label="转入组织实施", old="", new=ProjectStatus.UNDERWAY
        )
        open_clock(actor, project, project, FINISH_DEADLINE, project.finish_on, calendar=calendar)
        reports_open(actor, project, until=quarter_of(timezone.localdate()), calendar=calendar)
        tell(
            actor,
            unit_people(project),
            f"项目已票决通过，请组织实施：{project.name}",
            body=f"应于{cn_date(project.finish_on)}前完成，请设置进度节点，每季度报送进展。",
            url=project.get_absolute_url(),
            task=True,
        )
        audit(actor, project, "project.start", investment=str(project.investment), finish_on=str(project.finish_on))
        projects.append(project)
    return projects


@transaction.atomic
def project_set_unit(*, actor: Actor, public_id: UUID, version: int | None, unit_public_id: UUID | None) -> Project:
    """Name the responsible unit, when the list had only its name, or when another takes over (指定责任单位).

    All clocks that run go over to the unit.

    Raises:
        InvalidInput: no such unit within the office's region.
    """
    project = lock_project(actor, public_id, version=version)
    actor.require(Permission.PROGRAMME_EDIT)
    must_be_office(project, actor)
    if project.status not in {ProjectStatus.UNDERWAY, ProjectStatus.FINISHED}:
        raise DomainError("项目已经交付或终止，不再更换责任单位。", code="project_over")
    unit = (
        Organisation.objects.unscoped(reason="an office names units of its own region")
        .active()
        .filter(kind=OrganisationKind.UNIT, region__prefix__startswith=project.region_prefix, public_id=unit_public_id)
        .first()
        if unit_public_id
        else None
    )
    if unit is None:
        raise InvalidInput("请选择责任单位。", fields={"unit": "请选择本地区已开通的责任单位。"})
    if unit.pk == project.unit_id:
        raise InvalidInput("责任单位没有变化。", fields={"unit": f"责任单位已经是{unit.name}。"})
    before = project.unit_name
    reason = f"责任单位由{before}改为{unit.name}" if before != unit.name else f"{unit.name}已开通账号"
    underway = project.status == ProjectStatus.UNDERWAY
    if underway:
        close_work_clocks(actor, project, reason=reason)
    close_demand_clocks(actor, project, reason=reason)
    project.unit, project.unit_name = unit, unit.name
    touch(project, "unit", "unit_name")
    record_state_change(
        actor=actor,
        obj=project,
        act="set_unit",
        label="指定责任单位",
        old=project.status,
        new=project.status,
        reason=reason,
    )
    audit(actor, project, "project.set_unit", old=before, new=unit.name)
    if underway:
        open_work_clocks(actor, project)
    open_demand_clocks(actor, project)
    tell(
        actor,
        unit_people(project),
        f"贵单位负责实施：{project.name}",
        body="请设置进度节点，每季度报送进展。",
        url=project.get_absolute_url(),
        task=True,
    )
    return project


@transaction.atomic
def project_finish(
    *,
    actor: Actor,
    public_id: UUID,
    version: int | None,
    values: dict[str, Any],
    pictures: Sequence[UploadedFile[Any]],
) -> Project:
    """The unit reports that the work is done (报告完工): the progress becomes 100 %.

    Args:
        values: finished_on, money_used (cumulative, 万元), text, explanation (when over the investment).
        pictures: of the finished work, one at least.

    Raises:
        InvalidInput: something is missing or cannot be; messages by field.
        DomainError: a report on an earlier quarter is missing (``report_missing``), or a change waits for its
            decision (``change_open``).
    """
    project = lock_project(actor, public_id, version=version)
    PROJECT_TRANSITIONS.check(project, "finish", actor)
    _nothing_open(project)
    text, explanation = (values.get("text") or "").strip(), (values.get("explanation") or "").strip()
    finished_on: dt.date | None = values.get("finished_on")
    fields: dict[str, str] = {}
    first = dt.date(project.programme.year, 1, 1)
    if fault := past_day(finished_on, "完工日期", not_before=first, what="项目年度的第一天"):
        fields["finished_on"] = fault
    field, message = amount_fault(project, values.get("money_used"), explanation)
    if field:
        fields[field] = message
    if not text:
        fields["text"] = "请写明完工情况。"
    if not pictures:
        fields["pictures"] = "请上传完工照片。"
    refuse("完工报告还没有填好。", fields)
    check_pictures(pictures)
    reason = "；".join(filter(None, (f"{cn_date(finished_on)}完工：{text}" if finished_on else text, explanation)))
    PROJECT_TRANSITIONS.apply(project, "finish", actor, reason=reason)
    project.finished_on, project.percent, project.money_used = finished_on, 100, values["money_used"]
    touch(project, "finished_on", "percent", "money_used")
    keep_files(actor, project, pictures, slot=FINISH_SLOT, field="pictures")
    audit(actor, project, "project.finish", finished_on=str(finished_on), money_used=str(project.money_used))
    close_work_clocks(actor, project, reason="项目已完工", finished=True)
    tell(
        actor,
        office_people(project),
        f"已完工，请验收并确认交付：{project.name}",
        url=project.get_absolute_url(),
        task=True,
    )
    tell(actor, watchers(project), f"已完工：{project.name}", url=project.get_absolute_url())
    return project


def _nothing_open(project: Project) -> None:
    """Nothing that must come first is left: reports on quarters gone by, a change that was asked for."""
    present = quarter_of(timezone.localdate())
    for report in project.reports.filter(status=ReportStatus.DUE).order_by("year", "quarter"):
        if (report.year, report.quarter) < present:
            raise DomainError(
                f"{report.year}年第{report.quarter}季度的进展还没有报送，请先报送。", code="report_missing"
            )
    if project.changes.filter(status="requested").exists():
        raise DomainError("项目调整还在审批，请等审批以后再报告完工。", code="change_open")


@transaction.atomic
def project_resume(*, actor: Actor, public_id: UUID, version: int | None, reason: str) -> Project:
    """Send a finished project back (退回继续实施): the work is not what was decided.

    The percentage is again that of the newest report; the clocks run on.

    Raises:
        InvalidInput: no reason.
    """
    project = lock_project(actor, public_id, version=version)
    PROJECT_TRANSITIONS.check(project, "resume", actor)
    reason = require_text(reason, "reason", "请写明退回的理由，责任单位会看到。")
    PROJECT_TRANSITIONS.apply(project, "resume", actor, reason=reason)
    last = project.reports.filter(status=ReportStatus.SUBMITTED).order_by("year", "quarter").last()
    project.percent, project.finished_on = last.percent if last else 0, None
    touch(project, "percent", "finished_on")
    audit(actor, project, "project.resume")
    open_work_clocks(actor, project)
    reports_open(actor, project, until=quarter_of(timezone.localdate()))
    tell(
        actor,
        unit_people(project),
        f"完工未通过，请继续实施：{project.name}",
        body=f"理由：{reason}",
        url=project.get_absolute_url(),
        task=True,
    )
    return project


@transaction.atomic
def project_hand_over(
    *,
    actor: Actor,
    public_id: UUID,
    version: int | None,
    handed_over_on: dt.date | None,
    uploads: Sequence[UploadedFile[Any]],
    note: str = "",
) -> Project:
    """The office confirms that the work is in use (确认交付), with the document of acceptance or hand-over.

    Raises:
        InvalidInput: no day, a day before the finish or after today, or no document.
        DomainError: a demand of an inspection is still open (``demand_open``).
    """
    project = lock_project(actor, public_id, version=version)
    PROJECT_TRANSITIONS.check(project, "hand_over", actor)
    if project.inspections.filter(status__in=["demanded", "answered"]).exists():
        raise DomainError("监督检查的整改要求还没有销号，请核查以后再确认交付。", code="demand_open")
    fields: dict[str, str] = {}
    if fault := past_day(handed_over_on, "交付日期", not_before=project.finished_on, what="完工日期"):
        fields["handed_over_on"] = fault
    if not uploads:
        fields["uploads"] = "请上传验收或交付文件。"
    refuse("交付情况还没有填好。", fields)
    reason = "：".join(filter(None, (f"{cn_date(handed_over_on)}交付" if handed_over_on else "", note.strip())))
    PROJECT_TRANSITIONS.apply(project, "hand_over", actor, reason=reason)
    project.handed_over_on = handed_over_on
    touch(project, "handed_over_on")
    keep_files(actor, project, uploads, slot=HAND_OVER_SLOT)
    audit(actor, project, "project.hand_over", handed_over_on=str(handed_over_on))
    tell(
        actor,
        [*unit_people(project), *watchers(project)],
        f"已交付使用：{project.name}",
        url=project.get_absolute_url(),
    )
    return project
