"""Keyset pages: every row once, in both directions, and any address is answered."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import QuerySet
from django.http import QueryDict

from liaison.models import Notice, User
from liaison.models.notice import NoticeKind
from liaison.paging import KeysetPage, keyset_page

pytestmark = pytest.mark.django_db

READ = [None, 3, 1, None, 3, 2, None]


@pytest.fixture
def notices() -> QuerySet[Notice]:
    owner = User.objects.create_user("reader", name="读者")
    for day in READ:
        read_at = dt.datetime(2026, 5, day, 9, tzinfo=dt.UTC) if day else None
        Notice.objects.create(recipient=owner, kind=NoticeKind.TASK, title=f"{day}", read_at=read_at)
    return Notice.objects.all()


def page(queryset: QuerySet[Notice], url: str = "", *, by_time: bool = False) -> KeysetPage[Notice]:
    params = QueryDict(url.partition("?")[2])
    if by_time:
        return keyset_page(queryset, params=params, path="/x/", order=("read_at", "-id"), nullable=("read_at",), size=3)
    return keyset_page(queryset, params=params, path="/x/", size=3)


@pytest.mark.parametrize("by_time", [False, True])
def test_walking_down_and_up_shows_every_row_once_in_order(notices: QuerySet[Notice], by_time: bool) -> None:
    expected = [notice.pk for notice in sorted(notices, key=lambda row: -row.pk)]
    if by_time:
        far = dt.datetime.max.replace(tzinfo=dt.UTC)
        expected = [row.pk for row in sorted(notices, key=lambda row: (row.read_at or far, -row.pk))]

    first = page(notices, by_time=by_time)
    second = page(notices, first.next_url, by_time=by_time)
    third = page(notices, second.next_url, by_time=by_time)

    assert [row.pk for part in (first, second, third) for row in part.items] == expected
    assert first.previous_url == ""
    assert third.next_url == ""
    back = page(notices, third.previous_url, by_time=by_time)
    assert back.items == second.items
    assert page(notices, back.previous_url, by_time=by_time).items == first.items


def test_the_first_page_is_full_when_one_comes_back_to_it_from_a_row_near_the_top(notices: QuerySet[Notice]) -> None:
    first = page(notices)
    second = page(notices, first.next_url)
    Notice.objects.filter(pk=first.items[0].pk).delete()

    back = page(notices, second.previous_url)

    assert len(back.items) == 3
    assert back.previous_url == ""


def test_a_list_that_fits_has_no_neighbours(notices: QuerySet[Notice]) -> None:
    only = page(notices.filter(title="3"))

    assert len(only.items) == 2
    assert (only.previous_url, only.next_url) == ("", "")


def test_an_empty_list_has_no_neighbours() -> None:
    assert page(Notice.objects.all()) == KeysetPage(items=[], note="每页3条")


def test_conditions_are_carried_along_and_the_place_is_replaced(notices: QuerySet[Notice]) -> None:
    first = keyset_page(notices, params=QueryDict("tab=open&q=路灯&before=old"), path="/x/", size=3)

    assert first.next_url.startswith("/x/?tab=open&q=%E8%B7%AF%E7%81%AF&after=")
    assert "before" not in first.next_url


def test_plain_mappings_are_taken_as_conditions(notices: QuerySet[Notice]) -> None:
    assert keyset_page(notices, params={"tab": "all"}, path="/x/", size=3).next_url.startswith("/x/?tab=all&after=")


@pytest.mark.parametrize(
    "token",
    ["%%%", "bm90IGpzb24", "e30", "W10", "WyJhYmMiXQ", "W1sxXV0", "W251bGxd", "WyJcdTAwMDAiXQ", "WzEuNV0", "Wy0xXQ"],
    ids=["alphabet", "json", "object", "empty", "text", "list", "null", "nul", "float", "beyond the end"],
)
def test_an_unreadable_place_gives_the_first_page(notices: QuerySet[Notice], token: str) -> None:
    assert page(notices, f"/x/?after={token}").items == page(notices).items


@pytest.mark.parametrize("token", ["WyJcdWQ4MDAiLCAxXQ", "WyJcdTAwMDAiLCAxXQ"], ids=["half a surrogate pair", "nul"])
def test_a_place_that_no_text_can_hold_gives_the_first_page(notices: QuerySet[Notice], token: str) -> None:
    order = ("title", "id")
    altered = keyset_page(notices, params=QueryDict(f"after={token}"), path="/x/", order=order, size=3)
    assert altered.items == keyset_page(notices, params=QueryDict(), path="/x/", order=order, size=3).items


def test_each_page_is_one_query(notices: QuerySet[Notice], django_assert_num_queries: object) -> None:
    first = page(notices)
    with django_assert_num_queries(1):  # type: ignore[operator]
        page(notices, first.next_url)
