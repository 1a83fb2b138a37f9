"""A campaign as a deputy sees it on the phone: what is asked, done and remaining, and where to do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone

from deputies.selectors.campaign import entries_for, own_mandates, plans_for
from deputies.selectors.quota import asks_of, quota_lines
from deputies.states import CampaignStatus
from liaison.registry import registry

if TYPE_CHECKING:
    from django.http import HttpResponse

    from deputies.models import Campaign
    from liaison.faces import ActorRequest


def deputy_page(request: ActorRequest, campaign: Campaign) -> HttpResponse:
    """One's own lines only: no figures of others, no points, no ranking."""
    mandates = [one for one in own_mandates(request.actor) if asks_of(campaign, one)]
    year = min(timezone.localdate().year, campaign.ends_on.year)
    lines = quota_lines(mandates, year=year)
    running = campaign.status == CampaignStatus.RUNNING
    acts = [act for provide in registry.campaign_acts for act in provide(request.actor, campaign.public_id)]
    context = {
        "campaign": campaign,
        "year": year,
        "mine": {
            line.quota.pk: line
            for mandate in mandates
            for line in lines[mandate.pk]
            if line.quota.campaign_id == campaign.pk
        }.values(),
        "concerned": bool(mandates),
        "entries": entries_for(mandates, campaign),
        "plans": plans_for(mandates, campaign),
        "acts": acts if running and mandates else [],
    }
    return render(request, "deputies/campaign_deputy.html", context)
