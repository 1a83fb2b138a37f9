"""Reading the hotline's orders: one door for each face, the list under its conditions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from liaison.exceptions import NotFound
from liaison.masking import mask_name, mask_phone, mask_text
from liaison.permissions import Permission
from liaison.search import search_query
from liaison.selectors.attachment import attachments_of
from liaison.selectors.counts import capped_counts
from suggestions.models import HotlineOrder
from suggestions.models.hotline_order import OVER, FetchState

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from liaison.actor import Actor
    from liaison.models import Attachment
    from suggestions.models import HotlineFetch, HotlineOrderStep, Opinion

FILE_SLOT = "hotline"
_RELATED = ("client__organisation", "region", "station", "opinion", "suggestion", "report")
_HEAVY = ("search", "station__search", "suggestion__search", "opinion__search")


@dataclass(frozen=True, slots=True)
class OrderTab:
    """A saved view of the list."""

    code: str
    label: str
    empty: tuple[str, str]


TABS = (
    OrderTab("new", "待处理", ("没有待处理的工单", "热线正在办理、我们还没有关联也没有回复的工单会出现在这里。")),
    OrderTab("linked", "已关联", ("还没有关联的工单", "关联了联络站、社情民意或者代表建议的工单列在这里。")),
    OrderTab("replied", "已回复", ("还没有回复的工单", "由人大工作机构回复热线的工单列在这里。")),
    OrderTab("all", "全部", ("还没有热线工单", "12345热线通过接口转来的工单都会列在这里。")),
)


def tab_of(code: str) -> OrderTab:
    """The tab of this code; the first one when there is none."""
    return next((tab for tab in TABS if tab.code == code), TABS[0])


def get_order_for(actor: Actor, public_id: UUID | str) -> HotlineOrder:
    """The one door for people.

    Raises:
        NotFound: no such order, or not visible to the actor.
    """
    return _one(HotlineOrder.objects.visible_to(actor).filter(public_id=public_id))


def get_own_order(actor: Actor, order_no: str) -> HotlineOrder:
    """The one door for the hotline, by its own number.

    Raises:
        NotFound: it never sent such an order.
    """
    try:
        return _one(HotlineOrder.objects.visible_to(actor).filter(order_no=order_no))
    except NotFound:
        raise NotFound("没有这个编号的工单，或者不是本客户端报送的。") from None


def _one(rows: QuerySet[HotlineOrder]) -> HotlineOrder:
    order = rows.select_related(*_RELATED).defer(*_HEAVY).first()
    if order is None:
        raise NotFound
    return order


def order_behind(opinion: Opinion) -> HotlineOrder | None:
    """The order that an opinion came of, or is linked to (one query): the hotline has the matter already."""
    rows = HotlineOrder.objects.unscoped(reason="who reads the opinion reads where it came from")
    return (
        rows.filter(opinion=opinion)
        .only("public_id", "order_no", "region_prefix")
        .order_by("-opinion_made", "pk")
        .first()
    )


def sees_order(actor: Actor, order: HotlineOrder) -> bool:
    """Whether these staff may open the order's page. No query."""
    return actor.can(Permission.HOTLINE_VIEW) and order.region_prefix.startswith(actor.region_prefix)


def steps_of(order: HotlineOrder) -> list[HotlineOrderStep]:
    """The chain, oldest first."""
    return list(order.steps.all())


def fetches_of(order: HotlineOrder) -> list[HotlineFetch]:
    """Files that the hotline named by address."""
    return list(order.fetches.select_related("attachment"))


def files_of(order: HotlineOrder) -> list[Attachment]:
    """Files that are here."""
    return attachments_of(order, FILE_SLOT)


def waiting_fetches(*, limit: int = 100) -> list[int]:
    """Ids of fetches whose time has come, for the scan of the beat."""
    from suggestions.models import HotlineFetch

    now = timezone.now()
    due = HotlineFetch.objects.filter(state=FetchState.WAITING).filter(Q(next_at=None) | Q(next_at__lte=now))
    return list(due.order_by("id").values_list("pk", flat=True)[:limit])


