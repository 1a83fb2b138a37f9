"""Handling and rating: sign, answer, rate, handle again once, coordinate, close."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed, NotFound
from liaison.models import Deadline, Notice
from liaison.models.notice import NoticeKind
from suggestions.models import Answer, Feedback
from suggestions.services.feedback import suggestion_close_unrated, suggestion_conclude, suggestion_rate
from suggestions.services.handling import commitment_fulfil, suggestion_answer, suggestion_sign
from tests.suggestions.steps import (
    answer,
    answer_values,
    answered,
    assigned,
    closed,
    fresh,
    handling,
    pdf,
    rate,
    tomorrow,
)

if TYPE_CHECKING:
    import time_machine

    from tests.cast import Cast


def test_only_the_main_unit_signs(cast: Cast) -> None:
    suggestion = assigned(cast)
    with pytest.raises(NotFound):
        suggestion_sign(actor=cast.actor("other_unit"), public_id=suggestion.public_id)
    with pytest.raises(NotAllowed):
        suggestion_sign(actor=cast.actor("insider"), public_id=suggestion.public_id)
    suggestion_sign(actor=cast.actor("unit"), public_id=suggestion.public_id)
    assert fresh(suggestion).status == "handling"
    with pytest.raises(IllegalTransition):
        suggestion_sign(actor=cast.actor("unit"), public_id=suggestion.public_id)


def test_an_answer_meets_the_clock_and_asks_the_deputy(cast: Cast) -> None:
    suggestion = answered(cast)
    assert suggestion.status == "answered"
    assert Deadline.objects.get(kind="suggestion_answer").met_in_time is True
    feedback_clock = Deadline.objects.get(kind="suggestion_feedback")
    assert (feedback_clock.holder_user, feedback_clock.length) == (cast.user("deputy"), 15)
    told = Notice.objects.filter(title__contains="已答复")
    assert told.get(recipient=cast.user("deputy")).kind == NoticeKind.TASK
    assert "请阅读" not in told.get(recipient=cast.user("insider")).body


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"result_class": ""}, "result_class"),
        ({"summary": " "}, "summary"),
        ({"document_on": None}, "document_on"),
        ({"document_on": dt.date(2020, 1, 1)}, "document_on"),
        ({"document_on": dt.date(2099, 1, 1)}, "document_on"),
        ({"result_class": "B"}, "promised_on"),
        ({"result_class": "B", "promised_on": dt.date(2020, 1, 1)}, "promised_on"),
        ({"result_class": "B", "promised_on": dt.date(9999, 12, 31)}, "promised_on"),
        ({"promised_on": dt.date(2099, 1, 1)}, "promised_on"),
    ],
)
def test_a_wrong_answer_is_refused_by_the_field(cast: Cast, changes: dict[str, Any], field: str) -> None:
    suggestion = handling(cast)
    with pytest.raises(InvalidInput) as refused:
        answer(cast, suggestion, **changes)
    assert set(refused.value.fields) == {field}
    assert fresh(suggestion).status == "handling"
    assert not Answer.objects.exists()


def test_an_answer_needs_its_document(cast: Cast) -> None:
    suggestion = handling(cast)
    with pytest.raises(InvalidInput) as refused:
        suggestion_answer(
            actor=cast.actor("unit"), public_id=suggestion.public_id, version=None, values=answer_values(), uploads=[]
        )
    assert set(refused.value.fields) == {"uploads"}


def test_a_refused_file_leaves_no_answer(cast: Cast) -> None:
    suggestion = handling(cast)
    disguised = pdf("答复.pdf")
    disguised.file.seek(0)
    disguised.file.write(b"MZ\x90\x00 this is no pdf")
    disguised.file.truncate()
    disguised.file.seek(0)
    with pytest.raises(DomainError):
        suggestion_answer(
            actor=cast.actor("unit"),
            public_id=suggestion.public_id,
            version=None,
            values=answer_values(),
            uploads=[disguised],
        )
    assert fresh(suggestion).status == "handling"
    assert not Answer.objects.exists()


@pytest.mark.parametrize("result", ["satisfied", "basically"])
def test_a_good_rating_closes_it(cast: Cast, result: str) -> None:
    suggestion = answered(cast)
    rate(cast, suggestion, result)
    closed_one = fresh(suggestion)
    assert closed_one.status == "closed"
    assert closed_one.closed_at is not None
    assert Deadline.objects.get(kind="suggestion_feedback").met_at is not None
    assert not Deadline.objects.open().exists()


def test_dissatisfied_goes_back_once_then_to_coordination(cast: Cast) -> None:
    suggestion = answered(cast)
    rate(cast, suggestion, "dissatisfied")
    assert (fresh(suggestion).status, fresh(suggestion).round) == ("rework", 2)
    rework = Deadline.objects.get(kind="suggestion_rework")
    assert (rework.unit, rework.length, rework.holder) == ("months", 1, cast.offices["unit"])
    answer(cast, suggestion)
    rate(cast, suggestion, "dissatisfied")
    assert fresh(suggestion).status == "coordinating"
    suggestion_conclude(
        actor=cast.actor("insider"), public_id=suggestion.public_id, version=None, reason="11月2日协调会达成一致。"
    )
    assert fresh(suggestion).status == "closed"
    assert Feedback.objects.filter(is_lead=True).count() == 2


def test_dissatisfied_needs_a_reason(cast: Cast) -> None:
    suggestion = answered(cast)
    with pytest.raises(InvalidInput) as refused:
        suggestion_rate(
            actor=cast.actor("deputy"),
            public_id=suggestion.public_id,
            attitude="satisfied",
            result="dissatisfied",
            reason=" ",
        )
    assert set(refused.value.fields) == {"reason"}
    assert fresh(suggestion).status == "answered"


def test_a_cosigners_rating_counts_apart(cast: Cast) -> None:
    suggestion = answered(cast, cosigner="cosigner")
    rate(cast, suggestion, "dissatisfied", who="cosigner")
    assert fresh(suggestion).status == "answered"
    rate(cast, suggestion, "satisfied")
    assert fresh(suggestion).status == "closed"
    assert set(Feedback.objects.values_list("is_lead", "result")) == {(False, "dissatisfied"), (True, "satisfied")}
    with pytest.raises(IllegalTransition):
        rate(cast, suggestion, "satisfied", who="cosigner")


def test_nobody_rates_for_the_deputy(cast: Cast) -> None:
    suggestion = answered(cast)
    for name in ("other_deputy", "stranger", "prosecutor"):
        with pytest.raises(NotFound):
            rate(cast, suggestion, who=name)
    for name in ("unit", "insider", "colleague"):
        with pytest.raises(NotAllowed):
            rate(cast, suggestion, who=name)
    assert not Feedback.objects.exists()


def test_an_answer_to_a_closed_suggestion_is_refused(cast: Cast) -> None:
    suggestion = closed(cast)
    with pytest.raises(IllegalTransition):
        answer(cast, suggestion)


def test_a_promise_comes_back_and_outlives_the_closing(cast: Cast) -> None:
    suggestion = answered(cast, values={"result_class": "B", "promised_on": tomorrow(60)})
    rate(cast, suggestion)
    clock = Deadline.objects.open().get(kind="answer_commitment")
    assert clock.fixed_on == tomorrow(60)
    assert clock.due_on >= tomorrow(60)
    given = Answer.objects.get()
    commitment_fulfil(actor=cast.actor("unit"), answer_public_id=given.public_id, text="已建成。", uploads=[pdf()])
    clock.refresh_from_db()
    assert clock.met_at is not None
    with pytest.raises(IllegalTransition):
        commitment_fulfil(actor=cast.actor("unit"), answer_public_id=given.public_id, text="再报一次")


def test_unrated_closing_waits_for_the_deputys_time(cast: Cast, time_machine: time_machine.TimeMachineFixture) -> None:
    suggestion = answered(cast)
    close = {
        "actor": cast.actor("insider"),
        "public_id": suggestion.public_id,
        "version": None,
        "reason": "已两次提醒。",
    }
    with pytest.raises(DomainError, match="期满后才能"):
        suggestion_close_unrated(**close)  # type: ignore[arg-type]
    clock = Deadline.objects.get(kind="suggestion_feedback")
    time_machine.move_to(timezone.make_aware(dt.datetime.combine(clock.due_on, dt.time(23, 59))), tick=False)
    with pytest.raises(DomainError, match="期满后才能"):
        suggestion_close_unrated(**close)  # type: ignore[arg-type]
    time_machine.move_to(
        timezone.make_aware(dt.datetime.combine(clock.due_on + dt.timedelta(days=1), dt.time(0, 0))), tick=False
    )
    suggestion_close_unrated(**close)  # type: ignore[arg-type]
    assert fresh(suggestion).status == "closed"
    assert not Feedback.objects.exists()
