"""Who may act on a campaign: the office that organises it, and those that carry it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deputies.models import Campaign
from deputies.selectors.campaign import get_campaign_for, may_keep
from deputies.states import CampaignStatus
from liaison.exceptions import DomainError, NotAllowed, NotFound
from liaison.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor


def lock_campaign(actor: Actor, public_id: UUID | str) -> Campaign:
    """The campaign, locked for the rest of the transaction, by somebody of the office that organises it.

    Raises:
        NotFound: no such campaign, or not visible to the actor.
        NotAllowed: the role may not, or another office organises it.
    """
    found = Campaign.objects.visible_to(actor).select_for_update(of=("self",)).select_related("region", "office")
    campaign = found.filter(public_id=public_id).first()
    if campaign is None:
        raise NotFound
    require_keeper(actor, campaign)
    return campaign


def require_keeper(actor: Actor, campaign: Campaign) -> None:
    """Only the office that organises a campaign changes it.

    Raises:
        NotAllowed: the role may not, or another office organises it.
    """
    actor.require(Permission.CAMPAIGN_EDIT)
    if not may_keep(actor, campaign):
        raise NotAllowed(f"这项主题活动由{campaign.office}组织，您可以查看，不能代为修改。")


def campaign_seen(actor: Actor, campaign_id: UUID | str) -> Campaign:
    """For acts of other offices on a campaign: one that the actor sees (``get_campaign_for``), and that runs.

    Raises:
        NotFound: not visible.
        DomainError: it does not run.
    """
    campaign = get_campaign_for(actor, campaign_id)
    if campaign.status != CampaignStatus.RUNNING:
        raise DomainError("这项主题活动不在进行中。", code="campaign_not_running")
    return campaign
