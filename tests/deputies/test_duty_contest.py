"""Contests: by the deputy alone, decided once, sticking in the ledger."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from deputies.models import DutyContest, DutyEntry, DutyKind
from deputies.services.duty import DutyFact, duty_clear, duty_set
from deputies.services.duty_contest import (
    MissingFacts,
    contest_accept,
    contest_entry,
    contest_missing,
    contest_refuse,
    contest_withdraw,
)
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed, NotFound
from liaison.models import Deadline, Notice
from liaison.registry import registry
from tests.deputies.duty_files import SYSTEM, contested, enter

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def fact_of(entry: DutyEntry) -> DutyFact:
    return DutyFact(mandate_id=entry.mandate_id, kind=entry.kind, on=entry.on, title=entry.title)


def test_an_upheld_contest_reverses_once_and_the_source_does_not_bring_it_back(cast: Cast) -> None:
    entry = enter(cast)
    contest = contested(cast, entry)
    done = contest_accept(actor=cast.actor("insider"), contest_id=contest.public_id, decision="签到表上是同组代表")
    assert done.outcome == "reversed"
    entry.refresh_from_db()
    assert entry.reversal.reason == "异议成立：签到表上是同组代表"
    # the source says the same as ever, by any later step or the backfill
    assert duty_set(actor=SYSTEM, source=entry.source, facts=[fact_of(entry)]) == 0
    assert not DutyEntry.objects.standing().exists()
    assert Notice.objects.filter(recipient=cast.user("deputy"), title__contains="已采纳").exists()


def test_a_source_that_was_corrected_meanwhile_leaves_nothing_to_reverse(cast: Cast) -> None:
    entry = enter(cast)
    contest = contested(cast, entry)
    url = contest.get_absolute_url()
    assert "采纳并冲销" in cast.client("insider").get(url).content.decode()
    duty_clear(actor=SYSTEM, source=entry.source, reason="来源已更正")
    page = cast.client("insider").get(url).content.decode()
    assert "来源已经更正，这一条不再计入" in page
    assert "采纳并冲销" not in page
    ask = cast.client("insider").get(reverse("duty:contest_accept", args=[contest.public_id])).content.decode()
    assert "采纳并冲销" not in ask
    done = contest_accept(actor=cast.actor("insider"), contest_id=contest.public_id, decision="来源已更正")
    assert (done.outcome, DutyEntry.objects.filter(reverses=entry).count()) == ("source", 1)


def test_what_was_missing_is_entered_with_the_report_as_its_source(cast: Cast) -> None:
    facts = MissingFacts(
        kind=DutyKind.RESEARCH_DAYS, on=dt.date(2025, 5, 20), title="调研水利", quantity=Decimal("2.5")
    )
    token = uuid.uuid4()
    mandate = cast.mandates["deputy"]
    made = [
        contest_missing(
            actor=cast.actor("deputy"),
            mandate_id=mandate.public_id,
            client_token=token,
            facts=facts,
            text="镇里组织的。",
        )
        for _ in range(2)
    ]
    assert made[0] == made[1]
    deadline = Deadline.objects.get(kind="duty_contest")
    assert (deadline.length, deadline.unit) == (10, "working_days")
    todo = next(one for one in registry.todo_items(cast.actor("insider")) if one.url == reverse("duty:contests"))
    assert todo.count == 1
    right = MissingFacts(kind=DutyKind.RESEARCH_DAYS, on=dt.date(2025, 5, 20), title="调研水利", quantity=Decimal(2))
    contest_accept(actor=cast.actor("insider"), contest_id=made[0].public_id, decision="实为2天", facts=right)
    entry = DutyEntry.objects.get()
    assert (entry.source, entry.quantity, entry.mandate) == (made[0], 2, mandate)
    deadline.refresh_from_db()
    assert deadline.met_at is not None


def test_a_contest_is_decided_by_one_person_once(cast: Cast) -> None:
    contest = contested(cast, enter(cast))
    contest_refuse(actor=cast.actor("approver"), contest_id=contest.public_id, decision="签到表有您的签名")
    with pytest.raises(IllegalTransition):
        contest_accept(actor=cast.actor("insider"), contest_id=contest.public_id, decision="属实")
    assert DutyEntry.objects.standing().count() == 1
    again = contested(cast, DutyEntry.objects.get())  # refused ones may be raised anew
    contest_withdraw(actor=cast.actor("deputy"), contest_id=again.public_id)
    with pytest.raises(IllegalTransition):
        contest_refuse(actor=cast.actor("insider"), contest_id=again.public_id, decision="不属实")


def test_an_entry_is_contested_by_its_deputy_only_and_once_at_a_time(cast: Cast) -> None:
    entry = enter(cast)
    contest = contested(cast, entry)
    with pytest.raises(InvalidInput) as twice:
        contested(cast, entry)
    assert "text" in twice.value.fields
    with pytest.raises(NotFound):
        contested(cast, entry, who="cosigner")
    with pytest.raises(NotAllowed):
        contest_entry(
            actor=cast.actor("insider"), entry_id=entry.public_id, client_token=uuid.uuid4(), text="替代表提出"
        )
    with pytest.raises(NotAllowed):
        contest_accept(actor=cast.actor("county_clerk"), contest_id=contest.public_id, decision="属实")
    with pytest.raises(NotFound):
        contest_refuse(actor=cast.actor("stranger"), contest_id=contest.public_id, decision="不属实")
    contest_accept(actor=cast.actor("insider"), contest_id=contest.public_id, decision="属实")
    with pytest.raises(DomainError) as reversed_:
        contested(cast, entry)
    assert reversed_.value.code == "entry_reversed"


def test_bad_input_is_told_by_field_and_nothing_typed_is_lost(cast: Cast) -> None:
    url = reverse("duty:missing", args=[cast.mandates["deputy"].public_id])
    typed = {
        "client_token": str(uuid.uuid4()),
        "kind": "activity",
        "activity_kind": "",
        "on": "2096-01-01",
        "quantity": "-1",
        "title": "<script>😀",
        "text": "长" * 1001,
    }
    answer = cast.client("deputy").post(url, typed)
    assert (answer.status_code, "&lt;script&gt;😀" in answer.content.decode()) == (422, True)
    answer = cast.client("deputy").post(url, typed | {"text": "属实"})
    text = answer.content.decode()
    assert answer.status_code == 422
    for message in ("请选择活动类别。", "日期不能晚于今天。", "数量应大于0"):
        assert message in text
    assert not DutyContest.objects.exists()
    answer = cast.client("deputy").post(
        url, typed | {"text": "属实", "activity_kind": "visit", "on": "2025-03-09", "quantity": "1"}
    )
    assert answer.status_code == 302


def test_only_days_of_research_come_in_halves(cast: Cast) -> None:
    def ask(kind: str, quantity: str) -> None:
        contest_missing(
            actor=cast.actor("deputy"),
            mandate_id=cast.mandates["deputy"].public_id,
            client_token=uuid.uuid4(),
            facts=MissingFacts(kind=kind, on=dt.date(2025, 5, 20), title="调研水利", quantity=Decimal(quantity)),
            text="和同组代表一起。",
        )

    for kind, quantity in ((DutyKind.RESEARCH_DAYS, "0.3"), (DutyKind.DEED, "0.5"), (DutyKind.PEOPLE_VISITED, "1.5")):
        with pytest.raises(InvalidInput) as refused:
            ask(kind, quantity)
        assert set(refused.value.fields) == {"quantity"}
    assert not DutyContest.objects.exists()
    ask(DutyKind.RESEARCH_DAYS, "0.5")
