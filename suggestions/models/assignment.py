"""Assignments (交办): which unit handles a suggestion, in which role."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from liaison.models.base import PublicModel


class AssignmentRole(models.TextChoices):
    """How a unit takes part (rulebook section 1)."""

    MAIN = "main", "主办"


@pghistory.track(exclude=["created_at", "updated_at"])
class Assignment(PublicModel):
    """One unit's task on one suggestion, with the letter that handed it over (an attachment of the assignment)."""

    suggestion = models.ForeignKey("suggestions.Suggestion", on_delete=models.PROTECT, related_name="assignments")
    unit = models.ForeignKey("liaison.Organisation", on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField("承办方式", max_length=10, choices=AssignmentRole, default=AssignmentRole.MAIN)
    requirement = models.TextField("办理要求", blank=True)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_on = models.DateField("交办日期")
    signed_at = models.DateTimeField("签收时间", null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = "交办"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["suggestion"],
                condition=Q(role=AssignmentRole.MAIN, ended_at__isnull=True),
                name="assignment_one_main_unit",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="assignment_signed_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["unit", "suggestion"], name="assignment_unit")]

    def __str__(self) -> str:
        return f"{self.suggestion_id}→{self.unit_id}"
