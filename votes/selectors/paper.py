"""Reading what the two counters entered from the paper ballots (纸质票录入)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from votes.selectors.marks import choices_of

if TYPE_CHECKING:
    from votes.models import PaperCount, Round

#: Fewer paper (or electronic) ballots than this are a group so small that its subtotal says much of its members.
SMALL_GROUP = 5


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the two entries differ: ``first`` and ``second`` are what each counter wrote."""

    place: str
    first: int
    second: int


def paper_entries(round_: Round) -> dict[int, PaperCount]:
    """The entries by counter (1, 2)."""
    return {entry.counter: entry for entry in round_.paper_counts.select_related("entered_by")}


def paper_differences(round_: Round) -> list[Difference]:
    """What the two counters entered differently; empty when both agree or one is missing.

    Nothing is shown before both have entered: the second must not copy the first.
    """
    entries = paper_entries(round_)
    if len(entries) < 2:
        return []
    first, second = entries[1], entries[2]
    found = [
        Difference(place, one, other)
        for place, one, other in (("收回", first.returned, second.returned), ("废票", first.void, second.void))
        if one != other
    ]
    labels = {choice.code: choice.label for choice in choices_of(round_)}
    names = round_.options.order_by("position").values_list("name", flat=True)
    for name, one_line, other_line in zip(names, first.lines, second.lines, strict=True):
        for code, label in labels.items():
            one, other = one_line.get(code, 0), other_line.get(code, 0)
            if one != other:
                found.append(Difference(f"{name} · {label}", one, other))
    return found


def paper_missing(round_: Round) -> str:
    """Why the count cannot begin yet as far as paper goes; empty when it can."""
    entries = paper_entries(round_)
    if not round_.paper_issued and not entries:
        return ""
    if len(entries) < 2:
        return "发出过纸质票：须由两人分别录入后才能开箱计票。"
    if differences := paper_differences(round_):
        return f"两人录入的纸质票有{len(differences)}处不一致，请核对纸质票后重新录入。"
    return ""


def small_group_warning(round_: Round, *, voted_electronically: int) -> str:
    """Paper ballots are counted by themselves: a subtotal of very few says much about those few."""
    if 0 < round_.paper_issued < SMALL_GROUP or (round_.paper_issued and 0 < voted_electronically < SMALL_GROUP):
        return (
            f"纸质票或电子票少于{SMALL_GROUP}张：两种票分别计数，人数太少时从小计可以推知这几位代表的选择。"
            "建议改为全部使用同一种票。"
        )
    return ""
