"""The table of staff: add, correct, remove, import a year; permission, audit, stale pages."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings

from liaison.exceptions import InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.models import AuditEntry, CalendarState, Holiday, HolidayYear
from liaison.selectors.calendar import work_calendar
from liaison.services.holiday import holiday_add, holiday_edit, holiday_remove, holidays_import
from tests.cast import Cast

URL = "https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm"
DAY = dt.date(2026, 6, 10)
HEAD = "date,name,is_off_day,paper_year,paper\n"
FILE = f"{HEAD}2027-01-01,元旦,1,2027,{URL}\n2027-01-02,元旦,1,2027,{URL}\n2027-01-03,元旦,0,2027,{URL}\n".encode()


def version() -> int:
    return CalendarState.objects.get().version


def add(cast: Cast, day: dt.date = DAY, *, who: str = "insider", name: str = "州庆日", is_off: bool = True) -> Holiday:
    return holiday_add(actor=cast.actor(who), date=day, name=name, is_off=is_off, source_url=URL)


def test_an_added_day_off_is_in_the_calendar_with_its_notice(cast: Cast) -> None:
    assert work_calendar().is_working(DAY)
    add(cast)
    calendar = work_calendar()
    assert (calendar.day(DAY).name, calendar.day(DAY).source, calendar.version) == ("州庆日", URL, 1)
    assert not calendar.is_working(DAY)
    state = CalendarState.objects.get()
    assert (state.reason, state.changed_by) == ("新增2026年6月10日州庆日休息", cast.user("insider"))
    entry = AuditEntry.objects.get(action="holiday.add")
    assert (entry.actor_name, entry.target_title) == ("陈经办", "2026年6月10日州庆日休息")
    assert entry.detail == {"date": "2026-06-10", "name": "州庆日", "is_off": True, "source_url": URL}


def test_a_row_is_corrected_and_taken_out_again(cast: Cast) -> None:
    add(cast)
    edited = holiday_edit(
        actor=cast.actor("approver"), day=DAY, name="补班", is_off=False, source_url=URL, version=version()
    )
    assert (edited.name, work_calendar().is_working(DAY), version()) == ("补班", True, 2)
    holiday_remove(actor=cast.actor("insider"), day=DAY, version=2)
    assert not Holiday.objects.exists()
    assert CalendarState.objects.get().reason == "删除2026年6月10日补班上班"
    actions = AuditEntry.objects.filter(action__startswith="holiday.").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["holiday.add", "holiday.edit", "holiday.remove"]


def test_saving_what_was_there_already_changes_nothing(cast: Cast) -> None:
    add(cast)
    holiday_edit(actor=cast.actor("insider"), day=DAY, name="州庆日", is_off=True, source_url=URL)
    assert version() == 1
    assert not AuditEntry.objects.filter(action="holiday.edit").exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "长" * 41}, "name"),
        ({"source_url": "https://example.org/"}, "source_url"),
        ({"source_url": ""}, "source_url"),
        ({"date": dt.date(1999, 1, 1)}, "date"),
    ],
)
def test_a_wrong_value_is_refused_by_its_field(cast: Cast, values: dict[str, object], field: str) -> None:
    good: dict[str, object] = {"date": DAY, "name": "州庆日", "is_off": True, "source_url": URL}
    with pytest.raises(InvalidInput) as error:
        holiday_add(actor=cast.actor("insider"), **(good | values))  # type: ignore[arg-type]
    assert set(error.value.fields) == {field}
    assert not Holiday.objects.exists()


def test_a_day_stands_once(cast: Cast) -> None:
    add(cast)
    with pytest.raises(InvalidInput) as error:
        add(cast, who="approver")
    assert "已经登记为“州庆日休息”" in error.value.fields["date"]


@pytest.mark.parametrize("who", ["colleague", "unit", "prosecutor", "deputy", "system_admin", "auditor"])
def test_without_the_permission_nobody_changes_the_calendar(cast: Cast, who: str) -> None:
    add(cast)
    actor = cast.actor(who)
    with pytest.raises(NotAllowed):
        add(cast, dt.date(2026, 6, 11), who=who)
    with pytest.raises(NotAllowed):
        holiday_edit(actor=actor, day=DAY, name="x", is_off=True, source_url=URL)
    with pytest.raises(NotAllowed):
        holiday_remove(actor=actor, day=DAY)
    with pytest.raises(NotAllowed):
        holidays_import(actor=actor, data=FILE)
    assert version() == 1


def test_a_day_without_a_row_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        holiday_edit(actor=cast.actor("insider"), day=DAY, name="x", is_off=True, source_url=URL)
    with pytest.raises(NotFound):
        holiday_remove(actor=cast.actor("insider"), day=DAY)


def test_a_stale_page_is_told_what_was_changed(cast: Cast) -> None:
    add(cast)
    add(cast, dt.date(2026, 6, 11), who="approver")
    with pytest.raises(StaleVersion) as error:
        holiday_remove(actor=cast.actor("insider"), day=DAY, version=1)
    assert "新增2026年6月11日州庆日休息" in error.value.message
    with pytest.raises(StaleVersion):
        holidays_import(actor=cast.actor("insider"), data=FILE, version=1)
    assert Holiday.objects.count() == 2


def test_a_year_is_imported_and_no_longer_provisional(cast: Cast) -> None:
    assert not work_calendar().published(2027)
    result = holidays_import(actor=cast.actor("insider"), data=FILE)
    assert (result.new, result.changed, result.same, result.years) == (3, 0, 0, (2027,))
    calendar = work_calendar()
    assert calendar.published(2027)
    assert [calendar.is_working(dt.date(2027, 1, day)) for day in (1, 2, 3, 4)] == [False, False, True, True]
    assert HolidayYear.objects.get().source_url == URL
    assert CalendarState.objects.get().reason == "录入2027年放假通知"
    entry = AuditEntry.objects.get(action="holiday.import")
    assert entry.detail == {"new": 3, "changed": 0, "same": 0, "years": [2027]}


def test_importing_the_same_file_again_changes_nothing(cast: Cast) -> None:
    holidays_import(actor=cast.actor("insider"), data=FILE)
    result = holidays_import(actor=cast.actor("insider"), data=FILE)
    assert (result.new, result.changed, result.same, version()) == (0, 0, 3, 1)


def test_an_amended_notice_changes_its_days_and_leaves_others_alone(cast: Cast) -> None:
    add(cast, dt.date(2027, 9, 1))
    holidays_import(actor=cast.actor("insider"), data=FILE)
    amended = FILE.replace("2027-01-03,元旦,0".encode(), "2027-01-03,元旦,1".encode())
    result = holidays_import(actor=cast.actor("insider"), data=amended)
    assert (result.new, result.changed, result.same) == (0, 1, 2)
    assert not work_calendar().is_working(dt.date(2027, 1, 3))
    assert Holiday.objects.filter(date=dt.date(2027, 9, 1)).exists()


def test_a_malformed_file_is_refused_whole(cast: Cast) -> None:
    with pytest.raises(InvalidInput) as error:
        holidays_import(actor=cast.actor("insider"), data=FILE + b"x,y\n")
    assert error.value.fields["file"] == "第5行：应有5列，实有2列"
    assert not Holiday.objects.exists()
    assert not HolidayYear.objects.exists()


def test_the_official_file_of_seven_years_goes_in(cast: Cast) -> None:
    data = (Path(settings.BASE_DIR) / "liaison" / "data" / "holidays_2020_2026.csv").read_bytes()
    result = holidays_import(actor=cast.actor("insider"), data=data)
    assert (result.new, result.years) == (255, tuple(range(2020, 2027)))
    assert HolidayYear.objects.count() == 7
