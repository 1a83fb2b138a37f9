"""Who is to be told: the people of an organisation."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from liaison.models import Posting, User
from liaison.permissions import OrganisationKind, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.db.models import QuerySet

#: The roles that do the work, as opposed to looking on or administering.
WORKING_ROLES = (Role.HANDLER, Role.APPROVER)


def people_of(organisation_ids: Iterable[int | None], *, roles: Iterable[Role] = WORKING_ROLES) -> QuerySet[User]:
    """Active users with a posting in force in these organisations, in these roles, each once."""
    wanted = [pk for pk in organisation_ids if pk is not None]
    return User.objects.filter(
        is_active=True,
        postings__organisation_id__in=wanted,
        postings__ended_at__isnull=True,
        postings__role__in=list(roles),
    ).distinct()


def people_by_organisation(
    organisation_ids: Collection[int], *, roles: Iterable[Role] = WORKING_ROLES
) -> dict[int, list[User]]:
    """The same people, for each organisation (one query); organisations without people are left out."""
    found: dict[int, dict[int, User]] = defaultdict(dict)
    postings = (
        Posting.objects.unscoped(reason="whom to tell is no reader's choice")
        .in_force()
        .filter(organisation_id__in=organisation_ids, role__in=list(roles))
        .select_related("user")
        .only("organisation_id", "user__email", "user__is_active", "user__name")
        .order_by("id")
    )
    for posting in postings if organisation_ids else ():
        found[posting.organisation_id].setdefault(posting.user_id, posting.user)
    return {organisation_id: list(people.values()) for organisation_id, people in found.items()}


def administrators_over(prefix: str) -> list[User]:
    """The system administrators of the congress office of a region; where it has none, of the next one above it."""
    postings = (
        Posting.objects.unscoped(reason="whom to tell is no reader's choice")
        .in_force()
        .filter(
            role=Role.SYSTEM_ADMIN,
            user__is_active=True,
            organisation__kind=OrganisationKind.CONGRESS,
            organisation__region__prefix__in=[prefix[:length] for length in range(1, len(prefix) + 1)],
        )
        .select_related("user", "organisation__region")
    )
    found: dict[str, list[User]] = defaultdict(list)
    for posting in postings:
        found[posting.organisation.region.prefix].append(posting.user)
    return found[max(found, key=len)] if found else []
