"""我的待办: counts that lead to work, clocks that explain themselves, what is new; by role."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from liaison.actor import ANONYMOUS
from liaison.home import home_menu
from liaison.models import Deadline, Notice, Organisation
from liaison.models.notice import NoticeKind
from liaison.registry import MenuEntry, TodoItem, registry
from liaison.selectors.dashboard import MOST, clocks_of
from liaison.services.deadline import deadline_meet
from tests import clocks
from tests.cast import Cast

TODAY = dt.date(2026, 6, 10)  # a Wednesday


@pytest.fixture(autouse=True)
def june() -> Iterator[None]:
    with time_machine.travel(clocks.at(2026, 6, 10, 9), tick=False):
        yield


@pytest.fixture(autouse=True)
def matters(clock_kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Deadlines stand on organisations that everybody sees; no package adds lines of its own."""
    everybody = replace(clocks.SUBJECT, visible=lambda actor: Organisation.objects.all())
    monkeypatch.setitem(registry.subjects, "liaison.organisation", everybody)
    monkeypatch.setattr(registry, "todos", [])


def clock(
    cast: Cast, days: int, *, holder: str = "unit", supervisor: str = "city_office", name: str = "事项"
) -> Deadline:
    """A clock of one office, under the eyes of another, due in so many days."""
    return clocks.open_until(
        TODAY + dt.timedelta(days=days),
        subject=clocks.make_matter(cast.regions["city"], f"{name}{days}"),
        holder=cast.offices[holder],
        supervisor=cast.offices[supervisor],
    )


def home(cast: Cast, name: str) -> str:
    return cast.client(name).get("/").content.decode()


# ── what waits ────────────────────────────────────────────────────────────────────────────────────
def test_counts_lead_to_their_lists_with_the_most_urgent_light(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [TodoItem("待登记", "/desk/?tab=sort", 3, "red", "最急的明天到期"), TodoItem("待交办", "/desk/?tab=x", 0)]
    monkeypatch.setattr(registry, "todos", [lambda actor: items])
    html = home(cast, "insider")
    assert 'href="/desk/?tab=sort"' in html
    assert 'class="light light-red"' in html
    assert "最急的明天到期" in html
    assert "待交办" in html


@pytest.mark.parametrize("name", ["insider", "deputy"])
def test_the_most_urgent_stands_first_and_what_has_nothing_waiting_last(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    items = [
        TodoItem("没有一件", "/none/", 0, "overdue"),
        TodoItem("平常的", "/plain/", 2),
        TodoItem("从容的", "/green/", 1, "green"),
        TodoItem("紧急的", "/red/", 1, "red"),
        TodoItem("超期的", "/late/", 1, "overdue"),
    ]
    monkeypatch.setattr(registry, "todos", [lambda actor: items])
    html = home(cast, name)
    links = ["/late/", "/red/", "/plain/", "/green/", *(["/none/"] if name == "insider" else [])]
    places = [html.index(f'href="{link}"') for link in links]
    assert places == sorted(places)
    assert ('href="/none/"' in html) is (name == "insider")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("colleague", "没有待办事项"),
        ("auditor", "没有待办事项"),
        ("nobody", "您还没有岗位"),
        ("deputy", "现在没有等您办的事"),
    ],
)
def test_an_empty_page_says_why_by_role(cast: Cast, name: str, words: str) -> None:
    assert words in home(cast, name)


def test_a_visitor_is_sent_to_sign_in(cast: Cast) -> None:
    assert cast.client("anonymous").get("/").status_code == 302


def test_the_menu_begins_with_what_waits_for_those_who_have_an_account(cast: Cast) -> None:
    assert [entry.label for entry in home_menu(cast.actor("insider"))] == ["我的待办", "消息", "导入导出"]
    assert [entry.label for entry in home_menu(cast.actor("deputy"))] == ["我的待办", "消息"]
    assert [entry.label for entry in home_menu(cast.actor("auditor"))] == ["我的待办", "消息"]
    assert list(home_menu(ANONYMOUS)) == []


