"""The tally: what stops it, what voids the round, the recount, the verifier command, the printed figures."""

from __future__ import annotations

from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed, NotFound
from tests.votes import round_steps as steps
from tests.votes.people import County
from tests.votes.round_steps import AGAINST, FOR
from votes import sealing
from votes.models import Ballot, CountedReceipt, PaperCount, RollEntry, Round, SealedBallot, Teller
from votes.selectors.marks import choices_for, choices_of, decode, encode, is_valid
from votes.selectors.result import Question, Turnout, result_sheet, sheet_of, tally
from votes.selectors.roll import line_of_slip
from votes.selectors.round import receipt_counted, recount
from votes.services.count import BoxDamaged
from votes.services.round import round_annul

F, N = FOR, AGAINST


@pytest.fixture
def round_(county: County) -> Round:
    made = steps.opened(county, steps.projects_round(county))
    steps.cast_all(county, made, [[F, F, N]] * 7)
    return made


def test_an_open_round_is_not_counted(county: County, round_: Round) -> None:
    with pytest.raises(IllegalTransition):
        steps.count(county, round_)
    with pytest.raises(NotFound, match="还没有计票"):
        recount(round_)
    assert result_sheet(round_) is None


def test_counting_twice_is_told(county: County, round_: Round) -> None:
    steps.counted(county, round_)
    with pytest.raises(IllegalTransition, match="已计票"):
        steps.count(county, round_)
    assert Ballot.objects.count() == 7


def untouched(round_: Round, ballots: int) -> None:
    assert steps.fresh(round_).status == "closed"
    assert SealedBallot.objects.count() == ballots
    assert not Ballot.objects.exists()


def test_a_changed_ballot_stops_the_tally(county: County, round_: Round) -> None:
    steps.closed(county, round_)
    ballot = SealedBallot.objects.first()
    assert ballot is not None
    damaged = bytearray(ballot.sealed)
    damaged[40] ^= 1
    SealedBallot.objects.filter(pk=ballot.pk).update(sealed=bytes(damaged))
    with pytest.raises(BoxDamaged, match="1张封存的选票打不开"):
        steps.count(county, round_)
    untouched(round_, 7)


def test_a_ballot_that_vanished_stops_the_tally(county: County, round_: Round) -> None:
    steps.closed(county, round_)
    SealedBallot.objects.filter(pk=SealedBallot.objects.values_list("pk")[0][0]).delete()
    with pytest.raises(BoxDamaged, match="6张，少于"):
        steps.count(county, round_)
    untouched(round_, 6)


def test_a_stuffed_box_voids_the_round(county: County, round_: Round) -> None:
    """Seven voted, nine could: an eighth ballot is one too many already."""
    steps.closed(county, round_)
    digest = sealing.receipt_digest(str(round_.public_id), sealing.new_receipt())
    SealedBallot.objects.create(round=round_, sealed=sealing.seal_ballot("FFN", digest, bytes(round_.box_key or b"")))
    void = steps.count(county, round_)
    assert (void.status, void.result) == ("void", None)
    assert "多于名册上" in void.void_reason
    assert not Ballot.objects.exists()
    assert not SealedBallot.objects.exists()


def test_more_back_than_out_voids_the_round(county: County, round_: Round) -> None:
    steps.closed(county, round_)
    for _ in range(3):
        SealedBallot.objects.create(round=round_, sealed=b"x")
    void = steps.count(county, round_)
    assert "收回电子票10张，多于发出的9张" in void.void_reason


def test_a_roll_changed_after_the_opening_stops_the_tally(county: County, round_: Round) -> None:
    steps.closed(county, round_)
    RollEntry.objects.filter(round=round_, position=9).update(name="换人")
    with pytest.raises(BoxDamaged, match="名册与开始投票时冻结的不一致"):
        steps.count(county, round_)
    untouched(round_, 7)


def test_damaged_shares_open_nothing(county: County, round_: Round) -> None:
    steps.closed(county, round_)
    Teller.objects.filter(role="counter").update(share=b"x" * 80)
    with pytest.raises(BoxDamaged, match="钥匙份额"):
        steps.count(county, round_)
    untouched(round_, 7)


def test_only_the_office_counts(county: County, round_: Round) -> None:
    steps.closed(county, round_)
    from votes.services.count import round_count

    for who, error in (("deputy", NotAllowed), ("stranger", NotFound), ("insider", NotAllowed)):
        with pytest.raises(error):
            round_count(
                actor=county.actor(who),
                public_id=round_.public_id,
                scrutineer_passphrase=steps.ONE,
                counter_passphrase=steps.OTHER,
            )


