"""What the media said of a campaign (媒体报道)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Q

from deputies.models.campaign import Campaign
from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.permissions import Permission

if TYPE_CHECKING:
    from liaison.actor import Actor


class CampaignMediaQuerySet(ScopedQuerySet["CampaignMedia"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: what offices of their subtree noted."""
        if actor.is_system:
            return self.all()
        if actor.is_congress and actor.can(Permission.CAMPAIGN_VIEW):
            return self.filter(region_prefix__startswith=actor.region_prefix)
        return self.none()


class CampaignMedia(PublicModel):
    """One piece with its address, or a number of further pieces without (``url`` empty); ``at_least`` says that
    there may be more (300多篇)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="media")
    office = models.ForeignKey(
        "liaison.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name="登记机构"
    )
    region_prefix = models.CharField("区划前缀", max_length=9, db_collation="C", editable=False)
    title = models.CharField("标题", max_length=120)
    outlet = models.CharField("媒体", max_length=60, blank=True)
    url = models.CharField(
        "网址",
        max_length=300,
        blank=True,
        validators=[URLValidator(["https"], message="请填写以 https:// 开头的完整网址。")],
    )
    published_on = models.DateField("发布日期", null=True, blank=True)
    count = models.PositiveIntegerField(
        "篇数", default=1, validators=[MinValueValidator(1, "至少1篇。"), MaxValueValidator(100_000, "请核对篇数。")]
    )
    at_least = models.BooleanField("以上", default=False)

    objects = CampaignMediaQuerySet.as_manager()

    class Meta:
        verbose_name = "主题活动媒体报道"
        ordering = ["-published_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(url="") | Q(count=1, at_least=False, published_on__isnull=False),
                name="campaignmedia_piece_is_one",
            ),
            models.UniqueConstraint(fields=["campaign", "url"], condition=~Q(url=""), name="campaignmedia_once"),
        ]

    def __str__(self) -> str:
        return self.title
