"""Any vote at all: random deputies, ballots, ways and retries; counted is what was cast."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaison.exceptions import DomainError
from tests.votes import round_steps as steps
from tests.votes.people import County
from votes import rules, sealing
from votes.models import Ballot, CountedReceipt, Round, SealedBallot
from votes.selectors.marks import encode
from votes.selectors.round import receipt_counted, recount
from votes.services.ballot import ballot_cast, ballot_cast_by_slip
from votes.services.paper import paper_enter, paper_hand_out
from votes.services.roll import slips_issue

CANDIDATES, PLACES, DEPUTIES = 3, 2, 9
MARK = st.sampled_from(["for", "against", "abstain", "empty"])
BALLOT = st.lists(MARK, min_size=CANDIDATES, max_size=CANDIDATES)


@st.composite
def votes(draw: st.DrawFn) -> list[tuple[str, list[str], int]]:
    """For each deputy: how they vote, what, and how often they send it again."""
    ways = st.sampled_from(["absent", "nothing", "slip", "slip", "slip", "phone", "paper"])
    return [(draw(ways), draw(BALLOT), draw(st.integers(0, 2))) for _ in range(DEPUTIES)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=votes())
def test_counted_is_what_was_cast(county: County, case: list[tuple[str, list[str], int]]) -> None:
    from django.db import transaction

    with transaction.atomic():
        _whole_vote(county, case)
        transaction.set_rollback(True)


def _whole_vote(county: County, case: list[tuple[str, list[str], int]]) -> None:
    clerk = county.actor("county_clerk")
    round_ = steps.with_tellers(county, steps.projects_round(county, candidates=CANDIDATES, places=PLACES))
    rows = steps.lines(round_)
    present = [row for row, (way, _, _) in zip(rows, case, strict=True) if way != "absent"]
    from votes.services.roll import attend_by_staff
    from votes.services.round_vote import round_open

    attend_by_staff(actor=clerk, public_id=round_.public_id, entries=[row.public_id for row in present])
    if len(present) < rules.quorum(DEPUTIES):
        with pytest.raises(DomainError):
            round_open(actor=clerk, public_id=round_.public_id, version=None)
        return
    round_open(actor=clerk, public_id=round_.public_id, version=None)
    cast: Counter[str] = Counter()
    receipts: list[str] = []
    paper: list[list[str]] = []
    accounts = {county.mandates[place].pk: name for place, name in enumerate(("deputy", "cosigner", "other_deputy"))}
    for row, (way, marks, again) in zip(rows, case, strict=True):
        if way in {"absent", "nothing"}:
            continue
        if way == "paper":
            paper_hand_out(actor=clerk, public_id=round_.public_id, entries=[row.public_id])
            paper.append(marks)
            continue
        receipt = sealing.new_receipt()
        results, refused = [], []
        ((_, code),) = slips_issue(actor=clerk, public_id=round_.public_id, entries=[row.public_id])
        for _ in range(again + 1):
            try:
                if way == "phone" and row.mandate_id in accounts:
                    actor = county.actor(accounts[row.mandate_id])
                    results.append(ballot_cast(actor=actor, public_id=round_.public_id, marks=marks, receipt=receipt))
                else:
                    results.append(ballot_cast_by_slip(code=code, marks=marks, receipt=receipt))
            except DomainError as error:
                refused.append(error.code)
        assert refused == (["too_many_for"] * (again + 1) if marks.count("for") > PLACES else [])
        if results:
            assert [result.receipt for result in results] == [receipt] * (again + 1)
            assert [result.already for result in results] == [False, *[True] * again]
            cast[encode(marks, kind="projects", scale="three", lines=CANDIDATES)] += 1
            receipts.append(receipt)
    assert SealedBallot.objects.count() == cast.total()
    steps.closed(county, round_)
    if paper:
        _enter(county, round_, paper)
    counted = steps.count(county, round_)
    assert Counter(Ballot.objects.filter(round=round_).values_list("marks", flat=True)) == cast
    assert CountedReceipt.objects.filter(round=round_).count() == len(receipts)
    assert all(receipt_counted(round_, receipt) for receipt in receipts)
    valid_paper = [marks for marks in paper if rules.read_ballot(marks, PLACES) == "valid"]
    result = counted.result
    assert result["returned"]["total"] == cast.total() + len(paper)
    assert result["void"] == len(paper) - len(valid_paper)
    for place, line in enumerate(result["lines"]):
        expected = sum(count for text, count in cast.items() if text[place] == "F")
        expected += sum(marks[place] == "for" for marks in valid_paper)
        assert line["counts"]["for"] == expected
        assert sum(line["counts"][code] for code in ("for", "against", "abstain")) + line["not_voted"] == len(present)
    assert recount(steps.fresh(round_)).problems == ()


def _enter(county: County, round_: Round, paper: list[list[str]]) -> None:
    valid = [marks for marks in paper if rules.read_ballot(marks, PLACES) == "valid"]
    values = {
        "returned": len(paper),
        "void": len(paper) - len(valid),
        "lines": [dict(Counter(marks[place] for marks in valid)) for place in range(CANDIDATES)],
    }
    for counter, who in ((1, "county_clerk"), (2, "county_approver")):
        paper_enter(actor=county.actor(who), public_id=round_.public_id, counter=counter, values=values)
