"""What the desks of opinions tell the kernel: menu and 我的待办 of staff and units, and the export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from deputies.menu_groups import MEETING
from liaison.permissions import Permission
from liaison.registry import MenuEntry, TodoItem, registry
from suggestions.selectors.opinion_desk import waiting_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison.actor import Actor


def register() -> None:
    """Called by ``suggestions.registrations.register()``."""
    registry.menus.append(menu)
    registry.todos.append(todos)
    registry.jobs["opinion.export"] = "suggestions.tasks.export_opinions"


def menu(actor: Actor) -> Iterator[MenuEntry]:
    """社情民意 for staff, 群众意见交办 for units. No query."""
    if not actor.can(Permission.OPINION_VIEW):
        return
    if actor.is_congress:
        yield MenuEntry("社情民意", reverse("opinions:desk"), "messages", group=MEETING)
    elif actor.is_unit:
        yield MenuEntry("群众意见交办", reverse("handed_opinions:desk"), "messages", group=MEETING)


def todos(actor: Actor) -> Iterator[TodoItem]:
    """待分办, 待告知, 超期 for the office; 待答复 for a unit."""
    if actor.is_system or not actor.can(Permission.OPINION_VIEW):
        return
    if actor.is_congress and actor.can(Permission.OPINION_SORT):
        desk, waiting = reverse("opinions:desk"), waiting_for(actor)
        yield TodoItem("待分办的群众意见", f"{desk}?tab=sort", waiting.to_sort, waiting.light, "群众反映的新情况")
        yield TodoItem("待电话告知", f"{desk}?tab=tell", waiting.to_tell, hint="已有答复，请打电话告知反映人")
        yield TodoItem(
            "超期的群众意见",
            f"{desk}?tab=all&light=overdue",
            waiting.overdue,
            "overdue" if waiting.overdue else None,
            "没有按时分办，或者代表、单位没有按时答复",
        )
    elif actor.is_unit and actor.can(Permission.OPINION_ANSWER):
        desk, waiting = reverse("handed_opinions:desk"), waiting_for(actor)
        hint = "人大工作机构交办，请按期答复"
        yield TodoItem("待答复的群众意见", f"{desk}?tab=todo", waiting.to_answer, waiting.light, hint)
