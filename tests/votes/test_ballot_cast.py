"""Casting: once a deputy, at the right time, the right ballot, and the same answer when sent again."""

from __future__ import annotations

import datetime as dt
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.utils import timezone

from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.models import AuditEntry
from tests.suggestions.budgets import statements
from tests.votes import round_steps as steps
from tests.votes.people import County
from tests.votes.round_steps import AGAINST, EMPTY, FOR
from votes import sealing
from votes.models import RollEntry, Round, SealedBallot
from votes.selectors.roll import line_of_slip, lines_to_attend, lines_to_vote, own_line
from votes.services.ballot import CastResult, ballot_cast, ballot_cast_by_slip
from votes.services.paper import paper_hand_out
from votes.services.roll import SLIPS_AN_ADDRESS, TooManyTries, slips_issue

MARKS = [FOR, AGAINST, EMPTY]


@pytest.fixture
def round_(county: County) -> Round:
    return steps.opened(county, steps.projects_round(county))


def cast(
    county: County, round_: Round, who: str = "deputy", marks: list[str] | None = None, receipt: str | None = None
) -> CastResult:
    return ballot_cast(
        actor=county.actor(who),
        public_id=round_.public_id,
        marks=MARKS if marks is None else marks,
        receipt=receipt or sealing.new_receipt(),
    )


def slip(county: County, round_: Round, place: int = 0) -> tuple[RollEntry, str]:
    entry = steps.lines(round_)[place]
    return slips_issue(actor=county.actor("county_clerk"), public_id=round_.public_id, entries=[entry.public_id])[0]


def test_a_deputy_votes_once(county: County, round_: Round) -> None:
    receipt = sealing.new_receipt()
    assert cast(county, round_, receipt=receipt) == CastResult(receipt=receipt, already=False)
    entry = own_line(county.actor("deputy"), round_)
    assert entry is not None
    assert entry.channel == "phone"
    assert SealedBallot.objects.count() == 1


def test_a_retry_is_answered_with_the_same_receipt(county: County, round_: Round) -> None:
    receipt = sealing.new_receipt()
    cast(county, round_, receipt=receipt)
    assert cast(county, round_, receipt=receipt.lower().replace("-", " ")) == CastResult(receipt, already=True)
    assert cast(county, round_, marks=["nonsense"], receipt=receipt).already, (
        "nothing of a retry is read but its receipt"
    )
    assert SealedBallot.objects.count() == 1


def test_a_second_ballot_is_not_taken_and_claims_no_receipt(county: County, round_: Round) -> None:
    cast(county, round_)
    assert cast(county, round_, marks=[AGAINST] * 3) == CastResult(receipt="", already=True)
    assert cast(county, round_, receipt="no receipt") == CastResult(receipt="", already=True)
    assert SealedBallot.objects.count() == 1


def test_a_retry_after_closing_is_still_answered(county: County, round_: Round) -> None:
    receipt = sealing.new_receipt()
    cast(county, round_, receipt=receipt)
    steps.closed(county, round_)
    assert cast(county, round_, receipt=receipt) == CastResult(receipt, already=True)
    steps.count(county, round_)
    assert cast(county, round_, receipt=receipt) == CastResult("", already=True), "the roll has forgotten the receipt"


def test_before_the_opening_no_ballot_is_taken(county: County) -> None:
    preparing = steps.projects_round(county)
    steps.attend(county, preparing)
    with pytest.raises(DomainError, match="还没有开始") as caught:
        cast(county, preparing)
    assert caught.value.code == "not_open"


def test_after_the_closing_no_ballot_is_taken(county: County, round_: Round) -> None:
    steps.closed(county, round_)
    with pytest.raises(DomainError, match="已经截止"):
        cast(county, round_)
    assert not SealedBallot.objects.exists()


def test_a_void_round_takes_no_ballot(county: County, round_: Round) -> None:
    from votes.services.round import round_annul

    round_annul(actor=county.actor("county_clerk"), public_id=round_.public_id, reason="停电")
    with pytest.raises(DomainError, match="宣告无效"):
        cast(county, round_)


