"""What duty files tell the kernel: menu, 我的待办, jobs, the clock of contests, subjects, audit wording, the demo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from deputies.menu_groups import DUTY
from deputies.models import DutyContest, DutyYear, SessionRoll
from deputies.selectors.duty_contest import open_contests
from deputies.selectors.rota_attendance import days_to_record
from deputies.selectors.session_attendance import flagged_mandates
from deputies.services.duty_contest import CONTEST_DEADLINE
from deputies.services.duty_export import FILE_JOB, FILES_JOB
from liaison.permissions import Permission
from liaison.registry import DeadlineKind, MenuEntry, SubjectType, TodoItem, registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison.actor import Actor

AUDIT_LABELS = {
    "session.roll": "登记会议出席情况",
    "rota.attend": "登记到站代表",
    "duty.check": "核对履职记录",
    "duty.export": "导出履职档案",
    "duty_contest.open": "提出履职记录异议、补报",
    "duty_contest.accept": "采纳履职记录异议、补报",
    "duty_contest.refuse": "不予采纳履职记录异议、补报",
    "duty_contest.withdraw": "撤回履职记录异议、补报",
    "duty_year.close": "履职年度归档",
}
DETAIL_LABELS = {
    "attendance": "出席情况",
    "people": "接待群众人数",
    "entries": "记录条数",
    "period": "期间",
    "content": "内容",
    "sha256": "校验值",
    "year": "年度",
}


def register() -> None:
    """Called by ``deputies.registrations.register()``."""
    registry.menus.append(menu)
    registry.todos.append(todos)
    registry.jobs[FILE_JOB] = "deputies.tasks.write_duty_file"
    registry.jobs[FILES_JOB] = "deputies.tasks.write_duty_files"
    registry.demos_last.append("deputies.demo_duty.load")
    registry.add_audit_labels(AUDIT_LABELS)
    registry.add_audit_details(
        {name: label for name, label in DETAIL_LABELS.items() if name not in registry.audit_details}
    )
    registry.add_deadline_kind(
        DeadlineKind(
            CONTEST_DEADLINE,
            "处理履职记录异议",
            "代表对履职记录提出异议或者补报后，10个工作日内核对并答复代表。",
            thresholds=(5, 1, 0),
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="deputies.DutyContest",
            label="履职记录异议",
            visible=DutyContest.objects.visible_to,
            title=str,
            url=DutyContest.get_absolute_url,
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="deputies.DutyYear",
            label="履职年度归档",
            visible=DutyYear.objects.visible_to,
            title=str,
            url=DutyYear.get_absolute_url,
            related=("congress",),
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="deputies.SessionRoll",
            label="会议出席登记",
            visible=SessionRoll.objects.visible_to,
            title=str,
            url=lambda roll: reverse("duty:roll", args=[roll.session.congress.public_id, roll.session_id]),
            related=("session__congress",),
        )
    )


def menu(actor: Actor) -> Iterator[MenuEntry]:
    """The files for staff; a deputy's own for deputies."""
    if not actor.can(Permission.DUTY_VIEW):
        return
    if actor.is_congress:
        yield MenuEntry("履职档案", reverse("duty:list"), "id-badge-2", group=DUTY)
    elif actor.is_deputy:
        yield MenuEntry("我的履职档案", reverse("duty:mine"), "id-badge-2", group=DUTY)


def todos(actor: Actor) -> Iterator[TodoItem]:
    """Contests, absences and reception days that wait for staff."""
    if not actor.is_congress:
        return
    if actor.can(Permission.DUTY_CHECK):
        if count := open_contests(actor).count():
            hint = "代表对履职记录的异议和补报，10个工作日内答复"
            yield TodoItem("待处理的履职异议、补报", reverse("duty:contests"), count, hint=hint)
        if count := flagged_mandates(actor).count():
            hint = "代表法第六十二条第（三）项，只作提示"
            yield TodoItem("两次未经批准缺席会议的代表", reverse("duty:absences"), count, hint=hint)
    if actor.can(Permission.STATION_EDIT) and (count := days_to_record(actor).count()):
        yield TodoItem("待登记到站的接待日", reverse("stations:list"), count, hint="登记谁到站、接待了多少群众")
