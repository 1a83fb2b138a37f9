"""The account of a deputy: how a person with a mandate comes to sign in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from deputies.services.person import lock_person
from deputies.services.tracking import acting
from liaison.exceptions import DomainError
from liaison.models import Region, User
from liaison.permissions import Permission
from liaison.services.audit import record_audit
from liaison.services.password import generate_password, password_set

if TYPE_CHECKING:
    from uuid import UUID

    from deputies.models import Mandate, Person
    from liaison.actor import Actor


@dataclass(frozen=True, slots=True)
class OpenedAccount:
    """What is told once to the clerk, who hands it to the deputy.

    Args:
        password: the initial password; "" when the person signs in with an account they already had.
    """

    user: User
    password: str


@transaction.atomic
def deputy_account_open(*, actor: Actor, person_id: UUID | str, password: str | None = None) -> OpenedAccount:
    """Open the account of a deputy; they must change the password when they first sign in.

    The sign-in name is ``d`` with the number of their oldest certificate in force, the sign-in phone is theirs.
    Somebody of the same name who already signs in with this phone (a member of staff who is a deputy)
    keeps that account and becomes a deputy in it.

    Args:
        password: a known one, for the demo; made at random when omitted.

    Raises:
        NotFound: no such person, or not visible to the actor.
        DomainError: there is an account, no mandate is in force, or the phone belongs to another account.
    """
    person = lock_person(actor, person_id)
    actor.require(Permission.DEPUTY_EDIT)
    if person.user_id is not None:
        raise DomainError(f"{person.name}已有登录账号，不必再开通。", code="account_exists")
    mandate = person.mandates.in_force().select_related("person").order_by("id").first()
    if mandate is None:
        raise DomainError(f"{person.name}没有在任的代表资格，不能开通代表账号。", code="no_mandate")
    opened = _existing(person) or _new(actor, mandate, password)
    person.user = opened.user
    with acting(actor):
        person.save(update_fields=["user", "updated_at"])
    record_audit(
        actor=actor,
        action="person.account_open",
        target=person,
        detail={"username": opened.user.username, "new": bool(opened.password)},
    )
    return opened


def _existing(person: Person) -> OpenedAccount | None:
    user = User.objects.select_for_update().filter(phone=person.phone).first() if person.phone else None
    if user is None:
        return None
    if user.name != person.name or hasattr(user, "person"):
        raise DomainError("该手机号码已是另一个登录账号的手机号码，请先核对代表的手机号码。", code="phone_taken")
    return OpenedAccount(user=user, password="")


def _new(actor: Actor, mandate: Mandate, password: str | None) -> OpenedAccount:
    person = mandate.person
    user = User.objects.create_user(
        _free_username(mandate.certificate_number),
        name=person.name,
        phone=person.phone or None,
        region=Region.objects.filter(prefix=mandate.home_prefix).first(),
    )
    password = password or generate_password()
    password_set(actor=actor, user=user, password=password, how="initial")
    return OpenedAccount(user=user, password=password)


def _free_username(certificate_number: str) -> str:
    """``d`` and the certificate number; with a letter more when somebody took that name."""
    base = "d" + re.sub(r"[^a-z0-9-]", "", certificate_number.lower())
    taken = {
        name.lower() for name in User.objects.filter(username__istartswith=base).values_list("username", flat=True)
    }
    if base not in taken:
        return base
    return next(name for number in range(2, len(taken) + 3) if (name := f"{base}.{number}") not in taken)
