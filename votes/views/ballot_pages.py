"""What the pages of a ballot draw: its lines with what may be unfolded, its rule in words, what to be warned of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from liaison.dates import cn_date
from votes import rules
from votes.forms.ballot import field_name
from votes.selectors.marks import choices_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from votes.models import Round
    from votes.selectors.voting import BallotLine, LineToFill, Subject


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what is unfolded under a project."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One radio button."""

    code: str
    label: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the ballot."""

    position: int
    field: str
    name: str
    detail: str
    facts: list[Fact]
    more_label: str
    choices: list[Mark]


def lines_of(round_: Round, options: Sequence[LineToFill], marks: Sequence[str] | None = None) -> list[Line]:
    """The lines as drawn.

    Args:
        marks: what was marked so far, in the ballot's order.
    """
    offered = choices_of(round_)
    lines = []
    for index, option in enumerate(options):
        mark = marks[index] if marks else rules.EMPTY
        subject = option.subject
        lines.append(
            Line(
                position=option.position,
                field=field_name(option),
                name=option.name,
                detail=option.detail if subject is None else "",
                facts=facts_of(subject) if subject is not None else [],
                more_label="看项目内容" if subject is not None else "看说明",
                choices=[
                    Mark(choice.code, choice.label, choice.code == mark)
                    for choice in offered
                    if choice.code != rules.EMPTY
                ],
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """One line of the ballot as it will be cast."""

    position: int
    field: str
    name: str
    mark: str
    mark_label: str

    @property
    def is_empty(self) -> bool:
        return self.mark == rules.EMPTY


def marked_lines_of(round_: Round, options: Sequence[BallotLine], marks: Sequence[str]) -> list[MarkedLine]:
    """The lines at the last look: names and marks, nothing to unfold."""
    labels = {choice.code: choice.label for choice in choices_of(round_)}
    return [
        MarkedLine(option.position, field_name(option), option.name, mark, labels[mark])
        for option, mark in zip(options, marks, strict=True)
    ]


def facts_of(subject: Subject) -> list[Fact]:
    """Content, place, investment, unit, finish date: what a deputy decides by."""
    rows = [
        ("建设内容", subject.content),
        ("实施地点", subject.place),
        ("投资额", f"{subject.investment.normalize():f}万元"),
        ("资金来源", subject.money_source),
        ("责任单位", subject.unit_name),
        ("完成时间", cn_date(subject.finish_on)),
    ]
    return [Fact(label, value) for label, value in rows if value]


def rule_of(round_: Round, lines: int) -> dict[str, str]:
    """How to fill it in, long and short."""
    if round_.chooses:
        places = round_.places
        return {
            "rule": f"共{lines}项，应选{places}项。每项选赞成、反对或弃权，赞成的不能超过{places}项，可以少于。",
            "rule_short": f"共{lines}项，赞成最多{places}项",
        }
    labels = "、".join(choice.label for choice in choices_of(round_) if choice.code != rules.EMPTY)
    return {"rule": f"共{lines}项，每项选一个：{labels}。", "rule_short": f"共{lines}项"}


def too_many(round_: Round, marks: Sequence[str]) -> str:
    """Why these marks would be a void ballot; empty when they would not."""
    approved = list(marks).count(rules.FOR)
    if not round_.chooses or approved <= (round_.places or 0):
        return ""
    return f"您赞成了{approved}项，最多赞成{round_.places}项，多选的选票无效。请减少赞成的项目，其他选择都还在。"


def warning_of(marks: Sequence[str]) -> dict[str, str] | None:
    """What the last look warns of: lines left empty."""
    empty = list(marks).count(rules.EMPTY)
    if empty == len(marks):
        return {"title": "您一项也没有填", "text": "这样投出的选票有效，每项都按未填计算。"}
    if empty:
        return {"title": f"还有{empty}项没有填", "text": "没有填的按未填计算，选票有效。需要补填请返回修改。"}
    return None


def done_words(*, again: bool, known: bool = True) -> dict[str, Any]:
    """What the page says once the ballot is in.

    Args:
        again: it had arrived before.
        known: the receipt that was sent with it is the one that came first.
    """
    if not again:
        return {"done_title": "选票已收到", "done_text": "感谢您投票。系统只记录您参加了投票，不记录您投了什么。"}
    text = "您的选票此前已经送达，没有重复计票。"
    if not known:
        text += "您此前投票时的回执在当时使用的设备上。"
    return {"done_title": "已收到", "done_text": text}
