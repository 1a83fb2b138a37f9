"""Groups of deputies (代表小组、专业代表小组): founded, corrected, dissolved; their members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from deputies.models import DeputyGroup, GroupKind, GroupMembership, GroupRole, Mandate, Station
from deputies.services.checks import clean_model, integrity_as_input, require_fresh, require_text
from deputies.services.rota import tell_deputies
from deputies.services.station import office_near, region_within
from liaison.exceptions import DomainError, InvalidInput, NotFound
from liaison.permissions import Permission
from liaison.services.audit import record_audit

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from liaison.actor import Actor

FIELDS = ("name", "field_name", "station", "founded_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFacts:
    """What may be typed about a group.

    Args:
        field_name: 教育, 农业 …, for a professional group only.
        station_id: public id of the station where it meets; None for none.
    """

    name: str
    founded_on: dt.date
    field_name: str = ""
    station_id: UUID | str | None = None


@transaction.atomic
def group_create(*, actor: Actor, region_code: str, kind: str, facts: GroupFacts) -> DeputyGroup:
    """Found a group; the nearest congress office keeps it.

    Raises:
        NotAllowed, InvalidInput: as ``station_create``.
    """
    actor.require(Permission.STATION_EDIT)
    region = region_within(actor, region_code)
    group = DeputyGroup(region=region, region_prefix=region.prefix, office=office_near(region), kind=kind)
    _fill(actor, group, facts)
    with integrity_as_input():
        group.save()
    record_audit(actor=actor, action="group.create", target=group, region_prefix=group.region_prefix)
    return group


@transaction.atomic
def group_edit(*, actor: Actor, group_id: UUID | str, facts: GroupFacts, version: str = "") -> DeputyGroup:
    """Correct a group; region and kind stay.

    Raises:
        NotFound, NotAllowed, StaleVersion, InvalidInput: as elsewhere.
        DomainError: it was dissolved.
    """
    group = lock_group(actor, group_id)
    require_fresh(group.updated_at, version)
    before = _told(group)
    _fill(actor, group, facts)
    with integrity_as_input():
        group.save(update_fields=[*FIELDS, "updated_at"])
    after = _told(group)
    detail = {key: [before[key], new] for key, new in after.items() if before[key] != new}
    record_audit(actor=actor, action="group.edit", target=group, detail=detail, region_prefix=group.region_prefix)
    return group


@transaction.atomic
def group_dissolve(*, actor: Actor, group_id: UUID | str, reason: str) -> DeputyGroup:
    """Dissolve a group from today; its members leave it and are told.

    Raises:
        NotFound, NotAllowed, DomainError, InvalidInput: as elsewhere.
    """
    group = lock_group(actor, group_id)
    reason = require_text(reason, field="reason", message="请填写解散的原因。")
    today = timezone.localdate()
    standing = group.memberships.filter(ended_on=None)
    members = list(standing.values_list("mandate_id", flat=True))
    standing.update(ended_on=today, updated_at=timezone.now())
    group.dissolved_on, group.dissolve_reason = today, reason
    clean_model(group, exclude=["region", "office", "station"])
    group.save(update_fields=["dissolved_on", "dissolve_reason", "updated_at"])
    detail = {"reason": reason, "members": len(members)}
    record_audit(actor=actor, action="group.dissolve", target=group, detail=detail, region_prefix=group.region_prefix)
    tell_deputies(actor=actor, mandate_ids=members, title=f"{group.name}已解散", body=f"原因：{reason}")
    return group


@transaction.atomic
def member_add(
    *, actor: Actor, group_id: UUID | str, mandate_id: UUID | str, role: str = GroupRole.MEMBER
) -> GroupMembership:
    """Take a deputy of any level into a group from today. A new leader takes the place of the old one, who stays
    as a member.

    Raises:
        NotFound: no such group or mandate, or not visible to the actor.
        NotAllowed: the role may not.
        DomainError: the group was dissolved, the mandate has ended, the deputy is a member already.
    """
    group = lock_group(actor, group_id)
    found = Mandate.objects.visible_to(actor).select_for_update(of=("self",)).select_related("person")
    mandate = found.filter(public_id=mandate_id).first()
    if mandate is None:
        raise NotFound
    if mandate.ended_on is not None:
        raise DomainError(f"{mandate.person.name}的这一代表资格已经终止。", code="mandate_ended")
    if group.memberships.filter(mandate__person_id=mandate.person_id, ended_on=None).exists():
        raise DomainError(f"{mandate.person.name}已经在{group.name}里。", code="member_exists")
    _make_room(group, role)
    member = GroupMembership(group=group, mandate=mandate, role=role, started_on=timezone.localdate())
    clean_model(member, exclude=["group", "mandate"])
    with integrity_as_input():
        member.save()
    _audit_member(actor, "group.member_add", member)
    title = f"您已编入{group.name}，担任{GroupRole(role).label}"
    tell_deputies(actor=actor, mandate_ids=[mandate.pk], title=title)
    return member


@transaction.atomic
def member_role(*, actor: Actor, group_id: UUID | str, member_id: UUID | str, role: str) -> GroupMembership:
    """Give a member another part (组长、副组长、组员); a new leader takes the place of the old one.

    Raises:
        NotFound, NotAllowed, DomainError, InvalidInput: as elsewhere.
    """
    group = lock_group(actor, group_id)
    if role not in GroupRole.values:
        raise InvalidInput("请选择组内职务。", fields={"role": "请选择组内职务。"})
    member = _member(group, member_id)
    if member.role == role:
        return member
    _make_room(group, role)
    before, member.role = member.role, role
    member.save(update_fields=["role", "updated_at"])
    _audit_member(actor, "group.member_role", member, role=[GroupRole(before).label, GroupRole(role).label])
    title = f"您在{group.name}担任{GroupRole(role).label}"
    tell_deputies(actor=actor, mandate_ids=[member.mandate_id], title=title)
    return member


@transaction.atomic
def member_end(*, actor: Actor, group_id: UUID | str, member_id: UUID | str) -> GroupMembership:
    """Take a member out of a group from today.

    Raises:
        NotFound, NotAllowed, DomainError: as elsewhere.
    """
    group = lock_group(actor, group_id)
    member = _member(group, member_id)
    member.ended_on = timezone.localdate()
    member.save(update_fields=["ended_on", "updated_at"])
    _audit_member(actor, "group.member_end", member)
    tell_deputies(actor=actor, mandate_ids=[member.mandate_id], title=f"您不再编入{group.name}")
    return member


def lock_group(actor: Actor, public_id: UUID | str) -> DeputyGroup:
    """The group, locked for the rest of the transaction, by somebody who may keep it.

    Raises:
        NotFound: no such group, or not visible to the actor.
        NotAllowed: the role may not.
        DomainError: it was dissolved.
    """
    found = DeputyGroup.objects.visible_to(actor).select_for_update(of=("self",)).select_related("region", "station")
    group = found.filter(public_id=public_id).first()
    if group is None:
        raise NotFound
    actor.require(Permission.STATION_EDIT)
    if group.dissolved_on is not None:
        raise DomainError("这个小组已经解散，不能再修改。", code="group_dissolved")
    return group


def _fill(actor: Actor, group: DeputyGroup, facts: GroupFacts) -> None:
    group.name = require_text(facts.name, field="name", message="请填写名称。")
    group.field_name = facts.field_name.strip() if group.kind == GroupKind.PROFESSIONAL else ""
    if group.kind == GroupKind.PROFESSIONAL and not group.field_name:
        raise InvalidInput("有内容需要更正。", fields={"field_name": "请填写专业领域，例如“农业”。"})
    if facts.founded_on > timezone.localdate():
        raise InvalidInput("有内容需要更正。", fields={"founded_on": "成立日期不能晚于今天。"})
    group.founded_on = facts.founded_on
    group.station = None
    if facts.station_id:
        group.station = Station.objects.visible_to(actor).in_use().filter(public_id=facts.station_id).first()
        if group.station is None:
            raise InvalidInput("有内容需要更正。", fields={"station": "请选择没有撤销的联络站。"})
    clean_model(group, exclude=["region", "office", "station"])


def _make_room(group: DeputyGroup, role: str) -> None:
    if role == GroupRole.LEADER:
        leaders = group.memberships.filter(role=GroupRole.LEADER, ended_on=None)
        leaders.update(role=GroupRole.MEMBER, updated_at=timezone.now())


def _member(group: DeputyGroup, public_id: UUID | str) -> GroupMembership:
    found = group.memberships.select_related("mandate__person").filter(public_id=public_id, ended_on=None)
    member = found.first()
    if member is None:
        raise NotFound
    return member


def _told(group: DeputyGroup) -> dict[str, Any]:
    return {
        "name": group.name,
        "field_name": group.field_name,
        "station": str(group.station or ""),
        "founded_on": group.founded_on.isoformat(),
    }


def _audit_member(actor: Actor, action: str, member: GroupMembership, **detail: Any) -> None:
    record_audit(
        actor=actor,
        action=action,
        target=member.group,
        detail={"deputy": member.mandate.person.name, **detail},
        region_prefix=member.group.region_prefix,
    )
