"""A lower region that takes part in a campaign (落实): with its own plan, contact and period inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q

from deputies.models.campaign import Campaign
from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.permissions import Permission

if TYPE_CHECKING:
    from liaison.actor import Actor


class CampaignRegionQuerySet(ScopedQuerySet["CampaignRegion"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: the regions of their own subtree; deputies read their region's plan on the campaign."""
        if actor.is_system:
            return self.all()
        if actor.is_congress and actor.can(Permission.CAMPAIGN_VIEW):
            return self.filter(region_prefix__startswith=actor.region_prefix)
        return self.none()


class CampaignRegion(PublicModel):
    """One office that carries a campaign out in its region. Its period lies inside the campaign's."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="regions")
    office = models.ForeignKey(
        "liaison.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name="落实机构"
    )
    region = models.ForeignKey("liaison.Region", on_delete=models.PROTECT, related_name="+", verbose_name="地区")
    region_prefix = models.CharField("区划前缀", max_length=9, db_collation="C", editable=False)
    plan = models.TextField("落实方案", validators=[MaxLengthValidator(4000)])
    contact = models.CharField("联系方式", max_length=60)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")

    objects = CampaignRegionQuerySet.as_manager()

    class Meta:
        verbose_name = "主题活动落实地区"
        ordering = ["region_prefix", "id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "region"], name="campaignregion_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="campaignregion_ends_after_start"),
            models.CheckConstraint(condition=~Q(plan=""), name="campaignregion_has_plan"),
        ]
        indexes = [models.Index(fields=["campaign", "region_prefix"], name="campaignregion_place")]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.region_prefix}"
