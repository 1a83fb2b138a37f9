"""What deputies' opinions tell the kernel: 群众意见 in the menu and on 我的待办, and the buttons of public pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from deputies.menu_groups import MEETING
from liaison.lights import light_of
from liaison.permissions import Permission
from liaison.registry import MenuEntry, TodoItem, registry
from suggestions.selectors.my_opinion import my_waiting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from liaison.actor import Actor


def register() -> None:
    """Called by ``suggestions.registrations.register()``."""
    registry.menus.append(menu)
    registry.todos.append(todos)
    registry.open_acts.append(open_acts)


def menu(actor: Actor) -> Iterator[MenuEntry]:
    """群众意见. No query."""
    if actor.is_deputy and actor.can(Permission.OPINION_ANSWER):
        yield MenuEntry("群众意见", reverse("my_opinions:list"), "messages", group=MEETING)


def todos(actor: Actor) -> Iterator[TodoItem]:
    """What the deputy is asked to answer, and what lies open at their stations."""
    if not actor.is_deputy or not actor.can(Permission.OPINION_ANSWER):
        return
    path, waiting = reverse("my_opinions:list"), my_waiting(actor)
    light = light_of(timezone.localdate(waiting.first_due)) if waiting.first_due else None
    hint = f"最急的{light.days_left_text}" if light else "群众在等您的答复"
    yield TodoItem("请您答复的群众意见", f"{path}?tab=todo", waiting.asked, light.code if light else None, hint)
    yield TodoItem("联络站新收到的意见", f"{path}?tab=open", waiting.lying, hint="还没有人办理，您可以接下来答复")


def open_acts(what: str, public_id: UUID, scanned: bool) -> Iterator[MenuEntry]:
    """反映情况 to this station or deputy, and following what was written."""
    query = {what: str(public_id)} | ({"by": "qr"} if scanned else {})
    yield MenuEntry("反映情况", reverse("open_opinions:new", query=query), "writing")
    yield MenuEntry("凭回执码查结果", reverse("open_opinions:follow"), "search")
