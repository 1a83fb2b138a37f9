"""Postings (任职): which role a user has in which organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.permissions import Role

if TYPE_CHECKING:
    from liaison.actor import Actor


class PostingQuerySet(ScopedQuerySet["Posting"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff see the postings in their subtree; others those of their organisation."""
        if actor.is_system:
            return self.all()
        if actor.is_congress:
            return self.filter(organisation__region__prefix__startswith=actor.region_prefix)
        if actor.organisation_id is not None:
            return self.filter(organisation_id=actor.organisation_id)
        return self.none()

    def in_force(self) -> Self:
        """Postings that count now: not ended, of an active user in an active organisation."""
        return self.filter(ended_at__isnull=True, user__is_active=True, organisation__is_active=True)


class Posting(PublicModel):
    """A user's role in an organisation, from ``started_at`` until ``ended_at``."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="postings")
    organisation = models.ForeignKey("liaison.Organisation", on_delete=models.PROTECT, related_name="postings")
    role = models.CharField("角色", max_length=20, choices=Role)
    started_at = models.DateTimeField("开始时间", auto_now_add=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = "任职"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(ended_at__isnull=True),
                name="posting_once_per_role",
            ),
            # 等保 asks that the system, security and audit administrators be different people.
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(ended_at__isnull=True, role__in=[Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR]),
                name="posting_administrators_apart",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="posting_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_role_display()}"
