"""Members of the standing committee (常委会组成人员) and their fixed contacts (固定联系): entered, ended, spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deputies.models import CommitteeMember, Congress, ContactLink, Mandate
from deputies.services.checks import clean_model, integrity_as_input, require_text
from deputies.services.contact_tell import tell
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.permissions import Permission
from liaison.services.audit import record_audit

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from uuid import UUID

    from liaison.actor import Actor


@transaction.atomic
def committee_member_add(
    *, actor: Actor, mandate_id: UUID | str, post: str, body: str = "", started_on: dt.date
) -> CommitteeMember:
    """Register a deputy as a member of the standing committee of their congress.

    Raises:
        NotFound: no such mandate, or of a congress that the actor's office does not keep.
        NotAllowed: the role may not.
        DomainError: the mandate has ended.
        InvalidInput: a member already; a day in the future; no such post.
    """
    actor.require(Permission.CONTACT_EDIT)
    found = Mandate.objects.visible_to(actor).select_for_update(of=("self",))
    mandate = found.select_related("person", "congress__region").filter(public_id=mandate_id).first()
    if mandate is None or not mandate.congress.region.prefix.startswith(actor.region_prefix):
        raise NotFound
    require_own(actor, mandate.congress)
    if mandate.ended_on is not None:
        raise DomainError(f"{mandate.person.name}的这一代表资格已经终止。", code="mandate_ended")
    if started_on > timezone.localdate():
        raise InvalidInput("有内容需要更正。", fields={"started_on": "任职日期不能晚于今天。"})
    member = CommitteeMember(
        congress=mandate.congress,
        mandate=mandate,
        region_prefix=mandate.congress.region.prefix,
        post=post,
        body=body.strip(),
        started_on=started_on,
    )
    clean_model(member, exclude=["congress", "mandate"])
    with integrity_as_input():
        member.save()
    _audit(actor, "committee.add", member, {"post": member.get_post_display()})
    return member


@transaction.atomic
def committee_member_end(*, actor: Actor, member_id: UUID | str, ended_on: dt.date, reason: str) -> CommitteeMember:
    """End a membership; the fixed contacts end with it, and these deputies stand without one.

    Raises:
        NotFound, NotAllowed, DomainError, InvalidInput: as elsewhere.
    """
    member = _lock(actor, member_id)
    reason = require_text(reason, field="reason", message="请填写离任的原因。")
    if not member.started_on <= ended_on <= timezone.localdate():
        message = "离任日期应在任职日期到今天之间。"
        raise InvalidInput(message, fields={"ended_on": message})
    member.ended_on, member.end_reason = ended_on, reason
    clean_model(member, exclude=["congress", "mandate"])
    member.save(update_fields=["ended_on", "end_reason", "updated_at"])
    ended = member.links.filter(ended_on=None).update(ended_on=ended_on, updated_at=timezone.now())
    _audit(actor, "committee.end", member, {"reason": reason, "links": ended})
    return member


@dataclass(frozen=True, slots=True)
class Linked:
    """What saving fixed contacts did."""

    made: int
    changed: int
    same: int


@transaction.atomic
def links_save(*, actor: Actor, congress_id: UUID | str, year: int | None, choices: Mapping[str, str]) -> Linked:
    """Let members keep contact with deputies, all or none; who had another member in that year gets the new one.

    Args:
        year: None for the whole term.
        choices: mandate public id → member public id. Sending the same again changes nothing.

    Raises:
        NotFound: a congress, deputy or member that the actor's office does not keep, or of different congresses.
        NotAllowed: the role may not.
        DomainError: a member would keep contact with themselves.
    """
    actor.require(Permission.CONTACT_EDIT)
    congress = lock_congress(actor, congress_id)
    members = {
        str(member.public_id): member
        for member in CommitteeMember.objects.visible_to(actor)
        .in_force()
        .select_for_update(of=("self",))
        .select_related("mandate__person")
        .filter(congress=congress, public_id__in=set(choices.values()))
    }
    mandates = list(
        Mandate.objects.visible_to(actor)
        .in_force()
        .select_for_update(of=("self",))
        .select_related("person")
        .filter(congress=congress, public_id__in=choices)
        .order_by("pk")
    )
    if len(members) != len(set(choices.values())) or len(mandates) != len(choices):
        raise NotFound("有代表或组成人员已不在您可以安排的范围内，没有保存任何安排。请刷新页面后重新核对。")
    standing = {
        link.mandate_id: link for link in ContactLink.objects.filter(mandate__in=mandates, year=year, ended_on=None)
    }
    new: list[ContactLink] = []
    changed = same = 0
    for mandate in mandates:
        member = members[choices[str(mandate.public_id)]]
        if member.mandate_id == mandate.pk:
            raise DomainError(f"{mandate.person.name}是组成人员本人，不能自己联系自己。", code="link_self")
        link = standing.get(mandate.pk)
        if link is not None and link.member_id == member.pk:
            same += 1
            continue
        if link is not None:
            link.ended_on = timezone.localdate()
            link.save(update_fields=["ended_on", "updated_at"])
            changed += 1
        new.append(ContactLink(member=member, mandate=mandate, year=year))
    with integrity_as_input():
        ContactLink.objects.bulk_create(new)
    detail = {
        "year": year or "本届",
        "deputies": [f"{link.mandate.person.name}－{link.member.mandate.person.name}" for link in new][:50],
        "count": len(new),
    }
    record_audit(
        actor=actor, action="contact.links", target=congress, detail=detail, region_prefix=congress.region.prefix
    )
    tell(
        actor=actor,
        texts={link.mandate_id: f"常委会组成人员{link.member.mandate.person.name}与您固定联系" for link in new},
    )
    return Linked(made=len(new) - changed, changed=changed, same=same)


@transaction.atomic
def link_end(*, actor: Actor, link_id: UUID | str) -> ContactLink:
    """End one fixed contact from today.

    Raises:
        NotFound, NotAllowed: as elsewhere; ended already counts as not found.
    """
    found = ContactLink.objects.visible_to(actor).select_for_update(of=("self",))
    found = found.select_related("member__congress__region", "member__mandate__person", "mandate__person")
    link = found.filter(public_id=link_id, ended_on=None).first()
    if link is None:
        raise NotFound
    actor.require(Permission.CONTACT_EDIT)
    require_own(actor, link.member.congress)
    link.ended_on = timezone.localdate()
    link.save(update_fields=["ended_on", "updated_at"])
    _audit(actor, "contact.link_end", link.member, {"deputy": link.mandate.person.name})
    return link


def lock_congress(actor: Actor, public_id: UUID | str) -> Congress:
    """A congress that the actor's office keeps, locked: its plans are made one after the other.

    Raises:
        NotFound: no such congress in the actor's region.
        NotAllowed: another office keeps it.
    """
    found = Congress.objects.visible_to(actor).filter(region__prefix__startswith=actor.region_prefix)
    found = found.select_for_update(of=("self",), no_key=True).select_related("region", "office")
    congress = found.filter(public_id=public_id).first()
    if congress is None:
        raise NotFound
    require_own(actor, congress)
    return congress


def require_own(actor: Actor, congress: Congress) -> None:
    """Raise ``NotAllowed`` unless the actor's office keeps the contacts and reports of this congress."""
    if not congress.is_kept_by(actor):
        raise NotAllowed(f"{congress.short_name}的联系代表和述职由其工作机构安排，您可以查看，不能代为办理。")


def _lock(actor: Actor, public_id: UUID | str) -> CommitteeMember:
    found = CommitteeMember.objects.visible_to(actor).select_for_update(of=("self",))
    member = found.select_related("mandate__person", "congress__region").filter(public_id=public_id).first()
    if member is None:
        raise NotFound
    actor.require(Permission.CONTACT_EDIT)
    require_own(actor, member.congress)
    if member.ended_on is not None:
        raise DomainError("这名组成人员已经离任。", code="member_ended")
    return member


def _audit(actor: Actor, action: str, member: CommitteeMember, detail: dict[str, object]) -> None:
    detail = {"member": member.mandate.person.name, **detail}
    record_audit(actor=actor, action=action, target=member.congress, detail=detail, region_prefix=member.region_prefix)
