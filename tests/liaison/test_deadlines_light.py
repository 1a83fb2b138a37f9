"""The light of a deadline: word, code and days, the same in Python and in the database."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from pytest_django.fixtures import DjangoAssertNumQueries

from liaison.lights import ORDER
from liaison.models import Deadline, Organisation
from liaison.selectors.deadline import (
    deadline_light,
    filter_light,
    light_q,
    lights_of,
    open_deadlines_for,
    subjects_with_light,
    with_light,
)
from liaison.services.deadline import deadline_cancel, deadline_meet, deadline_pause
from tests.cast import Cast
from tests.clocks import KIND, SYSTEM, at, make_matter, open_until

TODAY = dt.date(2026, 6, 10)
pytestmark = pytest.mark.usefixtures("clock_kind")


@pytest.mark.parametrize(
    ("days", "code", "text"),
    [
        (11, "green", "还剩11天"),
        (10, "amber", "还剩10天"),
        (4, "amber", "还剩4天"),
        (3, "red", "还剩3天"),
        (1, "red", "明天到期"),
        (0, "red", "今天到期"),
        (-1, "overdue", "已超1天"),
        (-40, "overdue", "已超40天"),
    ],
)
def test_a_running_clock_turns_amber_red_and_overdue(days: int, code: str, text: str) -> None:
    due_on = TODAY + dt.timedelta(days=days)
    light = deadline_light(Deadline(kind=KIND.code, due_on=due_on), TODAY)
    assert light is not None
    assert (light.code, light.days_left, light.days_left_text) == (code, days, text)


def code_at(deadline: Deadline, moment: dt.datetime) -> str:
    with time_machine.travel(moment, tick=False):
        light = deadline_light(deadline)
    return light.code if light else ""


def test_it_is_overdue_from_midnight_in_shanghai() -> None:
    deadline = Deadline(kind=KIND.code, due_on=TODAY)
    assert code_at(deadline, at(2026, 6, 10, 23, 59)) == "red"
    assert code_at(deadline, at(2026, 6, 11)) == "overdue"


def test_a_paused_clock_is_grey_even_past_its_day() -> None:
    paused = Deadline(due_on=dt.date(2026, 6, 1), paused_on=dt.date(2026, 5, 28))
    assert code_at(paused, at(2026, 6, 10)) == "paused"


def test_a_met_deadline_says_in_time_or_how_late() -> None:
    in_time = deadline_light(Deadline(due_on=TODAY, met_at=at(2026, 6, 10, 23, 59)), TODAY)
    late = deadline_light(Deadline(due_on=TODAY, met_at=at(2026, 6, 12, 9)), TODAY)
    assert in_time is not None
    assert late is not None
    assert (in_time.code, in_time.days_left_text) == ("met", "按期")
    assert (late.code, late.days_left_text) == ("met", "晚2天")


def test_a_cancelled_deadline_has_no_light() -> None:
    assert deadline_light(Deadline(due_on=TODAY, cancelled_at=at(2026, 6, 9)), TODAY) is None


def test_an_unknown_light_is_refused() -> None:
    with pytest.raises(LookupError):
        light_q("purple", TODAY)


@pytest.fixture
def one_of_each(cast: Cast) -> dict[str, Organisation]:
    """A matter for each light, on 10 June 2026."""
    days = {"overdue": -6, "red": 2, "amber": 8, "green": 30, "paused": 1, "met": 5, "cancelled": 6}
    matters = {code: make_matter(cast.regions["city"], code) for code in days}
    for code, matter in matters.items():
        open_until(
            TODAY + dt.timedelta(days=days[code]),
            subject=matter,
            holder=cast.offices["unit"],
            supervisor=cast.offices["city_office"],
        )
    with time_machine.travel(at(2026, 6, 10, 12), tick=False):
        deadline_pause(actor=SYSTEM, subject=matters["paused"], kind=KIND.code, reason="待补充")
        deadline_meet(actor=SYSTEM, subject=matters["met"], kind=KIND.code)
        deadline_cancel(actor=SYSTEM, subject=matters["cancelled"], kind=KIND.code, reason="撤回")
    return matters


def test_the_database_and_python_see_the_same_light(one_of_each: dict[str, Organisation]) -> None:
    rows = with_light(Deadline.objects.all(), TODAY)
    shown = {str(row.subject): row.light_code for row in rows}  # type: ignore[attr-defined]
    assert shown == {code: code if code in ORDER else None for code in one_of_each}
    for row in rows:
        light = deadline_light(row, TODAY)
        assert (light.code if light else None) == row.light_code  # type: ignore[attr-defined]


@pytest.mark.parametrize("code", ORDER)
def test_lists_can_be_filtered_by_light(one_of_each: dict[str, Organisation], code: str) -> None:
    (deadline,) = filter_light(Deadline.objects.all(), code, TODAY)
    assert deadline.subject == one_of_each[code]
    subjects = subjects_with_light(Organisation.objects.all(), code, TODAY, kinds=[KIND.code])
    assert list(subjects) == [one_of_each[code]]
    assert not subjects_with_light(Organisation.objects.all(), code, TODAY, kinds=["other"])


def test_a_list_gets_the_most_urgent_light_of_each_row_in_one_query(
    one_of_each: dict[str, Organisation],
    django_assert_num_queries: DjangoAssertNumQueries,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from liaison.registry import DeadlineKind, registry

    monkeypatch.setitem(registry.deadline_kinds, "second", DeadlineKind("second", "第二个期限", ""))
    open_until(TODAY, subject=one_of_each["green"], kind="second", holder=cast.offices["unit"])
    with django_assert_num_queries(1):  # the open deadlines of all rows
        lights = lights_of(list(one_of_each.values()), TODAY)
    shown = {code: light.code if (light := lights[matter]) else None for code, matter in one_of_each.items()}
    assert shown == {
        "overdue": "overdue",
        "red": "red",
        "amber": "amber",
        "green": "red",
        "paused": "paused",
        "met": None,
        "cancelled": None,
    }
    only = lights_of([one_of_each["green"]], TODAY, kinds=[KIND.code])[one_of_each["green"]]
    assert only is not None
    assert only.code == "green"
    assert lights_of([], TODAY) == {}


def test_open_deadlines_are_those_one_holds_or_supervises(one_of_each: dict[str, Organisation], cast: Cast) -> None:
    expected = ["overdue", "paused", "red", "amber", "green"]
    for name in ("unit", "insider"):
        assert [str(deadline.subject) for deadline in open_deadlines_for(cast.actor(name))] == expected
    assert not open_deadlines_for(cast.actor("stranger"))
    assert not open_deadlines_for(cast.actor("deputy"))
