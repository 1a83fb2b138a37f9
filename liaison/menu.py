"""The kernel's own lines in the menu and in 我的待办: administration and audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from liaison.permissions import Permission
from liaison.registry import MenuEntry, TodoItem
from liaison.selectors.user import locked_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison.actor import Actor

GROUP = "系统管理"

#: (any of these permissions, label, route, icon)
_ENTRIES: tuple[tuple[frozenset[Permission], str, str, str], ...] = (
    (
        frozenset({Permission.USER_EDIT, Permission.POSTING_EDIT, Permission.SECURITY_EDIT}),
        "用户与岗位",
        "system:user_list",
        "users",
    ),
    (frozenset({Permission.ORGANISATION_EDIT}), "机构", "system:organisation_list", "building"),
    (frozenset({Permission.CLIENT_EDIT}), "接口客户端", "system:client_list", "switch-horizontal"),
    (
        frozenset({Permission.USER_EDIT, Permission.POSTING_EDIT, Permission.AUDIT_VIEW}),
        "角色权限表",
        "system:permission_table",
        "table",
    ),
    (frozenset({Permission.AUDIT_VIEW}), "审计记录", "audit_list", "report-analytics"),
)


def administration_menu(actor: Actor) -> Iterator[MenuEntry]:
    """What the system, security and audit administrators may open."""
    for permissions, label, route, icon in _ENTRIES:
        if any(actor.can(permission) for permission in permissions):
            yield MenuEntry(label=label, url=reverse(route), icon=icon, group=GROUP)


def administration_todos(actor: Actor) -> Iterator[TodoItem]:
    """Locked accounts, for who may unlock them."""
    if actor.can(Permission.SECURITY_EDIT) and not actor.is_system:
        yield TodoItem(
            label="锁定中的账号",
            url=f"{reverse('system:user_list')}?view=locked",
            count=locked_count(actor),
            hint="连续5次登录失败会锁定15分钟",
        )
