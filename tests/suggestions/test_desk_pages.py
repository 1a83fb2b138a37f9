"""The desk: tabs with counts, conditions in the address, lights, paging, and a price that does not grow."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from liaison.paging import keyset_page
from suggestions.models import Suggestion
from tests.suggestions import steps
from tests.suggestions.budgets import once, queries
from tests.suggestions.pages import text_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tests.cast import Cast

DESK = reverse("suggestions:desk")


def look(cast: Cast, who: str = "insider", **conditions: str) -> HttpResponse:
    client = Client()
    client.force_login(cast.user(who))
    return client.get(DESK, conditions)


def shown(response: HttpResponse) -> list[str]:
    return [str(row) for row in response.context["page"].items]


def counts(response: HttpResponse) -> dict[str, int | str]:
    return {view["label"]: view["count"] for view in response.context["views"]}


@pytest.fixture
def busy(cast: Cast) -> Cast:
    """One suggestion at each place of the desk."""
    steps.draft(cast, title="草稿")
    steps.submitted(cast, title="待登记的")
    steps.registered(cast, title="待交办的")
    steps.assigned(cast, title="待签收的")
    steps.handling(cast, title="办理中的")
    steps.answered(cast, title="已答复的")
    steps.closed(cast, title="已办结的")
    return cast


@pytest.mark.parametrize(
    ("tab", "title"),
    [
        ("", "待登记的"),
        ("sort", "待登记的"),
        ("assign", "待交办的"),
        ("sign", "待签收的"),
        ("handling", "办理中的"),
        ("answered", "已答复的"),
        ("closed", "已办结的"),
        ("nonsense", "待登记的"),
    ],
)
def test_each_tab_shows_its_own(busy: Cast, tab: str, title: str) -> None:
    assert shown(look(busy, tab=tab)) == [title]


def test_the_tabs_count(busy: Cast) -> None:
    assert counts(look(busy)) == {
        "待登记": 1, "待交办": 1, "待签收": 1, "办理中": 1, "临期": 0, "超期": 0, "已答复": 1, "已办结": 1, "全部": 6,
    }  # fmt: skip


def test_nobody_sees_drafts_on_a_desk(busy: Cast) -> None:
    assert "草稿" not in shown(look(busy, tab="all"))


def test_a_unit_has_a_desk_of_its_own(busy: Cast) -> None:
    response = look(busy, "unit")
    assert shown(response) == ["待签收的"]
    assert counts(response) == {
        "待签收": 1, "待答复": 1, "临期": 0, "超期": 0, "已答复": 1, "已办结": 1, "全部": 4,
    }  # fmt: skip
    assert shown(look(busy, "other_unit", tab="all")) == []


def test_near_and_past_due_days_have_tabs_and_lights(cast: Cast) -> None:
    with time_machine.travel("2026-03-02T02:00:00Z", tick=False):
        steps.submitted(cast, title="三月二日提交")  # due 2026-03-16
        steps.handling(cast, title="三月二日交办")  # due 2026-06-02
    with time_machine.travel("2026-03-10T02:00:00Z", tick=False):
        assert shown(look(cast, tab="soon")) == ["三月二日提交"]
        assert "临期 · 还剩6天" in text_of(look(cast, tab="soon"))
        assert counts(look(cast))["临期"] == 1
    with time_machine.travel("2026-06-05T02:00:00Z", tick=False):
        response = look(cast, tab="late")
        assert shown(response) == ["三月二日提交", "三月二日交办"]
        assert "超期 · 已超3天" in text_of(response)
        assert shown(look(cast, "unit", tab="late")) == ["三月二日交办"]


def test_the_last_day_itself_is_not_late(cast: Cast) -> None:
    with time_machine.travel("2026-03-02T02:00:00Z", tick=False):
        steps.submitted(cast)
    with time_machine.travel("2026-03-16T15:59:00Z", tick=False):  # 23:59 in Shanghai
        assert counts(look(cast))["超期"] == 0
        assert "今天到期" in text_of(look(cast, tab="soon"))
    with time_machine.travel("2026-03-16T16:01:00Z", tick=False):
        assert counts(look(cast))["超期"] == 1


def test_a_unit_is_not_lit_by_the_deputys_clock(cast: Cast) -> None:
    with time_machine.travel("2026-03-02T02:00:00Z", tick=False):
        steps.answered(cast)
    with time_machine.travel("2026-04-20T02:00:00Z", tick=False):
        assert counts(look(cast, "unit"))["超期"] == 0
        assert counts(look(cast))["超期"] == 1


# ── conditions ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"q": "签收"}, ["待签收的"]),
        ({"q": "闭会第0001号"}, ["待交办的"]),
        ({"q": "李代表", "status": "submitted"}, ["待登记的"]),
        ({"q": "查无此事"}, []),
        ({"status": "closed"}, ["已办结的"]),
        ({"light": "overdue"}, []),
        ({"kind": "motion"}, []),
        ({"session": "own"}, []),
        ({"unit": "unit", "status": "handling"}, ["办理中的"]),
        ({"unit": "other_unit"}, []),
        ({"year": "2016"}, []),
    ],
)
def test_conditions_narrow_the_list(busy: Cast, conditions: dict[str, str], expected: list[str]) -> None:
    if "unit" in conditions:
        conditions = {**conditions, "unit": str(busy.offices[conditions["unit"]].public_id)}
    if "session" in conditions:
        conditions = {**conditions, "session": str(busy.session.pk)}
    assert shown(look(busy, tab="all", **conditions)) == expected


def test_the_year_is_that_of_submission(busy: Cast) -> None:
    year = Suggestion.objects.filter(submitted_at__isnull=False).latest("id").submitted_at.year
    assert len(shown(look(busy, tab="all", year=str(year)))) == 6


def test_a_choice_that_is_not_offered_counts_as_none(busy: Cast) -> None:
    response = look(busy, tab="all", status="draft", unit="nonsense", year="x", region="99")
    assert response.status_code == 200
    assert len(shown(response)) == 6


def test_an_empty_result_offers_to_clear_the_conditions(busy: Cast) -> None:
    page = text_of(look(busy, tab="all", q="查无此事"))
    assert "没有符合条件的建议" in page
    assert "清除条件" in page


def test_an_empty_tab_says_why(cast: Cast) -> None:
    for tab, words in {
        "": "没有待登记",
        "late": "没有超期",
        "soon": "没有临期",
        "all": "还没有",
        "sign": "都已办完",
    }.items():
        assert words in text_of(look(cast, tab=tab)), tab


# ── whose ────────────────────────────────────────────────────────────────────────────────────────
def below(cast: Cast) -> None:
    """A suggestion of the county's congress."""
    county = cast.congresses["county"]
    mandate = cast.mandates["other_deputy"]
    mandate.congress = county
    mandate.save()
    steps.submitted(cast, "other_deputy", title="区里的")


