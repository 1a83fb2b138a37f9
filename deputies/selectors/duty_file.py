"""Reading a duty file (履职档案): the entries of one deputy in a year or a term, their sums, what is asked, what was
frozen, and where each entry comes from."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Max, Q, Sum
from django.utils import timezone

from deputies.models import (
    ActivityKind,
    Campaign,
    DutyCheck,
    DutyContest,
    DutyEntry,
    DutyFigure,
    DutyKind,
    DutyTotal,
    Mandate,
    QuotaPeriod,
)
from deputies.selectors.quota import quota_lines
from liaison.exceptions import NotFound
from liaison.registry import registry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deputies.models.duty import DutyEntryQuerySet
    from deputies.selectors.quota import QuotaLine
    from liaison.actor import Actor

#: The portal's own first year that can be asked for; congresses before it are only history.
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar year, or the whole term.

    Args:
        year: None for the term.
    """

    year: int | None

    @property
    def key(self) -> str:
        """As in the address: 2026 or term."""
        return str(self.year or "term")

    @property
    def label(self) -> str:
        return f"{self.year}年" if self.year else "本届"

    @property
    def condition(self) -> Q:
        """Over entries."""
        if self.year is None:
            return Q()
        return Q(on__range=(dt.date(self.year, 1, 1), dt.date(self.year, 12, 31)))


def years_of(mandate: Mandate) -> list[int]:
    """The calendar years of a mandate up to this one, newest first."""
    last = (mandate.ended_on or timezone.localdate()).year
    last = min(last, timezone.localdate().year)
    return list(range(last, max(mandate.started_on.year, FIRST_YEAR) - 1, -1)) or [last]


def file_entries(mandate: Mandate, period: Period) -> DutyEntryQuerySet:
    """The entries of a deputy whose file the actor sees, reversed ones too (each with its ``reversal``), without the
    reversals themselves."""
    found = DutyEntry.objects.unscoped(reason="the mandate was found in scope").filter(mandate=mandate, reverses=None)
    return found.filter(period.condition).select_related("reversal", "campaign", "mandate")


@dataclass(frozen=True, slots=True)
class KindSum:
    """The sum of one kind, beside what was frozen of it.

    Args:
        frozen: at the yearly freeze; None when the year is open.
    """

    kind: str
    activity_kind: str
    now: Decimal
    frozen: Decimal | None = None

    @property
    def label(self) -> str:
        return kind_words(self.kind, self.activity_kind)

    @property
    def unit(self) -> str:
        return DutyKind(self.kind).unit

    @property
    def difference(self) -> Decimal:
        """Since the freeze."""
        return self.now - (self.frozen or Decimal(0))

    @property
    def size(self) -> Decimal:
        """Of the difference, without its sign."""
        return abs(self.difference)


def kind_words(kind: str, activity_kind: str = "") -> str:
    """参加闭会期间活动 · 专题调研."""
    label = str(DutyKind(kind).label)
    return f"{label}（{ActivityKind(activity_kind).label}）" if activity_kind else label


def kind_sums(mandate: Mandate, period: Period) -> list[KindSum]:
    """The sums by kind, in the order of the kinds; with the frozen figures of a closed year (two queries)."""
    totals = DutyTotal.objects.filter(mandate=mandate)
    frozen: dict[tuple[str, str], Decimal] | None = None
    if period.year is not None:
        totals = totals.filter(year=period.year)
        figures = DutyFigure.objects.filter(mandate=mandate, duty_year__year=period.year)
        frozen = {(one.kind, one.activity_kind): one.quantity for one in figures}
    now = {
        (kind, activity_kind): quantity
        for kind, activity_kind, quantity in totals.values_list("kind", "activity_kind")
        .annotate(sum=Sum("quantity"))
        .order_by()
    }
    places = [*DutyKind.values], [*ActivityKind.values]
    keys = sorted(
        {*now, *(frozen or {})},
        key=lambda key: (places[0].index(key[0]), places[1].index(key[1]) if key[1] else -1),
    )
    sums = [
        KindSum(kind, activity, now.get((kind, activity), Decimal(0)), (frozen or {}).get((kind, activity)))
        for kind, activity in keys
    ]
    return [one for one in sums if one.now or one.frozen]