def own_orders(actor: Actor, conditions: dict[str, Any]) -> QuerySet[HotlineOrder]:
    """A hotline's orders under conditions, for its list.

    Args:
        conditions: ``state``, ``kind``, ``region_code``, ``accepted_from``, ``accepted_to``, ``changed_from``;
            what is empty counts as none.
    """
    rows = HotlineOrder.objects.visible_to(actor).select_related(*_RELATED).defer(*_HEAVY)
    names = {
        "state": "state",
        "kind": "kind",
        "accepted_from": "accepted_at__gte",
        "accepted_to": "accepted_at__lt",
        "changed_from": "updated_at__gte",
    }
    found = {look: conditions[name] for name, look in names.items() if conditions.get(name)}
    if conditions.get("region_code"):
        found["region__code"] = conditions["region_code"]
    return rows.filter(**found)


# -- staff ---------------------------------------------------------------------------------------------
def _in_tab(tab: OrderTab, rows: QuerySet[HotlineOrder]) -> QuerySet[HotlineOrder]:
    linked = Q(station__isnull=False) | Q(opinion__isnull=False) | Q(suggestion__isnull=False)
    if tab.code == "new":
        lying = rows.filter(station=None, opinion=None, suggestion=None, replied_at=None, report=None)
        return lying.exclude(state__in=OVER)
    if tab.code == "linked":
        return rows.filter(linked)
    return rows.filter(replied_at__isnull=False) if tab.code == "replied" else rows


def order_rows(actor: Actor, tab: OrderTab) -> QuerySet[HotlineOrder]:
    """The orders of a tab, for the staff's list."""
    rows = HotlineOrder.objects.visible_to(actor).select_related(*_RELATED).defer(*_HEAVY, "text", "result")
    return _in_tab(tab, rows)


def tab_counts(actor: Actor) -> dict[str, int]:
    """How many lie in each tab but the last (one query, each counted up to a limit)."""
    rows = HotlineOrder.objects.visible_to(actor)
    return capped_counts({tab.code: _in_tab(tab, rows) for tab in TABS if tab.code in ("new", "linked", "replied")})


def by_words(rows: QuerySet[HotlineOrder], text: str) -> QuerySet[HotlineOrder]:
    """Title, text and place by bigrams, number by its beginning."""
    text = text.strip()
    found = Q(order_no__startswith=text)
    query = search_query(text)
    return rows.filter(found if query is None else found | Q(search=query))


def by_due(rows: QuerySet[HotlineOrder], code: str) -> QuerySet[HotlineOrder]:
    """``overdue``: the hotline's own limit has passed; ``soon``: it passes within two days."""
    now = timezone.now()
    open_rows = rows.exclude(state__in=OVER)
    if code == "overdue":
        return open_rows.filter(due_at__lt=now)
    return open_rows.filter(due_at__gte=now, due_at__lt=now + dt.timedelta(days=2))


def with_cover(rows: list[HotlineOrder]) -> list[HotlineOrder]:
    """The same rows with what is shown of them, names and numbers covered. No query."""
    for row in rows:
        row.__dict__["shown_title"] = mask_text(row.title)
        row.__dict__["shown_place"] = mask_text(row.place)
        row.__dict__["shown_name"] = mask_name(row.person_name)
        row.__dict__["is_late"] = bool(row.due_at and row.due_at < timezone.now() and row.state not in OVER)
    return rows


def contact_of(order: HotlineOrder) -> str:
    """Who asked, covered."""
    return " ".join(part for part in (mask_name(order.person_name), mask_phone(order.person_phone)) if part)


def unlinked_count(actor: Actor) -> int:
    """What waits in 待处理 for 我的待办, counted up to a limit (one query)."""
    return capped_counts({"new": _in_tab(TABS[0], HotlineOrder.objects.visible_to(actor))})["new"]


def search_orders(actor: Actor, text: str, *, limit: int) -> list[HotlineOrder]:
    """What the search box finds, newest first."""
    if not text.strip():
        return []
    rows = by_words(HotlineOrder.objects.visible_to(actor), text)
    return list(rows.defer("search", "text", "result").order_by("-id")[:limit])