def test_both_sides_of_the_closing_second(county: County, round_: Round) -> None:
    closes_at = timezone.now().replace(microsecond=0) + dt.timedelta(minutes=10)
    Round.objects.filter(pk=round_.pk).update(closes_at=closes_at)
    with patch("django.utils.timezone.now", return_value=closes_at), pytest.raises(DomainError, match="已经截止"):
        cast(county, round_)
    with patch("django.utils.timezone.now", return_value=closes_at - dt.timedelta(microseconds=1)):
        assert not cast(county, round_).already
    with (
        patch("django.utils.timezone.now", return_value=closes_at + dt.timedelta(seconds=1)),
        pytest.raises(DomainError, match="已经截止"),
    ):
        cast(county, round_, "cosigner")


def test_who_is_absent_does_not_vote(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county), present=6)
    _entry, code = slip(county, round_, 8)
    with pytest.raises(DomainError, match="还没有签到"):
        ballot_cast_by_slip(code=code, marks=MARKS, receipt=sealing.new_receipt())
    steps.attend(county, round_)
    assert not ballot_cast_by_slip(code=code, marks=MARKS, receipt=sealing.new_receipt()).already


@pytest.mark.parametrize("who", ["county_clerk", "county_unit", "insider"])
def test_only_deputies_vote(county: County, round_: Round, who: str) -> None:
    with pytest.raises(NotAllowed):
        cast(county, round_, who)


def test_a_deputy_who_is_not_on_the_roll_finds_no_round(county: County, round_: Round) -> None:
    RollEntry.objects.filter(round=round_, name=own_line(county.actor("deputy"), round_).name).delete()  # type: ignore[union-attr]
    with pytest.raises(NotFound):
        cast(county, round_)


@pytest.mark.parametrize(
    "marks",
    [[], [FOR], [FOR] * 4, [FOR, AGAINST, "perhaps"], [FOR, AGAINST, "satisfied"], [FOR, AGAINST, ""], ["F", "N", "A"]],
)
def test_a_tampered_ballot_is_refused(county: County, round_: Round, marks: list[str]) -> None:
    with pytest.raises(InvalidInput) as caught:
        cast(county, round_, marks=marks)
    assert "marks" in caught.value.fields
    assert own_line(county.actor("deputy"), round_).channel == ""  # type: ignore[union-attr]


