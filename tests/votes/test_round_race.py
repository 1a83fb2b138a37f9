"""Several at the same moment: one deputy twice, voting against closing, counting twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from liaison.exceptions import DomainError
from tests.cast import build_cast
from tests.votes import round_steps as steps
from tests.votes.people import County, build_county
from votes import sealing
from votes.models import Ballot, RollEntry, Round, SealedBallot
from votes.services import ballot as ballot_service
from votes.services.ballot import ballot_cast, ballot_cast_by_slip
from votes.services.roll import slips_issue
from votes.services.round import round_create

pytestmark = pytest.mark.django_db(transaction=True)
MARKS = ["for", "for", "against"]


@pytest.fixture
def county(settings: Any, tmp_path: Any) -> County:
    settings.MEDIA_ROOT = tmp_path
    return build_county(build_cast(), deputies=12)


def together(*acts: Callable[[], object]) -> list[object]:
    """Run acts in threads that start at once; what each returned, or the error it raised."""
    answers: list[object] = [None] * len(acts)
    gate = threading.Barrier(len(acts))

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            answers[place] = act()
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def test_one_deputy_many_times_at_once_is_one_ballot(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county))
    deputy = county.actor("deputy")
    receipt = sealing.new_receipt()
    answers = together(
        *(lambda: ballot_cast(actor=deputy, public_id=round_.public_id, marks=MARKS, receipt=receipt) for _ in range(6))
    )
    assert [answer.receipt for answer in answers] == [receipt] * 6  # type: ignore[attr-defined]
    assert sorted(answer.already for answer in answers) == [False, *[True] * 5]  # type: ignore[attr-defined]
    assert SealedBallot.objects.count() == 1


def test_a_slip_on_two_tablets_at_once_is_one_ballot(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county))
    ((_entry, code),) = slips_issue(
        actor=county.actor("county_clerk"), public_id=round_.public_id, entries=[steps.lines(round_)[5].public_id]
    )
    answers = together(
        *(lambda: ballot_cast_by_slip(code=code, marks=MARKS, receipt=sealing.new_receipt()) for _ in range(4))
    )
    assert sorted(bool(answer.receipt) for answer in answers) == [False, False, False, True]  # type: ignore[attr-defined]
    assert SealedBallot.objects.count() == 1


def test_closing_while_deputies_vote_loses_nothing(county: County) -> None:
    """Whoever was told "received" is in the box; whoever came after the closing was told so."""
    round_ = steps.opened(county, steps.projects_round(county))
    rows = steps.lines(round_)
    slips = slips_issue(
        actor=county.actor("county_clerk"), public_id=round_.public_id, entries=[row.public_id for row in rows]
    )
    votes = [
        lambda code=code: ballot_cast_by_slip(code=code, marks=MARKS, receipt=sealing.new_receipt())
        for _entry, code in slips
    ]
    answers = together(*votes[:6], lambda: steps.closed(county, round_), *votes[6:])
    closed = answers.pop(6)
    assert isinstance(closed, Round)
    received = [answer for answer in answers if isinstance(answer, ballot_service.CastResult)]
    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert len(received) + len(refused) == 12
    assert {error.code for error in refused} <= {"closed"}
    assert SealedBallot.objects.count() == len(received) == RollEntry.objects.exclude(channel="").count()
    counted = steps.count(county, round_)
    assert counted.result["returned"]["total"] == len(received)


def test_closing_waits_for_a_ballot_under_way(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    round_ = steps.opened(county, steps.projects_round(county))
    deputy = county.actor("deputy")
    real = ballot_service.seal_ballot
    sealing_now = threading.Event()

    def slowly(*args: Any) -> bytes:
        sealing_now.set()
        time.sleep(0.4)
        return real(*args)

    monkeypatch.setattr(ballot_service, "seal_ballot", slowly)

    def close() -> Round:
        sealing_now.wait(5)
        return steps.closed(county, round_)

    voted, closed = together(
        lambda: ballot_cast(actor=deputy, public_id=round_.public_id, marks=MARKS, receipt=sealing.new_receipt()),
        close,
    )
    assert isinstance(voted, ballot_service.CastResult)
    assert isinstance(closed, Round)
    assert SealedBallot.objects.count() == 1


def test_a_ballot_waits_for_a_closing_under_way_and_is_refused(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county))
    deputy = county.actor("deputy")
    locked = threading.Event()

    def close() -> Round:
        with transaction.atomic():
            done = steps.closed(county, round_)
            locked.set()
            time.sleep(0.4)
        return done

    def vote() -> object:
        locked.wait(5)
        return ballot_cast(actor=deputy, public_id=round_.public_id, marks=MARKS, receipt=sealing.new_receipt())

    closed, refused = together(close, vote)
    assert isinstance(closed, Round)
    assert isinstance(refused, DomainError)
    assert refused.code == "closed"
    assert not SealedBallot.objects.exists()


def test_counting_twice_at_once_counts_once(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county))
    steps.cast_all(county, round_, [MARKS] * 9)
    steps.closed(county, round_)
    answers = together(*(lambda: steps.count(county, round_) for _ in range(3)))
    assert sum(isinstance(answer, Round) for answer in answers) == 1
    assert Ballot.objects.count() == 9


def test_two_clerks_set_up_one_round(county: County) -> None:
    programme = steps.programme(county)
    clerk = county.actor("county_clerk")
    answers = together(
        *(
            lambda: round_create(
                actor=clerk,
                congress_public_id=county.congress.public_id,
                programme_public_id=programme.public_id,
                kind="projects",
                title="票决",
                scale="three",
            )
            for _ in range(3)
        )
    )
    assert sum(isinstance(answer, Round) for answer in answers) == 1
    assert {answer.code for answer in answers if isinstance(answer, DomainError)} == {"round_unfinished"}


def test_voting_goes_on_while_the_tables_are_rewritten(county: County) -> None:
    from votes.services.scrub import TablesBusyError, ballots_scrub

    round_ = steps.opened(county, steps.projects_round(county))
    deputy = county.actor("deputy")
    voted, scrubbed = together(
        lambda: ballot_cast(actor=deputy, public_id=round_.public_id, marks=MARKS, receipt=sealing.new_receipt()),
        ballots_scrub,
    )
    assert isinstance(voted, ballot_service.CastResult)
    assert scrubbed is None or isinstance(scrubbed, TablesBusyError)
    with transaction.atomic():
        list(RollEntry.objects.select_for_update().filter(round=round_))
        (busy,) = together(ballots_scrub)
    assert isinstance(busy, TablesBusyError)
    assert "votes_rollentry" in str(busy)
