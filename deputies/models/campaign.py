"""Campaigns (主题活动): a theme for a period, in which deputies of several levels and regions take part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q, Value
from django.urls import reverse

from deputies.models.congress import CongressLevel
from deputies.models.duty import QuotaAudience
from deputies.states import CampaignStatus
from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.permissions import Permission

if TYPE_CHECKING:
    from liaison.actor import Actor


class CampaignQuerySet(ScopedQuerySet["Campaign"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: campaigns of their subtree in any state, and begun ones of the regions above them;
        a deputy: begun ones in whose region one of their mandates lies."""
        if actor.is_system:
            return self.all()
        begun = ~Q(status=CampaignStatus.DRAFT)
        if actor.is_congress and actor.can(Permission.CAMPAIGN_VIEW):
            return self._above(actor.region_prefix).filter(
                Q(region_prefix__startswith=actor.region_prefix) | (begun & Q(above=True))
            )
        if actor.is_deputy and actor.can(Permission.CAMPAIGN_VIEW):
            return self._above(actor.region_prefix).filter(begun, above=True)
        return self.none()

    def _above(self, prefix: str) -> Self:
        """Each with ``above``: whether its region holds the place of this prefix."""
        holds = [prefix[:length] for length in (2, 4, 6, 9) if length <= len(prefix)]
        return self.annotate(
            above=models.Case(
                models.When(region_prefix__in=holds, then=Value(True)),
                default=Value(False),
                output_field=models.BooleanField(),
            )
        )


class Campaign(PublicModel):
    """One campaign. ``levels`` and ``audience`` say which deputies it is for; ``topics`` are the reference topics,
    one a line. ``template`` names the prepared form from which it was made."""

    title = models.CharField("名称", max_length=80)
    theme = models.CharField("主题", max_length=200)
    template = models.CharField("模板", max_length=30, blank=True, editable=False)
    office = models.ForeignKey(
        "liaison.Organisation", on_delete=models.PROTECT, related_name="campaigns", verbose_name="组织机构"
    )
    region = models.ForeignKey("liaison.Region", on_delete=models.PROTECT, related_name="+", verbose_name="开展区域")
    region_prefix = models.CharField("区划前缀", max_length=9, db_collation="C", editable=False)
    levels = ArrayField(models.CharField(max_length=10, choices=CongressLevel), verbose_name="参加代表层级")
    audience = models.CharField("参加代表", max_length=12, choices=QuotaAudience, default=QuotaAudience.ALL)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    topics = models.TextField("参考选题", blank=True, validators=[MaxLengthValidator(2000)])
    purpose = models.TextField("活动要求", blank=True, validators=[MaxLengthValidator(4000)])
    status = models.CharField(
        "状态", max_length=10, choices=CampaignStatus, default=CampaignStatus.DRAFT, editable=False
    )

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "主题活动"
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["office", "title"], name="campaign_title_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="campaign_ends_after_start"),
            models.CheckConstraint(condition=~Q(levels=[]), name="campaign_has_levels"),
        ]
        indexes = [models.Index(fields=["region_prefix", "-starts_on", "-id"], name="campaign_region")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("campaigns:detail", args=[self.public_id])

    @property
    def status_tone(self) -> str:
        """The colour of the status tag."""
        return {CampaignStatus.DRAFT: "amber", CampaignStatus.RUNNING: "green"}.get(CampaignStatus(self.status), "grey")

    @property
    def level_labels(self) -> str:
        """The levels in words, in their order."""
        return "、".join(level.label for level in CongressLevel if level in self.levels)

    @property
    def topic_lines(self) -> list[str]:
        """The reference topics."""
        return [line.strip() for line in self.topics.splitlines() if line.strip()]
