"""The deputy capacity of an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deputies.models import Mandate, Person
from liaison.actor import Actor, deputy_actor

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liaison.models import User


def deputy_capacities(user: User) -> list[Actor]:
    """One actor for a person with mandates in force; none for others (one query)."""
    mandates = list(
        Mandate.objects.unscoped(reason="the account's own mandates, before any actor exists")
        .in_force()
        .filter(person__user=user)
        .select_related("person", "congress")
        .order_by("id")
    )
    if not mandates:
        return []
    person = mandates[0].person
    return [
        deputy_actor(
            user_id=user.pk,
            person_id=person.pk,
            name=person.name,
            label="、".join(f"{mandate.congress.short_name}代表" for mandate in mandates),
            region_prefix=max((mandate.home_prefix for mandate in mandates), key=len),
            mandate_ids=tuple(mandate.pk for mandate in mandates),
        )
    ]


def deputy_account_ids() -> QuerySet[Person, int | None]:
    """Accounts of deputies: they act without any posting."""
    return (
        Person.objects.unscoped(reason="only tells accounts with a mandate from those that wait for a posting")
        .filter(user__isnull=False)
        .values_list("user_id", flat=True)
    )
