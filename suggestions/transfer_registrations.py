"""What transfers tell the kernel: menu, 我的待办, search, audit wording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from liaison.permissions import Permission
from liaison.registry import MenuEntry, SearchHit, TodoItem, registry
from suggestions.selectors.transfer_desk import Waiting, search_transfers, waiting_for
from suggestions.states import TRANSFER_TRANSITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison.actor import Actor

#: The search box shows at most so many transfers.
MOST_HITS = 10


def register() -> None:
    """Called by ``suggestions.registrations.register()``."""
    registry.menus.append(menu)
    registry.todos.append(todos)
    registry.searches.append(hits)
    labels = {f"transfer.{step.name}": f"{step.label}（公益诉讼线索）" for step in TRANSFER_TRANSITIONS.rows()}
    labels |= {"transfer.mark": "标记公益线索", "transfer.opine": "反馈转化意见（公益诉讼线索）"}
    registry.add_audit_labels(labels)


def menu(actor: Actor) -> Iterator[MenuEntry]:
    """公益诉讼转交, with what waits for the actor, for those who may see transfers."""
    if not actor.is_system and actor.can(Permission.TRANSFER_VIEW):
        waiting = waiting_for(actor)
        yield MenuEntry(
            "公益诉讼转交",
            reverse("transfers:desk"),
            "scale",
            group="代表建议",
            count=waiting.total or None,
            light=waiting.light,
        )


def todos(actor: Actor) -> Iterator[TodoItem]:
    """待批准转交, 待签收, 待补充线索 and 意见将到期, for those whose turn it is."""
    if actor.is_system or not actor.can(Permission.TRANSFER_VIEW):
        return
    waiting = waiting_for(actor)
    desk = reverse("transfers:desk")
    if actor.can(Permission.TRANSFER_APPROVE):
        yield TodoItem("待批准转交", f"{desk}?view=approve", waiting.to_approve, hint="经办人标记的公益线索")
    if actor.can(Permission.TRANSFER_RECEIVE):
        yield TodoItem("待签收线索", f"{desk}?view=receive", waiting.to_receive, hint="人大工作机构转交的线索")
    if actor.can(Permission.TRANSFER_SUPPLY):
        yield TodoItem("待补充线索", f"{desk}?view=paused", waiting.to_supply, hint="检察院要求补充，期限已暂停")
    yield TodoItem(
        "意见将到期", _nearly_due_url(desk, waiting), waiting.nearly_due, waiting.light, "检察院应反馈转化意见"
    )


def _nearly_due_url(desk: str, waiting: Waiting) -> str:
    """The tab of the most urgent light that something shows."""
    return f"{desk}?view={waiting.light or 'amber'}"


def hits(actor: Actor, text: str) -> list[SearchHit]:
    """Transfers that the actor may see, by the suggestion's words or by lead and case number."""
    return [
        SearchHit(
            title=transfer.suggestion.title,
            url=transfer.get_absolute_url(),
            kind="公益诉讼线索",
            excerpt=f"{transfer.get_status_display()} · {transfer.domain.name} · {transfer.place}",
        )
        for transfer in search_transfers(actor, text, limit=MOST_HITS)
    ]
