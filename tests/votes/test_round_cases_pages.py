"""Less usual votes over HTTP: an appraisal of projects, a tie, the closing moment passed, sealed numbers hidden."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from tests.suggestions.pages import errors, said, text_of
from tests.votes import round_steps as steps
from tests.votes import works
from tests.votes.people import County
from tests.votes.round_steps import AGAINST, FOR
from votes.models import Programme, Round
from votes.selectors import presiding
from votes.selectors.ratings import rate_texts
from votes.states import ProgrammeStatus

CLERK = "county_clerk"


def url(page: str, round_: Round) -> str:
    return reverse(f"rounds:{page}", args=[round_.public_id])


def get(county: County, page: str, round_: Round, who: str = CLERK, **query: Any) -> HttpResponse:
    return county.cast.client(who).get(url(page, round_), query)


def post(county: County, page: str, round_: Round, who: str = CLERK, **data: Any) -> HttpResponse:
    return county.cast.client(who).post(url(page, round_), data, follow=True)


def test_projects_being_carried_out_are_appraised(county: County) -> None:
    projects = works.started(county, 2)
    programme = Programme.objects.get()
    assert programme.status == ProgrammeStatus.UNDERWAY
    client = county.cast.client(CLERK)
    address = reverse("rounds:new", query={"kind": "appraisal", "programme": programme.public_id})
    assert address.replace("&", "&amp;") in client.get(reverse("rounds:new")).content.decode()
    assert client.get(address).content.decode().count("checked") == 4  # both projects, the scale, public
    nothing = client.post(address, {"title": "测评", "scale": "three"})
    assert errors(nothing) == {"projects": ["请至少选择一个项目。"]}
    ids = [project.public_id for project in projects]
    done = client.post(address, {"title": "测评", "scale": "three", "projects": ids}, follow=True)
    assert "已建立“测评”" in said(done)
    round_ = Round.objects.get()
    kept = get(county, "edit", round_).content.decode()
    assert kept.count("checked") == 3  # not public
    post(county, "edit", round_, version=round_.version, title="测评", scale="four", projects=ids[:1])
    assert [option.project for option in round_.options.all()] == projects[:1]
    steps.opened(county, Round.objects.get())
    ballot = county.cast.client("deputy").get(reverse("ballots:ballot", args=[round_.public_id]))
    assert "新建水厂一座，铺设管网42公里" in text_of(ballot)
    programme.refresh_from_db()
    assert programme.status == ProgrammeStatus.APPRAISING


def test_a_tie_asks_for_another_vote_among_the_tied(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county))
    steps.cast_all(county, round_, [[FOR, FOR, AGAINST]] * 5 + [[FOR, AGAINST, FOR]] * 4)
    Round.objects.filter(pk=round_.pk).update(places=2)
    steps.counted(county, round_)
    assert "还有名额空缺" not in text_of(get(county, "detail", round_))
    other = steps.appraisal(county)
    assert not presiding.is_open_question(other)


def test_tied_projects_are_named_on_the_result(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county, candidates=3, places=1))
    steps.cast_all(county, round_, [[FOR, AGAINST, AGAINST]] * 9)
    counted = steps.counted(county, round_)
    result = dict(counted.result or {}) | {"passed": [], "tied": [1, 2], "open_places": 1}
    Round.objects.filter(pk=round_.pk).update(result=result)
    assert "得票相等，须再次投票" in text_of(get(county, "result", round_))
    Round.objects.filter(pk=round_.pk).update(status="declared")
    page = text_of(get(county, "detail", round_))
    assert "下一步：再次投票" in page
    assert "在得票相等的项目中投票。" in text_of(get(county, "run_off", round_))


def test_past_the_closing_moment_the_page_says_so(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county))
    Round.objects.filter(pk=round_.pk).update(closes_at=timezone.now() - dt.timedelta(seconds=1))
    page = text_of(get(county, "detail", round_))
    assert "时间已到，请按“截止投票”" in page
    assert "手机和投票码都不再收票" in page
    assert "投票时间已到，不再收票" in text_of(get(county, "hall", round_))
    ballot = county.cast.client("deputy").get(reverse("ballots:ballot", args=[round_.public_id]))
    assert "投票已截止" in text_of(ballot)
    form = get(county, "edit", round_)
    assert set(form.context["form"].fields) == {"version", "closes_at"}
    later = timezone.localtime(timezone.now() + dt.timedelta(hours=1))
    moved = post(county, "edit", round_, version=form.context["round"].version, closes_at=f"{later:%Y-%m-%dT%H:%M}")
    assert "投票设置已保存" in said(moved)


def test_at_the_closing_moment_the_presiding_page_loads_itself_anew_once(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county))
    clerk = county.cast.client("county_clerk")
    asked = reverse("rounds:turnout", args=[round_.public_id])
    assert f'hx-get="{asked}?taking=1"' in get(county, "detail", round_).content.decode()
    assert "HX-Refresh" not in clerk.get(asked, {"taking": "1"})
    Round.objects.filter(pk=round_.pk).update(closes_at=timezone.now() - dt.timedelta(seconds=1))
    assert clerk.get(asked, {"taking": "1"})["HX-Refresh"] == "true"
    assert f'hx-get="{asked}"' in get(county, "detail", round_).content.decode()
    assert "HX-Refresh" not in clerk.get(asked)


def test_the_second_counter_sees_nothing_of_the_first(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county))
    rows = steps.lines(round_)
    post(county, "paper_hand_out", round_, entry=[row.public_id for row in rows[:5]])
    assert "请先选择代表。" in said(post(county, "paper_hand_out", round_))
    steps.closed(county, round_)
    numbers = {"returned": 5, "void": 0}
    numbers |= {f"n{line}_{code}": 0 for line in (1, 2, 3) for code in ("for", "against", "abstain", "empty")}
    numbers |= {"n1_for": 5, "n2_for": 5, "n3_against": 5}
    post(county, "paper_enter", round_, **numbers)
    other = get(county, "paper_enter", round_, "county_approver")
    assert 'value="5"' not in other.content.decode()
    missing = post(county, "paper_enter", round_, "county_approver", returned="", void=0)
    assert errors(missing)["returned"] == ["请填写收回的纸质票数。"]
    wrong = post(county, "paper_enter", round_, "county_approver", **(numbers | {"void": 6}))
    assert "多于收回的" in errors(wrong)["void"][0]
    post(county, "paper_enter", round_, "county_approver", **numbers)
    from liaison.models import Posting, User
    from liaison.permissions import Role
    from tests.cast import PASSWORD

    third = User.objects.create_user("third", PASSWORD, name="第三人")
    Posting.objects.create(user=third, organisation=round_.office, role=Role.HANDLER)
    county.cast.users["third"] = third
    refused = county.cast.client("third").get(url("paper_enter", round_), follow=True)
    assert "须由本人修改" in said(refused)


@pytest.mark.parametrize("page", ["roll", "slips", "paper"])
def test_a_search_that_no_database_takes(county: County, page: str) -> None:
    round_ = steps.projects_round(county)
    assert get(county, page, round_, q="\0王").status_code == 200


def test_who_only_looks_on_gets_no_acts(county: County) -> None:
    round_ = steps.projects_round(county)
    page = get(county, "detail", round_, "insider")
    assert "由赫山区人大常委会联工委组织。" in text_of(page)
    assert url("annul", round_) not in page.content.decode()
    for name in ("edit", "slips", "count"):
        assert get(county, name, round_, "insider").status_code == 403


def test_a_rate_of_nothing(county: County) -> None:
    round_ = steps.appraisal(county)
    assert rate_texts(round_) == {}
    round_.result = {"lines": [{"position": 1, "numerator": 0, "denominator": 0}]}
    assert rate_texts(round_) == {1: "无有效票（0/0）"}
