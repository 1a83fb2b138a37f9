"""The chart over the years of the roll-up: one measure at a time, county and township level side by side."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from liaison.templatetags.ui import percent_text
from votes.models import SummaryLevel

if TYPE_CHECKING:
    from collections.abc import Callable

    from votes.selectors.summary_figures import Figures, RollUp


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is drawn.

    Args:
        value: height of the bar; None where nothing is known.
        text: the same in the table.
    """

    label: str
    unit: str
    value: Callable[[Figures], float | None]
    text: Callable[[Figures], str]


def _rate(numerator: int, denominator: int) -> float | None:
    return round(float(Decimal(numerator) * 100 / denominator), 1) if denominator else None


def _short(amount: Decimal) -> float:
    return round(float(amount), 2)


def _plain(one: Figures, size: int) -> str:
    """The money in the unit that stands in the heading."""
    return f"{_short(one.investment / size):.10g}"


#: Instead of ``money`` where no year reaches 亿元.
_SMALL_MONEY = Measure("投入资金", "万元", lambda one: _short(one.investment), lambda one: _plain(one, 1))

#: Code in the address → measure; the first one is shown first.
MEASURES: dict[str, Measure] = {
    "coverage": Measure(
        "覆盖率",
        "%",
        lambda one: _rate(one.voting, one.congresses),
        lambda one: percent_text(one.voting, one.congresses),
    ),
    "projects": Measure("票决项目", "件", lambda one: one.projects, lambda one: str(one.projects)),
    "money": Measure("投入资金", "亿元", lambda one: _short(one.investment / 10_000), lambda one: _plain(one, 10_000)),
    "finished": Measure(
        "完成率",
        "%",
        lambda one: _rate(one.finished, one.finish_base),
        lambda one: percent_text(one.finished, one.finish_base),
    ),
    "satisfied": Measure(
        "满意率", "%", lambda one: _rate(one.satisfied, one.rated), lambda one: percent_text(one.satisfied, one.rated)
    ),
}
_TONES = {SummaryLevel.COUNTY: "grey", SummaryLevel.TOWNSHIP: "accent"}


def chart_of(found: RollUp, code: str) -> dict[str, Any]:
    """A bar chart of one measure by year, oldest first, with its table (``partials/chart.html``)."""
    measure = MEASURES[code]
    if code == "money" and all(one.total.investment < 10_000 for lines in found.by_year.values() for one in lines):
        measure = _SMALL_MONEY
    years = sorted(found.by_year)
    series, columns = [], []
    for level in SummaryLevel:
        totals = [next((one.total for one in found.by_year[year] if one.level == level), None) for year in years]
        values = [measure.value(total) if total else None for total in totals]
        columns.append([measure.text(total) if total else "未填报" for total in totals])
        series.append({"name": level.label, "values": values, "tone": _TONES[level]})
    rows = [(f"{year}年", [column[place] for column in columns]) for place, year in enumerate(years)]
    said = "；".join(f"{year}县级{texts[0]}、乡级{texts[1]}" for year, texts in rows)
    return {
        "id": "chart-years",
        "title": f"{found.here.name}各年{measure.label}（{measure.unit}）",
        "description": f"{found.here.name}各年{measure.label}：{said}。",
        "unit": measure.unit,
        "category_label": "年度",
        "series": series,
        "rows": rows,
        "as_data": {
            "kind": "bar",
            "unit": measure.unit,
            "categories": [row[0] for row in rows],
            "series": series,
            "horizontal": False,
        },
    }
