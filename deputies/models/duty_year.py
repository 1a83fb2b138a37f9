"""The yearly freeze (年度归档): a congress's figures of one calendar year, kept with a hash; and who was reminded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.urls import reverse

from deputies.models.congress import Congress
from deputies.models.duty import ActivityKind, DutyKind
from deputies.models.mandate import Mandate
from liaison.models.base import PublicModel, ScopedQuerySet, append_only
from liaison.permissions import Permission

if TYPE_CHECKING:
    from liaison.actor import Actor


class DutyYearQuerySet(ScopedQuerySet["DutyYear"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: of the congresses of their subtree; one above holds other places' deputies. Deputies read
        their own figures in their file."""
        if actor.is_system:
            return self.all()
        if actor.is_congress and actor.can(Permission.DUTY_VIEW):
            return self.filter(congress__region__prefix__startswith=actor.region_prefix)
        return self.none()


class DutyYear(PublicModel):
    """A year of a congress was closed. ``sha256`` is over the canonical text of its figures (docs/operations.md)."""

    congress = models.ForeignKey(Congress, on_delete=models.PROTECT, related_name="duty_years")
    year = models.PositiveSmallIntegerField("年度")
    deputies = models.PositiveIntegerField("代表人数")
    figures_count = models.PositiveIntegerField("数据条数")
    open_contests = models.PositiveIntegerField("未处理的异议")
    unchecked = models.PositiveIntegerField("未核对的代表")
    sha256 = models.CharField("校验值", max_length=64)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closer_name = models.CharField("归档人", max_length=60)

    objects = DutyYearQuerySet.as_manager()

    class Meta:
        verbose_name = "履职年度归档"
        ordering = ["-year", "id"]
        constraints = [models.UniqueConstraint(fields=["congress", "year"], name="dutyyear_once")]
        triggers = [append_only("dutyyear_append_only")]

    def __str__(self) -> str:
        return f"{self.congress}{self.year}年履职归档"

    def get_absolute_url(self) -> str:
        return reverse("duty:year", args=[self.public_id])


class DutyFigure(models.Model):
    """One frozen figure: one deputy, one kind. The certificate number is kept as it was."""

    duty_year = models.ForeignKey(DutyYear, on_delete=models.PROTECT, related_name="figures")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="duty_figures")
    certificate_number = models.CharField("代表证号", max_length=30)
    kind = models.CharField("事项", max_length=20, choices=DutyKind)
    activity_kind = models.CharField("活动类别", max_length=20, choices=ActivityKind, blank=True)
    quantity = models.DecimalField("数量", max_digits=9, decimal_places=1)

    class Meta:
        verbose_name = "归档数据"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["duty_year", "mandate", "kind", "activity_kind"], name="dutyfigure_once")
        ]
        triggers = [append_only("dutyfigure_append_only")]

    def __str__(self) -> str:
        return f"{self.certificate_number} {self.kind}: {self.quantity}"


class DutyReminder(models.Model):
    """A deputy was told what is missing in a year (年度履职提醒): once."""

    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="duty_reminders")
    year = models.PositiveSmallIntegerField("年度")
    missing = models.PositiveSmallIntegerField("未完成项数")
    told_at = models.DateTimeField("提醒时间", auto_now_add=True)

    class Meta:
        verbose_name = "年度履职提醒"
        constraints = [models.UniqueConstraint(fields=["mandate", "year"], name="dutyreminder_once")]

    def __str__(self) -> str:
        return f"{self.mandate_id} {self.year}"


class DutyBehindNotice(models.Model):
    """The office of a congress was told who is behind in a year: once."""

    congress = models.ForeignKey(Congress, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    behind = models.PositiveIntegerField("未完成代表数")
    told_at = models.DateTimeField("提醒时间", auto_now_add=True)

    class Meta:
        verbose_name = "年度履职未完成名单提醒"
        constraints = [models.UniqueConstraint(fields=["congress", "year"], name="dutybehindnotice_once")]

    def __str__(self) -> str:
        return f"{self.congress_id} {self.year}"
