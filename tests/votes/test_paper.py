"""Paper ballots in the same round: handed out by name, entered twice by two people, added to the electronic ones."""

from __future__ import annotations

from typing import Any

import pytest

from liaison.exceptions import DomainError, InvalidInput
from tests.votes import round_steps as steps
from tests.votes.people import County
from tests.votes.round_steps import AGAINST, EMPTY, FOR
from votes.models import PaperCount, RollEntry, Round
from votes.selectors.paper import paper_differences, paper_entries, paper_missing, small_group_warning
from votes.selectors.result import result_sheet
from votes.selectors.round import recount
from votes.services.paper import paper_enter, paper_hand_out, paper_take_back

F, N = FOR, AGAINST
#: Three papers of nine: two valid, one void.
PAPER = {
    "returned": 3,
    "void": 1,
    "lines": [
        {"for": 2, "against": 0, "abstain": 0, "empty": 0},
        {"for": 1, "against": 0, "abstain": 1, "empty": 0},
        {"for": 0, "against": 1, "abstain": 0, "empty": 1},
    ],
}


@pytest.fixture
def round_(county: County) -> Round:
    """Nine present: three on paper, five by slip, one who does not vote."""
    made = steps.opened(county, steps.projects_round(county))
    hand_out(county, made, 3)
    steps.cast_all(county, made, [[F, F, N]] * 4 + [[EMPTY] * 3], skip=3)
    return made


def hand_out(county: County, round_: Round, how_many: int) -> list[RollEntry]:
    return paper_hand_out(
        actor=county.actor("county_clerk"),
        public_id=round_.public_id,
        entries=[row.public_id for row in steps.lines(round_)[:how_many]],
    )


def enter(county: County, round_: Round, who: str, counter: int, **changes: Any) -> PaperCount:
    return paper_enter(actor=county.actor(who), public_id=round_.public_id, counter=counter, values=PAPER | changes)


def test_paper_and_electronic_ballots_add_up(county: County, round_: Round) -> None:
    steps.closed(county, round_)
    with pytest.raises(DomainError, match="两人分别录入"):
        steps.count(county, round_)
    enter(county, round_, "county_clerk", 1)
    assert "两人分别录入" in paper_missing(round_)
    enter(county, round_, "county_approver", 2)
    assert paper_missing(round_) == ""
    counted = steps.count(county, round_)
    result = counted.result
    assert result["issued"] == {"electronic": 6, "paper": 3, "total": 9}
    assert result["returned"] == {"electronic": 5, "paper": 3, "total": 8}
    assert (result["valid"], result["void"], result["not_returned"]) == (7, 1, 1)
    assert [line["counts"][F] for line in result["lines"]] == [6, 5, 0]
    for line in result["lines"]:
        assert sum(line["counts"][code] for code in (F, N, "abstain")) + line["not_voted"] == 9
    assert result["passed"] == [1, 2]
    assert recount(counted).agrees
    sheet = result_sheet(counted)
    assert sheet is not None
    assert "发出选票：电子票6张＋纸质票3张＝9张。" in sheet.arithmetic
    assert "有效票7张＋废票1张＝收回8张。" in sheet.arithmetic


def test_differences_are_shown_and_entered_again(county: County, round_: Round) -> None:
    steps.closed(county, round_)
    enter(county, round_, "county_clerk", 1)
    assert paper_differences(round_) == []
    other = [PAPER["lines"][0], {"for": 2, "against": 0, "abstain": 0, "empty": 0}, PAPER["lines"][2]]  # type: ignore[index]
    enter(county, round_, "county_approver", 2, lines=other)
    assert [(found.place, found.first, found.second) for found in paper_differences(round_)] == [
        ("项目2 · 赞成", 1, 2),
        ("项目2 · 弃权", 1, 0),
    ]
    with pytest.raises(DomainError, match="2处不一致"):
        steps.count(county, round_)
    enter(county, round_, "county_approver", 2)
    assert paper_differences(round_) == []
    assert steps.count(county, round_).status == "counted"