# ── deputies ──────────────────────────────────────────────────────────────────────────────────────
def test_a_deputy_gets_large_buttons_and_only_what_waits(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    bar = [
        MenuEntry("待办", "/", "list-check"),
        MenuEntry("写建议", "/write/", "writing"),
        MenuEntry("我的", "/mine/", "clipboard-list"),
        MenuEntry("消息", "/inbox/", "bell"),
    ]
    monkeypatch.setattr(registry, "bottom_bars", [lambda actor: bar])
    monkeypatch.setattr(
        registry, "todos", [lambda actor: [TodoItem("待您评价", "/rate/", 1), TodoItem("待您附议", "/sign/", 0)]]
    )
    response = cast.client("deputy").get("/")
    assert [entry.label for entry in response.context["buttons"]] == ["写建议", "我的"]
    html = response.content.decode()
    assert "李代表代表，您好" in html
    assert "待您评价" in html
    assert "待您附议" not in html


def test_a_deputy_sees_their_own_clock(cast: Cast) -> None:
    clocks.open_until(
        TODAY + dt.timedelta(days=1),
        subject=clocks.make_matter(cast.regions["city"], "请评价"),
        holder_user=cast.user("deputy"),
    )
    html = home(cast, "deputy")
    assert "请评价" in html
    assert "明天到期" in html
    assert "请评价" not in home(cast, "other_deputy")


# ── clocks ────────────────────────────────────────────────────────────────────────────────────────
def test_a_unit_sees_its_clocks_nearest_first_with_light_and_explanation(cast: Cast) -> None:
    for days in (20, -2, 2):
        clock(cast, days)
    met = clock(cast, 1)
    deadline_meet(actor=clocks.SYSTEM, subject=met.subject, kind=met.kind)
    shown = clocks_of(cast.actor("unit"))
    assert [each.subject.title for each in shown.held] == ["事项-2", "事项2", "事项20"]
    assert [each.deadline.light.code for each in shown.held if each.deadline.light] == ["overdue", "red", "green"]
    assert shown.supervised == []
    html = home(cast, "unit")
    assert "这个日期怎么来的" in html
    assert "已超2天" in html
    assert f'href="/matters/{Organisation.objects.get(name="事项2").public_id}/"' in html


def test_an_office_sees_what_others_must_do_under_its_eyes_when_it_is_urgent(cast: Cast) -> None:
    for days in (20, -2, 2):
        clock(cast, days)
    clock(cast, 15, holder="city_office")
    shown = clocks_of(cast.actor("insider"))
    assert [each.subject.title for each in shown.held] == ["事项15"]
    assert [each.subject.title for each in shown.supervised] == ["事项-2", "事项2"]
    assert "需要督办" in home(cast, "insider")
    assert "需要督办" not in home(cast, "stranger")


def test_a_clock_on_what_one_may_not_see_is_left_out(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.subjects, "liaison.organisation", clocks.SUBJECT)
    clock(cast, 2)
    assert clocks_of(cast.actor("unit")).held == []
    assert "我单位的期限" not in home(cast, "unit")


def test_only_the_nearest_are_shown(cast: Cast) -> None:
    for days in range(1, MOST + 5):
        clock(cast, days)
    assert len(clocks_of(cast.actor("unit")).held) == MOST


# ── what is new, and what it costs ────────────────────────────────────────────────────────────────
def test_the_newest_notices_are_shown(cast: Cast) -> None:
    for number in range(7):
        Notice.objects.create(recipient=cast.user("unit"), kind=NoticeKind.TASK, title=f"消息{number}")
    response = cast.client("unit").get("/")
    assert [notice.title for notice in response.context["notices"]] == [f"消息{n}" for n in (6, 5, 4, 3, 2)]
    assert "未读7" in response.content.decode()


@pytest.mark.parametrize("rows", [2, 20])
def test_the_page_costs_the_same_for_few_and_many(
    cast: Cast, rows: int, django_assert_max_num_queries: Callable[[int], DjangoAssertNumQueries]
) -> None:
    for days in range(rows):
        clock(cast, 1, holder="city_office", name=f"我方{days}-")
        clock(cast, 2, name=f"对方{days}-")
        Notice.objects.create(recipient=cast.user("insider"), kind=NoticeKind.TASK, title=f"消息{days}")
    client = cast.client("insider")
    client.get("/")
    # session, user, postings, mandates; clocks held and supervised, their changes, their subjects; notices;
    # the menu's count, the bell; what waits of the projects
    with django_assert_max_num_queries(12):
        client.get("/")
