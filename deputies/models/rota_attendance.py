"""Who came on a reception day of a station (登记到站), and how many people they received."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models

from deputies.models.mandate import Mandate
from deputies.models.station import RotaDay
from liaison.models.base import PublicModel, ScopedQuerySet

if TYPE_CHECKING:
    from liaison.actor import Actor

#: More than that in one day is a slip of the finger.
MOST_PEOPLE = 500


class RotaAttendanceQuerySet(ScopedQuerySet["RotaAttendance"]):
    def visible_to(self, actor: Actor) -> Self:
        """Staff who see the station."""
        if not (actor.is_system or actor.is_congress):
            return self.none()
        return self.filter(rota_day__in=RotaDay.objects.visible_to(actor))


class RotaAttendance(PublicModel):
    """What was recorded of one reception day; ``version`` grows with each correction."""

    rota_day = models.OneToOneField(RotaDay, on_delete=models.PROTECT, related_name="attendance")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = RotaAttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = "到站登记"

    def __str__(self) -> str:
        return f"{self.rota_day}到站登记"


class RotaVisit(models.Model):
    """One deputy who came."""

    attendance = models.ForeignKey(RotaAttendance, on_delete=models.CASCADE, related_name="visits")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="rota_visits")
    people = models.PositiveSmallIntegerField("接待群众人数", default=0, validators=[MaxValueValidator(MOST_PEOPLE)])

    class Meta:
        verbose_name = "到站代表"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["attendance", "mandate"], name="rotavisit_once"),
            models.CheckConstraint(condition=models.Q(people__lte=MOST_PEOPLE), name="rotavisit_people"),
        ]

    def __str__(self) -> str:
        return f"{self.attendance_id} {self.mandate_id}"
