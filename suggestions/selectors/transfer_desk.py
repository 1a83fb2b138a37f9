"""The list of transfers: tabs by light with their counts, filters, and what waits for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, Q
from django.utils import timezone

from liaison.lights import Light, light_of, most_urgent
from liaison.permissions import Permission
from liaison.search import query_bigrams
from liaison.selectors.counts import capped_counts
from liaison.selectors.deadline import light_q
from suggestions.models import Transfer
from suggestions.states import TransferStatus as T

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

    from liaison.actor import Actor

#: All that the actor may see, in the regions below as well (a value of the region filter).
EVERYWHERE = "all"
#: The year of the first local rule (益阳市办法): nothing was transferred before.
FIRST_YEAR = 2022

_BY_DUE = ("due_on", "id")


@dataclass(frozen=True, slots=True)
class Tab:
    """A saved view of the list.

    Args:
        code: in the address, ``?view=…``.
        label: on the tab.
        light: the light that its rows show, or None.
        status: the state that its rows are in, or "".
        order: field names for the pager; work to be done begins with the most urgent.
    """

    code: str
    label: str
    light: str | None = None
    status: str = ""
    order: tuple[str, ...] = _BY_DUE


ALL = Tab("all", "全部", order=("-id",))
TO_APPROVE = Tab("approve", "待批准转交", status=T.MARKED, order=("id",))
TO_RECEIVE = Tab("receive", "待签收", status=T.TRANSFERRED)
LIGHTS = (
    Tab("green", "正常", "green"),
    Tab("amber", "临期", "amber"),
    Tab("red", "紧急", "red"),
    Tab("overdue", "超期", "overdue"),
    Tab("paused", "暂停", "paused"),
    Tab("met", "已反馈", "met", order=("-id",)),
)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the filter bar asks for; empty values ask for nothing.

    Args:
        region: "" for the office's own transfers, ``EVERYWHERE``, or the prefix of a region below.
        year: of the day of transfer.
    """

    domain_id: int | None = None
    year: int | None = None
    region: str = ""
    procuratorate_id: int | None = None


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One line of the list."""

    transfer: Transfer
    due_on: dt.date | None
    light: Light | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for an actor: how many, and the most urgent light."""

    to_approve: int = 0
    to_receive: int = 0
    to_supply: int = 0
    nearly_due: int = 0
    light: str | None = None

    @property
    def total(self) -> int:
        """How many acts are the actor's own; a clock that others hold is not counted."""
        return self.to_approve + self.to_receive + self.to_supply


def scoped(actor: Actor, conditions: Conditions) -> QuerySet[Transfer]:
    """The transfers that the actor may see under these conditions."""
    rows = Transfer.objects.visible_to(actor)
    if actor.is_congress and conditions.region != EVERYWHERE:
        rows = (
            rows.filter(region_prefix__startswith=conditions.region)
            if conditions.region
            else rows.filter(office_id=actor.organisation_id)
        )
    if conditions.domain_id:
        rows = rows.filter(domain_id=conditions.domain_id)
    if conditions.procuratorate_id:
        rows = rows.filter(procuratorate_id=conditions.procuratorate_id)
    if conditions.year:
        rows = rows.filter(transferred_at__year=conditions.year)
    return rows


def tabs_for(actor: Actor) -> tuple[Tab, ...]:
    """A procuratorate begins with what it has to sign for, an office with everything."""
    if actor.is_procuratorate:
        return (TO_RECEIVE, *LIGHTS, ALL)
    return (ALL, TO_APPROVE, *LIGHTS)


def tab_of(actor: Actor, code: str) -> Tab:
    """The tab of this code; the first one when there is none."""
    tabs = tabs_for(actor)
    return next((tab for tab in tabs if tab.code == code), tabs[0])


def desk_transfers(actor: Actor, tab: Tab, conditions: Conditions) -> QuerySet[Transfer]:
    """The transfers of a tab with what a row shows, each with its clock's ``due_on``, ``paused_on``, ``met_at``."""
    return (
        _tab_rows(scoped(actor, conditions), tab)
        .select_related("suggestion", "domain", "procuratorate", "office")
        .defer("suggestion__situation", "suggestion__proposal", "suggestion__search", "harmed_interest", "note")
        .annotate(
            due_on=F("deadlines__due_on"),
            paused_on=F("deadlines__paused_on"),
            met_at=F("deadlines__met_at"),
        )
    )


def desk_rows(transfers: list[Transfer]) -> list[DeskRow]:
    """Rows from ``desk_transfers`` with their lights. No query."""
    return [
        DeskRow(
            transfer=transfer,
            due_on=transfer.due_on,  # type: ignore[attr-defined]
            light=light_of(
                transfer.due_on,  # type: ignore[attr-defined]
                paused=transfer.paused_on is not None,  # type: ignore[attr-defined]
                met_on=timezone.localdate(transfer.met_at) if transfer.met_at else None,  # type: ignore[attr-defined]
            ),
        )
        for transfer in transfers
    ]


def desk_counts(actor: Actor, conditions: Conditions) -> dict[str, int]:
    """How many rows each tab has under these conditions (one query, each counted up to a limit)."""
    scope = scoped(actor, conditions)
    return capped_counts({tab.code: _tab_rows(scope, tab) for tab in tabs_for(actor)})


def waiting_for(actor: Actor) -> Waiting:
    """What waits for the actor's own office or procuratorate (one query; none for others)."""
    if actor.organisation_id is None or not actor.can(Permission.TRANSFER_VIEW):
        return Waiting()
    mine = scoped(actor, Conditions())
    lists = {code: mine.filter(light_q(code, prefix="deadlines__")) for code in ("overdue", "red", "amber")}
    if actor.can(Permission.TRANSFER_APPROVE):
        lists["approve"] = mine.filter(status=T.MARKED)
    if actor.can(Permission.TRANSFER_SUPPLY):
        lists["supply"] = mine.filter(status=T.NEEDS_INFO)
    if actor.can(Permission.TRANSFER_RECEIVE):
        lists["receive"] = mine.filter(status=T.TRANSFERRED)
    counts = capped_counts(lists)
    shown = [code for code in ("overdue", "red", "amber") if counts[code]]
    return Waiting(
        to_approve=counts.get("approve", 0),
        to_receive=counts.get("receive", 0),
        to_supply=counts.get("supply", 0),
        nearly_due=sum(counts[code] for code in shown),
        light=most_urgent(shown),
    )


def search_transfers(actor: Actor, text: str, *, limit: int) -> list[Transfer]:
    """Transfers whose suggestion, lead number or case number fits the words, the newest first."""
    words = text.strip()
    found = Q(lead_number__icontains=words) | Q(case_number__icontains=words)
    bigrams = query_bigrams(words)
    if bigrams:
        found |= Q(suggestion__search=SearchQuery(bigrams, config="simple", search_type="raw"))
    transfers = Transfer.objects.visible_to(actor).filter(found).select_related("suggestion", "procuratorate", "domain")
    return list(transfers.order_by("-id")[:limit]) if words else []


def years() -> list[int]:
    """Years in which something may have been transferred, the newest first."""
    return list(range(timezone.localdate().year, FIRST_YEAR - 1, -1))


def _tab_rows(rows: QuerySet[Transfer], tab: Tab) -> QuerySet[Transfer]:
    if tab.light:
        return rows.filter(light_q(tab.light, prefix="deadlines__"))
    return rows.filter(status=tab.status) if tab.status else rows
