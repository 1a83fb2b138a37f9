"""/projects-summary/: the roll-up by region and year, the entered rows, the workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deputies.views.pages import form_page, posted
from liaison.faces import ActorRequest, call, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from liaison.services.job import job_start
from votes.forms.summary import SummaryForm
from votes.selectors.summary import RULES, require_staff, roll_up
from votes.selectors.summary_row import get_row_for, portal_congresses, row_years, summary_rows
from votes.services.summary import summary_delete, summary_save
from votes.views.summary_charts import MEASURES, chart_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from votes.models import YearSummary


@require_safe
@requires(P.PROGRAMME_VIEW)
def overview(request: ActorRequest) -> HttpResponse:
    """One region: its years, and the regions below it in one of them."""
    found = roll_up(request.actor, code=request.GET.get("region", ""), year=_number(request.GET.get("year", "")))
    show = request.GET.get("show", "")
    measure = show if show in MEASURES else next(iter(MEASURES))
    context = {
        "found": found,
        "year_views": [
            {"label": f"{year}年", "url": _url(request, year=year), "count": None, "active": year == found.year}
            for year in found.years
        ],
        "measures": [
            {"label": one.label, "url": f"{_url(request, show=code)}#trend-title", "active": code == measure}
            for code, one in MEASURES.items()
        ],
        "chart": chart_of(found, measure) if found.years else None,
        "rules": RULES,
        "keep": f"&year={found.year}&show={measure}" if found.years else "",
        "twice": [line for line in found.totals if line.may_count_twice],
        "may_enter": request.actor.can(P.PROGRAMME_EDIT),
    }
    return render(request, "votes/summary_overview.html", context)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None


def _url(request: ActorRequest, **changes: Any) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = str(value)
    return f"{request.path}?{query.urlencode()}"


@require_POST
@requires(P.PROGRAMME_VIEW)
def export(request: ActorRequest) -> HttpResponse:
    """All years of the region as a workbook: a worker writes it."""
    here = roll_up(request.actor, code=request.POST.get("region", "")).here
    title = f"导出民生实事票决汇总（{here.name}）"
    return redirect(job_start(actor=request.actor, kind="summary.export", title=title, params={"code": here.code}))


@require_safe
@requires(P.PROGRAMME_VIEW)
def rows(request: ActorRequest) -> HttpResponse:
    """The entered rows."""
    year = _number(request.GET.get("year", ""))
    found = summary_rows(request.actor, year=year)
    years = row_years(request.actor)
    context = {
        "page": keyset_page(found, params=request.GET, path=request.path, order=("-year", "prefix", "level", "id")),
        "views": [{"label": "全部", "url": request.path, "count": None, "active": year is None}]
        + [{"label": f"{one}年", "url": f"?year={one}", "count": None, "active": one == year} for one in years],
        "may_enter": request.actor.can(P.PROGRAMME_EDIT),
    }
    return render(request, "votes/summary_rows.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def add(request: ActorRequest) -> HttpResponse:
    """填报一行."""
    require_staff(request.actor)
    initial = {"region_code": request.GET.get("region", ""), "year": _number(request.GET.get("year", ""))}
    form = SummaryForm(
        posted(request), actor=request.actor, initial={name: value for name, value in initial.items() if value}
    )
    if form.is_bound and form.is_valid():
        row = call(form, summary_save, actor=request.actor, values=form.values)
        if row is not None:
            _tell(request, row)
            return redirect("summary:rows")
    context = {"cancel_url": reverse("summary:rows"), "rules": RULES}
    return form_page(request, "votes/summary_form.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """修改一行."""
    row = get_row_for(request.actor, public_id)
    form = SummaryForm(posted(request), actor=request.actor, row=row)
    if form.is_bound and form.is_valid():
        saved = call(
            form,
            summary_save,
            actor=request.actor,
            public_id=public_id,
            version=form.cleaned_data["version"],
            values=form.values,
        )
        if saved is not None:
            _tell(request, saved)
            return redirect("summary:rows")
        form.renew_version(row)
    context = {"row": row, "cancel_url": reverse("summary:rows"), "rules": RULES}
    return form_page(request, "votes/summary_form.html", form, **context)


def _tell(request: ActorRequest, row: YearSummary) -> None:
    """Saved; and a warning where the portal knows congresses of the same region."""
    messages.success(request, f"已保存{row}。")
    known = portal_congresses(request.actor, row.region, row.year, row.level)
    if known:
        messages.warning(
            request,
            f"{row.region}{row.year}年已有{known}个{row.get_level_display()}人大在平台上，"
            "由系统统计。请确认刚才填报的数里没有再计入。",
        )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def delete(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Ask once, then take the row out."""
    row = get_row_for(request.actor, public_id)
    if request.method == "POST":
        summary_delete(actor=request.actor, public_id=public_id)
        messages.success(request, f"已删除{row}。")
        return redirect("summary:rows")
    numbers = f"人大{row.congresses}个、实行票决{row.voting}个、项目{row.projects}件"
    context = {
        "heading": "删除手工汇总",
        "question": f"删除{row}？",
        "consequence": f"{numbers}，删除后不再计入汇总。删除记录保留在审计中。",
        "confirm_label": "删除",
        "cancel_url": reverse("summary:rows"),
        "danger": True,
    }
    return render(request, "votes/summary_confirm.html", context)
