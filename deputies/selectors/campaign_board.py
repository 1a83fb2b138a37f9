"""The scoreboard of a campaign (主题活动进展), live: sums over the duty ledger's totals, the region and those below it.

Nobody is ranked: regions stand in the order of their codes. Each reader sees the figures of their own subtree only.
The number of queries does not depend on how many deputies, entries or regions there are.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Sum
from django.db.models.functions import Left

from deputies.models import CampaignMedia, CampaignRegion, DutyEntry, DutyKind, DutyTotal
from deputies.selectors.activity import media_at_least, media_counts
from deputies.selectors.campaign import concerned_mandates, is_asked
from deputies.selectors.congress import region_choices
from deputies.states import CampaignStatus
from liaison.exceptions import NotFound

if TYPE_CHECKING:
    from deputies.models import Campaign, MandateQuerySet
    from liaison.actor import Actor
    from liaison.models import Region

K = DutyKind
#: Digits of a prefix → digits of the level below it.
BELOW = {2: 4, 4: 6, 6: 9, 9: 9}
#: What the table by region shows, in its order, with short headings.
COLUMNS = {
    K.OPINION_HEARD: "听取意见",
    K.OPINION_ON_SPOT: "现场答复",
    K.OPINION_HANDED: "转办",
    K.REPORT: "报告",
    K.SUGGESTION: "建议",
    K.SUGGESTION_PLANNED: "拟提建议",
    K.PROBLEM_SOLVED: "解决问题",
    K.DEED: "办实事",
}
#: Further sums, shown where there are any.
OTHERS = (K.ACTIVITY, K.RESEARCH_DAYS, K.PEOPLE_VISITED, K.PROBLEM_RAISED, K.CONTACT, K.PROJECT_INSPECTION)


@dataclass(slots=True)
class Figures:
    """The sums of one place.

    Args:
        concerned: deputies whom the campaign is for, each person once.
        taking_part: of them, those with at least one standing entry.
        sums: kind → quantity.
    """

    concerned: int = 0
    taking_part: int = 0
    sums: dict[str, Decimal] = field(default_factory=dict)

    def of(self, kind: str) -> Decimal:
        """The sum of one kind."""
        return self.sums.get(kind, Decimal(0))

    @property
    def named(self) -> dict[str, Decimal]:
        """The sums by kind, as the page names them; nothing is 0."""
        return {kind.value: self.of(kind) for kind in DutyKind}

    @property
    def still_open(self) -> Decimal:
        """Opinions neither answered on the spot nor handed over yet."""
        return max(Decimal(0), self.of(K.OPINION_HEARD) - self.of(K.OPINION_ON_SPOT) - self.of(K.OPINION_HANDED))

    @property
    def is_empty(self) -> bool:
        return not self.concerned and not any(self.sums.values())


@dataclass(frozen=True, slots=True)
class Place:
    """A region below with its figures, and how it carries the campaign out (None: not said).

    Args:
        is_asked: whether its congress is of a level that the campaign is for.
        is_over: whether the campaign has ended.
    """

    region: Region
    figures: Figures
    plan: CampaignRegion | None
    is_own: bool = False
    is_asked: bool = False
    is_over: bool = False

    @property
    def plan_words(self) -> str:
        """How far it is with the plan; nothing where none is asked for and none is there."""
        if self.plan is not None:
            return "已落实"
        if not self.is_asked:
            return ""
        return "没有登记方案" if self.is_over else "未落实"

    @property
    def cells(self) -> list[tuple[Decimal, str]]:
        """Quantity and label of each column."""
        return [(self.figures.of(kind), label) for kind, label in COLUMNS.items()]


@dataclass(frozen=True, slots=True)
class Board:
    """The scoreboard of one region.

    Args:
        way: from the top that the reader may see down to the region shown.
        places: the regions below with figures or a plan, and those that should have one, in the order of their codes.
        media: pieces in the media; ``media_more`` when there may be more.
    """

    way: list[Region]
    total: Figures
    places: list[Place]
    media: int
    media_more: bool

    @property
    def here(self) -> Region:
        return self.way[-1]

    @property
    def joined(self) -> int:
        """How many of the regions asked carry it out."""
        return sum(place.plan is not None for place in self.places if place.is_asked)

    @property
    def asked(self) -> int:
        """How many of the regions below are asked to carry it out."""
        return sum(place.is_asked for place in self.places)

    @property
    def has_plans(self) -> bool:
        """Whether there is anything to say of plans: a region that is asked, or one that has one unasked."""
        return any(place.is_asked or place.plan is not None for place in self.places)


def campaign_board(actor: Actor, campaign: Campaign, *, code: str = "") -> Board:
    """The figures of a campaign in a region and those below it.

    Args:
        code: the region; when empty or outside what the actor may see, the campaign's own, or the actor's where that
            lies inside it.

    Raises:
        NotFound: there are no regions.
    """
    inside = campaign.region_prefix.startswith(actor.region_prefix)
    way, below = region_choices(actor, code or (campaign.region.code if inside else ""))
    if inside:  # what lies above the campaign's region is not part of it
        way = [region for region in way if region.prefix.startswith(campaign.region_prefix)]
        if not way:
            way, below = region_choices(actor, campaign.region.code)
            way = way[-1:]
    if not way:
        raise NotFound
    here = way[-1]
    total = _figures(campaign, here.prefix, digits=0).get("", Figures())
    parts = _figures(campaign, here.prefix, digits=BELOW[len(here.prefix)]) if below else {}
    plans = {
        plan.region_prefix: plan
        for plan in CampaignRegion.objects.unscoped(reason="plans below the region that the actor was given")
        .filter(campaign=campaign, region_prefix__startswith=here.prefix)
        .select_related("office")
    }
    places = _places(campaign, here, below, parts, plans)
    count, more = _media(campaign, here.prefix)
    return Board(way, total, places, count, more)


def _places(
    campaign: Campaign,
    here: Region,
    below: list[Region],
    parts: dict[str, Figures],
    plans: dict[str, CampaignRegion],
) -> list[Place]:
    own = parts.pop(here.prefix, None)
    found = [Place(here, own, None, is_own=True)] if own is not None and not own.is_empty else []
    for region in below:
        figures = parts.get(region.prefix, Figures())
        if region.has_congress or not figures.is_empty or region.prefix in plans:
            asked = region.has_congress and is_asked(campaign, region.prefix)
            plan, is_over = plans.get(region.prefix), campaign.status == CampaignStatus.ENDED
            found.append(Place(region, figures, plan, is_asked=asked, is_over=is_over))
    return found


def _figures(campaign: Campaign, prefix: str, *, digits: int) -> dict[str, Figures]:
    """Sums by the first digits of the deputies' home; all together under "" for no digits (four queries)."""
    found: defaultdict[str, Figures] = defaultdict(Figures)
    concerned = concerned_mandates(campaign, prefix)
    active = concerned.filter(
        Exists(DutyTotal.objects.filter(mandate=OuterRef("pk"), campaign=campaign, quantity__gt=0))
    )
    for group, number in _people(concerned, digits):
        found[group].concerned = number
    for group, number in _people(active, digits):
        found[group].taking_part = number
    totals = DutyTotal.objects.filter(campaign=campaign, mandate__home_prefix__startswith=prefix)
    rows = totals.annotate(place=Left("mandate__home_prefix", digits)) if digits else totals
    names = ["place", "kind"] if digits else ["kind"]
    for row in rows.order_by().values(*names).annotate(sum=Sum("quantity")):
        found[row.get("place", "")].sums[row["kind"]] = row["sum"]
    for group, number in _reports(campaign, prefix, digits):
        found[group].sums[K.REPORT] = Decimal(number)
    return dict(found)


