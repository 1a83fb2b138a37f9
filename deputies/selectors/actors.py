"""The deputy capacity of an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deputies.models import Mandate, Person
from liaison.actor import Actor, deputy_actor
from liaison.selectors.fixed import FixedQuery

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liaison.models import User


_MANDATES = FixedQuery(
    lambda user_id: (
        Mandate.objects.unscoped(reason="the account's own mandates, before any actor exists")
        .in_force()
        .filter(person__user_id=user_id)
        .order_by("id")
        .values_list("id", "person_id", "person__name", "congress__short_name", "home_prefix")
    )
)


def deputy_capacities(user: User) -> list[Actor]:
    """One actor for a person with mandates in force; none for others (one query)."""
    mandates = _MANDATES(user.pk)
    if not mandates:
        return []
    _, person_id, name, *_ = mandates[0]
    return [
        deputy_actor(
            user_id=user.pk,
            person_id=person_id,
            name=name,
            label="、".join(f"{congress}代表" for *_, congress, _ in mandates),
            region_prefix=max((home_prefix for *_, home_prefix in mandates), key=len),
            mandate_ids=tuple(mandate_id for mandate_id, *_ in mandates),
        )
    ]


def deputy_account_ids() -> QuerySet[Person, int | None]:
    """Accounts of deputies: they act without any posting."""
    return (
        Person.objects.unscoped(reason="only tells accounts with a mandate from those that wait for a posting")
        .filter(user__isnull=False)
        .values_list("user_id", flat=True)
    )