@pytest.mark.parametrize("receipt", ["", "ABC", "7K3M-0QXZ-91TB-2FH!", "x" * 500, "7K3M-0QXZ-91TB-2FHE-0"])
def test_a_tampered_receipt_is_refused(county: County, round_: Round, receipt: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        ballot_cast(actor=county.actor("deputy"), public_id=round_.public_id, marks=MARKS, receipt=receipt)
    assert "receipt" in caught.value.fields


def test_too_many_approvals_are_refused_and_nothing_is_taken(county: County, round_: Round) -> None:
    with pytest.raises(DomainError, match="赞成了3项，最多赞成2项") as caught:
        cast(county, round_, marks=[FOR] * 3)
    assert caught.value.code == "too_many_for"
    assert not SealedBallot.objects.exists()
    assert not cast(county, round_, marks=[FOR, FOR, EMPTY]).already


def test_an_empty_ballot_is_a_valid_one(county: County, round_: Round) -> None:
    assert not cast(county, round_, marks=[EMPTY] * 3).already


def test_a_slip_works_once(county: County, round_: Round) -> None:
    _entry, code = slip(county, round_)
    receipt = sealing.new_receipt()
    assert not ballot_cast_by_slip(code=code, marks=MARKS, receipt=receipt).already
    assert ballot_cast_by_slip(code=code.lower(), marks=MARKS, receipt=receipt) == CastResult(receipt, already=True)
    assert ballot_cast_by_slip(code=code, marks=[AGAINST] * 3, receipt=sealing.new_receipt()) == CastResult("", True)
    assert SealedBallot.objects.count() == 1


def test_a_slip_and_a_phone_are_one_vote(county: County, round_: Round) -> None:
    place = [row.pk for row in steps.lines(round_)].index(own_line(county.actor("deputy"), round_).pk)  # type: ignore[union-attr]
    _entry, code = slip(county, round_, place)
    assert not cast(county, round_).already
    assert ballot_cast_by_slip(code=code, marks=MARKS, receipt=sealing.new_receipt()).already
    assert SealedBallot.objects.count() == 1


def test_a_new_slip_voids_the_old(county: County, round_: Round) -> None:
    _entry, old = slip(county, round_)
    _entry, new = slip(county, round_)
    with pytest.raises(NotFound, match="新的投票码替换"):
        ballot_cast_by_slip(code=old, marks=MARKS, receipt=sealing.new_receipt())
    assert line_of_slip(old) is None
    assert line_of_slip(new) is not None
    assert not ballot_cast_by_slip(code=new, marks=MARKS, receipt=sealing.new_receipt()).already


def test_a_deputy_may_not_use_somebody_elses_slip(county: County, round_: Round) -> None:
    own = own_line(county.actor("deputy"), round_)
    assert own is not None
    place = next(number for number, row in enumerate(steps.lines(round_)) if row.pk != own.pk)
    entry, code = slip(county, round_, place)
    with pytest.raises(NotAllowed, match="不是发给您的"):
        ballot_cast_by_slip(actor=county.actor("deputy"), code=code, marks=MARKS, receipt=sealing.new_receipt())
    assert RollEntry.objects.get(pk=entry.pk).channel == ""


def test_wrong_slips_are_limited(county: County, round_: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    for _ in range(SLIPS_AN_ADDRESS.most):
        with pytest.raises(NotFound):
            ballot_cast_by_slip(code=sealing.new_code(), marks=MARKS, receipt=sealing.new_receipt())
    with pytest.raises(TooManyTries):
        ballot_cast_by_slip(code="short", marks=MARKS, receipt=sealing.new_receipt())
    cache.clear()


def test_whoever_took_paper_does_not_vote_on_the_phone(county: County, round_: Round) -> None:
    entry = own_line(county.actor("deputy"), round_)
    assert entry is not None
    paper_hand_out(actor=county.actor("county_clerk"), public_id=round_.public_id, entries=[entry.public_id])
    with pytest.raises(DomainError, match="纸质选票"):
        cast(county, round_)


def test_the_audit_says_that_somebody_voted_and_nothing_else(county: County, round_: Round) -> None:
    receipt = sealing.new_receipt()
    cast(county, round_, receipt=receipt)
    entry, code = slip(county, round_, 8)
    ballot_cast_by_slip(code=code, marks=MARKS, receipt=sealing.new_receipt())
    phone, by_slip = AuditEntry.objects.filter(action="ballot.cast").order_by("id")
    assert phone.detail == {"channel": "phone"}
    assert phone.target_id == str(round_.public_id)
    assert by_slip.detail == {"channel": "slip", "deputies": entry.name}
    everything = str(list(AuditEntry.objects.values_list()))
    for secret in (receipt, sealing.plain_code(receipt), code, sealing.plain_code(code)):
        assert secret not in everything


def test_casting_takes_few_queries(county: County, round_: Round) -> None:
    county.actor("deputy")  # who acts is known
    # lines and round locked in one look; ballot; roll; audit
    assert len(statements(lambda: cast(county, round_))) == 4


def test_what_a_deputy_is_offered(county: County) -> None:
    round_ = steps.with_tellers(county, steps.projects_round(county))
    deputy = county.actor("deputy")
    assert [line.round_id for line in lines_to_attend(deputy)] == [round_.pk]
    assert lines_to_vote(deputy) == []
    steps.opened(county, round_)
    assert lines_to_attend(deputy) == []
    assert [line.round_id for line in lines_to_vote(deputy)] == [round_.pk]
    cast(county, round_)
    assert lines_to_vote(deputy) == []
    assert lines_to_vote(county.actor("county_clerk")) == []
    assert own_line(county.actor("county_clerk"), round_) is None