def test_two_people_enter(county: County, round_: Round) -> None:
    with pytest.raises(DomainError, match="截止之后"):
        enter(county, round_, "county_clerk", 1)
    steps.closed(county, round_)
    enter(county, round_, "county_clerk", 1)
    with pytest.raises(DomainError, match="由两人分别录入"):
        enter(county, round_, "county_clerk", 2)
    with pytest.raises(DomainError, match="由何区办录入"):
        enter(county, round_, "county_approver", 1)
    with pytest.raises(InvalidInput):
        enter(county, round_, "county_approver", 3)
    assert {number: entry.entered_by.name for number, entry in paper_entries(round_).items()} == {1: "何区办"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"returned": ""}, "returned"),
        ({"returned": -1}, "returned"),
        ({"void": None}, "void"),
        ({"void": 4}, "void"),
        ({"lines": []}, "lines"),
        ({"lines": [{"for": 2}, {"for": 1}, {"for": 0}]}, "lines-2"),
        ({"lines": [{"for": 2}, {"for": "two"}, {"for": 2}]}, "lines-2"),
        ({"lines": [{"for": 2}, {"perhaps": 2}, {"for": 2}]}, "lines-2"),
        ({"lines": [{"for": 2}, {"for": 2}, {"for": 2}]}, "lines-1"),
    ],
)
def test_impossible_numbers_are_refused(county: County, round_: Round, changes: dict[str, Any], field: str) -> None:
    steps.closed(county, round_)
    with pytest.raises(InvalidInput) as caught:
        enter(county, round_, "county_clerk", 1, **changes)
    assert field in caught.value.fields


def test_more_paper_back_than_out_voids_the_round(county: County, round_: Round) -> None:
    steps.closed(county, round_)
    more = {
        "returned": 4,
        "void": 0,
        "lines": [{"for": 4}, {"for": 4}, {"against": 4}],
    }
    for counter, who in ((1, "county_clerk"), (2, "county_approver")):
        enter(county, round_, who, counter, **more)
    void = steps.count(county, round_)
    assert void.status == "void"
    assert "收回纸质票4张，多于发出的3张" in void.void_reason
    assert void.result is None
    assert result_sheet(void) is None


def test_paper_only_for_those_present_who_have_not_voted(county: County) -> None:
    round_ = steps.projects_round(county)
    with pytest.raises(DomainError, match="投票进行中"):
        hand_out(county, round_, 1)
    round_ = steps.opened(county, round_, present=8)
    with pytest.raises(DomainError, match="还没有签到"):
        hand_out(county, round_, 9)
    steps.cast_all(county, round_, [[F, F, N]])
    with pytest.raises(DomainError, match="已经投票"):
        hand_out(county, round_, 2)
    assert steps.fresh(round_).paper_issued == 0


def test_an_unused_paper_ballot_is_taken_back(county: County, round_: Round) -> None:
    clerk = county.actor("county_clerk")
    row = steps.lines(round_)[0]
    paper_take_back(actor=clerk, public_id=round_.public_id, entries=[row.public_id])
    assert steps.fresh(round_).paper_issued == 2
    assert RollEntry.objects.get(pk=row.pk).channel == ""
    with pytest.raises(DomainError, match="没有领纸质票"):
        paper_take_back(actor=clerk, public_id=round_.public_id, entries=[row.public_id])


def test_a_handful_of_paper_ballots_is_warned_of(county: County, round_: Round) -> None:
    assert "从小计可以推知" in small_group_warning(steps.fresh(round_), voted_electronically=50)
    assert small_group_warning(Round(paper_issued=0), voted_electronically=3) == ""
    assert small_group_warning(Round(paper_issued=20), voted_electronically=3) != ""
    assert small_group_warning(Round(paper_issued=20), voted_electronically=30) == ""
