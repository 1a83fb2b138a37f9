"""Changing the work calendar: each change takes the one lock, raises the version, and has deadlines computed anew."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from liaison.calendar import FIRST_YEAR, LAST_YEAR
from liaison.dates import cn_date
from liaison.exceptions import InvalidInput, NotFound, StaleVersion
from liaison.holidayfile import MOST_NAME, MalformedFile, notice_url_problem, read_holidays
from liaison.models import CalendarState, Holiday, HolidayYear
from liaison.permissions import Permission
from liaison.queue import enqueue_on_commit
from liaison.selectors.holiday import import_preview
from liaison.services.audit import record_audit

if TYPE_CHECKING:
    from liaison.actor import Actor

RECOMPUTE_TASK = "liaison.tasks.recompute_deadlines"


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did; ``years`` are now published."""

    new: int
    changed: int
    same: int
    years: tuple[int, ...]


@transaction.atomic
def holiday_add(*, actor: Actor, date: dt.date, name: str, is_off: bool, source_url: str) -> Holiday:
    """Add a correction: a day off, or a working day.

    Args:
        source_url: the official notice it rests on.

    Raises:
        NotAllowed: without the permission.
        InvalidInput: a value is wrong, or the day has a row already.
    """
    actor.require(Permission.CALENDAR_EDIT)
    state = lock_calendar()
    holiday = Holiday(date=date, **_clean(name, source_url), is_off=is_off)
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        raise InvalidInput("日期不在范围内。", fields={"date": f"请填写{FIRST_YEAR}年至{LAST_YEAR}年的日期。"})
    if known := Holiday.objects.filter(date=date).first():
        text = f"{cn_date(date)}已经登记为“{known.name}{known.word}”，请在列表中修改那一条。"
        raise InvalidInput(text, fields={"date": text})
    holiday.save(force_insert=True)
    _changed(state, actor, f"新增{holiday}")
    record_audit(actor=actor, action="holiday.add", target=holiday, detail=_detail(holiday))
    return holiday


@transaction.atomic
def holiday_edit(
    *, actor: Actor, day: dt.date, name: str, is_off: bool, source_url: str, version: int | None = None
) -> Holiday:
    """Correct a row.

    Args:
        version: the version of the calendar that the page showed; None when that does not matter.

    Raises:
        NotAllowed, NotFound: without the permission; no row for that day.
        StaleVersion: somebody changed the calendar in between.
        InvalidInput: a value is wrong.
    """
    actor.require(Permission.CALENDAR_EDIT)
    state = lock_calendar(version)
    holiday = _row(day)
    old = _detail(holiday)
    for field, value in (_clean(name, source_url) | {"is_off": is_off}).items():
        setattr(holiday, field, value)
    if _detail(holiday) == old:
        return holiday
    holiday.save(update_fields=["name", "is_off", "source_url"])
    _changed(state, actor, f"修改{holiday}")
    record_audit(
        actor=actor,
        action="holiday.edit",
        target=holiday,
        detail={"old": old, "new": _detail(holiday)},
    )
    return holiday


@transaction.atomic
def holiday_remove(*, actor: Actor, day: dt.date, version: int | None = None) -> None:
    """Take a row out: the packaged calendar decides that day again.

    Raises:
        NotAllowed, NotFound, StaleVersion: as for ``holiday_edit``.
    """
    actor.require(Permission.CALENDAR_EDIT)
    state = lock_calendar(version)
    holiday = _row(day)
    text = str(holiday)
    record_audit(actor=actor, action="holiday.remove", target=holiday, detail=_detail(holiday))
    holiday.delete()
    _changed(state, actor, f"删除{text}")


@transaction.atomic
def holidays_import(*, actor: Actor, data: bytes, version: int | None = None) -> ImportResult:
    """Enter the notice of a year (or several) from a file, all or nothing. Repeating it changes nothing.

    Rows of the table that the file does not name stay as they are.

    Args:
        data: the file, in the format of ``liaison.holidayfile``.
        version: the version of the calendar that the preview showed.

    Raises:
        NotAllowed: without the permission.
        InvalidInput: the file is malformed; ``fields["file"]`` names the lines.
        StaleVersion: somebody changed the calendar since the preview.
    """
    actor.require(Permission.CALENDAR_EDIT)
    try:
        lines = read_holidays(data)
    except MalformedFile as error:
        raise InvalidInput("文件没有导入。", fields={"file": "；".join(error.messages)}) from error
    state = lock_calendar(version)
    preview = import_preview(lines)
    Holiday.objects.bulk_create(
        [
            Holiday(date=line.date, name=line.name, is_off=line.is_off, source_url=line.source_url)
            for line in (entry.line for entry in preview.lines if entry.change != "same")
        ],
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=["name", "is_off", "source_url"],
    )
    papers = {line.year: line.source_url for line in lines}
    published = dict(HolidayYear.objects.filter(pk__in=papers).values_list("year", "source_url"))
    result = ImportResult(new=preview.new, changed=preview.changed, same=preview.same, years=tuple(preview.years))
    if papers == published and not (result.new or result.changed):
        return result
    HolidayYear.objects.bulk_create(
        [HolidayYear(year=year, source_url=url, imported_at=timezone.now()) for year, url in papers.items()],
        update_conflicts=True,
        unique_fields=["year"],
        update_fields=["source_url", "imported_at"],
    )
    title = f"{'、'.join(f'{year}年' for year in result.years)}放假通知"
    _changed(state, actor, f"录入{title}"[:200])
    record_audit(
        actor=actor,
        action="holiday.import",
        title=title,
        detail={"new": result.new, "changed": result.changed, "same": result.same, "years": list(result.years)},
    )
    return result


def lock_calendar(version: int | None = None) -> CalendarState:
    """The state, locked: changes of the calendar come one after the other.

    Raises:
        StaleVersion: it is no longer the ``version`` that a page showed.
    """
    CalendarState.objects.get_or_create(pk=CalendarState.ONLY)
    state = CalendarState.objects.select_for_update().get(pk=CalendarState.ONLY)
    if version is not None and state.version != version:
        what = f"（{state.reason}）" if state.reason else ""
        raise StaleVersion(f"您打开页面之后，工作日历已有改动{what}。请核对后再提交，您填写的内容仍在下方。")
    return state


def _changed(state: CalendarState, actor: Actor, reason: str) -> None:
    state.version += 1
    state.reason = reason
    state.changed_by_id = actor.user_id
    state.changed_at = timezone.now()
    state.save(update_fields=["version", "reason", "changed_by", "changed_at"])
    enqueue_on_commit(RECOMPUTE_TASK)


def _row(day: dt.date) -> Holiday:
    holiday = Holiday.objects.filter(date=day).first()
    if holiday is None:
        raise NotFound
    return holiday


def _clean(name: str, source_url: str) -> dict[str, str]:
    name, source_url = name.strip(), source_url.strip()
    fields = {}
    if not 1 <= len(name) <= MOST_NAME:
        fields["name"] = f"请填写1至{MOST_NAME}个字的名称。"
    if problem := notice_url_problem(source_url):
        fields["source_url"] = f"{problem}。"
    if fields:
        raise InvalidInput("有内容需要更正。", fields=fields)
    return {"name": name, "source_url": source_url}


def _detail(holiday: Holiday) -> dict[str, object]:
    return {
        "date": holiday.date.isoformat(),
        "name": holiday.name,
        "is_off": holiday.is_off,
        "source_url": holiday.source_url,
    }
