"""Mandates (代表资格): granted, corrected, ended; and ended by mistake, reinstated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from deputies.models import Congress, ElectoralUnit, Mandate, Person
from deputies.services.checks import clean_model, integrity_as_input, require_fresh, require_text
from deputies.services.person import PersonFacts, lock_person, person_save
from deputies.services.tracking import acting
from liaison.exceptions import DomainError, InvalidInput, NotFound
from liaison.permissions import Permission
from liaison.services.audit import record_audit

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from liaison.actor import Actor

#: Citizens may be elected from this age on (宪法第三十四条、选举法).
ELECTABLE_AGE = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateFacts:
    """What may be typed about a mandate.

    Args:
        profession_class: a ``ProfessionClass``.
        electoral_unit_id: primary key of a unit of the same congress; None when not known.
        started_on: first day, within the congress's term.
    """

    certificate_number: str
    profession_class: str
    started_on: dt.date
    electoral_unit_id: int | None = None


def home_prefix_of(congress: Congress, unit: ElectoralUnit | None) -> str:
    """The region by which staff find a mandate: its electoral unit's, else its congress's."""
    if unit is not None and unit.region is not None:
        return str(unit.region.prefix)
    return str(congress.region.prefix)


def within(actor: Actor, home_prefix: str) -> bool:
    """Whether a mandate with this home lies in the actor's subtree."""
    return home_prefix.startswith(actor.region_prefix)


def term_problem(congress: Congress, started_on: dt.date) -> str:
    """Why a mandate of this congress cannot begin on that day; "" when it can."""
    if started_on < congress.starts_on:
        return f"任期开始不能早于本届开始日{congress.starts_on:%Y-%m-%d}。"
    if congress.ends_on is not None and started_on > congress.ends_on:
        return f"任期开始不能晚于本届结束日{congress.ends_on:%Y-%m-%d}。"
    return ""


def age_problem(birth_month: dt.date | None, started_on: dt.date) -> str:
    """Why somebody born in that month cannot be elected by then; "" when they can, or when it is not known."""
    if birth_month is None:
        return ""
    months = (started_on.year - birth_month.year) * 12 + started_on.month - birth_month.month
    return "" if months >= ELECTABLE_AGE * 12 else f"任期开始时未满{ELECTABLE_AGE}周岁，请核对出生年月。"


@transaction.atomic
def deputy_add(
    *, actor: Actor, person: PersonFacts, congress_id: UUID | str, mandate: MandateFacts
) -> tuple[Mandate, bool]:
    """Register a deputy: the person and their first mandate in one step.

    A person with the same name and the same phone is the same person: the mandate is added to them and
    what is known of them stays as it is.

    Returns:
        The mandate, and whether the person was known already.
    """
    known = Person.objects.unscoped(reason="a phone belongs to one person in the whole portal")
    existing = known.filter(phone=person.phone, name=person.name).first() if person.phone else None
    holder = existing or person_save(actor=actor, facts=person)
    return _grant(actor, holder, congress_id, mandate), existing is not None


@transaction.atomic
def mandate_grant(*, actor: Actor, person_id: UUID | str, congress_id: UUID | str, facts: MandateFacts) -> Mandate:
    """Register a (further) mandate of a person.

    Raises:
        NotFound: person or congress not there, or not visible to the actor.
        InvalidInput: with messages by field, see ``MandateFacts``.
        DomainError: the person already has a mandate in force in this congress.
    """
    return _grant(actor, lock_person(actor, person_id), congress_id, facts)


def _grant(actor: Actor, person: Person, congress_id: UUID | str, facts: MandateFacts) -> Mandate:
    congress = Congress.objects.visible_to(actor).select_related("region").filter(public_id=congress_id).first()
    if congress is None:
        raise NotFound
    actor.require(Permission.DEPUTY_EDIT)
    mandate = Mandate(person=person, congress=congress)
    _fill(actor, mandate, facts)
    in_force = Mandate.objects.unscoped(reason="one mandate a person and congress").in_force()
    if in_force.filter(person=person, congress=congress).exists():
        raise DomainError(f"{person.name}在{congress.name}已有在任的代表资格，不必重复登记。", code="mandate_exists")
    with acting(actor), integrity_as_input():
        mandate.save()
    record_audit(actor=actor, action="mandate.grant", target=mandate, title=_title(mandate))
    return mandate


@transaction.atomic
def mandate_edit(*, actor: Actor, mandate_id: UUID | str, facts: MandateFacts, version: str = "") -> Mandate:
    """Correct a mandate; person and congress stay.

    Raises:
        NotFound, StaleVersion, InvalidInput: as ``person_save``.
    """
    mandate = lock_mandate(actor, mandate_id)
    actor.require(Permission.DEPUTY_EDIT)
    require_fresh(mandate.updated_at, version)
    before = _told(mandate)
    _fill(actor, mandate, facts)
    fields = ["certificate_number", "profession_class", "electoral_unit", "home_prefix", "started_on", "updated_at"]
    with acting(actor), integrity_as_input():
        mandate.save(update_fields=fields)
    after = _told(mandate)
    detail = {key: [old, after[key]] for key, old in before.items() if old != after[key]}
    record_audit(actor=actor, action="mandate.edit", target=mandate, title=_title(mandate), detail=detail)
    return mandate


