"""The campaigns that the routes of the matrix are about."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from deputies.models import CampaignMedia
from tests.deputies.campaigns import make_campaign, make_quota

if TYPE_CHECKING:
    from deputies.models import Campaign
    from tests.cast import Cast


class CampaignsWorld:
    """Part of the ``World``."""

    cast: Cast

    @cached_property
    def campaign(self) -> Campaign:
        """Of the city's office, running, for all deputies."""
        return make_campaign(self.cast)

    @cached_property
    def draft_campaign(self) -> Campaign:
        """Of the city's office, not begun, with one requirement."""
        found = make_campaign(self.cast, title="筹备中的活动", status="draft")
        make_quota(campaign=found)
        return found

    @cached_property
    def campaign_media(self) -> CampaignMedia:
        """Noted by the city's office."""
        return CampaignMedia.objects.create(
            campaign=self.campaign,
            office=self.campaign.office,
            region_prefix=self.campaign.region_prefix,
            title="其他媒体报道",
            count=3,
        )
