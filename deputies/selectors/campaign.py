"""Reading campaigns (主题活动): the list, one campaign, whom it concerns, what a form offers."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils import timezone

from deputies.models import (
    Campaign,
    CampaignMedia,
    CampaignRegion,
    CongressLevel,
    DutyEntry,
    Mandate,
    ProfessionClass,
    QuotaAudience,
)
from deputies.states import CampaignStatus
from liaison.exceptions import NotFound
from liaison.models import Organisation
from liaison.permissions import OrganisationKind, Permission
from liaison.selectors.people import people_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet

    from deputies.models import CampaignQuerySet, MandateQuerySet
    from liaison.actor import Actor
    from liaison.models import User

#: An ended campaign is offered so long in forms, for what is recorded late.
LATE = dt.timedelta(days=60)
CADRE = ProfessionClass.CADRE
#: Digits of the prefixes of the places that hold a place.
_LENGTHS = (2, 4, 6, 9)
#: Digits of a place's prefix → the level of its congress.
_LEVELS = {2: CongressLevel.PROVINCE, 4: CongressLevel.CITY, 6: CongressLevel.COUNTY, 9: CongressLevel.TOWNSHIP}


def campaign_list(actor: Actor) -> CampaignQuerySet:
    """The campaigns that the actor sees, with region and office."""
    return Campaign.objects.visible_to(actor).select_related("region", "office__region")


def get_campaign_for(actor: Actor, public_id: UUID | str) -> Campaign:
    """One campaign with region and office.

    Raises:
        NotFound: no such campaign, or not visible to the actor.
    """
    campaign = campaign_list(actor).filter(public_id=public_id).first()
    if campaign is None:
        raise NotFound
    return campaign


def may_keep(actor: Actor, campaign: Campaign) -> bool:
    """Whether the actor works for the office that organises it: only that office changes it."""
    return actor.is_system or (
        actor.is_congress and actor.can(Permission.CAMPAIGN_EDIT) and actor.organisation_id == campaign.office_id
    )


def campaign_choices(actor: Actor, mandates: Iterable[Mandate] | None = None) -> CampaignQuerySet:
    """The campaigns that a form offers: running ones, and those that ended in the last 60 days.

    Args:
        mandates: with ``congress`` loaded: only campaigns that concern one of them. When omitted, a deputy's own
            mandates; for staff every campaign that they see.
    """
    since = timezone.localdate() - LATE
    found = Campaign.objects.visible_to(actor).filter(
        Q(status=CampaignStatus.RUNNING) | Q(status=CampaignStatus.ENDED, ends_on__gte=since)
    )
    if mandates is None and actor.is_deputy:
        mandates = own_mandates(actor)
    if mandates is not None:
        found = found.filter(concerns(mandates))
    return found.order_by("-starts_on", "-id")


def own_mandates(actor: Actor) -> list[Mandate]:
    """The deputy's mandates in force, with congress and person (one query)."""
    found = Mandate.objects.visible_to(actor).in_force().filter(person_id=actor.deputy_id)
    return list(found.select_related("congress", "person").order_by("id"))


def concerns(mandates: Iterable[Mandate]) -> Q:
    """The condition on campaigns that at least one of these deputies may take part in: level, place, audience, and
    a mandate that runs in the campaign's time."""
    kinds = {
        (
            one.congress.level,
            one.home_prefix,
            one.profession_class == ProfessionClass.CADRE,
            one.started_on,
            one.ended_on,
        )
        for one in mandates
    }
    found = Q(pk__in=[])
    for level, home, is_cadre, started_on, ended_on in kinds:
        holds = [home[:length] for length in _LENGTHS if length <= len(home)]
        audience = [QuotaAudience.ALL, QuotaAudience.CADRE if is_cadre else QuotaAudience.GRASSROOTS]
        one = Q(levels__contains=[level], region_prefix__in=holds, audience__in=audience, ends_on__gte=started_on)
        if ended_on is not None:
            one &= Q(starts_on__lte=ended_on)
        found |= one
    return found


def concerned_mandates(campaign: Campaign, prefix: str = "") -> MandateQuerySet:
    """The deputies whom a campaign is for: of its levels, in its region, of its audience, with a mandate that runs
    in its time.

    Args:
        prefix: only those of this place inside the campaign's region.
    """
    found = Mandate.objects.unscoped(reason="whom a campaign concerns is its organiser's choice").filter(
        congress__level__in=campaign.levels,
        home_prefix__startswith=campaign.region_prefix,
        started_on__lte=campaign.ends_on,
    )
    found = found.filter(Q(ended_on=None) | Q(ended_on__gte=campaign.starts_on))
    if prefix:
        found = found.filter(home_prefix__startswith=prefix)
    if campaign.audience == QuotaAudience.CADRE:
        return found.filter(profession_class=CADRE)
    if campaign.audience == QuotaAudience.GRASSROOTS:
        return found.exclude(profession_class=CADRE)
    return found


