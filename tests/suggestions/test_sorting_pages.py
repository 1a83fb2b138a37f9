"""The clerk's pages: what is decided, what is shown first, and what happens when somebody was quicker."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from deputies.models import Session
from suggestions.models import Category, RefusalClause, Suggestion
from suggestions.states import SuggestionStatus
from tests.suggestions import steps
from tests.suggestions.pages import errors, hidden, said, text_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tests.cast import Cast

ACTS = ("return", "refuse", "register", "assign")


def url(suggestion: Suggestion, act: str) -> str:
    return reverse(f"suggestions:{act}", args=[suggestion.public_id])


def press(cast: Cast, who: str, suggestion: Suggestion, act: str, **values: Any) -> HttpResponse:
    values.setdefault("version", steps.fresh(suggestion).version)
    return cast.client(who).post(url(suggestion, act), values, follow=True)


# ── return ───────────────────────────────────────────────────────────────────────────────────────
def test_returning_with_a_reason(cast: Cast) -> None:
    done = steps.submitted(cast)
    response = press(cast, "insider", done, "return", reason="请附照片。")

    assert response.redirect_chain == [(done.get_absolute_url(), 302)]
    assert "已退回李代表代表修改" in said(response)
    assert steps.fresh(done).status == SuggestionStatus.RETURNED


def test_returning_without_a_reason_names_the_field(cast: Cast) -> None:
    done = steps.submitted(cast)
    response = press(cast, "insider", done, "return", reason="  ")
    assert response.status_code == 422
    assert errors(response) == {"reason": ["请写明退回理由，代表会看到。"]}


def test_a_missing_version_is_told_at_the_top_and_the_text_stays(cast: Cast) -> None:
    response = press(cast, "insider", steps.submitted(cast), "return", reason="请附照片。", version="")
    assert list(errors(response)) == [""]
    assert "请附照片。" in response.content.decode()


# ── refuse ───────────────────────────────────────────────────────────────────────────────────────
def test_refusing_names_the_clause(cast: Cast) -> None:
    done, clause = steps.submitted(cast), RefusalClause.objects.order_by("position").first()
    assert clause is not None
    page = cast.client("approver").get(url(done, "refuse"))
    assert clause.name in text_of(page)

    response = press(cast, "approver", done, "refuse", clause_id=clause.pk, reason="属于个人事务。")

    assert steps.fresh(done).refusal_clause == clause
    assert clause.name in text_of(response)


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({}, {"clause_id", "reason"}),
        ({"clause_id": 999999, "reason": "甲"}, {"clause_id"}),
        ({"clause_id": "x"}, {"clause_id", "reason"}),
    ],
)
def test_refusing_without_clause_or_reason_names_the_fields(
    cast: Cast, values: dict[str, Any], fields: set[str]
) -> None:
    response = press(cast, "approver", steps.submitted(cast), "refuse", **values)
    assert set(errors(response)) == fields


def test_only_the_approver_refuses(cast: Cast) -> None:
    done = steps.submitted(cast)
    assert cast.client("insider").get(url(done, "refuse")).status_code == 403
    assert url(done, "refuse") not in cast.client("insider").get(done.get_absolute_url()).content.decode()
    assert url(done, "refuse") in cast.client("approver").get(done.get_absolute_url()).content.decode()


# ── register ─────────────────────────────────────────────────────────────────────────────────────
def test_registering_out_of_session_gives_a_number(cast: Cast) -> None:
    done = steps.submitted(cast)
    response = press(cast, "insider", done, "register", kind="recess", session_id="", category_id=done.category_id)

    assert steps.fresh(done).number == 1
    assert "闭会第0001号" in said(response)
    assert "请交承办单位办理" in text_of(response)


def test_registering_in_a_session(cast: Cast) -> None:
    done = steps.submitted(cast)
    press(cast, "insider", done, "register", kind="session", session_id=cast.session.pk, category_id=done.category_id)
    assert steps.fresh(done).session == cast.session


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "session", "session_id": ""}, "session_id"),
        ({"kind": "recess", "session_id": "own"}, "session_id"),
        ({"kind": "session", "session_id": "foreign"}, "session_id"),
        ({"kind": "recess", "category_id": ""}, "category_id"),
        ({"kind": "poem"}, "kind"),
    ],
)
def test_a_wrong_registration_names_the_field_and_gives_no_number(
    cast: Cast, values: dict[str, Any], field: str
) -> None:
    done = steps.submitted(cast)
    sessions = {"own": cast.session.pk, "foreign": Session.objects.get(congress=cast.congresses["neighbour"]).pk}
    values = {"category_id": done.category_id, **values}
    if values.get("session_id") in sessions:
        values["session_id"] = sessions[values["session_id"]]
    response = press(cast, "insider", done, "register", **values)

    assert response.status_code == 422
    assert set(errors(response)) == {field}
    assert steps.fresh(done).number is None


def test_earlier_suggestions_on_the_subject_are_shown_with_their_answers(cast: Cast) -> None:
    earlier = steps.answered(cast)
    done = steps.submitted(cast, title="关于资江沿岸餐饮油烟扰民的建议")
    page = cast.client("insider").get(url(done, "register"))

    assert str(earlier) in text_of(page)
    assert "已完成整治。" in text_of(page)
    assert "答复函.pdf" in text_of(page)


def test_without_earlier_ones_the_page_says_so(cast: Cast) -> None:
    assert "没有查到" in text_of(cast.client("insider").get(url(steps.submitted(cast), "register")))


# ── assign ───────────────────────────────────────────────────────────────────────────────────────
def test_the_due_day_explains_itself_before_the_press(cast: Cast) -> None:
    page = text_of(cast.client("insider").get(url(steps.registered(cast), "assign")))
    assert "今天交办的答复期限" in page
    assert "起算（当日不计）" in page


def test_assigning_makes_the_letter(cast: Cast) -> None:
    done = steps.registered(cast)
    response = press(
        cast, "insider", done, "assign", unit_public_id=cast.offices["unit"].public_id, requirement="请当面沟通。"
    )

    assert "已交益阳市生态环境局办理" in said(response)
    page = text_of(response)
    assert "交办函-" in page
    assert ".docx" in page
    assert "办理要求：请当面沟通。" in page


def test_the_wished_unit_is_offered_first(cast: Cast) -> None:
    done = steps.registered(cast, wished_unit_id=cast.offices["other_unit"].pk)
    page = cast.client("insider").get(url(done, "assign"))
    assert page.context["form"]["unit_public_id"].value() == str(cast.offices["other_unit"].public_id)
    assert "代表希望由益阳市教育局承办" in text_of(page)


@pytest.mark.parametrize("unit", ["", "nonsense", "procuratorate"])
def test_a_unit_that_is_none_is_named(cast: Cast, unit: str) -> None:
    value = str(cast.offices[unit].public_id) if unit == "procuratorate" else unit
    response = press(cast, "insider", steps.registered(cast), "assign", unit_public_id=value, requirement="写好的要求")
    assert set(errors(response)) == {"unit_public_id"}
    assert "写好的要求" in response.content.decode()


# ── two clerks ───────────────────────────────────────────────────────────────────────────────────
def test_of_two_clerks_one_assigns_and_the_other_is_told_who_and_when(cast: Cast) -> None:
    done = steps.registered(cast)
    values = {"version": done.version, "unit_public_id": cast.offices["unit"].public_id, "requirement": "我的要求"}
    cast.client("insider").post(url(done, "assign"), values)
    response = cast.client("approver").post(url(done, "assign"), values)

    assert response.status_code == 409
    page = text_of(response)
    assert "陈经办已于" in page
    assert "情况已有变化，您填写的都还在" in page
    assert "我的要求" in response.content.decode()


def test_a_stale_page_is_told_and_the_next_press_is_knowing(cast: Cast) -> None:
    done = steps.submitted(cast)
    before = done.version
    press(cast, "approver", done, "return", reason="先退回")
    steps_again = steps.fresh(done)
    response = cast.client("insider").post(url(done, "return"), {"version": before, "reason": "我写的理由"})

    assert response.status_code == 409
    assert "我写的理由" in response.content.decode()
    assert hidden(response)["version"] == str(steps_again.version)


@pytest.mark.parametrize("act", ACTS)
def test_an_act_out_of_turn_is_refused_with_the_present_state(cast: Cast, act: str) -> None:
    closed = steps.closed(cast)
    response = cast.client("approver").get(url(closed, act))
    assert response.status_code == 409
    page = text_of(response)
    assert "已办结" in page
    assert "您刚才填写的内容" not in page


# ── who may ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("act", ACTS)
def test_foreign_and_unknown_ones_give_the_same_404(cast: Cast, act: str) -> None:
    done = steps.submitted(cast)
    stranger = cast.client("stranger")
    foreign = stranger.get(url(done, act))
    unknown = stranger.get(reverse(f"suggestions:{act}", args=[uuid.uuid4()]))
    assert foreign.status_code == unknown.status_code == (404 if act != "refuse" else 403)
    assert stranger.post(url(done, act), {"version": 1, "reason": "无"}).status_code == foreign.status_code


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["colleague", "unit", "prosecutor", "deputy", "auditor"])
def test_others_may_not(cast: Cast, act: str, who: str) -> None:
    done = steps.submitted(cast)
    assert cast.client(who).get(url(done, act)).status_code == 403
    assert cast.client(who).post(url(done, act), {"version": done.version}).status_code == 403
    assert steps.fresh(done).status == SuggestionStatus.SUBMITTED


def test_another_office_that_sees_it_may_not_act(cast: Cast) -> None:
    cast.congresses["county"].office = cast.offices["county_office"]
    mandate = cast.mandates["other_deputy"]
    mandate.congress = cast.congresses["county"]
    mandate.save()
    done = steps.submitted(cast, "other_deputy")
    assert cast.client("insider").get(done.get_absolute_url()).status_code == 200
    assert cast.client("insider").get(url(done, "return")).status_code == 403
    response = press(cast, "insider", done, "return", reason="越权")
    assert response.status_code == 403


def test_only_categories_in_use_are_offered(cast: Cast) -> None:
    done = steps.submitted(cast)
    Category.objects.filter(name="农业").update(is_active=False)
    page = cast.client("insider").get(url(done, "register"))
    assert "农业" not in dict(page.context["form"].fields["category_id"].choices).values()
