"""Reading a day's figures of both sides: counted by the database, whatever their number, and what differs by item."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from liaison.exceptions import NotFound
from liaison.models import ApiClient
from liaison.permissions import OrganisationKind
from liaison.selectors.counts import capped_counts
from suggestions.digests import group_digest_expression, report_digest_expression
from suggestions.models import (
    DifferenceKind,
    HotlineOrder,
    HotlineReport,
    ReconciledKind,
    Reconciliation,
    ReconciliationDifference,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet

    from liaison.actor import Actor
    from suggestions.models import ReconciliationState

ORDERS, REPORTS = ReconciledKind.ORDERS.value, ReconciledKind.REPORTS.value
KINDS = (ORDERS, REPORTS)
#: Kind → the scopes of which one makes a client take part in it.
_SCOPES = {ORDERS: {"hotline.orders:write", "hotline.orders:read"}, REPORTS: {"hotline.reports:read"}}
#: A page and an answer name so many.
MOST_SHOWN = 500

#: State → (count, digest); kind → that.
Groups = dict[str, tuple[int, str]]
Figures = dict[str, Groups]


@dataclass(frozen=True, slots=True)
class Item:
    """One item as the hotline told it."""

    number: str
    state: str
    digest: str
    version: int | None = None


def bounds_of(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The day's first moment and that of the next, Asia/Shanghai."""
    zone = timezone.get_current_timezone()
    following = day + dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(), zone), dt.datetime.combine(following, dt.time(), zone)


def kinds_of(scopes: Iterable[str]) -> tuple[str, ...]:
    """What a client with these scopes is reconciled in."""
    held = set(scopes)
    return tuple(kind for kind in KINDS if held & _SCOPES[kind])


def orders_of(client_id: int, day: dt.date) -> QuerySet[HotlineOrder]:
    """Ours of a day, by the time that the hotline took them in (受理)."""
    begins, ends = bounds_of(day)
    rows = HotlineOrder.objects.unscoped(reason="the client's own day")
    return rows.filter(client_id=client_id, accepted_at__gte=begins, accepted_at__lt=ends)


def reports_of(client_id: int, day: dt.date) -> QuerySet[HotlineReport]:
    """Ours of a day, by the time that they were made."""
    begins, ends = bounds_of(day)
    rows = HotlineReport.objects.unscoped(reason="the client's own day")
    return rows.filter(client_id=client_id, created_at__gte=begins, created_at__lt=ends)


def figures_of(client_id: int, day: dt.date, kinds: Iterable[str] = KINDS) -> Figures:
    """What stands here now: one query a kind, its rows are as many as there are states."""
    found: Figures = {}
    if ORDERS in kinds:
        orders = orders_of(client_id, day).order_by().values_list("state")
        lines = orders.annotate(Count("pk"), group=group_digest_expression("order_no", F("digest")))
        found[ORDERS] = {state: (count, digest) for state, count, digest in lines}
    if REPORTS in kinds:
        reports = reports_of(client_id, day).order_by().values_list("status")
        group = group_digest_expression("public_id", report_digest_expression())
        found[REPORTS] = {state: (count, digest) for state, count, digest in reports.annotate(Count("pk"), group=group)}
    return found


def differing(ours: Groups, theirs: Groups) -> set[str]:
    """The states whose groups are not the same."""
    return {state for state in ours.keys() | theirs.keys() if ours.get(state) != theirs.get(state)}


# -- what is kept --------------------------------------------------------------------------------------
def packed(figures: Figures) -> dict[str, Any]:
    """Figures as they are kept in JSON."""
    return {
        kind: [{"state": state, "count": count, "digest": digest} for state, (count, digest) in sorted(groups.items())]
        for kind, groups in figures.items()
    }


def unpacked(kept: dict[str, Any] | None) -> Figures | None:
    """Figures from JSON."""
    if kept is None:
        return None
    return {kind: {one["state"]: (one["count"], one["digest"]) for one in groups} for kind, groups in kept.items()}


