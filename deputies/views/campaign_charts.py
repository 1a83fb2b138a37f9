"""The chart beside the table of regions: one measure at a time, in the order of the regions' codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deputies.models import DutyKind
from deputies.selectors.campaign_board import COLUMNS
from liaison.numbers import quantity_text

if TYPE_CHECKING:
    from deputies.selectors.campaign_board import Board
    from liaison.faces import ActorRequest

#: Measure of how many take part; every other one is a ``DutyKind``.
PEOPLE = "people"


def measures_of(request: ActorRequest, chosen: str) -> list[dict[str, Any]]:
    """The chips over the chart."""
    found = []
    for code, label in ((PEOPLE, "参加代表"), *((kind.value, label) for kind, label in COLUMNS.items())):
        query = request.GET.copy()
        query["show"] = code
        active = code == (chosen if chosen in COLUMNS else PEOPLE)
        found.append({"label": label, "url": f"?{query.urlencode()}#regions-title", "active": active})
    return found


def chart_of(board: Board, chosen: str) -> dict[str, Any] | None:
    """Bars by region below, with their table; None where nothing lies below."""
    if not board.places:
        return None
    names = [f"{place.region.name}本级" if place.is_own else place.region.name for place in board.places]
    if chosen in COLUMNS:
        kind = DutyKind(chosen)
        title, unit, kind_of_chart = kind.label, kind.unit, "bar"
        values = [place.figures.of(kind) for place in board.places]
        series = [{"name": title, "values": [float(value) for value in values], "tone": "accent"}]
        rows = [(name, [quantity_text(value)]) for name, value in zip(names, values, strict=True)]
    else:
        title, unit, kind_of_chart = "参加代表", "名", "stacked"
        took = [place.figures.taking_part for place in board.places]
        rest = [place.figures.concerned - place.figures.taking_part for place in board.places]
        series = [
            {"name": "已参加", "values": took, "tone": "accent"},
            {"name": "还没有参加", "values": rest, "tone": "grey"},
        ]
        rows = [(name, [str(one), str(two)]) for name, one, two in zip(names, took, rest, strict=True)]
    said = "；".join(f"{name}{'、'.join(texts)}" for name, texts in rows)
    return {
        "id": "chart-regions",
        "title": f"{board.here.name}各地{title}（{unit}）",
        "description": f"{board.here.name}各地{title}：{said}。",
        "unit": unit,
        "category_label": "地区",
        "series": series,
        "rows": rows,
        "as_data": {"kind": kind_of_chart, "unit": unit, "categories": names, "series": series, "horizontal": True},
    }
