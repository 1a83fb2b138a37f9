"""What the work calendar and the reminders tell the shell: menu lines, audit wording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from liaison.permissions import Permission
from liaison.registry import MenuEntry, registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison.actor import Actor


def register() -> None:
    """Called once by ``liaison.registrations``, which also puts the menu lines in their places."""
    registry.add_audit_labels(
        {
            "holiday.add": "登记休息日或上班日",
            "holiday.edit": "修改登记的日子",
            "holiday.remove": "删除登记的日子",
            "holiday.import": "导入全年放假通知",
            "reminder_rule.edit": "修改提醒规则",
            "reminder_rule.reset": "恢复默认提醒规则",
        }
    )
    registry.add_audit_details(
        {
            "date": "日期",
            "is_off": "休息",
            "source_url": "通知网址",
            "years": "年份",
            "changed": "更改",
            "same": "相同",
        }
    )


def calendar_menu(actor: Actor) -> Iterator[MenuEntry]:
    """The calendar, for all who work with deadlines in an office."""
    if actor.organisation_id is not None:
        yield MenuEntry("工作日历", reverse("calendar"), "calendar")


def reminder_menu(actor: Actor) -> Iterator[MenuEntry]:
    """The rules, for who may set them."""
    if actor.can(Permission.REMINDER_EDIT):
        yield MenuEntry("提醒规则", reverse("reminder_rules"), "clock", group="系统管理")
