"""The count of a vote: computed here, once for the result and once more for whoever recounts it.

``tally`` is a function of the ballots and of what the roll and the two counters say, so that the public verifier
and the tally itself cannot differ. Its answer is what ``Round.result`` holds.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from votes import rules
from votes.models.round import CHOOSING
from votes.selectors.marks import BASICALLY, DISSATISFIED, EXCELLENT, SATISFIED, choices_for, decode, is_valid
from votes.states import RoundStatus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from votes.models import PaperCount, Round

#: States in which a count may be shown.
SHOWN_STATES = (RoundStatus.COUNTED, RoundStatus.DECLARED)


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: the part of a round that its count depends on."""

    kind: str
    scale: str
    places: int | None
    names: tuple[str, ...]

    @property
    def chooses(self) -> bool:
        return self.kind in CHOOSING


@dataclass(frozen=True, slots=True)
class Turnout:
    """Who could vote, and how many ballots went out and came back.

    Args:
        roll: all deputies of the congress (全体代表).
        attended: those present (出席).
        paper_issued: paper ballots handed out; the others present had the electronic one.
        electronic_returned: sealed ballots in the box.
        paper_returned: paper ballots in the urn.
        gathering: people without a roll (选民会议), all on paper; ``roll`` and ``attended`` are those who may rate.
    """

    roll: int
    attended: int
    paper_issued: int
    electronic_returned: int
    paper_returned: int
    gathering: bool = False

    @property
    def electronic_issued(self) -> int:
        return 0 if self.gathering else max(self.attended - self.paper_issued, 0)

    @property
    def issued(self) -> int:
        return self.electronic_issued + self.paper_issued

    @property
    def returned(self) -> int:
        return self.electronic_returned + self.paper_returned

    @property
    def too_many(self) -> str:
        """Why the round is void (收回票数多于发出票数); empty when it is not."""
        for name, returned, issued in (
            ("纸质票", self.paper_returned, self.paper_issued),
            ("电子票", self.electronic_returned, self.electronic_issued),
        ):
            if returned > issued:
                return f"收回{name}{returned}张，多于发出的{issued}张，本轮投票无效，不计票。"
        return ""


def tally(question: Question, turnout: Turnout, ballots: Mapping[str, int], paper: PaperCount | None) -> dict[str, Any]:
    """Count the ballots.

    Args:
        ballots: stored marks → how many electronic ballots say exactly that.
        paper: what both counters entered alike; None when nobody voted on paper.

    Raises:
        ValueError: more ballots came back than went out; then there is no tally.
    """
    if turnout.too_many:
        raise ValueError(turnout.too_many)
    codes = [choice.code for choice in choices_for(question.kind, question.scale)]
    lines = [Counter(dict.fromkeys(codes, 0)) for _ in question.names]
    valid = void = 0
    for text, count in ballots.items():
        if not is_valid(
            text, kind=question.kind, scale=question.scale, places=question.places, lines=len(question.names)
        ):
            void += count
            continue
        valid += count
        for line, mark in zip(lines, decode(text, kind=question.kind, scale=question.scale), strict=True):
            line[mark] += count
    if paper is not None:
        void += paper.void
        valid += paper.returned - paper.void
        for line, counts in zip(lines, paper.lines, strict=True):
            line.update(counts)
    result: dict[str, Any] = {
        "roll": turnout.roll,
        "attended": turnout.attended,
        "quorum": rules.quorum(turnout.roll),
        "majority": rules.majority(turnout.roll),
        "issued": {
            "electronic": turnout.electronic_issued,
            "paper": turnout.paper_issued,
            "total": turnout.issued,
        },
        "returned": {
            "electronic": turnout.electronic_returned,
            "paper": turnout.paper_returned,
            "total": turnout.returned,
        },
        "not_returned": turnout.issued - turnout.returned,
        "valid": valid,
        "void": void,
        "lines": [
            {"position": position, "name": name, "counts": dict(line)}
            for position, (name, line) in enumerate(zip(question.names, lines, strict=True), start=1)
        ],
    }
    if turnout.gathering:
        result["gathering"] = True
    if question.chooses:
        _decide(question, turnout, result)
    else:
        _rate(turnout, result)
    return result


