"""Reading organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, F, Q

from liaison.exceptions import NotFound
from liaison.models import Organisation, Region
from liaison.models.region import RegionLevel

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from liaison.actor import Actor


def organisation_list(
    actor: Actor, *, view: str = "active", q: str = "", kind: str = "", prefix: str = ""
) -> QuerySet[Organisation]:
    """Organisations in the actor's region, with the number of people in each (``people``)."""
    found = Organisation.objects.visible_to(actor).filter(is_active=view != "inactive")
    if q:
        found = found.filter(Q(name__icontains=q) | Q(short_name__icontains=q) | Q(department__icontains=q))
    if kind:
        found = found.filter(kind=kind)
    if prefix:
        found = found.filter(region__prefix__startswith=prefix)
    people = Count(
        "postings__user", filter=Q(postings__ended_at__isnull=True, postings__user__is_active=True), distinct=True
    )
    return found.select_related("region").annotate(people=people, prefix=F("region__prefix"))


def organisation_choices(actor: Actor) -> QuerySet[Organisation]:
    """Organisations in use in the actor's region, for a form."""
    return Organisation.objects.visible_to(actor).active().select_related("region").order_by("region__prefix", "name")


def get_organisation_for(actor: Actor, public_id: UUID | str) -> Organisation:
    """One organisation.

    Raises:
        NotFound: unknown, or not visible to the actor.
    """
    organisation = Organisation.objects.visible_to(actor).select_related("region").filter(public_id=public_id).first()
    if organisation is None:
        raise NotFound
    return organisation


def region_choices(actor: Actor, *, with_townships: bool = True) -> QuerySet[Region]:
    """Divisions in force of the actor's subtree, from the top down.

    Args:
        with_townships: False for a filter, where two thousand lines would help nobody.
    """
    found = Region.objects.visible_to(actor).subtree(actor.region_prefix).filter(statistical_only=False)
    if not with_townships and len(actor.region_prefix) < 6:
        found = found.exclude(level=RegionLevel.TOWNSHIP)
    return found.order_by("prefix")
