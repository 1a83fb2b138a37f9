"""The deputy's last word, and closing without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import time_machine
from django.urls import reverse

from suggestions.models import Answer, Feedback, Suggestion
from suggestions.states import SuggestionStatus
from tests.suggestions import steps
from tests.suggestions.pages import errors, said, text_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tests.cast import Cast


def url(suggestion: Suggestion, act: str) -> str:
    return reverse(f"suggestions:{act}", args=[suggestion.public_id])


def rate(cast: Cast, suggestion: Suggestion, who: str = "deputy", **values: str) -> HttpResponse:
    return cast.client(who).post(url(suggestion, "rate"), values, follow=True)


def test_reading_is_recorded_by_a_press_and_leads_to_the_rating(cast: Cast) -> None:
    done, client = steps.answered(cast), cast.client("deputy")
    page = client.get(done.get_absolute_url())
    assert "阅读答复并评价" in text_of(page)
    assert Answer.objects.get().read_at is None

    response = client.post(url(done, "read"), follow=True)

    assert Answer.objects.get().read_at is not None
    assert "已完成整治。" in text_of(response)
    assert "答复函.pdf" in text_of(response)


def test_satisfied_closes_it(cast: Cast) -> None:
    done = steps.answered(cast)
    response = rate(cast, done, attitude="satisfied", result="basically")
    assert "已办结" in said(response)
    assert steps.fresh(done).status == SuggestionStatus.CLOSED


def test_dissatisfied_sends_it_back_and_then_to_coordination(cast: Cast) -> None:
    done = steps.answered(cast)
    first = rate(cast, done, attitude="satisfied", result="dissatisfied", reason="没有动工。")
    assert "重新办理" in said(first)
    steps.answer(cast, steps.fresh(done))
    second = rate(cast, done, attitude="basically", result="dissatisfied", reason="还是没有。")
    assert "协调" in said(second)
    page = text_of(cast.client("insider").get(done.get_absolute_url()))
    assert "请组织协调" in page
    assert "没有动工。" in page


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({}, {"attitude", "result"}),
        ({"attitude": "satisfied"}, {"result"}),
        ({"attitude": "dissatisfied", "result": "satisfied"}, {"reason"}),
        ({"attitude": "satisfied", "result": "dissatisfied", "reason": " "}, {"reason"}),
        ({"attitude": "splendid", "result": "satisfied"}, {"attitude"}),
    ],
)
def test_a_wrong_rating_names_the_fields(cast: Cast, values: dict[str, str], fields: set[str]) -> None:
    done = steps.answered(cast)
    response = rate(cast, done, **values)
    assert response.status_code == 422
    assert set(errors(response)) == fields
    assert not Feedback.objects.exists()


def test_rating_twice_is_told(cast: Cast) -> None:
    done = steps.answered(cast)
    rate(cast, done, attitude="satisfied", result="satisfied")
    assert rate(cast, done, attitude="satisfied", result="satisfied").status_code == 409
    assert cast.client("deputy").get(url(done, "rate")).status_code == 409
    assert Feedback.objects.count() == 1


def test_a_co_signers_rating_counts_apart(cast: Cast) -> None:
    done = steps.answered(cast, cosigner="cosigner")
    page = cast.client("cosigner").get(url(done, "rate"))
    assert "单独统计" in text_of(page)

    response = rate(cast, done, "cosigner", attitude="satisfied", result="dissatisfied", reason="另有看法")

    assert "单独记录" in said(response)
    assert steps.fresh(done).status == SuggestionStatus.ANSWERED
    assert cast.client("cosigner").get(url(done, "rate")).status_code == 409


def test_who_has_no_part_in_it_finds_nothing(cast: Cast) -> None:
    done = steps.answered(cast)
    assert cast.client("other_deputy").get(url(done, "rate")).status_code == 404
    assert cast.client("other_deputy").post(url(done, "read")).status_code == 404
    for who in ("insider", "unit"):
        assert cast.client(who).get(url(done, "rate")).status_code == 403


def test_before_the_answer_there_is_nothing_to_rate(cast: Cast) -> None:
    done = steps.handling(cast)
    assert cast.client("deputy").get(url(done, "rate")).status_code == 409
    assert rate(cast, done, attitude="satisfied", result="satisfied").status_code == 409


# ── closing ──────────────────────────────────────────────────────────────────────────────────────
def test_the_office_waits_until_the_time_for_rating_is_over(cast: Cast) -> None:
    with time_machine.travel("2026-03-02T02:00:00Z", tick=False):
        done = steps.answered(cast)
        page = text_of(cast.client("insider").get(done.get_absolute_url()))
        assert "等待李代表代表评价" in page
        early = cast.client("insider").post(url(done, "close_unrated"), {"version": done.version, "reason": "急"})
        assert early.status_code == 422
        assert "期满后才能" in text_of(early)
    with time_machine.travel("2026-04-20T02:00:00Z", tick=False):
        client = cast.client("insider")
        client.force_login(cast.user("insider"))
        assert "按未评价办结" in text_of(client.get(done.get_absolute_url()))
        assert client.get(url(done, "close_unrated")).status_code == 200
        empty = client.post(url(done, "close_unrated"), {"version": done.version, "reason": ""})
        assert set(errors(empty)) == {"reason"}
        response = client.post(
            url(done, "close_unrated"), {"version": done.version, "reason": "两次提醒未评价"}, follow=True
        )
        assert "不计入满意率" in said(response)
    assert steps.fresh(done).status == SuggestionStatus.CLOSED


def test_concluding_a_coordination(cast: Cast) -> None:
    done = steps.answered(cast)
    steps.rate(cast, done, "dissatisfied")
    steps.answer(cast, steps.fresh(done))
    steps.rate(cast, done, "dissatisfied")
    client, version = cast.client("insider"), steps.fresh(done).version

    assert client.get(url(done, "conclude")).status_code == 200
    empty = client.post(url(done, "conclude"), {"version": version, "reason": " "})
    assert set(errors(empty)) == {"reason"}
    response = client.post(url(done, "conclude"), {"version": version, "reason": "各方达成一致"}, follow=True)

    assert "各方达成一致" in text_of(response)
    assert steps.fresh(done).status == SuggestionStatus.CLOSED


@pytest.mark.parametrize("act", ["close_unrated", "conclude"])
def test_closing_is_for_the_office(cast: Cast, act: str) -> None:
    done = steps.answered(cast)
    for who, expected in {"colleague": 403, "unit": 403, "deputy": 403, "stranger": 404}.items():
        assert cast.client(who).get(url(done, act)).status_code == expected, who
    if act == "conclude":
        assert cast.client("insider").get(url(done, act)).status_code == 409
