"""Staff's pages of a vote, over HTTP: from setting one up to the declared result."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from tests.suggestions.pages import errors, hidden, said, text_of
from tests.votes import round_steps as steps
from tests.votes.people import County
from tests.votes.round_steps import AGAINST, FOR
from votes.models import PaperCount, RollEntry, Round
from votes.states import RoundStatus

CLERK, WATCHER, COUNTER = "county_clerk", "county_approver", "cosigner"


def url(page: str, round_: Round) -> str:
    return reverse(f"rounds:{page}", args=[round_.public_id])


def get(county: County, page: str, round_: Round, who: str = CLERK, **query: Any) -> HttpResponse:
    answer = county.cast.client(who).get(url(page, round_), query)
    assert answer.status_code == 200, (page, answer.status_code)
    return answer


def post(county: County, page: str, round_: Round, who: str = CLERK, **data: Any) -> HttpResponse:
    return county.cast.client(who).post(url(page, round_), data, follow=True)


# ── setting it up ────────────────────────────────────────────────────────────────────────────────
def test_a_vote_on_projects_is_set_up_from_the_approved_list(county: County) -> None:
    programme = steps.programme(county)
    client = county.cast.client(CLERK)
    chosen = client.get(reverse("rounds:new"))
    link = re.search(r'href="([^"]+kind=projects[^"]+)"', chosen.content.decode())
    assert link is not None
    address = link[1].replace("&amp;", "&")
    form = client.get(address)
    assert f'value="{programme}票决"' in form.content.decode()
    data = {"title": "2026年票决", "session_id": county.session.pk, "places": 2, "is_public": "on"}
    answer = client.post(address, data, follow=True)
    assert "已建立“2026年票决”，代表名册9名已生成。" in said(answer)
    assert "3选2" in text_of(answer)
    assert Round.objects.get().places == 2


def test_as_many_places_as_candidates_is_said_by_the_field(county: County) -> None:
    programme = steps.programme(county)
    address = reverse("rounds:new", query={"kind": "projects", "programme": programme.public_id})
    answer = county.cast.client(CLERK).post(address, {"title": "票决", "places": 3})
    assert answer.status_code == 422
    assert errors(answer) == {"places": ["候选项目3件，票决须有差额，应选件数应少于3。"]}


def test_an_appraisal_of_officials_takes_a_line_each(county: County) -> None:
    address = reverse("rounds:new", query={"kind": "duty", "congress": county.congress.public_id})
    client = county.cast.client(CLERK)
    wrong = client.post(address, {"title": "履职评议", "scale": "four", "lines": "，没有姓名"})
    assert errors(wrong) == {"lines": ["第1行请写成“姓名，职务”，姓名不超过120字。"]}
    answer = client.post(
        address,
        {"title": "履职评议", "scale": "four", "lines": "王建国，区水利局局长\n\n李明,区教育局局长"},
        follow=True,
    )
    round_ = Round.objects.get()
    assert [(one.name, one.detail) for one in round_.options.all()] == [
        ("王建国", "区水利局局长"),
        ("李明", "区教育局局长"),
    ]
    assert "区教育局局长" in text_of(answer)
    edited = post(county, "edit", round_, version=round_.version, title="评议", scale="three", lines="王建国，局长")
    assert "投票设置已保存" in said(edited)
    assert [one.detail for one in round_.options.all()] == ["局长"]


@pytest.mark.parametrize("query", ["", "kind=run_off", "kind=nonsense"])
def test_what_is_voted_on_is_chosen_first(county: County, query: str) -> None:
    answer = county.cast.client(CLERK).get(f"{reverse('rounds:new')}?{query}")
    assert "没有已审定候选项目的年度。" in text_of(answer)


@pytest.mark.parametrize("query", ["kind=projects", "kind=projects&programme=1", "kind=duty&congress=x"])
def test_nothing_is_set_up_about_nothing(county: County, query: str) -> None:
    assert county.cast.client(CLERK).get(f"{reverse('rounds:new')}?{query}").status_code == 404


# ── before it opens ──────────────────────────────────────────────────────────────────────────────
def test_the_presiding_page_says_what_is_missing(county: County) -> None:
    round_ = steps.projects_round(county)
    text = text_of(get(county, "detail", round_))
    assert "还差3项：法定人数、监票人、计票人、开箱口令。" in text
    assert "应到会6名（全体代表9名的三分之二以上：9×2÷3，进位），已签到0名，还差6名。" in text
    assert round_.session_code in text
    steps.with_tellers(county, round_)
    steps.attend(county, round_, 6)
    ready = text_of(get(county, "detail", round_))
    assert "准备工作都已完成" in ready
    hall = get(county, "hall", round_)
    assert round_.session_code in text_of(hall)
    assert "已签到 6 名" in text_of(hall)
    assert hall.context["qr"].size  # leads to the deputies' page of the vote


def test_the_session_code_is_shown_to_those_who_run_the_vote_only(county: County) -> None:
    round_ = steps.projects_round(county)
    for who, runs in (("insider", False), ("colleague", False), (CLERK, True)):
        page = county.cast.client(who).get(url("detail", round_)).content.decode()
        assert round_.title in page
        assert (round_.session_code in page) is runs
        assert (url("hall", round_) in page) is runs


def test_tellers_are_chosen_and_set_their_own_passphrases(county: County) -> None:
    round_ = steps.projects_round(county)
    watcher, counter = (county.cast.user(name).pk for name in (WATCHER, COUNTER))
    same = post(county, "tellers", round_, scrutineer_id=watcher, counter_id=watcher)
    assert errors(same) == {"counter_id": ["监票人和计票人须由两人分别担任。"]}
    assert "已指定" in said(post(county, "tellers", round_, scrutineer_id=watcher, counter_id=counter))
    dashboard = county.cast.client(COUNTER).get("/")
    assert url("passphrase", round_) in dashboard.content.decode()
    short = post(county, "passphrase", round_, COUNTER, passphrase="short", again="short")
    assert short.status_code == 422
    assert "short" not in short.content.decode().replace("shortcut", "")
    unlike = post(county, "passphrase", round_, COUNTER, passphrase="long enough words", again="other words here")
    assert errors(unlike) == {"again": ["两遍口令不一样，请重新输入。"]}
    done = post(county, "passphrase", round_, COUNTER, passphrase="long enough words", again="long enough words")
    assert "开箱口令已设置" in said(done)
    assert county.cast.client(CLERK).get(url("passphrase", round_)).status_code == 404


def test_staff_tick_who_is_present_and_take_it_back(county: County) -> None:
    round_ = steps.projects_round(county)
    rows = steps.lines(round_)
    found = text_of(get(county, "roll", round_, q=rows[3].name))
    assert rows[3].name in found
    assert rows[5].name not in found
    ids = [row.public_id for row in rows[:4]]
    assert "已登记4名代表的签到。" in said(post(county, "attend", round_, entry=ids, back="state=absent"))
    assert "已撤销1名代表的签到。" in said(post(county, "attend", round_, entry=ids[:1], present="0"))
    assert RollEntry.objects.filter(round=round_).exclude(attendance="").count() == 3
    assert "请先选择代表。" in said(post(county, "attend", round_, entry=["x"]))
    assert "已更换" in said(post(county, "code", round_))
    assert "共9名" in said(post(county, "roll_prepare", round_))


def test_slips_are_shown_once_with_a_code_that_no_server_log_sees(county: County) -> None:
    round_ = steps.projects_round(county)
    ids = [row.public_id for row in steps.lines(round_)[:2]]
    assert "请先选择" in text_of(post(county, "slips", round_))
    printed = post(county, "slips", round_, entry=ids)
    codes = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", text_of(printed))
    assert len(codes) == 2
    assert printed["Cache-Control"].count("no-store") == 1
    body = printed.content.decode()
    assert body.count('aria-label="投票码的二维码"') == 2
    assert f"#{codes[0]}" not in body
    assert codes[0] not in get(county, "slips", round_).content.decode()


def test_printed_ballots_have_no_number_of_their_own(county: County) -> None:
    round_ = steps.projects_round(county)
    body = get(county, "paper_sheet", round_).content.decode()
    ballots = re.findall(r'<div class="paper-ballot">.*?</div>', body, re.DOTALL)
    assert len(ballots) == 4
    assert len(set(ballots)) == 1
    assert "2026年民生实事项目票决" in ballots[0]
    assert "第1轮" in ballots[0]


# ── while it runs and afterwards ─────────────────────────────────────────────────────────────────
def test_a_whole_vote_with_paper_over_the_pages(county: County) -> None:
    round_ = steps.with_tellers(county, steps.projects_round(county))
    steps.attend(county, round_)
    assert "开始“2026年民生实事项目票决”的投票？" in text_of(get(county, "open", round_))
    assert "投票已开始" in said(post(county, "open", round_))
    rows = steps.lines(round_)
    handed = post(county, "paper_hand_out", round_, entry=[row.public_id for row in rows[-3:]])
    assert "已登记发出3张纸质票。" in said(handed)
    back = post(county, "paper_hand_out", round_, entry=[rows[-1].public_id], act="take_back")
    assert "已登记收回1张纸质票。" in said(back)
    refused = post(county, "paper_hand_out", round_, entry=[rows[-1].public_id], act="take_back")
    assert "没有领纸质票" in said(refused)
    steps.cast_all(county, round_, [[FOR, FOR, AGAINST]] * 6)
    turnout = text_of(get(county, "turnout", round_))
    assert "已投票 8 / 9名" in turnout
    assert "赞成" not in turnout
    assert "还有1名没有投票" in text_of(get(county, "close", round_))
    assert "投票已截止" in said(post(county, "close", round_))

    assert "录入第1份" in text_of(get(county, "paper", round_))
    numbers = {"returned": 2, "void": 0}
    for position, (yes, no) in enumerate([(2, 0), (1, 1), (1, 1)], start=1):
        marks = {"for": yes, "against": no, "abstain": 0, "empty": 0}
        numbers |= {f"n{position}_{code}": count for code, count in marks.items()}
    wrong = post(county, "paper_enter", round_, **(numbers | {"n2_for": 2}))
    assert errors(wrong) == {"n2_for": ["各栏合计3，应等于有效票2（收回减废票）。"]}
    assert "第1份录入已保存" in said(post(county, "paper_enter", round_, **numbers))
    second = numbers | {"n2_against": 0, "n2_abstain": 1}
    assert "第2份录入已保存" in said(post(county, "paper_enter", round_, WATCHER, **second))
    differ = text_of(get(county, "paper", round_))
    assert "两份录入有2处不一致" in differ
    assert "项目2 · 弃权" in differ
    kept = county.cast.client(CLERK).get(url("count", round_), follow=True)
    assert "2处不一致" in said(kept)
    post(county, "paper_enter", round_, WATCHER, **numbers)
    assert PaperCount.objects.count() == 2
    assert "两份录入完全一致" in text_of(get(county, "paper", round_))

    page = get(county, "count", round_)
    assert page.content.decode().count('type="password"') == 2
    bad = post(county, "count", round_, scrutineer_passphrase=steps.ONE, counter_passphrase="something else")
    assert errors(bad) == {"counter_passphrase": ["计票人的开箱口令不对，还可以再试4次。"]}
    assert "something else" not in bad.content.decode()
    counted = post(county, "count", round_, scrutineer_passphrase=steps.ONE, counter_passphrase=steps.OTHER)
    assert "计票完成" in said(counted)
    text = text_of(counted)
    assert "发出选票：电子票7张＋纸质票2张＝9张。" in text
    assert "赞成8＋反对0＋弃权0＋未投1＝发出9" in text
    assert county.cast.client("deputy").get(url("result", round_)).status_code == 403

    assert "还没有在结果上签字" in errors(post(county, "declare", round_))[""][0]
    for who in (WATCHER, COUNTER):
        assert "签字" in said(post(county, "sign", round_, who))
    document = county.cast.client(CLERK).get(url("result_sheet", round_))
    assert document.content[:2] == b"PK"
    assert "结果已宣布" in said(post(county, "declare", round_))
    round_.refresh_from_db()
    assert round_.status == RoundStatus.DECLARED
    assert "项目1、项目2，共2件通过" in text_of(get(county, "detail", round_))
    get(county, "roll", round_)
    get(county, "paper", round_)


def test_a_vote_without_quorum_does_not_open(county: County) -> None:
    round_ = steps.with_tellers(county, steps.projects_round(county))
    steps.attend(county, round_, 5)
    answer = post(county, "open", round_)
    assert answer.status_code == 422
    assert "不足全体代表9名的三分之二（6名）" in text_of(answer)


def test_a_vote_is_annulled_with_its_reason(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county))
    assert errors(post(county, "annul", round_, reason=" ")) == {"reason": ["请写明理由。"]}
    done = post(county, "annul", round_, reason="会场停电，主席团决定本轮无效。")
    assert "会场停电" in text_of(done)
    assert county.cast.client(CLERK).get(url("close", round_)).status_code == 409


def test_a_tie_leads_to_another_vote_among_the_tied(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county))
    steps.cast_all(county, round_, [[FOR, FOR, AGAINST]] * 5 + [[FOR, AGAINST, FOR]] * 4)
    # one passes with nine; the second place is not reached by a tie but by five against four
    assert steps.counted(county, round_).result["passed"] == [1, 2]
    steps.declared(county, round_)
    assert "结果已宣布" in text_of(get(county, "detail", round_))
    refused = post(county, "run_off", round_)
    assert "没有空缺的名额" in errors(refused)[""][0]


def test_places_left_open_are_voted_again_or_left_by_decision(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county, candidates=4))
    steps.cast_all(county, round_, [[FOR, FOR, AGAINST, AGAINST]] * 4 + [[FOR, AGAINST, AGAINST, AGAINST]] * 5)
    steps.counted(county, round_)
    steps.declared(county, round_)
    page = text_of(get(county, "detail", round_))
    assert "还有名额空缺" in page
    assert "决定名额暂缺" not in page  # the handler has no say in that
    assert "决定名额暂缺" in text_of(get(county, "detail", round_, WATCHER))
    empty = post(county, "leave_open", round_, WATCHER, decision="")
    assert errors(empty) == {"decision": ["请写明由谁、何时作出的决定。"]}
    again = post(county, "run_off", round_)
    assert "请重新签到" in said(again)
    second = Round.objects.latest("id")
    assert second.kind == "run_off"
    assert "结果已宣布" in text_of(get(county, "detail", round_))
    steps_annul = post(county, "annul", second, reason="主席团决定不再投票。")
    assert steps_annul.status_code == 200
    done = post(county, "leave_open", round_, WATCHER, decision="主席团决定暂缺。")
    assert "已记录名额暂缺的决定" in said(done)


# ── the list ─────────────────────────────────────────────────────────────────────────────────────
def test_the_list_has_tabs_and_filters(county: County) -> None:
    round_ = steps.projects_round(county)
    steps.appraisal(county)
    client = county.cast.client(CLERK)
    everything = text_of(client.get(reverse("rounds:list")))
    assert round_.title in everything
    assert "履职评议" in everything
    some = text_of(client.get(reverse("rounds:list"), {"kind": "duty", "view": "preparing"}))
    assert round_.title not in some.replace("项目票决", "")
    assert "没有符合条件的投票" in text_of(client.get(reverse("rounds:list"), {"view": "declared"}))
    assert client.get(reverse("rounds:list"), {"year": "x", "kind": "x"}).status_code == 200
    found = client.get("/search/", {"q": "民生实事"})
    assert round_.get_absolute_url() in found.content.decode()


def test_a_stale_form_says_so(county: County) -> None:
    round_ = steps.projects_round(county)
    version = hidden(get(county, "edit", round_))["version"]
    post(county, "code", round_)
    answer = post(county, "edit", round_, version=version, title="改名", places=2)
    assert "已有变化" in errors(answer)[""][0]
