"""What campaigns, quotas and roll-ups tell the kernel: menu, 我的待办, jobs, subjects, audit wording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from deputies.menu_groups import DUTY
from deputies.models import Campaign
from deputies.selectors.campaign import waiting_campaigns
from deputies.services.campaign import TELL_JOB
from deputies.services.campaign_export import BOARD_JOB
from deputies.services.rollup_export import ROLLUP_JOB
from liaison.permissions import Permission
from liaison.registry import MenuEntry, SubjectType, TodoItem, registry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from liaison.actor import Actor

AUDIT_LABELS = {
    "campaign.create": "新建主题活动",
    "campaign.edit": "修改主题活动",
    "campaign.adjust": "调整主题活动",
    "campaign.start": "启动主题活动",
    "campaign.end": "结束主题活动",
    "campaign.join": "登记主题活动落实方案",
    "campaign.plan": "修改主题活动落实方案",
    "campaign.media_add": "登记主题活动媒体报道",
    "campaign.media_remove": "删除主题活动媒体报道",
    "campaign.export": "导出主题活动进展",
    "quota.add": "新增履职要求",
    "quota.edit": "修改履职要求",
    "quota.remove": "删除履职要求",
    "quota.end": "停止履职要求",
    "rollup.export": "导出履职汇总",
}
DETAIL_LABELS = {
    "theme": "主题",
    "levels": "参加代表的层级",
    "audience": "参加代表",
    "topics": "参考选题",
    "purpose": "活动要求",
    "regions": "缩短落实时间的地区",
    "words": "要求",
    "count": "篇数",
}


def register() -> None:
    """Called by ``deputies.registrations.register()``."""
    registry.menus.append(menu)
    registry.todos.append(todos)
    registry.campaign_acts.append(campaign_acts)
    registry.jobs[TELL_JOB] = "deputies.tasks.tell_campaign"
    registry.jobs[BOARD_JOB] = "deputies.tasks.export_board"
    registry.jobs[ROLLUP_JOB] = "deputies.tasks.export_rollup"
    registry.add_audit_labels(AUDIT_LABELS)
    known = registry.audit_details
    registry.add_audit_details({name: label for name, label in DETAIL_LABELS.items() if name not in known})
    registry.add_subject(
        SubjectType(
            model_label="deputies.Campaign",
            label="主题活动",
            visible=Campaign.objects.visible_to,
            title=str,
            url=Campaign.get_absolute_url,
        )
    )


def menu(actor: Actor) -> Iterator[MenuEntry]:
    """Campaigns for staff and deputies; the roll-up for staff."""
    if actor.can(Permission.CAMPAIGN_VIEW) and (actor.is_congress or actor.is_deputy):
        yield MenuEntry("主题活动", reverse("campaigns:list"), "flag", group=DUTY)
    if actor.is_congress and actor.can(Permission.DUTY_VIEW):
        yield MenuEntry("履职汇总", reverse("rollup:overview"), "chart-bar", group=DUTY)


def todos(actor: Actor) -> Iterator[TodoItem]:
    """Campaigns that wait for the office: to be ended, to be carried out."""
    if not (actor.is_congress and actor.can(Permission.CAMPAIGN_EDIT)):
        return
    over, above = waiting_campaigns(actor)
    url = f"{reverse('campaigns:list')}?state=running"
    if over:
        yield TodoItem("已过结束日期的主题活动", url, over, hint="材料齐了就可以结束")
    if above:
        yield TodoItem("待落实的上级主题活动", url, above, hint="登记本地区的落实方案")


def campaign_acts(actor: Actor, campaign_id: UUID) -> Iterator[MenuEntry]:
    """What a deputy records for a campaign."""
    if actor.can(Permission.ACTIVITY_VIEW):
        yield MenuEntry("记录活动", f"{reverse('activities:own_new')}?campaign={campaign_id}", "calendar-event")
    if actor.can(Permission.DEED_WRITE):
        yield MenuEntry("记录办实事", f"{reverse('my_deeds:new')}?campaign={campaign_id}", "thumb-up")
    if actor.can(Permission.REPORT_WRITE):
        yield MenuEntry("写报告", f"{reverse('my_reports:new')}?campaign={campaign_id}", "file-text")
