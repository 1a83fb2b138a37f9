"""From an account to the capacities in which it may act."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from liaison.actor import NO_REGION, Actor, ActorKind, staff_actor
from liaison.models import Organisation, Posting, User
from liaison.permissions import OrganisationKind, Role
from liaison.registry import registry
from liaison.selectors.fixed import FixedQuery

if TYPE_CHECKING:
    from collections.abc import Iterable


_POSTINGS = FixedQuery(
    lambda user_id: (
        Posting.objects.unscoped(reason="the account's own postings, before any actor exists")
        .in_force()
        .filter(user_id=user_id)
        .order_by("id")
        .values_list(
            "id",
            "role",
            "organisation_id",
            "organisation__name",
            "organisation__department",
            "organisation__kind",
            "organisation__region__prefix",
        )
    )
)


def staff_capacities(user: User) -> list[Actor]:
    """One actor for each posting in force, oldest first (one query)."""
    return [
        staff_actor(
            posting_id=posting_id,
            user_id=user.pk,
            name=user.name,
            organisation_id=organisation_id,
            organisation_name=Organisation(name=name, department=department).display,
            organisation_kind=OrganisationKind(kind),
            role=Role(role),
            region_prefix=prefix,
        )
        for posting_id, role, organisation_id, name, department, kind, prefix in _POSTINGS(user.pk)
    ]


def capacities_of(user: User) -> list[Actor]:
    """Every capacity of an account: postings, and what upper packages register (deputy mandates)."""
    return registry.capacities_of(user)


def choose_capacity(capacities: Iterable[Actor], key: str | None) -> Actor | None:
    """The capacity with this key, else the first, else None."""
    capacities = list(capacities)
    for actor in capacities:
        if actor.key == key:
            return actor
    return capacities[0] if capacities else None


def without_posting(user: User) -> Actor:
    """An account with neither posting nor mandate: it may do nothing but look after itself."""
    return Actor(
        kind=ActorKind.STAFF,
        key="none",
        user_id=user.pk,
        name=user.name,
        label="未分配岗位",
        region_prefix=NO_REGION,
    )


def actor_for(user_id: int, key: str) -> Actor | None:
    """The actor of a background job, made anew so that an ended posting no longer works.

    Args:
        user_id: the account.
        key: ``Actor.key`` of the capacity that started the job.
    """
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return None
    return next((actor for actor in capacities_of(user) if actor.key == key), None)


def at_address(actor: Actor, *, ip: str | None, request_id: str) -> Actor:
    """The same actor, with where the act came from (for the audit)."""
    return replace(actor, ip=ip, request_id=request_id)
