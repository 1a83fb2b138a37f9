"""What the kernel registers for itself: staff capacities, audit wording, its menu."""

from __future__ import annotations

from liaison import calendar_registrations
from liaison.audit_labels import ACTION_LABELS, DETAIL_LABELS, VALUE_LABELS
from liaison.home import home_menu
from liaison.menu import administration_menu, administration_todos
from liaison.registry import registry
from liaison.selectors.actors import staff_capacities


def register() -> None:
    """Called once by ``LiaisonConfig.ready()``."""
    registry.demos.append("liaison.demo.load")
    registry.capacities.append(staff_capacities)
    registry.menus.append(home_menu)
    registry.menus.append(calendar_registrations.calendar_menu)
    registry.menus.append(administration_menu)
    registry.menus.append(calendar_registrations.reminder_menu)
    calendar_registrations.register()
    registry.todos.append(administration_todos)
    registry.add_audit_labels(ACTION_LABELS)
    registry.add_audit_details(DETAIL_LABELS, VALUE_LABELS)
    registry.add_audit_labels(
        {
            "attachment.add": "上传附件",
            "attachment.remove": "移除附件",
            "region.load": "导入行政区划",
            "job.start": "发起后台任务",
        }
    )
