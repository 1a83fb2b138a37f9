"""Reading public profiles (公开信息) as their owners and staff see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deputies.models import Person, PublicProfile
from liaison.exceptions import NotFound

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor


def get_profiled_person(actor: Actor, public_id: UUID | str) -> Person:
    """A person with their public profile, if any (one query).

    Raises:
        NotFound: no such person, or not visible to the actor.
    """
    people = Person.objects.visible_to(actor).select_related("public_profile__photo")
    person = people.filter(public_id=public_id).first()
    if person is None:
        raise NotFound
    return person


def profile_of(person: Person) -> PublicProfile:
    """The person's public profile; an unsaved one with the defaults where nothing was chosen yet."""
    profile: PublicProfile | None = getattr(person, "public_profile", None)
    return profile if profile is not None else PublicProfile(person=person)
