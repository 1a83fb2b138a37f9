"""/calendar/: the year for everybody signed in, changes for who may, a file with a preview."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from liaison.models import CalendarState, Holiday, HolidayYear
from liaison.selectors.calendar import work_calendar
from liaison.selectors.holiday import year_view
from liaison.services.holiday import holiday_add
from tests.cast import Cast
from tests.clocks import at

URL = "https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm"
DAY = dt.date(2026, 6, 10)
GOOD = {"date": "2026-06-10", "is_off": "1", "name": "州庆日", "source_url": URL}
FILE = f"date,name,is_off_day,paper_year,paper\n2027-01-01,元旦,1,2027,{URL}\n2027-01-03,元旦,0,2027,{URL}\n"


@pytest.fixture(autouse=True)
def _now(time_machine: time_machine.TimeMachineFixture) -> None:
    time_machine.move_to(at(2026, 6, 3, 9), tick=False)


def add(cast: Cast, day: dt.date = DAY) -> Holiday:
    return holiday_add(actor=cast.actor("insider"), date=day, name="州庆日", is_off=True, source_url=URL)


def text_of(response: object) -> str:
    return re.sub(r"\s+", " ", response.content.decode())  # type: ignore[attr-defined]


def upload(client: Client, content: str | bytes, name: str = "2027.csv") -> object:
    data = content.encode() if isinstance(content, str) else content
    return client.post("/calendar/import/", {"file": SimpleUploadedFile(name, data)})


@pytest.mark.parametrize("who", ["insider", "colleague", "unit", "prosecutor", "deputy", "nobody", "auditor"])
def test_everybody_signed_in_sees_the_calendar(cast: Cast, who: str) -> None:
    page = text_of(response := cast.client(who).get("/calendar/"))
    assert response.status_code == 200
    assert "2026年工作日历" in page
    assert ("登记一天" in page) is (who == "insider")


def test_strangers_to_the_portal_sign_in_first(cast: Cast) -> None:
    response = cast.client("anonymous").get("/calendar/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/calendar/")


def test_days_off_and_make_up_days_stand_with_word_and_mark(cast: Cast) -> None:
    page = text_of(cast.client("unit").get("/calendar/2026/"))
    assert "全年工作日248天" in page
    october = page[page.index('aria-label="10月"') : page.index('aria-label="11月"')]
    mark = r'day-{}[^>]*><span class="day-number">{}</span>\s*<b class="day-mark" aria-hidden="true">{}</b>'
    assert re.search(mark.format("holiday", 1, "休"), october)
    assert "国庆节，休息" in october
    assert re.search(mark.format("make_up", 10, "班"), october)
    assert 'aria-current="date"' in page
    assert "放假通知已录入" in page


def test_the_year_has_each_day_once(cast: Cast) -> None:
    view = year_view(2028, work_calendar(), DAY)
    days = [cell.date for month in view.months for week in month.weeks for cell in week if cell]
    assert days == [dt.date(2028, 1, 1) + dt.timedelta(days=number) for number in range(366)]
    assert (view.published, view.previous, view.next) == (False, 2027, 2029)
    assert (year_view(2004, work_calendar(), DAY).previous, year_view(2100, work_calendar(), DAY).next) == (None, None)


def test_a_year_without_notice_says_that_its_deadlines_are_provisional(cast: Cast) -> None:
    page = text_of(cast.client("unit").get("/calendar/2027/"))
    assert "这一年的期限是暂定的" in page


@pytest.mark.parametrize(
    "path", ["/calendar/1999/", "/calendar/2101/", "/calendar/days/2026-02-30/edit/", "/calendar/days/2026-02-03/edit/"]
)
def test_a_day_or_year_that_is_none_is_not_found(cast: Cast, path: str) -> None:
    assert cast.client("insider").get(path).status_code == 404


def test_a_day_is_registered_by_the_form_and_seen_on_the_sheet(cast: Cast) -> None:
    client = cast.client("insider")
    assert client.get("/calendar/days/add/").status_code == 200
    response = client.post("/calendar/days/add/", GOOD, follow=True)
    assert response.redirect_chain == [("/calendar/2026/", 302)]
    page = text_of(response)
    assert "已登记2026年6月10日州庆日休息。正在重新计算未办结的期限" in page
    assert "day-holiday day-corrected" in page
    assert f'href="{URL}"' in page
    assert "最近一次改动：2026年6月3日(周三) 09:00 陈经办" in page


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"date": ""}, "请选择日期。"),
        ({"date": "2026-13-01"}, "日期不对"),
        ({"date": "1999-01-01"}, "请填写2004年至2100年的日期。"),
        ({"is_off": ""}, "请选择休息还是上班。"),
        ({"name": ""}, "请填写名称。"),
        ({"source_url": ""}, "请填写通知网址。"),
        ({"source_url": "https://example.org/x"}, "通知网址应是政府网站（gov.cn）上的放假通知。"),
    ],
)
def test_a_wrong_field_keeps_what_was_typed(cast: Cast, values: dict[str, str], message: str) -> None:
    response = cast.client("insider").post("/calendar/days/add/", GOOD | values)
    page = text_of(response)
    assert response.status_code == 422
    assert message in page
    assert ('value="州庆日"' in page) is ("name" not in values)
    assert not Holiday.objects.exists()


def test_a_row_is_changed_and_removed(cast: Cast) -> None:
    add(cast)
    client = cast.client("insider")
    page = text_of(client.get("/calendar/days/2026-06-10/edit/"))
    assert 'name="version" value="1"' in page
    assert 'name="date"' not in page
    client.post("/calendar/days/2026-06-10/edit/", GOOD | {"name": "州庆", "version": "1"})
    assert Holiday.objects.get().name == "州庆"
    assert "删除“2026年6月10日州庆休息”？" in text_of(client.get("/calendar/days/2026-06-10/remove/"))
    client.post("/calendar/days/2026-06-10/remove/", {"version": "2"})
    assert not Holiday.objects.exists()


@pytest.mark.parametrize("act", ["edit", "remove"])
def test_a_stale_page_is_told_and_goes_on_with_the_second_press(cast: Cast, act: str) -> None:
    add(cast)
    add(cast, dt.date(2026, 6, 11))
    client, path = cast.client("insider"), f"/calendar/days/2026-06-10/{act}/"
    response = client.post(path, GOOD | {"name": "州庆", "version": "1"})
    page = text_of(response)
    assert response.status_code == 409
    assert "您打开页面之后，工作日历已有改动（新增2026年6月11日州庆日休息）" in page
    assert 'name="version" value="2"' in page
    assert client.post(path, GOOD | {"name": "州庆", "version": "2"}).status_code == 302


def test_a_file_is_previewed_and_then_imported(cast: Cast) -> None:
    holiday_add(actor=cast.actor("insider"), date=dt.date(2027, 1, 3), name="元旦", is_off=True, source_url=URL)
    add(cast, dt.date(2027, 9, 1))
    client = cast.client("insider")
    assert client.get("/calendar/import/").status_code == 200
    page = text_of(response := upload(client, FILE))
    assert response.status_code == 200  # type: ignore[attr-defined]
    assert "共2天：新增1天，更改1天，相同0天。现在还没有生效。" in page
    assert "原为元旦休息" in page
    assert "没有找到春节、清明、劳动节、端午、中秋、国庆" in page
    assert "2027年9月1日(周三) 州庆日休息" in page
    assert not HolidayYear.objects.exists()
    carried = {name: re.search(rf'name="{name}" value="([^"]*)"', response.content.decode()) for name in ("version",)}  # type: ignore[attr-defined]
    version = carried["version"]
    assert version is not None
    content = response.context["form"].initial["content"]  # type: ignore[attr-defined]
    done = client.post("/calendar/import/confirm/", {"content": content, "version": version[1]}, follow=True)
    assert done.redirect_chain == [("/calendar/2027/", 302)]
    assert "已录入2027年放假通知：新增1天，更改1天。" in text_of(done)
    assert HolidayYear.objects.get().year == 2027


def test_a_malformed_file_is_refused_with_its_lines(cast: Cast) -> None:
    response = upload(cast.client("insider"), FILE + "2027-02-31,春节,1,2027,x\n")
    page = text_of(response)
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert "文件有2处不对，整个文件没有导入。" in page
    assert "第4行：日期“2027-02-31”不对，应如 2026-10-01" in page
    assert "第4行：通知网址应以 http:// 或 https:// 开头" in page


@pytest.mark.parametrize(
    ("content", "message"), [("", "文件是空的。"), ("\n", "文件是空的。"), ("x" * 205_000, "文件超过200 KB")]
)
def test_an_empty_or_enormous_file_is_refused(cast: Cast, content: str, message: str) -> None:
    response = upload(cast.client("insider"), content)
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert message in text_of(response)


def test_a_preview_overtaken_by_a_change_is_shown_again(cast: Cast) -> None:
    client = cast.client("insider")
    add(cast)
    response = client.post("/calendar/import/confirm/", {"content": FILE, "version": "0"})
    page = text_of(response)
    assert response.status_code == 409
    assert "工作日历已有改动" in page
    assert 'name="version" value="1"' in page
    assert client.post("/calendar/import/confirm/", {"content": FILE, "version": "1"}).status_code == 302


@pytest.mark.parametrize("content", ["", "date,name\nx,y\n"])
def test_a_confirmation_without_its_preview_is_not_found(cast: Cast, content: str) -> None:
    client = cast.client("insider")
    assert client.post("/calendar/import/confirm/", {"content": content, "version": "0"}).status_code == 404
    assert client.get("/calendar/import/confirm/").status_code == 405


@pytest.mark.parametrize("who", ["colleague", "unit", "deputy", "system_admin", "anonymous"])
def test_who_may_not_edit_gets_no_form_and_changes_nothing(cast: Cast, who: str) -> None:
    add(cast)
    client = cast.client(who)
    expected = 302 if who == "anonymous" else 403
    for path in ("days/add/", "days/2026-06-10/edit/", "days/2026-06-10/remove/", "import/"):
        assert client.get(f"/calendar/{path}").status_code == expected
        assert client.post(f"/calendar/{path}", GOOD).status_code == expected
    assert client.post("/calendar/import/confirm/", {"content": FILE}).status_code == expected
    assert Holiday.objects.count() == CalendarState.objects.get().version == 1


@pytest.mark.parametrize("rows", [2, 20])
def test_the_page_needs_few_queries(
    cast: Cast, rows: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        add(cast, dt.date(2026, 7, 1) + dt.timedelta(days=number))
    client = cast.client("insider")
    client.get("/calendar/")
    # session, account, postings, deputy; calendar, rows, notice, state, state and waiting; unread, menu counts.
    with django_assert_max_num_queries(20):
        client.get("/calendar/")
