"""Opinions for staff: the desk, one opinion, its export, and the small presses on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from liaison.dates import cn_datetime
from liaison.faces import ActorRequest, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from liaison.selectors.counts import count_text
from liaison.selectors.timeline import KINDS
from liaison.services.job import job_start
from suggestions.forms.opinion import SayForm
from suggestions.forms.opinion_desk import OpinionFilter
from suggestions.selectors.hotline_order import order_behind, sees_order
from suggestions.selectors.hotline_report import report_of
from suggestions.selectors.opinion import similar_to
from suggestions.selectors.opinion_desk import desk_counts, desk_rows, figures_of, tab_of, tabs_for, with_lights
from suggestions.selectors.opinion_record import (
    covered,
    get_opinion_for,
    is_own,
    members_of,
    opinion_timeline,
    record_of,
    with_contact,
)
from suggestions.services.opinion import opinion_contact, opinion_told
from suggestions.views.opinion_next import action_box
from suggestions.views.transfer_pages import Fact

if TYPE_CHECKING:
    import datetime as dt

    from suggestions.models import Opinion
    from suggestions.selectors.opinion_desk import OpinionTab

LABEL = "社情民意"


def tabs_of(request: ActorRequest, tab: OpinionTab, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The tabs with their counts; a tab keeps the conditions and goes to its first page."""
    views = []
    for one in tabs_for(request.actor):
        query = request.GET.copy()
        for name in ("after", "before"):
            query.pop(name, None)
        query["tab"] = one.code
        views.append(
            {
                "label": one.label,
                "url": f"{request.path}?{query.urlencode()}",
                "count": count_text(counts[one.code]) if counts[one.code] else 0,
                "active": one == tab,
            }
        )
    return views


def desk_context(request: ActorRequest) -> dict[str, Any]:
    """What a desk of opinions shows: the rows of a tab under the conditions of the address."""
    actor = request.actor
    tab = tab_of(actor, request.GET.get("tab", ""))
    conditions = OpinionFilter(request.GET, actor=actor)
    region = conditions.region_prefix
    rows = conditions.apply(desk_rows(actor, tab, region=region))
    page = keyset_page(rows, params=request.GET, path=request.path, order=tab.order, nullable=("due_on",))
    with_lights(actor, page.items)
    counts = desk_counts(actor, region=region)
    figures = []
    for figure in figures_of(actor, counts):
        query = QueryDict(mutable=True)
        query.update(figure.query)
        if region:
            query["region"] = region
        figures.append({"label": figure.label, "count": count_text(figure.count), "url": f"?{query.urlencode()}"})
    return {
        "tab": tab,
        "views": tabs_of(request, tab, counts),
        "figures": figures,
        "filter": conditions,
        "clear_url": f"{request.path}?tab={tab.code}",
        "page": page,
    }


@require_safe
@requires(P.OPINION_VIEW)
def desk(request: ActorRequest) -> HttpResponse:
    """社情民意: tabs with counts, the year's figures, conditions in the address."""
    if request.actor.is_deputy:
        return redirect("my_opinions:list")
    if request.actor.is_unit:
        return redirect("handed_opinions:desk")
    context = desk_context(request) | {
        "heading": LABEL,
        "may_record": request.actor.can(P.OPINION_SORT),
        "may_export": request.actor.can(P.OPINION_SORT),
    }
    return render(request, "suggestions/opinion_list.html", context)


@require_POST
@requires(P.OPINION_SORT)
def export(request: ActorRequest) -> HttpResponse:
    """The list as shown, as a workbook: a worker writes it, numbers covered."""
    query = QueryDict(request.POST.get("query", ""))
    label = tab_of(request.actor, query.get("tab", "")).label
    params = {"query": query.urlencode()}
    job = job_start(actor=request.actor, kind="opinion.export", title=f"导出社情民意（{label}）", params=params)
    return redirect(job)