# -- differences ---------------------------------------------------------------------------------------
def standing(rows: QuerySet[ReconciliationDifference]) -> QuerySet[ReconciliationDifference]:
    """Those that still stand: ours is what it was when the hotline told its figures. Once it changed, by the
    hotline's new message or by an act here, only new figures can say whether both sides are the same."""
    came_since = HotlineOrder.objects.unscoped(reason="the client's own order").filter(
        client_id=OuterRef("reconciliation__client_id"), order_no=OuterRef("number")
    )
    same_report = report_digest_expression("report__")
    return rows.alias(now=same_report).filter(
        Q(order__isnull=False, order__digest=F("our_digest"))
        | Q(report__isnull=False, now=F("our_digest"))
        | Q(kind=REPORTS, problem=DifferenceKind.MISSING_HERE)
        | (Q(kind=ORDERS, problem=DifferenceKind.MISSING_HERE) & ~Exists(came_since))
    )


def open_counts(reconciliations: Iterable[Reconciliation]) -> dict[int, int]:
    """Reconciliation → how many of its differences stand, those beyond the named ones included (one query)."""
    rows = list(reconciliations)
    found = standing(ReconciliationDifference.objects.filter(reconciliation__in=[one.pk for one in rows]))
    counts = dict(found.order_by().values_list("reconciliation").annotate(Count("pk")))
    named = dict(
        ReconciliationDifference.objects.filter(reconciliation__in=[one.pk for one in rows])
        .order_by()
        .values_list("reconciliation")
        .annotate(Count("pk"))
    )
    return {one.pk: counts.get(one.pk, 0) + one.difference_count - named.get(one.pk, 0) for one in rows}


def open_differences(reconciliation: Reconciliation) -> QuerySet[ReconciliationDifference]:
    """The named ones that stand, with order and report at hand."""
    rows = standing(reconciliation.differences.all()).select_related("order", "report")
    return rows.defer("order__search", "order__text", "order__result", "report__text")


@dataclass(frozen=True, slots=True)
class Line:
    """One state of one kind, on both sides.

    Args:
        theirs: None while the hotline has not told.
        is_same: None while it has not told.
    """

    state: str
    ours: int
    theirs: int | None
    is_same: bool | None


@dataclass(frozen=True, slots=True)
class Day:
    """A day of one client as it stands now.

    Args:
        reconciliation: None while nothing is kept of it.
        ours: counted just now; theirs: as the hotline told it last.
        open_count: differences that stand, of which at most ``MOST_SHOWN`` are in ``differences``.
        wanted: orders that the hotline is asked to tell again.
    """

    day: dt.date
    state: ReconciliationState
    ours: Figures
    theirs: Figures | None
    reconciliation: Reconciliation | None
    open_count: int = 0
    differences: list[ReconciliationDifference] = field(default_factory=list)
    wanted: list[ReconciliationDifference] = field(default_factory=list)

    def lines(self, kind: str) -> list[Line]:
        """The states of a kind that either side has, in the order of the states."""
        from suggestions.models.reconciliation import states_of

        ours = self.ours.get(kind, {})
        theirs = self.theirs.get(kind, {}) if self.theirs is not None else None
        found = []
        for state in states_of(kind).values:
            if state in ours or (theirs and state in theirs):
                count = theirs.get(state, (0, ""))[0] if theirs is not None else None
                same = ours.get(state) == theirs.get(state) if theirs is not None else None
                found.append(Line(state, ours.get(state, (0, ""))[0], count, same))
        return found


def day_of(client_id: int, day: dt.date, reconciliation: Reconciliation | None, kinds: Iterable[str] = KINDS) -> Day:
    """One day as it stands (five queries at most, whatever its size)."""
    ours = figures_of(client_id, day, kinds)
    kept = reconciliation or Reconciliation(client_id=client_id, day=day)
    if kept.theirs is None:
        return Day(day, kept.state_with(0), ours, None, reconciliation)
    open_count = open_counts([kept])[kept.pk]
    rows = open_differences(kept).filter(kind__in=list(kinds))
    return Day(
        day,
        kept.state_with(open_count),
        ours,
        unpacked(kept.theirs),
        reconciliation,
        open_count,
        list(rows[:MOST_SHOWN]),
        list(rows.filter(kind=ORDERS, asked_at__isnull=False)[:MOST_SHOWN]),
    )


