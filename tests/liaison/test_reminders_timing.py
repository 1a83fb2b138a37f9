"""When a reminder is reached and when it may be sent: working mornings, and what would come too late."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.calendar import STANDARD, DayOverride, WorkCalendar
from liaison.reminding import MOST_REACHED, Moments, Rule, planned_at, threshold_text
from tests.clocks import at

RULE = Rule.of((10, 5, 1, 0), 7)
FRIDAY, SATURDAY, SUNDAY, MONDAY = (dt.date(2026, 6, day) for day in (5, 6, 7, 8))  # no holiday near
TUESDAY, WEDNESDAY = dt.date(2026, 6, 9), dt.date(2026, 6, 10)


@pytest.mark.parametrize(
    ("days_left", "stage", "reached"),
    [
        (11, None, []),
        (10, 10, [10]),
        (6, 10, [10]),
        (5, 5, [10, 5]),
        (1, 1, [10, 5, 1]),
        (0, 0, [10, 5, 1, 0]),
        (-1, -1, [10, 5, 1, 0, -1]),
        (-7, -1, [10, 5, 1, 0, -1]),
        (-8, -8, [10, 5, 1, 0, -1, -8]),
        (-15, -15, [10, 5, 1, 0, -1, -8, -15]),
    ],
)
def test_ten_five_one_the_day_then_weekly(days_left: int, stage: int | None, reached: list[int]) -> None:
    assert RULE.stage(days_left) == stage
    assert RULE.reached(days_left) == reached


def test_after_years_only_the_last_thresholds_count() -> None:
    reached = RULE.reached(-1000)
    assert len(reached) == MOST_REACHED
    assert reached[-1] == RULE.stage(-1000) == -995


def test_a_rule_is_put_in_order() -> None:
    assert Rule.of([1, 10, 1, 0], 0) == Rule((10, 1, 0), 1)


def send_at(due_on: dt.date, threshold: int, now: dt.datetime, calendar: WorkCalendar = STANDARD) -> dt.datetime:
    return Moments.after(now, calendar).send_at(due_on, threshold)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(2026, 6, 9, 8, 30), at(2026, 6, 9, 8, 30)),
        (at(2026, 6, 9, 19, 59), at(2026, 6, 9, 19, 59)),
        (at(2026, 6, 9, 0, 0), at(2026, 6, 9, 8, 30)),  # night: this working morning
        (at(2026, 6, 9, 8, 29), at(2026, 6, 9, 8, 30)),
        (at(2026, 6, 9, 20, 0), at(2026, 6, 10, 8, 30)),  # evening: the next working morning
        (at(2026, 6, 5, 20, 0), at(2026, 6, 8, 8, 30)),  # Friday evening: Monday
        (at(2026, 6, 6, 10, 0), at(2026, 6, 8, 8, 30)),  # Saturday: Monday
        (at(2026, 2, 14, 10, 0), at(2026, 2, 14, 10, 0)),  # a make-up Saturday is a working day
        (at(2026, 10, 1, 9, 0), at(2026, 10, 8, 8, 30)),  # National Day: after the holidays
    ],
)
@pytest.mark.parametrize("threshold", [10, -1, -8])
def test_not_at_night_nor_on_days_off(now: dt.datetime, expected: dt.datetime, threshold: int) -> None:
    due_on = now.date() + dt.timedelta(days=threshold)
    assert send_at(due_on, threshold, now) == expected


@pytest.mark.parametrize(
    ("now", "threshold", "due_on", "expected"),
    [
        # The day before is a Sunday: Monday morning would be the due day itself.
        (at(2026, 6, 7, 10, 0), 1, MONDAY, at(2026, 6, 7, 10, 0)),
        (at(2026, 6, 7, 7, 30), 1, MONDAY, at(2026, 6, 7, 8, 30)),
        (at(2026, 6, 7, 0, 10), 1, MONDAY, at(2026, 6, 7, 8, 30)),
        (at(2026, 6, 7, 21, 0), 1, MONDAY, at(2026, 6, 7, 21, 0)),
        # From 22:00 people sleep; at 7:00 the due day has begun and can still be used.
        (at(2026, 6, 7, 22, 0), 1, MONDAY, at(2026, 6, 8, 7, 0)),
        # Five days before, in the long holiday, due on the first working day after it.
        (at(2026, 10, 3, 10, 0), 5, dt.date(2026, 10, 8), at(2026, 10, 3, 10, 0)),
        # Working morning before the due day: wait for it.
        (at(2026, 6, 6, 10, 0), 5, TUESDAY, at(2026, 6, 8, 8, 30)),
        # The evening before: the next morning is the due day, so still today.
        (at(2026, 6, 8, 20, 30), 1, TUESDAY, at(2026, 6, 8, 20, 30)),
        # The day itself: this morning, or now if the morning is over.
        (at(2026, 6, 9, 0, 0), 0, TUESDAY, at(2026, 6, 9, 8, 30)),
        (at(2026, 6, 9, 20, 30), 0, TUESDAY, at(2026, 6, 9, 20, 30)),
        # After 22:00 only because the due moment, 24:00, comes before 7:00.
        (at(2026, 6, 9, 23, 0), 0, TUESDAY, at(2026, 6, 9, 23, 0)),
        # A late reminder of an earlier threshold on the due day itself counts as the day's own.
        (at(2026, 6, 9, 7, 10), 5, TUESDAY, at(2026, 6, 9, 8, 30)),
        # Due on a day off (the table changed since): that day in the daytime.
        (at(2026, 6, 6, 3, 0), 0, SATURDAY, at(2026, 6, 6, 8, 30)),
        # What is over waits for people to be at work.
        (at(2026, 6, 6, 10, 0), 0, FRIDAY, at(2026, 6, 8, 8, 30)),
    ],
)
def test_what_would_come_too_late_is_sent_on_a_day_off(
    now: dt.datetime, threshold: int, due_on: dt.date, expected: dt.datetime
) -> None:
    assert send_at(due_on, threshold, now) == expected
    assert Moments.after(now, STANDARD).may_send(due_on, threshold) == (expected == now)


def test_the_table_of_staff_decides_what_a_day_off_is() -> None:
    calendar = WorkCalendar(overrides={TUESDAY: DayOverride(TUESDAY, "纪念日", True, "https://www.gov.cn/x")})
    assert send_at(dt.date(2026, 6, 19), 10, at(2026, 6, 9, 10), calendar) == at(2026, 6, 10, 8, 30)


def test_the_planned_moment_is_the_first_morning_of_the_threshold() -> None:
    assert planned_at(dt.date(2026, 6, 12), 5, STANDARD) == at(2026, 6, 8, 8, 30)  # 7 June is a Sunday
    assert planned_at(MONDAY, 1, STANDARD) == at(2026, 6, 7, 8, 30)
    assert planned_at(FRIDAY, -1, STANDARD) == at(2026, 6, 8, 8, 30)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Moments.after(dt.datetime(2026, 6, 9, 8), STANDARD)  # noqa: DTZ001


@pytest.mark.parametrize(("threshold", "text"), [(10, "提前10天"), (0, "到期当天"), (-8, "超期第8天")])
def test_thresholds_in_words(threshold: int, text: str) -> None:
    assert threshold_text(threshold) == text


@given(
    now=st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2026, 12, 1)),  # noqa: DTZ001
    days_left=st.integers(-30, 30),
)
def test_never_before_now_and_never_asleep_while_it_can_wait(now: dt.datetime, days_left: int) -> None:
    moment = now.replace(tzinfo=at(2026, 1, 1).tzinfo)
    stage = RULE.stage(days_left)
    if stage is None:
        return
    due_on = moment.date() + dt.timedelta(days=days_left)
    sent = send_at(due_on, stage, moment)
    assert sent >= moment
    if days_left >= 0:
        assert sent.date() <= due_on, "a reminder of something to come arrives before it is over"
    if not dt.time(7) <= sent.time() < dt.time(22):
        assert sent == moment, "asleep only when it cannot wait"
        assert sent.date() == due_on
    if sent.date() > moment.date() and days_left < 0:
        assert STANDARD.is_working(sent.date())


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ((10, 1, 0), "提前10、1天，到期当天；超期后每7天"),
        ((3,), "提前3天；超期后每7天"),
        ((0,), "到期当天；超期后每7天"),
    ],
)
def test_a_rule_in_words(days: tuple[int, ...], text: str) -> None:
    assert Rule.of(days, 7).text == text
