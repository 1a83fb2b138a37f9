"""Contacts with deputies (联系代表): planned, held, recorded, cancelled; recording writes the duty ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deputies.models import CommitteeMember, Congress, Contact, ContactDeputy, ContactWay, DutyKind, Mandate
from deputies.services.checks import clean_model, outside_names, require_fresh, require_text
from deputies.services.committee import lock_congress
from deputies.services.contact_tell import tell
from deputies.services.duty import DutyFact, duty_set
from deputies.services.station import office_near
from deputies.states import CONTACT_TRANSITIONS, ContactStatus, own_contact
from liaison.dates import cn_date
from liaison.exceptions import DomainError, InvalidInput, NotFound
from liaison.permissions import Permission
from liaison.services.audit import record_audit
from liaison.services.history import record_state_change

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Mapping
    from uuid import UUID

    from liaison.actor import Actor

FIELDS = ("title", "way", "on", "starts_at", "place", "working_body", "content")
#: Most deputies of one contact.
MOST_DEPUTIES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """What may be typed about a contact.

    Args:
        title: "" for one made of the members' names.
        members: public ids of members of the congress's standing committee; none when a working body does it.
    """

    way: str
    on: dt.date
    title: str = ""
    starts_at: dt.time | None = None
    place: str = ""
    working_body: str = ""
    members: Collection[UUID | str] = ()
    content: str = ""


@transaction.atomic
def contact_plan(
    *, actor: Actor, congress_id: UUID | str, facts: ContactFacts, deputies: Collection[UUID | str] = ()
) -> Contact:
    """Plan a contact; the deputies and members with accounts are told.

    Args:
        deputies: public ids of mandates in force of the congress.

    Raises:
        NotFound: a congress or deputy that the actor's office does not keep.
        NotAllowed: the role may not.
        InvalidInput: messages by field.
    """
    actor.require(Permission.CONTACT_EDIT)
    congress = lock_congress(actor, congress_id)
    contact = Contact(
        congress=congress,
        office=congress.office or office_near(congress.region),
        region_prefix=congress.region.prefix,
    )
    members = _fill(contact, facts)
    mandates = _mandates(actor, congress, deputies)
    _stands_once(contact, members, mandates)
    contact.save()
    contact.members.set(members)
    record_state_change(actor=actor, obj=contact, act="plan", label="安排", old="", new=contact.status)
    invited = _invite(contact, mandates)
    _audit(actor, "contact.plan", contact, {"deputies": [mandate.person.name for mandate in invited][:50]})
    _tell_planned(actor, contact, members, invited)
    return contact


@transaction.atomic
def contacts_plan(
    *,
    actor: Actor,
    congress_id: UUID | str,
    choices: Mapping[str, str],
    way: str,
    on: dt.date,
    place: str = "",
) -> list[Contact]:
    """Plan one contact for each member with the deputies chosen for them (a year's gaps in one press).

    Args:
        choices: mandate public id → member public id.

    Raises:
        NotFound, NotAllowed, InvalidInput: as ``contact_plan``; all or none.
    """
    actor.require(Permission.CONTACT_EDIT)
    by_member: dict[str, list[str]] = {}
    for mandate, member in choices.items():
        by_member.setdefault(member, []).append(mandate)
    if not by_member:
        raise InvalidInput("没有选择任何代表，未作安排。", fields={"choices": "没有选择任何代表。"})
    return [
        contact_plan(
            actor=actor,
            congress_id=congress_id,
            facts=ContactFacts(way=way, on=on, place=place, members=[member]),
            deputies=deputies,
        )
        for member, deputies in by_member.items()
    ]


@transaction.atomic
def contact_edit(*, actor: Actor, contact_id: UUID | str, facts: ContactFacts, version: str = "") -> Contact:
    """Correct a contact that is not recorded yet; invited deputies are told of another day or place.

    Raises:
        NotFound, NotAllowed, StaleVersion, InvalidInput: as elsewhere.
        DomainError: it is recorded or cancelled.
    """
    contact = lock_contact(actor, contact_id, ContactStatus.PLANNED, ContactStatus.HELD)
    require_fresh(contact.updated_at, version)
    before = (contact.on, contact.starts_at, contact.place)
    members = _fill(contact, facts)
    contact.save(update_fields=[*FIELDS, "updated_at"])
    contact.members.set(members)
    _audit(actor, "contact.edit", contact, {})
    if contact.status == ContactStatus.PLANNED and before != (contact.on, contact.starts_at, contact.place):
        title = f"联系活动有变动：{contact.title}，{_when(contact)}"
        ids = contact.deputies.values_list("mandate_id", flat=True)
        tell(actor=actor, texts=dict.fromkeys(ids, title), url=contact.get_absolute_url())
    return contact


@transaction.atomic
def contact_invite(*, actor: Actor, contact_id: UUID | str, deputies: Collection[UUID | str]) -> list[Mandate]:
    """Take further deputies into a contact; who is there already stays once.

    Raises:
        NotFound, NotAllowed, DomainError, InvalidInput: as elsewhere.
    """
    contact = lock_contact(actor, contact_id, ContactStatus.PLANNED, ContactStatus.HELD)
    invited = _invite(contact, _mandates(actor, contact.congress, deputies))
    if invited:
        contact.save(update_fields=["updated_at"])
        _audit(actor, "contact.invite", contact, {"deputies": [mandate.person.name for mandate in invited][:50]})
        if contact.status == ContactStatus.PLANNED:
            _tell_planned(actor, contact, [], invited)
    return invited


@transaction.atomic
def contact_uninvite(*, actor: Actor, contact_id: UUID | str, mandate_id: UUID | str) -> Contact:
    """Take a deputy out of a contact that was not held yet; they are told.

    Raises:
        NotFound, NotAllowed, DomainError: as elsewhere.
    """
    contact = lock_contact(actor, contact_id, ContactStatus.PLANNED)
    row = contact.deputies.select_related("mandate__person").filter(mandate__public_id=mandate_id).first()
    if row is None:
        raise NotFound
    row.delete()
    contact.save(update_fields=["updated_at"])
    _audit(actor, "contact.uninvite", contact, {"deputy": row.mandate.person.name})
    tell(actor=actor, texts={row.mandate_id: f"您不再列入{contact.title}"})
    return contact


@transaction.atomic
def contact_hold(*, actor: Actor, contact_id: UUID | str, met: Collection[UUID | str]) -> Contact:
    """Register that a contact was held, and who of the invited came (public ids of mandates).

    Raises:
        NotFound, NotAllowed, IllegalTransition: as elsewhere.
        InvalidInput: nobody came.
        DomainError: its day is still to come.
    """
    contact = lock_contact(actor, contact_id)
    CONTACT_TRANSITIONS.check(contact, "hold", actor)
    if contact.is_ahead:
        message = f"活动定在{cn_date(contact.on)}，当天起可以登记。日期有变的，请先修改安排。"
        raise DomainError(message, code="contact_ahead")
    _set_met(contact, met)
    CONTACT_TRANSITIONS.apply(contact, "hold", actor)
    contact.save(update_fields=["status", "updated_at"])
    _audit(actor, "contact.hold", contact, {"count": len(met)})
    return contact


@transaction.atomic
def contact_record(
    *, actor: Actor, contact_id: UUID | str, content: str, met: Collection[UUID | str], version: str = ""
) -> Contact:
    """Finish the record: content and who was met; from now on the duty ledger says that each of them was met.

    Raises:
        NotFound, NotAllowed, StaleVersion, IllegalTransition, InvalidInput: as elsewhere.
    """
    contact = lock_contact(actor, contact_id)
    require_fresh(contact.updated_at, version)
    CONTACT_TRANSITIONS.check(contact, "record", actor)
    contact.content = require_text(content, field="content", message="请填写联系的主要内容。")
    clean_model(contact, exclude=["congress", "office"])
    _set_met(contact, met)
    CONTACT_TRANSITIONS.apply(contact, "record", actor)
    contact.save(update_fields=["status", "content", "updated_at"])
    present = list(contact.deputies.filter(met=True).values_list("mandate_id", flat=True))
    duty_set(
        actor=actor,
        source=contact,
        facts=[
            DutyFact(mandate_id=mandate_id, kind=DutyKind.CONTACT, on=contact.on, title=contact.title)
            for mandate_id in present
        ],
        reason="联系活动记录已更正",
    )
    _audit(actor, "contact.record", contact, {"count": len(present)})
    return contact


@transaction.atomic
def contact_reopen(*, actor: Actor, contact_id: UUID | str, reason: str) -> Contact:
    """Open a finished record for correction; the ledger keeps saying what it said until it is finished again.

    Raises:
        NotFound, NotAllowed, IllegalTransition, InvalidInput: as elsewhere.
    """
    contact = lock_contact(actor, contact_id)
    reason = require_text(reason, field="reason", message="请填写更正的原因。")
    CONTACT_TRANSITIONS.apply(contact, "reopen", actor, reason=reason)
    contact.save(update_fields=["status", "updated_at"])
    _audit(actor, "contact.reopen", contact, {"reason": reason})
    return contact


@transaction.atomic
def contact_cancel(*, actor: Actor, contact_id: UUID | str, reason: str) -> Contact:
    """Cancel a contact that was not held; deputies and members are told.

    Raises:
        NotFound, NotAllowed, IllegalTransition, InvalidInput: as elsewhere.
    """
    contact = lock_contact(actor, contact_id)
    contact.cancel_reason = require_text(reason, field="reason", message="请填写取消的原因。")
    clean_model(contact, exclude=["congress", "office"])
    CONTACT_TRANSITIONS.apply(contact, "cancel", actor, reason=contact.cancel_reason)
    contact.save(update_fields=["status", "cancel_reason", "updated_at"])
    _audit(actor, "contact.cancel", contact, {"reason": contact.cancel_reason})
    ids = [
        *contact.deputies.values_list("mandate_id", flat=True),
        *contact.members.values_list("mandate_id", flat=True),
    ]
    title = f"联系活动已取消：{contact.title}"
    tell(actor=actor, texts=dict.fromkeys(ids, title), body=f"原因：{contact.cancel_reason}")
    return contact


def lock_contact(actor: Actor, public_id: UUID | str, *states: str) -> Contact:
    """The contact, locked for the rest of the transaction, by somebody who may keep it.

    Args:
        states: in which it must be; any when none is named.

    Raises:
        NotFound: no such contact, or not visible to the actor.
        NotAllowed: the role may not, or another office organises it.
        DomainError: it is in another state.
    """
    found = Contact.objects.visible_to(actor).select_for_update(of=("self",))
    contact = found.select_related("congress__region", "office").filter(public_id=public_id).first()
    if contact is None:
        raise NotFound
    actor.require(Permission.CONTACT_EDIT)
    own_contact(contact, actor)
    if states and contact.status not in states:
        raise DomainError(f"这次联系活动{contact.get_status_display()}，不能再改。", code="contact_settled")
    return contact


def _fill(contact: Contact, facts: ContactFacts) -> list[CommitteeMember]:
    congress = contact.congress
    wanted = {str(member) for member in facts.members}
    found = CommitteeMember.objects.unscoped(reason="of a congress in scope").filter(congress=congress)
    members = list(found.filter(public_id__in=wanted).select_related("mandate__person").order_by("id"))
    wrong: dict[str, str] = {}
    if len(members) != len(wanted):
        wrong["members"] = "请选择本届的常委会组成人员。"
    contact.working_body = facts.working_body.strip()
    if not members and not contact.working_body:
        wrong["members"] = "请选择常委会组成人员，或填写专委会、工作机构。"
    if not congress.starts_on <= facts.on or (congress.ends_on is not None and facts.on > congress.ends_on):
        wrong["on"] = "日期不在这一届的任期内。"
    if contact.status == ContactStatus.HELD and facts.on > timezone.localdate():
        wrong["on"] = "活动已经开展，日期不能晚于今天。"
    if wrong:
        raise InvalidInput("有内容需要更正。", fields=wrong)
    contact.way, contact.on, contact.starts_at = facts.way, facts.on, facts.starts_at
    contact.place, contact.content = facts.place.strip(), facts.content.strip()
    contact.title = facts.title.strip() or _title(contact, members)
    clean_model(contact, exclude=["congress", "office"])
    return members


def _stands_once(contact: Contact, members: list[CommitteeMember], mandates: list[Mandate]) -> None:
    """Refuse the same plan sent twice; the congress's lock makes the second wait for the first.

    Raises:
        InvalidInput: the same members meet the same deputies at the same time in the same place.
    """
    others = Contact.objects.unscoped(reason="a congress plans a contact once, whoever planned it")
    others = others.filter(
        congress=contact.congress, on=contact.on, starts_at=contact.starts_at, place=contact.place, title=contact.title
    ).exclude(status=ContactStatus.CANCELLED)
    for other in others.prefetch_related("members", "deputies"):
        same_members = {one.pk for one in other.members.all()} == {one.pk for one in members}
        if same_members and {row.mandate_id for row in other.deputies.all()} == {one.pk for one in mandates}:
            message = f"{cn_date(contact.on)}已经安排了同样的“{contact.title}”。确是另一次的，请写明不同的时间或地点。"
            raise InvalidInput(message, fields={"on": message})


def _title(contact: Contact, members: list[CommitteeMember]) -> str:
    names = "、".join(member.mandate.person.name for member in members[:3]) or contact.working_body
    names += "等" if len(members) > 3 else ""
    way = dict(ContactWay.choices).get(contact.way, "")
    return f"{names}联系代表（{way}）"[:80] if way and contact.way != ContactWay.OTHER else f"{names}联系代表"[:80]


def _mandates(actor: Actor, congress: Congress, deputies: Collection[UUID | str]) -> list[Mandate]:
    wanted = {str(one) for one in deputies}
    found = Mandate.objects.visible_to(actor).in_force().filter(congress=congress, public_id__in=wanted)
    mandates = list(found.select_related("person").order_by("pk"))
    if len(mandates) != len(wanted):
        raise NotFound("有代表已不在您可以安排的范围内，没有保存。请刷新页面后重新核对。")
    return mandates


def _invite(contact: Contact, mandates: Iterable[Mandate]) -> list[Mandate]:
    there = set(contact.deputies.values_list("mandate_id", flat=True))
    new = [mandate for mandate in mandates if mandate.pk not in there]
    if len(there) + len(new) > MOST_DEPUTIES:
        raise InvalidInput(f"一次联系活动最多{MOST_DEPUTIES}名代表，请分开安排。")
    met = True if contact.status == ContactStatus.HELD else None
    ContactDeputy.objects.bulk_create(ContactDeputy(contact=contact, mandate=mandate, met=met) for mandate in new)
    return new


def _set_met(contact: Contact, met: Collection[UUID | str]) -> None:
    rows = list(contact.deputies.select_related("mandate__person"))
    wanted = {str(one) for one in met}
    present = [row for row in rows if str(row.mandate.public_id) in wanted]
    if not present or len(present) != len(wanted):
        message = "请至少勾选一名见了面的代表；没有开展的请取消活动。"
        raise InvalidInput(message, fields={"met": message})
    if names := outside_names((row.mandate for row in present), contact.on):
        message = f"{names}在{cn_date(contact.on)}不是在任代表，不能记入履职档案。日期有误的请先修改安排。"
        raise InvalidInput(message, fields={"met": message})
    silent = {row.mandate_id for row in rows} - {row.mandate_id for row in present}
    said = contact.opinions.filter(mandate_id__in=silent).select_related("mandate__person").first()
    if said is not None:
        message = f"{said.mandate.person.name}提了意见，不能记为没有见面。"
        raise InvalidInput(message, fields={"met": message})
    for row in rows:
        row.met = str(row.mandate.public_id) in wanted
    ContactDeputy.objects.bulk_update(rows, ["met"])


def _when(contact: Contact) -> str:
    at = f"{contact.starts_at:%H:%M}" if contact.starts_at else ""
    return f"{cn_date(contact.on)}{at}{contact.place}"


def _tell_planned(
    actor: Actor, contact: Contact, members: Iterable[CommitteeMember], invited: Iterable[Mandate]
) -> None:
    texts = {mandate.pk: f"邀请您参加{contact.title}：{_when(contact)}" for mandate in invited}
    texts |= {member.mandate_id: f"请您联系代表：{contact.title}，{_when(contact)}" for member in members}
    tell(actor=actor, texts=texts, url=contact.get_absolute_url())


def _audit(actor: Actor, action: str, contact: Contact, detail: dict[str, object]) -> None:
    record_audit(actor=actor, action=action, target=contact, detail=detail, region_prefix=contact.region_prefix)
