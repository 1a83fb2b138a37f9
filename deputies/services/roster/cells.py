"""From what stands in a cell to what is kept: blanks, full-width signs, numbers and dates as people type them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from deputies.models import ETHNICITIES, Gender, ProfessionClass
from deputies.services.roster.columns import BY_KEY, COLUMNS, plain
from deputies.services.tag import MAX_TAG_LENGTH, MAX_TAGS
from liaison.models.user import PHONE_VALIDATOR
from liaison.services.sheet import text_of

#: Beyond this many digits a sheet keeps zeros instead of the number.
EXACT_DIGITS = 15


class BadCell(Exception):
    """What is wrong with a cell, for the person who filled it (never with a phone number in it)."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell as the sheet has it.

    Args:
        value: text, number, date or None.
        kind: openpyxl's data type: ``f`` formula, ``e`` error, ``b`` truth value, others.
        merged: whether it lies in merged cells.
    """

    value: Any = None
    kind: str = "n"
    merged: bool = False


_HAN = r"[\u3400-\u9fff]"


def _half_width(value: Any) -> str:
    return unicodedata.normalize("NFKC", text_of(value)).replace(" ", "")


def clean_certificate(value: Any) -> str:
    """Letters, digits and hyphens; a number that the sheet has cut is refused."""
    if isinstance(value, int | float) and abs(value) >= 10**EXACT_DIGITS:
        raise BadCell(f"超过{EXACT_DIGITS}位的数字会被表格改掉尾数。请把单元格设为文本后重新填写。")
    if isinstance(value, dt.date | dt.time):
        raise BadCell("被表格识别成了日期。请把单元格设为文本后重新填写。")
    text = re.sub(r"[‐-―−]", "-", _half_width(value))
    if text and not re.fullmatch(r"[A-Za-z0-9-]{4,30}", text):
        raise BadCell("应为4至30位字母、数字或短横线。")
    return text


def clean_name(value: Any) -> str:
    """A name without the blanks that offices put between two characters; one kind of middle dot."""
    text = re.sub(r"[•・‧∙⋅]", "·", text_of(value))
    text = re.sub(rf"(?<={_HAN}) (?={_HAN})", "", text)
    if re.search(r"\d", text):
        raise BadCell("姓名中有数字。")
    return _within_length("name", text)


def clean_gender(value: Any) -> str:
    return _choice(
        {"男": Gender.MALE, "女": Gender.FEMALE, "男性": Gender.MALE, "女性": Gender.FEMALE}, value, "男、女"
    )


_ETHNICITIES = {spelling: name for name in ETHNICITIES for spelling in (name, name.removesuffix("族"))}


def clean_ethnicity(value: Any) -> str:
    return _choice(_ETHNICITIES, value, "56个民族的名称，例如 汉族、土家族")


_PROFESSIONS = {
    **{label: value for value, label in ProfessionClass.choices},
    "企业": ProfessionClass.ENTREPRENEUR,
    "农民": ProfessionClass.RURAL,
    "专业技术人员": ProfessionClass.PROFESSIONAL,
    "干部": ProfessionClass.CADRE,
    "党政领导干部": ProfessionClass.CADRE,
}


def clean_profession(value: Any) -> str:
    return _choice(_PROFESSIONS, value, "、".join(str(label) for label in ProfessionClass.labels))


def _choice(choices: Mapping[str, str], value: Any, allowed: str) -> str:
    text = plain(text_of(value))
    if not text:
        return ""
    if text not in choices:
        raise BadCell(f"“{text[:20]}”不在可选范围内，可选：{allowed}。")
    return str(choices[text])


_MONTH = re.compile(r"(\d{4})(?:年|[-./])(\d{1,2})(?:月|[-./](\d{1,2})日?|月(\d{1,2})日)?(?:00:00:00)?")
_MONTH_RUN = re.compile(r"(\d{4})(\d{2})(\d{2})?")


def clean_birth_month(value: Any) -> str:
    """``1975-03``, from a date or from 1975.03, 1975年3月, 197503 …"""
    if isinstance(value, dt.date):
        year, month = value.year, value.month
    elif isinstance(value, float) and not value.is_integer():
        digits = f"{value}".partition(".")[2]
        if len(digits) != 2:
            raise BadCell(f"“{value}”分不清是1月还是10月。请按 1975-03 的样子填写。")
        year, month = int(value), int(digits)
    else:
        text = _half_width(value)
        if not text:
            return ""
        found = _MONTH.fullmatch(text) or _MONTH_RUN.fullmatch(text)
        if found is None:
            raise BadCell("看不出年月。请按 1975-03 的样子填写。")
        year, month = int(found[1]), int(found[2])
    if not (1900 <= year <= 2100 and 1 <= month <= 12):
        raise BadCell("没有这个年月。请按 1975-03 的样子填写。")
    return f"{year:04}-{month:02}"


_DAY = re.compile(r"(\d{4})(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})日?(?:00:00:00)?")
_DAY_RUN = re.compile(r"(\d{4})(\d{2})(\d{2})")


def clean_day(value: Any) -> str:
    """``2021-12-27``, from a date or from 2021.12.27, 2021年12月27日, 20211227 …"""
    if isinstance(value, dt.date):
        return f"{value:%Y-%m-%d}"
    text = _half_width(value)
    if not text:
        return ""
    found = _DAY.fullmatch(text) or _DAY_RUN.fullmatch(text)
    if found is None:
        raise BadCell("看不出日期。请按 2021-12-27 的样子填写。")
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        raise BadCell("没有这一天。请按 2021-12-27 的样子填写。") from None


def clean_phone(value: Any) -> str:
    """Eleven digits; a number typed as a number, with blanks, hyphens or +86 is understood."""
    text = re.sub(r"[-()]", "", _half_width(value))
    text = re.sub(r"^(\+86|0086)", "", text)
    if not text:
        return ""
    if not re.fullmatch(PHONE_VALIDATOR.regex, text):
        if text.isdigit() and len(text) != 11:
            raise BadCell(f"应为11位手机号码，现在是{len(text)}位。")
        raise BadCell("不是手机号码。请填写11位手机号码，每人一个。")
    return text


def clean_tags(value: Any) -> list[str]:
    """Names parted by 、 or a comma, a semicolon, a stroke or a line break, each once."""
    parts = re.split(r"[、,;\uff0c\uff1b/|\n\r]+", "" if value is None else str(value))
    names = list(dict.fromkeys(name for part in parts if (name := text_of(part))))
    if len(names) > MAX_TAGS:
        raise BadCell(f"最多填写{MAX_TAGS}个，现在有{len(names)}个。")
    if any(len(name) > MAX_TAG_LENGTH for name in names):
        raise BadCell(f"每个不超过{MAX_TAG_LENGTH}个字；多个之间用顿号分开。")
    return names


#: As in the tables: names and posts of ``Person``, names of electoral units.
_LENGTHS = {"name": 60, "employer": 100, "post": 60, "electoral_unit": 100}


def _within_length(key: str, text: str) -> str:
    most = _LENGTHS[key]
    if len(text) > most:
        raise BadCell(f"不超过{most}个字，现在有{len(text)}个字。")
    return text


_CLEANERS: Mapping[str, Callable[[Any], str | list[str]]] = {
    "certificate": clean_certificate,
    "name": clean_name,
    "gender": clean_gender,
    "ethnicity": clean_ethnicity,
    "birth_month": clean_birth_month,
    "phone": clean_phone,
    "employer": lambda value: _within_length("employer", text_of(value)),
    "post": lambda value: _within_length("post", text_of(value)),
    "electoral_unit": lambda value: _within_length("electoral_unit", text_of(value)),
    "profession_class": clean_profession,
    "industries": clean_tags,
    "expertise": clean_tags,
    "started_on": clean_day,
}


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """A row as it is kept.

    Args:
        line: its number in the sheet.
        values: by column key; what is empty or could not be read is left out.
        problems: (column key, text) of what could not be read.
    """

    line: int
    values: dict[str, Any]
    problems: tuple[tuple[str, str], ...] = ()


def parse_row(line: int, cells: Mapping[str, RawCell]) -> ParsedRow:
    """Read the cells of a row.

    Args:
        line: number of the row in the sheet.
        cells: by column key.
    """
    values: dict[str, Any] = {}
    problems: list[tuple[str, str]] = []
    for column in COLUMNS:
        cell = cells.get(column.key)
        if cell is None:
            continue
        try:
            value = _read(column.key, cell)
        except BadCell as bad:
            problems.append((column.key, bad.text))
            continue
        if value:
            values[column.key] = value
    return ParsedRow(line=line, values=values, problems=tuple(problems))


def _read(key: str, cell: RawCell) -> str | list[str]:
    if cell.merged:
        raise BadCell("在合并的单元格里。请取消合并，逐行填写。")
    if cell.kind == "f":
        raise BadCell("是公式。请复制后“选择性粘贴”为数值。")
    if cell.kind == "e":
        raise BadCell("是表格的错误值。请重新填写。")
    if cell.kind == "b":
        raise BadCell("是逻辑值(TRUE/FALSE)。请重新填写。")
    if isinstance(cell.value, dt.date | dt.time) and key not in {"birth_month", "started_on", "certificate"}:
        raise BadCell(f"是日期，不是{BY_KEY[key].header}。请重新填写。")
    if isinstance(cell.value, dt.time | dt.timedelta):
        raise BadCell("是时间。请重新填写。")
    return _CLEANERS[key](cell.value)
