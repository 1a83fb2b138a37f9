"""The desk of opinions (社情民意): tabs with counts and lights, the year's figures, what waits for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, DateField, IntegerField, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from liaison.lights import light_of, most_urgent
from liaison.masking import mask_text
from liaison.models import Deadline
from liaison.search import search_query
from liaison.selectors.counts import capped_counts
from liaison.selectors.deadline import subjects_with_light
from suggestions.models import Opinion
from suggestions.models.answer import Rating
from suggestions.models.opinion import OpinionRoute
from suggestions.selectors.desk import EVERYWHERE
from suggestions.selectors.opinion_record import with_contact
from suggestions.states import OpinionStatus as O

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liaison.actor import Actor

#: Its clocks: to be sorted, to be answered by a deputy, to be answered by a unit.
SORTING, BY_DEPUTY, BY_UNIT = "opinion_sorting", "opinion_deputy", "opinion_unit"
CLOCKS = (SORTING, BY_DEPUTY, BY_UNIT)
#: What people who rated it call solved.
SOLVED = (Rating.SATISFIED, Rating.BASICALLY)


@dataclass(frozen=True, slots=True)
class OpinionTab:
    """A saved view of the desk.

    Args:
        code: in the address, ``?tab=…``.
        label: on the tab.
        statuses: which states lie in it; empty for all.
        empty: (title, text) of what is said when nothing lies in it.
        order: field names for the pager; work to be done begins with the oldest or the most urgent.
        to_tell: only those whose people wait to be phoned.
    """

    code: str
    label: str
    statuses: tuple[str, ...] = ()
    empty: tuple[str, str] = ("这里没有意见", "这一步的意见都已办完。")
    order: tuple[str, ...] = ("-id",)
    to_tell: bool = False


_BY_DUE = ("due_on", "id")
OFFICE_TABS = (
    OpinionTab(
        "sort",
        "待分办",
        (O.RECEIVED,),
        ("没有待分办的意见", "群众扫码或者网上反映的、代表带回的、您登记的，都会出现在这里。"),
        ("id",),
    ),
    OpinionTab("deputy", "代表答复中", (O.DEPUTY,), order=_BY_DUE),
    OpinionTab("unit", "单位办理中", (O.UNIT,), order=_BY_DUE),
    OpinionTab("hotline", "拟转12345", (O.HOTLINE,), order=("id",)),
    OpinionTab("suggestion", "已转为建议", (O.SUGGESTION,), order=("id",)),
    OpinionTab(
        "tell",
        "待告知",
        empty=("没有待告知的人", "留了电话的群众，答复以后在这里列出，打过电话后按“已电话告知”。"),
        order=("id",),
        to_tell=True,
    ),
    OpinionTab("answered", "已答复", (O.ANSWERED,)),
    OpinionTab("closed", "已办结", (O.CLOSED,)),
    OpinionTab("all", "全部", empty=("还没有社情民意", "收到的意见都会列在这里。")),
)
UNIT_TABS = (
    OpinionTab(
        "todo",
        "待答复",
        (O.UNIT,),
        ("没有待答复的意见", "人大工作机构交办的群众意见会出现在这里，并发消息给您。"),
        _BY_DUE,
    ),
    OpinionTab("answered", "已答复", (O.ANSWERED, O.CLOSED)),
    OpinionTab("all", "全部", empty=("还没有交办给贵单位的意见", "人大工作机构交办的群众意见会列在这里。")),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure over the desk, with the address of what it counts.

    Args:
        query: conditions of the desk, as in its address.
    """

    label: str
    count: int
    query: dict[str, str]


def tabs_for(actor: Actor) -> tuple[OpinionTab, ...]:
    """The tabs of the actor's desk."""
    return UNIT_TABS if actor.is_unit else OFFICE_TABS


def tab_of(actor: Actor, code: str) -> OpinionTab:
    """The tab of this code; the first one when there is none."""
    tabs = tabs_for(actor)
    return next((tab for tab in tabs if tab.code == code), tabs[0])


def _scope(actor: Actor, region: str) -> QuerySet[Opinion]:
    """Own work by one indexed column; else the region."""
    rows = Opinion.objects.visible_to(actor)
    if region and region != EVERYWHERE:
        return rows.filter(region_prefix__startswith=region)
    if region == EVERYWHERE or actor.organisation_id is None:
        return rows
    return rows.filter(unit_id=actor.organisation_id) if actor.is_unit else rows.filter(office_id=actor.organisation_id)


def _in_tab(tab: OpinionTab, rows: QuerySet[Opinion]) -> QuerySet[Opinion]:
    """Work is listed once a matter: what is grouped under another lies in 全部 and where people are told."""
    if tab.to_tell:
        return rows.filter(tell_since__isnull=False)
    if tab.statuses:
        return rows.filter(status__in=tab.statuses, same_as__isnull=True)
    return rows


def _open_due() -> Subquery:
    clocks = (
        Deadline.objects.open()
        .filter(content_type=ContentType.objects.get_for_model(Opinion), object_id=OuterRef("pk"), kind__in=CLOCKS)
        .order_by()
        .values("object_id")
        .annotate(first=Min("due_on"))
        .values("first")
    )
    return Subquery(clocks, output_field=DateField())


def desk_rows(actor: Actor, tab: OpinionTab, *, region: str = "") -> QuerySet[Opinion]:
    """The opinions of a tab, each with ``due_on`` and ``together``, how many are grouped under it.

    Args:
        region: "" for what the actor's own office or unit works on, ``EVERYWHERE`` for all that it may see,
            else the prefix of a region below.
    """
    members = Opinion.objects.unscoped(reason="a row says how many people said the same")
    grouped = members.filter(same_as=OuterRef("pk")).order_by().values("same_as")
    counted = Subquery(grouped.annotate(people=Count("pk")).values("people"), output_field=IntegerField())
    return (
        _in_tab(tab, _scope(actor, region))
        .select_related("station", "category", "mandate__person", "unit", "office", "suggestion", "same_as")
        .annotate(due_on=_open_due(), together=Coalesce(counted, 0))
        .defer("search", "hotline_text", "station__search", "suggestion__situation", "suggestion__proposal")
    )


