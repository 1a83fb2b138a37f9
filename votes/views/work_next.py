"""What may I do now: the largest thing on a project's or an inspection's page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.urls import reverse

from liaison.dates import cn_date
from liaison.permissions import Permission
from votes.selectors.inspection import groups_for, may_inspect
from votes.services.milestone import may_set_milestones
from votes.states import INSPECTION_TRANSITIONS, PROJECT_TRANSITIONS, InspectionStatus, ProjectStatus

if TYPE_CHECKING:
    from liaison.actor import Actor
    from votes.models import Inspection, Project
    from votes.selectors.project_record import ProjectRecord


@dataclass(frozen=True, slots=True)
class Action:
    """A button or a link."""

    label: str
    url: str
    icon: str = "arrow-right"


@dataclass(slots=True)
class NextAction:
    """What ``liaison/partials/action_box.html`` shows; without ``primary`` it says who is at work."""

    title: str
    text: str = ""
    primary: Action | None = None
    others: list[Action] = field(default_factory=list)


def next_on_project(actor: Actor, project: Project, record: ProjectRecord) -> NextAction:
    """The next act of this actor on a project, or whom everybody waits for (one query, for a deputy or the office)."""
    if actor.is_unit:
        found = _unit(actor, project, record)
    elif project.office_id == actor.organisation_id:
        found = _office(actor, project, record)
    elif actor.is_deputy:
        found = _deputy(actor, project, record)
    else:
        found = None
    return found or NextAction(_standing(project), _standing_text(project))


def _unit(actor: Actor, project: Project, record: ProjectRecord) -> NextAction | None:
    if not actor.can(Permission.PROJECT_REPORT):
        return None
    key = [project.public_id]
    others = _common(actor, project)
    demanded = record.inspections_in(InspectionStatus.DEMANDED)
    if demanded and project.status != ProjectStatus.STOPPED:
        one = demanded[0]
        text = f"请在{cn_date(one.answer_by)}前答复。" if one.answer_by else ""
        act = Action("答复整改", reverse("inspections:answer", args=[one.public_id]))
        return NextAction(f"{one.group.name}提出了整改要求", text, act, _work(project, record, others))
    if project.status != ProjectStatus.UNDERWAY:
        return None
    report = record.due_report
    acts = _work(project, record, others)
    if report is not None:
        due = next((line.deadline for line in record.reports if line.report == report), None)
        text = f"报送期限{cn_date(due.due_on)}。" if due else ""
        if due and due.light and due.light.code == "overdue":
            text += "已经超期，仍可报送，会标明晚报。"
        url = reverse("projects:report", args=[project.public_id, report.public_id])
        label = f"报送{report.year}年第{report.quarter}季度进展"
        return NextAction("请报送季度进展", text, Action(label, url), [one for one in acts if one.url != url])
    return NextAction(
        "本季度进展已报送",
        "完工以后请报告完工；下一季度开始时会提醒您。",
        Action("报告完工", reverse("projects:finish", args=key)),
        [one for one in acts if one.label != "报告完工"],
    )


def _work(project: Project, record: ProjectRecord, others: list[Action]) -> list[Action]:
    """What the unit may always do while the work goes on."""
    if project.status != ProjectStatus.UNDERWAY:
        return []
    key = [project.public_id]
    acts = [*others]
    if record.due_report is not None:
        url = reverse("projects:report", args=[project.public_id, record.due_report.public_id])
        acts.append(Action("报送季度进展", url, "report-analytics"))
    if record.open_change is None:
        acts.append(Action("申请项目调整", reverse("projects:change", args=key), "adjustments"))
        acts.append(Action("报告完工", reverse("projects:finish", args=key), "flag"))
    return acts


def _common(actor: Actor, project: Project) -> list[Action]:
    if project.status == ProjectStatus.UNDERWAY and may_set_milestones(actor, project):
        return [Action("设置进度节点", reverse("projects:milestone_add", args=[project.public_id]), "calendar-event")]
    return []


def _office(actor: Actor, project: Project, record: ProjectRecord) -> NextAction | None:
    key = [project.public_id]
    others = _common(actor, project)
    if groups_for(actor, project) and project.status != ProjectStatus.STOPPED:
        others.append(Action("登记监督检查", reverse("projects:inspect", args=key), "eye"))
    if actor.can(Permission.PROGRAMME_EDIT):
        if project.status in {ProjectStatus.UNDERWAY, ProjectStatus.FINISHED}:
            others.append(Action("更换责任单位", reverse("projects:unit", args=key), "building-community"))
        if project.status == ProjectStatus.UNDERWAY and record.newest_report is not None:
            url = reverse("projects:report_return", args=[project.public_id, record.newest_report.public_id])
            others.append(Action("最近一次进展退回重报", url, "arrow-back-up"))
    names = {step.name for step in PROJECT_TRANSITIONS.available(project, actor)}
    change = record.open_change
    if change is not None and actor.can(Permission.PROGRAMME_APPROVE):
        url = reverse("projects:decide", args=[project.public_id, change.public_id])
        return NextAction("责任单位申请项目调整", "按审批机关的决定登记。", Action("登记审批结果", url), others)
    if "hand_over" in names:
        back = Action("退回继续实施", reverse("projects:resume", args=key), "arrow-back-up")
        return NextAction(
            "责任单位报告已完工",
            "验收合格、交付使用后确认；没有达到要求的退回。",
            Action("确认交付", reverse("projects:hand_over", args=key)),
            [back, *others],
        )
    if project.unit_id is None and actor.can(Permission.PROGRAMME_EDIT):
        return NextAction(
            f"{project.unit_name}还没有账号",
            "指定已开通的责任单位后，由它报送进展；现在各项期限由本机构承担。",
            Action("指定责任单位", reverse("projects:unit", args=key)),
            [one for one in others if one.label != "更换责任单位"],
        )
    answered = record.inspections_in(InspectionStatus.ANSWERED)
    if answered and may_inspect(actor, answered[0]):
        url = answered[0].get_absolute_url()
        return NextAction("责任单位已答复整改", "请监督小组核查，也可以代为登记。", Action("查看并核查", url), others)
    return NextAction(_standing(project), _standing_text(project), None, others) if others else None


def _deputy(actor: Actor, project: Project, record: ProjectRecord) -> NextAction | None:
    groups = groups_for(actor, project)
    if not groups or project.status == ProjectStatus.STOPPED:
        return None
    inspect = Action("登记监督检查", reverse("projects:inspect", args=[project.public_id]), "eye")
    mine = {group.pk for group in groups}
    for one in record.inspections_in(InspectionStatus.ANSWERED):
        if one.group_id in mine:
            act = Action("查看并核查", one.get_absolute_url())
            return NextAction("责任单位已答复整改，请核查", "", act, [inspect])
    return NextAction(f"您在{groups[0].name}，监督这个项目", "到现场看过以后，登记检查情况。", inspect)


def _standing(project: Project) -> str:
    unit = project.unit_name
    titles = {
        ProjectStatus.UNDERWAY: f"{unit}正在实施",
        ProjectStatus.FINISHED: f"已完工，等待{project.office.name}确认交付",
        ProjectStatus.HANDED_OVER: "已交付使用",
        ProjectStatus.STOPPED: "经批准终止",
    }
    return titles[ProjectStatus(project.status)]


def _standing_text(project: Project) -> str:
    if project.status == ProjectStatus.HANDED_OVER and project.handed_over_on:
        return f"{cn_date(project.handed_over_on)}交付。"
    return "现在没有需要您办理的事。" if project.status == ProjectStatus.UNDERWAY else ""


def next_on_inspection(actor: Actor, inspection: Inspection) -> NextAction:
    """The next act of this actor on an inspection, or whom everybody waits for (one query at most)."""
    key = [inspection.public_id]
    names = {step.name for step in INSPECTION_TRANSITIONS.available(inspection, actor)}
    if "answer" in names and inspection.project.status != ProjectStatus.STOPPED:
        text = f"请在{cn_date(inspection.answer_by)}前答复。" if inspection.answer_by else ""
        return NextAction("请整改并答复", text, Action("答复整改", reverse("inspections:answer", args=key)))
    if "check" in names and may_inspect(actor, inspection):
        back = Action("退回再整改", reverse("inspections:return", args=key), "arrow-back-up")
        return NextAction(
            "责任单位已答复，请核查",
            "整改到位的销号；没有到位的退回。",
            Action("核查销号", reverse("inspections:check", args=key)),
            [back],
        )
    titles = {
        InspectionStatus.RECORDED: "没有提出整改要求",
        InspectionStatus.DEMANDED: f"等待{inspection.project.unit_name}答复",
        InspectionStatus.ANSWERED: f"等待{inspection.group.name}核查",
        InspectionStatus.CHECKED: "整改已核查销号",
    }
    return NextAction(titles[InspectionStatus(inspection.status)])
