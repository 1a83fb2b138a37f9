"""The result of a judging: means of the judges' sums, exact to the fraction, with the arithmetic printed.

A result is of papers. Nothing here is summed, counted or ordered by deputy.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from deputies.models import JudgeScore
from deputies.selectors.judging import entries_of

if TYPE_CHECKING:
    from deputies.models import JudgedReport, Judging

#: With so many scores on a paper, the highest and the lowest may be left out.
DROP_FROM = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One paper in the result.

    Args:
        place: 1 for the best; papers with the same mean share it. None without any score.
        tied: whether another paper has the same mean.
        mean: exact.
        sums: the judges' sums that count, the highest first.
        dropped: what was left out: the highest and the lowest, or nothing.
    """

    entry: JudgedReport
    place: int | None
    tied: bool
    mean: Fraction | None
    sums: tuple[Decimal, ...]
    dropped: tuple[Decimal, ...]

    @property
    def mean_text(self) -> str:
        """The mean with two decimals, half up: 87.67."""
        if self.mean is None:
            return ""
        return two_decimals(self.mean)

    @property
    def arithmetic(self) -> str:
        """(90 + 88 + 85) ÷ 3 = 87.67, with what was left out."""
        if self.mean is None:
            return "没有评委评分"
        added = " + ".join(plain(one) for one in self.sums)
        text = f"({added}) ÷ {len(self.sums)} = {self.mean_text}" if len(self.sums) > 1 else f"{added}（1名评委）"
        if self.dropped:
            text += f"；去掉最高{plain(self.dropped[0])}、最低{plain(self.dropped[1])}"
        return text


def plain(points: Decimal) -> str:
    """85, 85.5: without a zero behind the point."""
    return f"{points.normalize():f}"


def two_decimals(value: Fraction) -> str:
    """An exact value rounded half up to two decimals."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def result_of(judging: Judging) -> list[Line]:
    """The papers, the best first; those of the same mean in their order, sharing a place (three queries).

    Only what judges submitted counts; a judge's sum over a paper counts when it is whole.
    """
    entries = entries_of(judging)
    criteria = judging.criteria.count()
    sums: dict[int, list[Decimal]] = defaultdict(list)
    given: dict[tuple[int, int], list[Decimal]] = defaultdict(list)
    scores = JudgeScore.objects.filter(judge__judging=judging, judge__submitted_at__isnull=False)
    for entry_id, judge_id, points in scores.values_list("entry_id", "judge_id", "points"):
        given[entry_id, judge_id].append(points)
    for (entry_id, _), points_of in given.items():
        if len(points_of) == criteria:
            sums[entry_id].append(sum(points_of, start=Decimal(0)))
    means = {entry.pk: _mean(sums[entry.pk], drop=judging.drop_extremes) for entry in entries}
    values = [mean for mean, _, _ in means.values() if mean is not None]
    lines = []
    for entry in entries:
        mean, counted, dropped = means[entry.pk]
        place = None if mean is None else 1 + sum(1 for value in values if value > mean)
        tied = mean is not None and values.count(mean) > 1
        lines.append(Line(entry, place, tied, mean, counted, dropped))
    return sorted(lines, key=lambda line: (line.place is None, line.place or 0, line.entry.position, line.entry.pk))


def _mean(sums: list[Decimal], *, drop: bool) -> tuple[Fraction | None, tuple[Decimal, ...], tuple[Decimal, ...]]:
    """The mean, what counts, and what was left out."""
    if not sums:
        return None, (), ()
    ordered = tuple(sorted(sums, reverse=True))
    counted = ordered
    dropped: tuple[Decimal, ...] = ()
    if drop and len(ordered) >= DROP_FROM:
        counted, dropped = ordered[1:-1], (ordered[0], ordered[-1])
    return Fraction(sum(counted, start=Decimal(0))) / len(counted), counted, dropped