@transaction.atomic
def mandate_end(*, actor: Actor, mandate_id: UUID | str, ended_on: dt.date, reason: str) -> Mandate:
    """End a mandate (代表资格终止): who ends it is the congress; this notes it.

    Args:
        ended_on: the last day, not before the first and not in the future.
        reason: 任期届满、辞职、罢免 …; required.

    Raises:
        NotFound: no such mandate, or not visible to the actor.
        DomainError: it has ended already.
        InvalidInput: a day or a reason that cannot be.
    """
    mandate = lock_mandate(actor, mandate_id)
    actor.require(Permission.DEPUTY_EDIT)
    if mandate.ended_on is not None:
        raise DomainError(f"这一代表资格已于{mandate.ended_on:%Y-%m-%d}终止。", code="mandate_ended")
    reason = require_text(reason, field="reason", message="请填写终止原因。")
    if ended_on < mandate.started_on:
        message = f"终止日不能早于任期开始日{mandate.started_on:%Y-%m-%d}。"
        raise InvalidInput(message, fields={"ended_on": message})
    if ended_on > timezone.localdate():
        message = "终止日不能晚于今天；到那一天再登记。"
        raise InvalidInput(message, fields={"ended_on": message})
    mandate.ended_on, mandate.end_reason = ended_on, reason
    clean_model(mandate, exclude=["person", "congress", "electoral_unit"])
    with acting(actor):
        mandate.save(update_fields=["ended_on", "end_reason", "updated_at"])
    detail = {"ended_on": ended_on.isoformat(), "reason": reason}
    record_audit(actor=actor, action="mandate.end", target=mandate, title=_title(mandate), detail=detail)
    return mandate


@transaction.atomic
def mandate_reinstate(*, actor: Actor, mandate_id: UUID | str, reason: str) -> Mandate:
    """Take back an ending that was noted by mistake.

    Raises:
        NotFound: no such mandate, or not visible to the actor.
        DomainError: it is in force, or the person has another one in force in this congress.
        InvalidInput: the reason is missing.
    """
    mandate = lock_mandate(actor, mandate_id)
    actor.require(Permission.DEPUTY_EDIT)
    if mandate.ended_on is None:
        raise DomainError("这一代表资格在任，不必恢复。", code="mandate_in_force")
    reason = require_text(reason, field="reason", message="请填写恢复的原因。")
    ended_on, mandate.ended_on, mandate.end_reason = mandate.ended_on, None, ""
    with acting(actor), integrity_as_input():
        mandate.save(update_fields=["ended_on", "end_reason", "updated_at"])
    detail = {"ended_on": [ended_on.isoformat(), ""], "reason": reason}
    record_audit(actor=actor, action="mandate.reinstate", target=mandate, title=_title(mandate), detail=detail)
    return mandate


def lock_mandate(actor: Actor, public_id: UUID | str) -> Mandate:
    """The mandate, locked for the rest of the transaction.

    Raises:
        NotFound: no such mandate, or not visible to the actor.
    """
    mandate = (
        Mandate.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("person", "congress__region", "electoral_unit__region")
        .filter(public_id=public_id)
        .first()
    )
    if mandate is None:
        raise NotFound
    return mandate


def _fill(actor: Actor, mandate: Mandate, facts: MandateFacts) -> None:
    congress = mandate.congress
    unit = None
    if facts.electoral_unit_id is not None:
        unit = congress.electoral_units.select_related("region").filter(pk=facts.electoral_unit_id).first()
        if unit is None:
            message = "这个选举单位不属于所选的届次。"
            raise InvalidInput(message, fields={"electoral_unit": message})
    mandate.certificate_number = facts.certificate_number.strip()
    mandate.profession_class = facts.profession_class
    mandate.started_on = facts.started_on
    mandate.electoral_unit = unit
    mandate.home_prefix = home_prefix_of(congress, unit)
    if not within(actor, mandate.home_prefix):
        message = "所选届次或选举单位不在您的区划范围内，请选择本地的选举单位。"
        raise InvalidInput(message, fields={"electoral_unit": message})
    problem = term_problem(congress, facts.started_on) or age_problem(mandate.person.birth_month, facts.started_on)
    if problem:
        raise InvalidInput(problem, fields={"started_on": problem})
    clean_model(mandate, exclude=["person", "congress", "electoral_unit"])


def _told(mandate: Mandate) -> dict[str, Any]:
    return {
        "certificate_number": mandate.certificate_number,
        "profession_class": mandate.get_profession_class_display(),
        "electoral_unit": str(mandate.electoral_unit or ""),
        "started_on": mandate.started_on.isoformat(),
    }


def _title(mandate: Mandate) -> str:
    return f"{mandate.person.name}（{mandate}）"
