"""Tables out: text stays text, long tables go on on the next sheet, memory does not grow."""

from __future__ import annotations

import datetime as dt
import io
import tracemalloc
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from liaison.services.xlsx import MAX_TEXT, Cell, Column, xlsx_write


def written(rows: Sequence[Sequence[Cell]], **kwargs: Any) -> openpyxl.Workbook:
    target = io.BytesIO()
    columns = [Column(f"列{n}") for n in range(len(rows[0]))] if rows else [Column("列")]
    assert xlsx_write(target, sheet=kwargs.pop("sheet", "表"), columns=columns, rows=rows, **kwargs) == len(rows)
    target.seek(0)
    return openpyxl.load_workbook(target)


@pytest.mark.parametrize(
    "text", ["=1+1", "=cmd|' /C calc'!A0", "+86", "-1", "@SUM(A1)", "007", "http://x.cn", "<b>&", "1e5", "\x01控制"]
)
def test_whatever_is_text_stays_text(text: str) -> None:
    cell = written([[text]]).worksheets[0]["A2"]
    assert cell.data_type in {"s", "inlineStr"}
    assert str(cell.value).replace("_x0001_", "\x01") == text
    assert cell.hyperlink is None


def test_values_keep_their_kind() -> None:
    row: list[Cell] = [
        3,
        Decimal("2.50"),
        dt.date(2026, 5, 6),
        dt.datetime(2026, 5, 6, 1, 30, tzinfo=dt.UTC),
        dt.datetime(2026, 5, 6, 9, 30),  # noqa: DTZ001
        True,
        None,
        "",
        "文" * (MAX_TEXT + 5),
    ]
    cells = [cell.value for cell in written([row]).worksheets[0][2]]
    assert cells[:2] == [3, 2.5]
    assert cells[2] == dt.datetime(2026, 5, 6)  # noqa: DTZ001
    assert cells[3] == cells[4] == dt.datetime(2026, 5, 6, 9, 30)  # noqa: DTZ001
    assert cells[5:8] == ["是", None, None]
    assert len(cells[8]) == MAX_TEXT


def test_notes_stand_over_the_header() -> None:
    sheet = written([["张三"]], notes=["代表名册", "导出时间：2026年5月6日"], sheet="名册[2026]:*?/\\'甲").worksheets[0]
    assert sheet.title == "名册2026甲"
    assert [row[0] for row in sheet.values] == ["代表名册", "导出时间：2026年5月6日", "列0", "张三"]
    assert sheet.freeze_panes == "A4"


def test_a_long_table_goes_on_on_the_next_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liaison.services.xlsx.ROWS_A_SHEET", 2)
    book = written([[n] for n in range(5)], sheet="")
    assert book.sheetnames == ["表", "表(2)", "表(3)"]
    assert [list(sheet.values)[1:] for sheet in book.worksheets] == [[(0,), (1,)], [(2,), (3,)], [(4,)]]


def test_progress_is_reported_on_the_way_and_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liaison.services.xlsx.REPORT_EVERY", 2)
    reports: list[tuple[int, int]] = []
    written([[n] for n in range(5)], total=4, progress=lambda done, total: reports.append((done, total)))
    assert reports == [(2, 4), (4, 4), (5, 5)]


def test_an_empty_table_has_its_header() -> None:
    assert list(written([]).worksheets[0].values) == [("列",)]


def test_memory_does_not_grow_with_the_rows() -> None:
    def rows(count: int) -> Iterator[list[Cell]]:
        for number in range(count):
            yield [number, f"第{number}位代表" * 5]

    def peak(count: int) -> int:
        tracemalloc.start()
        xlsx_write(io.BytesIO(), sheet="表", columns=[Column("a"), Column("b")], rows=rows(count))
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(10)
    assert peak(8000) < 1.5 * peak(2000) + 400_000
