"""Computing open deadlines anew after the work calendar changed, and telling those concerned.

Every deadline knows by which version of the calendar it was computed, so the work left is a query: open
deadlines with an older version. That makes the work resumable and repeatable, and finds a deadline that
was opened in a transaction that had read the old table: it commits with the old version, and the next
run, at the latest the next scan for reminders, takes it up.
"""

from __future__ import annotations

import datetime as dt
from importlib.metadata import version as release_of
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from liaison.actor import Actor, ActorKind
from liaison.dates import cn_date
from liaison.models import CalendarState, Deadline
from liaison.models.notice import NoticeKind
from liaison.registry import registry
from liaison.selectors.calendar import work_calendar
from liaison.selectors.deadline import kind_of
from liaison.selectors.holiday import calendar_state
from liaison.selectors.people import people_by_organisation
from liaison.selectors.subject import SubjectLine, subject_lines
from liaison.services.deadline import deadlines_recompute
from liaison.services.notice import Message, notify_each, wake_delivery

if TYPE_CHECKING:
    from liaison.calendar import WorkCalendar

BATCH = 200
LIBRARY = "chinesecalendar"


def deadlines_catch_up() -> int:
    """Bring every open deadline to the present calendar; how many of them moved.

    Each batch is one transaction: new dates, their history and the notices go together, so each person is
    told once. Rows that somebody is just changing are left for the next run.
    """
    note_library()
    moved = 0
    while True:
        with transaction.atomic(durable=True):
            calendar = work_calendar()
            batch = list(
                Deadline.objects.unscoped(reason="the calendar concerns everybody")
                .open()
                .filter(calendar_version__lt=calendar.version)
                .select_for_update(of=("self",), skip_locked=True, no_key=True)
                .select_related("holder_user")
                .order_by("id")[:BATCH]
            )
            if not batch:
                break
            moved += _recompute(batch, calendar)
    if moved:
        wake_delivery()
    return moved


@transaction.atomic
def note_library(release: str | None = None) -> bool:
    """Whether the packaged calendar is another release than the deadlines were computed by; then all are due.

    Args:
        release: the installed release when omitted.
    """
    release = release or release_of(LIBRARY)
    if CalendarState.objects.filter(pk=CalendarState.ONLY, library=release).exists():
        return False
    CalendarState.objects.get_or_create(pk=CalendarState.ONLY)
    state = CalendarState.objects.select_for_update().get(pk=CalendarState.ONLY)
    is_new = bool(state.library) and state.library != release
    state.library = release
    if is_new:
        state.version += 1
        state.reason = f"内置节假日数据更新至{release}"
        state.changed_by = None
        state.changed_at = timezone.now()
    state.save()
    return is_new


def _recompute(batch: list[Deadline], calendar: WorkCalendar) -> int:
    actor, reason = _whose_change(calendar)
    moved = deadlines_recompute(actor=actor, deadlines=batch, calendar=calendar, reason=reason)
    if not moved:
        return 0
    for deadline, _ in moved:
        for told in registry.deadline_recomputed:
            told(deadline)
    notify_each(_messages(moved, reason), wake=False)
    return len(moved)


def _whose_change(calendar: WorkCalendar) -> tuple[Actor, str]:
    """In whose name the dates move: of the person who changed the table last."""
    state = calendar_state()
    person = state.changed_by
    actor = Actor(
        kind=ActorKind.SYSTEM,
        key="system",
        user_id=person.pk if person else None,
        name=person.name if person else "系统",
        label="工作日历",
    )
    return actor, f"工作日历更新：{state.reason}" if state.reason else "工作日历更新"


def _messages(moved: list[tuple[Deadline, dt.date]], reason: str) -> list[Message]:
    """One message a deadline and person: the holder's people and the supervising office's."""
    organisations = {deadline.holder_id for deadline, _ in moved} | {deadline.supervisor_id for deadline, _ in moved}
    people = people_by_organisation({pk for pk in organisations if pk is not None})
    lines = subject_lines(deadline for deadline, _ in moved)
    messages = []
    for deadline, old in moved:
        recipients = {
            person.pk: person
            for organisation_id in (deadline.holder_id, deadline.supervisor_id)
            for person in people.get(organisation_id or 0, [])
        }
        if deadline.holder_user is not None and deadline.holder_user.is_active:
            recipients[deadline.holder_user.pk] = deadline.holder_user
        label, line = kind_of(deadline.kind).label, lines.get(deadline.pk, SubjectLine("", ""))
        head = f"期限变更：{label}由{_day(old)}改为{_day(deadline.due_on)}"
        body = (
            f"{reason}。“{label}”的到期日由{cn_date(old)}改为{cn_date(deadline.due_on)}24时"
            f"{'（暂定，当年放假通知尚未公布）' if deadline.provisional else ''}。提醒按新的日期发出。"
        )
        messages += [
            Message(
                recipient=person,
                kind=NoticeKind.DEADLINE,
                title=f"{head}——{line.title}" if line.title else head,
                body=body,
                url=line.url,
            )
            for person in recipients.values()
        ]
    return messages


def _day(day: dt.date) -> str:
    return f"{day.month}月{day.day}日"
