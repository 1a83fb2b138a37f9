"""What can be marked on a line of a ballot: codes in forms and services, one letter each in stored ballots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from liaison.exceptions import InvalidInput
from votes import rules
from votes.models import AppraisalScale
from votes.models.round import CHOOSING
from votes.sealing import MOST_LINES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from votes.models import Round

EXCELLENT, SATISFIED, BASICALLY, DISSATISFIED = "excellent", "satisfied", "basically", "dissatisfied"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that a line may say.

    Args:
        code: in forms, services and results.
        letter: in ``Ballot.marks``.
        label: as printed.
    """

    code: str
    letter: str
    label: str


_ABSTAIN = Choice(rules.ABSTAIN, "A", "弃权")
_EMPTY = Choice(rules.EMPTY, "_", "未填")
_VOTE = (Choice(rules.FOR, "F", "赞成"), Choice(rules.AGAINST, "N", "反对"), _ABSTAIN, _EMPTY)
_FOUR = (
    Choice(EXCELLENT, "V", "非常满意"),
    Choice(SATISFIED, "S", "满意"),
    Choice(BASICALLY, "B", "基本满意"),
    Choice(DISSATISFIED, "D", "不满意"),
    _ABSTAIN,
    _EMPTY,
)


def choices_for(kind: str, scale: str) -> tuple[Choice, ...]:
    """What a line of a ballot of this kind may say, ``empty`` (nothing marked) last."""
    if kind in CHOOSING:
        return _VOTE
    return _FOUR if scale == AppraisalScale.FOUR else _FOUR[1:]


def choices_of(round_: Round) -> tuple[Choice, ...]:
    """What a line of this round's ballot may say."""
    return choices_for(round_.kind, round_.scale)


def encode(marks: Sequence[str], *, kind: str, scale: str, lines: int) -> str:
    """Marks as stored: one letter a line.

    Args:
        marks: a code for each line, in the ballot's order.
        lines: how many lines the ballot has.

    Raises:
        InvalidInput: another number of lines, or a mark that this ballot does not offer.
    """
    letters = {choice.code: choice.letter for choice in choices_for(kind, scale)}
    if len(marks) != lines or not 1 <= lines <= MOST_LINES or any(mark not in letters for mark in marks):
        message = "选票内容不完整或已被改动，没有记入。请刷新页面重新填写。"
        raise InvalidInput(message, code="bad_ballot", fields={"marks": message})
    return "".join(letters[mark] for mark in marks)


def decode(text: str, *, kind: str, scale: str) -> list[str]:
    """Codes of a stored ballot.

    Raises:
        ValueError: a letter that this ballot does not offer.
    """
    codes = {choice.letter: choice.code for choice in choices_for(kind, scale)}
    if not set(text) <= set(codes):
        raise ValueError("a mark that this ballot does not offer")
    return [codes[letter] for letter in text]


def is_valid(text: str, *, kind: str, scale: str, places: int | None, lines: int) -> bool:
    """Whether a stored ballot counts: as many lines as the ballot has, known marks, not too many approvals."""
    try:
        marks = decode(text, kind=kind, scale=scale)
    except ValueError:
        return False
    if len(marks) != lines:
        return False
    return kind not in CHOOSING or rules.read_ballot(marks, places or 0) == "valid"
