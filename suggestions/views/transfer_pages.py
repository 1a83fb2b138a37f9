"""What the pages of transfers draw: tabs, facts, the kinds of a timeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from liaison.dates import cn_date, cn_datetime
from liaison.selectors.counts import count_text
from liaison.selectors.timeline import KINDS
from suggestions.selectors.transfer_desk import tabs_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from liaison.faces import ActorRequest
    from liaison.selectors.timeline import TimelineEntry
    from suggestions.models import Transfer
    from suggestions.selectors.transfer_desk import Tab


def tabs_of(request: ActorRequest, tab: Tab, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """The tabs with their counts; a tab keeps the filters and begins at the first page."""
    views = []
    for one in tabs_for(request.actor):
        query = request.GET.copy()
        for name in ("after", "before"):
            query.pop(name, None)
        query["view"] = one.code
        views.append(
            {
                "label": one.label,
                "url": f"{request.path}?{query.urlencode()}",
                "count": count_text(counts[one.code]) if counts[one.code] else 0,
                "light": one.light if one.light in {"amber", "red", "overdue"} else None,
                "active": one == tab,
            }
        )
    return views


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of ``liaison/partials/summary_list.html``."""

    label: str
    value: str


def facts_of(transfer: Transfer) -> list[Fact]:
    """The facts beside a transfer; what has not happened yet is left out."""
    rows: list[tuple[str, str]] = [
        ("接收检察院", transfer.procuratorate.display),
        ("转交机构", transfer.office.display),
        ("涉及领域", transfer.domain.name),
        ("所在地点", transfer.place),
        ("受损害的公共利益", transfer.harmed_interest),
        ("涉及机关或单位", transfer.agency_concerned),
        ("线索说明", transfer.note),
        ("转交时间", cn_datetime(transfer.transferred_at) if transfer.transferred_at else ""),
        ("签收时间", cn_datetime(transfer.received_at) if transfer.received_at else ""),
        ("线索编号", transfer.lead_number),
        ("转化意见", transfer.get_opinion_display()),
        ("意见日期", cn_date(transfer.opinion_on) if transfer.opinion_on else ""),
        ("报送日期", _reported(transfer)),
        ("案件编号", transfer.case_number),
        ("意见理由", transfer.opinion_reason),
    ]
    return [Fact(label, value) for label, value in rows if value]


def _reported(transfer: Transfer) -> str:
    if transfer.opinion_at is None:
        return ""
    in_time = {True: "（按期）", False: "（逾期）", None: ""}[transfer.opinion_in_time]
    return f"{cn_date(timezone.localdate(transfer.opinion_at))}{in_time}"


def kinds_of(request: ActorRequest, entries: Sequence[TimelineEntry], active: str) -> list[dict[str, Any]]:
    """The filter over a timeline: every kind that occurs, with its count."""
    kinds = [{"label": "全部", "url": f"{request.path}#timeline-title", "active": not active, "count": len(entries)}]
    for code, label in KINDS.items():
        count = sum(entry.kind == code for entry in entries)
        if count:
            kinds.append(
                {
                    "label": label,
                    "url": f"{request.path}?kind={code}#timeline-title",
                    "active": active == code,
                    "count": count,
                }
            )
    return kinds
