"""Liaison stations (代表联络站): set up, corrected, shown to the public, closed; their opening hours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Value
from django.utils import timezone

from deputies.models import DeputyGroup, OpeningHours, Placement, Station, StationKind, Weekday
from deputies.models.congress import office_above
from deputies.models.station import LATITUDES, LONGITUDES, time_range
from deputies.selectors.station import CLOSED
from deputies.services.checks import clean_model, integrity_as_input, require_fresh, require_text
from deputies.services.rota import coming_days, tell_deputies
from deputies.services.tracking import acting
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.models import Organisation, Region
from liaison.permissions import Permission
from liaison.search import bigrams
from liaison.services.audit import record_audit

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from decimal import Decimal
    from uuid import UUID

    from liaison.actor import Actor

    Hours = tuple[int, dt.time, dt.time]

#: What of a station may be changed later; region and kind stay, placements hang on them.
FIELDS = ("name", "address", "longitude", "latitude", "phone", "introduction", "opened_on")
#: How often a station may open on one day.
MOST_A_DAY = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class StationFacts:
    """What may be typed about a station.

    Args:
        longitude, latitude: degrees as a Chinese map shows them (GCJ-02); both or neither.
        phone: shown to the public.
    """

    name: str
    opened_on: dt.date
    address: str = ""
    longitude: Decimal | None = None
    latitude: Decimal | None = None
    phone: str = ""
    introduction: str = ""


@transaction.atomic
def station_create(*, actor: Actor, region_code: str, kind: str, facts: StationFacts) -> Station:
    """Set up a station (设立联络站), not yet shown to the public. The nearest congress office keeps it: that of
    the region itself, else of the one above.

    Raises:
        NotAllowed: the role may not, or the region lies outside the actor's subtree.
        InvalidInput: with messages by field; a second online general station of a region.
    """
    actor.require(Permission.STATION_EDIT)
    region = region_within(actor, region_code)
    station = Station(region=region, region_prefix=region.prefix, office=office_near(region), kind=kind)
    _fill(station, facts)
    with acting(actor), integrity_as_input():
        station.save()
    _index(station)
    record_audit(actor=actor, action="station.create", target=station, region_prefix=station.region_prefix)
    return station


@transaction.atomic
def station_edit(*, actor: Actor, station_id: UUID | str, facts: StationFacts, version: str = "") -> Station:
    """Correct a station; region and kind stay.

    Raises:
        NotFound, NotAllowed, StaleVersion, InvalidInput: as elsewhere.
        DomainError: it is closed.
    """
    station = lock_station(actor, station_id)
    require_fresh(station.updated_at, version)
    before = _told(station)
    _fill(station, facts)
    with acting(actor), integrity_as_input():
        station.save(update_fields=[*FIELDS, "updated_at"])
    _index(station)
    _audit(actor, "station.edit", station, before, _told(station))
    return station


@transaction.atomic
def station_publish(*, actor: Actor, station_id: UUID | str, is_published: bool) -> Station:
    """Show a station to the public, or take it back. Saying what is so already changes nothing."""
    station = lock_station(actor, station_id)
    if station.is_published != is_published:
        station.is_published = is_published
        with acting(actor):
            station.save(update_fields=["is_published", "updated_at"])
        action = "station.publish" if is_published else "station.unpublish"
        record_audit(actor=actor, action=action, target=station, region_prefix=station.region_prefix)
    return station


@transaction.atomic
def station_close(*, actor: Actor, station_id: UUID | str, reason: str) -> Station:
    """Close a station (撤销) from today: placements end, reception days to come are cancelled, groups lose it as
    their place, and the deputies concerned are told.

    Raises:
        NotFound, NotAllowed: as elsewhere.
        InvalidInput: no reason.
        DomainError: it is closed already.
    """
    station = lock_station(actor, station_id)
    reason = require_text(reason, field="reason", message="请填写撤销的原因。")
    today = timezone.localdate()
    days = coming_days(station)
    placed = Placement.objects.unscoped(reason="a station's own placements").filter(station=station, ended_on=None)
    concerned = {*placed.values_list("mandate_id", flat=True), *days.values_list("mandates", flat=True)} - {None}
    with acting(actor):
        counts = {
            "placements": placed.update(ended_on=today, end_reason="联络站撤销", updated_at=timezone.now()),
            "rota_days": days.update(
                cancelled_at=timezone.now(), cancel_reason="联络站撤销", updated_at=timezone.now()
            ),
        }
        DeputyGroup.objects.unscoped(reason="groups that met there").filter(station=station).update(station=None)
        station.is_published, station.closed_on, station.close_reason = False, today, reason
        clean_model(station, exclude=["region", "office"])
        station.save(update_fields=["is_published", "closed_on", "close_reason", "updated_at"])
    detail = {"reason": reason, **counts}
    record_audit(
        actor=actor, action="station.close", target=station, detail=detail, region_prefix=station.region_prefix
    )
    title = f"{station.name}已撤销，您在该站的编入和之后的接待安排随之结束"
    tell_deputies(actor=actor, mandate_ids=concerned, title=title, body=f"原因：{reason}")
    return station


@transaction.atomic
def station_hours_save(*, actor: Actor, station_id: UUID | str, hours: Sequence[Hours], version: str = "") -> Station:
    """Set the opening hours of the week, all together.

    Args:
        hours: (weekday 1–7, from, until); none at all for a station that is open on reception days only.

    Raises:
        NotFound, NotAllowed, StaleVersion: as elsewhere.
        InvalidInput: an end before its start, hours that overlap, too many on one day.
    """
    station = lock_station(actor, station_id)
    require_fresh(station.updated_at, version)
    wanted = sorted(set(hours))
    _check_hours(wanted)
    before = hours_words([(row.weekday, row.starts_at, row.ends_at) for row in station.hours.all()])
    if before == hours_words(wanted):
        return station
    station.hours.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(station=station, weekday=day, starts_at=start, ends_at=end) for day, start, end in wanted
    )
    with acting(actor):
        station.save(update_fields=["updated_at"])
    _audit(actor, "station.hours", station, {"hours": before}, {"hours": hours_words(wanted)})
    return station


def hours_words(hours: Sequence[Hours]) -> str:
    """周一09:00至11:30、周三14:30至17:00."""
    return "、".join(f"{Weekday(day).label}{time_range(start, end)}" for day, start, end in hours)


def lock_station(actor: Actor, public_id: UUID | str, *, closed: bool = False) -> Station:
    """The station, locked for the rest of the transaction, by somebody who may keep it.

    Args:
        closed: whether a closed one will do.

    Raises:
        NotFound: no such station, or not visible to the actor.
        NotAllowed: the role may not.
        DomainError: it is closed.
    """
    found = Station.objects.visible_to(actor).select_for_update(of=("self",)).select_related("region")
    station = found.filter(public_id=public_id).first()
    if station is None:
        raise NotFound
    actor.require(Permission.STATION_EDIT)
    if not station.is_open and not closed:
        raise DomainError(CLOSED, code="station_closed")
    return station


def region_within(actor: Actor, code: str) -> Region:
    """A region of the actor's subtree.

    Raises:
        InvalidInput: no such region.
        NotAllowed: outside the subtree.
    """
    region = Region.objects.visible_to(actor).filter(code=code).first()
    if region is None:
        raise InvalidInput("没有这个区划。", fields={"region": "没有这个区划，请重新选择。"})
    if not region.prefix.startswith(actor.region_prefix):
        raise NotAllowed("只能在本地及以下设立。")
    return region


def office_near(region: Region) -> Organisation:
    """The congress office that keeps what is in this region: its own, else the nearest above.

    Raises:
        InvalidInput: there is none as far up as the province.
    """
    found = office_above(region.prefix)
    if found is None:
        raise InvalidInput("这个地方还没有登记人大工作机构，请先登记机构。")
    return found


def _fill(station: Station, facts: StationFacts) -> None:
    station.name = require_text(facts.name, field="name", message="请填写名称。")
    station.address = facts.address.strip()
    station.longitude, station.latitude = facts.longitude, facts.latitude
    station.phone, station.introduction = facts.phone.strip(), facts.introduction.strip()
    station.opened_on = facts.opened_on
    wrong: dict[str, str] = {}
    if station.kind != StationKind.ONLINE and not station.address:
        wrong["address"] = "请填写地址，群众按地址找到这里。"
    if (facts.longitude is None) != (facts.latitude is None):
        wrong["latitude" if facts.latitude is None else "longitude"] = "经度和纬度要一起填写，或者都不填。"
    wrong |= {
        field: f"{name}应在{low}到{high}之间，请核对经度和纬度是否填反。"
        for field, name, value, (low, high) in (
            ("longitude", "经度", facts.longitude, LONGITUDES),
            ("latitude", "纬度", facts.latitude, LATITUDES),
        )
        if value is not None and not low <= value <= high
    }
    if facts.opened_on > timezone.localdate():
        wrong["opened_on"] = "设立日期不能晚于今天；可以先登记，到那一天再向社会公开。"
    if wrong:
        raise InvalidInput("有内容需要更正。", fields=wrong)
    clean_model(station, exclude=["region", "office"])


def _check_hours(hours: Sequence[Hours]) -> None:
    for place, (day, start, end) in enumerate(hours):
        name = Weekday(day).label
        if end <= start:
            raise InvalidInput(f"{name}{time_range(start, end)}：结束时间要晚于开始时间。")
        if place and hours[place - 1][0] == day and hours[place - 1][2] > start:
            raise InvalidInput(f"{name}的两段开放时间重叠，请合并或错开。")
        if sum(other[0] == day for other in hours) > MOST_A_DAY:
            raise InvalidInput(f"{name}最多分{MOST_A_DAY}段。")


def _index(station: Station) -> None:
    """Found by name, by address and by the full name of its place."""
    vector = SearchVector(Value(bigrams(station.name)), weight="A", config="simple") + SearchVector(
        Value(bigrams(f"{station.region.full_name}\n{station.address}")), weight="B", config="simple"
    )
    Station.objects.unscoped(reason="the row that was just written").filter(pk=station.pk).update(search=vector)


def _told(station: Station) -> dict[str, Any]:
    values = {field: getattr(station, field) for field in FIELDS}
    return {field: "" if value is None else str(value) for field, value in values.items()}


def _audit(actor: Actor, action: str, station: Station, before: dict[str, Any], after: dict[str, Any]) -> None:
    """The station's phone is shown to everybody; the audit masks it all the same, by its name."""
    detail = {key: [before.get(key), new] for key, new in after.items() if before.get(key) != new}
    record_audit(actor=actor, action=action, target=station, detail=detail, region_prefix=station.region_prefix)
