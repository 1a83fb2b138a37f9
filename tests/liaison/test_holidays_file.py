"""The file of a holiday notice: read whole, or refused whole with the numbers of its lines."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from pathlib import Path

import chinese_calendar
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from liaison.holidayfile import (
    MOST_BYTES,
    HolidayLine,
    MalformedFile,
    missing_feasts,
    notice_url_problem,
    read_holidays,
)

HEAD = "date,name,is_off_day,paper_year,paper\n"
URL = "https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm"
DATA = Path(settings.BASE_DIR) / "liaison" / "data" / "holidays_2020_2026.csv"


def problems(text: str | bytes) -> list[str]:
    with pytest.raises(MalformedFile) as error:
        read_holidays(text.encode() if isinstance(text, str) else text)
    return error.value.messages


def test_the_official_days_of_seven_years_agree_with_the_packaged_calendar() -> None:
    lines = read_holidays(DATA.read_bytes())
    assert len(lines) == 255
    assert missing_feasts(lines) == {}
    for line in lines:
        assert chinese_calendar.is_workday(line.date) != line.is_off, line


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_files_of_editors_excel_and_wps_are_read(encoding: str, end: str) -> None:
    text = HEAD + f"2027/1/1,元旦,1,2027,{URL}\n2026-12-27, 元旦 ,0,2027,{URL}\n\n"
    lines = read_holidays(text.replace("\n", end).encode(encoding))
    assert lines == [
        HolidayLine(3, dt.date(2026, 12, 27), "元旦", is_off=False, year=2027, source_url=URL),
        HolidayLine(2, dt.date(2027, 1, 1), "元旦", is_off=True, year=2027, source_url=URL),
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (f"2027-02-30,春节,1,2027,{URL}", "日期“2027-02-30”不对，应如 2026-10-01"),
        (f"27-2-3,春节,1,2027,{URL}", "日期“27-2-3”不对，应如 2026-10-01"),
        (f"1999-10-01,国庆节,1,1999,{URL}", "日期“1999-10-01”不对，应如 2026-10-01"),
        (f"2027-02-03,,1,2027,{URL}", "名称应为1至40个字"),
        (f"2027-02-03,{'春' * 41},1,2027,{URL}", "名称应为1至40个字"),
        (f"2027-02-03,春节,是,2027,{URL}", "is_off_day 应为 1（休息）或 0（上班），实为“是”"),
        (f"2027-02-03,春节,1,27,{URL}", "通知年份“27”不对，应为2004至2100"),
        (f"2027-02-03,春节,1,2029,{URL}", "2027-02-03 不会出现在2029年的通知里"),
        ("2027-02-03,春节,1,2027,https://example.org/x", "通知网址应是政府网站（gov.cn）上的放假通知"),
        ("2027-02-03,春节,1,2027,www.gov.cn", "通知网址应以 http:// 或 https:// 开头"),
        ("2027-02-03,春节,1,2027", "应有5列，实有4列"),
    ],
)
def test_one_wrong_line_refuses_the_file_and_is_named(line: str, problem: str) -> None:
    good = f"2027-01-01,元旦,1,2027,{URL}\n"
    assert f"第3行：{problem}" in problems(HEAD + good + line + "\n")


def test_all_wrong_lines_are_named_at_once() -> None:
    text = HEAD + f"x,元旦,1,2027,{URL}\n2027-01-01,元旦,1,2027,{URL}\n2027-01-01,元旦,0,2027,{URL}\ny,,2,z,w\n"
    assert problems(text) == [
        "第2行：日期“x”不对，应如 2026-10-01",
        "第4行：2027-01-01 与第3行重复",
        "第5行：is_off_day 应为 1（休息）或 0（上班），实为“2”",
        "第5行：名称应为1至40个字",
        "第5行：日期“y”不对，应如 2026-10-01",
        "第5行：通知年份“z”不对，应为2004至2100",
        "第5行：通知网址应以 http:// 或 https:// 开头",
    ]


def test_of_very_many_problems_the_first_are_named() -> None:
    assert problems(HEAD + "x\n" * 60)[49:] == ["第51行：应有5列，实有1列", "另有10处"]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "文件是空的。"),
        (b"\n\n", "文件是空的。"),
        (HEAD.encode(), "文件只有表头，没有日期。"),
        ("日期,名称\n".encode(), "第1行：表头应为 date,name,is_off_day,paper_year,paper"),
        (b"PK\x03\x04\x00\x00\xff\xfe", "文件不是文本，请另存为 CSV 后再上传。"),
        (b"x" * (MOST_BYTES + 1), "文件超过200 KB，不像是放假安排表。"),
        ((HEAD + '"2027-01-01\n').encode(), "第2行：应有5列，实有1列"),
        (f'{HEAD}"{"x" * 140_000}"\n'.encode(), "第2行：引号或分隔符不对，无法读取"),
    ],
)
def test_what_is_no_such_file_is_refused(data: bytes, problem: str) -> None:
    assert problems(data)[0] == problem


def test_a_notice_without_one_of_the_feasts_is_asked_about() -> None:
    lines = read_holidays((HEAD + f"2027-01-01,元旦,1,2027,{URL}\n").encode())
    assert missing_feasts(lines) == {2027: ["春节", "清明", "劳动节", "端午", "中秋", "国庆"]}


@pytest.mark.parametrize(
    ("url", "good"),
    [
        (URL, True),
        ("http://www.gov.cn/x", True),
        ("https://www.hunan.gov.cn/x", True),
        ("https://gov.cn", True),
        ("https://gov.cn.example.org/x", False),
        ("https://notgov.cn/x", False),
        ("javascript://www.gov.cn/%0aalert(1)", False),
        ("https://www.gov.cn/a b", False),
        ("https://[www.gov.cn", False),
        (f"https://www.gov.cn/{'x' * 300}", False),
    ],
)
def test_a_notice_stands_on_a_site_of_the_government(url: str, good: bool) -> None:
    assert (notice_url_problem(url) == "") is good


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(MalformedFile):
        read_holidays(HEAD.encode() + data)
