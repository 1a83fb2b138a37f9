"""The roll: taken from the mandates in force, refreshed until the vote opens, signed by code or by staff; slips."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.utils import timezone

from deputies.models import Mandate, Person, ProfessionClass
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from tests.votes import round_steps as steps
from tests.votes.people import County
from votes.models import RollEntry, Round
from votes.selectors.roll import own_line
from votes.services.roll import (
    TooManyTries,
    attend_by_code,
    attend_by_staff,
    roll_prepare,
    session_code_renew,
    slips_issue,
)


@pytest.fixture
def round_(county: County) -> Round:
    return steps.projects_round(county)


@pytest.fixture(autouse=True)
def no_tries_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def test_the_roll_follows_the_mandates_until_the_vote_opens(county: County, round_: Round) -> None:
    clerk = county.actor("county_clerk")
    assert [row.position for row in steps.lines(round_)] == list(range(1, 10))
    steps.attend(county, round_, 5)
    Mandate.objects.filter(pk=county.mandates[8].pk).update(ended_on=timezone.localdate(), end_reason="辞职")
    Mandate.objects.filter(pk=county.mandates[7].pk).update(ended_on=timezone.localdate(), end_reason="调离")
    Mandate.objects.create(
        person=Person.objects.create(name="新代表", phone="13700000000"),
        congress=county.congress,
        certificate_number="HS-0000",
        profession_class=ProfessionClass.RURAL,
        home_prefix=county.congress.region.prefix,
        started_on=timezone.localdate(),
    )
    refreshed = roll_prepare(actor=clerk, public_id=round_.public_id)
    rows = steps.lines(round_)
    assert refreshed.roll_count == len(rows) == 8
    assert [row.position for row in rows] == list(range(1, 9))
    assert rows[0].name == "新代表"
    assert [bool(row.attendance) for row in rows] == [False, *[True] * 5, False, False]


def test_signing_in_by_the_code_in_the_hall(county: County, round_: Round) -> None:
    deputy = county.actor("deputy")
    entry = attend_by_code(actor=deputy, code=f" {round_.session_code[:3]} {round_.session_code[3:]} ")
    assert (entry.attendance, entry.round_id) == ("code", round_.pk)
    assert attend_by_code(actor=deputy, code=round_.session_code, public_id=round_.public_id).pk == entry.pk
    with pytest.raises(InvalidInput):
        attend_by_code(actor=county.actor("cosigner"), code=round_.session_code, public_id=uuid4())
    with pytest.raises(InvalidInput):
        attend_by_code(actor=county.actor("county_clerk"), code=round_.session_code)


def test_a_renewed_code_voids_the_old_one(county: County, round_: Round) -> None:
    old = round_.session_code
    renewed = session_code_renew(actor=county.actor("county_clerk"), public_id=round_.public_id)
    assert re.fullmatch(r"\d{6}", renewed.session_code)
    if renewed.session_code != old:
        with pytest.raises(InvalidInput):
            attend_by_code(actor=county.actor("deputy"), code=old)


def test_late_arrivals_sign_in_while_the_vote_is_open(county: County, round_: Round) -> None:
    opened = steps.opened(county, round_, present=6)
    for name in ("deputy", "cosigner", "other_deputy"):
        attend_by_code(actor=county.actor(name), code=opened.session_code)
        line = own_line(county.actor(name), round_)
        assert line is not None
        assert line.attendance
    steps.closed(county, round_)
    with pytest.raises(InvalidInput):
        attend_by_code(actor=county.actor("deputy"), code=opened.session_code)
    for act in (session_code_renew, roll_prepare):
        with pytest.raises(DomainError):
            act(actor=county.actor("county_clerk"), public_id=round_.public_id)
    with pytest.raises(DomainError, match="不再签到"):
        steps.attend(county, round_)


def test_wrong_codes_are_limited(county: County, round_: Round) -> None:
    deputy = county.actor("deputy")
    wrong = f"{(int(round_.session_code) + 1) % 1_000_000:06d}"
    for code in [wrong] * 9 + ["12"]:
        with pytest.raises(InvalidInput):
            attend_by_code(actor=deputy, code=code)
    with pytest.raises(TooManyTries):
        attend_by_code(actor=deputy, code=wrong)
    # Whoever guesses on must not be told by success which of a million codes is right.
    with pytest.raises(TooManyTries):
        attend_by_code(actor=deputy, code=round_.session_code)
    line = own_line(deputy, round_)
    assert line is not None
    assert not line.attendance


def test_staff_record_presence_and_take_it_back(county: County, round_: Round) -> None:
    clerk = county.actor("county_clerk")
    rows = steps.attend(county, round_, 3)
    assert [row.attendance for row in rows] == ["staff"] * 3
    steps.attend(county, round_, 3)
    attend_by_staff(actor=clerk, public_id=round_.public_id, entries=[rows[0].public_id], present=False)
    assert [bool(row.attendance) for row in steps.lines(round_)[:3]] == [False, True, True]
    with pytest.raises(NotFound):
        attend_by_staff(actor=clerk, public_id=round_.public_id, entries=[uuid4()])
    for who, error in (("deputy", NotFound), ("insider", NotAllowed), ("stranger", NotFound)):
        with pytest.raises(error):
            attend_by_staff(actor=county.actor(who), public_id=round_.public_id, entries=[rows[0].public_id])


def test_slips_are_kept_as_hashes_only(county: County, round_: Round) -> None:
    clerk = county.actor("county_clerk")
    rows = steps.lines(round_)
    issued = slips_issue(actor=clerk, public_id=round_.public_id, entries=[row.public_id for row in rows])
    assert [entry.pk for entry, _ in issued] == [row.pk for row in rows]
    codes = {code for _, code in issued}
    assert len(codes) == 9
    assert all(re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", code) for code in codes)
    stored = str(list(RollEntry.objects.values_list()))
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)


def test_no_slip_for_whoever_has_voted_nor_after_the_vote(county: County, round_: Round) -> None:
    opened = steps.opened(county, round_)
    steps.cast_all(county, opened, [["for", "for", "against"]] * 2)
    rows = steps.lines(round_)
    clerk = county.actor("county_clerk")
    with pytest.raises(DomainError, match="已经投票"):
        slips_issue(actor=clerk, public_id=round_.public_id, entries=[rows[0].public_id, rows[5].public_id])
    assert RollEntry.objects.get(pk=rows[5].pk).slip_hash is None
    steps.closed(county, round_)
    with pytest.raises(DomainError, match="不再发放"):
        slips_issue(actor=clerk, public_id=round_.public_id, entries=[rows[5].public_id])
