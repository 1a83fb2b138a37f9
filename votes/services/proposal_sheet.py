"""Proposals in a sheet (.xlsx): the template, and reading what was filled into it."""

from __future__ import annotations

import datetime as dt
import io
import logging
import re
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl

from deputies.services.roster.cells import text_of
from liaison.exceptions import InvalidInput
from liaison.services.attachment import check_upload
from liaison.services.xlsx import Column, xlsx_write
from votes.models import ProposalSource

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.core.files.base import File

    from votes.models import Programme

logger = logging.getLogger(__name__)

MAX_ROWS = 500
#: Blank rows among them.
_MAX_LINES = 5000
#: 500 full rows unpack to some 4 MB. A few kilobytes can unpack to far more, which one of the web's threads then reads
#: for a minute while everybody waits, deputies who vote among them.
_MAX_UNPACKED = 12 * 1024 * 1024
_HEADER_WITHIN = 10

#: Field → header, width and whether it must be filled.
COLUMNS: dict[str, tuple[str, int, bool]] = {
    "source": ("来源", 10, True),
    "name": ("提出人", 18, False),
    "contact": ("联系方式", 18, False),
    "title": ("项目名称", 30, True),
    "content": ("建议内容", 50, True),
    "place": ("建设地点", 24, False),
    "received_on": ("收到日期", 14, False),
}
_BY_HEADER = {header: name for name, (header, _, _) in COLUMNS.items()}
_SOURCES = {str(label): value for value, label in ProposalSource.choices}
NOTES = (
    "来源填：群众、代表或者部门。代表的“提出人”填姓名或者代表证号，部门的填部门名称，群众的可以不填。",
    "必填：来源、项目名称、建议内容。不填收到日期的，按导入当天计算；晚于征集截止的不能导入。",
    f"一个文件最多{MAX_ROWS}行；同一份表格可以重复导入，相同的建议不会重复登记。",
)
EXAMPLE = (
    "群众",
    "王先生",
    "",
    "（示例，请删除）新建村级停车场",
    "集镇停车难，建议在老粮站空地建停车场。",
    "老粮站",
    "",
)
EXAMPLE_MARK = "（示例"

Row = tuple[int, dict[str, Any]]


def proposal_template(programme: Programme) -> bytes:
    """The empty sheet with headers, notes and an example row."""
    buffer = io.BytesIO()
    columns = [Column(f"{header}*" if needed else header, width) for header, width, needed in COLUMNS.values()]
    xlsx_write(buffer, sheet="项目建议", columns=columns, rows=[EXAMPLE], notes=(f"{programme}：建议登记表", *NOTES))
    return buffer.getvalue()


def read_proposals(upload: File[Any]) -> list[Row]:
    """The rows of an uploaded sheet: (line, values by field), blank and example rows left out.

    Raises:
        TooLarge, InvalidInput: no sheet that can be read, no header, no rows, too many of them.
    """
    name, _ = check_upload(upload, field="upload")
    if not name.lower().endswith(".xlsx"):
        raise _refusal("请上传.xlsx表格。旧格式的表格请用WPS或Excel另存为“Excel工作簿(.xlsx)”。")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(upload)
    except InvalidInput:
        raise
    except Exception as error:  # a damaged file can fail anywhere in the parser
        logger.warning("a sheet of proposals could not be read: %s", type(error).__name__)
        raise _refusal("文件已损坏或格式特殊，无法读取。请用WPS或Excel打开，另存为.xlsx后再上传。") from None


def _refusal(text: str) -> InvalidInput:
    return InvalidInput(text, fields={"upload": text})


def _read(upload: Any) -> list[Row]:
    upload.seek(0)
    with zipfile.ZipFile(upload) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _MAX_UNPACKED:
            raise _refusal("文件解开后太大，请删除图片和多余的格式后再上传。")
    upload.seek(0)
    workbook = openpyxl.load_workbook(upload, read_only=True, data_only=False, keep_links=False)
    try:
        sheets = [sheet for sheet in workbook.worksheets if hasattr(sheet, "reset_dimensions")]
        if not sheets:
            raise _refusal("文件里没有工作表。请使用下载的模板填写。")
        sheet: Any = sheets[0]
        sheet.reset_dimensions()
        return list(_rows(enumerate(sheet.iter_rows(max_col=40, values_only=True), start=1)))
    finally:
        workbook.close()


def _rows(lines: Iterator[tuple[int, Sequence[Any]]]) -> Iterator[Row]:
    places: dict[str, int] = {}
    found = 0
    for line, cells in lines:
        if not places:
            places = _header(cells)
            if not places and line >= _HEADER_WITHIN:
                break
            continue
        if line > _MAX_LINES:
            raise _refusal(f"表格超过{_MAX_LINES}行（含空白行），请删除多余的空白行后再上传。")
        raw = {name: cells[place] for name, place in places.items() if place < len(cells)}
        values = _values(raw)
        if not any(text_of(cell) for cell in raw.values()) or str(values["title"]).startswith(EXAMPLE_MARK):
            continue
        found += 1
        if found > MAX_ROWS:
            raise _refusal(f"超过{MAX_ROWS}行，请拆成几个文件，分次导入。")
        yield line, values
    if not places:
        raise _refusal(f"前{_HEADER_WITHIN}行里没有找到表头（来源、项目名称、建议内容），请使用下载的模板填写。")
    if not found:
        raise _refusal("表头下面没有项目建议，请填写后再上传。")


def _header(cells: Sequence[Any]) -> dict[str, int]:
    """Field → column, when this row names all columns that must be filled."""
    places = {
        _BY_HEADER[header]: place
        for place, cell in enumerate(cells)
        if (header := text_of(cell).rstrip("*＊ ")) in _BY_HEADER
    }
    needed = {name for name, (_, _, must) in COLUMNS.items() if must}
    return places if needed <= set(places) else {}


def _values(raw: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {name: text_of(raw.get(name)) for name in COLUMNS}
    values["content"] = _lines(raw.get("content"))
    values["source"] = _SOURCES.get(values["source"], "")
    values["received_on"] = day_of(raw.get("received_on"))
    return values


def _lines(value: Any) -> str:
    """Running text, its lines kept."""
    return "\n".join(line for line in (text_of(part) for part in str(value or "").splitlines()) if line)


_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")


def day_of(value: Any) -> dt.date | str | None:
    """A date as people type it; the text itself when it is none, so that the row can say so."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = text_of(value)
    if not text:
        return None
    if (match := _DAY.fullmatch(text)) is None:
        return text
    try:
        return dt.date(*(int(part) for part in match.groups()))
    except ValueError:
        return text