def asked_of(mandate: Mandate, period: Period) -> list[QuotaLine]:
    """What is asked in the period, with what is done and what remains (three queries)."""
    year = period.year or timezone.localdate().year
    lines = quota_lines([mandate], year=year)[mandate.pk]
    if period.year is None:
        return [line for line in lines if line.quota.period == QuotaPeriod.TERM]
    return lines


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry as the file shows it.

    Args:
        entry: with ``reversal``, ``campaign``.
        url: of its source where the actor may open it, else "".
        is_new: entered after staff checked the year.
        contest: the newest contest of it, if any.
    """

    entry: DutyEntry
    url: str = ""
    is_new: bool = False
    contest: DutyContest | None = None

    @property
    def reversal(self) -> DutyEntry | None:
        return getattr(self.entry, "reversal", None)

    @property
    def may_be_contested(self) -> bool:
        return self.reversal is None and (self.contest is None or not self.contest.is_open)


def entry_lines(actor: Actor, entries: Iterable[DutyEntry], check: DutyCheck | None = None) -> list[EntryLine]:
    """Entries with the address of their source (one query for each kind of source) and their contest (one query)."""
    rows = list(entries)
    urls = _source_urls(actor, rows)
    contests: dict[int, DutyContest] = {}
    found = DutyContest.objects.unscoped(reason="of entries in a file that the actor sees")
    for contest in found.filter(entry_id__in=[row.pk for row in rows]).order_by("pk"):
        contests[contest.entry_id or 0] = contest
    last = (check.up_to_id or 0) if check else None
    return [
        EntryLine(
            row,
            url=urls.get((row.source_type_id, row.source_id), ""),
            is_new=last is not None and row.pk > last,
            contest=contests.get(row.pk),
        )
        for row in rows
    ]


def _source_urls(actor: Actor, rows: Iterable[DutyEntry]) -> dict[tuple[int, int], str]:
    wanted: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        wanted[row.source_type_id].add(row.source_id)
    urls: dict[tuple[int, int], str] = {}
    for type_id, ids in wanted.items():
        content_type = ContentType.objects.get_for_id(type_id)
        subject = registry.subjects.get(f"{content_type.app_label}.{content_type.model}")
        if subject is None:
            continue
        found = subject.visible(actor).filter(pk__in=ids)
        for obj in found.select_related(*subject.related) if subject.related else found:
            urls[(type_id, obj.pk)] = _page(actor, obj) or subject.url(obj)
    return urls


def _page(actor: Actor, obj: Any) -> str:
    """What has a page of its own for deputies says so."""
    return str(getattr(obj, "deputy_url", "")) if actor.is_deputy else ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """How far a year's ledger reaches: what a check confirms.

    Args:
        entries: rows, reversals included.
        last_id: of the newest row; 0 when there is none.
    """

    entries: int
    last_id: int

    @property
    def token(self) -> str:
        """What the page carries."""
        return f"{self.entries}-{self.last_id}"


def ledger_of(mandate: Mandate, year: int) -> Ledger:
    """The rows of a deputy's year (one query)."""
    rows = DutyEntry.objects.unscoped(reason="the mandate was found in scope").filter(mandate=mandate)
    found = rows.filter(Period(year).condition).aggregate(count=Count("pk"), last=Max("pk"))
    return Ledger(found["count"], found["last"] or 0)


def last_check(mandate: Mandate, year: int | None) -> DutyCheck | None:
    """The newest check of a deputy's year."""
    found = DutyCheck.objects.unscoped(reason="the mandate was found in scope")
    return found.filter(mandate=mandate, year=year).last() if year else None


def contests_of(mandate: Mandate, period: Period) -> list[DutyContest]:
    """Contests and reports of missing entries in the period, newest first."""
    found = DutyContest.objects.unscoped(reason="the mandate was found in scope").filter(mandate=mandate)
    return list(found.filter(period.condition).select_related("entry"))


def period_of(key: str) -> Period:
    """What stands in the address.

    Raises:
        NotFound: neither ``term`` nor a year.
    """
    if key == "term":
        return Period(None)
    if not (len(key) == 4 and key.isascii() and key.isdigit() and FIRST_YEAR <= int(key) <= LAST_YEAR):
        raise NotFound
    return Period(int(key))


def filtered(entries: DutyEntryQuerySet, *, kind: str = "", campaign: str = "") -> DutyEntryQuerySet:
    """The entries of one kind, or of one campaign (public id)."""
    if kind:
        entries = entries.filter(kind=kind)
    return entries.filter(campaign__public_id=campaign) if campaign else entries


def campaigns_of(mandate: Mandate, period: Period) -> list[Campaign]:
    """The campaigns of which a file has entries (one query)."""
    of_file = DutyEntry.objects.unscoped(reason="the mandate was found in scope").filter(period.condition)
    of_file = of_file.filter(mandate=mandate, campaign__isnull=False)
    found = Campaign.objects.unscoped(reason="named in a file that the actor sees")
    return list(found.filter(pk__in=of_file.values("campaign_id")).order_by("-starts_on", "-id"))


def own_mandates(actor: Actor) -> list[Mandate]:
    """A deputy's own mandates in force, that of the highest congress first."""
    if not actor.is_deputy:
        return []
    found = Mandate.objects.visible_to(actor).in_force().select_related("congress")
    return list(found.order_by("congress__region__prefix", "-started_on", "-id"))


@dataclass(frozen=True, slots=True)
class CheckState:
    """How far a year is checked.

    Args:
        ledger: None for a term, which is checked year by year.
        check: the newest; None when nobody checked.
    """

    ledger: Ledger | None
    check: DutyCheck | None

    @property
    def is_due(self) -> bool:
        """Whether there is something that nobody checked."""
        if self.ledger is None or not self.ledger.entries:
            return False
        return self.check is None or (self.check.entries, self.check.up_to_id) != (
            self.ledger.entries,
            self.ledger.last_id,
        )

    @property
    def new(self) -> int:
        """Rows entered since the check."""
        return self.ledger.entries - self.check.entries if self.ledger and self.check else 0


def check_state(mandate: Mandate, period: Period) -> CheckState:
    """The check of a year, and what came after it (two queries)."""
    if period.year is None:
        return CheckState(None, None)
    return CheckState(ledger_of(mandate, period.year), last_check(mandate, period.year))