def _decide(question: Question, turnout: Turnout, result: dict[str, Any]) -> None:
    """Who passed; and for each project how many did not vote on it: 赞成+反对+弃权+未投 = 发出票数."""
    for line in result["lines"]:
        line["not_voted"] = line["counts"][rules.EMPTY] + result["void"] + result["not_returned"]
    decision = rules.decide(
        {f"{line['position']:03d}": line["counts"][rules.FOR] for line in result["lines"]},
        deputies=turnout.roll,
        places=question.places or 1,
    )
    result["places"] = question.places
    result["passed"] = [int(key) for key in decision.passed]
    result["tied"] = [int(key) for key in decision.tied]
    result["open_places"] = decision.open_places


def _rate(turnout: Turnout, result: dict[str, Any]) -> None:
    """Rate (满意率 = 满意 ÷ 有效票) with numerator and denominator, and the overall result of each line."""
    for line in result["lines"]:
        counts = line["counts"]
        satisfied = counts.get(EXCELLENT, 0) + counts[SATISFIED]
        line["numerator"], line["denominator"] = satisfied, result["valid"]
        line["overall"] = rules.overall_rating(satisfied, counts[BASICALLY], counts[DISSATISFIED], members=turnout.roll)


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One line of the ballot in the result.

    Args:
        counts: (label, count) in the ballot's order.
        sum_text: the arithmetic, printed.
        outcome: 通过, 未通过, 得票相等 or the overall rating.
        rate: ``96.7%`` in appraisals, else empty.
    """

    position: int
    name: str
    counts: tuple[tuple[str, int], ...]
    sum_text: str
    outcome: str
    passed: bool = False
    tied: bool = False
    rate: str = ""


@dataclass(frozen=True, slots=True)
class ResultSheet:
    """The result as it is printed (计票结果): ``arithmetic`` line by line, then a line for each that was voted on."""

    arithmetic: tuple[str, ...]
    lines: tuple[ResultLine, ...]
    conclusion: str
    open_places: int
    tied: tuple[int, ...]
    passed: tuple[int, ...]


def result_sheet(round_: Round) -> ResultSheet | None:
    """The printed result of a counted or declared round; None before, and for a void round."""
    if round_.result is None or round_.status not in SHOWN_STATES:
        return None
    return sheet_of(round_.result, kind=round_.kind, scale=round_.scale)


def sheet_of(result: Mapping[str, Any], *, kind: str, scale: str) -> ResultSheet:
    """The printed form of what ``tally`` gave."""
    chooses = kind in CHOOSING
    labels = {choice.code: choice.label for choice in choices_for(kind, scale)}
    lines = tuple(_line(result, line, labels, chooses) for line in result["lines"])
    return ResultSheet(
        arithmetic=tuple(_arithmetic(result, chooses)),
        lines=lines,
        conclusion=_conclusion(result, lines) if chooses else _ratings(lines),
        open_places=result.get("open_places", 0),
        tied=tuple(result.get("tied", ())),
        passed=tuple(result.get("passed", ())),
    )


def _arithmetic(result: Mapping[str, Any], chooses: bool) -> list[str]:
    roll, issued, returned = result["roll"], result["issued"], result["returned"]
    if result.get("gathering"):
        return [
            f"到会参加测评的{roll}人，全部使用纸质票。",
            f"发出选票{issued['total']}张；{issued['total']}≤{roll}，每人至多一张。",
            f"收回选票{returned['total']}张；{returned['total']}≤{issued['total']}，测评有效。",
            f"未收回：{issued['total']}－{returned['total']}＝{result['not_returned']}张。",
            f"有效票{result['valid']}张＋废票{result['void']}张＝收回{returned['total']}张。",
            f"满意率＝满意票÷有效票；总体评价以到会参加测评的{roll}人的半数（{roll}÷2＝{_half(roll)}）为准。",
        ]
    lines = [
        f"全体代表{roll}名，法定人数为三分之二以上：{roll}×2÷3，进位为{result['quorum']}名；"
        f"出席{result['attended']}名，{result['attended']}≥{result['quorum']}，达到法定人数。",
        f"发出选票：电子票{issued['electronic']}张＋纸质票{issued['paper']}张＝{issued['total']}张。",
        f"收回选票：电子票{returned['electronic']}张＋纸质票{returned['paper']}张＝{returned['total']}张；"
        f"{returned['total']}≤{issued['total']}，投票有效。",
        f"未收回：{issued['total']}－{returned['total']}＝{result['not_returned']}张。",
        f"有效票{result['valid']}张＋废票{result['void']}张＝收回{returned['total']}张。",
    ]
    if chooses:
        lines.append(
            f"通过须获全体代表过半数赞成：{roll}÷2取整加1＝{result['majority']}票；应选{result['places']}件，"
            "过半数的多于应选数时，得赞成票多的通过。"
        )
    else:
        lines.append(f"满意率＝满意票÷有效票；总体评价以全体代表{roll}名的半数（{roll}÷2＝{_half(roll)}）为准。")
    return lines


def _half(number: int) -> str:
    return str(number // 2) if number % 2 == 0 else f"{number // 2}.5"


def _line(result: Mapping[str, Any], line: Mapping[str, Any], labels: Mapping[str, str], chooses: bool) -> ResultLine:
    counts = line["counts"]
    position = line["position"]
    if chooses:
        passed, tied = position in result["passed"], position in result["tied"]
        approvals, needed = counts[rules.FOR], result["majority"]
        if passed:
            outcome = "通过"
        elif tied:
            outcome = "得票相等，须再次投票"
        else:
            outcome = "未通过（未过半数）" if approvals < needed else "未通过（过半数，但得票较少）"
        shown: tuple[tuple[str, int], ...] = (
            (labels[rules.FOR], approvals),
            (labels[rules.AGAINST], counts[rules.AGAINST]),
            (labels[rules.ABSTAIN], counts[rules.ABSTAIN]),
            ("未投", line["not_voted"]),
        )
        text = (
            "＋".join(f"{label}{count}" for label, count in shown)
            + f"＝发出{result['issued']['total']}（未投{line['not_voted']}＝有效票上未填{counts[rules.EMPTY]}"
            f"＋废票{result['void']}＋未收回{result['not_returned']}）"
        )
        return ResultLine(position, line["name"], shown, text, outcome, passed=passed, tied=tied)
    shown = tuple((label, counts[code]) for code, label in labels.items())
    rate = f"{line['numerator'] * 100 / line['denominator']:.1f}%" if line["denominator"] else "无有效票"
    text = (
        "＋".join(f"{label}{count}" for label, count in shown)
        + f"＝有效票{result['valid']}；满意率{line['numerator']}÷{line['denominator']}＝{rate}"
    )
    return ResultLine(position, line["name"], shown, text, line["overall"], rate=rate)


def _conclusion(result: Mapping[str, Any], lines: Sequence[ResultLine]) -> str:
    by_position = {line.position: line.name for line in lines}
    passed = [by_position[position] for position in result["passed"]]
    text = f"{'、'.join(passed)}，共{len(passed)}件通过。" if passed else "没有项目通过。"
    if result["tied"]:
        names = "、".join(by_position[position] for position in result["tied"])
        text += f"{names}得票相等，剩余{result['open_places']}个名额须就这几件再次投票。"
    elif result["open_places"]:
        text += f"还有{result['open_places']}个名额空缺，另行投票或由主席团决定暂缺。"
    return text


def _ratings(lines: Sequence[ResultLine]) -> str:
    return "；".join(f"{line.name}：{line.outcome}（满意率{line.rate}）" for line in lines) + "。"
