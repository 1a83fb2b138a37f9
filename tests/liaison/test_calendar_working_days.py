"""What each day is, and periods counted in working days."""

from __future__ import annotations

import csv
import dataclasses
from datetime import date, timedelta
from pathlib import Path

import pytest

import liaison.calendar as module
from liaison.calendar import (
    Day,
    DayOverride,
    Step,
    WorkCalendar,
    add_working_days,
    pause_length,
    shift_for_pause,
)

TABLE = Path(module.__file__).parent / "data" / "holidays_2020_2026.csv"
NOTICE = "https://example.org/notice"


def read_table() -> dict[date, DayOverride]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = [
            DayOverride(date.fromisoformat(row["date"]), row["name"], row["is_off_day"] == "1", row["paper"])
            for row in csv.DictReader(lines)
        ]
    return {row.date: row for row in rows}


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_every_day_of_2020_to_2026_agrees_with_the_official_table() -> None:
    table = read_table()
    assert len(table) == 255
    calendar = WorkCalendar()
    for d in every_day(date(2020, 1, 1), date(2026, 12, 31)):
        row = table.get(d)
        off = row.is_off if row else d.weekday() >= 5
        day = calendar.day(d)
        assert day.is_working is not off, d
        assert calendar.is_working(d) is day.is_working, d
        if row and row.is_off:
            assert day.kind == "holiday", d
            assert day.name in row.name.split("、"), d
        elif row:
            assert day.kind == ("make_up" if d.weekday() >= 5 else "working"), d


def test_the_table_as_overrides_gives_the_same_working_days_with_its_notices() -> None:
    table = read_table()
    calendar = WorkCalendar(table, set(range(2020, 2027)))
    for d in every_day(date(2020, 1, 1), date(2026, 12, 31)):
        assert calendar.is_working(d) is WorkCalendar().is_working(d), d
        if d in table:
            assert calendar.day(d).source == table[d].source_url


@pytest.mark.parametrize(
    "expected",
    [
        Day(date(2026, 5, 6), True, "", "working", "chinesecalendar"),
        Day(date(2026, 5, 16), False, "周六", "weekend", "chinesecalendar"),
        Day(date(2026, 5, 17), False, "周日", "weekend", "chinesecalendar"),
        Day(date(2026, 5, 2), False, "劳动节", "holiday", "chinesecalendar"),
        Day(date(2026, 5, 9), True, "调休上班", "make_up", "chinesecalendar"),
        Day(date(2015, 9, 3), False, "抗战胜利纪念日", "holiday", "chinesecalendar"),
        Day(date(2060, 10, 1), True, "", "working", ""),  # a Friday, no notice
        Day(date(2060, 10, 2), False, "周六", "weekend", ""),
    ],
)
def test_a_day_says_what_it_is_and_why(expected: Day) -> None:
    assert WorkCalendar().day(expected.date) == expected


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        # off on a weekday, on a weekend, with and without a name
        (DayOverride(date(2026, 5, 6), "防汛", True, NOTICE), (False, "防汛", "holiday")),
        (DayOverride(date(2026, 5, 6), "", True, NOTICE), (False, "放假", "holiday")),
        (DayOverride(date(2026, 5, 16), "", True, NOTICE), (False, "周六", "holiday")),
        # a make-up day withdrawn, a weekend made up, a holiday withdrawn
        (DayOverride(date(2026, 5, 9), "防汛", True, NOTICE), (False, "防汛", "holiday")),
        (DayOverride(date(2026, 5, 16), "端午节", False, NOTICE), (True, "调休上班", "make_up")),
        (DayOverride(date(2026, 5, 5), "劳动节", False, NOTICE), (True, "", "working")),
    ],
)
def test_a_row_of_the_table_wins(override: DayOverride, expected: tuple[bool, str, str]) -> None:
    day = WorkCalendar({override.date: override}).day(override.date)
    assert (day.is_working, day.name, day.kind) == expected
    assert day.source == NOTICE


