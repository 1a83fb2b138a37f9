"""One suggestion, one page: what it is, where it stands, until when, and what this person may do now."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from suggestions.services.cosign import cosigner_invite
from tests.suggestions import steps
from tests.suggestions.budgets import once, queries
from tests.suggestions.pages import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from suggestions.models import Suggestion
    from tests.cast import Cast


def page(cast: Cast, who: str, suggestion: Suggestion, **params: str) -> str:
    return text_of(cast.client(who).get(suggestion.get_absolute_url(), params))


@pytest.mark.parametrize(
    ("step", "who", "expected"),
    [
        (steps.draft, "deputy", "接着写"),
        (steps.submitted, "insider", "请登记这件建议"),
        (steps.submitted, "colleague", "等待益阳市人大常委会登记"),
        (steps.submitted, "deputy", "等待益阳市人大常委会登记"),
        (steps.registered, "insider", "请交承办单位办理"),
        (steps.assigned, "unit", "请签收"),
        (steps.assigned, "insider", "等待益阳市生态环境局签收"),
        (steps.handling, "unit", "请答复代表"),
        (steps.handling, "deputy", "益阳市生态环境局正在办理"),
        (steps.answered, "deputy", "请您评价"),
        (steps.answered, "unit", "等待李代表代表评价"),
        (steps.closed, "insider", "已办结"),
    ],
)
def test_the_next_action_fits_the_person(
    cast: Cast, step: Callable[[Cast], Suggestion], who: str, expected: str
) -> None:
    assert expected in page(cast, who, step(cast))


@pytest.mark.parametrize("who", ["insider", "deputy", "unit", "cosigner"])
def test_those_concerned_see_text_answer_and_timeline(cast: Cast, who: str) -> None:
    words = page(cast, who, steps.closed(cast, cosigner="cosigner"))
    for expected in ("餐饮店油烟直排", "已完成整治。", "答复函.pdf", "办理经过", "满意", "王附议", "交办函-"):
        assert expected in words, expected


def test_the_timeline_is_filtered_by_kind(cast: Cast) -> None:
    done = steps.closed(cast)
    words = page(cast, "insider", done, kind="document")
    timeline = words[words.index("办理经过") :]
    assert "答复文件" in timeline
    assert "登记编号 2" not in timeline
    assert page(cast, "insider", done, kind="nonsense") == page(cast, "insider", done)


def test_only_the_office_sees_who_was_told(cast: Cast) -> None:
    done = steps.assigned(cast)
    assert "已通知" in page(cast, "insider", done)
    assert "人已读" not in page(cast, "unit", done)


def test_the_phone_is_whole_only_for_those_who_need_it(cast: Cast) -> None:
    done = steps.handling(cast, contact_phone="13873712345")
    for who in ("insider", "unit", "deputy"):
        assert "13873712345" in page(cast, who, done), who
    words = page(cast, "colleague", done)
    assert "13873712345" not in words
    assert "138****2345" in words


def test_an_invitation_is_seen_by_the_lead_and_the_invited_only(cast: Cast) -> None:
    done = steps.submitted(cast)
    cosigner_invite(
        actor=cast.actor("deputy"),
        public_id=done.public_id,
        mandate_public_ids=[cast.mandates["cosigner"].public_id],
    )
    assert "王附议（待确认）" in page(cast, "deputy", done)
    assert "请您确认是否附议" in page(cast, "cosigner", done)
    assert "王附议" not in page(cast, "insider", done)


def test_the_rework_shows_the_deputys_reason(cast: Cast) -> None:
    done = steps.answered(cast)
    steps.rate(cast, done, "dissatisfied")
    words = page(cast, "unit", done)
    assert "代表不满意，请重新办理并答复" in words
    assert "问题没有解决。" in words


@pytest.mark.parametrize("who", ["stranger", "other_unit", "other_deputy", "prosecutor", "auditor", "nobody"])
def test_foreign_and_unknown_ones_give_the_same_404(cast: Cast, who: str) -> None:
    done = steps.handling(cast)
    client = cast.client(who)
    foreign, unknown = (
        client.get(done.get_absolute_url()),
        client.get(reverse("suggestions:detail", args=[uuid.uuid4()])),
    )
    assert foreign.status_code == unknown.status_code == 404
    assert text_of(foreign) == text_of(unknown)


def test_staff_do_not_see_drafts(cast: Cast) -> None:
    assert cast.client("insider").get(steps.draft(cast).get_absolute_url()).status_code == 404


def test_who_is_not_signed_in_is_asked_to(cast: Cast) -> None:
    response = cast.client("anonymous").get(steps.submitted(cast).get_absolute_url())
    assert response.status_code == 302
    assert "next=" in response.url


def test_emoji_and_script_are_shown_as_typed(cast: Cast) -> None:
    nasty = "修路😀<script>alert(1)</script>"
    done = steps.submitted(cast, title=nasty, situation=nasty)
    body = cast.client("insider").get(done.get_absolute_url()).content.decode()
    assert "<script>alert" not in body
    assert "修路😀&lt;script&gt;" in body


@pytest.mark.parametrize("who", ["insider", "unit", "deputy"])
def test_the_price_does_not_grow_with_what_has_happened(cast: Cast, who: str) -> None:
    short = steps.answered(cast)
    long = steps.answered(cast, cosigner="cosigner")
    steps.rate(cast, long, "dissatisfied")
    steps.answer(cast, steps.fresh(long))
    steps.rate(cast, long, "dissatisfied", who="cosigner")
    few, many = (queries(cast.client(who), one.get_absolute_url()) for one in (short, long))

    once(many)
    # session, account, postings, mandates; the record (1 + cosigners, people, assignments, answers, ratings,
    # raters); files of three kinds of owners; clocks and changes; the timeline (4); the transfer; the shell
    assert len(few) <= len(many) <= 28, "\n".join(many)
