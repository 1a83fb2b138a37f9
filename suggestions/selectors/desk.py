"""Work desks: what lies before congress staff and before a handling unit, by tab, with counts and lights."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db.models import Min, Q
from django.utils import timezone

from liaison.lights import AMBER_DAYS
from liaison.models import Deadline
from liaison.search import search_query
from liaison.selectors.counts import MOST, capped_counts, count_text
from suggestions.models import Suggestion
from suggestions.selectors.suggestion import DESK_DEADLINES, desk, open_due
from suggestions.states import SuggestionStatus as S

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liaison.actor import Actor

#: Every suggestion that the actor may see, in the regions below as well.
EVERYWHERE = "all"
#: The clocks that a handling unit holds.
UNIT_DEADLINES = ("suggestion_answer", "suggestion_rework")


@dataclass(frozen=True, slots=True)
class Tab:
    """A saved view of the desk.

    Args:
        code: in the address, ``?tab=…``.
        label: on the tab.
        statuses: which states lie in it; empty for all.
        window: ``soon`` or ``late`` for those whose open clock is near its end or past it.
        order: field names for the pager; work to be done begins with the oldest.
        optional: drawn only when something lies in it.
    """

    code: str
    label: str
    statuses: tuple[str, ...] = ()
    window: str = ""
    order: tuple[str, ...] = ("-id",)
    optional: bool = False

    @property
    def has_numbers(self) -> bool:
        """Whether what lies in it is registered."""
        return self.statuses != (S.SUBMITTED,)

    @property
    def has_units(self) -> bool:
        """Whether what lies in it is handed over."""
        return self.statuses not in {(S.SUBMITTED,), (S.REGISTERED,)}

    @property
    def light(self) -> str | None:
        return {"soon": "amber", "late": "overdue"}.get(self.window)


@dataclass(frozen=True, slots=True)
class TabCount:
    """A tab with the number of suggestions in it, counted up to a thousand."""

    tab: Tab
    count: int

    @property
    def shown(self) -> int | str:
        return self.count if self.count < MOST else count_text(self.count)


_BY_DUE = ("due_on", "id")
_SOON = Tab("soon", "临期", window="soon", order=_BY_DUE)
_LATE = Tab("late", "超期", window="late", order=_BY_DUE)

OFFICE_TABS = (
    Tab("sort", "待登记", (S.SUBMITTED,), order=("id",)),
    Tab("assign", "待交办", (S.REGISTERED,), order=("id",)),
    Tab("sign", "待签收", (S.ASSIGNED,), order=("id",)),
    Tab("handling", "办理中", (S.HANDLING, S.REWORK), order=("id",)),
    _SOON,
    _LATE,
    Tab("answered", "已答复", (S.ANSWERED,), order=("id",)),
    Tab("coordinating", "协调督办", (S.COORDINATING,), order=("id",), optional=True),
    Tab("closed", "已办结", (S.CLOSED,)),
    Tab("all", "全部"),
)
UNIT_TABS = (
    Tab("sign", "待签收", (S.ASSIGNED,), order=("id",)),
    Tab("handling", "待答复", (S.HANDLING, S.REWORK), order=("id",)),
    _SOON,
    _LATE,
    Tab("answered", "已答复", (S.ANSWERED, S.COORDINATING)),
    Tab("closed", "已办结", (S.CLOSED,)),
    Tab("all", "全部"),
)


def tabs_for(actor: Actor) -> tuple[Tab, ...]:
    """The tabs of the actor's desk."""
    return UNIT_TABS if actor.is_unit else OFFICE_TABS


def tab_of(actor: Actor, code: str) -> Tab:
    """The tab of this code; the first one when there is none."""
    tabs = tabs_for(actor)
    return next((tab for tab in tabs if tab.code == code), tabs[0])


def desk_rows(actor: Actor, tab: Tab, *, region: str = "") -> QuerySet[Suggestion]:
    """The suggestions of a tab, each with ``due_on``.

    Args:
        region: "" for what the actor's own office or unit works on, ``EVERYWHERE`` for all that it may see,
            else the prefix of a region below.
    """
    rows = _scope(actor, desk(actor), region)
    if actor.is_unit:
        rows = rows.annotate(due_on=open_due(UNIT_DEADLINES))
    return _in_tab(actor, tab, rows)


def desk_tabs(actor: Actor, *, region: str = "") -> list[TabCount]:
    """Tabs with their counts, each counted up to a thousand (one query)."""
    scope = _scope(actor, Suggestion.objects.visible_to(actor), region)
    counts = capped_counts({tab.code: _in_tab(actor, tab, scope) for tab in tabs_for(actor)})
    return [TabCount(tab, counts[tab.code]) for tab in tabs_for(actor) if counts[tab.code] or not tab.optional]


def _in_tab(actor: Actor, tab: Tab, rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    if tab.statuses:
        rows = rows.filter(status__in=tab.statuses)
    if tab.window:
        late = Q(due_on__lt=timezone.localdate())
        urgent = _urgent(actor).filter(late if tab.window == "late" else ~late)
        rows = rows.filter(pk__in=urgent.values("object_id"))
    return rows


def _scope(actor: Actor, rows: QuerySet[Suggestion], region: str) -> QuerySet[Suggestion]:
    """Own work by one indexed column; else the region."""
    if region and region != EVERYWHERE:
        return rows.filter(region_prefix__startswith=region)
    if region == EVERYWHERE or actor.organisation_id is None:
        return rows
    return (
        rows.filter(main_unit_id=actor.organisation_id)
        if actor.is_unit
        else rows.filter(office_id=actor.organisation_id)
    )


def _urgent(actor: Actor) -> QuerySet[Deadline]:
    """Running clocks on suggestions that end within ``AMBER_DAYS``, or have ended."""
    until = timezone.localdate() + dt.timedelta(days=AMBER_DAYS)
    return (
        Deadline.objects.unscoped(reason="narrowed to visible suggestions by the callers")
        .running()
        .filter(
            content_type=ContentType.objects.get_for_model(Suggestion),
            kind__in=UNIT_DEADLINES if actor.is_unit else DESK_DEADLINES,
            due_on__lte=until,
        )
        .order_by()
    )


def nearest_due(actor: Actor) -> dict[str, dt.date]:
    """The nearest due day of what lies in each state that is the actor's work (one query)."""
    kinds = UNIT_DEADLINES if actor.is_unit else ("suggestion_handover",)
    states = (S.ASSIGNED, S.HANDLING, S.REWORK) if actor.is_unit else (S.SUBMITTED, S.REGISTERED)
    rows = _scope(actor, Suggestion.objects.visible_to(actor), "").filter(status__in=states).order_by()
    nearest = rows.annotate(due_on=open_due(kinds)).values("status").annotate(first=Min("due_on"))
    return {row["status"]: row["first"] for row in nearest if row["first"] is not None}


def by_words(text: str) -> Q:
    """Title and text by bigrams, the number by a part of it, the lead deputy by the beginning of the name."""
    found = Q(lead_person__name__startswith=text) | Q(number_label__contains=text)
    query = search_query(text)
    return found if query is None else found | Q(search=query)


def search_suggestions(actor: Actor, text: str, *, limit: int) -> list[Suggestion]:
    """What the search box finds, newest first."""
    text = text.strip()
    if not text:
        return []
    rows = Suggestion.objects.visible_to(actor).filter(by_words(text)).select_related("lead_person")
    return list(rows.defer("search").order_by("-id")[:limit])
