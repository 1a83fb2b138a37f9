"""The tellers: two people, a passphrase each, few tries."""

from __future__ import annotations

import datetime as dt
from unittest.mock import patch

import pytest
from django.utils import timezone

from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.models import AuditEntry, Notice
from tests.votes import round_steps as steps
from tests.votes.people import County
from votes import sealing
from votes.models import Round, Teller
from votes.selectors.teller import teller_choices
from votes.services.tellers import TellerLocked, teller_passphrase_set, tellers_set


@pytest.fixture
def round_(county: County) -> Round:
    return steps.projects_round(county)


def appoint(county: County, round_: Round, scrutineer: str, counter: str) -> list[Teller]:
    return tellers_set(
        actor=county.actor("county_clerk"),
        public_id=round_.public_id,
        scrutineer_id=county.cast.user(scrutineer).pk,
        counter_id=county.cast.user(counter).pk,
    )


def test_the_two_tellers_are_two_people(county: County, round_: Round) -> None:
    with pytest.raises(InvalidInput, match="两人分别担任"):
        appoint(county, round_, "cosigner", "cosigner")
    with pytest.raises(InvalidInput) as caught:
        appoint(county, round_, "stranger", "cosigner")
    assert set(caught.value.fields) == {"scrutineer_id"}
    names = {name for _, name in teller_choices(round_)}
    assert {"温区审", "何区办"} <= names
    assert "郑外县" not in names
    appoint(county, round_, "county_approver", "cosigner")
    assert Notice.objects.filter(title__contains="监票计票人员").count() == 2


def test_whoever_stays_keeps_the_passphrase(county: County, round_: Round) -> None:
    steps.with_tellers(county, round_)
    kept = bytes(Teller.objects.get(role="counter").public_key or b"")
    appoint(county, round_, "deputy", "cosigner")
    assert bytes(Teller.objects.get(role="counter").public_key or b"") == kept
    assert Teller.objects.get(role="scrutineer").public_key is None
    appoint(county, round_, "cosigner", "deputy")
    assert not Teller.objects.exclude(public_key=None).exists()


@pytest.mark.parametrize(("text", "again", "field"), [
    ("short", None, "passphrase"),
    ("x" * 11, None, "passphrase"),
    ("aaaaaaaaaaaaaaaa", None, "passphrase"),
    ("            ", None, "passphrase"),
    ("correct horse battery", "correct horse batterz", "again"),
])  # fmt: skip
def test_weak_passphrases_are_refused(county: County, round_: Round, text: str, again: str | None, field: str) -> None:
    appoint(county, round_, "county_approver", "cosigner")
    with pytest.raises(InvalidInput) as caught:
        teller_passphrase_set(actor=county.actor("cosigner"), public_id=round_.public_id, passphrase=text, again=again)
    assert set(caught.value.fields) == {field}


def test_only_tellers_set_passphrases_and_only_before_the_vote(county: County, round_: Round) -> None:
    steps.with_tellers(county, round_)
    with pytest.raises(NotFound):
        teller_passphrase_set(actor=county.actor("deputy"), public_id=round_.public_id, passphrase=steps.ONE)
    steps.opened(county, round_)
    with pytest.raises(DomainError, match="不能再改"):
        teller_passphrase_set(actor=county.actor("cosigner"), public_id=round_.public_id, passphrase=steps.ONE)


def test_the_passphrase_is_not_stored(county: County, round_: Round) -> None:
    from tests.votes.linking import dump

    steps.with_tellers(county, round_)
    everything = str(dump())
    assert steps.ONE not in everything
    assert steps.OTHER not in everything


@pytest.fixture
def closed(county: County, round_: Round) -> Round:
    steps.opened(county, round_)
    steps.cast_all(county, round_, [["for", "for", "against"]] * 6)
    return steps.closed(county, round_)


