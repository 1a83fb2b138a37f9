"""Writing tables as .xlsx, row by row: memory does not grow with the rows, and no cell becomes a formula."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from django.utils import timezone

#: What one sheet holds besides its header (Excel's limit is 1,048,576 rows).
ROWS_A_SHEET = 1_000_000
#: What one cell holds.
MAX_TEXT = 32_767
#: Rows between two reports of progress.
REPORT_EVERY = 200

#: A value of a cell. Whatever is text stays text, also ``=1+1`` and 0012.
Cell = str | int | float | Decimal | dt.date | dt.datetime | bool | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Args:
        title: the header.
        width: in characters of Latin script; a Chinese character takes two.
    """

    title: str
    width: int = 14


def xlsx_write(
    target: BinaryIO,
    *,
    sheet: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    notes: Sequence[str] = (),
    total: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write one table, on as many sheets as it needs.

    Args:
        target: an open binary file, written from its present place and left open.
        sheet: name of the sheet; what Excel does not allow in it is left out.
        columns: headers and widths.
        rows: values in the order of the columns; a generator is read once.
        notes: lines over the table (what it is, of when, by whom); none when omitted.
        total: how many rows are expected, for the progress.
        progress: called with (rows written, total) now and then.

    Returns:
        The number of rows written.
    """
    book = xlsxwriter.Workbook(
        target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
            "remove_timezone": True,
        },
    )
    writer = _Writer(book, sheet, columns, notes)
    count = 0
    try:
        for row in rows:
            writer.write(row)
            count += 1
            if progress is not None and count % REPORT_EVERY == 0:
                progress(count, max(total, count))
    finally:
        book.close()
    if progress is not None:
        progress(count, max(total, count))
    return count


class _Writer:
    def __init__(self, book: Any, name: str, columns: Sequence[Column], notes: Sequence[str]) -> None:
        self.book, self.columns, self.notes = book, columns, notes
        self.name = re.sub(r"[\[\]:*?/\\']", "", name).strip()[:25] or "表"
        base = {"font_name": "宋体", "font_size": 11, "valign": "top", "text_wrap": True}
        self.text = book.add_format(base)
        self.head = book.add_format(base | {"bold": True, "bg_color": "#EFECE7", "bottom": 1})
        self.note = book.add_format(base | {"text_wrap": False})
        self.date = book.add_format(base | {"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format(base | {"num_format": "yyyy-mm-dd hh:mm"})
        self.sheets = 0
        self._new_sheet()

    def _new_sheet(self) -> None:
        self.sheets += 1
        self.sheet = self.book.add_worksheet(self.name if self.sheets == 1 else f"{self.name}({self.sheets})")
        for place, column in enumerate(self.columns):
            self.sheet.set_column(place, place, column.width)
        for line, note in enumerate(self.notes):
            self.sheet.write_string(line, 0, note, self.note)
        self.line = len(self.notes)
        for place, column in enumerate(self.columns):
            self.sheet.write_string(self.line, place, column.title, self.head)
        self.sheet.freeze_panes(self.line + 1, 0)
        self.first = self.line = self.line + 1

    def write(self, row: Sequence[Cell]) -> None:
        if self.line - self.first >= ROWS_A_SHEET:
            self._new_sheet()
        for place, value in enumerate(row):
            self._cell(place, value)
        self.line += 1

    def _cell(self, place: int, value: Cell) -> None:
        if value is None or value == "":
            return
        if isinstance(value, bool):
            self.sheet.write_string(self.line, place, "是" if value else "否", self.text)
        elif isinstance(value, int | float | Decimal):
            self.sheet.write_number(self.line, place, value, self.text)
        elif isinstance(value, dt.datetime):
            local = timezone.localtime(value) if timezone.is_aware(value) else value
            self.sheet.write_datetime(self.line, place, local.replace(tzinfo=None), self.moment)
        elif isinstance(value, dt.date):
            self.sheet.write_datetime(self.line, place, value, self.date)
        else:
            self.sheet.write_string(self.line, place, str(value)[:MAX_TEXT], self.text)
