"""Periods in months and calendar days, promised dates, pauses and the overdue moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from liaison.calendar import (
    SHANGHAI,
    STANDARD,
    DayOverride,
    Step,
    WorkCalendar,
    add_days,
    add_months,
    end_on,
    is_overdue,
    next_working_moment,
    pause_length,
    shift_for_pause,
)

NOTICE = "https://example.org/notice"


def shanghai(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "nominal", "due"),
    [
        (date(2025, 1, 31), date(2025, 2, 28), date(2025, 2, 28)),
        (date(2024, 1, 31), date(2024, 2, 29), date(2024, 2, 29)),
        (date(2026, 4, 3), date(2026, 5, 3), date(2026, 5, 6)),
        (date(2022, 5, 25), date(2022, 6, 25), date(2022, 6, 27)),
    ],
)
def test_one_month_as_in_the_rulebook(start: date, nominal: date, due: date) -> None:
    end = add_months(start, 1)
    assert (end.start, end.nominal_due, end.due_on) == (start, nominal, due)
    assert not end.provisional
    assert (end.unit, end.length, end.paused_days) == ("months", 1, 0)


def test_steps_name_each_skipped_day() -> None:
    assert add_months(date(2026, 4, 3), 1).steps == (
        Step(date(2026, 5, 3), "skipped_holiday", "劳动节"),
        Step(date(2026, 5, 4), "skipped_holiday", "劳动节"),
        Step(date(2026, 5, 5), "skipped_holiday", "劳动节"),
    )
    assert add_months(date(2022, 5, 25), 1).steps == (
        Step(date(2022, 6, 25), "skipped_weekend", "周六"),
        Step(date(2022, 6, 26), "skipped_weekend", "周日"),
    )
    assert add_months(date(2025, 1, 31), 1).steps == ()


def test_a_make_up_saturday_can_be_the_due_day_and_says_so() -> None:
    end = add_months(date(2026, 9, 10), 1)
    assert end.due_on == end.nominal_due == date(2026, 10, 10)
    assert end.steps == (Step(date(2026, 10, 10), "counted_make_up", "调休上班"),)


def test_months_cross_the_year() -> None:
    assert add_months(date(2024, 11, 30), 3).nominal_due == date(2025, 2, 28)
    assert add_months(date(2024, 12, 16), 12).nominal_due == date(2025, 12, 16)
    assert add_months(date(2024, 2, 29), 12).nominal_due == date(2025, 2, 28)


def test_a_roll_into_an_unpublished_year_is_provisional_and_the_notice_makes_it_firm() -> None:
    unpublished = max(y for y in range(2004, 2101) if STANDARD.published(y)) + 1
    start = date(unpublished, 1, 15)
    assert add_months(start, 1).provisional
    first = date(unpublished, 1, 1)
    new_year = DayOverride(first, "元旦", True, NOTICE)
    known = WorkCalendar({first: new_year}, {unpublished})
    assert known.published(unpublished)
    assert not add_months(start, 1, calendar=known).provisional


def test_one_corrected_day_does_not_publish_its_year() -> None:
    day = date(2050, 3, 3)
    calendar = WorkCalendar({day: DayOverride(day, "防汛停工", True, NOTICE)})
    assert not calendar.published(2050)
    end = end_on(day, calendar=calendar)
    assert end.due_on == date(2050, 3, 4)
    assert end.provisional
    assert end.steps == (Step(day, "skipped_holiday", "防汛停工"),)


def test_calendar_days_and_promised_dates_roll_the_same_way() -> None:
    days = add_days(date(2026, 4, 30), 3)
    assert (days.nominal_due, days.due_on) == (date(2026, 5, 3), date(2026, 5, 6))
    promised = end_on(date(2026, 5, 3))
    assert (promised.start, promised.nominal_due) == (date(2026, 5, 3), date(2026, 5, 3))
    assert (promised.due_on, promised.unit) == (date(2026, 5, 6), "fixed")
    assert end_on(date(2026, 5, 6)).due_on == date(2026, 5, 6)


def test_a_pause_moves_the_nominal_end_and_not_the_rolled_one() -> None:
    end = add_months(date(2026, 4, 3), 1)
    assert shift_for_pause(end, 2).nominal_due == date(2026, 5, 5)
    assert shift_for_pause(end, 2).due_on == date(2026, 5, 6)
    later = shift_for_pause(end, 6)
    assert (later.nominal_due, later.due_on) == (date(2026, 5, 9), date(2026, 5, 9))
    assert later.steps == (Step(date(2026, 5, 9), "counted_make_up", "调休上班"),)
    assert (later.start, later.length, later.paused_days) == (end.start, 1, 6)


def test_two_pauses_equal_one_of_both_and_none_changes_nothing() -> None:
    end = add_months(date(2026, 4, 3), 1)
    assert shift_for_pause(shift_for_pause(end, 3), 8) == shift_for_pause(end, 11)
    assert shift_for_pause(end, 0) == end
    assert shift_for_pause(end_on(date(2026, 4, 30)), 1).due_on == date(2026, 5, 6)


def test_pause_length_in_calendar_days_leaves_the_first_day_out() -> None:
    assert pause_length("months", date(2026, 9, 30), date(2026, 10, 10)) == 10
    assert pause_length("fixed", date(2026, 9, 30), date(2026, 9, 30)) == 0
    with pytest.raises(ValueError, match="before it began"):
        pause_length("days", date(2026, 9, 30), date(2026, 9, 29))


def test_overdue_begins_at_midnight_in_shanghai() -> None:
    due = date(2026, 5, 6)
    assert not is_overdue(due, shanghai(2026, 5, 6, 23, 59, 59))
    assert is_overdue(due, shanghai(2026, 5, 7))
    assert not is_overdue(due, datetime(2026, 5, 6, 15, 59, 59, tzinfo=UTC))
    assert is_overdue(due, datetime(2026, 5, 6, 16, 0, tzinfo=UTC))
    with pytest.raises(ValueError, match="time zone"):
        is_overdue(due, shanghai(2026, 5, 7).replace(tzinfo=None))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (shanghai(2026, 5, 8, 8, 0), shanghai(2026, 5, 8, 8, 0)),
        (shanghai(2026, 5, 8, 19, 59, 59), shanghai(2026, 5, 8, 19, 59, 59)),
        (shanghai(2026, 5, 8, 7, 59, 59), shanghai(2026, 5, 8, 8, 30)),
        (shanghai(2026, 5, 8, 20, 0), shanghai(2026, 5, 9, 8, 30)),  # a make-up Saturday
        (shanghai(2026, 5, 9, 21, 0), shanghai(2026, 5, 11, 8, 30)),
        (shanghai(2026, 4, 30, 20, 0), shanghai(2026, 5, 6, 8, 30)),
        (shanghai(2026, 5, 3, 10, 0), shanghai(2026, 5, 6, 8, 30)),
        (datetime(2026, 5, 7, 18, 0, tzinfo=UTC), shanghai(2026, 5, 8, 8, 30)),
    ],
)
def test_notices_wait_for_the_next_working_morning(now: datetime, expected: datetime) -> None:
    assert next_working_moment(now) == expected


def test_the_working_morning_can_begin_at_another_time_within_the_hours() -> None:
    night = shanghai(2026, 5, 8, 2, 0)
    assert next_working_moment(night, time(9, 0)) == shanghai(2026, 5, 8, 9, 0)
    for at in (time(7, 59), time(20, 0), time(9, 0, tzinfo=UTC)):
        with pytest.raises(ValueError, match="naive time"):
            next_working_moment(night, at)
    with pytest.raises(ValueError, match="time zone"):
        next_working_moment(shanghai(2026, 5, 8).replace(tzinfo=None))


def test_wrong_input_is_refused() -> None:
    start = date(2026, 5, 6)
    for length in (0, -1):
        with pytest.raises(ValueError, match="months must be at least 1"):
            add_months(start, length)
        with pytest.raises(ValueError, match="days must be at least 1"):
            add_days(start, length)
    with pytest.raises(ValueError, match="negative"):
        shift_for_pause(add_months(start, 1), -1)
    for outside in (date(2003, 12, 31), date(2101, 1, 1)):
        for refused in (lambda d: add_months(d, 1), lambda d: add_days(d, 1), end_on, STANDARD.day):
            with pytest.raises(ValueError, match="outside 2004 to 2100"):
                refused(outside)
    with pytest.raises(TypeError, match="not a datetime"):
        end_on(shanghai(2026, 5, 6))


def test_an_end_after_2100_is_refused_and_does_not_overflow() -> None:
    last = date(2100, 12, 31)  # a Friday
    assert add_days(last - timedelta(days=1), 1).due_on == last
    for months in (1, 10**9):
        with pytest.raises(ValueError, match="after 2100"):
            add_months(last, months)
    for days in (1, 10**12):
        with pytest.raises(ValueError, match="after 2100"):
            add_days(last, days)
    closed = WorkCalendar({last: DayOverride(last, "停工", True, NOTICE)})
    with pytest.raises(ValueError, match="after 2100"):
        end_on(last, calendar=closed)