def _reports(campaign: Campaign, prefix: str, digits: int) -> list[tuple[str, int]]:
    """Reports, each once: one of several authors is entered for each of them."""
    entries = DutyEntry.objects.unscoped(reason="sums of a region that the actor was given").standing()
    entries = entries.filter(campaign=campaign, kind=K.REPORT, mandate__home_prefix__startswith=prefix).order_by()
    if not digits:
        return [("", entries.aggregate(n=Count("source_id", distinct=True))["n"])]
    rows: Any = entries.annotate(place=Left("mandate__home_prefix", digits)).values("place")
    return [(row["place"], row["n"]) for row in rows.annotate(n=Count("source_id", distinct=True))]


def _people(mandates: MandateQuerySet, digits: int) -> list[tuple[str, int]]:
    """How many persons, each once."""
    if not digits:
        return [("", mandates.aggregate(n=Count("person", distinct=True))["n"])]
    rows: Any = mandates.annotate(place=Left("home_prefix", digits)).order_by().values("place")
    return [(row["place"], row["n"]) for row in rows.annotate(n=Count("person", distinct=True))]


def _media(campaign: Campaign, prefix: str) -> tuple[int, bool]:
    """Pieces noted for the campaign, and those of its activities."""
    own = CampaignMedia.objects.unscoped(reason="sums of a region that the actor was given")
    own = own.filter(campaign=campaign, region_prefix__startswith=prefix)
    rows = list(own.order_by().values_list("count", "at_least"))
    count = sum(number for number, _more in rows) + media_counts([campaign.pk], prefix).get(campaign.pk, 0)
    more = any(more for _number, more in rows) or campaign.pk in media_at_least([campaign.pk], prefix)
    return count, more
