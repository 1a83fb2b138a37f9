"""The columns of a roster sheet: what stands in the header, what may stand below it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SHEET_NAME = "代表名册"
MAX_ROWS = 10_000
#: Rows of the sheet that are looked at, blank ones among them.
MAX_SHEET_ROWS = 50_000
#: The header must stand in one of the first rows, so that a title may stand above it.
HEADER_ROWS = 5


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Args:
        key: its name in ``RosterRow.values``.
        header: its name in the sheet.
        help: what to write, for the sheet of notes.
        example: what stands in the example row of the template.
        required: must be filled for a deputy who is new.
        also: other headers that are understood.
        width: in the template, in characters.
    """

    key: str
    header: str
    help: str
    example: str
    required: bool = False
    also: tuple[str, ...] = ()
    width: int = 14


COLUMNS: tuple[Column, ...] = (
    Column(
        "certificate",
        "代表证号",
        "4至30位字母、数字或短横线。系统按代表证号识别代表：已登记的更新，没有的新增。",
        "YY-0001",
        required=True,
        also=("代表证编号", "证号", "代表证"),
        width=16,
    ),
    Column("name", "姓名", "与身份证一致。", "张三", required=True, also=("代表姓名",), width=12),
    Column("gender", "性别", "男或女。", "男", width=8),
    Column("ethnicity", "民族", "例如 汉族、土家族。", "汉族", width=10),
    Column(
        "birth_month",
        "出生年月",
        "写到月，例如 1975-03 或 1975年3月。",
        "1975-03",
        also=("出生日期", "出生年月日"),
        width=12,
    ),
    Column(
        "phone",
        "手机号码",
        "11位手机号码，每人一个，不能与他人相同。",
        "13800001234",
        also=("手机", "手机号", "联系电话", "电话"),
        width=16,
    ),
    Column("employer", "工作单位", "不超过100字。", "八字哨镇人民政府", also=("单位",), width=26),
    Column("post", "职务", "不超过60字。", "镇长", also=("现任职务", "单位职务"), width=16),
    Column(
        "electoral_unit",
        "选举单位",
        "与系统中登记的名称一致；没有登记过的，导入时新增。",
        "赫山区代表团",
        also=("选区", "代表团", "选举单位（选区）"),
        width=18,
    ),
    Column(
        "profession_class",
        "代表类别",
        "企业家、农村、专业技术、领导干部、其他，选一种。",
        "领导干部",
        required=True,
        also=("类别", "职业类别"),
        width=12,
    ),
    Column(
        "industries", "行业", "可写多个，用顿号分开，最多8个。", "农林牧渔业", also=("所属行业", "行业标签"), width=18
    ),
    Column(
        "expertise",
        "专长",
        "可写多个，用顿号分开，最多8个。",
        "农业技术、基层治理",
        also=("特长", "专业特长", "专长标签"),
        width=20,
    ),
    Column(
        "started_on",
        "任期开始",
        "写到日，例如 2021-12-27。不写的，按本届开始日。",
        "2021-12-27",
        also=("任期开始日期", "任职日期"),
        width=14,
    ),
)
BY_KEY = {column.key: column for column in COLUMNS}
#: The certificate number in the template's example row; such a row is passed over.
EXAMPLE_MARK = "示例"


def plain(text: object) -> str:
    """A header or choice for comparison: without blanks, stars and notes in brackets, half-width."""
    folded = unicodedata.normalize("NFKC", str(text))
    folded = re.sub(r"\([^)]*\)$", "", "".join(folded.split()))
    return folded.strip("*: ")


_BY_HEADER = {plain(name): column.key for column in COLUMNS for name in (column.header, *column.also)}


@dataclass(frozen=True, slots=True)
class Header:
    """A header row that was found.

    Args:
        places: column key → index in the row.
        missing: headers of the template that do not occur.
        doubled: headers that occur twice.
        unknown: headers that nobody knows; their columns are not read.
    """

    places: dict[str, int]
    missing: tuple[str, ...]
    doubled: tuple[str, ...]
    unknown: tuple[str, ...]


def find_header(cells: Sequence[Any]) -> Header | None:
    """The header in this row; None when it is no header (it names neither certificate nor person)."""
    places: dict[str, int] = {}
    doubled: list[str] = []
    unknown: list[str] = []
    for index, cell in enumerate(cells):
        text = "" if cell is None else str(cell).strip()
        if not text:
            continue
        key = _BY_HEADER.get(plain(text))
        if key is None:
            unknown.append(text[:20])
        elif key in places:
            doubled.append(BY_KEY[key].header)
        else:
            places[key] = index
    if not {"certificate", "name"} & places.keys():
        return None
    missing = tuple(column.header for column in COLUMNS if column.key not in places)
    return Header(places=places, missing=missing, doubled=tuple(doubled), unknown=tuple(unknown))
