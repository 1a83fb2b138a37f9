"""Reading congresses, their sessions, units and rules, and the regions where one may be registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from deputies.models import Congress, CongressSettings, ElectoralUnit, Mandate, Session
from liaison.exceptions import NotFound
from liaison.models import Region
from liaison.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from deputies.models.congress import CongressQuerySet
    from liaison.actor import Actor


def congress_list(actor: Actor, region: Region | None) -> QuerySet[Congress]:
    """The congresses of a region and of the level below it, and the higher ones that hold deputies from here; each
    with ``prefix`` to order by, ``in_force`` (deputies in force) and ``sessions_held`` (one query)."""
    found = Congress.objects.visible_to(actor)
    if region is not None:
        found = found.filter(_near(region))
    mandates = Mandate.objects.unscoped(reason="a number only").in_force().filter(congress=OuterRef("pk"))
    counted = mandates.order_by().values("congress").annotate(number=Count("pk")).values("number")
    sessions = Session.objects.filter(congress=OuterRef("pk")).order_by().values("congress")
    held = sessions.annotate(number=Count("pk")).values("number")
    return found.select_related("region").annotate(
        prefix=F("region__prefix"),
        in_force=Coalesce(Subquery(counted), 0),
        sessions_held=Coalesce(Subquery(held), 0),
    )


def get_congress_for(actor: Actor, public_id: UUID | str) -> Congress:
    """One congress with region, office and rules.

    Raises:
        NotFound: no such congress, or not visible to the actor.
    """
    found = Congress.objects.visible_to(actor).select_related("region", "office", "settings")
    congress = found.filter(public_id=public_id).first()
    if congress is None:
        raise NotFound
    return congress


def may_edit(actor: Actor, congress: Congress) -> bool:
    """Whether the actor maintains this congress, as opposed to seeing a higher one."""
    return actor.can(Permission.DEPUTY_EDIT) and congress.region.prefix.startswith(actor.region_prefix)


def settings_of(congress: Congress) -> CongressSettings:
    """The rules of a congress; the defaults (not saved) where nobody has set any."""
    try:
        return congress.settings
    except CongressSettings.DoesNotExist:
        return CongressSettings(congress=congress)


def sessions_of(congress: Congress) -> list[Session]:
    """The sessions, newest first."""
    return list(congress.sessions.order_by("-number"))


def get_session_of(congress: Congress, session_id: int) -> Session:
    """One session of a congress that the actor sees.

    Raises:
        NotFound: no such session of this congress.
    """
    session = congress.sessions.filter(pk=session_id).first()
    if session is None:
        raise NotFound
    return session


def units_of(congress: Congress) -> QuerySet[ElectoralUnit]:
    """The electoral units by name, each with ``deputies``, the number of mandates in force (one query)."""
    in_force = Count("mandates", filter=Q(mandates__ended_on=None))
    return congress.electoral_units.select_related("region").annotate(deputies=in_force).order_by("name")


def units_within(actor: Actor, congress: Congress) -> QuerySet[ElectoralUnit]:
    """The electoral units for which the actor may register deputies: all of an own congress, of a higher one
    those that stand for a place in the actor's subtree."""
    units = congress.electoral_units.order_by("name")
    if congress.region.prefix.startswith(actor.region_prefix):
        return units
    return units.filter(region__prefix__startswith=actor.region_prefix)


def get_unit_of(congress: Congress, unit_id: int) -> ElectoralUnit:
    """One electoral unit of a congress that the actor sees.

    Raises:
        NotFound: no such unit of this congress.
    """
    unit = congress.electoral_units.select_related("region").filter(pk=unit_id).first()
    if unit is None:
        raise NotFound
    return unit


def congresses_to_fill(actor: Actor) -> CongressQuerySet:
    """The congresses in which the actor may register deputies: own and lower ones, and higher ones that have
    an electoral unit in the actor's subtree. Terms that have ended come last."""
    own = Q(region__prefix__startswith=actor.region_prefix)
    elected_here = Q(electoral_units__region__prefix__startswith=actor.region_prefix)
    found = Congress.objects.visible_to(actor).filter(
        own | Q(pk__in=Congress.objects.filter(elected_here).values("pk"))
    )
    return found.select_related("region").order_by("region__prefix", F("ends_on").desc(nulls_first=True), "-term")


MOST_OFFERED = 200


def congresses_below(actor: Actor, region: Region) -> list[Congress]:
    """For a choice: the congresses of a region and of the level below it, and the higher ones (at most 200)."""
    found = Congress.objects.visible_to(actor).filter(_near(region))
    return list(found.order_by("region__prefix", "-term")[:MOST_OFFERED])


def _near(region: Region) -> Q:
    above = [region.prefix[:length] for length in (2, 4, 6) if length < len(region.prefix)]
    return Q(region=region) | Q(region__parent=region) | Q(region__prefix__in=above)


def region_choices(actor: Actor, code: str = "") -> tuple[list[Region], list[Region]]:
    """For choosing a place step by step: the way down to a region, and what lies directly below it.

    Args:
        code: the region chosen so far; the actor's own when empty, unknown, or outside the actor's subtree.
    """
    subtree = Region.objects.visible_to(actor).subtree(actor.region_prefix)
    here = subtree.filter(code=code).select_related("parent__parent__parent").first() if code.isdigit() else None
    if here is None:
        here = subtree.order_by("prefix").select_related("parent__parent__parent").first()
    if here is None:
        return [], []
    way = [here]
    while way[0].parent is not None and way[0].prefix != actor.region_prefix:
        way.insert(0, way[0].parent)
    return way, list(subtree.filter(parent=here).order_by("prefix"))


def regions_of(congress: Congress) -> QuerySet[Region]:
    """The divisions for which an electoral unit of this congress may stand: its own and those one level below."""
    region = congress.region
    return Region.objects.filter(Q(pk=region.pk) | Q(parent=region), is_active=True).order_by("prefix")
