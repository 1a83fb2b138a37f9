"""Sorting: return, refuse, register without gaps, hand over once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from liaison.exceptions import IllegalTransition, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.models import Attachment, AuditEntry, Deadline, Notice, StateChange
from suggestions.models import Assignment, Category, NumberSeries, RefusalClause, Suggestion
from suggestions.services.draft import suggestion_submit
from suggestions.services.sorting import (
    chinese_number,
    suggestion_assign,
    suggestion_refuse,
    suggestion_register,
    suggestion_return,
)
from tests.cast import build_cast
from tests.suggestions.steps import assigned, fresh, registered, submitted, texts

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from tests.cast import Cast


def test_a_returned_suggestion_comes_back(cast: Cast) -> None:
    suggestion = submitted(cast)
    suggestion_return(actor=cast.actor("insider"), public_id=suggestion.public_id, version=2, reason="请写明具体地点。")
    assert fresh(suggestion).status == "returned"
    assert Deadline.objects.get().cancelled_at is not None
    assert Notice.objects.filter(recipient=cast.user("deputy"), body__contains="请写明具体地点").exists()
    suggestion_submit(actor=cast.actor("deputy"), client_token=suggestion.client_token, values=texts(), version=None)
    assert fresh(suggestion).status == "submitted"
    assert Deadline.objects.open().count() == 1


def test_a_return_without_reason_changes_nothing(cast: Cast) -> None:
    suggestion = submitted(cast)
    before = (StateChange.objects.count(), AuditEntry.objects.count(), Notice.objects.count())
    with pytest.raises(InvalidInput):
        suggestion_return(actor=cast.actor("insider"), public_id=suggestion.public_id, version=None, reason=" ")
    assert fresh(suggestion).status == "submitted"
    assert (StateChange.objects.count(), AuditEntry.objects.count(), Notice.objects.count()) == before


def test_refusing_names_the_clause_and_needs_the_approver(cast: Cast) -> None:
    suggestion = submitted(cast)
    clause = RefusalClause.objects.get(name="涉及招标投标等具体经营活动")
    refuse = {"public_id": suggestion.public_id, "version": None, "clause_id": clause.pk, "reason": "属于招投标事项。"}
    with pytest.raises(NotAllowed):
        suggestion_refuse(actor=cast.actor("insider"), **refuse)  # type: ignore[arg-type]
    suggestion_refuse(actor=cast.actor("approver"), **refuse)  # type: ignore[arg-type]
    assert fresh(suggestion).refusal_clause == clause
    assert Notice.objects.filter(recipient=cast.user("deputy"), body__contains=clause.name).exists()


def test_numbers_run_by_series(cast: Cast) -> None:
    first, second = registered(cast), registered(cast)
    assert [first.number_label, second.number_label] == [
        "益阳市七届人大闭会第0001号建议",
        "益阳市七届人大闭会第0002号建议",
    ]
    third = submitted(cast, kind="session")
    third = suggestion_register(
        actor=cast.actor("insider"),
        public_id=third.public_id,
        version=None,
        session_id=cast.session.pk,
        category_id=third.category_id,
    )
    assert third.number_label == "益阳市七届人大一次会议第0001号建议"


def test_a_session_of_another_congress_is_refused(cast: Cast) -> None:
    suggestion = submitted(cast, kind="session")
    foreign = cast.congresses["neighbour"].sessions.get()
    with pytest.raises(InvalidInput) as refused:
        suggestion_register(
            actor=cast.actor("insider"),
            public_id=suggestion.public_id,
            version=None,
            session_id=foreign.pk,
            category_id=suggestion.category_id,
        )
    assert set(refused.value.fields) == {"session_id"}
    assert not NumberSeries.objects.exists()


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (9, "九"), (10, "十"), (12, "十二"), (20, "二十"), (21, "二十一"), (99, "九十九")]
)
def test_session_numbers_are_written_in_chinese(number: int, text: str) -> None:
    assert chinese_number(number) == text


def test_assigning_opens_the_clock_and_writes_the_letter(cast: Cast) -> None:
    suggestion = assigned(cast)
    assignment = Assignment.objects.get()
    assert (suggestion.status, suggestion.main_unit) == ("assigned", cast.offices["unit"])
    letter = Attachment.objects.get(slot="letter", object_id=assignment.pk)
    assert letter.name == "交办函-益阳市七届人大闭会第0001号建议.docx"
    clocks = {deadline.kind: deadline for deadline in Deadline.objects.all()}
    assert clocks["suggestion_handover"].met_at is not None
    assert clocks["suggestion_answer"].holder == cast.offices["unit"]
    assert clocks["suggestion_answer"].supervisor == cast.offices["city_office"]
    assert Notice.objects.filter(recipient=cast.user("unit")).count() == 1


def test_a_second_assignment_is_told_who_and_when(cast: Cast) -> None:
    suggestion = assigned(cast)
    with pytest.raises(IllegalTransition, match=r"陈经办已于.*完成“交办”"):
        suggestion_assign(
            actor=cast.actor("approver"),
            public_id=suggestion.public_id,
            version=None,
            unit_public_id=cast.offices["other_unit"].public_id,
        )


def test_a_stale_page_is_told(cast: Cast) -> None:
    suggestion = submitted(cast)
    stale = suggestion.version
    registered_one = suggestion_register(
        actor=cast.actor("insider"),
        public_id=suggestion.public_id,
        version=stale,
        session_id=None,
        category_id=suggestion.category_id,
    )
    assert registered_one.version == stale + 1
    with pytest.raises(StaleVersion, match="陈经办已于"):
        suggestion_return(actor=cast.actor("approver"), public_id=suggestion.public_id, version=stale, reason="x")


@pytest.mark.parametrize("unit", ["city_office", "procuratorate", "other_procuratorate"])
def test_only_a_handling_unit_may_be_assigned(cast: Cast, unit: str) -> None:
    suggestion = registered(cast)
    with pytest.raises(InvalidInput):
        suggestion_assign(
            actor=cast.actor("insider"),
            public_id=suggestion.public_id,
            version=None,
            unit_public_id=cast.offices[unit].public_id,
        )


def test_who_may_see_and_who_may_sort(cast: Cast) -> None:
    suggestion = submitted(cast)
    act = {"public_id": suggestion.public_id, "version": None, "reason": "x"}
    with pytest.raises(NotAllowed):
        suggestion_return(actor=cast.actor("colleague"), **act)  # type: ignore[arg-type]
    for name in ("stranger", "county_clerk", "unit", "prosecutor", "auditor", "system_admin", "other_deputy"):
        with pytest.raises(NotFound):
            suggestion_return(actor=cast.actor(name), **act)  # type: ignore[arg-type]
    assert fresh(suggestion).status == "submitted"


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_one_wins_and_numbers_have_no_gap(settings: SettingsWrapper, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path
    Category.objects.get_or_create(name="城建环资")  # an earlier test's flush may have taken the reference rows away
    cast = build_cast()
    suggestions = [submitted(cast) for _ in range(2)]
    barrier = threading.Barrier(4)
    outcomes: list[str] = []

    def register(who: str, public_id: object) -> None:
        try:
            actor = cast.actor(who)
            barrier.wait(timeout=10)
            suggestion_register(
                actor=actor,
                public_id=public_id,  # type: ignore[arg-type]
                version=None,
                session_id=None,
                category_id=suggestions[0].category_id,
            )
            outcomes.append("won")
        except IllegalTransition:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=register, args=(who, suggestion.public_id))
        for suggestion in suggestions
        for who in ("insider", "approver")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(outcomes) == ["told", "told", "won", "won"]
    assert sorted(Suggestion.objects.values_list("number", flat=True)) == [1, 2]
    assert NumberSeries.objects.get().last == 2
