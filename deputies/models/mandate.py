"""Mandates (代表资格): one person, one congress in one term, one certificate number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.permissions import Permission

if TYPE_CHECKING:
    from liaison.actor import Actor


class ProfessionClass(models.TextChoices):
    """The groups by which deputies are called on (代表类别)."""

    ENTREPRENEUR = "entrepreneur", "企业家"
    RURAL = "rural", "农村"
    PROFESSIONAL = "professional", "专业技术"
    CADRE = "cadre", "领导干部"
    OTHER = "other", "其他"


class MandateQuerySet(ScopedQuerySet["Mandate"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: mandates of congresses in their subtree, and mandates of higher congresses
        elected from there; a deputy: their own."""
        if actor.is_system:
            return self.all()
        if actor.is_congress and actor.can(Permission.DEPUTY_VIEW):
            return self.filter(home_prefix__startswith=actor.region_prefix)
        if actor.is_deputy:
            return self.filter(person_id=actor.person_id)
        return self.none()

    def in_force(self) -> Self:
        """Mandates that count now."""
        return self.filter(ended_on__isnull=True)


@pghistory.track(exclude=["created_at", "updated_at"])
class Mandate(PublicModel):
    """A person's mandate in a congress. ``home_prefix`` is the region by which staff find it: the
    electoral unit's region, else the congress's (so a county sees the provincial deputies elected there)."""

    person = models.ForeignKey(
        "deputies.Person", on_delete=models.PROTECT, related_name="mandates", verbose_name="代表"
    )
    congress = models.ForeignKey(
        "deputies.Congress", on_delete=models.PROTECT, related_name="mandates", verbose_name="届次"
    )
    electoral_unit = models.ForeignKey(
        "deputies.ElectoralUnit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mandates",
        verbose_name="选举单位",
    )
    certificate_number = models.CharField(
        "代表证号",
        max_length=30,
        validators=[RegexValidator(r"^[A-Za-z0-9-]{4,30}$", "代表证号为4至30位字母、数字或短横线。")],
    )
    profession_class = models.CharField("代表类别", max_length=15, choices=ProfessionClass)
    home_prefix = models.CharField("所属区划前缀", max_length=9, db_collation="C", editable=False)
    started_on = models.DateField("任期开始")
    ended_on = models.DateField("资格终止日", null=True, blank=True)
    end_reason = models.CharField("终止原因", max_length=100, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = "代表资格"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["certificate_number"], name="mandate_certificate_number"),
            models.UniqueConstraint(
                fields=["person", "congress"], condition=Q(ended_on__isnull=True), name="mandate_once_per_congress"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="mandate_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["home_prefix", "id"], name="mandate_home")]

    def __str__(self) -> str:
        return f"{self.congress.short_name}代表 {self.certificate_number}"
