"""The inbox: one's own notices, read by opening them, with how each was sent."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from liaison.models import Delivery, Notice
from liaison.models.notice import Channel, DeliveryStatus, NoticeKind
from liaison.services.inbox import notices_read_all
from tests.cast import Cast


def tell(cast: Cast, title: str = "请登记新建议", *, name: str = "insider", **fields: object) -> Notice:
    fields.setdefault("kind", NoticeKind.TASK)
    return Notice.objects.create(recipient=cast.user(name), title=title, **fields)


def page(cast: Cast, url: str = "/inbox/", name: str = "insider") -> str:
    return cast.client(name).get(url).content.decode()


def test_it_shows_one_s_own_notices_newest_first(cast: Cast) -> None:
    tell(cast, "第一条")
    tell(cast, "第二条", body="正文<b>")
    tell(cast, "别人的", name="unit")
    html = page(cast)
    assert html.index("第二条") < html.index("第一条")
    assert "正文&lt;b&gt;" in html
    assert "别人的" not in html


def test_an_empty_inbox_says_what_will_come(cast: Cast) -> None:
    assert "还没有消息" in page(cast)


def test_listing_reads_nothing(cast: Cast) -> None:
    notice = tell(cast)
    page(cast)
    notice.refresh_from_db()
    assert notice.read_at is None


def test_opening_reads_and_goes_where_it_points(cast: Cast) -> None:
    notice = tell(cast, url="/suggestions/desk/?tab=sort")
    response = cast.client("insider").post(f"/inbox/{notice.public_id}/open/")
    assert (response.status_code, response["Location"]) == (302, "/suggestions/desk/?tab=sort")
    notice.refresh_from_db()
    first = notice.read_at
    assert first is not None
    cast.client("insider").post(f"/inbox/{notice.public_id}/open/")
    notice.refresh_from_db()
    assert notice.read_at == first


@pytest.mark.parametrize("url", ["", "https://example.org/", "//example.org/", "javascript:alert(1)", "/\\example.org"])
def test_a_notice_never_leads_out_of_the_portal(cast: Cast, url: str) -> None:
    notice = tell(cast, url=url)
    assert cast.client("insider").post(f"/inbox/{notice.public_id}/open/")["Location"] == "/inbox/"


def test_get_never_opens(cast: Cast) -> None:
    notice = tell(cast)
    assert cast.client("insider").get(f"/inbox/{notice.public_id}/open/").status_code == 405
    assert cast.client("insider").get("/inbox/read/").status_code == 405


def test_another_s_notice_and_no_notice_are_the_same_404(cast: Cast) -> None:
    notice = tell(cast, name="unit")
    for public_id in (notice.public_id, uuid.uuid4()):
        assert cast.client("insider").post(f"/inbox/{public_id}/open/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["新任务", "催办", "旧文件"]),
        ("?unread=1", ["新任务", "催办"]),
        ("?kind=reminder", ["催办"]),
        ("?kind=file&unread=1", []),
        ("?kind=nonsense&unread=nonsense", ["新任务", "催办"]),
    ],
)
def test_filters(cast: Cast, query: str, shown: list[str]) -> None:
    tell(cast, "旧文件", kind=NoticeKind.FILE, read_at=timezone.now())
    tell(cast, "催办", kind=NoticeKind.REMINDER)
    tell(cast, "新任务")
    titles = [notice.title for notice in cast.client("insider").get(f"/inbox/{query}").context["page"].items]
    assert titles == shown
    if not shown:
        assert "没有这样的消息" in page(cast, f"/inbox/{query}")


def test_all_that_stood_on_the_page_is_read_and_what_came_later_is_not(cast: Cast) -> None:
    before = tell(cast)
    other = tell(cast, name="unit")
    until = cast.client("insider").get("/inbox/").context["until"]
    later = tell(cast, "后来的")
    response = cast.client("insider").post("/inbox/read/", {"until": until}, follow=True)
    assert "已将1条消息标为已读" in response.content.decode()
    read = {notice.pk: notice.read_at is not None for notice in (Notice.objects.all())}
    assert read == {before.pk: True, other.pk: False, later.pk: False}
    assert notices_read_all(actor=cast.actor("insider"), until=timezone.now()) == 1


def test_nothing_to_read_and_a_broken_form_change_nothing(cast: Cast) -> None:
    response = cast.client("insider").post("/inbox/read/", {"until": "2026-01-01T00:00:00.000000+0800"}, follow=True)
    assert "没有未读消息" in response.content.decode()
    notice = tell(cast)
    assert cast.client("insider").post("/inbox/read/", {"until": "yesterday"}).status_code == 302
    notice.refresh_from_db()
    assert notice.read_at is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": DeliveryStatus.QUEUED}, "电子邮件待发送"),
        (
            {"status": DeliveryStatus.QUEUED, "attempts": 2, "error": "邮件服务器连接不上"},
            "电子邮件第2次没有发出，",
        ),
        ({"status": DeliveryStatus.SENDING}, "电子邮件发送中"),
        (
            {"status": DeliveryStatus.SENT, "sent_at": dt.datetime(2026, 5, 6, 1, 30, tzinfo=dt.UTC)},
            "电子邮件已于 2026年5月6日(周三) 09:30 发送",
        ),
        ({"status": DeliveryStatus.FAILED, "error": "没有这个邮箱<x>"}, "电子邮件没有送达：没有这个邮箱&lt;x&gt;"),
    ],
)
def test_how_it_was_sent_is_shown(cast: Cast, fields: dict[str, object], words: str) -> None:
    Delivery.objects.create(notice=tell(cast), channel=Channel.EMAIL, address="a@example.org", **fields)
    html = page(cast).replace("（", "(").replace("）", ")")
    assert words in html


def test_the_bell_counts_what_is_unread(cast: Cast) -> None:
    tell(cast)
    tell(cast, read_at=timezone.now())
    html = page(cast)
    assert '<span class="bubble">1<span' in html


def test_many_notices_are_paged_by_place(cast: Cast) -> None:
    for number in range(25):
        tell(cast, f"第{number:02}条")
    first = cast.client("insider").get("/inbox/").context["page"]
    assert [notice.title for notice in first.items][-1] == "第05条"
    second = cast.client("insider").get(first.next_url).context["page"]
    assert [notice.title for notice in second.items] == [f"第{n:02}条" for n in range(4, -1, -1)]
    assert second.next_url == ""


@pytest.mark.parametrize("notices", [2, 20])
def test_the_list_costs_the_same_for_few_and_many(
    cast: Cast, notices: int, django_assert_max_num_queries: Callable[[int], DjangoAssertNumQueries]
) -> None:
    for number in range(notices):
        notice = tell(cast, f"第{number}条")
        Delivery.objects.create(notice=notice, channel=Channel.EMAIL, address="a@example.org")
    client = cast.client("insider")
    client.get("/inbox/")
    # session, user, postings, mandates; unread count, notices, deliveries; the menu's count, the bell
    with django_assert_max_num_queries(9):
        assert client.get("/inbox/").content.decode().count('class="notice-open"') == notices


def test_who_is_not_signed_in_is_sent_to_sign_in(cast: Cast) -> None:
    assert cast.client("anonymous").get("/inbox/").status_code == 302
