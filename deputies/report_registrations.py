"""What reports, their judging and practical deeds tell the kernel: menu, 我的待办, clocks, subjects, audit wording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from deputies.menu_groups import DUTY
from deputies.models import Deed, DeedCheck, DeputyReport, Judging, ReportTransfer
from deputies.selectors.deed import deeds_to_check
from deputies.selectors.judging import judging_waits
from deputies.selectors.report import asked_reports, author_names, search_reports, waiting_reports
from deputies.selectors.report_transfer import unanswered
from deputies.services.judging_booklet import BOOKLET_JOB
from deputies.services.report_export import EXPORT_JOB
from liaison.permissions import Permission
from liaison.registry import DeadlineKind, MenuEntry, SearchHit, SubjectType, TodoItem, registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison.actor import Actor

AUDIT_LABELS = {
    "report.submit": "提交代表报告",
    "report.withdraw": "撤回代表报告",
    "report.discard": "删除报告草稿",
    "report.accept": "接收代表报告",
    "report.return": "退回代表报告",
    "report.unaccept": "撤销接收代表报告",
    "report.transfer": "转送代表报告",
    "report.transfer_cancel": "撤回转送代表报告",
    "report.answer": "反馈代表报告",
    "report.author_invite": "邀请合作代表",
    "report.author_remove": "撤回对合作代表的邀请",
    "report.author_confirm": "确认合作（代表报告）",
    "report.author_decline": "不参加合作（代表报告）",
    "report.export": "导出代表报告",
    "judging.create": "组织报告评选",
    "judging.edit": "修改报告评选",
    "judging.papers": "选参评报告",
    "judging.judge_add": "请评委",
    "judging.judge_remove": "移出评委",
    "judging.open": "开始评分",
    "judging.score": "保存评分（报告评选）",
    "judging.submit": "提交评分（报告评选）",
    "judging.extend": "延长评分期",
    "judging.close": "评分截止",
    "judging.award": "确定报告奖项",
    "judging.publish": "公布报告评选结果",
    "judging.booklet": "编印优秀报告选编",
    "deed.record": "记录办实事",
    "deed.edit": "修改办实事",
    "deed.receipt": "生成办实事确认二维码",
    "deed.affirm": "受益群众确认属实（办实事）",
    "deed.deny": "受益群众说不属实（办实事）",
    "deed.confirm": "核实办实事",
    "deed.reject": "不予认定（办实事）",
    "deed.withdraw": "撤回办实事",
    "deed.unmask": "查看受益人完整电话",
}
DETAIL_LABELS = {"units": "机关", "report": "报告", "awards": "奖项", "way": "核实方式"}


def register() -> None:
    """Called by ``deputies.registrations.register()``."""
    registry.menus.append(menu)
    registry.todos.append(todos)
    registry.searches.append(hits)
    registry.jobs[EXPORT_JOB] = "deputies.tasks_report.export_reports"
    registry.add_deadline_kind(
        DeadlineKind(
            "report_transfer",
            "反馈代表报告",
            "有关机关自转送之日起2个月内反馈，转送时可以另定日期。",
            thresholds=(10, 3, 1, 0),
        )
    )
    registry.demos_last.append("deputies.demo_reports.load")
    registry.add_audit_labels(AUDIT_LABELS)
    registry.add_audit_details(DETAIL_LABELS, dict(DeedCheck.choices))
    registry.jobs[BOOKLET_JOB] = "deputies.tasks_report.make_booklet"
    registry.add_subject(
        SubjectType(
            model_label="deputies.Judging",
            label="报告评选",
            visible=Judging.objects.visible_to,
            title=str,
            url=Judging.get_absolute_url,
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="deputies.Deed",
            label="办实事",
            visible=Deed.objects.visible_to,
            title=str,
            url=Deed.get_absolute_url,
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="deputies.DeputyReport",
            label="代表报告",
            visible=DeputyReport.objects.visible_to,
            title=str,
            url=DeputyReport.get_absolute_url,
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="deputies.ReportTransfer",
            label="代表报告转送",
            visible=ReportTransfer.objects.visible_to,
            title=str,
            url=ReportTransfer.get_absolute_url,
            related=("report",),
        )
    )


def menu(actor: Actor) -> Iterator[MenuEntry]:
    """The desk for congress staff, what was transferred for units, one's own for deputies."""
    if not actor.can(Permission.REPORT_VIEW):
        return
    if actor.is_congress:
        yield MenuEntry("代表报告", reverse("reports:list"), "file-text", group=DUTY)
        yield MenuEntry("报告评选", reverse("judgings:list"), "star", group=DUTY)
        yield MenuEntry("办实事", reverse("deeds:list"), "thumb-up", group=DUTY)
    if actor.is_unit:
        yield MenuEntry("转送的代表报告", reverse("report_transfers:list"), "file-text", group=DUTY)
    if actor.is_deputy:
        yield MenuEntry("我的报告", reverse("my_reports:list"), "file-text", group=DUTY)
        yield MenuEntry("我办的实事", reverse("my_deeds:list"), "thumb-up", group=DUTY)


def todos(actor: Actor) -> Iterator[TodoItem]:
    """Reports to accept, to answer, to sign."""
    if actor.is_congress and actor.can(Permission.REPORT_RECEIVE) and (count := waiting_reports(actor)):
        yield TodoItem("待接收的代表报告", f"{reverse('reports:list')}?view=waiting", count)
    if actor.organisation_id is not None and actor.can(Permission.REPORT_VIEW) and (count := unanswered(actor)):
        yield TodoItem("待反馈的代表报告", reverse("report_transfers:list"), count, hint="由人大工作机构转送")
    if actor.is_deputy and (count := asked_reports(actor)):
        yield TodoItem("请您确认合作的报告", reverse("my_reports:list"), count)
    if actor.can(Permission.REPORT_VIEW) and (count := judging_waits(actor)):
        yield TodoItem("请您评分的报告评选", reverse("my_judgings:list"), count)
    if actor.is_congress and actor.can(Permission.DEED_CONFIRM) and (count := deeds_to_check(actor)):
        yield TodoItem("待核实的办实事", f"{reverse('deeds:list')}?view=waiting", count)


def hits(actor: Actor, text: str) -> list[SearchHit]:
    """Reports that the actor may see, by part of the title or an author's name."""
    return [
        SearchHit(
            title=str(report),
            url=report.deputy_url if actor.is_deputy else report.get_absolute_url(),
            kind="代表报告",
            excerpt=f"{report.get_kind_display()} · {report.get_status_display()} · {author_names(report)}",
        )
        for report in search_reports(actor, text)
    ]
