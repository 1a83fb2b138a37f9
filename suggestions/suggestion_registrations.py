"""What suggestions tell the kernel: menu, the deputies' bottom bar, 我的待办, search, export, audit wording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from liaison.lights import light_of
from liaison.permissions import Permission
from liaison.registry import MenuEntry, SearchHit, TodoItem, registry
from liaison.search import passage
from suggestions.selectors.desk import desk_tabs, nearest_due, search_suggestions
from suggestions.selectors.mine import waiting_for
from suggestions.states import SuggestionStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison.actor import Actor

GROUP = "代表建议"
#: The search box shows at most so many suggestions.
MOST_HITS = 10
#: Tabs that are work: their hint on 我的待办, and the states whose nearest due day lights them.
_WORK = {
    "sort": ("代表新提交的建议", (SuggestionStatus.SUBMITTED,)),
    "assign": ("已登记，待确定主办单位", (SuggestionStatus.REGISTERED,)),
    "coordinating": ("代表再次不满意", ()),
}
_UNIT_WORK = {
    "sign": ("新交办的建议", (SuggestionStatus.ASSIGNED,)),
    "handling": ("已签收，在期限内答复代表", (SuggestionStatus.HANDLING, SuggestionStatus.REWORK)),
}
_WINDOWS = {"soon": "10天内到期", "late": "已过期限，请尽快办理"}

AUDIT_LABELS = {
    "suggestion.submit": "提交代表建议",
    "suggestion.discard": "删除建议草稿",
    "suggestion.return": "退回代表建议",
    "suggestion.refuse": "不予受理代表建议",
    "suggestion.register": "登记代表建议",
    "suggestion.assign": "交办代表建议",
    "suggestion.sign": "签收代表建议",
    "suggestion.answer": "答复代表建议",
    "suggestion.rate": "评价建议答复",
    "suggestion.close_unrated": "未评价办结",
    "suggestion.conclude": "协调后办结",
    "commitment.fulfil": "报告承诺兑现",
    "cosigner.invite": "邀请附议",
    "cosigner.withdraw": "撤回附议邀请",
    "cosigner.confirm": "确认附议",
    "cosigner.decline": "不附议",
}


def register() -> None:
    """Called by ``suggestions.registrations.register()``."""
    registry.menus.append(menu)
    registry.bottom_bars.append(bottom_bar)
    registry.todos.append(todos)
    registry.searches.append(hits)
    registry.jobs["suggestion.export"] = "suggestions.tasks.export_desk"
    registry.add_audit_labels(AUDIT_LABELS)


def _has_desk(actor: Actor) -> bool:
    return (actor.is_congress or actor.is_unit) and actor.can(Permission.SUGGESTION_VIEW)


def menu(actor: Actor) -> Iterator[MenuEntry]:
    """The desk for staff and units, writing and one's own list for deputies."""
    if _has_desk(actor):
        yield MenuEntry("建议办理", reverse("suggestions:desk"), "clipboard-list", group=GROUP)
    if actor.is_deputy:
        yield MenuEntry("写建议", reverse("suggestions:new"), "writing", group=GROUP)
        yield MenuEntry("我的建议", reverse("suggestions:mine"), "clipboard-list", group=GROUP)


def bottom_bar(actor: Actor) -> Iterator[MenuEntry]:
    """待办 · 写建议 · 我的 · 消息, for deputies' phones."""
    if actor.is_deputy:
        yield MenuEntry("待办", "/", "list-check")
        yield MenuEntry("写建议", reverse("suggestions:new"), "writing")
        yield MenuEntry("我的", reverse("suggestions:mine"), "clipboard-list")
        yield MenuEntry("消息", "/inbox/", "bell")


def todos(actor: Actor) -> Iterator[TodoItem]:
    """What waits for the actor, each line a saved view."""
    if actor.is_deputy:
        yield from _deputy_todos(actor)
    elif _has_desk(actor):
        yield from _desk_todos(actor)


def _desk_todos(actor: Actor) -> Iterator[TodoItem]:
    desk, work, nearest = reverse("suggestions:desk"), _UNIT_WORK if actor.is_unit else _WORK, nearest_due(actor)
    for one in desk_tabs(actor):
        tab, url = one.tab, f"{desk}?tab={one.tab.code}"
        if tab.code in work:
            hint, states = work[tab.code]
            light = light_of(min((nearest[state] for state in states if state in nearest), default=None))
            text = f"{hint}，最急的{light.days_left_text}" if light and one.count else hint
            yield TodoItem(tab.label, url, one.count, light.code if light else None, text)
        elif tab.window:
            yield TodoItem(f"{tab.label}的建议", url, one.count, tab.light if one.count else None, _WINDOWS[tab.window])


def _deputy_todos(actor: Actor) -> Iterator[TodoItem]:
    mine, waiting = reverse("suggestions:mine"), waiting_for(actor)
    light = light_of(waiting.unrated_due)
    rate_hint = f"承办单位已答复，{light.days_left_text}" if light else "承办单位已答复，请评价"
    yield TodoItem("待您附议", f"{mine}?tab=todo", waiting.invited, hint="其他代表邀请您附议")
    yield TodoItem("待您评价", f"{mine}?tab=todo", waiting.unrated, light.code if light else None, rate_hint)
    yield TodoItem("退回修改", f"{mine}?tab=todo", waiting.returned, hint="修改后重新提交")
    yield TodoItem("没写完的草稿", f"{mine}?tab=drafts", waiting.drafts, hint="随时可以接着写")


def hits(actor: Actor, text: str) -> list[SearchHit]:
    """Suggestions that the actor may see, by words, number or lead deputy."""
    return [
        SearchHit(
            title=str(suggestion),
            url=suggestion.get_absolute_url(),
            kind="代表建议",
            excerpt=" · ".join(
                part
                for part in (
                    suggestion.number_label,
                    f"{suggestion.lead_person}代表",
                    suggestion.get_status_display(),
                )
                if part
            ),
            passage=passage(f"{suggestion.situation} {suggestion.proposal}", text, title=suggestion.title),
        )
        for suggestion in search_suggestions(actor, text, limit=MOST_HITS)
    ]
