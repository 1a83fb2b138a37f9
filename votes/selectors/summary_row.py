"""Reading the rows that staff enter for places that do not use the portal (年度手工汇总)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, F

from liaison.exceptions import NotFound
from liaison.models import Region
from liaison.models.region import RegionKind, RegionLevel
from votes.models import Programme, YearSummary
from votes.selectors.summary import require_staff

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from liaison.actor import Actor


def summary_rows(actor: Actor, *, year: int | None = None) -> QuerySet[YearSummary]:
    """The entered rows of the actor's subtree, with ``prefix`` to order by."""
    require_staff(actor)
    rows = YearSummary.objects.visible_to(actor).select_related("region").annotate(prefix=F("region__prefix"))
    return rows.filter(year=year) if year else rows


def row_years(actor: Actor) -> list[int]:
    """The years with entered rows, newest first."""
    years = YearSummary.objects.visible_to(actor).order_by("-year").values_list("year", flat=True)
    return list(years.distinct())


def get_row_for(actor: Actor, public_id: UUID | str) -> YearSummary:
    """One entered row.

    Raises:
        NotFound: no such row, or outside the actor's subtree.
    """
    row = YearSummary.objects.visible_to(actor).select_related("region").filter(public_id=public_id).first()
    if row is None:
        raise NotFound
    return row


def regions_to_enter(actor: Actor) -> QuerySet[Region]:
    """The regions for which the actor may enter rows: those with a congress in the subtree, townships only for
    whom they are few (county offices and below)."""
    found = Region.objects.visible_to(actor).subtree(actor.region_prefix).filter(statistical_only=False)
    found = found.exclude(kind__in=[RegionKind.SUBDISTRICT, RegionKind.QUASI, RegionKind.STATISTICAL_ZONE])
    if len(actor.region_prefix) < 6:
        found = found.exclude(level=RegionLevel.TOWNSHIP)
    return found.order_by("prefix")


def portal_congresses(actor: Actor, region: Region, year: int, level: str) -> int:
    """How many congresses of a region use the portal in a year: they must not be in its entered row."""
    found = Programme.objects.visible_to(actor).filter(
        region_prefix__startswith=region.prefix, year=year, congress__level=level
    )
    return int(found.aggregate(number=Count("region_prefix", distinct=True))["number"])