def campaigns_concerning(actor: Actor) -> CampaignQuerySet:
    """For deputies: begun campaigns that concern them, running ones first."""
    found = campaign_list(actor).filter(concerns(own_mandates(actor)))
    return found.annotate(over=Q(status=CampaignStatus.ENDED)).order_by("over", F("starts_on").desc(), "-id")


def own_plan(actor: Actor, campaign: Campaign) -> CampaignRegion | None:
    """How the actor's own region carries it out; None when it does not (yet)."""
    plans = CampaignRegion.objects.visible_to(actor).select_related("region", "office")
    return plans.filter(campaign=campaign, region_prefix=actor.region_prefix).first()


def plans_for(mandates: Iterable[Mandate], campaign: Campaign) -> list[CampaignRegion]:
    """The plans of the regions in which these deputies stand, the widest first: what deputies read."""
    holds = {one.home_prefix[:length] for one in mandates for length in _LENGTHS if length <= len(one.home_prefix)}
    plans = CampaignRegion.objects.unscoped(reason="a deputy reads how their own region carries a campaign out")
    found = plans.filter(campaign=campaign, region_prefix__in=holds).select_related("region", "office")
    return list(found.order_by("region_prefix"))


def may_join(actor: Actor, campaign: Campaign) -> bool:
    """Whether the actor's office may carry this campaign out in a region below the organiser's."""
    return (
        actor.is_congress
        and actor.can(Permission.CAMPAIGN_EDIT)
        and campaign.status == CampaignStatus.RUNNING
        and campaign.region_prefix != actor.region_prefix
        and actor.region_prefix.startswith(campaign.region_prefix)
    )


def is_asked(campaign: Campaign, prefix: str) -> bool:
    """Whether the congress of a place below the organiser's is asked to carry it out: its level is one of the
    campaign's. Others may still say how they take part."""
    return prefix != campaign.region_prefix and _LEVELS.get(len(prefix)) in campaign.levels


def media_of(actor: Actor, campaign: Campaign) -> list[CampaignMedia]:
    """The pieces that offices of the actor's subtree noted, newest first, at most 100 (one query)."""
    found = CampaignMedia.objects.visible_to(actor).filter(campaign=campaign).select_related("office")
    return list(found.order_by(F("published_on").desc(nulls_last=True), "-id")[:100])


def get_media_for(actor: Actor, public_id: UUID | str) -> CampaignMedia:
    """One piece with its campaign.

    Raises:
        NotFound: no such piece, or not visible to the actor.
    """
    media = CampaignMedia.objects.visible_to(actor).select_related("campaign").filter(public_id=public_id).first()
    if media is None:
        raise NotFound
    return media


def entries_for(mandates: Iterable[Mandate], campaign: Campaign) -> list[DutyEntry]:
    """What the ledger says that these deputies did for a campaign, the newest first, at most 50 (one query)."""
    entries = DutyEntry.objects.unscoped(reason="the deputy's own entries").standing()
    found = entries.filter(campaign=campaign, mandate__in=list(mandates))
    return list(found.order_by("-on", "-id")[:50])


def waiting_campaigns(actor: Actor) -> tuple[int, int]:
    """For 我的待办: own campaigns past their last day that nobody ended, and running ones from above that ask
    the actor's level and that its region does not carry out yet (two queries)."""
    today = timezone.localdate()
    running = Campaign.objects.visible_to(actor).filter(status=CampaignStatus.RUNNING)
    over = running.filter(office_id=actor.organisation_id, ends_on__lt=today).count()
    joined = CampaignRegion.objects.visible_to(actor).filter(region_prefix=actor.region_prefix)
    holds = [actor.region_prefix[:length] for length in _LENGTHS if length <= len(actor.region_prefix)]
    above = running.filter(
        region_prefix__in=holds, ends_on__gte=today, levels__contains=[_LEVELS[len(actor.region_prefix)]]
    ).exclude(region_prefix=actor.region_prefix)
    return over, above.exclude(pk__in=joined.values("campaign_id")).count()


def offices_below(campaign: Campaign) -> QuerySet[User]:
    """The people of the congress offices below the organiser, of the campaign's levels: who carry it out."""
    offices = Organisation.objects.unscoped(reason="whom to tell is no reader's choice").active()
    offices = offices.filter(
        kind=OrganisationKind.CONGRESS,
        region__prefix__startswith=campaign.region_prefix,
        region__level__in=campaign.levels,
    )
    return people_of(offices.exclude(region=campaign.region_id).values_list("pk", flat=True))
