"""履职汇总: by region, level, campaign and year; who has not done all that is asked; the workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from deputies.forms.rollup import RollUpForm
from deputies.selectors.rollup import deputies_behind, lines_missing, roll_up, rollup_question
from deputies.services.rollup_export import rollup_export_start
from liaison.faces import ActorRequest, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpResponse

    from deputies.selectors.rollup import Question, RollUp

#: How the deputies may stand; never by how much they did.
ORDERS = {"region": ("按地区", ("home_prefix", "id")), "name": ("按姓名", ("person_name", "id"))}


@require_safe
@requires(P.DUTY_VIEW)
def overview(request: ActorRequest) -> HttpResponse:
    """One region and those below it."""
    question = rollup_question(request.actor, request.GET)
    found = roll_up(request.actor, question)
    context = {
        "found": found,
        "question": question,
        "form": RollUpForm(actor=request.actor, question=question),
        "kept": _query(question),
        "keep": [("region", question.here.code)],
        "clear_url": f"{reverse('rollup:overview')}?region={question.here.code}",
        "rows": [(line, [line.sums.get(kind, 0) for kind in found.kinds]) for line in found.lines],
        "missing": sorted(found.total.missing.items()),
        "chart": _chart(found),
    }
    return render(request, "deputies/rollup_overview.html", context)


@require_safe
@requires(P.DUTY_VIEW)
def behind(request: ActorRequest) -> HttpResponse:
    """尚未完成要求的代表, with what each still has to do."""
    question = rollup_question(request.actor, request.GET)
    words = request.GET.get("words", "")[:60]
    by = request.GET.get("by", "") if request.GET.get("by", "") in ORDERS else "region"
    found = deputies_behind(request.actor, question, words)
    page = keyset_page(found, params=request.GET, path=request.path, order=ORDERS[by][1])
    missing = lines_missing(page.items, question)
    plain, kept = _query(question), _query(question)
    if words:
        kept["words"] = words
    context = {
        "question": question,
        "page": page,
        "rows": [(mandate, missing[mandate.pk]) for mandate in page.items],
        "words": words,
        "kept": kept,
        "back_url": f"{reverse('rollup:overview')}?{plain.urlencode()}",
        "all_url": f"{request.path}?{plain.urlencode()}",
        "orders": [
            {"label": label, "url": f"{request.path}?{kept.urlencode()}&by={code}", "active": code == by}
            for code, (label, _order) in ORDERS.items()
        ],
    }
    return render(request, "deputies/rollup_behind.html", context)


@require_POST
@requires(P.DUTY_VIEW)
def export(request: ActorRequest) -> HttpResponse:
    """导出: a worker writes it."""
    conditions = {name: str(value) for name, value in request.POST.items()}
    what = "deputies" if conditions.get("what") == "deputies" else "regions"
    return redirect(rollup_export_start(actor=request.actor, conditions=conditions, what=what))


def _query(question: Question) -> QueryDict:
    """The conditions as they stand in the address."""
    found = QueryDict(mutable=True)
    found["region"], found["year"] = question.here.code, str(question.year)
    if question.level:
        found["level"] = question.level
    if question.campaign is not None:
        found["campaign"] = str(question.campaign.public_id)
    if question.of_term:
        found["asked"] = "term"
    return found


def _chart(found: RollUp) -> dict[str, Any] | None:
    """How many have done all that is asked, and how many have not, by region."""
    if not found.total.asked:
        return None
    names = [f"{line.region.name}本级" if line.is_own else line.region.name for line in found.lines]
    series = [
        {"name": "已完成", "values": [line.met for line in found.lines], "tone": "green"},
        {"name": "尚未完成", "values": [line.behind for line in found.lines], "tone": "amber"},
    ]
    rows = [(name, [str(line.met), str(line.behind)]) for name, line in zip(names, found.lines, strict=True)]
    title = f"{found.question.here.name}各地完成要求的代表（名）"
    said = "；".join(f"{name}已完成{met}、尚未完成{left}" for name, (met, left) in rows)
    return {
        "id": "chart-regions",
        "title": title,
        "description": f"{title}：{said}。",
        "unit": "名",
        "category_label": "地区",
        "series": series,
        "rows": rows,
        "as_data": {"kind": "stacked", "unit": "名", "categories": names, "series": series, "horizontal": True},
    }
