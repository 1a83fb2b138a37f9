"""Reading a roster sheet: row by row, without trusting what the file says of itself."""

from __future__ import annotations

import logging
import re
import warnings
import zipfile
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from operator import itemgetter
from typing import Any, BinaryIO

import openpyxl
from openpyxl.utils.cell import range_boundaries

from deputies.services.roster.cells import ParsedRow, RawCell, parse_row
from deputies.services.roster.columns import (
    EXAMPLE_MARK,
    HEADER_ROWS,
    MAX_ROWS,
    MAX_SHEET_ROWS,
    SHEET_NAME,
    Header,
    find_header,
)
from liaison.services.sheet import text_of

logger = logging.getLogger(__name__)

#: What the parts of the file may take unpacked, in bytes.
MAX_UNPACKED = 150 * 1024 * 1024
#: Columns of the sheet that are looked at.
MAX_COLUMNS = 100
#: Merged ranges of the sheet; more than a roster of ``MAX_ROWS`` can sensibly hold.
MAX_MERGES = 50_000
_REPORT_EVERY = 200


#: ``progress(done, total)``.
Progress = Callable[[int, int], None]


class UnreadableRoster(Exception):
    """The file as a whole cannot be taken; the text says why and what to do."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True, slots=True)
class RosterSheet:
    """What was read.

    Args:
        rows: every row that is not blank, in the order of the sheet.
        ignored: headers of columns that nobody knows.
        examples: how many example rows of the template were passed over.
    """

    rows: list[ParsedRow]
    ignored: tuple[str, ...] = ()
    examples: int = 0


def read_sheet(stream: BinaryIO, *, progress: Progress = lambda done, total: None) -> RosterSheet:
    """Read the sheet named ``SHEET_NAME``, or else the first one.

    Args:
        stream: an xlsx file, seekable.
        progress: called now and then with the rows read and the rows in the sheet, blank ones among them.

    Raises:
        UnreadableRoster: damaged, no header, columns missing, no rows, too many rows.
    """
    try:
        # openpyxl warns of parts it does not read (validations, styles): no news for us.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(stream, progress)
    except UnreadableRoster:
        raise
    except Exception as error:  # a damaged file can fail anywhere in the parser
        # The class only: messages of parsers quote cells.
        logger.warning("a roster could not be read: %s", type(error).__name__)
        raise UnreadableRoster(
            "文件已损坏或格式特殊，无法读取。请用WPS或Excel打开，另存为“Excel工作簿(.xlsx)”后再上传。"
        ) from None


def _read(stream: BinaryIO, progress: Progress) -> RosterSheet:
    with zipfile.ZipFile(stream) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
            raise UnreadableRoster("文件解开后太大。请只保留名册这一张工作表，删除图片和多余的格式后再上传。")
    stream.seek(0)
    workbook = openpyxl.load_workbook(stream, read_only=True, data_only=False, keep_links=False)
    try:
        sheets = [sheet for sheet in workbook.worksheets if hasattr(sheet, "reset_dimensions")]
        if not sheets:
            raise UnreadableRoster("文件里没有工作表。请使用下载的模板填写。")
        sheet: Any = next((sheet for sheet in sheets if sheet.title.strip() == SHEET_NAME), sheets[0])
        sheet.reset_dimensions()  # what the file says of its size is often wrong
        merged, total = _look_through(sheet)
        rows = enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1)
        header, header_line, early = _find(rows)
        return _body(header, header_line, chain(early, rows), merged, lambda done: progress(done, max(total, done)))
    finally:
        workbook.close()


Rows = Iterator[tuple[int, Any]]
#: Column → (first, last) lines that are merged there, in order.
Merged = dict[int, list[tuple[int, int]]]


def _find(rows: Rows) -> tuple[Header, int, list[tuple[int, Any]]]:
    """The header, its line, and the rows looked at that stand below it."""
    first = list(islice(rows, HEADER_ROWS))
    found = [(line, header) for line, cells in first if (header := find_header([cell.value for cell in cells]))]
    if not found:
        raise UnreadableRoster(
            f"前{HEADER_ROWS}行里没有找到表头（代表证号、姓名……）。请使用下载的模板填写，不要改动表头。"
        )
    # A title may hold one of the words: the header is the row that names the most columns.
    line, header = max(found, key=lambda pair: len(pair[1].places))
    if header.doubled:
        raise UnreadableRoster(f"表头重复：{'、'.join(header.doubled)}。每一列只能出现一次。")
    if header.missing:
        raise UnreadableRoster(f"缺少列：{'、'.join(header.missing)}。请使用下载的模板填写；没有内容的列也要保留表头。")
    return header, line, [pair for pair in first if pair[0] > line]


def _body(
    header: Header,
    header_line: int,
    rows: Rows,
    merged: Merged,
    progress: Callable[[int], None],
) -> RosterSheet:
    parsed: list[ParsedRow] = []
    examples = 0
    for line, cells in rows:
        if line - header_line > MAX_SHEET_ROWS:
            raise UnreadableRoster(f"表格超过{MAX_SHEET_ROWS}行（含空白行）。请删除名册下方多余的空白行后再上传。")
        raw = {
            key: RawCell(value=cells[place].value, kind=cells[place].data_type, merged=_inside(merged, line, place + 1))
            for key, place in header.places.items()
            if place < len(cells)
        }
        if not any(cell.merged or text_of(cell.value) for cell in raw.values()):
            continue
        if text_of(raw["certificate"].value if "certificate" in raw else "").startswith(EXAMPLE_MARK):
            examples += 1
            continue
        parsed.append(parse_row(line, raw))
        if len(parsed) > MAX_ROWS:
            raise UnreadableRoster(f"超过{MAX_ROWS}行。请拆成几个文件，分次导入。")
        if len(parsed) % _REPORT_EVERY == 0:
            progress(len(parsed))
    if not parsed:
        raise UnreadableRoster("表头下面没有代表。请填写后再上传。")
    return RosterSheet(rows=parsed, ignored=header.unknown, examples=examples)


_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_ROW = re.compile(rb"<(?:\w+:)?row[\s>]")
_OVERLAP = 200
_CHUNK = 1024 * 1024


def _look_through(sheet: Any) -> tuple[Merged, int]:
    """Column → (first, last) lines that are merged there, and about how many rows there are.

    The streaming reader tells neither, the file has both. A range may claim a million lines:
    only its ends are kept.
    """
    ranges: set[bytes] = set()
    total = 0
    with sheet._get_source() as source:
        tail = b""
        while chunk := source.read(_CHUNK):
            ranges.update(_MERGE.findall(tail + chunk))
            if len(ranges) > MAX_MERGES:
                raise UnreadableRoster("合并的单元格太多。请取消合并，逐行填写后再上传。")
            total += len(_ROW.findall(chunk))
            tail = chunk[-_OVERLAP:]
    found: Merged = {}
    for text in ranges:
        left, top, right, bottom = (int(bound or 0) for bound in range_boundaries(text.decode()))
        lines = (top, bottom)
        for column in range(left, min(right, MAX_COLUMNS) + 1):
            found.setdefault(column, []).append(lines)
    return {column: _joined(spans) for column, spans in found.items()}, total


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, those that overlap made one."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _inside(merged: Merged, line: int, column: int) -> bool:
    spans = merged.get(column, [])
    place = bisect_right(spans, line, key=itemgetter(0)) - 1
    return place >= 0 and line <= spans[place][1]
