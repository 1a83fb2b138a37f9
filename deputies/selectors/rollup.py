"""The roll-up of duty (履职汇总): by region, level, campaign and year, who has done what is asked and who has not.

Facts only: no points, no ranking. Regions stand in the order of their codes, deputies by name or by region. The number
of queries is the same for any number of deputies, and none of them reads the ledger itself.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Count, F, Q, Sum
from django.db.models.expressions import RawSQL
from django.db.models.functions import Left
from django.utils import timezone

from deputies.models import CongressLevel, DutyKind, DutyTotal, Mandate, QuotaPeriod
from deputies.selectors import rollup_sql
from deputies.selectors.campaign import campaign_list
from deputies.selectors.congress import region_choices
from deputies.selectors.quota import QuotaLine, quota_lines
from deputies.states import CampaignStatus
from liaison.exceptions import NotAllowed, NotFound
from liaison.paging import is_storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deputies.models import Campaign, MandateQuerySet
    from liaison.actor import Actor
    from liaison.models import Region

#: The first year of which the portal has campaigns.
FIRST_YEAR = 2020
#: Digits of a prefix → digits of the level below it.
_BELOW = {2: 4, 4: 6, 6: 9, 9: 9}
#: Most campaigns that are offered for choice, the newest ones.
_MOST_CAMPAIGNS = 60


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for, from the address.

    Args:
        way, below: down to the chosen region, and the regions directly below it.
        level: a ``CongressLevel``; "" for all.
        of_term: the requirements of the term, else those of the year and of campaigns in it.
    """

    way: list[Region]
    below: list[Region]
    year: int
    level: str
    campaign: Campaign | None
    of_term: bool

    @property
    def here(self) -> Region:
        return self.way[-1]

    @property
    def campaign_id(self) -> int | None:
        return self.campaign.pk if self.campaign else None


@dataclass(slots=True)
class RollUpLine:
    """One region.

    Args:
        deputies: mandates that count in the year.
        asked: of them, those of whom something is asked.
        behind: of them, those who have done less than asked of anything.
        missing: words of a requirement → how many have not done it.
        sums: kind → quantity.
    """

    region: Region
    is_own: bool = False
    deputies: int = 0
    asked: int = 0
    behind: int = 0
    missing: dict[str, int] = field(default_factory=dict)
    sums: dict[str, Decimal] = field(default_factory=dict)

    @property
    def met(self) -> int:
        """Those who have done all that is asked of them."""
        return self.asked - self.behind

    def add(self, other: RollUpLine) -> None:
        """Take the figures of a part into the whole."""
        self.deputies += other.deputies
        self.asked += other.asked
        self.behind += other.behind
        for words, number in other.missing.items():
            self.missing[words] = self.missing.get(words, 0) + number
        for kind, quantity in other.sums.items():
            self.sums[kind] = self.sums.get(kind, Decimal(0)) + quantity


@dataclass(frozen=True, slots=True)
class RollUp:
    """The whole and its parts; ``kinds`` are those with any sum, in the order of ``DutyKind``."""

    question: Question
    total: RollUpLine
    lines: list[RollUpLine]

    @property
    def kinds(self) -> list[DutyKind]:
        return [kind for kind in DutyKind if self.total.sums.get(kind)]


def rollup_question(actor: Actor, params: Mapping[str, str]) -> Question:
    """Read the address; what cannot be read falls back to the whole.

    Args:
        params: region (code), year, level, campaign (public id), asked ("term" for the requirements of the term).

    Raises:
        NotAllowed: roll-ups are for congress offices.
        NotFound: there are no regions.
    """
    if not (actor.is_congress or actor.is_system):
        raise NotAllowed("履职汇总只供人大工作机构使用。")
    way, below = region_choices(actor, params.get("region", ""))
    if not way:
        raise NotFound
    campaign = next((one for one in rollup_campaigns(actor) if str(one.public_id) == params.get("campaign", "")), None)
    level = params.get("level", "")
    return Question(
        way=way,
        below=below,
        year=_year(params.get("year", ""), campaign),
        level=level if level in CongressLevel.values else "",
        campaign=campaign,
        of_term=params.get("asked", "") == "term",
    )


def rollup_years() -> list[int]:
    """The years for choice, the present one first."""
    return list(range(timezone.localdate().year, FIRST_YEAR - 1, -1))


