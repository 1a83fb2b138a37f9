"""What is asked of deputies and how much of it is done: sums over the ledger against quotas (履职要求)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q, Sum

from deputies.models import DutyQuota, DutyTotal, QuotaAudience, QuotaPeriod
from deputies.states import CampaignStatus
from liaison.exceptions import NotFound
from liaison.numbers import quantity_text
from liaison.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet

    from deputies.models import Campaign, Congress, Mandate
    from liaison.actor import Actor


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """One requirement for one deputy.

    Args:
        quota: with ``campaign`` loaded.
        done: in the quota's unit, over its period.
    """

    quota: DutyQuota
    done: Decimal

    @property
    def remaining(self) -> Decimal:
        """What is missing; never below zero."""
        return max(Decimal(0), self.quota.minimum - self.done)

    @property
    def remaining_words(self) -> str:
        """还差10人."""
        return f"还差{quantity_text(self.remaining)}{self.quota.unit}"

    @property
    def is_met(self) -> bool:
        return self.done >= self.quota.minimum


def quota_lines(mandates: Iterable[Mandate], *, year: int) -> dict[int, list[QuotaLine]]:
    """What is asked of each of these deputies in a year, with what is done: three queries, however many they are.

    Args:
        mandates: with ``congress`` loaded.
        year: calendar year; term quotas count everything of the mandate. Of campaigns that touch the year, those for
            the time of the campaign count what was done for it, the yearly ones everything in the year (长沙2022:
            每年参加闭会期间的活动不少于4次). A campaign asks a person once: what they did under any mandate counts.

    Returns:
        mandate id → lines, those of the congress first.
    """
    found = list(mandates)
    quotas = list(
        DutyQuota.objects.filter(ended_on=None)
        .filter(
            Q(congress_id__in={mandate.congress_id for mandate in found})
            | (
                Q(campaign__starts_on__year__lte=year, campaign__ends_on__year__gte=year)
                & ~Q(campaign__status=CampaignStatus.DRAFT)
            )
        )
        .select_related("campaign")
        .order_by("campaign_id", "id")
    )
    if not quotas:
        return {mandate.pk: [] for mandate in found}
    sums = _sums(found, {kind for quota in quotas for kind in quota.kinds})

    def lines(mandate: Mandate) -> list[QuotaLine]:
        own = sums[mandate.person_id]
        return [QuotaLine(quota, _done(quota, mandate, own, year)) for quota in quotas if asks(quota, mandate)]

    return {mandate.pk: lines(mandate) for mandate in found}


def standing_quotas(quotas: QuerySet[DutyQuota]) -> list[DutyQuota]:
    """Those still asked, in the order in which they were set."""
    return list(quotas.filter(ended_on=None).order_by("id"))


def ended_quotas(quotas: QuerySet[DutyQuota]) -> list[DutyQuota]:
    """Those no longer asked, the last ended first."""
    return list(quotas.filter(ended_on__isnull=False).order_by("-ended_on", "-id"))


def may_ask(actor: Actor, congress: Congress) -> bool:
    """Whether the actor's office sets what is asked of this congress' deputies, as opposed to seeing it."""
    return actor.can(Permission.CAMPAIGN_EDIT) and congress.is_kept_by(actor)


def get_quota_for(actor: Actor, public_id: UUID | str) -> DutyQuota:
    """One requirement with its campaign or congress.

    Raises:
        NotFound: no such requirement, or not visible to the actor.
    """
    found = DutyQuota.objects.visible_to(actor).select_related("campaign__office", "congress__region")
    quota = found.filter(public_id=public_id).first()
    if quota is None:
        raise NotFound
    return quota


def asks(quota: DutyQuota, mandate: Mandate) -> bool:
    """Whether a quota is for this deputy: its congress, or a campaign's levels, region and audience."""
    if not QuotaAudience(quota.audience).includes(mandate.profession_class):
        return False
    if quota.campaign is None:
        return quota.congress_id == mandate.congress_id
    return asks_of(quota.campaign, mandate)


def asks_of(campaign: Campaign, mandate: Mandate) -> bool:
    """Whether a campaign concerns this deputy (``selectors.campaign.concerned_mandates`` says it in SQL)."""
    return (
        mandate.congress.level in campaign.levels
        and mandate.home_prefix.startswith(campaign.region_prefix)
        and mandate.started_on <= campaign.ends_on
        and (mandate.ended_on is None or mandate.ended_on >= campaign.starts_on)
        and QuotaAudience(campaign.audience).includes(mandate.profession_class)
    )


_Sum = tuple[int, int, str, str, int | None, Decimal]


def _sums(mandates: list[Mandate], kinds: set[str]) -> dict[int, list[_Sum]]:
    """By person: mandate, year, kind, kind of activity, campaign, sum."""
    people = {mandate.person_id for mandate in mandates}
    rows = (
        DutyTotal.objects.filter(mandate__person_id__in=people, kind__in=kinds)
        .values_list("mandate__person_id", "mandate_id", "year", "kind", "activity_kind", "campaign_id")
        .annotate(done=Sum("quantity"))
    )
    sums: dict[int, list[_Sum]] = defaultdict(list)
    for person_id, *rest in rows:
        sums[person_id].append(tuple(rest))
    return sums


def _done(quota: DutyQuota, mandate: Mandate, sums: list[_Sum], year: int) -> Decimal:
    return sum(
        (
            done
            for mandate_id, of_year, kind, activity_kind, campaign_id, done in sums
            if kind in quota.kinds
            and (not quota.activity_kinds or activity_kind in quota.activity_kinds)
            and (quota.campaign_id is not None or mandate_id == mandate.pk)
            and (quota.period != QuotaPeriod.CAMPAIGN or campaign_id == quota.campaign_id)
            and (quota.period != QuotaPeriod.YEAR or of_year == year)
        ),
        Decimal(0),
    )
