"""/hotline/topics/: the month's hot topics by class and place, chart beside table, and the workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from liaison.faces import ActorRequest, requires
from liaison.permissions import Permission as P  # noqa: N817
from liaison.services.job import job_start
from suggestions.selectors.hotline_topic import MOST_BARS, Topics, hotline_topics, month_of, months

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse, QueryDict

    from suggestions.selectors.hotline_topic import Topic


def _found(request: ActorRequest, query: QueryDict) -> Topics:
    return hotline_topics(
        request.actor,
        month=month_of(query.get("month", "")),
        top=query.get("top", "")[:60],
        place=query.get("place", "")[:9],
    )


def _query(found: Topics, **changes: str) -> str:
    from django.http import QueryDict

    query = QueryDict(mutable=True)
    query.update(
        {
            "month": f"{found.month:%Y-%m}",
            "top": found.top,
            "place": found.place.code if found.place else "",
            **changes,
        }
    )
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    return f"?{query.urlencode()}"


@require_safe
@requires(P.HOTLINE_VIEW)
def topics(request: ActorRequest) -> HttpResponse:
    """热点: counted by class and by place, the month before beside it."""
    found = _found(request, request.GET)
    month = f"{found.month.year}年{found.month.month}月"
    context = {
        "found": found,
        "month": month,
        "month_choices": [(f"{one:%Y-%m}", f"{one.year}年{one.month}月") for one in months()],
        "tables": [
            _table("classes", "按分类" if not found.top else f"{found.top}：按下级分类", "分类", found.by_class, month,
                   [_query(found, top=one.key) if one.key else "" for one in found.by_class]),
            _table("places", "按地区", "地区", found.by_place, month,
                   [_query(found, place=one.key) if one.key else "" for one in found.by_place]),
        ],
        "kinds": found.by_kind,
        "all_classes_url": _query(found, top="") if found.top else "",
        "own_place_url": _query(found, place="")
        if found.place and found.place.prefix != request.actor.region_prefix
        else "",
    }  # fmt: skip
    return render(request, "suggestions/hotline_topics.html", context)


def _table(
    code: str, title: str, label: str, lines: Sequence[Topic], month: str, urls: Sequence[str]
) -> dict[str, Any]:
    """A bar chart of the most frequent ones, and the table of all with addresses to look into."""
    shown = lines[:MOST_BARS]
    names = [one.label for one in shown]
    series = [
        {"name": "上月", "values": [one.before for one in shown], "tone": "grey"},
        {"name": "本月", "values": [one.count for one in shown], "tone": "accent"},
    ]
    said = "；".join(f"{one.label}本月{one.count}件、上月{one.before}件" for one in shown)
    return {
        "id": code,
        "title": title,
        "label": label,
        "lines": list(zip(lines, urls, strict=True)),
        "chart": {
            "id": f"chart-{code}",
            "title": f"{month}热线工单{title}（件）",
            "description": f"{title}：{said}。",
            "as_data": {"kind": "bar", "unit": "件", "categories": names, "series": series, "horizontal": True},
        },
    }


@require_POST
@requires(P.HOTLINE_VIEW)
def export(request: ActorRequest) -> HttpResponse:
    """The same figures as a workbook: a worker writes it."""
    found = _found(request, request.POST)
    params = {
        "month": f"{found.month:%Y-%m}",
        "top": found.top,
        "place": found.place.code if found.place else "",
    }
    title = f"导出热线热点（{found.month.year}年{found.month.month}月）"
    return redirect(job_start(actor=request.actor, kind="hotline_topic.export", title=title, params=params))