# -- doors ---------------------------------------------------------------------------------------------
def get_own_reconciliation(actor: Actor, day: dt.date) -> Reconciliation | None:
    """The hotline's own of a day, if anything is kept of it."""
    return Reconciliation.objects.visible_to(actor).filter(day=day).first()


def get_reconciliation_for(actor: Actor, public_id: UUID | str) -> Reconciliation:
    """The one door for people.

    Raises:
        NotFound: no such day, or not visible to the actor.
    """
    rows = Reconciliation.objects.visible_to(actor).select_related("client__organisation__region")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class ReconciliationTab:
    """A saved view of the list."""

    code: str
    label: str
    empty: tuple[str, str]


TABS = (
    ReconciliationTab("all", "全部", ("还没有对账", "热线联网以后，每天零点关账，对账的日子列在这里。")),
    ReconciliationTab("waiting", "待热线报数", ("没有等热线报数的", "热线都已报数。")),
    ReconciliationTab("differs", "有差异", ("没有差异", "已经报数的日子，两边都对得上。")),
)


def tab_of(code: str) -> ReconciliationTab:
    """The tab of this code; the first one when there is none."""
    return next((tab for tab in TABS if tab.code == code), TABS[0])


def _differing(rows: QuerySet[Reconciliation]) -> QuerySet[Reconciliation]:
    """Days with a difference that stands, or groups that differ without items."""
    stands = standing(ReconciliationDifference.objects.filter(reconciliation=OuterRef("pk")))
    return rows.filter(told_at__isnull=False).filter(~Q(items_wanted={}) | Exists(stands))


def reconciliation_rows(actor: Actor, tab: ReconciliationTab) -> QuerySet[Reconciliation]:
    """Days for the list, with what is shown of their clients."""
    rows = Reconciliation.objects.visible_to(actor).select_related("client__organisation")
    if tab.code == "waiting":
        return rows.filter(told_at=None)
    return _differing(rows) if tab.code == "differs" else rows


def differing_count(actor: Actor) -> int:
    """Days with differences for 我的待办, counted up to a limit (one query)."""
    return capped_counts({"differs": _differing(Reconciliation.objects.visible_to(actor))})["differs"]


def with_states(rows: list[Reconciliation]) -> list[Reconciliation]:
    """The same rows with their state and totals (two queries)."""
    counts = open_counts(rows)
    for row in rows:
        state = row.state_with(counts[row.pk])
        row.__dict__["shown_state"], row.__dict__["shown_tone"] = state.label, state.tone
        row.__dict__["open_count"] = counts[row.pk]
        row.__dict__["our_count"] = _total(row.ours)
        row.__dict__["their_count"] = _total(row.theirs)
    return rows


def _total(kept: dict[str, Any] | None) -> int | None:
    return None if kept is None else sum(group["count"] for groups in kept.values() for group in groups)


def days_to_close(most: int) -> list[tuple[ApiClient, dt.date]]:
    """Days that are over and not closed, the oldest first, of every hotline in use that exchanges anything.

    Args:
        most: so many days back; none before the client was made.
    """
    today = timezone.localdate()
    days = [today - dt.timedelta(days=back) for back in range(most, 0, -1)]
    closed = set(
        Reconciliation.objects.unscoped(reason="which days are closed")
        .filter(day__in=days, closed_at__isnull=False)
        .values_list("client_id", "day")
    )
    return [
        (client, day)
        for client in _reconciled_clients()
        for day in days
        if (client.pk, day) not in closed and day >= timezone.localdate(client.created_at)
    ]


def _reconciled_clients() -> list[ApiClient]:
    """Every hotline in use that exchanges anything."""
    found = ApiClient.objects.unscoped(reason="the daily reconciliation of all").filter(
        is_active=True, organisation__kind=OrganisationKind.HOTLINE
    )
    return [client for client in found.order_by("pk") if kinds_of(client.scopes)]
