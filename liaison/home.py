"""The kernel's first lines in the menu: what waits, what came, what was exported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from liaison.permissions import Permission
from liaison.registry import MenuEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison.actor import Actor

_TABLES = (Permission.DEPUTY_VIEW, Permission.SUGGESTION_VIEW, Permission.TRANSFER_VIEW)


def home_menu(actor: Actor) -> Iterator[MenuEntry]:
    """我的待办 and 消息 for everybody, 导入导出 for those who handle tables."""
    if actor.user_id is None:
        return
    yield MenuEntry("我的待办", reverse("dashboard"), "list-check")
    yield MenuEntry("消息", reverse("inbox"), "bell")
    if not actor.is_deputy and any(actor.can(permission) for permission in _TABLES):
        yield MenuEntry("导入导出", reverse("jobs"), "file-export")
