"""The roster template (名册模板): headers, an example row, choices to pick from, and notes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import xlsxwriter

from deputies.models import ETHNICITIES, Gender, ProfessionClass, TagKind
from deputies.selectors.congress import units_within
from deputies.selectors.person import tag_names
from deputies.services.roster.columns import BY_KEY, COLUMNS, EXAMPLE_MARK, MAX_ROWS, SHEET_NAME
from deputies.services.tag import MAX_TAGS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deputies.models import Congress
    from liaison.actor import Actor

OPTIONS_SHEET = "选项"
NOTES_SHEET = "填写说明"
#: Columns kept as text, so that the sheet does not turn numbers and months into something else.
TEXT_KEYS = {column.key for column in COLUMNS}

NOTES = (
    "一、怎样填写",
    f"1. 在“{SHEET_NAME}”表中从第3行起填写，每名代表一行；第2行是示例，可以保留，也可以删除。",
    "2. 不要改动表头，不要合并单元格，不要使用公式。空白行会自动跳过。",
    f"3. 一个文件最多{MAX_ROWS}行。",
    "二、系统怎样识别",
    "1. 按代表证号识别：系统中已有的代表证号为更新，没有的为新增。同一个文件可以重复导入，不会重复登记。",
    "2. 更新时，空白的单元格不改动系统中已有的内容；要清空某一项，请在代表页面修改。",
    "3. 表中没有的代表不受影响，不会被删除或终止资格。",
    "4. 姓名、手机号码都与系统中已有的人相同的，视为同一人（例如同时担任两级代表），为其登记新的代表资格。",
    "三、导入的步骤",
    "上传后先核对，逐行列出新增、变更、相同、有误；全部无误、确认之后才一次性导入。",
    "四、个人信息保护",
    "名册含有手机号码等个人信息，请妥善保管。导入完成或放弃后，系统会删除上传的文件。",
)


def roster_template(actor: Actor, congress: Congress) -> bytes:
    """The template for one congress, with its electoral units to choose from.

    Args:
        actor: whose electoral units are offered.
        congress: a congress that the actor may fill.

    Returns:
        An xlsx file.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": f"{congress.name}代表名册模板"})
        sheet = book.add_worksheet(SHEET_NAME)
        notes = book.add_worksheet(NOTES_SHEET)
        options = book.add_worksheet(OPTIONS_SHEET)
        _write_notes(book, notes, congress)
        choices = {
            "gender": [str(label) for label in Gender.labels],
            "ethnicity": list(ETHNICITIES),
            "profession_class": [str(label) for label in ProfessionClass.labels],
            "electoral_unit": [unit.name for unit in units_within(actor, congress)],
            "industries": tag_names(TagKind.INDUSTRY),
            "expertise": tag_names(TagKind.EXPERTISE),
        }
        _write_header(book, sheet, choices["electoral_unit"])
        _write_choices(book, sheet, options, choices)
        sheet.activate()
    return buffer.getvalue()


def _write_header(book: Any, sheet: Any, units: list[str]) -> None:
    base = {"font_name": "微软雅黑", "font_size": 11, "border": 1, "border_color": "#CDC5BC", "valign": "vcenter"}
    header = book.add_format(base | {"bold": True, "bg_color": "#EFECE7"})
    required = book.add_format(base | {"bold": True, "bg_color": "#FBF1EF", "font_color": "#9B1C1F"})
    example = book.add_format(base | {"italic": True, "font_color": "#6F6761", "num_format": "@"})
    text = book.add_format({"font_name": "微软雅黑", "font_size": 11, "num_format": "@"})
    for index, column in enumerate(COLUMNS):
        sheet.set_column(index, index, column.width, text if column.key in TEXT_KEYS else None)
        sheet.write_string(
            0, index, f"{column.header}*" if column.required else column.header, required if column.required else header
        )
        shown = units[0] if column.key == "electoral_unit" and units else column.example
        sheet.write_string(1, index, f"{EXAMPLE_MARK}{shown}" if column.key == "certificate" else shown, example)
    sheet.set_row(0, 24)
    sheet.freeze_panes(1, 2)


def _write_choices(book: Any, sheet: Any, options: Any, choices: dict[str, list[str]]) -> None:
    places = {column.key: index for index, column in enumerate(COLUMNS)}
    head = book.add_format({"bold": True})
    for offset, (key, names) in enumerate(choices.items()):
        options.write_string(0, offset, BY_KEY[key].header, head)
        options.write_column(1, offset, names)
        options.set_column(offset, offset, 18)
        if not names:
            continue
        letter = chr(ord("A") + offset)
        free = key in {"electoral_unit", "industries", "expertise"}
        sheet.data_validation(
            1,
            places[key],
            MAX_ROWS + 1,
            places[key],
            {
                "validate": "list",
                "source": f"='{OPTIONS_SHEET}'!${letter}$2:${letter}${len(names) + 1}",
                "error_type": "information" if free else "stop",
                "error_title": BY_KEY[key].header,
                "error_message": _hint(key) if free else f"请从下拉列表中选择{BY_KEY[key].header}。",
            },
        )


def _hint(key: str) -> str:
    if key == "electoral_unit":
        return "列表里没有这个选举单位，导入时会新增。"
    return f"列表里没有的，导入时会新增；多个用顿号分开，最多{MAX_TAGS}个。"


def _write_notes(book: Any, notes: Any, congress: Congress) -> None:
    title = book.add_format({"font_name": "微软雅黑", "font_size": 14, "bold": True})
    strong = book.add_format({"font_name": "微软雅黑", "font_size": 11, "bold": True, "text_wrap": True})
    plain = book.add_format({"font_name": "微软雅黑", "font_size": 11, "text_wrap": True, "valign": "top"})
    notes.set_column(0, 0, 16, plain)
    notes.set_column(1, 1, 90, plain)
    notes.write_string(0, 0, f"{congress.name}代表名册填写说明", title)
    line = _lines(notes, 2, NOTES, strong, plain)
    notes.write_string(line + 1, 0, "各列说明", strong)
    for offset, column in enumerate(COLUMNS, start=line + 2):
        notes.write_string(offset, 0, f"{column.header}（必填）" if column.required else column.header, plain)
        notes.write_string(offset, 1, f"{column.help}例如：{column.example}", plain)


def _lines(notes: Any, start: int, texts: Iterable[str], strong: Any, plain: Any) -> int:
    line = start
    for text in texts:
        notes.merge_range(line, 0, line, 1, text, strong if text[1:2] == "、" else plain)
        line += 1
    return line