def test_a_void_ballot_counts_as_void(county: County, round_: Round) -> None:
    """The electronic form lets none through; if one gets into the box, it is void like on paper."""
    row = steps.lines(round_)[8]
    digest = sealing.receipt_digest(str(round_.public_id), sealing.new_receipt())
    SealedBallot.objects.create(round=round_, sealed=sealing.seal_ballot("FFF", digest, bytes(round_.box_key or b"")))
    RollEntry.objects.filter(pk=row.pk).update(channel="phone")
    counted = steps.counted(county, round_)
    assert (counted.result["valid"], counted.result["void"]) == (7, 1)
    assert Ballot.objects.filter(is_valid=False).count() == 1
    assert recount(counted).agrees


def test_two_deputies_with_one_receipt_do_not_stop_the_tally(county: County) -> None:
    from votes.services.ballot import ballot_cast

    round_ = steps.opened(county, steps.projects_round(county))
    receipt = sealing.new_receipt()
    for who in ("deputy", "cosigner"):
        ballot_cast(actor=county.actor(who), public_id=round_.public_id, marks=[F, N, N], receipt=receipt)
    counted = steps.counted(county, round_)
    assert counted.result["valid"] == 2
    assert receipt_counted(counted, receipt)
    assert recount(counted).agrees


def test_a_receipt_says_counted_and_nothing_more(county: County, round_: Round) -> None:
    steps.counted(county, round_)
    assert not receipt_counted(round_, sealing.new_receipt())
    assert not receipt_counted(round_, "nonsense")


def test_annulling_after_the_count_hides_the_tally(county: County, round_: Round) -> None:
    steps.counted(county, round_)
    void = round_annul(actor=county.actor("county_clerk"), public_id=round_.public_id, reason="程序错误")
    assert (void.status, void.result) == ("void", None)


def verify(round_: Round) -> str:
    out = StringIO()
    call_command("verify_round", str(round_.public_id), stdout=out)
    return out.getvalue()


def test_the_command_recounts(county: County, round_: Round) -> None:
    steps.counted(county, round_)
    text = verify(round_)
    assert "复核一致。" in text
    assert "项目1、项目2，共2件通过。" in text
    assert steps.fresh(round_).ballots_hash in text