def test_five_wrong_passphrases_lock_and_stay_counted(county: County, closed: Round) -> None:
    for left in (4, 3, 2, 1):
        with pytest.raises(InvalidInput, match=f"还可以再试{left}次") as caught:
            steps.count(county, closed, one="wrong wrong wrong")
        assert set(caught.value.fields) == {"scrutineer_passphrase"}
    with pytest.raises(TellerLocked, match="已锁定至"):
        steps.count(county, closed, one="wrong wrong wrong")
    with pytest.raises(TellerLocked):
        steps.count(county, closed)  # not even the right one
    rows = AuditEntry.objects.filter(action="teller.fail").order_by("id")
    assert [row.detail["failures"] for row in rows] == [1, 2, 3, 4, 5]
    assert {row.result for row in rows} == {"failed"}
    assert "wrong wrong" not in str(list(rows.values_list()))
    with patch("django.utils.timezone.now", return_value=timezone.now() + dt.timedelta(minutes=15, seconds=1)):
        with pytest.raises(InvalidInput, match="还可以再试4次"):
            steps.count(county, closed, one="wrong wrong wrong")
        assert steps.count(county, closed).status == "counted"


def test_both_passphrases_are_needed(county: County, closed: Round) -> None:
    with pytest.raises(InvalidInput, match="计票人的开箱口令不对"):
        steps.count(county, closed, other=steps.ONE)
    with pytest.raises(InvalidInput, match="监票人的开箱口令不对"):
        steps.count(county, closed, one=steps.OTHER, other=steps.ONE)
    assert Teller.objects.get(role="scrutineer").failures == 1
    assert steps.count(county, closed).status == "counted"
    assert not Teller.objects.exclude(failures=0).exists()


def test_a_teller_without_a_key_opens_nothing(county: County, closed: Round) -> None:
    Teller.objects.update(public_key=None)
    with pytest.raises(NotAllowed):
        steps.count(county, closed)


def test_the_same_passphrase_makes_the_same_key_and_no_other() -> None:
    salt = sealing.new_salt()
    key = sealing.teller_key("  ｃorrect horse battery ", salt)
    assert bytes(key) == bytes(sealing.teller_key("correct horse battery", salt))
    assert bytes(key) != bytes(sealing.teller_key("correct horse battery", sealing.new_salt()))
    assert sealing.opens("correct horse battery", salt, bytes(key.public_key)) is not None
    assert sealing.opens("correct horse batter", salt, bytes(key.public_key)) is None


def test_shares_ballots_and_codes() -> None:
    public, private = sealing.new_box()
    one, other = sealing.split(private)
    assert private not in (one, other)
    assert sealing.join(one, other) == private
    key = sealing.teller_key("correct horse battery", sealing.new_salt())
    sealed = sealing.seal_share(one, bytes(key.public_key))
    assert sealing.open_share(sealed, key) == one
    with pytest.raises(sealing.BrokenBallotError):
        sealing.open_share(sealed[:-1] + bytes([sealed[-1] ^ 1]), key)

    digest = sealing.receipt_digest("round", "7K3M-0QXZ-91TB-2FHE")
    assert digest == sealing.receipt_digest("round", "7k3m oqxz 9ltb 2fhe")
    assert digest != sealing.receipt_digest("other round", "7K3M-0QXZ-91TB-2FHE")
    opener = sealing.Opener(private)
    ballots = [sealing.seal_ballot(marks, digest, public) for marks in ("F", "FNA_" * 15)]
    assert len({len(ballot) for ballot in ballots}) == 1
    assert opener(ballots[1]) == ("FNA_" * 15, digest)
    for wrong in (ballots[0][:-1], b"", sealing.seal_ballot("F", digest, sealing.new_box()[0])):
        with pytest.raises(sealing.BrokenBallotError):
            opener(wrong)
    from nacl.public import PublicKey, SealedBox

    with pytest.raises(sealing.BrokenBallotError):
        opener(SealedBox(PublicKey(public)).encrypt(b"F"))
    with pytest.raises(sealing.BrokenBallotError):
        opener(SealedBox(PublicKey(public)).encrypt(b"\xff" * sealing.PAYLOAD_BYTES))
    for marks, bad in (("F" * 61, digest), ("F", b"short"), ("赞", digest)):
        with pytest.raises(ValueError, match="no ballot"):
            sealing.seal_ballot(marks, bad, public)
    codes = {sealing.new_receipt() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(sealing.shown_code(sealing.plain_code(code)) == code for code in codes)
