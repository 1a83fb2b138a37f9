"""A deputy's phone and the shared tablet, over HTTP."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from liaison.models import AuditEntry
from tests.suggestions.pages import errors, hidden, text_of
from tests.votes import round_steps as steps
from tests.votes.people import County
from tests.votes.round_steps import ABSTAIN, AGAINST, FOR
from votes.models import RollEntry, Round, SealedBallot
from votes.services.paper import paper_hand_out
from votes.services.roll import slips_issue
from votes.services.round import round_annul

MARKS = {"line_1": FOR, "line_2": AGAINST, "line_3": ABSTAIN}


def url(page: str, round_: Round) -> str:
    return reverse(f"ballots:{page}", args=[round_.public_id])


def get(county: County, page: str, round_: Round, who: str = "deputy") -> HttpResponse:
    return county.cast.client(who).get(url(page, round_), follow=True)


def post(county: County, page: str, round_: Round, who: str = "deputy", **data: Any) -> HttpResponse:
    return county.cast.client(who).post(url(page, round_), data, follow=True)


def running(county: County, round_: Round | None = None) -> Round:
    """An open vote with all present."""
    return steps.opened(county, round_ or steps.projects_round(county))


def receipt_in(page: HttpResponse) -> str:
    found = re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", text_of(page))
    return found[0] if found else ""


# ── sign in ──────────────────────────────────────────────────────────────────────────────────────
def test_a_deputy_signs_in_with_the_code_and_waits_for_the_opening(county: County) -> None:
    round_ = steps.projects_round(county)
    assert "会议签到" in text_of(county.cast.client("deputy").get("/"))
    page = get(county, "ballot", round_)
    assert "投票前请先签到" in text_of(page)
    wrong = post(county, "sign_in", round_, code="000000" if round_.session_code != "000000" else "111111")
    assert wrong.status_code == 422
    assert "签到码不对" in errors(wrong)["code"][0]
    done = post(county, "sign_in", round_, code=f" {round_.session_code[:3]} {round_.session_code[3:]} ")
    assert "已签到，还没有开始投票" in text_of(done)
    assert RollEntry.objects.filter(round=round_).exclude(attendance="").count() == 1
    assert "已签到，请等主持人宣布开始投票。" in text_of(county.cast.client("deputy").get(reverse("ballots:list")))
    assert "已签到" in text_of(get(county, "sign_in", round_))


def test_before_the_session_begins_nobody_is_asked_to_sign_in(county: County) -> None:
    round_ = steps.projects_round(county)
    county.session.starts_on = timezone.localdate() + dt.timedelta(days=1)
    county.session.ends_on = county.session.starts_on
    county.session.save()
    assert "会议签到" not in text_of(county.cast.client("deputy").get("/"))
    assert get(county, "ballot", round_).status_code == 404


def test_somebody_who_is_not_on_the_roll_sees_nothing(county: County) -> None:
    round_ = running(county)
    county.mandates[0].ended_on = county.mandates[0].started_on
    county.mandates[0].save()
    assert get(county, "ballot", round_).status_code == 404
    assert county.cast.client("insider").get(url("ballot", round_)).status_code == 403


# ── the ballot ───────────────────────────────────────────────────────────────────────────────────
def test_a_deputy_votes_and_a_retry_says_the_same(county: County) -> None:
    round_ = running(county)
    client = county.cast.client("deputy")
    assert "正在投票" in text_of(client.get("/"))
    page = get(county, "ballot", round_)
    text = text_of(page)
    for words in ("共3项，应选2项", "改造供水管网", "投资额 100万元", "赫山区水利局", "2026年12月31日"):
        assert words in text
    assert "no-store" in page["Cache-Control"]
    look = post(county, "look", round_, **MARKS)
    assert "1．项目1 赞成 2．项目2 反对 3．项目3 弃权" in text_of(look)
    assert not SealedBallot.objects.exists()
    sent = hidden(look)
    assert {name: sent[name] for name in MARKS} == MARKS
    done = post(county, "cast", round_, **sent)
    assert "选票已收到" in text_of(done)
    assert receipt_in(done) == sent["receipt"]
    again = post(county, "cast", round_, **sent)
    assert again.status_code == 200
    assert "已收到" in text_of(again)
    assert "没有重复计票" in text_of(again)
    assert receipt_in(again) == sent["receipt"]
    other = post(county, "cast", round_, **(sent | {"receipt": "0000-0000-0000-0000"}))
    assert "此前已经送达" in text_of(other)
    assert receipt_in(other) == ""
    assert SealedBallot.objects.count() == 1
    afterwards = get(county, "ballot", round_)
    assert "您已投票" in text_of(afterwards)
    assert "line_1" not in afterwards.content.decode()


def test_the_pages_of_a_ballot_carry_one_line_at_the_top_and_no_shell(county: County) -> None:
    """No menu and no counts; home, the list of votes, the size of type, and the way out."""
    round_ = running(county)
    receipt = hidden(post(county, "look", round_, **MARKS))["receipt"]
    pages = {
        "ballot": get(county, "ballot", round_),
        "look": post(county, "look", round_, **MARKS),
        "cast": post(county, "cast", round_, **MARKS, receipt=receipt),
        "voted": get(county, "ballot", round_),
    }
    for name, page in pages.items():
        source = page.content.decode()
        for shell in ('class="side"', 'class="bottombar"', "topsearch", "topbar-bell", "htmx"):
            assert shell not in source, (name, shell)
        for link in ('href="/"', f'href="{reverse("ballots:list")}"', f'action="{reverse("account_logout")}"'):
            assert link in source, (name, link)
        # from a page that was posted, another size of type leads back to a page that can be opened
        back = re.search(r'name="next"\s+value="([^"]*)"', source)
        assert back, name
        assert back[1] == url("ballot", round_), name


def test_a_large_size_of_type_holds_on_the_ballot(county: County) -> None:
    round_ = running(county)
    client = county.cast.client("deputy")
    done = client.post(reverse("preference_type"), {"type_scale": "xlarge", "next": url("ballot", round_)})
    assert done["Location"] == url("ballot", round_)
    assert 'class="type-150"' in get(county, "ballot", round_).content.decode()


def test_going_back_from_the_last_look_keeps_the_marks(county: County) -> None:
    round_ = running(county)
    back = post(county, "ballot", round_, **MARKS)
    assert back.content.decode().count("checked") == 3
    assert post(county, "ballot", round_, line_1="nonsense").content.decode().count("checked") == 0


def test_too_many_approvals_are_told_with_everything_kept(county: County) -> None:
    round_ = running(county)
    every = dict.fromkeys(MARKS, FOR)
    answer = post(county, "look", round_, **every)
    assert answer.status_code == 422
    assert "您赞成了3项，最多赞成2项" in text_of(answer)
    assert answer.content.decode().count("checked") == 3
    cast = post(county, "cast", round_, **every, receipt=steps.sealing.new_receipt())
    assert cast.status_code == 422
    assert not SealedBallot.objects.exists()


@pytest.mark.parametrize("page", ["look", "cast"])
def test_a_tampered_ballot_is_refused(county: County, page: str) -> None:
    round_ = running(county)
    answer = post(county, page, round_, **(MARKS | {"line_1": "satisfied"}), receipt="x")
    assert answer.status_code == 422
    assert "选票内容不完整或已被改动" in text_of(answer)
    without = post(county, "cast", round_, **MARKS, receipt="x")
    assert "回执不完整" in text_of(without)
    assert not SealedBallot.objects.exists()


def test_lines_left_empty_are_told_at_the_last_look(county: County) -> None:
    round_ = running(county)
    assert "还有2项没有填" in text_of(post(county, "look", round_, line_1=FOR))
    assert "您一项也没有填" in text_of(post(county, "look", round_))


def test_after_the_close_nothing_is_taken(county: County) -> None:
    round_ = running(county)
    sent = hidden(post(county, "look", round_, **MARKS))
    steps.closed(county, round_)
    answer = post(county, "cast", round_, **sent)
    assert answer.status_code == 409
    assert "投票已经截止，这张选票没有记入。" in text_of(answer)
    assert post(county, "look", round_, **MARKS).status_code == 409
    assert "投票已截止" in text_of(get(county, "ballot", round_))


def test_a_void_round_says_why(county: County) -> None:
    round_ = running(county)
    round_annul(actor=county.actor("county_clerk"), public_id=round_.public_id, reason="会场停电。")
    assert "会场停电。" in text_of(get(county, "ballot", round_))


def test_who_has_paper_votes_on_paper(county: County) -> None:
    round_ = running(county)
    entry = RollEntry.objects.get(round=round_, mandate=county.mandates[0])
    paper_hand_out(actor=county.actor("county_clerk"), public_id=round_.public_id, entries=[entry.public_id])
    assert "您已领取纸质选票" in text_of(get(county, "ballot", round_))


@pytest.mark.parametrize(("scale", "labels"), [("three", 4), ("four", 5)])
def test_an_appraisal_has_its_own_options(county: County, scale: str, labels: int) -> None:
    round_ = running(county, steps.appraisal(county, scale=scale))
    page = get(county, "ballot", round_)
    assert page.content.decode().count('type="radio"') == 2 * labels
    assert ("非常满意" in text_of(page)) is (scale == "four")
    look = post(county, "look", round_, line_1="satisfied", line_2="dissatisfied")
    assert "1．区水利局 满意" in text_of(look)
    assert "选票已收到" in text_of(post(county, "cast", round_, **hidden(look)))


def test_no_choice_and_no_receipt_is_in_the_audit(county: County) -> None:
    round_ = running(county)
    sent = hidden(post(county, "look", round_, **MARKS))
    post(county, "cast", round_, **sent)
    rows = "".join(str(row) for row in AuditEntry.objects.values())
    for secret in (sent["receipt"], *MARKS.values()):
        assert secret not in rows.replace("'before'", "").replace("information", "")


def test_the_list_shows_open_and_earlier_votes(county: County) -> None:
    client = county.cast.client("deputy")
    assert "现在没有正在进行的投票" in text_of(client.get(reverse("ballots:list")))
    round_ = running(county)
    assert "已签到，可以投票。" in text_of(client.get(reverse("ballots:list")))
    steps.cast_all(county, round_, [[FOR, FOR, AGAINST]] * 9)
    steps.counted(county, round_)
    steps.declared(county, round_)
    listed = text_of(client.get(reverse("ballots:list")))
    assert "以往的投票" in listed
    assert "看投票结果，核对回执" in text_of(get(county, "ballot", round_))
    assert client.get(reverse("rounds:detail", args=[round_.public_id])).status_code == 302


# ── slips ────────────────────────────────────────────────────────────────────────────────────────
def slip_of(county: County, round_: Round, place: int = 5) -> str:
    entry = steps.lines(round_)[place]
    issued = slips_issue(actor=county.actor("county_clerk"), public_id=round_.public_id, entries=[entry.public_id])
    return issued[0][1]


def send(page: str, **data: Any) -> HttpResponse:
    return Client().post(reverse(f"ballots:{page}"), data)


def test_a_slip_votes_once_without_an_account(county: County) -> None:
    round_ = running(county)
    code = slip_of(county, round_)
    assert Client().get(reverse("ballots:slip")).status_code == 200
    page = send("slip", code=code.lower().replace("-", " "))
    assert "共3项，应选2项" in text_of(page)
    assert "no-store" in page["Cache-Control"]
    look = send("slip_look", code=code, **MARKS)
    sent = hidden(look)
    assert "最后确认" in text_of(look)
    done = send("slip_cast", **sent)
    assert receipt_in(done) == sent["receipt"]
    assert "清空屏幕" in text_of(done)
    again = send("slip_cast", **sent)
    assert receipt_in(again) == sent["receipt"]
    used = send("slip", code=code)
    assert errors(used) == {"code": ["这张投票码已经投过票，每个投票码只能用一次。"]}
    second = send("slip_cast", **(sent | {"receipt": steps.sealing.new_receipt()}))
    assert second.status_code == 409
    assert SealedBallot.objects.count() == 1
    cleared = text_of(Client().get(reverse("ballots:slip_done")))
    assert "请把平板交给下一位代表" in cleared
    assert round_.title not in cleared


def test_an_unknown_slip_and_somebody_elses(county: County) -> None:
    round_ = running(county)
    code = slip_of(county, round_)
    for page in ("slip", "slip_look", "slip_cast"):
        answer = send(page, code="0000-0000-0000-0000", **MARKS)
        assert answer.status_code == 422
        assert "没有这张投票码" in errors(answer)["code"][0]
        assert send(page, code="").status_code == 422
    other = county.cast.client("deputy").post(reverse("ballots:slip"), {"code": code})
    assert "不是发给您的" in errors(other)["code"][0]
    stolen = county.cast.client("deputy").post(
        reverse("ballots:slip_cast"), {"code": code, "receipt": steps.sealing.new_receipt(), **MARKS}
    )
    assert stolen.status_code == 403
    assert not SealedBallot.objects.exists()


def test_a_slip_before_the_opening_and_after_the_close(county: County) -> None:
    round_ = steps.projects_round(county)
    early = slip_of(county, round_)
    assert "还没有签到" in errors(send("slip", code=early))["code"][0]
    steps.with_tellers(county, round_)
    steps.attend(county, round_)
    assert "投票还没有开始" in errors(send("slip", code=early))["code"][0]
    steps.round_open(actor=county.actor("county_clerk"), public_id=round_.public_id, version=None)
    sent = hidden(send("slip_look", code=early, **MARKS))
    steps.closed(county, round_)
    late = send("slip_cast", **sent)
    assert "投票已经截止" in errors(late)["code"][0]
    assert not SealedBallot.objects.exists()


def test_a_tampered_ballot_on_the_tablet(county: County) -> None:
    round_ = running(county)
    code = slip_of(county, round_)
    for page in ("slip_look", "slip_cast"):
        assert send(page, code=code, line_1="x").status_code == 422
    assert "您赞成了3项" in text_of(send("slip_look", code=code, **dict.fromkeys(MARKS, FOR)))
    many = send("slip_cast", code=code, receipt=steps.sealing.new_receipt(), **dict.fromkeys(MARKS, FOR))
    assert many.status_code == 422
    assert "赞成了3项" in text_of(many)