def rollup_campaigns(actor: Actor) -> list[Campaign]:
    """The begun campaigns for choice, the newest first."""
    found = campaign_list(actor).exclude(status=CampaignStatus.DRAFT).order_by("-starts_on", "-id")
    return list(found[:_MOST_CAMPAIGNS])


def _year(text: str, campaign: Campaign | None) -> int:
    years = rollup_years()
    if text.isascii() and text.isdigit() and len(text) == 4 and int(text) in years:
        return int(text)
    return min(years[0], campaign.ends_on.year) if campaign else years[0]


def rollup_mandates(actor: Actor, question: Question) -> MandateQuerySet:
    """The deputies whom it is about: in the region, of the level, with a mandate in the year."""
    first, last = dt.date(question.year, 1, 1), dt.date(question.year, 12, 31)
    found = Mandate.objects.visible_to(actor).filter(
        Q(ended_on=None) | Q(ended_on__gte=first),
        home_prefix__startswith=question.here.prefix,
        started_on__lte=last,
    )
    return found.filter(congress__level=question.level) if question.level else found


def roll_up(actor: Actor, question: Question) -> RollUp:
    """The figures of a region and of those below it: three queries."""
    mandates = rollup_mandates(actor, question)
    digits = _BELOW[len(question.here.prefix)] if question.below else len(question.here.prefix)
    found: dict[str, RollUpLine] = {}
    names = {region.prefix: region for region in question.below}

    def line_of(place: str) -> RollUpLine:
        region = names.get(place, question.here)
        return found.setdefault(region.prefix, RollUpLine(region, is_own=region is question.here))

    places = mandates.annotate(place=Left("home_prefix", digits)).order_by().values("place")
    for row in places.annotate(n=Count("pk")):
        line_of(row["place"]).deputies += row["n"]
    for place, words, asked, behind in _gaps(mandates, question, digits):
        line = line_of(place)
        if words is None:
            line.asked, line.behind = line.asked + asked, line.behind + behind
        elif behind:
            line.missing[words] = line.missing.get(words, 0) + behind
    for place, kind, quantity in _sums(mandates, question, digits):
        sums = line_of(place).sums
        sums[kind] = sums.get(kind, Decimal(0)) + quantity
    total = RollUpLine(question.here, is_own=True)
    lines = [found[prefix] for prefix in sorted(found)]
    for line in lines:
        total.add(line)
    return RollUp(question, total, lines)


def _gaps(mandates: MandateQuerySet, question: Question, digits: int) -> list[tuple[str, str | None, int, int]]:
    sql, values = rollup_sql.by_region(
        mandates, year=question.year, of_term=question.of_term, campaign_id=question.campaign_id, digits=digits
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[str, str | None, int, int]] = cursor.fetchall()
    return found


def _sums(mandates: MandateQuerySet, question: Question, digits: int) -> Iterable[tuple[str, str, Decimal]]:
    totals = DutyTotal.objects.filter(mandate__in=mandates.order_by(), year=question.year)
    if question.campaign is not None:
        totals = totals.filter(campaign=question.campaign)
    rows = totals.annotate(place=Left("mandate__home_prefix", digits)).order_by()
    return rows.values_list("place", "kind").annotate(sum=Sum("quantity"))


def deputies_behind(actor: Actor, question: Question, words: str = "") -> MandateQuerySet:
    """The deputies who have done less than asked, with person, congress and ``person_name`` to order by.

    Args:
        words: of one requirement only; of any when empty.
    """
    if not is_storable(words):
        return Mandate.objects.none()
    mandates = rollup_mandates(actor, question)
    sql, values = rollup_sql.behind(
        mandates, year=question.year, of_term=question.of_term, campaign_id=question.campaign_id, words=words
    )
    found = Mandate.objects.visible_to(actor).filter(pk__in=RawSQL(sql, values))  # noqa: S611 (no text of a person's)
    return found.select_related("person", "congress", "electoral_unit").annotate(person_name=F("person__name"))


def lines_missing(mandates: Iterable[Mandate], question: Question) -> dict[int, list[QuotaLine]]:
    """What each of these deputies has not done yet (three queries)."""
    return {
        pk: [
            line
            for line in lines
            if not line.is_met
            and (line.quota.period == QuotaPeriod.TERM) == question.of_term
            and question.campaign_id in {None, line.quota.campaign_id}
        ]
        for pk, lines in quota_lines(mandates, year=question.year).items()
    }
