"""A whole vote, from its setting up to the declared result."""

from __future__ import annotations

from tests.votes import round_steps as steps
from tests.votes.people import County
from tests.votes.round_steps import AGAINST, EMPTY, FOR
from votes.models import Ballot, Candidate, CountedReceipt, RollEntry, SealedBallot, Teller
from votes.selectors.result import result_sheet
from votes.selectors.round import receipt_counted, recount
from votes.states import CandidateStatus, ProgrammeStatus, RoundStatus


def test_a_vote_from_beginning_to_end(county: County) -> None:
    round_ = steps.projects_round(county)
    assert round_.roll_count == 9
    opened = steps.opened(county, round_)
    assert opened.status == RoundStatus.OPEN
    assert opened.programme.status == ProgrammeStatus.VOTING
    marks = [[FOR, FOR, AGAINST]] * 5 + [[FOR, AGAINST, FOR]] * 2 + [[EMPTY] * 3]
    cast = steps.cast_all(county, round_, marks)
    assert SealedBallot.objects.count() == 8
    counted = steps.counted(county, round_)
    assert counted.status == RoundStatus.COUNTED
    assert not SealedBallot.objects.exists()
    assert Ballot.objects.count() == 8
    assert CountedReceipt.objects.count() == 8
    assert not RollEntry.objects.exclude(receipt_check="", slip_hash=None).exists()
    assert not Teller.objects.exclude(share=None).exists()
    assert counted.box_key is None
    assert counted.result["passed"] == [1, 2]
    assert counted.result["not_returned"] == 1
    for _entry, result in cast:
        assert receipt_counted(counted, result.receipt)
    again = recount(steps.fresh(round_))
    assert again.problems == ()
    declared = steps.declared(county, round_)
    sheet = result_sheet(declared)
    assert sheet is not None
    assert sheet.lines[0].sum_text.startswith(
        "赞成7＋反对0＋弃权0＋未投2＝发出9（未投2＝有效票上未填1＋废票0＋未收回1）"
    )
    assert list(Candidate.objects.order_by("number").values_list("status", flat=True)) == [
        CandidateStatus.ELECTED,
        CandidateStatus.ELECTED,
        CandidateStatus.NOT_ELECTED,
    ]