@require_safe
@requires(P.OPINION_VIEW)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One opinion, one page, one timeline; deputies and units are led to theirs."""
    opinion = get_opinion_for(request.actor, public_id)
    if request.actor.is_deputy:
        return redirect(opinion.deputy_url)
    if request.actor.is_unit:
        return redirect(opinion.unit_url)
    return detail_page(request, opinion)


def detail_page(request: ActorRequest, opinion: Opinion, *, contact: tuple[str, str] | None = None) -> HttpResponse:
    """The page of one opinion for staff.

    Args:
        contact: name and telephone in full, when they were just asked for.
    """
    actor = request.actor
    own = is_own(actor, opinion)
    may_act = own and actor.can(P.OPINION_SORT)
    entries = opinion_timeline(actor, opinion)
    report = report_of(opinion) if opinion.hotline_text else None
    source = order_behind(opinion)
    kind = request.GET.get("kind", "")
    context = {
        "opinion": with_contact(opinion),
        "record": record_of(actor, opinion),
        "members": members_of(actor, opinion),
        "lead": opinion.same_as,
        "action": action_box(actor, opinion, report, from_hotline=source is not None),
        "hotline_order": source,
        "hotline_order_url": source.get_absolute_url() if source and sees_order(actor, source) else "",
        "report": report,
        "report_url": report.get_absolute_url() if report else "",
        "report_result": covered(opinion, report.result) if report else "",
        "facts": facts_of(opinion),
        "show_contact": True,
        "to_tell": may_act and opinion.tell_since is not None,
        "may_unmask": may_act,
        "may_group": may_act,
        "contact": contact,
        "hotline_text": opinion.hotline_text if contact else covered(opinion, opinion.hotline_text),
        "similar": [one for one, _ in similar_to(actor, opinion)] if may_act and opinion.is_open else [],
        "say_form": SayForm() if may_act else None,
        "say_url": reverse("opinions:say", args=[opinion.public_id]),
        "list_url": reverse("opinions:desk"),
        "list_label": LABEL,
        "timeline": [entry for entry in entries if kind not in KINDS or entry.kind == kind],
        "timeline_kinds": _kinds(opinion, entries, kind),
    }
    return render(request, "suggestions/opinion_detail.html", context)


def _kinds(opinion: Opinion, entries: list[Any], kind: str) -> list[dict[str, Any]]:
    url = reverse("opinions:detail", args=[opinion.public_id])
    kinds = [{"label": "全部", "url": f"{url}#timeline-title", "active": kind not in KINDS, "count": len(entries)}]
    for code, label in KINDS.items():
        count = sum(entry.kind == code for entry in entries)
        if count:
            address = f"{url}?kind={code}#timeline-title"
            kinds.append({"label": label, "url": address, "active": kind == code, "count": count})
    return kinds


def moment(at: dt.datetime | None) -> str:
    """A time in words; "" for none."""
    return cn_datetime(at) if at else ""


def facts_of(opinion: Opinion) -> list[Fact]:
    """The facts beside an opinion; what has not happened is left out."""
    rows: list[tuple[str, str]] = [
        ("类别", opinion.category.name if opinion.category else "未分类"),
        ("办理机构", opinion.office.display),
        ("登记人", opinion.recorded_by.name if opinion.recorded_by else ""),
        ("带回的代表", f"{opinion.brought_by.person.name}代表" if opinion.brought_by else ""),
        ("办理方式", opinion.get_route_display() if opinion.route else ""),
        ("答复代表", f"{opinion.mandate.person.name}代表" if opinion.mandate else ""),
        ("承诺答复", f"{cn_datetime(opinion.answer_by)}前" if opinion.answer_by else ""),
        ("承办单位", opinion.unit.name if opinion.unit else ""),
        ("答复时间", moment(opinion.answered_at)),
        ("群众评价", opinion.get_rating_display() if opinion.rating else ""),
        ("评价说明", opinion.rating_words),
        ("电话告知", moment(opinion.told_at)),
        ("办结时间", moment(opinion.closed_at)),
    ]
    return [Fact(label, value) for label, value in rows if value]


def unit_facts(opinion: Opinion) -> list[Fact]:
    """The facts beside an opinion on the unit's page: nothing of the person, nor of how it came there."""
    rows: list[tuple[str, str]] = [
        ("交办机构", opinion.office.display),
        ("类别", opinion.category.name if opinion.category else ""),
        ("联络站", opinion.station.name if opinion.station else ""),
        ("答复时间", moment(opinion.answered_at)),
        ("群众评价", opinion.get_rating_display() if opinion.rating else ""),
        ("办结时间", moment(opinion.closed_at)),
    ]
    return [Fact(label, value) for label, value in rows if value]


@require_POST
@never_cache
@requires(P.OPINION_SORT)
def contact(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """查看姓名和电话: noted in the audit, shown once."""
    found = opinion_contact(actor=request.actor, public_id=public_id)
    opinion = get_opinion_for(request.actor, public_id)
    if request.htmx:
        return render(request, "suggestions/opinion_contact.html", {"opinion": opinion, "contact": found})
    return detail_page(request, opinion, contact=found)


@require_POST
@requires(P.OPINION_SORT)
def told(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """已电话告知."""
    opinion = opinion_told(actor=request.actor, public_id=public_id, version=None)
    messages.success(request, "已记下：反映人已电话告知。")
    return redirect(opinion)
