"""The statistic of transfers on one page, and the same as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from liaison.dates import cn_date
from liaison.faces import ActorRequest, requires
from liaison.permissions import Permission as P  # noqa: N817
from suggestions.forms.transfer_filter import TransferFilterForm
from suggestions.selectors.transfer_statistics import Line, statistics_workbook, transfer_statistics

if TYPE_CHECKING:
    from collections.abc import Sequence

XLSX_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@requires(P.TRANSFER_VIEW)
def statistics(request: ActorRequest) -> HttpResponse:
    """Transferred, opinion in time, converted; by domain and by year."""
    form = TransferFilterForm(request.GET, actor=request.actor)
    found = transfer_statistics(request.actor, form.conditions)
    context = {
        "filter_form": form,
        "found": found,
        "covers": covers_of(form),
        "today": timezone.localdate(),
        "tables": [
            {
                "id": "by-domain",
                "title": "按领域",
                "label": "领域",
                "lines": found.by_domain,
                "chart": chart_of("chart-domains", "各领域转交和转化立案", found.by_domain, horizontal=True),
            },
            {
                "id": "by-year",
                "title": "按转交年份",
                "label": "年份",
                "lines": found.by_year,
                "chart": chart_of("chart-years", "各年转交和转化立案", found.by_year),
            },
        ],
    }
    return render(request, "suggestions/transfer_statistics.html", context)


@require_safe
@requires(P.TRANSFER_VIEW)
def download(request: ActorRequest) -> HttpResponse:
    """The same figures as an .xlsx file."""
    form = TransferFilterForm(request.GET, actor=request.actor)
    found = transfer_statistics(request.actor, form.conditions)
    today = timezone.localdate()
    title = f"公益诉讼线索转交统计（{covers_of(form)}，截至{cn_date(today)}）"
    name = f"公益诉讼线索转交统计-{today:%Y%m%d}.xlsx"
    return HttpResponse(
        statistics_workbook(found, title=title),
        content_type=XLSX_MIME,
        headers={"Content-Disposition": str(content_disposition_header(as_attachment=True, filename=name))},
    )


def covers_of(form: TransferFilterForm) -> str:
    """What the figures cover, in words: 本机构，生态环境和资源保护，2026年."""
    words = []
    for name, field in form.fields.items():
        chosen = form.cleaned_data.get(name) if form.is_bound else None
        labels = {str(value): label for value, label in getattr(field, "choices", [])}
        label = labels.get(str(chosen if chosen is not None else ""), "")
        if label and (chosen or name == "region"):
            words.append(str(label))
    return "，".join(words) or "全部"


def chart_of(code: str, title: str, lines: Sequence[Line], *, horizontal: bool = False) -> dict[str, Any]:
    """A bar chart of transferred and converted, as ``charts.js`` draws it; the table below says the same."""
    names = [line.label for line in lines]
    series = [
        {"name": "转交", "values": [line.figures.transferred for line in lines], "tone": "grey"},
        {"name": "转化立案", "values": [line.figures.converted for line in lines], "tone": "accent"},
    ]
    said = "；".join(f"{line.label}转交{line.figures.transferred}件、立案{line.figures.converted}件" for line in lines)
    return {
        "id": code,
        "title": f"{title}（件）",
        "description": f"{title}：{said}。",
        "as_data": {"kind": "bar", "unit": "件", "categories": names, "series": series, "horizontal": horizontal},
    }
