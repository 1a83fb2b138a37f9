"""Reception days (接待日): put on the rota, one or a whole series, and cancelled; deputies are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deputies.models import Mandate, RotaAttendance, RotaDay, RotaDuty, Station
from deputies.models.station import time_range
from deputies.selectors.rota import eligible_mandates
from deputies.services.checks import integrity_as_input, require_fresh, require_text
from liaison.exceptions import DomainError, InvalidInput, NotFound
from liaison.models import User
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.services.audit import record_audit
from liaison.services.notice import notify

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable
    from uuid import UUID

    from liaison.actor import Actor
    from liaison.models.base import ScopedQuerySet

#: Most days that are put on the rota at once.
MOST_DAYS = 60
MINE = "/stations/mine/"


@transaction.atomic
def rota_add(
    *,
    actor: Actor,
    station_id: UUID | str,
    dates: Collection[dt.date],
    starts_at: dt.time,
    ends_at: dt.time,
    mandate_ids: Collection[UUID | str],
    note: str = "",
) -> list[RotaDay]:
    """Put reception days on a station's rota, all or none; the deputies are told once for all of them.

    Args:
        dates: from today on, at most ``MOST_DAYS``.
        mandate_ids: public ids of deputies placed in the station (of the whole region for an online general one).

    Raises:
        NotFound, NotAllowed: as elsewhere.
        DomainError: the station is closed.
        InvalidInput: hours, days or deputies that cannot be; a day that already has a reception at that hour.
    """
    station = _lock(actor, station_id)
    days = sorted(set(dates))
    _check(station, days, starts_at, ends_at)
    mandates = _receivers(station, mandate_ids)
    with integrity_as_input():
        made = RotaDay.objects.bulk_create(
            RotaDay(station=station, on=day, starts_at=starts_at, ends_at=ends_at, note=note.strip()) for day in days
        )
        RotaDuty.objects.bulk_create(RotaDuty(rota_day=day, mandate=mandate) for day in made for mandate in mandates)
    hours = time_range(starts_at, ends_at)
    detail = {
        "days": [day.isoformat() for day in days],
        "hours": hours,
        "deputies": [mandate.person.name for mandate in mandates],
    }
    record_audit(actor=actor, action="rota.add", target=station, detail=detail, region_prefix=station.region_prefix)
    shown = "、".join(f"{day.month}月{day.day}日" for day in days[:5]) + (f"等{len(days)}天" if len(days) > 5 else "")
    tell_deputies(
        actor=actor,
        mandate_ids=[mandate.pk for mandate in mandates],
        title=f"请您到{station.name}接待群众：{shown}{hours}",
        body=note.strip(),
    )
    return made


@transaction.atomic
def rota_edit(
    *,
    actor: Actor,
    rota_id: UUID | str,
    on: dt.date,
    starts_at: dt.time,
    ends_at: dt.time,
    mandate_ids: Collection[UUID | str],
    note: str = "",
    version: str = "",
) -> RotaDay:
    """Move one reception day, or change its deputies; whom it concerns is told, each what is new for them.

    Args:
        version: of the day as the form showed it (``version_of``).

    Raises:
        NotFound, NotAllowed: as elsewhere.
        StaleVersion: somebody changed it meanwhile.
        DomainError: it is cancelled or past, or the station is closed.
        InvalidInput: as in ``rota_add``.
    """
    found = RotaDay.objects.visible_to(actor).filter(public_id=rota_id).values_list("station__public_id", flat=True)
    if not found:
        raise NotFound
    station = _lock(actor, found[0])  # before the day, as who closes a station does
    day = _lock_day(actor, rota_id, "修改")
    require_fresh(day.updated_at, version)
    if RotaAttendance.objects.unscoped(reason="the day was found in scope").filter(rota_day=day).exists():
        raise DomainError("这个接待日已经登记了到站情况，不能再改。", code="rota_attended")
    _check(station, [on], starts_at, ends_at, but=day)
    mandates = _receivers(station, mandate_ids)
    before = {duty.mandate.person_id: duty.mandate for duty in day.duties.select_related("mandate__person")}
    after = {mandate.person_id: mandate for mandate in mandates}
    old = (_when(day), day.note)
    day.on, day.starts_at, day.ends_at, day.note = on, starts_at, ends_at, note.strip()
    with integrity_as_input():
        day.save(update_fields=["on", "starts_at", "ends_at", "note", "updated_at"])
        day.duties.filter(mandate__person_id__in=before.keys() - after.keys()).delete()
        added = [after[person] for person in after.keys() - before.keys()]
        RotaDuty.objects.bulk_create(RotaDuty(rota_day=day, mandate=mandate) for mandate in added)
    when = _when(day)
    names = [[mandate.person.name for mandate in all_of.values()] for all_of in (before, after)]
    detail = {"days": [old[0], when], "deputies": ["、".join(sorted(group)) for group in names]}
    record_audit(actor=actor, action="rota.edit", target=day, detail=detail, region_prefix=station.region_prefix)
    body = day.note
    stay, gone = after.keys() & before.keys(), before.keys() - after.keys()
    _tell(actor, added, f"请您到{station.name}接待群众：{when}", body)
    _tell(actor, [before[person] for person in gone], f"{station.name}{old[0]}的接待，改由其他代表接待")
    if old != (when, day.note):
        _tell(actor, [before[one] for one in stay], f"{station.name}{old[0]}的接待有变化：{when}", body)
    return day


def _when(day: RotaDay) -> str:
    return f"{day.on.month}月{day.on.day}日{day.hours}"


def _tell(actor: Actor, mandates: Collection[Mandate], title: str, body: str = "") -> None:
    if mandates:
        tell_deputies(actor=actor, mandate_ids=[mandate.pk for mandate in mandates], title=title, body=body)


def _lock_day(actor: Actor, rota_id: UUID | str, act: str) -> RotaDay:
    """A day that may still be changed, locked."""
    found = RotaDay.objects.visible_to(actor).select_for_update(of=("self",)).select_related("station")
    day = found.filter(public_id=rota_id).first()
    if day is None:
        raise NotFound
    actor.require(Permission.STATION_EDIT)
    if day.cancelled_at is not None:
        raise DomainError("这个接待日已经取消。", code="rota_cancelled")
    if day.on < timezone.localdate():
        raise DomainError(f"这个接待日已经过去，不能{act}。", code="rota_past")
    return day


@transaction.atomic
def rota_cancel(*, actor: Actor, rota_id: UUID | str, reason: str) -> RotaDay:
    """Cancel one reception day; its deputies are told.

    Raises:
        NotFound, NotAllowed: as elsewhere.
        InvalidInput: no reason.
        DomainError: it is cancelled already, or past.
    """
    day = _lock_day(actor, rota_id, "取消")
    day.cancel_reason = require_text(reason, field="reason", message="请填写取消的原因。")
    day.cancelled_at = timezone.now()
    day.save(update_fields=["cancelled_at", "cancel_reason", "updated_at"])
    record_audit(
        actor=actor,
        action="rota.cancel",
        target=day,
        detail={"reason": day.cancel_reason},
        region_prefix=day.station.region_prefix,
    )
    tell_deputies(
        actor=actor,
        mandate_ids=day.duties.values_list("mandate_id", flat=True),
        title=f"{day.station.name}{day.on.month}月{day.on.day}日{day.hours}的接待已取消",
        body=f"原因：{day.cancel_reason}",
    )
    return day


def coming_days(station: Station) -> ScopedQuerySet[RotaDay]:
    """The station's reception days from today on that stand."""
    days = RotaDay.objects.unscoped(reason="a station's own days").standing()
    return days.filter(station=station, on__gte=timezone.localdate())


