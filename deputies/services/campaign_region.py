"""Carrying a campaign out below (落实): a lower office joins with its own plan, contact and period inside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from deputies.models import CampaignRegion
from deputies.services.campaign_locking import campaign_seen
from deputies.services.checks import clean_model, integrity_as_input, require_fresh, require_text
from liaison.exceptions import DomainError, InvalidInput, NotAllowed
from liaison.models import Organisation
from liaison.permissions import Permission
from liaison.services.audit import record_audit

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from deputies.models import Campaign
    from liaison.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFacts:
    """A region's own plan.

    Args:
        contact: whom deputies ask, with a telephone number of the office.
    """

    plan: str
    contact: str
    starts_on: dt.date
    ends_on: dt.date


@transaction.atomic
def campaign_join(*, actor: Actor, campaign_id: UUID | str, facts: PlanFacts, version: str = "") -> CampaignRegion:
    """Say how the actor's region carries a running campaign out; said again, the plan is replaced.

    Raises:
        NotFound, NotAllowed, StaleVersion, InvalidInput: as elsewhere.
        DomainError: it does not run, or the actor's own region organises it.
    """
    campaign = campaign_seen(actor, campaign_id)
    actor.require(Permission.CAMPAIGN_EDIT)
    office = Organisation.objects.visible_to(actor).filter(pk=actor.organisation_id or 0).first()
    if not actor.is_congress or office is None:
        raise NotAllowed("主题活动由人大工作机构落实。")
    if not office.region.prefix.startswith(campaign.region_prefix) or office.region_id == campaign.region_id:
        raise DomainError("这项主题活动由本级组织或者不在本地区开展，不用落实。", code="campaign_own")
    own = CampaignRegion.objects.visible_to(actor).select_for_update(of=("self",))
    found = own.filter(campaign=campaign, region=office.region).first()
    if found is not None:
        require_fresh(found.updated_at, version)
    is_new = found is None
    row = found or CampaignRegion(campaign=campaign, region=office.region, region_prefix=office.region.prefix)
    row.office = office
    _fill(row, campaign, facts)
    with integrity_as_input():
        row.save()
    action = "campaign.join" if is_new else "campaign.plan"
    detail = {"starts_on": row.starts_on.isoformat(), "ends_on": row.ends_on.isoformat()}
    record_audit(actor=actor, action=action, target=campaign, detail=detail, region_prefix=row.region_prefix)
    return row


def _fill(row: CampaignRegion, campaign: Campaign, facts: PlanFacts) -> None:
    row.plan = require_text(facts.plan, field="plan", message="请填写落实方案。")
    row.contact = require_text(facts.contact, field="contact", message="请填写联系方式，例如联工委电话。")
    row.starts_on, row.ends_on = facts.starts_on, facts.ends_on
    wrong: dict[str, str] = {}
    if not campaign.starts_on <= row.starts_on <= campaign.ends_on:
        wrong["starts_on"] = f"要在{campaign.starts_on:%Y-%m-%d}到{campaign.ends_on:%Y-%m-%d}之间。"
    if not campaign.starts_on <= row.ends_on <= campaign.ends_on:
        wrong["ends_on"] = f"要在{campaign.starts_on:%Y-%m-%d}到{campaign.ends_on:%Y-%m-%d}之间。"
    elif row.ends_on < row.starts_on:
        wrong["ends_on"] = "结束日期不能早于开始日期。"
    if wrong:
        raise InvalidInput("有内容需要更正。", fields=wrong)
    clean_model(row, exclude=["campaign", "office", "region"])
