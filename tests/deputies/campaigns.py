"""Campaigns for tests."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from deputies.models import Campaign, CongressLevel, DutyKind, DutyQuota, Mandate, QuotaPeriod
from deputies.services.duty import DutyFact, duty_set
from deputies.states import CampaignStatus
from liaison.actor import system_actor

if TYPE_CHECKING:
    from tests.cast import Cast


def make_campaign(cast: Cast, *, office: str = "city_office", **given: Any) -> Campaign:
    """A campaign of an office that runs this year, for deputies of all levels."""
    organisation = cast.offices[office]
    today = timezone.localdate()
    asked: dict[str, Any] = {
        "title": "走访联系群众",
        "theme": "我为群众办实事解难题",
        "office": organisation,
        "region": organisation.region,
        "region_prefix": organisation.region.prefix,
        "levels": list(CongressLevel.values),
        "starts_on": today - dt.timedelta(days=30),
        "ends_on": today + dt.timedelta(days=30),
        "status": CampaignStatus.RUNNING,
    }
    return Campaign.objects.create(**(asked | given))


#: Sources that nobody looks up.
_SOURCES = itertools.count(1_000_000)


def make_quota(kind: str = DutyKind.DEED, minimum: int = 1, **given: Any) -> DutyQuota:
    """A requirement of a campaign (during it) or of a congress (each year)."""
    asked = {"period": QuotaPeriod.CAMPAIGN if given.get("campaign") else QuotaPeriod.YEAR, "words": f"{kind}{minimum}"}
    return DutyQuota.objects.create(kind=kind, minimum=minimum, **(asked | given))


def did(mandate: Mandate, kind: str, quantity: int = 1, *, campaign: Campaign | None = None, **given: Any) -> None:
    """The ledger says so, from a source of its own.

    ``together``: further deputies of whom the same source says the same.
    """
    together: list[Mandate] = given.pop("together", [])
    asked: dict[str, Any] = {"on": timezone.localdate(), "title": "走访", "campaign_id": campaign and campaign.pk}
    if kind == DutyKind.ACTIVITY:
        asked["activity_kind"] = "group"
    facts = [
        DutyFact(mandate_id=one.pk, kind=kind, quantity=quantity, **(asked | given)) for one in (mandate, *together)
    ]
    duty_set(actor=system_actor(), source=DutyQuota(pk=next(_SOURCES)), facts=facts)
