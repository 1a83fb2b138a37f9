"""What contacts with deputies and reports to voters tell the kernel: menu, subjects, audit wording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from deputies.menu_groups import DUTY
from deputies.models import Contact, ContactOpinion, VoterMeeting, VoterReport
from deputies.models.voter_report import APPRAISAL
from deputies.selectors.contact import contact_counts, opinion_counts
from deputies.selectors.voter_report import meeting_counts, reports_to_write
from deputies.services.contact_coverage import EXPORT_JOB
from deputies.services.contact_opinion import DEADLINE
from deputies.services.voter_meeting_appraisal import voter_meeting_result
from deputies.services.voter_report_coverage import EXPORT_JOB as REPORTS_JOB
from deputies.states import CONTACT_OPINION_TRANSITIONS, CONTACT_TRANSITIONS
from liaison.permissions import Permission
from liaison.registry import DeadlineKind, MenuEntry, SubjectType, TodoItem, registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison.actor import Actor

AUDIT_LABELS = {
    "committee.add": "登记常委会组成人员",
    "committee.end": "登记常委会组成人员离任",
    "contact.links": "安排固定联系",
    "contact.link_end": "结束固定联系",
    "contact.plan": "安排联系活动",
    "contact.edit": "修改联系活动",
    "contact.invite": "列入联系的代表",
    "contact.uninvite": "移出联系的代表",
    "contact.export": "导出联系覆盖情况",
    "contact_opinion.add": "登记代表意见建议（联系代表）",
    "contact_opinion.remove": "删除误记的意见建议（联系代表）",
    "voter_meeting.plan": "安排述职会议",
    "voter_meeting.edit": "修改述职会议",
    "voter_meeting.add": "列入述职代表",
    "voter_meeting.drop": "移出述职代表",
    "voter_meeting.hold": "登记述职会议召开情况",
    "voter_meeting.cancel": "取消述职会议",
    "voter_meeting.appraise": "准备述职测评票",
    "voter_meeting.close": "述职测评结果成立",
    "voter_meeting.void": "述职测评无效",
    "voter_report.submit": "提交述职报告",
    "voter_report.give_back": "退回述职报告",
    "voter_report.question": "登记选民提问",
    "voter_report.answer": "回答选民提问",
    "voter_report.export": "导出述职覆盖情况",
    **{f"contact.{step.name}": f"{step.label}（联系代表）" for step in CONTACT_TRANSITIONS.rows()},
    **{f"contact_opinion.{step.name}": f"{step.label}（联系代表）" for step in CONTACT_OPINION_TRANSITIONS.rows()},
}
DETAIL_LABELS = {
    "member": "组成人员",
    "links": "固定联系",
    "year": "年度",
    "unit": "承办单位",
    "text": "内容",
}


def register() -> None:
    """Called by ``deputies.registrations.register()``."""
    registry.menus.append(menu)
    registry.todos.append(todos)
    registry.jobs[EXPORT_JOB] = "deputies.tasks_contact.export_coverage"
    registry.jobs[REPORTS_JOB] = "deputies.tasks_contact.export_reports"
    registry.appraisal_done[APPRAISAL] = voter_meeting_result
    registry.appraisal_pages[APPRAISAL] = lambda identity: reverse("voter_meetings:detail", args=[identity])
    registry.add_audit_labels(AUDIT_LABELS)
    registry.add_audit_details(DETAIL_LABELS)
    registry.add_deadline_kind(
        DeadlineKind(
            DEADLINE,
            "反馈代表意见办理情况",
            "联系代表时听到的意见建议交办后，承办单位在3个月内反馈（办理规则可调整）。",
            thresholds=(10, 5, 1, 0),
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="deputies.Contact",
            label="联系活动",
            visible=Contact.objects.visible_to,
            title=str,
            url=Contact.get_absolute_url,
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="deputies.ContactOpinion",
            label="联系中的意见建议",
            visible=ContactOpinion.objects.visible_to,
            title=str,
            url=ContactOpinion.get_absolute_url,
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="deputies.VoterMeeting",
            label="述职会议",
            visible=VoterMeeting.objects.visible_to,
            title=str,
            url=VoterMeeting.get_absolute_url,
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="deputies.VoterReport",
            label="代表述职",
            visible=VoterReport.objects.visible_to,
            title=lambda report: f"{report.mandate.person.name}的述职",
            url=VoterReport.get_absolute_url,
            related=("mandate__person",),
        )
    )


def menu(actor: Actor) -> Iterator[MenuEntry]:
    """联系代表 for the office, what was assigned for units, their own for deputies. No query."""
    if actor.is_congress and actor.can(Permission.CONTACT_VIEW):
        yield MenuEntry("联系代表", reverse("contacts:list"), "address-book", group=DUTY)
        yield MenuEntry("代表述职", reverse("voter_meetings:list"), "notes", group=DUTY)
    elif actor.is_unit and actor.can(Permission.CONTACT_ANSWER):
        yield MenuEntry("代表意见办理", reverse("contacts:opinions"), "message-2", group=DUTY)
    elif actor.is_deputy:
        yield MenuEntry("我的联系活动", reverse("contacts:mine"), "address-book", group=DUTY)
        yield MenuEntry("我的述职", reverse("voter_reports:mine"), "notes", group=DUTY)


def todos(actor: Actor) -> Iterator[TodoItem]:
    """Records to finish and opinions to settle, for the office; assigned ones, for a unit."""
    if actor.is_congress and actor.can(Permission.CONTACT_EDIT):
        held, said = contact_counts(actor)["held"], opinion_counts(actor)
        desk, path = reverse("contacts:list"), reverse("contacts:opinions")
        yield TodoItem("待记录的联系活动", f"{desk}?view=held", held, hint="记下主要内容和代表的意见建议")
        yield TodoItem("待处理的代表意见", f"{path}?view=raised", said["raised"], hint="采纳吸收或交办")
        yield TodoItem("待反馈代表的意见", f"{path}?view=telling", said["telling"], hint="把处理情况告诉代表")
        meetings = f"{reverse('voter_meetings:list')}?view=held"
        yield TodoItem(
            "待测评的述职会议", meetings, meeting_counts(actor)["held"], hint="测评结果宣布后自动归到代表名下"
        )
    elif actor.is_deputy and actor.can(Permission.VOTER_REPORT_WRITE):
        waiting = reports_to_write(actor)
        yield TodoItem("待提交的述职报告", reverse("voter_reports:mine"), waiting, hint="开头已按履职档案填好")
    elif actor.is_unit and actor.can(Permission.CONTACT_ANSWER):
        path = f"{reverse('contacts:opinions')}?view=assigned"
        yield TodoItem(
            "待反馈的代表意见", path, opinion_counts(actor)["assigned"], hint="人大联系代表时听到、交办本单位"
        )
