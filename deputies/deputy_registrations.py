"""What deputies, congresses and rosters tell the kernel: menu, 我的待办, search, jobs, subjects, audit wording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from deputies.models import Congress, Person, RosterImport
from deputies.selectors.mandate import search_deputies
from deputies.selectors.roster import waiting_rosters
from deputies.services.export import EXPORT_JOB
from deputies.services.roster.steps import APPLY_JOB, KEPT_DAYS, READ_JOB
from liaison.permissions import Permission
from liaison.registry import MenuEntry, SearchHit, SubjectType, TodoItem, registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison.actor import Actor

GROUP = "代表"

AUDIT_LABELS = {
    "person.create": "登记代表个人资料",
    "person.edit": "修改代表个人资料",
    "person.unmask": "查看代表完整手机号码",
    "person.account_open": "开通代表账号",
    "mandate.grant": "登记代表资格",
    "mandate.edit": "修改代表资格",
    "mandate.end": "登记代表资格终止",
    "mandate.reinstate": "恢复代表资格",
    "deputy.export": "导出代表名册",
    "congress.create": "登记届次",
    "congress.edit": "修改届次",
    "congress.settings": "修改办理规则",
    "session.create": "登记会议",
    "session.edit": "修改会议",
    "electoral_unit.create": "登记选举单位",
    "electoral_unit.edit": "修改选举单位",
    "electoral_unit.remove": "删除选举单位",
    "roster.upload": "上传代表名册",
    "roster.confirm": "确认导入代表名册",
    "roster.apply": "导入代表名册",
    "roster.discard": "放弃导入代表名册",
}
DETAIL_LABELS = {
    "gender": "性别",
    "ethnicity": "民族",
    "birth_month": "出生年月",
    "employer": "工作单位",
    "post": "职务",
    "tags": "标签",
    "certificate_number": "代表证号",
    "profession_class": "代表类别",
    "electoral_unit": "选举单位",
    "started_on": "任期开始",
    "ended_on": "资格终止日",
    "starts_on": "开始日期",
    "ends_on": "结束日期",
    "deputy_places": "代表名额",
    "number": "次数",
    "handover_working_days": "交办时限（工作日）",
    "answer_months": "答复时限（月）",
    "feedback_working_days": "代表评价时限（工作日）",
    "rework_months": "重新办理时限（月）",
    "opinion_months": "检察机关反馈意见时限（月）",
    "opinion_sorting_working_days": "社情民意分办时限（工作日）",
    "opinion_deputy_hours": "代表答复群众时限（小时）",
    "opinion_unit_months": "单位答复群众时限（月）",
    "activity_record_working_days": "活动记录时限（工作日）",
    "contact_opinion_months": "联系代表意见反馈时限（月）",
    "voter_reports_per_term": "每届述职次数",
    "rows": "行数",
    "conditions": "条件",
    "changed": "变更",
    "same": "相同",
}


def register() -> None:
    """Called by ``deputies.registrations.register()``."""
    registry.menus.append(menu)
    registry.todos.append(todos)
    registry.searches.append(hits)
    registry.jobs[READ_JOB] = "deputies.tasks.read_roster"
    registry.jobs[APPLY_JOB] = "deputies.tasks.apply_roster"
    registry.jobs[EXPORT_JOB] = "deputies.tasks.export_deputies"
    registry.add_audit_labels(AUDIT_LABELS)
    registry.add_audit_details(DETAIL_LABELS)
    registry.add_subject(
        SubjectType(
            model_label="deputies.Person",
            label="代表",
            visible=Person.objects.visible_to,
            title=str,
            url=Person.get_absolute_url,
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="deputies.Congress",
            label="人民代表大会",
            visible=Congress.objects.visible_to,
            title=str,
            url=Congress.get_absolute_url,
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="deputies.RosterImport",
            label="名册导入",
            visible=RosterImport.objects.visible_to,
            title=str,
            url=RosterImport.get_absolute_url,
        )
    )


def menu(actor: Actor) -> Iterator[MenuEntry]:
    """The roster, its import and the congresses for staff; a deputy's own page for deputies."""
    if actor.can(Permission.DEPUTY_VIEW) and actor.is_congress:
        yield MenuEntry("代表名册", reverse("deputies:list"), "users", group=GROUP)
        yield MenuEntry("届次与选举单位", reverse("congresses:list"), "building-bank", group=GROUP)
    if actor.can(Permission.DEPUTY_IMPORT) and actor.is_congress:
        yield MenuEntry("导入名册", reverse("deputies:rosters"), "file-import", group=GROUP)
    if actor.is_deputy:
        yield MenuEntry("我的代表信息", reverse("deputies:mine"), "id-badge-2", group=GROUP)


def todos(actor: Actor) -> Iterator[TodoItem]:
    """Roster imports that wait for a person."""
    if actor.can(Permission.DEPUTY_IMPORT) and actor.is_congress:
        count = waiting_rosters(actor)
        if count:
            hint = f"核对后确认或放弃；{KEPT_DAYS}天不处理会自动放弃"
            yield TodoItem("待确认的名册导入", reverse("deputies:rosters"), count, hint=hint)


def hits(actor: Actor, text: str) -> list[SearchHit]:
    """Deputies that the actor may see, by name or certificate number."""
    return [
        SearchHit(
            title=mandate.person.name,
            url=mandate.person.get_absolute_url(),
            kind="代表",
            excerpt="　".join(
                part
                for part in (
                    mandate.congress.short_name,
                    mandate.electoral_unit.name if mandate.electoral_unit else "",
                    f"{mandate.person.employer}{mandate.person.post}",
                )
                if part
            ),
        )
        for mandate in search_deputies(actor, text)
    ]
