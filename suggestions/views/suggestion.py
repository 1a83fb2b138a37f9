"""The desk of staff and units, a deputy's own list, and the page of one suggestion."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from liaison.faces import ActorRequest, requires, signed_in
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from liaison.selectors.timeline import KINDS
from liaison.services.job import job_start
from suggestions.forms.desk import DeskFilter
from suggestions.selectors.desk import desk_rows, desk_tabs, tab_of
from suggestions.selectors.mine import may_invite, mine_in, mine_tabs
from suggestions.selectors.record import record_of
from suggestions.selectors.suggestion import get_suggestion_for, with_lights
from suggestions.selectors.timeline import suggestion_timeline
from suggestions.views.next_action import next_action


@require_safe
@requires(P.SUGGESTION_VIEW)
def desk(request: ActorRequest) -> HttpResponse:
    """The work desk: tabs with counts, conditions, due lights; deputies have their own list."""
    if request.actor.is_deputy:
        return redirect("suggestions:mine")
    tab = tab_of(request.actor, request.GET.get("tab", ""))
    conditions = DeskFilter(request.GET, actor=request.actor)
    region = conditions.region_prefix
    rows = conditions.apply(desk_rows(request.actor, tab, region=region))
    page = keyset_page(rows, params=request.GET, path=request.path, order=tab.order, nullable=("due_on",))
    with_lights(page.items)
    context = {
        "tab": tab,
        "views": [
            {
                "label": one.tab.label,
                "url": _view_url(request, one.tab.code),
                "count": one.shown,
                "light": one.tab.light,
                "active": one.tab == tab,
            }
            for one in desk_tabs(request.actor, region=region)
        ],
        "filter": conditions,
        "keep": [("tab", tab.code)],
        "clear_url": f"{request.path}?tab={tab.code}",
        "page": page,
    }
    return render(request, "suggestions/desk.html", context)


def _view_url(request: ActorRequest, code: str) -> str:
    """A tab keeps the conditions and goes to its first page."""
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    query["tab"] = code
    return f"{request.path}?{query.urlencode()}"


@require_POST
@requires(P.SUGGESTION_VIEW)
def export(request: ActorRequest) -> HttpResponse:
    """The list as shown, as a workbook: a worker writes it."""
    query = QueryDict(request.POST.get("query", ""))
    label = tab_of(request.actor, query.get("tab", "")).label
    params = {"query": query.urlencode()}
    job = job_start(actor=request.actor, kind="suggestion.export", title=f"导出代表建议（{label}）", params=params)
    return redirect(job)


@require_safe
@requires(P.SUGGESTION_WRITE)
def mine(request: ActorRequest) -> HttpResponse:
    """我的建议: led, co-signed, or asked to co-sign."""
    tab = request.GET.get("tab", "all")
    page = keyset_page(mine_in(request.actor, tab), params=request.GET, path=request.path, size=20)
    with_lights(page.items)
    tabs = mine_tabs(request.actor)
    views = [
        {"label": one.label, "url": f"?tab={one.code}", "count": one.count, "active": one.code == tab} for one in tabs
    ]
    return render(request, "suggestions/mine.html", {"tab": tab, "views": views, "page": page})


@require_safe
@signed_in
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One suggestion, one page, one timeline."""
    suggestion = get_suggestion_for(request.actor, public_id)
    record = record_of(request.actor, suggestion)
    kind = request.GET.get("kind", "")
    entries = suggestion_timeline(request.actor, suggestion)
    kinds = [{"label": "全部", "url": _kind_url(public_id, ""), "active": kind not in KINDS, "count": len(entries)}]
    for code, label in KINDS.items():
        count = sum(entry.kind == code for entry in entries)
        if count:
            kinds.append({"label": label, "url": _kind_url(public_id, code), "active": kind == code, "count": count})
    context = {
        "suggestion": suggestion,
        "record": record,
        "next": next_action(request.actor, suggestion, record),
        "may_invite": may_invite(request.actor, suggestion),
        "timeline": [entry for entry in entries if kind not in KINDS or entry.kind == kind],
        "timeline_kinds": kinds,
    }
    return render(request, "suggestions/detail.html", context)


def _kind_url(public_id: UUID, code: str) -> str:
    url = reverse("suggestions:detail", args=[public_id])
    return f"{url}{f'?kind={code}' if code else ''}#timeline-title"