def with_lights(actor: Actor, rows: list[Opinion]) -> list[Opinion]:
    """The same rows, each with ``light`` for its ``due_on``, ``handler``, who is to answer, and ``shown``, its text
    as this actor may read it; the contact covered. No query."""
    for row in rows:
        row.__dict__["light"] = light_of(row.__dict__.get("due_on"))
        row.__dict__["handler"] = handler_of(row)
        row.__dict__["shown"] = mask_text(row.text)  # a list stands open on the desk: numbers are read on the page
        with_contact(row)
        row.__dict__["shown_place"] = mask_text(row.place)
    return rows


def handler_of(opinion: Opinion) -> str:
    """Who answers, or has answered: the way that it went, or the one that it is grouped under."""
    if opinion.same_as:
        return f"随{opinion.same_as.number}"
    if opinion.status == O.RECEIVED:  # opened again: who answered before is no longer at it
        return ""
    if opinion.route == OpinionRoute.UNIT and opinion.unit:
        return opinion.unit.name
    if opinion.route == OpinionRoute.DEPUTY and opinion.mandate:
        return f"{opinion.mandate.person.name}代表"
    if opinion.route == OpinionRoute.SUGGESTION and opinion.suggestion:
        return opinion.suggestion.number_label or "代表建议"
    return opinion.get_route_display() if opinion.route else ""


def desk_counts(actor: Actor, *, region: str = "") -> dict[str, int]:
    """Opinions in each tab, and the figures of the office's present year (one query, each counted up to a limit)."""
    scope = _scope(actor, region)
    lists = {tab.code: _in_tab(tab, scope) for tab in tabs_for(actor)}
    if actor.is_congress:
        lists |= {f"year-{name}": rows for name, (_, _, rows) in _figures(scope).items()}
    return capped_counts(lists)


def _figures(scope: QuerySet[Opinion]) -> dict[str, tuple[str, dict[str, str], QuerySet[Opinion]]]:
    year = timezone.localdate().year
    rows = in_year(scope, year)
    base = {"tab": "all", "year": str(year)}
    return {
        "received": ("今年收到", base, rows),
        "spot": ("当场答复", base | {"route": OpinionRoute.ON_SPOT.value}, rows.filter(route=OpinionRoute.ON_SPOT)),
        "unit": ("交办单位", base | {"route": OpinionRoute.UNIT.value}, rows.filter(route=OpinionRoute.UNIT)),
        "suggestion": (
            "转为代表建议",
            base | {"route": OpinionRoute.SUGGESTION.value},
            rows.filter(route=OpinionRoute.SUGGESTION),
        ),
        "solved": ("群众评价已解决", base | {"rating": "solved"}, rows.filter(rating__in=SOLVED)),
    }


def figures_of(actor: Actor, counts: dict[str, int]) -> list[Figure]:
    """The strip over an office's desk, from ``desk_counts``. No query."""
    if not actor.is_congress:
        return []
    named = _figures(Opinion.objects.none())
    return [Figure(label, counts[f"year-{name}"], query) for name, (label, query, _) in named.items()]


def in_year(rows: QuerySet[Opinion], year: int) -> QuerySet[Opinion]:
    """Received in that year."""
    return rows.filter(created_at__year=year)


def by_words(actor: Actor, rows: QuerySet[Opinion], text: str) -> QuerySet[Opinion]:
    """Text and place by bigrams, number by a part of it; for the office also the name by its beginning and the
    telephone by its last digits."""
    text = text.strip()
    found = Q(number__contains=text)
    if actor.is_congress:
        found |= Q(contact_name__startswith=text)
        if text.isdigit() and len(text) >= 4:
            found |= Q(contact_phone__endswith=text)
    query = search_query(text)
    return rows.filter(found if query is None else found | Q(search=query))


def by_light(rows: QuerySet[Opinion], code: str) -> QuerySet[Opinion]:
    """Those of which an open clock shows this light."""
    return subjects_with_light(rows, code, kinds=CLOCKS)


@dataclass(frozen=True, slots=True)
class OpinionsWaiting:
    """What waits for an actor's own office or unit, with the most urgent light."""

    to_sort: int = 0
    to_tell: int = 0
    overdue: int = 0
    to_answer: int = 0
    light: str | None = None


def waiting_for(actor: Actor) -> OpinionsWaiting:
    """What waits for the actor's own office or unit (one query; none for others)."""
    if actor.organisation_id is None or not (actor.is_congress or actor.is_unit):
        return OpinionsWaiting()
    mine = _scope(actor, "").filter(same_as__isnull=True)
    work = mine.filter(status=O.UNIT if actor.is_unit else O.RECEIVED)
    kind = BY_UNIT if actor.is_unit else SORTING
    lists = {code: subjects_with_light(work, code, kinds=[kind]) for code in ("overdue", "red", "amber", "green")} | {
        "work": work
    }
    if actor.is_congress:
        lists["tell"] = _scope(actor, "").filter(tell_since__isnull=False)
        lists["late"] = by_light(mine, "overdue")
    counts = capped_counts(lists)
    light = most_urgent([code for code in ("overdue", "red", "amber") if counts[code]])
    if actor.is_unit:
        return OpinionsWaiting(to_answer=counts["work"], light=light)
    return OpinionsWaiting(to_sort=counts["work"], to_tell=counts["tell"], overdue=counts["late"], light=light)
