"""Placements (进站): one by one, moved, ended, and many at once from a proposal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deputies.models import Mandate, Placement, Station, StationKind
from deputies.selectors.placement import placed_now
from deputies.services.checks import integrity_as_input, require_text
from deputies.services.rota import MINE, duties_drop, tell_deputies
from liaison.exceptions import DomainError, InvalidInput, NotFound
from liaison.models import User
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.services.audit import record_audit
from liaison.services.notice import Message, notify_each

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from uuid import UUID

    from liaison.actor import Actor


@transaction.atomic
def placement_add(
    *, actor: Actor, station_id: UUID | str, mandate_id: UUID | str, started_on: dt.date | None = None
) -> Placement:
    """Place a deputy in a station from a day on (today when not said).

    Raises:
        NotFound: no such station or mandate, or not visible to the actor.
        NotAllowed: the role may not.
        DomainError: the station is closed or an online one, the mandate has ended, the deputy is placed already.
        InvalidInput: a day in the future, or before the station was set up.
    """
    station = _lock_station(actor, station_id)
    mandate = _lock_mandate(actor, mandate_id)
    placement = _place(station, mandate, started_on or timezone.localdate())
    _audit(actor, "placement.add", placement, {"started_on": placement.started_on.isoformat()})
    tell_deputies(actor=actor, mandate_ids=[mandate.pk], title=f"您已编入{station.name}")
    return placement


@transaction.atomic
def placement_move(*, actor: Actor, placement_id: UUID | str, station_id: UUID | str) -> tuple[Placement, int]:
    """Move a deputy to another station of the same kind from today on; the days to come at the old one are
    taken off their rota.

    Returns:
        The new placement, and off how many reception days the deputy was taken.

    Raises:
        NotFound, NotAllowed: as elsewhere.
        DomainError: it has ended, the other station is closed, of another kind, or the same.
    """
    old = _lock_placement(actor, placement_id)
    station = _lock_station(actor, station_id)
    if station.pk == old.station_id or station.kind != old.kind:
        raise DomainError("请选择另一个同类的联络站。", code="placement_same_station")
    mandate = _lock_mandate(actor, old.mandate.public_id)
    today = timezone.localdate()
    dropped = _end(old, today, f"调整到{station.name}")
    placement = _place(station, mandate, today)
    detail = {"station": [old.station.name, station.name], "rota_days": dropped}
    _audit(actor, "placement.move", placement, detail)
    title = f"您的联络站由{old.station.name}调整为{station.name}"
    tell_deputies(actor=actor, mandate_ids=[mandate.pk], title=title)
    return placement, dropped


@transaction.atomic
def placement_end(*, actor: Actor, placement_id: UUID | str, ended_on: dt.date, reason: str) -> tuple[Placement, int]:
    """End a placement (离站); the deputy is taken off the station's days to come.

    Returns:
        The placement, and off how many reception days the deputy was taken.

    Raises:
        NotFound, NotAllowed: as elsewhere.
        DomainError: it has ended already.
        InvalidInput: no reason, a day before the first or in the future.
    """
    placement = _lock_placement(actor, placement_id)
    reason = require_text(reason, field="reason", message="请填写离站的原因。")
    if not placement.started_on <= ended_on <= timezone.localdate():
        message = f"离站日期应在进站日期{placement.started_on:%Y-%m-%d}到今天之间。"
        raise InvalidInput(message, fields={"ended_on": message})
    dropped = _end(placement, ended_on, reason)
    detail = {"ended_on": ended_on.isoformat(), "reason": reason, "rota_days": dropped}
    _audit(actor, "placement.end", placement, detail)
    title = f"您不再编入{placement.station.name}"
    tell_deputies(actor=actor, mandate_ids=[placement.mandate_id], title=title, body=f"原因：{reason}")
    return placement, dropped


@dataclass(frozen=True, slots=True)
class Placed:
    """What a bulk placement did."""

    made: int
    already: int


@transaction.atomic
def placements_save(*, actor: Actor, choices: Mapping[str, str]) -> Placed:
    """Place many deputies, all or none. Sending the same again makes nothing twice.

    Args:
        choices: mandate public id → station public id.

    Raises:
        NotFound: a mandate or station that the actor does not see.
        NotAllowed: the role may not.
        DomainError: a station closed meanwhile, or deputies whom somebody placed elsewhere meanwhile (named).
    """
    actor.require(Permission.STATION_EDIT)
    stations = {
        str(station.public_id): station
        for station in Station.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .filter(public_id__in=set(choices.values()))
        .order_by("pk")
    }
    mandates = list(
        Mandate.objects.visible_to(actor)
        .in_force()
        .select_for_update(of=("self",))
        .select_related("person")
        .filter(public_id__in=choices)
        .order_by("pk")
    )
    if len(stations) != len(set(choices.values())) or len(mandates) != len(choices):
        raise NotFound("有代表或联络站已不在您可以安排的范围内，没有保存任何安排。请刷新页面后重新核对。")
    for station in stations.values():
        _require_placeable(station)
        if station.kind != StationKind.STATION:
            raise DomainError("批量编入只用于代表联络站。", code="placement_kind")
    standing = {row.mandate_id: row for row in placed_now().filter(mandate__in=mandates).select_related("station")}
    new: list[Placement] = []
    elsewhere: list[str] = []
    for mandate in mandates:
        station = stations[choices[str(mandate.public_id)]]
        row = standing.get(mandate.pk)
        if row is None:
            new.append(Placement(station=station, mandate=mandate, kind=station.kind, started_on=timezone.localdate()))
        elif row.station_id != station.pk:
            elsewhere.append(f"{mandate.person.name}（{row.station.name}）")
    if elsewhere:
        names = "、".join(elsewhere[:10]) + ("等" if len(elsewhere) > 10 else "")
        raise DomainError(f"没有保存任何安排：{names}已由他人编入。请刷新页面后重新核对。", code="placement_elsewhere")
    with integrity_as_input():
        Placement.objects.bulk_create(new)
    _audit_many(actor, new)
    _tell_many(actor, new)
    return Placed(made=len(new), already=len(mandates) - len(new))


def _place(station: Station, mandate: Mandate, started_on: dt.date) -> Placement:
    """The row itself; station and mandate are locked."""
    _require_placeable(station)
    if not station.opened_on <= started_on <= timezone.localdate():
        message = f"进站日期应在联络站设立日期{station.opened_on:%Y-%m-%d}到今天之间。"
        raise InvalidInput(message, fields={"started_on": message})
    placed = Placement.objects.unscoped(reason="one station a mandate").select_related("station")
    standing = list(placed.filter(mandate=mandate, ended_on=None))
    if any(row.station_id == station.pk for row in standing):
        raise DomainError(f"{mandate.person.name}已经编入这里，不必重复编入。", code="placement_exists")
    if station.kind == StationKind.STATION:
        other = next((row.station for row in standing if row.kind == StationKind.STATION), None)
        if other is not None:
            raise DomainError(
                f"{mandate.person.name}已编入{other.name}。一个代表资格只编入一个代表联络站，请在原站办理“调整”。",
                code="placement_elsewhere",
            )
    placement = Placement(station=station, mandate=mandate, kind=station.kind, started_on=started_on)
    with integrity_as_input():
        placement.save()
    return placement


def _end(placement: Placement, ended_on: dt.date, reason: str) -> int:
    placement.ended_on, placement.end_reason = ended_on, reason
    placement.save(update_fields=["ended_on", "end_reason", "updated_at"])
    return duties_drop(placement.station, placement.mandate_id)


def _require_placeable(station: Station) -> None:
    if not station.is_open:
        raise DomainError(f"{station.name}已撤销，不能编入代表。", code="station_closed")
    if station.kind == StationKind.ONLINE:
        raise DomainError("线上总站汇总本地各站的代表，不单独编入。", code="placement_online")


def _lock_station(actor: Actor, public_id: UUID | str) -> Station:
    found = Station.objects.visible_to(actor).select_for_update(of=("self",)).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    actor.require(Permission.STATION_EDIT)
    return found


def _lock_mandate(actor: Actor, public_id: UUID | str) -> Mandate:
    found = Mandate.objects.visible_to(actor).select_for_update(of=("self",)).select_related("person", "congress")
    mandate = found.filter(public_id=public_id).first()
    if mandate is None:
        raise NotFound
    if mandate.ended_on is not None:
        raise DomainError(f"{mandate.person.name}的这一代表资格已经终止。", code="mandate_ended")
    return mandate


def _lock_placement(actor: Actor, public_id: UUID | str) -> Placement:
    found = Placement.objects.visible_to(actor).select_for_update(of=("self",))
    placement = found.select_related("station", "mandate__person").filter(public_id=public_id).first()
    if placement is None:
        raise NotFound
    actor.require(Permission.STATION_EDIT)
    if placement.ended_on is not None:
        raise DomainError("这名代表已经离站。", code="placement_ended")
    return placement


def _audit(actor: Actor, action: str, placement: Placement, detail: dict[str, object]) -> None:
    station, name = placement.station, placement.mandate.person.name
    record_audit(
        actor=actor,
        action=action,
        target=station,
        detail={"deputy": name, **detail},
        region_prefix=station.region_prefix,
    )


def _audit_many(actor: Actor, placements: list[Placement]) -> None:
    """One audit row a station, with the names."""
    by_station: dict[int, list[Placement]] = {}
    for placement in placements:
        by_station.setdefault(placement.station_id, []).append(placement)
    for rows in by_station.values():
        station = rows[0].station
        detail = {"deputies": [row.mandate.person.name for row in rows]}
        record_audit(
            actor=actor, action="placement.bulk", target=station, detail=detail, region_prefix=station.region_prefix
        )


def _tell_many(actor: Actor, placements: list[Placement]) -> None:
    """Each deputy with an account their own station, all in one go."""
    accounts = User.objects.filter(
        is_active=True, person__in=[placement.mandate.person_id for placement in placements]
    ).select_related("person")
    by_person = {user.person.pk: user for user in accounts}
    notify_each(
        Message(
            recipient=by_person[placement.mandate.person_id],
            kind=NoticeKind.TASK,
            title=f"您已编入{placement.station.name}",
            url=MINE,
        )
        for placement in placements
        if placement.mandate.person_id in by_person and by_person[placement.mandate.person_id].pk != actor.user_id
    )
