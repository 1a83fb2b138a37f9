"""Reading tables (.xlsx) that people filled in: row by row, without trusting what the file says of itself."""

from __future__ import annotations

import logging
import warnings
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import openpyxl

from liaison.exceptions import InvalidInput
from liaison.services.attachment import check_upload
from liaison.services.xlsx import Column

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from django.core.files.base import File

logger = logging.getLogger(__name__)

#: Rows that are looked at, blank ones among them.
_MAX_LINES = 5000
#: 500 full rows unpack to some 4 MB. A few kilobytes can unpack to far more, which one of the web's threads then reads
#: for a minute while everybody waits, deputies who vote among them.
_MAX_UNPACKED = 12 * 1024 * 1024
_HEADER_WITHIN = 10

#: Signs that nobody sees go; controls (line breaks too) become blanks.
_UNSEEN: dict[int, str | None] = {
    **{ord(sign): None for sign in "\u200b\u200c\u200d\u2060\ufeff\u00ad"},
    **dict.fromkeys((*range(32), *range(127, 160)), " "),
}


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column that people fill in.

    Args:
        header: its name in the sheet.
        width: in the template, in characters.
        is_required: whether each row must fill it; the header is then marked with a star.
    """

    header: str
    width: int = 14
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table that people fill in.

    Args:
        what: what stands in a row, for the messages (项目建议).
        columns: by the name of the value.
        max_rows: so many filled rows at most.
        example: (column, how its cell begins) of the template's example row, which is passed over.
    """

    what: str
    columns: Mapping[str, SheetColumn]
    max_rows: int
    example: tuple[str, str]

    def template_columns(self) -> list[Column]:
        """The header of the template, for ``xlsx_write``."""
        return [Column(f"{one.header}*" if one.is_required else one.header, one.width) for one in self.columns.values()]


#: (line in the sheet, cells by column name).
RawRow = tuple[int, dict[str, Any]]


def text_of(value: Any) -> str:
    """One line of text from a cell: blanks of every kind become single blanks, invisible signs go."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).translate(_UNSEEN).split())


def lines_of(value: Any) -> str:
    """Running text from a cell, its lines kept."""
    return "\n".join(line for line in (text_of(part) for part in str(value or "").splitlines()) if line)


def read_table(upload: File[Any], table: Table) -> list[RawRow]:
    """The filled rows of an uploaded sheet, blank and example rows left out.

    Raises:
        TooLarge, InvalidInput: no sheet that can be read, no header, no rows, too many of them; the message
            is for the field ``upload``.
    """
    name, _ = check_upload(upload, field="upload")
    if not name.lower().endswith(".xlsx"):
        raise _refusal("请上传.xlsx表格。旧格式的表格请用WPS或Excel另存为“Excel工作簿(.xlsx)”。")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(upload, table)
    except InvalidInput:
        raise
    except Exception as error:  # a damaged file can fail anywhere in the parser
        logger.warning("a sheet could not be read: %s", type(error).__name__)
        raise _refusal("文件已损坏或格式特殊，无法读取。请用WPS或Excel打开，另存为.xlsx后再上传。") from None


def _refusal(text: str) -> InvalidInput:
    return InvalidInput(text, fields={"upload": text})


def _read(upload: Any, table: Table) -> list[RawRow]:
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
        return list(_rows(enumerate(sheet.iter_rows(max_col=40, values_only=True), start=1), table))
    finally:
        workbook.close()


def _rows(lines: Iterator[tuple[int, Sequence[Any]]], table: Table) -> Iterator[RawRow]:
    places: dict[str, int] = {}
    found = 0
    column, mark = table.example
    for line, cells in lines:
        if not places:
            places = _header(cells, table)
            if not places and line >= _HEADER_WITHIN:
                break
            continue
        if line > _MAX_LINES:
            raise _refusal(f"表格超过{_MAX_LINES}行（含空白行），请删除多余的空白行后再上传。")
        raw = {name: cells[place] for name, place in places.items() if place < len(cells)}
        if not any(text_of(cell) for cell in raw.values()) or text_of(raw.get(column)).startswith(mark):
            continue
        found += 1
        if found > table.max_rows:
            raise _refusal(f"超过{table.max_rows}行，请拆成几个文件，分次导入。")
        yield line, raw
    if not places:
        needed = "、".join(one.header for one in table.columns.values() if one.is_required)
        raise _refusal(f"前{_HEADER_WITHIN}行里没有找到表头（{needed}），请使用下载的模板填写。")
    if not found:
        raise _refusal(f"表头下面没有{table.what}，请填写后再上传。")


def _header(cells: Sequence[Any], table: Table) -> dict[str, int]:
    """Column name → place, when this row names all columns that must be filled."""
    by_header = {one.header: name for name, one in table.columns.items()}
    places = {
        by_header[header]: place
        for place, cell in enumerate(cells)
        if (header := text_of(cell).rstrip("*＊ ")) in by_header
    }
    needed = {name for name, one in table.columns.items() if one.is_required}
    return places if needed <= set(places) else {}
