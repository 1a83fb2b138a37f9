"""The person behind a mandate: facts, tags, and the one way to see a whole phone number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from deputies.models import Person
from deputies.services.checks import clean_model, integrity_as_input, require_fresh
from deputies.services.tag import clean_tag_names, set_tags
from deputies.services.tracking import acting
from liaison.exceptions import InvalidInput, NotFound
from liaison.models import User
from liaison.permissions import Permission
from liaison.services.audit import record_audit

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from liaison.actor import Actor

#: Fields of ``PersonFacts`` that are columns of ``Person``.
PERSON_FIELDS = ("name", "gender", "ethnicity", "birth_month", "phone", "employer", "post")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What may be typed about a person.

    Args:
        birth_month: the first day of the month; None when not known.
        industries, expertise: names of tags; missing ones are made.
    """

    name: str
    gender: str = ""
    ethnicity: str = ""
    birth_month: dt.date | None = None
    phone: str = ""
    employer: str = ""
    post: str = ""
    industries: tuple[str, ...] = ()
    expertise: tuple[str, ...] = ()


@transaction.atomic
def person_save(*, actor: Actor, facts: PersonFacts, person_id: UUID | str | None = None, version: str = "") -> Person:
    """Register a person, or change what is known of one.

    Args:
        person_id: public id of the person to change; None makes a new one.
        version: what the edit form was opened with.

    Raises:
        NotFound: no such person, or not visible to the actor.
        StaleVersion: somebody changed the person in between.
        InvalidInput: with messages by field; also when the phone belongs to somebody else.

    The name and the sign-in phone of the deputy's account follow.
    """
    person = Person() if person_id is None else lock_person(actor, person_id)
    actor.require(Permission.DEPUTY_EDIT)
    if person_id is not None:
        require_fresh(person.updated_at, version)
    industries = clean_tag_names(facts.industries, field="industries")
    expertise = clean_tag_names(facts.expertise, field="expertise")
    before = {field: getattr(person, field) for field in PERSON_FIELDS} if person.pk else {}
    for field in PERSON_FIELDS:
        value = getattr(facts, field)
        setattr(person, field, value.strip() if isinstance(value, str) else value)
    if person.birth_month is not None:
        person.birth_month = person.birth_month.replace(day=1)
    clean_model(person, exclude=["user"])
    _require_own_phone(person)
    with acting(actor), integrity_as_input():
        if before:
            _follow_in_account(person, name=before["name"], phone=before["phone"])
        person.save(update_fields=[*PERSON_FIELDS, "updated_at"] if person.pk else None)
        tags_before, tags_after = set_tags(person, industries=industries, expertise=expertise)
    changes = {field: (old, getattr(person, field)) for field, old in before.items()}
    changes["tags"] = ("、".join(tags_before), "、".join(tags_after))
    record_audit(
        actor=actor,
        action="person.edit" if before else "person.create",
        target=person,
        detail=_audit_detail(changes) if before else {},
    )
    return person


def lock_person(actor: Actor, public_id: UUID | str) -> Person:
    """The person, locked for the rest of the transaction.

    Raises:
        NotFound: no such person, or not visible to the actor.
    """
    person = Person.objects.visible_to(actor).select_for_update(of=("self",)).filter(public_id=public_id).first()
    if person is None:
        raise NotFound
    return person


@transaction.atomic
def person_phone_reveal(*, actor: Actor, person_id: UUID | str) -> str:
    """The whole phone number of a person; who looked is put in the audit (个人信息保护法).

    Raises:
        NotFound: no such person, or not visible to the actor.
        NotAllowed: the role may only see the masked number.
    """
    person = Person.objects.visible_to(actor).filter(public_id=person_id).first()
    if person is None:
        raise NotFound
    actor.require(Permission.DEPUTY_UNMASK)
    record_audit(actor=actor, action="person.unmask", target=person)
    return person.phone


def _require_own_phone(person: Person) -> None:
    everybody = Person.objects.unscoped(reason="a phone belongs to one person in the whole portal")
    if person.phone and everybody.filter(phone=person.phone).exclude(pk=person.pk).exists():
        message = "这个手机号码已登记在其他人名下。"
        raise InvalidInput(message, fields={"phone": message})


def _follow_in_account(person: Person, *, name: str, phone: str) -> None:
    """Name and sign-in phone of the account follow the person's, where they were the same before."""
    if person.user_id is None or (person.name, person.phone) == (name, phone):
        return
    user = User.objects.select_for_update().get(pk=person.user_id)
    if user.name == name:
        user.name = person.name
    if (user.phone or "") == phone:
        if person.phone and User.objects.filter(phone=person.phone).exclude(pk=user.pk).exists():
            message = "这个手机号码已是另一个登录账号的手机号码，请先核对。"
            raise InvalidInput(message, fields={"phone": message})
        user.phone = person.phone or None
    user.save(update_fields=["name", "phone"])


def _audit_detail(changes: dict[str, tuple[Any, Any]]) -> dict[str, Any]:
    """Old and new of what changed; of the phone only that it did (the audit masks it)."""
    return {
        field: [str(old or ""), str(new or "")] if field != "phone" else "changed"
        for field, (old, new) in changes.items()
        if old != new
    }
