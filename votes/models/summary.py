"""Yearly summary rows (年度汇总): figures of places that do not use the portal yet. Money in 万元."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Self

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from liaison.models.base import PublicModel, ScopedQuerySet

if TYPE_CHECKING:
    from liaison.actor import Actor


class SummaryLevel(models.TextChoices):
    """Congresses of which level a row counts (统计层级)."""

    COUNTY = "county", "县级"
    TOWNSHIP = "township", "乡级"


class YearSummaryQuerySet(ScopedQuerySet["YearSummary"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: their subtree."""
        if actor.is_system:
            return self.all()
        if actor.is_congress:
            return self.filter(region__prefix__startswith=actor.region_prefix)
        return self.none()


@pghistory.track(exclude=["created_at", "updated_at"])
class YearSummary(PublicModel):
    """Figures of one region, year and level, entered by hand."""

    region = models.ForeignKey("liaison.Region", on_delete=models.PROTECT, related_name="+", verbose_name="地区")
    year = models.PositiveSmallIntegerField("年度", validators=[MinValueValidator(2015), MaxValueValidator(2100)])
    level = models.CharField("层级", max_length=10, choices=SummaryLevel)
    congresses = models.PositiveIntegerField("人大数")
    voting = models.PositiveIntegerField("实行票决数")
    projects = models.PositiveIntegerField("票决项目数")
    investment = models.DecimalField(
        "投资额（万元）", max_digits=14, decimal_places=2, validators=[MinValueValidator(0)]
    )
    finished = models.PositiveIntegerField("完成项目数", null=True, blank=True)
    satisfied = models.PositiveIntegerField("满意票", null=True, blank=True)
    rated = models.PositiveIntegerField("有效测评票", null=True, blank=True)
    source = models.CharField("数据来源", max_length=200)

    objects = YearSummaryQuerySet.as_manager()

    class Meta:
        verbose_name = "年度汇总"
        ordering = ["-year", "region__prefix", "level"]
        constraints = [
            models.UniqueConstraint(fields=["region", "year", "level"], name="yearsummary_once"),
            models.CheckConstraint(condition=Q(voting__lte=F("congresses")), name="yearsummary_voting"),
            models.CheckConstraint(
                condition=Q(finished__isnull=True) | Q(finished__lte=F("projects")), name="yearsummary_finished"
            ),
            models.CheckConstraint(
                condition=Q(satisfied__isnull=True, rated__isnull=True)
                | Q(satisfied__isnull=False, rated__isnull=False, satisfied__lte=F("rated")),
                name="yearsummary_rated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region}{self.year}年{self.get_level_display()}汇总"

    @property
    def yuan(self) -> Decimal:
        """The money in yuan, for the ``money`` filter."""
        return self.investment * 10_000

    def get_absolute_url(self) -> str:
        return reverse("summary:edit", args=[self.public_id])