def test_published_years_are_those_of_the_library_and_those_imported() -> None:
    calendar = WorkCalendar(published_years={2060})
    assert all(calendar.published(year) for year in (*range(2004, 2027), 2060))
    assert not any(calendar.published(year) for year in (2003, 2059, 2061, 2100))


def test_a_calendar_does_not_change_after_it_was_built() -> None:
    day = date(2060, 3, 3)
    override = DayOverride(day, "防汛", True, NOTICE)
    rows = {day: override}
    calendar = WorkCalendar(rows)
    rows.clear()
    assert not calendar.is_working(day)
    with pytest.raises(TypeError):
        calendar.overrides[day] = override  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        calendar.overrides = {}  # type: ignore[misc]
    with pytest.raises(ValueError, match="filed under"):
        WorkCalendar({date(2060, 3, 4): override})


def test_ten_working_days_over_national_day_as_in_the_rulebook() -> None:
    end = add_working_days(date(2026, 9, 30), 10)
    assert end.nominal_due == end.due_on == date(2026, 10, 20)
    assert not end.provisional
    assert end.steps == (
        *(Step(date(2026, 10, n), "skipped_holiday", "国庆节") for n in range(1, 8)),
        Step(date(2026, 10, 10), "counted_make_up", "调休上班"),
        Step(date(2026, 10, 11), "skipped_weekend", "周日"),
        Step(date(2026, 10, 17), "skipped_weekend", "周六"),
        Step(date(2026, 10, 18), "skipped_weekend", "周日"),
    )
    assert (end.unit, end.length) == ("working_days", 10)


def test_the_first_working_day_is_the_next_one_even_from_a_day_off() -> None:
    assert add_working_days(date(2026, 5, 6), 1).due_on == date(2026, 5, 7)
    assert add_working_days(date(2026, 5, 1), 1).due_on == date(2026, 5, 6)
    assert add_working_days(date(2026, 5, 8), 1).due_on == date(2026, 5, 9)


def test_a_period_reaching_into_an_unpublished_year_is_provisional() -> None:
    calendar = WorkCalendar(published_years={2060})
    assert not add_working_days(date(2060, 12, 20), 5, calendar=calendar).provisional
    assert add_working_days(date(2060, 12, 30), 5, calendar=calendar).provisional
    # The start day is not counted, so its year does not matter.
    assert not add_working_days(date(2059, 12, 31), 1, calendar=calendar).provisional
    # Through an unpublished year into a published one: the way there may still change.
    assert add_working_days(date(2059, 12, 25), 6, calendar=calendar).due_on.year == 2060
    assert add_working_days(date(2059, 12, 25), 6, calendar=calendar).provisional


def test_a_pause_adds_the_working_days_that_lay_in_it() -> None:
    end = add_working_days(date(2026, 9, 28), 5)
    assert end.due_on == date(2026, 10, 10)
    # Asked on 30 September, supplied on 9 October: of the nine days two were working days.
    paused = pause_length("working_days", date(2026, 9, 30), date(2026, 10, 9))
    assert paused == 2
    shifted = shift_for_pause(end, paused)
    assert shifted.due_on == date(2026, 10, 13)
    assert (shifted.length, shifted.paused_days) == (5, 2)
    assert shift_for_pause(shift_for_pause(end, 1), 1) == shifted
    assert shift_for_pause(end, 0) == end


def test_wrong_input_is_refused() -> None:
    for days in (0, -3):
        with pytest.raises(ValueError, match="days must be at least 1"):
            add_working_days(date(2026, 5, 6), days)
    for outside in (date(2003, 12, 31), date(2101, 1, 1)):
        with pytest.raises(ValueError, match="outside 2004 to 2100"):
            add_working_days(outside, 1)
    with pytest.raises(ValueError, match="after 2100"):
        add_working_days(date(2100, 12, 31), 1)
