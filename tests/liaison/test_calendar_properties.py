"""Periods against a naive day-by-day reckoning, on generated dates and tables."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import chinese_calendar
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison.calendar import (
    SHANGHAI,
    DayOverride,
    PeriodEnd,
    WorkCalendar,
    add_days,
    add_months,
    add_working_days,
    end_on,
    is_overdue,
    next_working_moment,
    pause_length,
    shift_for_pause,
)

calendar_settings = settings(deadline=None, max_examples=200)

ONE = timedelta(days=1)
# Two in three examples near the edge of what the library knows, where the notices end.
STARTS = st.one_of(
    st.dates(date(2024, 1, 1), date(2027, 6, 30)),
    st.dates(date(2026, 9, 1), date(2027, 2, 28)),
    st.dates(date(2004, 1, 1), date(2090, 12, 31)),
)
LENGTHS = st.integers(1, 40)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    days = draw(st.dictionaries(st.dates(date(2026, 8, 1), date(2027, 6, 30)), st.booleans(), max_size=12))
    overrides = {d: DayOverride(d, "假日", off, "https://example.org/") for d, off in days.items()}
    return WorkCalendar(overrides, draw(st.frozensets(st.integers(2026, 2090), max_size=4)))


PERIODS: st.SearchStrategy[Callable[..., PeriodEnd]] = st.sampled_from([add_months, add_days, add_working_days])


def works(d: date, calendar: WorkCalendar) -> bool:
    if d in calendar.overrides:
        return not calendar.overrides[d].is_off
    try:
        return bool(chinese_calendar.is_workday(d))
    except NotImplementedError:
        return d.weekday() < 5


def notice_is_out(d: date, calendar: WorkCalendar) -> bool:
    try:
        chinese_calendar.is_workday(d)
    except NotImplementedError:
        return d.year in calendar.published_years
    return True


def naive_month_end(start: date, months: int) -> date:
    """Walk day by day into the month wanted, then to its corresponding or last day."""
    d, passed = start, 0
    while passed < months:
        d += ONE
        passed += d.day == 1
    while d.day != start.day and (d + ONE).month == d.month:
        d += ONE
    return d


def naive_roll(d: date, calendar: WorkCalendar) -> date:
    while not works(d, calendar):
        d += ONE
    return d


def naive_working_days(start: date, days: int, calendar: WorkCalendar) -> date:
    d, counted = start, 0
    while counted < days:
        d += ONE
        counted += works(d, calendar)
    return d


def naive_end(period: Callable[..., PeriodEnd], start: date, n: int, calendar: WorkCalendar) -> tuple[date, date]:
    if period is add_working_days:
        due = naive_working_days(start, n, calendar)
        return due, due
    nominal = naive_month_end(start, n) if period is add_months else start + n * ONE
    return nominal, naive_roll(nominal, calendar)


def looked_at(end: PeriodEnd) -> list[date]:
    first = end.start + ONE if end.unit == "working_days" else end.nominal_due
    return [first + n * ONE for n in range((end.due_on - first).days + 1)]


@calendar_settings
@given(PERIODS, STARTS, LENGTHS, calendars())
def test_agrees_with_the_naive_reckoning(
    period: Callable[..., PeriodEnd], start: date, n: int, calendar: WorkCalendar
) -> None:
    end = period(start, n, calendar=calendar)
    assert (end.nominal_due, end.due_on) == naive_end(period, start, n, calendar)
    assert end == period(start, n, calendar=calendar)


@calendar_settings
@given(PERIODS, STARTS, LENGTHS, calendars())
def test_ends_after_its_start_and_never_on_a_day_off(
    period: Callable[..., PeriodEnd], start: date, n: int, calendar: WorkCalendar
) -> None:
    end = period(start, n, calendar=calendar)
    assert start < end.nominal_due <= end.due_on
    assert calendar.is_working(end.due_on)


@calendar_settings
@given(STARTS, calendars())
def test_a_promised_date_never_ends_before_its_day_nor_on_a_day_off(day: date, calendar: WorkCalendar) -> None:
    end = end_on(day, calendar=calendar)
    assert end.nominal_due == day <= end.due_on == naive_roll(day, calendar)


@calendar_settings
@given(PERIODS, STARTS, st.integers(0, 40), LENGTHS, st.integers(0, 5), calendars())
def test_a_later_start_or_a_longer_period_never_ends_earlier(
    period: Callable[..., PeriodEnd],
    start: date,
    later: int,
    n: int,
    longer: int,
    calendar: WorkCalendar,
) -> None:
    end = period(start, n, calendar=calendar)
    assert period(start + later * ONE, n, calendar=calendar).due_on >= end.due_on
    assert period(start, n + longer, calendar=calendar).due_on >= end.due_on


@calendar_settings
@given(PERIODS, STARTS, LENGTHS, calendars())
def test_provisional_exactly_when_a_day_looked_at_has_no_published_notice(
    period: Callable[..., PeriodEnd], start: date, n: int, calendar: WorkCalendar
) -> None:
    end = period(start, n, calendar=calendar)
    assert end.provisional == any(not notice_is_out(d, calendar) for d in looked_at(end))


@calendar_settings
@given(PERIODS, STARTS, LENGTHS, calendars())
def test_steps_are_exactly_the_days_off_and_the_make_up_days_looked_at(
    period: Callable[..., PeriodEnd], start: date, n: int, calendar: WorkCalendar
) -> None:
    end = period(start, n, calendar=calendar)
    skipped = [step.date for step in end.steps if step.kind != "counted_make_up"]
    made_up = [step.date for step in end.steps if step.kind == "counted_make_up"]
    assert skipped == [d for d in looked_at(end) if not works(d, calendar)]
    assert made_up == [d for d in looked_at(end) if works(d, calendar) and d.weekday() >= 5]
    assert all(step.name for step in end.steps)


@calendar_settings
@given(STARTS, LENGTHS)
def test_a_month_period_ends_on_the_same_day_or_the_months_last(start: date, months: int) -> None:
    nominal = add_months(start, months).nominal_due
    assert nominal.day == min(start.day, monthrange(nominal.year, nominal.month)[1])
    assert (nominal.year * 12 + nominal.month) - (start.year * 12 + start.month) == months


@calendar_settings
@given(PERIODS, STARTS, LENGTHS, st.integers(0, 30), st.integers(0, 30), calendars())
def test_pauses_only_ever_give_time_and_add_up(
    period: Callable[..., PeriodEnd],
    start: date,
    n: int,
    first: int,
    second: int,
    calendar: WorkCalendar,
) -> None:
    end = period(start, n, calendar=calendar)
    once = shift_for_pause(end, first, calendar=calendar)
    twice = shift_for_pause(once, second, calendar=calendar)
    assert end.due_on <= once.due_on <= twice.due_on
    assert twice == shift_for_pause(end, first + second, calendar=calendar)
    assert calendar.is_working(twice.due_on)


@calendar_settings
@given(STARTS, LENGTHS, st.integers(0, 60), st.integers(0, 60), calendars())
def test_a_paused_working_day_period_counts_the_days_outside_the_pause(
    start: date, n: int, before: int, pause: int, calendar: WorkCalendar
) -> None:
    end = add_working_days(start, n, calendar=calendar)
    paused_on = min(start + before * ONE, end.due_on)
    resumed_on = paused_on + pause * ONE
    k = pause_length("working_days", paused_on, resumed_on, calendar=calendar)
    due = shift_for_pause(end, k, calendar=calendar).due_on
    outside = [start + i * ONE for i in range(1, (due - start).days + 1)]
    counted = [d for d in outside if works(d, calendar) and not paused_on < d <= resumed_on]
    assert len(counted) == n


@calendar_settings
@given(
    st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    st.times(),
    calendars(),
)
def test_the_next_working_moment_is_later_in_hours_and_stays(day: date, moment: time, calendar: WorkCalendar) -> None:
    now = datetime.combine(day, moment, tzinfo=SHANGHAI)
    sent = next_working_moment(now, calendar=calendar)
    assert sent >= now
    assert works(sent.date(), calendar)
    assert 8 <= sent.hour < 20
    assert next_working_moment(sent, calendar=calendar) == sent
    between = ((sent.date() - now.date()) - ONE).days
    assert not any(works(now.date() + i * ONE, calendar) for i in range(1, between + 1))


@calendar_settings
@given(st.dates(date(2004, 1, 1), date(2099, 1, 1)), st.integers(0, 86399))
def test_overdue_exactly_from_the_next_day(due: date, second: int) -> None:
    midnight = datetime(due.year, due.month, due.day, tzinfo=SHANGHAI)
    assert not is_overdue(due, midnight + timedelta(seconds=second))
    assert is_overdue(due, midnight + timedelta(days=1, seconds=second))
