"""Placements (进站): which deputy belongs to which liaison station."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from deputies.models.station import Station, StationKind
from liaison.models.base import PublicModel, ScopedQuerySet

if TYPE_CHECKING:
    from liaison.actor import Actor


class PlacementQuerySet(ScopedQuerySet["Placement"]):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever sees the station; the public reads placements through the public selectors only."""
        if actor.is_anonymous:
            return self.none()
        return self.filter(station__in=Station.objects.visible_to(actor))

    def in_force(self) -> Self:
        """Placements that count now: not ended, of a mandate that has not ended."""
        return self.filter(ended_on__isnull=True, mandate__ended_on__isnull=True)


class Placement(PublicModel):
    """One deputy in one station. ``kind`` repeats the station's kind, which never changes: so the database can
    keep each mandate in at most one 代表联络站, with studios (代表工作室) besides."""

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="placements")
    mandate = models.ForeignKey("deputies.Mandate", on_delete=models.PROTECT, related_name="placements")
    kind = models.CharField("类别", max_length=10, choices=StationKind, editable=False)
    started_on = models.DateField("进站日期")
    ended_on = models.DateField("离站日期", null=True, blank=True)
    end_reason = models.CharField("离站原因", max_length=200, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = "代表进站"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["mandate"], condition=Q(kind=StationKind.STATION, ended_on=None), name="placement_one_station"
            ),
            models.UniqueConstraint(
                fields=["mandate", "station"], condition=Q(ended_on=None), name="placement_once_a_station"
            ),
            models.CheckConstraint(condition=~Q(kind=StationKind.ONLINE), name="placement_in_a_real_place"),
            models.CheckConstraint(
                condition=Q(ended_on=None, end_reason="")
                | (Q(ended_on__isnull=False, ended_on__gte=F("started_on")) & ~Q(end_reason="")),
                name="placement_ended_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mandate_id} {self.station_id}"
