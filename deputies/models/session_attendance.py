"""Who came to a session of the congress (会议出席登记): recorded for all its deputies on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

from deputies.models.mandate import Mandate
from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.permissions import Permission

if TYPE_CHECKING:
    from liaison.actor import Actor


class Presence(models.TextChoices):
    """Whether a deputy came. Absence without leave, twice, is what 代表法 62(三) speaks of."""

    PRESENT = "present", "出席"
    EXCUSED = "excused", "请假（已批准）"
    ABSENT = "absent", "未经批准缺席"


class SessionRollQuerySet(ScopedQuerySet["SessionRoll"]):
    def visible_to(self, actor: Actor) -> Self:
        """The staff who keep the congress."""
        if actor.is_system:
            return self.all()
        if actor.is_congress and actor.can(Permission.DUTY_VIEW):
            return self.filter(session__congress__region__prefix__startswith=actor.region_prefix)
        return self.none()


class SessionRoll(PublicModel):
    """The roll of one session: what staff save at once, all or nothing. It is the source of the ledger's entries."""

    session = models.OneToOneField("deputies.Session", on_delete=models.PROTECT, related_name="roll")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = SessionRollQuerySet.as_manager()

    class Meta:
        verbose_name = "会议出席登记"

    def __str__(self) -> str:
        return f"{self.session}出席登记"


class SessionAttendance(models.Model):
    """One deputy at one session."""

    roll = models.ForeignKey(SessionRoll, on_delete=models.PROTECT, related_name="lines")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="session_attendances")
    presence = models.CharField("出席情况", max_length=8, choices=Presence)
    note = models.CharField("说明", max_length=100, blank=True)

    class Meta:
        verbose_name = "会议出席情况"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["roll", "mandate"], name="sessionattendance_once")]
        indexes = [
            models.Index(fields=["mandate"], condition=models.Q(presence="absent"), name="sessionattendance_absent")
        ]

    def __str__(self) -> str:
        return f"{self.mandate_id} {self.presence}"
