"""The arithmetic of a vote (rulebook section 3), pure: no database, no clock, no settings.

Quorum and majority count all deputies of the congress, not those present: 地方各级人民代表大会和
地方各级人民政府组织法 (a meeting needs two thirds of all deputies, a decision more than half of all).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

#: Marks on one line of a project ballot: 赞成, 反对, 弃权, and left empty (未投).
FOR, AGAINST, ABSTAIN, EMPTY = "for", "against", "abstain", "empty"
MARKS: tuple[str, ...] = (FOR, AGAINST, ABSTAIN, EMPTY)

Rating = Literal["satisfied", "basically", "dissatisfied"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a count decides.

    Args:
        passed: keys that passed, most approvals first.
        tied: keys that passed the majority but share the last place; they go to a run-off (再次投票).
        open_places: places that this count fills with nobody, those the tied compete for included.
    """

    passed: tuple[str, ...]
    tied: tuple[str, ...]
    open_places: int


def quorum(deputies: int) -> int:
    """How many of all deputies must be present: two thirds, rounded up (91 → 61).

    Raises:
        ValueError: no deputies.
    """
    _at_least_one(deputies)
    return -(-2 * deputies // 3)


def majority(deputies: int) -> int:
    """How many approvals pass: more than half of all deputies, ⌊N/2⌋+1 (79 → 40).

    Raises:
        ValueError: no deputies.
    """
    _at_least_one(deputies)
    return deputies // 2 + 1


def read_ballot(marks: Sequence[str], places: int) -> Literal["valid", "void"]:
    """Whether a ballot counts: at most as many approvals as places; fewer, or none, is valid.

    Args:
        marks: one of ``MARKS`` for each candidate, in the ballot's order.
        places: how many are to be chosen.

    Raises:
        ValueError: a mark that no ballot offers.
    """
    unknown = set(marks) - set(MARKS)
    if unknown:
        raise ValueError(f"unknown marks {sorted(unknown)}")
    return "valid" if sum(mark == FOR for mark in marks) <= places else "void"


def decide(approvals: Mapping[str, int], *, deputies: int, places: int) -> Decision:
    """Who passes: at least a majority of all deputies, and among the places by approvals.

    Args:
        approvals: key of each candidate → approvals on valid ballots.
        deputies: all deputies on the roll.
        places: how many are to be chosen.

    Raises:
        ValueError: no places, more approvals than deputies, or fewer than none.
    """
    if places < 1:
        raise ValueError("a vote fills at least one place")
    for key, count in approvals.items():
        if not 0 <= count <= deputies:
            raise ValueError(f"{key}: {count} approvals of {deputies} deputies")
    needed = majority(deputies)
    ranked = sorted(
        (key for key, count in approvals.items() if count >= needed), key=lambda key: (-approvals[key], key)
    )
    if len(ranked) <= places:
        return Decision(passed=tuple(ranked), tied=(), open_places=places - len(ranked))
    cut = approvals[ranked[places - 1]]
    if approvals[ranked[places]] != cut:
        return Decision(passed=tuple(ranked[:places]), tied=(), open_places=0)
    above = tuple(key for key in ranked if approvals[key] > cut)
    tied = tuple(key for key in ranked if approvals[key] == cut)
    return Decision(passed=above, tied=tied, open_places=places - len(above))


def overall_rating(satisfied: int, basically: int, dissatisfied: int, *, members: int) -> str:
    """The overall result of an appraisal (满意度测评): 满意, 基本满意 or 不满意.

    Half is taken of all members, so whoever stays away counts for neither.

    Args:
        satisfied: ballots for 满意 (and 非常满意, where that is offered).
        members: all who may rate.

    Raises:
        ValueError: more ratings than members, or a negative count.
    """
    _at_least_one(members)
    counts = (satisfied, basically, dissatisfied)
    if min(counts) < 0 or sum(counts) > members:
        raise ValueError(f"{counts} ratings of {members} members")
    if satisfied * 2 >= members:
        return "满意"
    if (satisfied + basically) * 2 >= members:
        return "基本满意"
    return "不满意"


def wanted_candidates(places: int, extra_percent: int) -> int:
    """From how many candidates on no warning is shown: the places and this share more, at least one (差额).

    Args:
        extra_percent: the share in percent, 20 by default (rulebook 3).
    """
    return places + max(1, -(-places * extra_percent // 100))


def is_contested(candidates: Collection[object] | int, places: int) -> bool:
    """Whether there is at least one candidate more than places, as 差额票决 requires."""
    count = candidates if isinstance(candidates, int) else len(candidates)
    return count > places


def _at_least_one(number: int) -> None:
    if number < 1:
        raise ValueError("there is nobody to vote")
