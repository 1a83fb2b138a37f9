"""A deadline explains itself: start, rule, each skipped day by name, make-up days, pauses, earlier dates."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.template.loader import render_to_string
from pytest_django.fixtures import DjangoAssertNumQueries

from liaison.actor import system_actor
from liaison.calendar import DayOverride, WorkCalendar
from liaison.models import Deadline, Organisation
from liaison.models.deadline import PeriodUnit
from liaison.selectors.deadline_view import deadlines_of
from liaison.services.deadline import (
    deadline_cancel,
    deadline_meet,
    deadline_open,
    deadline_pause,
    deadline_resume,
    deadlines_recompute,
)
from tests.cast import Cast
from tests.clocks import KIND, SYSTEM, at, make_matter, open_until

pytestmark = pytest.mark.usefixtures("clock_kind")


@pytest.fixture
def matter(cast: Cast) -> Organisation:
    return make_matter(cast.regions["city"], "测试事项")


def open_months(matter: Organisation, cast: Cast, starts_on: dt.date, months: int = 1) -> Deadline:
    return deadline_open(
        actor=SYSTEM,
        subject=matter,
        kind=KIND.code,
        unit=PeriodUnit.MONTHS,
        length=months,
        starts_on=starts_on,
        holder=cast.offices["procuratorate"],
    )


@time_machine.travel(at(2026, 4, 20, 9), tick=False)
def test_it_names_start_rule_and_each_skipped_day(cast: Cast, matter: Organisation) -> None:
    open_months(matter, cast, dt.date(2026, 4, 3))
    (explained,) = deadlines_of([matter])
    assert explained.label == "答复测试事项"
    assert explained.rule == f"期限1个月：{KIND.rule}"
    assert explained.holder_name == "益阳市人民检察院第七检察部"
    assert (explained.starts_on, explained.nominal_due, explained.due_on) == (
        dt.date(2026, 4, 3),
        dt.date(2026, 5, 3),
        dt.date(2026, 5, 6),
    )
    assert [(step["date"], step["name"]) for step in explained.steps] == [
        ("2026-05-03", "劳动节"),
        ("2026-05-04", "劳动节"),
        ("2026-05-05", "劳动节"),
    ]
    assert (explained.light.code, explained.provisional, explained.pauses, explained.changes) == (
        "green",
        False,
        [],
        [],
    )


def test_it_names_make_up_days_that_counted(cast: Cast, matter: Organisation) -> None:
    deadline_open(
        actor=SYSTEM,
        subject=matter,
        kind=KIND.code,
        unit=PeriodUnit.WORKING_DAYS,
        length=10,
        starts_on=dt.date(2026, 9, 30),
        holder=cast.offices["unit"],
    )
    (explained,) = deadlines_of([matter])
    assert explained.due_on == dt.date(2026, 10, 20)
    assert explained.rule.startswith("期限10个工作日：")
    assert [step["date"] for step in explained.steps if step["kind"] == "counted_make_up"] == ["2026-10-10"]


@time_machine.travel(at(2026, 6, 18, 9), tick=False)
def test_it_shows_pauses_with_their_dates_and_the_date_before(cast: Cast, matter: Organisation) -> None:
    open_months(matter, cast, dt.date(2026, 6, 1))
    clerk = cast.actor("insider")
    deadline_pause(actor=clerk, subject=matter, kind=KIND.code, reason="需补充线索", on=dt.date(2026, 6, 10))
    (explained,) = deadlines_of([matter])
    assert [(pause.from_on, pause.until_on) for pause in explained.pauses] == [(dt.date(2026, 6, 10), None)]
    assert explained.light is not None
    assert explained.light.code == "paused"
    deadline_resume(actor=clerk, subject=matter, kind=KIND.code, reason="已补充", on=dt.date(2026, 6, 18))
    (explained,) = deadlines_of([matter])
    (pause,) = explained.pauses
    assert (pause.from_on, pause.until_on, pause.reason) == (dt.date(2026, 6, 10), dt.date(2026, 6, 18), "需补充线索")
    (change,) = explained.changes
    assert (change.old_due, change.new_due) == (dt.date(2026, 7, 1), dt.date(2026, 7, 9))
    assert (change.label, change.actor_name, change.reason) == ("恢复计时", "陈经办", "已补充")


def test_a_pause_ends_with_the_clock(cast: Cast, matter: Organisation) -> None:
    open_months(matter, cast, dt.date(2026, 6, 1))
    deadline_pause(actor=SYSTEM, subject=matter, kind=KIND.code, reason="", on=dt.date(2026, 6, 10))
    deadline_meet(actor=SYSTEM, subject=matter, kind=KIND.code, at=at(2026, 6, 15, 9))
    (explained,) = deadlines_of([matter])
    assert [(pause.from_on.day, pause.until_on) for pause in explained.pauses] == [(10, dt.date(2026, 6, 15))]
    assert not explained.is_open


def test_a_cancelled_deadline_is_not_shown(cast: Cast, matter: Organisation) -> None:
    open_months(matter, cast, dt.date(2026, 6, 1))
    deadline_cancel(actor=SYSTEM, subject=matter, kind=KIND.code, reason="撤回")
    assert deadlines_of([matter]) == []


def test_a_year_without_notice_makes_it_provisional_until_the_notice_comes(cast: Cast, matter: Organisation) -> None:
    deadline = open_months(matter, cast, dt.date(2026, 12, 2))  # 2027-01-02 is a Saturday
    (explained,) = deadlines_of([matter])
    assert (explained.due_on, explained.provisional) == (dt.date(2027, 1, 4), True)
    off = {day: DayOverride(day, "元旦", True, "https://www.gov.cn/x") for day in (dt.date(2027, 1, 4),)}
    calendar = WorkCalendar(overrides=off, published_years={2027}, version=3)
    ((moved, before),) = deadlines_recompute(
        actor=system_actor(), deadlines=[deadline], calendar=calendar, reason="2027年放假通知"
    )
    assert (before, moved.due_on) == (dt.date(2027, 1, 4), dt.date(2027, 1, 5))
    (explained,) = deadlines_of([matter])
    assert (explained.provisional, Deadline.objects.get().calendar_version) == (False, 3)
    (change,) = explained.changes
    assert (change.label, change.actor_name) == ("重新推算", "系统")


def test_a_calendar_that_changes_nothing_only_leaves_its_version(
    cast: Cast, matter: Organisation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    deadline = open_months(matter, cast, dt.date(2026, 4, 3))
    with django_assert_num_queries(1):  # the versions
        moved = deadlines_recompute(actor=SYSTEM, deadlines=[deadline], calendar=WorkCalendar(version=7), reason="更正")
    assert moved == []
    assert Deadline.objects.get().calendar_version == 7


def test_a_promised_date_and_a_person_as_holder(cast: Cast, matter: Organisation) -> None:
    open_until(dt.date(2026, 8, 3), subject=matter, holder_user=cast.user("deputy"))
    (explained,) = deadlines_of([matter])
    assert explained.rule.startswith("指定日期2026年8月3日：")
    assert explained.holder_name == "李代表"


def test_the_deadline_of_a_package_that_is_gone_still_explains_itself(cast: Cast, matter: Organisation) -> None:
    deadline = open_months(matter, cast, dt.date(2026, 4, 3))
    Deadline.objects.filter(pk=deadline.pk).update(kind="gone")
    (explained,) = deadlines_of([matter])
    assert (explained.label, explained.rule) == ("办理期限", "期限1个月")


@pytest.mark.parametrize("number", [2, 20])
def test_many_objects_are_explained_in_two_queries(
    cast: Cast, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    matters = [make_matter(cast.regions["city"], f"事项{place}") for place in range(number)]
    for place, one in enumerate(matters):
        open_until(dt.date(2026, 8, 3), subject=one, holder=cast.offices["unit"])
        if place % 2:
            deadline_meet(actor=SYSTEM, subject=one, kind=KIND.code)
            open_until(dt.date(2026, 9, 3), subject=one, holder=cast.offices["unit"])
    with django_assert_num_queries(2):  # deadlines with their holders, their changes
        found = deadlines_of(matters)
    assert [view.is_open for view in found] == [True] * number + [False] * (number // 2)
    assert [view.due_on.month for view in found] == [8] * (number // 2) + [9] * (number // 2) + [8] * (number // 2)
    assert len(deadlines_of(matters, open_only=True)) == number
    assert deadlines_of([]) == []


@time_machine.travel(at(2026, 5, 5, 9), tick=False)
def test_the_partial_shows_the_explanation(cast: Cast, matter: Organisation) -> None:
    open_months(matter, cast, dt.date(2026, 4, 3))
    (explained,) = deadlines_of([matter])
    html = render_to_string("liaison/partials/deadline.html", {"deadline": explained})
    for text in ("答复测试事项", "2026年5月6日(周三)", "劳动节", "紧急", "明天到期", "期限1个月"):
        assert text in html
