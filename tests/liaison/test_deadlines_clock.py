"""The clock itself: opened, paused, resumed, met, cancelled; what it refuses; what it leaves in its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine

from liaison.calendar import STANDARD, WorkCalendar
from liaison.exceptions import DomainError
from liaison.models import CalendarState, Deadline, Organisation
from liaison.models.deadline import PeriodUnit
from liaison.services.deadline import (
    compute_period,
    deadline_cancel,
    deadline_meet,
    deadline_open,
    deadline_pause,
    deadline_resume,
)
from tests.cast import Cast
from tests.clocks import KIND, SYSTEM, at, make_matter, open_until

pytestmark = pytest.mark.usefixtures("clock_kind")

DUE = dt.date(2026, 6, 12)


@pytest.fixture
def matter(cast: Cast) -> Organisation:
    return make_matter(cast.regions["city"], "测试事项")


@pytest.mark.parametrize(
    ("unit", "length", "fixed_on", "due_on"),
    [
        (PeriodUnit.MONTHS, 1, None, dt.date(2026, 7, 1)),
        (PeriodUnit.WORKING_DAYS, 10, None, dt.date(2026, 6, 15)),
        (PeriodUnit.DAYS, 5, None, dt.date(2026, 6, 8)),  # 6 June is a Saturday
        (PeriodUnit.DATE, None, dt.date(2026, 6, 20), dt.date(2026, 6, 22)),  # a holiday weekend
    ],
)
def test_a_clock_runs_in_each_unit(
    cast: Cast, matter: Organisation, unit: PeriodUnit, length: int | None, fixed_on: dt.date | None, due_on: dt.date
) -> None:
    with time_machine.travel(at(2026, 6, 1, 9), tick=False):
        deadline = deadline_open(
            actor=cast.actor("insider"),
            subject=matter,
            kind=KIND.code,
            unit=unit,
            length=length,
            fixed_on=fixed_on,
            holder=cast.offices["unit"],
        )
    assert (deadline.starts_on, deadline.due_on) == (dt.date(2026, 6, 1), due_on)
    change = deadline.changes.get()
    assert (change.act, change.old_due, change.new_due, change.actor_name) == ("opened", None, due_on, "陈经办")


def test_it_remembers_the_state_of_the_calendar(cast: Cast, matter: Organisation) -> None:
    CalendarState.objects.update(version=4)
    assert open_until(DUE, subject=matter).calendar_version == 4


def test_an_unregistered_kind_is_a_mistake_of_the_caller(cast: Cast, matter: Organisation) -> None:
    with pytest.raises(LookupError):
        open_until(DUE, subject=matter, kind="unknown")


@pytest.mark.parametrize("unit", [PeriodUnit.DATE, PeriodUnit.MONTHS])
def test_a_period_needs_its_date_or_its_length(unit: PeriodUnit) -> None:
    with pytest.raises(ValueError, match="needs its"):
        compute_period(unit=unit, length=None, starts_on=DUE, calendar=STANDARD)


@pytest.mark.parametrize("act", [deadline_meet, deadline_cancel])
def test_what_has_no_clock_is_neither_met_nor_cancelled(matter: Organisation, act: Callable[..., Any]) -> None:
    assert act(actor=SYSTEM, subject=matter, kind=KIND.code, reason="x") is None


@pytest.mark.parametrize("act", [deadline_pause, deadline_resume])
def test_what_has_no_clock_can_be_neither_paused_nor_resumed(matter: Organisation, act: Callable[..., Any]) -> None:
    with pytest.raises(DomainError):
        act(actor=SYSTEM, subject=matter, kind=KIND.code, reason="x")


def test_a_pause_can_not_be_paused_and_a_running_clock_not_resumed(cast: Cast, matter: Organisation) -> None:
    open_until(DUE, subject=matter)
    with pytest.raises(DomainError) as error:
        deadline_resume(actor=SYSTEM, subject=matter, kind=KIND.code, reason="x")
    assert error.value.code == "deadline_not_paused"
    deadline_pause(actor=SYSTEM, subject=matter, kind=KIND.code, reason="x", on=dt.date(2026, 6, 1))
    with pytest.raises(DomainError) as error:
        deadline_pause(actor=SYSTEM, subject=matter, kind=KIND.code, reason="x")
    assert error.value.code == "deadline_not_running"


def test_pauses_add_up_and_leave_their_days_in_the_history(cast: Cast, matter: Organisation) -> None:
    open_until(DUE, subject=matter)
    for paused, resumed in ((1, 3), (8, 9)):
        with time_machine.travel(at(2026, 6, paused, 9), tick=False):
            deadline_pause(actor=SYSTEM, subject=matter, kind=KIND.code, reason="待补充")
        with time_machine.travel(at(2026, 6, resumed, 9), tick=False):
            deadline = deadline_resume(actor=SYSTEM, subject=matter, kind=KIND.code, reason="已补充")
    assert (deadline.paused_days, deadline.paused_on, deadline.due_on) == (3, None, dt.date(2026, 6, 15))
    days = list(deadline.changes.exclude(act="opened").values_list("act", "on__day"))
    assert days == [("paused", 1), ("resumed", 3), ("paused", 8), ("resumed", 9)]


def test_a_new_clock_may_run_when_the_old_one_is_over(cast: Cast, matter: Organisation) -> None:
    open_until(DUE, subject=matter, calendar=WorkCalendar(version=2))
    met = deadline_meet(actor=SYSTEM, subject=matter, kind=KIND.code, at=at(2026, 6, 12, 23, 59))
    assert met is not None
    assert met.met_in_time
    open_until(DUE, subject=matter)
    cancelled = deadline_cancel(actor=SYSTEM, subject=matter, kind=KIND.code, reason="撤回")
    assert cancelled is not None
    assert (cancelled.is_open, cancelled.met_in_time) == (False, None)
    assert [str(change) for change in cancelled.changes.all()] == [
        "opened None→2026-06-12",
        "cancelled 2026-06-12→None",
    ]
    assert Deadline.objects.count() == 2