def duties_drop(station: Station, mandate_id: int) -> int:
    """Take a deputy who leaves the station off its days to come; returns how many days."""
    duties = RotaDuty.objects.filter(rota_day__in=coming_days(station), mandate_id=mandate_id)
    return duties.delete()[0]


def tell_deputies(*, actor: Actor, mandate_ids: Iterable[int], title: str, body: str = "") -> None:
    """A notice to the deputies behind these mandates who have an account."""
    holders = Mandate.objects.unscoped(reason="whom to tell is no reader's choice").filter(pk__in=list(mandate_ids))
    users = User.objects.filter(person__in=holders.values("person_id"), is_active=True)
    notify(recipients=users, kind=NoticeKind.TASK, title=title, body=body, url=MINE, except_user_id=actor.user_id)


def _lock(actor: Actor, station_id: UUID | str) -> Station:
    found = Station.objects.visible_to(actor).select_for_update(of=("self",)).filter(public_id=station_id).first()
    if found is None:
        raise NotFound
    actor.require(Permission.STATION_EDIT)
    if not found.is_open:
        raise DomainError("这个联络站已撤销，不能再排接待日。", code="station_closed")
    return found


def _receivers(station: Station, mandate_ids: Collection[UUID | str]) -> list[Mandate]:
    """The chosen deputies, each person once."""
    mandates = list(eligible_mandates(station).filter(public_id__in=mandate_ids))
    if not mandates or len(mandates) != len({str(public_id) for public_id in mandate_ids}):
        message = "请选择本站在任的代表。" if mandates else "请至少选择一名接待代表。"
        raise InvalidInput(message, fields={"mandates": message})
    return list({mandate.person_id: mandate for mandate in mandates}.values())


def _check(
    station: Station, days: list[dt.date], starts_at: dt.time, ends_at: dt.time, *, but: RotaDay | None = None
) -> None:
    if ends_at <= starts_at:
        message = "结束时间要晚于开始时间。"
        raise InvalidInput(message, fields={"ends_at": message})
    if not days:
        raise InvalidInput("没有选中任何一天，请至少勾选一天。", fields={"on": "没有选中任何一天。"})
    if len(days) > MOST_DAYS:
        raise InvalidInput(f"一次最多排{MOST_DAYS}天，请缩短期间。", fields={"until": f"一次最多排{MOST_DAYS}天。"})
    if days[0] < timezone.localdate():
        message = "接待日不能早于今天。"
        raise InvalidInput(message, fields={"on": message})
    taken = coming_days(station).filter(on__in=days, starts_at__lt=ends_at, ends_at__gt=starts_at)
    if but is not None:
        taken = taken.exclude(pk=but.pk)
    if clash := taken.order_by("on").first():
        message = f"{clash.on.month}月{clash.on.day}日{clash.hours}已经排了接待，请取消勾选或先取消原安排。"
        raise InvalidInput(message, fields={"on": message})
