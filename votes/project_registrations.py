"""What the votes package tells the kernel about projects being carried out and inspections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from liaison.permissions import Permission
from liaison.registry import DeadlineKind, MenuEntry, SearchHit, SubjectType, TodoItem, registry
from votes.models import Inspection, Milestone, ProgressReport, Project, ProjectChange
from votes.selectors.project import search_projects, waiting_for
from votes.selectors.project_periods import (
    ANSWER_DEADLINE,
    FINISH_DEADLINE,
    MILESTONE_DEADLINE,
    REPORT_DEADLINE,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import Model, QuerySet

    from liaison.actor import Actor

GROUP = "民生实事"
#: The search box shows at most so many projects.
MOST_HITS = 10

DEADLINE_KINDS = (
    DeadlineKind(
        FINISH_DEADLINE,
        "项目完工",
        "票决时确定的完成时间；推迟须经人大常委会或主席团批准。",
        thresholds=(30, 10, 3, 0),
    ),
    DeadlineKind(REPORT_DEADLINE, "报送季度进展", "每季度结束后报送进展，天数由本级人大在年度方案中设定（默认10天）。"),
    DeadlineKind(MILESTONE_DEADLINE, "进度节点", "责任单位或人大机构设置的节点日期，改期须写明原因。"),
    DeadlineKind(ANSWER_DEADLINE, "答复整改要求", "监督小组检查时提出的答复期限。", thresholds=(5, 1, 0)),
)
AUDIT_LABELS = {
    "project.start": "项目转入组织实施",
    "project.set_unit": "指定项目责任单位",
    "project.finish": "报告项目完工",
    "project.resume": "项目退回继续实施",
    "project.hand_over": "确认项目交付",
    "report.submit": "报送季度进展",
    "report.return": "季度进展退回重报",
    "milestone.add": "设置进度节点",
    "milestone.update": "修改进度节点",
    "milestone.done": "完成进度节点",
    "milestone.remove": "删除进度节点",
    "change.request": "申请项目调整",
    "change.approve": "批准项目调整",
    "change.refuse": "不批准项目调整",
    "group.create": "新建监督小组",
    "group.update": "修改监督小组",
    "inspection.record": "登记监督检查",
    "inspection.answer": "答复整改要求",
    "inspection.check": "整改核查销号",
    "inspection.return": "整改退回",
}
AUDIT_DETAILS = {
    "investment": "投资额（万元）",
    "money_used": "累计使用资金（万元）",
    "percent": "形象进度（%）",
    "finish_on": "完成时间",
    "finished_on": "完工日期",
    "handed_over_on": "交付日期",
    "due_on": "日期",
    "done_on": "完成日期",
    "wanted": "调整内容",
    "before": "调整前",
    "content": "建设内容",
    "place": "实施地点",
    "stop": "终止项目",
    "demands": "提出整改要求",
    "members": "成员人数",
    "projects": "监督项目",
}


def register() -> None:
    """Called by ``votes.registrations.register()``."""
    registry.menus.append(menu)
    registry.todos.append(todos)
    registry.searches.append(hits)
    registry.jobs["project.export"] = "votes.tasks.export_projects"
    registry.add_audit_labels(AUDIT_LABELS)
    known = set(registry.audit_details)
    registry.add_audit_details({name: label for name, label in AUDIT_DETAILS.items() if name not in known})
    for kind in DEADLINE_KINDS:
        registry.add_deadline_kind(kind)
    registry.backfills.append("votes.services.duty_backfill.load")
    for subject in SUBJECTS:
        registry.add_subject(subject)


# ── subjects ─────────────────────────────────────────────────────────────────────────────────────
def _seen(model: type[Model]) -> Callable[[Actor], QuerySet[Any]]:
    """Rows of the projects that an actor sees, for those who may look at the works at all: what the public is shown
    of them stands on a page of its own."""

    def visible(actor: Actor) -> QuerySet[Any]:
        rows = model._default_manager.all()
        if not actor.can(Permission.PROGRAMME_VIEW):
            return rows.none()
        projects = Project.objects.visible_to(actor)
        return projects if model is Project else rows.filter(project__in=projects)

    return visible


def _of_project(row: Any) -> str:
    return str(row.project.get_absolute_url())


SUBJECTS = (
    SubjectType("votes.Project", "实施项目", _seen(Project), str, Project.get_absolute_url),
    SubjectType(
        "votes.Milestone",
        "进度节点",
        _seen(Milestone),
        lambda row: f"{row.name}：{row.project.name}",
        _of_project,
        related=("project",),
    ),
    SubjectType(
        "votes.ProgressReport",
        "季度进展报告",
        _seen(ProgressReport),
        lambda row: f"{row.year}年第{row.quarter}季度进展：{row.project.name}",
        _of_project,
        related=("project",),
    ),
    SubjectType("votes.ProjectChange", "项目调整", _seen(ProjectChange), str, _of_project, related=("project",)),
    SubjectType(
        "votes.Inspection",
        "监督检查",
        _seen(Inspection),
        lambda row: f"监督检查：{row.project.name}",
        Inspection.get_absolute_url,
        related=("project",),
    ),
)


# ── the shell ────────────────────────────────────────────────────────────────────────────────────
def menu(actor: Actor) -> Iterator[MenuEntry]:
    """项目实施 for offices and units, 监督项目 for deputies. No query: what waits stands on 我的待办."""
    if actor.is_system or not actor.can(Permission.PROGRAMME_VIEW):
        return
    if actor.is_deputy:
        yield MenuEntry("监督项目", reverse("projects:mine"), "eye", group=GROUP)
    else:
        label = "我的项目" if actor.is_unit else "项目实施"
        yield MenuEntry(label, reverse("projects:desk"), "building-community", group=GROUP)


def todos(actor: Actor) -> Iterator[TodoItem]:
    """What waits for the actor, each line a saved view."""
    if actor.is_system or not actor.can(Permission.PROGRAMME_VIEW):
        return
    waiting, desk = waiting_for(actor), reverse("projects:desk")
    if actor.is_deputy:
        yield TodoItem("待核查的整改", reverse("projects:mine"), waiting.checks, hint="责任单位已答复您所在小组的要求")
        return
    if actor.is_unit:
        yield TodoItem("待报送季度进展", f"{desk}?view=report", waiting.reports, hint="每季度结束后按期报送")
        yield TodoItem("待答复整改要求", f"{desk}?view=demand", waiting.demands, hint="监督小组检查时提出")
    else:
        if actor.can(Permission.PROGRAMME_APPROVE):
            yield TodoItem(
                "待审批项目调整", f"{desk}?view=change", waiting.changes, hint="责任单位申请，按审批决定登记"
            )
        yield TodoItem("待确认交付", f"{desk}?view=finished", waiting.finished, hint="责任单位已报告完工")
    light = "overdue" if waiting.late else None
    yield TodoItem("超期的项目", f"{desk}?view=late", waiting.late, light, "有期限已经超过")


def hits(actor: Actor, text: str) -> list[SearchHit]:
    """Projects that the actor may see, by name, place or unit."""
    return [
        SearchHit(
            title=project.name,
            url=project.get_absolute_url(),
            kind="实施项目",
            excerpt=" · ".join(
                (
                    f"{project.programme.congress.region.name}{project.programme.year}年",
                    project.unit_name,
                    project.get_status_display(),
                )
            ),
        )
        for project in search_projects(actor, text, limit=MOST_HITS)
    ]
