"""What activities tell the kernel: menu, 我的待办, subjects, the clock of a record, audit wording, the demo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from deputies.menu_groups import DUTY
from deputies.models import Activity
from deputies.selectors.activity import activities_by_words, waiting_for_deputy, waiting_for_office
from deputies.services.activity import RECORD_DEADLINE
from liaison.dates import cn_datetime
from liaison.permissions import Permission
from liaison.registry import DeadlineKind, MenuEntry, SearchHit, SubjectType, TodoItem, registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison.actor import Actor

AUDIT_LABELS = {
    "activity.create": "新建代表活动",
    "activity.edit": "修改代表活动",
    "activity.announce": "通知代表参加活动",
    "activity.cancel": "取消代表活动",
    "activity.invite": "邀请代表参加活动",
    "activity.uninvite": "取消活动邀请",
    "activity.reply": "答复活动邀请",
    "activity.record_draft": "填写活动记录",
    "activity.record": "完成活动记录",
    "activity.reopen": "更正活动记录",
    "activity.own_submit": "报送自行开展的活动",
    "activity.own_confirm": "确认代表的活动记录",
    "activity.own_return": "退回代表的活动记录",
    "activity.own_withdraw": "撤回活动记录",
    "attendance.open": "出示活动签到码",
    "attendance.close": "停止活动签到",
    "attendance.sign_in": "活动签到",
    "attendance.list": "登记活动到场名单",
    "calendar_feed.renew": "更换日历订阅地址",
    "calendar_feed.stop": "停止日历订阅",
}
DETAIL_LABELS = {
    "kind": "类别",
    "gathering": "活动形式",
    "starts_at": "开始时间",
    "ends_at": "结束时间",
    "place": "地点",
    "plan": "活动安排",
    "reply_by": "报名截止",
    "places": "人数上限",
    "reply": "答复",
}


def register() -> None:
    """Called by ``deputies.registrations.register()``."""
    registry.menus.append(menu)
    registry.todos.append(todos)
    registry.searches.append(hits)
    registry.demos_last.append("deputies.demo_activities.load")
    registry.demos_last.append("deputies.demo_visits.load")
    registry.add_audit_labels(AUDIT_LABELS)
    registry.add_audit_details(DETAIL_LABELS)
    registry.add_deadline_kind(
        DeadlineKind(
            RECORD_DEADLINE,
            "完成活动记录",
            "活动结束后，在本地人大设置的工作日内完成记录（默认10个工作日）。",
            thresholds=(5, 1, 0),
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="deputies.Activity",
            label="代表活动",
            visible=Activity.objects.visible_to,
            title=str,
            url=Activity.get_absolute_url,
        )
    )


def menu(actor: Actor) -> Iterator[MenuEntry]:
    """Activities for congress staff, a deputy's own for deputies."""
    if actor.is_congress and actor.can(Permission.ACTIVITY_VIEW):
        yield MenuEntry("代表活动", reverse("activities:list"), "calendar-event", group=DUTY)
    if actor.is_deputy:
        yield MenuEntry("我的活动", reverse("activities:mine"), "calendar-event", group=DUTY)


def todos(actor: Actor) -> Iterator[TodoItem]:
    """Activities to be recorded and own ones to be confirmed; a deputy's unanswered invitations."""
    if actor.is_congress and actor.can(Permission.ACTIVITY_EDIT):
        held, submitted = waiting_for_office(actor)
        path = reverse("activities:list")
        if held:
            yield TodoItem("待记录的代表活动", f"{path}?status=held", held, hint="活动已举行，完成记录后记入履职档案")
        if submitted:
            hint = "代表自行开展、自行记录，请确认或退回"
            yield TodoItem("待确认的活动记录", f"{path}?status=submitted", submitted, hint=hint)
    if actor.is_deputy:
        unanswered, returned = waiting_for_deputy(actor)
        if unanswered:
            yield TodoItem("请答复的活动邀请", reverse("activities:mine"), unanswered, hint="报名或请假")
        if returned:
            yield TodoItem("退回补正的活动记录", reverse("activities:mine"), returned)


def hits(actor: Actor, text: str) -> list[SearchHit]:
    """Activities that the actor may see, by title."""
    return [
        SearchHit(
            title=activity.title,
            url=activity.get_absolute_url(),
            kind="代表活动",
            excerpt=f"{activity.get_status_display()}　{cn_datetime(activity.starts_at)}　{activity.office.name}",
        )
        for activity in activities_by_words(actor, text)
    ]