def test_own_work_is_shown_first_and_the_counties_on_demand(cast: Cast) -> None:
    steps.submitted(cast, title="市里的")
    below(cast)
    assert shown(look(cast)) == ["市里的"]
    everywhere = look(cast, region="all")
    assert shown(everywhere) == ["市里的", "区里的"]
    assert counts(everywhere)["待登记"] == 2
    assert shown(look(cast, region="430903")) == ["区里的"]
    assert shown(look(cast, region="430981")) == []


def test_a_county_sees_its_own_only(cast: Cast) -> None:
    steps.submitted(cast, title="市里的")
    below(cast)
    assert shown(look(cast, "county_clerk", tab="all", region="all")) == ["区里的"]
    assert shown(look(cast, "stranger", tab="all", region="all")) == []
    assert shown(look(cast, "county_clerk", tab="all", region="4309")) == ["区里的"]


def test_deputies_are_led_to_their_own_list(cast: Cast) -> None:
    assert look(cast, "deputy").url == reverse("suggestions:mine")


@pytest.mark.parametrize("who", ["prosecutor", "system_admin", "security_admin", "auditor", "nobody"])
def test_others_have_no_desk(cast: Cast, who: str) -> None:
    assert look(cast, who).status_code == 403


# ── paging and price ─────────────────────────────────────────────────────────────────────────────
def test_pages_keep_tab_and_conditions(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("suggestions.views.suggestion.keyset_page", partial(keyset_page, size=2))
    for number in range(3):
        steps.submitted(cast, title=f"第{number}件路灯")
    first = look(cast, tab="sort", q="路灯")
    assert shown(first) == ["第0件路灯", "第1件路灯"]
    client = cast.client("insider")
    second = client.get(first.context["page"].next_url)
    assert shown(second) == ["第2件路灯"]
    assert shown(client.get(second.context["page"].previous_url)) == shown(first)


@pytest.mark.parametrize(("who", "tab"), [("insider", "all"), ("insider", "sort"), ("unit", "handling")])
def test_the_price_is_the_same_for_two_rows_and_for_twenty(cast: Cast, who: str, tab: str) -> None:
    make = steps.handling if who == "unit" else steps.submitted
    url = f"{DESK}?tab={tab}"
    for _ in range(2):
        make(cast)
    few = queries(cast.client(who), url)
    for _ in range(18):
        make(cast)
    many = queries(cast.client(who), url)

    once(many)
    # session, account, postings, mandates; categories, sessions, units, regions; rows; tabs; shell
    assert len(many) == len(few) <= 13, "\n".join(many)
