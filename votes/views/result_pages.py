"""What the pages of a result draw besides the printed sheet: the chart, the hashes, who signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from votes import rules
from votes.selectors.marks import choices_of
from votes.selectors.ratings import conclusion_of, rate_texts
from votes.selectors.round import options_of

if TYPE_CHECKING:
    from votes.models import Round
    from votes.selectors.result import ResultLine, ResultSheet

#: The first series carries the accent; what nobody chose stays grey.
_TONES = {"赞成": "accent", "反对": "grey", "弃权": "blue", "未投": "amber"}
_RATING_TONES = {"非常满意": "green", "满意": "blue", "基本满意": "amber", "不满意": "red", "弃权": "grey"}


@dataclass(frozen=True, slots=True)
class Chart:
    """The context of ``liaison/partials/chart.html``."""

    id: str
    title: str
    description: str
    unit: str
    categories: list[str]
    series: list[dict[str, Any]]
    kind: str = "stacked"
    horizontal: bool = True
    category_label: str = "事项"

    @property
    def rows(self) -> list[tuple[str, list[int]]]:
        """The table beside it."""
        return [(name, [line["values"][place] for line in self.series]) for place, name in enumerate(self.categories)]

    @property
    def as_data(self) -> dict[str, Any]:
        """What charts.js draws."""
        return {
            "kind": self.kind,
            "unit": self.unit,
            "categories": self.categories,
            "series": self.series,
            "horizontal": self.horizontal,
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result; in an appraisal with its rate and what the ballot said about it."""

    line: ResultLine
    rate: str
    detail: str


def sheet_context(round_: Round, sheet: ResultSheet) -> dict[str, Any]:
    """What ``votes/round_sheet.html`` and the chart beside it look at."""
    rates = rate_texts(round_)
    details = {} if round_.chooses else {option.position: option.detail for option in options_of(round_)}
    return {
        "sheet": sheet,
        "result_rows": [
            Row(line, rates.get(line.position, ""), details.get(line.position, "")) for line in sheet.lines
        ],
        "conclusion": conclusion_of(round_, sheet),
        "chart": chart_of(round_, sheet),
    }


def chart_of(round_: Round, sheet: ResultSheet) -> Chart:
    """How the votes on each line fell, in votes; the empty mark only where somebody left one."""
    labels = [choice.label for choice in choices_of(round_) if choice.code != rules.EMPTY]
    counts = [dict(line.counts) for line in sheet.lines]
    if round_.chooses:
        labels.append("未投")
    tones = _TONES if round_.chooses else _RATING_TONES
    series = [
        {"name": label, "values": [line.get(label, 0) for line in counts], "tone": tones.get(label, "")}
        for label in labels
    ]
    title = f"各项得票（{'票' if round_.chooses else '张'}）"
    return Chart(
        id="chart-result",
        title=title,
        description="；".join(f"{line.name}：{line.outcome}" for line in sheet.lines),
        unit="票",
        categories=[line.name for line in sheet.lines],
        series=series,
    )
