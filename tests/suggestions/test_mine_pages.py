"""我的建议: a deputy's own list, and what waits for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from liaison.models import Notice
from liaison.models.notice import NoticeKind
from liaison.registry import registry
from suggestions.services.cosign import cosigner_invite
from suggestions.services.sorting import suggestion_return
from tests.suggestions import steps
from tests.suggestions.budgets import once, queries
from tests.suggestions.pages import text_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tests.cast import Cast

MINE = reverse("suggestions:mine")


def look(cast: Cast, who: str = "deputy", **params: str) -> HttpResponse:
    return cast.client(who).get(MINE, params)


def shown(response: HttpResponse) -> list[str]:
    return [str(row) for row in response.context["page"].items]


@pytest.fixture
def busy(cast: Cast) -> Cast:
    steps.draft(cast, title="草稿")
    returned = steps.submitted(cast, title="退回的")
    suggestion_return(actor=cast.actor("insider"), public_id=returned.public_id, version=None, reason="补照片")
    steps.handling(cast, title="办理中的")
    steps.answered(cast, title="已答复的")
    steps.closed(cast, title="已办结的")
    asked = steps.draft(cast, "other_deputy", title="请我附议的")
    cosigner_invite(
        actor=cast.actor("other_deputy"),
        public_id=asked.public_id,
        mandate_public_ids=[cast.mandates["deputy"].public_id],
    )
    return cast


@pytest.mark.parametrize(
    ("tab", "expected"),
    [
        ("", ["请我附议的", "已办结的", "已答复的", "办理中的", "退回的", "草稿"]),
        ("todo", ["请我附议的", "已答复的", "退回的"]),
        ("drafts", ["退回的", "草稿"]),
        ("open", ["已答复的", "办理中的"]),
        ("closed", ["已办结的"]),
    ],
)
def test_each_tab_shows_its_own(busy: Cast, tab: str, expected: list[str]) -> None:
    response = look(busy, tab=tab)
    assert shown(response) == expected
    if tab:
        assert {view["url"]: view["count"] for view in response.context["views"]}[f"?tab={tab}"] == len(expected)


def test_what_waits_is_marked(busy: Cast) -> None:
    words = text_of(look(busy))
    assert "待您附议" in words
    assert "张旁观领衔" in words
    assert "退回修改" in words


def test_a_draft_opens_for_writing(busy: Cast) -> None:
    body = look(busy, tab="drafts").content.decode()
    assert "/edit/" in body


def test_others_drafts_are_not_in_it(busy: Cast) -> None:
    assert shown(look(busy, "cosigner")) == []
    assert "写第一件建议" in text_of(look(busy, "cosigner"))


def test_nothing_to_do_is_said(cast: Cast) -> None:
    assert "没有待办的建议" in text_of(look(cast, tab="todo"))


@pytest.mark.parametrize("who", ["insider", "unit", "prosecutor", "auditor", "nobody"])
def test_staff_have_no_such_list(cast: Cast, who: str) -> None:
    assert look(cast, who).status_code == 403


def test_the_price_is_the_same_for_two_rows_and_for_twenty(cast: Cast) -> None:
    for _ in range(2):
        steps.submitted(cast, cosigner="cosigner")
    few = queries(cast.client("deputy"), MINE)
    for _ in range(18):
        steps.submitted(cast, cosigner="cosigner")
    many = queries(cast.client("deputy"), MINE)

    once(many)
    # session, account, postings, mandates; rows; tabs; shell
    assert len(many) == len(few) <= 8, "\n".join(many)


# ── 我的待办, menu, search ───────────────────────────────────────────────────────────────────────
def test_the_deputys_todo_counts_what_waits(busy: Cast) -> None:
    items = {item.label: item.count for item in registry.todo_items(busy.actor("deputy"))}
    assert items["待您附议"] == 1
    assert items["待您评价"] == 1
    assert items["退回修改"] == 1
    assert items["没写完的草稿"] == 1


def test_the_staffs_todo_counts_what_waits(busy: Cast) -> None:
    steps.submitted(busy, title="新来的")
    items = {item.label: item for item in registry.todo_items(busy.actor("insider"))}
    assert items["待登记"].count == 1
    assert items["待登记"].light in {"green", "amber"}
    assert items["待交办"].count == 0
    assert items["超期的建议"].count == 0
    unit = {item.label: item for item in registry.todo_items(busy.actor("unit"))}
    assert unit["待答复"].count == 1
    assert unit["待签收"].count == 0


def test_menus_lead_each_to_their_own(cast: Cast) -> None:
    def urls(who: str) -> list[str]:
        return [entry.url for entry in registry.menu_entries(cast.actor(who))]

    assert reverse("suggestions:desk") in urls("insider")
    assert reverse("suggestions:desk") in urls("unit")
    assert reverse("suggestions:desk") not in urls("prosecutor")
    assert reverse("suggestions:mine") in urls("deputy")
    bar = registry.bottom_bar_entries(cast.actor("deputy"))
    assert [entry.label for entry in bar] == ["待办", "写建议", "我的", "消息"]
    assert registry.bottom_bar_entries(cast.actor("insider")) == []


def test_the_search_finds_only_what_one_may_see(busy: Cast) -> None:
    def found(who: str, text: str) -> list[str]:
        return [hit.title for hit in registry.search(busy.actor(who), text) if hit.kind == "代表建议"]

    assert found("insider", "办理中") == ["办理中的"]
    assert found("insider", "闭会第0001号") == ["办理中的"]
    assert found("stranger", "办理中") == []
    assert found("insider", " ") == []
    assert found("insider", "草稿") == []


def test_a_hit_in_the_text_shows_the_place(cast: Cast) -> None:
    steps.registered(cast, title="关于哑河的建议")
    by_text, by_title = (registry.search(cast.actor("insider"), words)[0] for words in ("三个小区", "哑河"))
    assert "周边三个小区居民" in by_text.passage
    assert by_title.passage == ""


def test_the_bottom_bar_counts_what_is_unread_and_asks_no_second_time(cast: Cast) -> None:
    page = look(cast)
    assert [entry.count for entry in page.context["bottom_bar"]] == [None, None, None, 0]
    for _ in range(3):
        Notice.objects.create(recipient=cast.user("deputy"), kind=NoticeKind.PROGRESS, title="已登记")
    page = look(cast)
    assert [entry.count for entry in page.context["bottom_bar"]] == [None, None, None, 3]
    once(queries(cast.client("deputy"), MINE))
