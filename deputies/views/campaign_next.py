"""What staff do next on a campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from deputies.selectors.campaign import is_asked, may_join, may_keep
from deputies.states import CampaignStatus

if TYPE_CHECKING:
    from deputies.models import Campaign, CampaignRegion
    from liaison.actor import Actor


def next_on_campaign(actor: Actor, campaign: Campaign, plan: CampaignRegion | None) -> dict[str, Any]:
    """The box at the top, as ``partials/action_box.html`` draws it."""

    def to(name: str) -> str:
        return reverse(f"campaigns:{name}", args=[campaign.public_id])

    edit = {"label": "修改", "url": to("edit"), "icon": "pencil"}
    if may_keep(actor, campaign):
        if campaign.status == CampaignStatus.DRAFT:
            text = "核对基本情况和对代表的要求，启动后通知代表和下级人大。"
            return {"title": "启动", "text": text, "primary": {"label": "启动", "url": to("start")}, "others": [edit]}
        if campaign.status == CampaignStatus.RUNNING:
            over = campaign.ends_on < timezone.localdate()
            ending = {"label": "结束主题活动", "url": to("end")}
            if over:
                return {"title": "已过结束日期", "text": "材料齐了就可以结束。", "primary": ending, "others": [edit]}
            others = [edit | {"label": "调整"}, {"label": "提前结束", "url": to("end"), "icon": "player-pause"}]
            board = {"label": "查看进展", "url": to("board")}
            return {"title": "进行中", "text": "", "primary": board, "others": others}
    if may_join(actor, campaign):
        return _below(actor, campaign, plan)
    return {"title": campaign.get_status_display(), "text": f"由{campaign.office}组织。"}


def _below(actor: Actor, campaign: Campaign, plan: CampaignRegion | None) -> dict[str, Any]:
    """For an office below the organiser's: asked to carry it out, or free to."""
    join, board = (reverse(f"campaigns:{name}", args=[campaign.public_id]) for name in ("join", "board"))
    look = {"label": "查看本地区进展", "url": board}
    if plan is not None:
        others = [{"label": "修改落实方案", "url": join, "icon": "pencil"}]
        return {"title": "本地区已落实", "text": "", "primary": look, "others": others}
    if not is_asked(campaign, actor.region_prefix):
        text = f"面向{campaign.level_labels}代表，不要求本级登记落实方案；本地区一并开展的可以登记。"
        others = [{"label": "登记落实方案", "url": join, "icon": "pencil"}]
        return {"title": "进行中", "text": text, "primary": look, "others": others}
    text = f"{campaign.office}组织的主题活动在本地区开展，请登记本地区的落实方案。"
    return {"title": "落实", "text": text, "primary": {"label": "登记落实方案", "url": join}}