def test_the_command_tells_what_differs(county: County, round_: Round) -> None:
    with pytest.raises(CommandError, match="还没有计票"):
        verify(round_)
    with pytest.raises(CommandError):
        call_command("verify_round", str(uuid4()))
    counted = steps.counted(county, round_)
    Round.objects.filter(pk=round_.pk).update(roll_hash="0" * 64, result=counted.result | {"passed": [3]})
    with pytest.raises(CommandError, match=r"名册摘要.*公布的结果不一致"):
        verify(round_)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # what only a superuser can do
        cursor.execute(
            "UPDATE votes_ballot SET marks = 'NNF', is_valid = false WHERE id = (SELECT id FROM votes_ballot LIMIT 1)"
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    with pytest.raises(CommandError, match=r"存放的选票被改动过.*有效标记"):
        verify(round_)


def test_receipts_and_ballots_beyond_the_roll_are_told(county: County, round_: Round) -> None:
    counted = steps.counted(county, round_)
    for number in range(3):
        Ballot.objects.create(round=round_, marks="FFN", is_valid=True)
        CountedReceipt.objects.create(round=round_, receipt_hash=f"{number:064d}")
    CountedReceipt.objects.create(round=round_, receipt_hash="f" * 64)
    problems = " ".join(recount(counted).problems)
    assert "已计票回执多于选票" in problems
    assert "收回电子票10张，多于发出的9张" in problems
    assert line_of_slip("short") is None


def test_opened_ballots_cannot_be_changed(county: County, round_: Round) -> None:
    steps.counted(county, round_)
    with pytest.raises(DatabaseError):
        Ballot.objects.update(marks="NNN")


# -- the figures ---------------------------------------------------------------------------------------
def test_79_deputies_choose_two_of_three() -> None:
    """浏阳市永安镇七届人大二次会议: 79 deputies, three candidates, two places."""
    question = Question(kind="projects", scale="three", places=2, names=("甲", "乙", "丙"))
    ballots = {"FFN": 40, "FNF": 15, "NFA": 10, "__F": 5, "FFF": 2}
    result = tally(question, Turnout(79, 76, 0, 72, 0), ballots, None)
    assert (result["quorum"], result["majority"]) == (53, 40)
    assert (result["valid"], result["void"], result["not_returned"]) == (70, 2, 4)
    assert [line["counts"]["for"] for line in result["lines"]] == [55, 50, 20]
    assert (result["passed"], result["open_places"]) == ([1, 2], 0)
    sheet = sheet_of(result, kind="projects", scale="three")
    assert sheet.lines[0].sum_text.startswith("赞成55＋反对10＋弃权0＋未投11＝发出76")
    assert sheet.lines[2].outcome == "未通过（未过半数）"
    assert "79÷2取整加1＝40票" in sheet.arithmetic[-1]
    assert sheet.conclusion == "甲、乙，共2件通过。"


def test_the_sheet_names_ties_open_places_and_losers_above_the_majority() -> None:
    question = Question(kind="projects", scale="three", places=1, names=("甲", "乙"))
    tied = sheet_of(
        tally(question, Turnout(3, 3, 3, 0, 3), {}, paper(3, 0, [(2, 1), (2, 1)])), kind="projects", scale="three"
    )
    assert [line.tied for line in tied.lines] == [True, True]
    assert "甲、乙得票相等，剩余1个名额须就这几件再次投票" in tied.conclusion
    lost = sheet_of(
        tally(question, Turnout(3, 3, 3, 0, 3), {}, paper(3, 0, [(3, 0), (2, 1)])), kind="projects", scale="three"
    )
    assert lost.lines[1].outcome == "未通过（过半数，但得票较少）"
    none = sheet_of(
        tally(question, Turnout(3, 3, 3, 0, 3), {}, paper(3, 0, [(1, 2), (1, 2)])), kind="projects", scale="three"
    )
    assert none.conclusion.startswith("没有项目通过。还有1个名额空缺")


def paper(returned: int, void: int, lines: list[tuple[int, int]]) -> PaperCount:
    return PaperCount(returned=returned, void=void, lines=[{"for": a, "against": b} for a, b in lines])


@pytest.mark.parametrize(
    ("satisfied", "basically", "rate", "overall"),
    [(87, 3, "96.7%", "满意"), (88, 2, "97.8%", "满意"), (44, 20, "48.9%", "基本满意"), (10, 10, "11.1%", "不满意")],
)
def test_an_appraisal_has_a_rate_with_numerator_and_denominator(
    satisfied: int, basically: int, rate: str, overall: str
) -> None:
    question = Question(kind="appraisal", scale="three", places=None, names=("安全饮水",))
    ballots = {"S": satisfied, "B": basically, "D": 90 - satisfied - basically}
    result = tally(question, Turnout(90, 90, 0, 90, 0), ballots, None)
    assert (result["lines"][0]["numerator"], result["lines"][0]["denominator"]) == (satisfied, 90)
    line = sheet_of(result, kind="appraisal", scale="three").lines[0]
    assert (line.rate, line.outcome) == (rate, overall)
    assert f"满意率{satisfied}÷90＝{rate}" in line.sum_text


def test_four_options_count_very_satisfied_as_satisfied() -> None:
    question = Question(kind="duty", scale="four", places=None, names=("某法官",))
    result = tally(question, Turnout(9, 9, 0, 8, 0), {"V": 3, "S": 2, "A": 2, "_": 1}, None)
    assert (result["lines"][0]["numerator"], result["lines"][0]["denominator"]) == (5, 8)
    sheet = sheet_of(result, kind="duty", scale="four")
    assert sheet.lines[0].sum_text.startswith("非常满意3＋满意2＋基本满意0＋不满意0＋弃权2＋未填1＝有效票8")
    assert sheet.conclusion == "某法官：满意（满意率62.5%）。"
    empty = tally(question, Turnout(9, 9, 0, 0, 0), {}, None)
    assert sheet_of(empty, kind="duty", scale="four").lines[0].rate == "无有效票"


def test_no_tally_when_more_came_back_than_went_out() -> None:
    question = Question(kind="projects", scale="three", places=1, names=("甲", "乙"))
    with pytest.raises(ValueError, match="多于发出的3张"):
        tally(question, Turnout(9, 3, 0, 4, 0), {"FN": 4}, None)


def test_marks_and_letters(county: County) -> None:
    codes = [choice.code for choice in choices_for("projects", "three")]
    text = encode(codes, kind="projects", scale="three", lines=4)
    assert text == "FNA_"
    assert decode(text, kind="projects", scale="three") == codes
    assert choices_of(Round(kind="duty", scale="four"))[0].label == "非常满意"
    for bad in ("FF", "FFX", "FFFF"):
        assert not is_valid(bad, kind="projects", scale="three", places=2, lines=3)
    with pytest.raises(ValueError, match="mark"):
        decode("X", kind="projects", scale="three")
    with pytest.raises(InvalidInput):
        encode([], kind="projects", scale="three", lines=0)


def test_the_error_is_a_domain_error(county: County, round_: Round) -> None:
    steps.closed(county, round_)
    SealedBallot.objects.all().delete()
    with pytest.raises(DomainError) as caught:
        steps.count(county, round_)
    assert caught.value.code == "box_damaged"


def test_task_and_scrub(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    from votes import tasks

    done: list[Any] = []
    monkeypatch.setattr(tasks, "ballots_scrub", lambda: done.append(1))
    tasks.scrub_ballots()
    assert done == [1]
