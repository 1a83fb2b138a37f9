"""Reading who came on reception days, and which days wait for it to be recorded."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from deputies.models import Mandate, Placement, RotaAttendance, RotaDay
from liaison.permissions import Permission

if TYPE_CHECKING:
    from deputies.models import MandateQuerySet, Station
    from deputies.models.station import RotaDayQuerySet
    from liaison.actor import Actor

#: How far back a station's page shows days, and 我的待办 asks for them.
DAYS_BACK = 60


def may_have_come(day: RotaDay) -> MandateQuerySet:
    """Who was put on the day, and who was placed in the station on that day; by name."""
    placed = Placement.objects.unscoped(reason="the station's own deputies").filter(station_id=day.station_id)
    placed = placed.filter(started_on__lte=day.on).filter(Q(ended_on=None) | Q(ended_on__gte=day.on))
    found = Mandate.objects.unscoped(reason="the station's own deputies")
    found = found.filter(
        Q(pk__in=day.duties.values("mandate_id"))
        | Q(pk__in=placed.values("mandate_id"))
        | Q(rota_visits__attendance__rota_day=day)
    )
    return found.select_related("person", "congress").distinct().order_by("person__name", "id")


def attendance_of(day: RotaDay) -> RotaAttendance | None:
    """What was recorded of a day, with ``visits``; None when nothing was."""
    found = RotaAttendance.objects.unscoped(reason="of a day that the caller sees").filter(rota_day=day)
    return found.prefetch_related("visits").first()


def past_days(station: Station) -> list[RotaDay]:
    """The days of the last weeks that stood, newest first, each with ``duties`` and, where recorded, ``attendance``
    with its visits (three queries)."""
    today = timezone.localdate()
    found = RotaDay.objects.unscoped(reason="of a station that the actor sees").standing()
    found = found.filter(station=station, on__range=(today - dt.timedelta(days=DAYS_BACK), today))
    found = found.select_related("attendance").prefetch_related("duties__mandate__person", "attendance__visits")
    return list(found.order_by("-on", "-starts_at", "-id"))


def days_to_record(actor: Actor) -> RotaDayQuerySet:
    """Past days of the stations that the actor keeps, of which nobody has recorded who came."""
    today = timezone.localdate()
    found = RotaDay.objects.visible_to(actor).standing()
    if not actor.is_congress or not actor.can(Permission.STATION_EDIT):
        return found.none()
    found = found.filter(station__office_id=actor.organisation_id, attendance=None)
    return found.filter(on__range=(today - dt.timedelta(days=DAYS_BACK), today - dt.timedelta(days=1)))
