"""What the votes package tells the kernel about draws and yearly figures, and the demo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from liaison.permissions import Permission
from liaison.registry import MenuEntry, SubjectType, registry
from votes.models import Draw, YearSummary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison.actor import Actor

GROUP = "民生实事"

AUDIT_LABELS = {
    "draw.create": "新建随机抽取",
    "draw.edit": "修改抽取名单",
    "draw.discard": "删除抽取名单",
    "draw.fix_list": "锁定抽取名单",
    "draw.run": "随机抽取",
    "draw.make_round": "按抽取结果建立履职评议",
    "summary.create": "填报票决手工汇总",
    "summary.edit": "修改票决手工汇总",
    "summary.delete": "删除票决手工汇总",
}
AUDIT_DETAILS = {
    "classes": "类别和人数",
    "list_hash": "名单摘要",
    "seed": "种子",
    "seed_source": "种子来源",
    "drawn": "抽取人数",
    "congresses": "人大数",
    "voting": "实行票决数",
    "projects": "票决项目数",
    "investment": "投资额（万元）",
    "finished": "完成项目数",
    "satisfied": "满意票",
    "rated": "有效测评票",
}


def register() -> None:
    """Called by ``votes.registrations.register()``."""
    registry.demos.append("votes.demo.load")
    registry.demos.append("votes.demo_gathering.load")
    registry.demo_hints.append("votes.demo.hints")
    registry.menus.append(menu)
    registry.jobs["summary.export"] = "votes.tasks_summary.export_summary"
    registry.add_audit_labels(AUDIT_LABELS)
    registry.add_audit_details(AUDIT_DETAILS)
    registry.add_subject(
        SubjectType(
            model_label="votes.Draw",
            label="随机抽取",
            visible=Draw.objects.visible_to,
            title=str,
            url=Draw.get_absolute_url,
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="votes.YearSummary",
            label="票决手工汇总",
            visible=YearSummary.objects.visible_to,
            title=str,
            url=YearSummary.get_absolute_url,
            related=("region",),
        )
    )


def menu(actor: Actor) -> Iterator[MenuEntry]:
    """Draws and the roll-up, for congress staff."""
    if actor.is_congress and actor.can(Permission.PROGRAMME_VIEW):
        yield MenuEntry("随机抽取", reverse("draws:list"), "users", group=GROUP)
        yield MenuEntry("票决汇总", reverse("summary:overview"), "chart-bar", group=GROUP)
