"""Cells as people fill them: blanks, full-width signs, numbers, dates; and what cannot be understood."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from deputies.services.roster.cells import ParsedRow, RawCell, parse_row


def parsed(key: str, value: Any, **more: Any) -> ParsedRow:
    return parse_row(7, {key: RawCell(value=value, **more)})


@pytest.mark.parametrize(
    ("key", "cell", "kept"),
    [
        ("certificate", " YY-0001 ", "YY-0001"),
        ("certificate", 43090001, "43090001"),
        ("certificate", 43090001.0, "43090001"),
        ("certificate", "\uff39\uff39\uff0d0001", "YY-0001"),
        ("certificate", "YY\u20130001", "YY-0001"),
        ("name", "张 三", "张三"),
        ("name", "\u3000张三\u00a0\n", "张三"),
        ("name", "张\u200b三", "张三"),
        ("name", "买买提\u2022吐尔逊", "买买提·吐尔逊"),
        ("name", "Anna Maria", "Anna Maria"),
        ("gender", "男 ", "male"),
        ("gender", "女性", "female"),
        ("ethnicity", "土家", "土家族"),
        ("ethnicity", "汉", "汉族"),
        ("ethnicity", " 回 ", "回族"),
        ("ethnicity", "汉族", "汉族"),
        ("birth_month", dt.datetime.fromisoformat("1975-03-12"), "1975-03"),
        ("birth_month", dt.date(1975, 3, 1), "1975-03"),
        ("birth_month", "1975.03", "1975-03"),
        ("birth_month", "1975/3", "1975-03"),
        ("birth_month", "1975年3月", "1975-03"),
        ("birth_month", "1975年03月12日", "1975-03"),
        ("birth_month", "1975-3-12", "1975-03"),
        ("birth_month", 197503, "1975-03"),
        ("birth_month", 19750312, "1975-03"),
        ("birth_month", 1975.03, "1975-03"),
        ("birth_month", "1975-03-12 00:00:00", "1975-03"),
        ("phone", 13800001234, "13800001234"),
        ("phone", 13800001234.0, "13800001234"),
        ("phone", "138 0000 1234", "13800001234"),
        ("phone", "138-0000-1234", "13800001234"),
        ("phone", "+86 13800001234", "13800001234"),
        ("phone", "\uff11\uff13\uff1800001234", "13800001234"),
        ("employer", "  八字哨镇 \n 人民政府 ", "八字哨镇 人民政府"),
        ("profession_class", "领导干部", "cadre"),
        ("profession_class", "企业", "entrepreneur"),
        ("profession_class", "其他（个体）", "other"),
        ("industries", "教育、制造业\uff0c教育", ["教育", "制造业"]),
        ("industries", "教育;制造业/\n建筑业", ["教育", "制造业", "建筑业"]),
        ("started_on", dt.datetime.fromisoformat("2021-12-27"), "2021-12-27"),
        ("started_on", "2021年12月27日", "2021-12-27"),
        ("started_on", "2021.12.27", "2021-12-27"),
        ("started_on", 20211227, "2021-12-27"),
    ],
)
def test_a_cell_is_kept_in_one_form(key: str, cell: Any, kept: Any) -> None:
    row = parsed(key, cell)
    assert row.problems == ()
    assert row.values == {key: kept}


@pytest.mark.parametrize(
    ("key", "cell", "why"),
    [
        ("certificate", 4309000100010001, "改掉尾数"),
        ("certificate", 4.3090001e17, "改掉尾数"),
        ("certificate", dt.datetime.fromisoformat("2021-01-01"), "识别成了日期"),
        ("certificate", "代表一号", "字母、数字或短横线"),
        ("certificate", "A1", "4至30位"),
        ("name", "张三2", "有数字"),
        ("name", "张" * 61, "不超过60个字"),
        ("gender", "先生", "可选：男、女"),
        ("ethnicity", "火星族", "不在可选范围"),
        ("birth_month", 1975.1, "分不清是1月还是10月"),
        ("birth_month", "去年", "看不出年月"),
        ("birth_month", "1975-13", "没有这个年月"),
        ("birth_month", "1875-03", "没有这个年月"),
        ("phone", 1380000123, "现在是10位"),
        ("phone", "23800001234", "不是手机号码"),
        ("phone", "138-0000-1234 / 139", "不是手机号码"),
        ("phone", dt.datetime.fromisoformat("2021-01-01"), "是日期，不是手机号码"),
        ("employer", "单" * 101, "不超过100个字"),
        ("profession_class", "演员", "可选：企业家、农村、专业技术、领导干部、其他"),
        ("industries", "、".join(str(number) for number in range(9)), "最多填写8个"),
        ("industries", "业" * 31, "不超过30个字"),
        ("started_on", "2021-02-30", "没有这一天"),
        ("started_on", "年初", "看不出日期"),
        ("started_on", dt.time(8, 30), "是时间"),
    ],
)
def test_what_cannot_be_understood_is_said_by_column(key: str, cell: Any, why: str) -> None:
    row = parsed(key, cell)
    assert row.values == {}
    assert [column for column, _text in row.problems] == [key]
    assert why in row.problems[0][1]


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        (RawCell(value="=A1", kind="f"), "是公式"),
        (RawCell(value="#N/A", kind="e"), "错误值"),
        (RawCell(value=True, kind="b"), "逻辑值"),
        (RawCell(value="张三", merged=True), "合并的单元格"),
        (RawCell(value=None, merged=True), "合并的单元格"),
    ],
)
def test_formulas_errors_truth_values_and_merged_cells_are_wrong(cell: RawCell, why: str) -> None:
    ((column, text),) = parse_row(7, {"name": cell}).problems
    assert column == "name"
    assert why in text


def test_a_wrong_phone_is_never_quoted() -> None:
    for cell in ("1380000123", "138000012345", "13800001234a"):
        assert "138" not in str(parsed("phone", cell).problems)


@pytest.mark.parametrize("cell", [None, "", "  ", "\u3000"])
def test_blank_cells_are_left_out(cell: Any) -> None:
    keys = (
        "certificate",
        "name",
        "gender",
        "ethnicity",
        "birth_month",
        "phone",
        "employer",
        "industries",
        "started_on",
    )
    row = parse_row(7, {key: RawCell(value=cell) for key in keys})
    assert (row.values, row.problems) == ({}, ())
