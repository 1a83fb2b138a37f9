"""Nothing in the database leads from a deputy to a ballot, and the search that shows it finds a planted link."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from liaison.actor import Actor, deputy_actor
from liaison.models import AuditEntry
from tests.cast import build_cast
from tests.votes import round_steps as steps
from tests.votes.linking import Finding, Orderings, Row, best_link, dump, of_people, orderings
from tests.votes.people import County, build_county
from votes import sealing
from votes.models import Ballot, CountedReceipt, RollEntry, Round, SealedBallot, Teller
from votes.sealing import receipt_digest
from votes.selectors.marks import encode
from votes.services import ballot as ballot_service
from votes.services import count as count_service
from votes.services.scrub import TablesBusyError, ballots_scrub

DEPUTIES, VOTERS, NAMES = 63, 60, 8
#: A rule finds one of sixty by guessing. With some 300,000 rules tried, that one of them finds fourteen or more by
#: chance has a probability below one in a million (Poisson with mean 1: 4·10⁻¹² a rule).
CHANCE = 14

#: Seconds to wait for other transactions: the longest test (the whole demo) keeps one open for about a minute.
PATIENCE = 240

BALLOTS = {"votes_ballot", "votes_countedreceipt", "votes_sealedballot"}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county(settings: Any, tmp_path: Any) -> County:
    settings.MEDIA_ROOT = tmp_path
    return build_county(build_cast(), deputies=DEPUTIES)


def as_deputy(row: RollEntry) -> Actor:
    """The deputy on their own phone."""
    return deputy_actor(
        user_id=None,
        person_id=row.mandate.person_id,
        name=row.name,
        label="赫山区六届人大代表",
        region_prefix="430903",
        mandate_ids=(row.mandate_id,),
    )


def scrub() -> None:
    """As the task does it: again, as long as some transaction on the server might still look at old rows (a test of
    another database in parallel, the server's statistics worker)."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return ballots_scrub()
        except TablesBusyError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


class Vote:
    """A whole round with real commits, and the truth that only the test knows."""

    def __init__(self, county: County, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311
        self.round = steps.opened(county, steps.appraisal(county, *(f"事项{n}" for n in range(NAMES))))
        codes = ["satisfied", "basically", "dissatisfied", "abstain", "empty"]
        ballots: list[list[str]] = []
        while len(ballots) < VOTERS:
            marks = [chance.choice(codes) for _ in range(NAMES)]
            if marks not in ballots:
                ballots.append(marks)
        rows = [row for row in steps.lines(self.round) if row.name.startswith("区代表")][:VOTERS]
        chance.shuffle(rows)  # deputies vote in an order of their own
        issued = steps.slips_issue(
            actor=county.actor("county_clerk"), public_id=self.round.public_id, entries=[row.public_id for row in rows]
        )
        code_of = {entry.pk: code for entry, code in issued}
        self.marks: dict[str, str] = {}
        self.receipts: dict[str, str] = {}
        self.slips = list(code_of.values())
        for place, (row, marks) in enumerate(zip(rows, ballots, strict=True)):
            receipt = sealing.new_receipt()
            if place % 2:
                result = ballot_service.ballot_cast(
                    actor=as_deputy(row), public_id=self.round.public_id, marks=marks, receipt=receipt
                )
            else:
                result = ballot_service.ballot_cast_by_slip(code=code_of[row.pk], marks=marks, receipt=receipt)
            self.marks[row.name] = encode(marks, kind="duty", scale="three", lines=NAMES)
            self.receipts[row.name] = receipt_digest(str(self.round.public_id), result.receipt).hex()
        self.order = [row.name for row in rows]

    def count(self, county: County) -> None:
        steps.declared(county, steps.counted(county, self.round))
        scrub()


def of_round(rows: list[Row], round_: Round) -> list[Row]:
    return [row for row in rows if row["round_id"] == round_.pk]


def search(vote: Vote) -> dict[str, Finding]:
    """The best rules from deputies to ballots, from deputies to receipts, from receipts to ballots."""
    tables = dump()
    people = of_people(tables, set(vote.marks), without=BALLOTS)
    ballots = orderings("ballot", of_round(tables["votes_ballot"], vote.round), lambda row: row["marks"])
    receipts = orderings(
        "receipt", of_round(tables["votes_countedreceipt"], vote.round), lambda row: row["receipt_hash"]
    )
    between = {vote.receipts[name]: vote.marks[name] for name in vote.marks}
    return {
        "deputies to ballots": best_link(people, ballots, vote.marks),
        "deputies to receipts": best_link(people, receipts, vote.receipts),
        "receipts to ballots": best_link(receipts, ballots, between),
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_rule_finds_ballots_better_than_chance(county: County, seed: int) -> None:
    vote = Vote(county, seed)
    vote.count(county)
    audit = AuditEntry.objects.filter(action="ballot.cast").order_by("id")
    assert [row.detail.get("deputies", row.actor_name) for row in audit] == vote.order, (
        "the audit tells who took part, in which order"
    )
    found = search(vote)
    assert {name: finding for name, finding in found.items() if finding.found >= CHANCE} == {}


def test_the_tables_share_no_value_and_one_transaction_mark(county: County) -> None:
    vote = Vote(county, 4)
    vote.count(county)
    tables = dump()
    ours = {
        str(row[column])
        for table in BALLOTS
        for row in of_round(tables[table], vote.round)
        for column in ("id", "receipt_hash", "marks")
        if column in row
    }
    everything = "\n".join(
        str(value)
        for table, rows in tables.items()
        if table not in BALLOTS
        for row in rows
        for value in row.values()
        if not isinstance(value, int)
    )
    assert len(ours) == 4 * VOTERS
    assert [value for value in ours if value in everything] == []
    for secret in (*vote.slips, *(sealing.plain_code(code) for code in vote.slips)):
        assert secret not in everything
    marks_of = {table: {row["xmin_"] for row in of_round(tables[table], vote.round)} for table in BALLOTS}
    roll = {(row["xmin_"], row["xmax_"], row["cmin_"]) for row in of_round(tables["votes_rollentry"], vote.round)}
    assert len(roll) == 1
    assert marks_of["votes_ballot"] == marks_of["votes_countedreceipt"] == {next(iter(roll))[0]}
    assert marks_of["votes_sealedballot"] == set()


def test_a_tally_that_does_not_shuffle_is_found_out(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(count_service, "shuffle", lambda rows: None)
    vote = Vote(county, 5)
    vote.count(county)
    found = search(vote)
    assert found["deputies to ballots"].found == VOTERS
    assert found["deputies to receipts"].found == VOTERS
    assert found["receipts to ballots"].found == VOTERS


@pytest.fixture
def leaking_table() -> Iterator[str]:
    """A table as a careless hand would make it: ballots with a serial id, written as they come."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE leaking_ballot (id serial PRIMARY KEY, marks text NOT NULL)")
    yield "leaking_ballot"
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE leaking_ballot")


def leaking(table: str) -> list[Orderings]:
    return orderings(table, dump()[table], lambda row: row["marks"])


def test_ballots_with_a_serial_id_are_found_out(
    county: County, leaking_table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = ballot_service.encode

    def careless(marks: Any, **kwargs: Any) -> str:
        letters = real(marks, **kwargs)
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {leaking_table} (marks) VALUES (%s)", [letters])  # noqa: S608
        return letters

    monkeypatch.setattr(ballot_service, "encode", careless)
    vote = Vote(county, 6)
    vote.count(county)
    people = of_people(dump(), set(vote.marks), without={*BALLOTS, leaking_table})
    assert best_link(people, leaking(leaking_table), vote.marks).found == VOTERS


def test_a_shared_transaction_mark_is_found_out(
    county: County, leaking_table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Random ids and random order help nothing when ballot and audit row were written in one transaction."""
    real = ballot_service.encode
    numbers = random.Random(7).sample(range(10_000), VOTERS)  # noqa: S311

    def careless(marks: Any, **kwargs: Any) -> str:
        letters = real(marks, **kwargs)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {leaking_table} (id, marks) VALUES (%s, %s)",  # noqa: S608
                [numbers.pop(), letters],
            )
        return letters

    monkeypatch.setattr(ballot_service, "encode", careless)
    vote = Vote(county, 7)
    vote.count(county)
    with connection.cursor() as cursor:
        cursor.execute(f"CLUSTER {leaking_table} USING {leaking_table}_pkey")
    people = of_people(dump(), set(vote.marks), without={*BALLOTS, leaking_table})
    finding = best_link(people, leaking(leaking_table), vote.marks)
    assert finding.found == VOTERS
    assert "leaking_ballot.xmin_" in finding.rule


def file_of(table: str) -> bytes:
    """The table's file as it lies on the disk."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT pg_read_binary_file(pg_relation_filepath(%s))", [table])
        return bytes(cursor.fetchone()[0])


def test_no_old_row_stays_in_the_tables_files(county: County) -> None:
    vote = Vote(county, 8)
    sealed = [bytes(row) for row in SealedBallot.objects.values_list("sealed", flat=True)]
    shares = [bytes(row) for row in Teller.objects.values_list("share", flat=True)]
    checks = [row.encode() for row in RollEntry.objects.exclude(channel="").values_list("receipt_check", flat=True)]
    roll, box, tellers = (model._meta.db_table for model in (RollEntry, SealedBallot, Teller))
    steps.counted(county, vote.round)
    assert any(one in file_of(roll) for one in checks), "the count alone leaves old rows in the file"
    scrub()
    assert not any(one in file_of(box) for one in sealed)
    assert not any(one in file_of(tellers) for one in shares)
    assert not any(one in file_of(roll) for one in checks)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT position FROM {roll} WHERE round_id = %s ORDER BY ctid", [vote.round.pk])  # noqa: S608
        assert [row[0] for row in cursor.fetchall()] == list(range(1, DEPUTIES + 1))


def test_the_planner_keeps_no_samples_of_ballots(county: County) -> None:
    """ANALYZE during the vote must not copy sealed ballots, shares or receipts to where no scrubbing reaches."""
    vote = Vote(county, 8)
    roll, box, tellers = (model._meta.db_table for model in (RollEntry, SealedBallot, Teller))

    def sampled() -> set[tuple[str, str]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename, attname FROM pg_stats WHERE tablename = ANY(%s)", [[roll, box, tellers]])
            return set(cursor.fetchall())

    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {roll}, {box}, {tellers}")
    secret = {(roll, "receipt_check"), (roll, "slip_hash"), (box, "sealed"), (tellers, "share")}
    assert (roll, "channel") in sampled()
    assert not secret & sampled()
    steps.counted(county, vote.round)
    before = timezone.now()
    scrub()
    assert not secret & sampled()
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_analyze FROM pg_stat_user_tables WHERE relname = %s", [roll])
        assert cursor.fetchone()[0] > before, "samples of the roll as it was during the vote are replaced"


def test_old_rows_that_somebody_might_still_see_are_told(county: County) -> None:
    """A transaction from before the count (a backup, say) keeps deleted rows alive: the task must come again."""
    vote = Vote(county, 12)
    steps.closed(county, vote.round)
    begun, done = threading.Event(), threading.Event()

    def look() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT 1 FROM liaison_region LIMIT 1")
            begun.set()
            done.wait(30)
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        assert begun.wait(10)
        steps.count(county, vote.round)
        with pytest.raises(TablesBusyError, match=r"votes_sealedballot.*votes_rollentry"):
            ballots_scrub()
    finally:
        done.set()
        thread.join()
    scrub()


def test_a_server_that_forbids_the_rewriting_is_told(county: County) -> None:
    """A role without MAINTAIN gets a warning for VACUUM, an error for CLUSTER, and the work stays undone."""
    name, role = connection.settings_dict["NAME"], f"portal_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP ROLE IF EXISTS {role}")
        cursor.execute(f"CREATE ROLE {role}")
        cursor.execute(f'ALTER DATABASE "{name}" SET role = {role}')
    try:
        with pytest.raises(TablesBusyError, match=r"votes_sealedballot.*votes_teller, votes_rollentry"):
            ballots_scrub()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" RESET role')
            cursor.execute(f"DROP ROLE {role}")
    scrub()


def test_a_void_round_keeps_no_ballots_and_no_keys(county: County) -> None:
    vote = Vote(county, 9)
    from votes.services.round import round_annul

    round_annul(actor=county.actor("county_clerk"), public_id=vote.round.public_id, reason="停电")
    assert not SealedBallot.objects.exists()
    assert not Teller.objects.exclude(share=None).exists()
    assert not RollEntry.objects.exclude(receipt_check="", slip_hash=None).exists()
    roll = of_round(dump()["votes_rollentry"], vote.round)
    assert len({row["xmin_"] for row in roll}) == 1


def test_during_the_vote_nothing_readable_is_stored(county: County) -> None:
    vote = Vote(county, 10)
    sealed = [bytes(row) for row in SealedBallot.objects.values_list("sealed", flat=True)]
    assert len({len(one) for one in sealed}) == 1
    everything = str(dump())
    assert not any(marks in everything for marks in vote.marks.values())
    assert not any(digest in everything for digest in vote.receipts.values())


def test_the_box_is_not_opened_halfway(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed in the middle of the tally: everything is as before, and the count is done again."""
    vote = Vote(county, 11)
    steps.closed(county, vote.round)

    def killed(*args: Any) -> None:
        raise SystemExit("killed")

    for name in ("_write_ballots", "_write_receipts", "empty_box", "tally"):
        with monkeypatch.context() as patch:
            patch.setattr(count_service, name, killed)
            with pytest.raises(SystemExit):
                steps.count(county, vote.round)
        assert SealedBallot.objects.count() == VOTERS
        assert not Ballot.objects.exists()
        assert not CountedReceipt.objects.exists()
        assert steps.fresh(vote.round).status == "closed"
    counted = steps.count(county, vote.round)
    assert counted.result["returned"]["total"] == VOTERS


def test_a_broken_connection_in_the_middle_of_a_vote_leaves_nothing(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = steps.opened(county, steps.appraisal(county, "事项"))
    (entry, code), *_ = steps.slips_issue(
        actor=county.actor("county_clerk"),
        public_id=round_.public_id,
        entries=[row.public_id for row in steps.lines(round_)],
    )
    receipt = sealing.new_receipt()

    def killed(**kwargs: Any) -> None:
        raise SystemExit("killed")

    with monkeypatch.context() as patch:
        patch.setattr(ballot_service, "record_audit", killed)
        with pytest.raises(SystemExit):
            ballot_service.ballot_cast_by_slip(code=code, marks=["satisfied"], receipt=receipt)
    assert not SealedBallot.objects.exists()
    assert RollEntry.objects.get(pk=entry.pk).channel == ""
    again = ballot_service.ballot_cast_by_slip(code=code, marks=["satisfied"], receipt=receipt)
    assert (again.receipt, again.already) == (receipt, False)
