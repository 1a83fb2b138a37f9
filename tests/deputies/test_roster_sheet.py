"""Files as a whole: what cannot be taken, and what is passed over."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from deputies.services.roster import sheet as sheets
from deputies.services.roster.columns import COLUMNS
from deputies.services.roster.sheet import UnreadableRoster, read_sheet
from tests.deputies.factories import HEADERS, book_bytes, roster_book, roster_row


def read(data: bytes) -> sheets.RosterSheet:
    return read_sheet(io.BytesIO(data))


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableRoster) as refusal:
        read(data)
    return refusal.value.text


def test_rows_are_read_with_their_line_numbers() -> None:
    found = read(book_bytes(roster_book([roster_row(1), {}, roster_row(2)])))
    assert [(row.line, row.values["certificate"]) for row in found.rows] == [(2, "R-00001"), (4, "R-00002")]
    assert found.rows[0].values["expertise"] == ["农业技术", "基层治理"]


def test_rows_of_blanks_only_and_the_example_are_passed_over() -> None:
    rows = [roster_row(1, certificate="示例YY-0001"), {"name": "  ", "post": "\u3000"}, roster_row(1)]
    found = read(book_bytes(roster_book(rows)))
    assert [row.line for row in found.rows] == [4]
    assert found.examples == 1


def test_a_title_may_stand_above_the_header_and_columns_in_any_order() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["益阳市七届人大代表名册（姓名按姓氏笔画）"])
    page.merge_cells("A1:M1")
    page.append(list(reversed([column.header for column in COLUMNS])))
    page.append([roster_row(1).get(column.key) for column in reversed(COLUMNS)])
    found = read(book_bytes(book))
    assert found.rows[0].values["name"] == "张一"
    assert found.rows[0].problems == ()


def test_headers_are_understood_as_offices_write_them() -> None:
    headers = ["代表证编号", "姓 名*", "性别", "民族", "出生日期", "联系电话", "单位", "职务", "选区", "类别"]
    headers += ["所属行业", "特长", "任期开始日期（年月日）", "备注"]
    found = read(book_bytes(roster_book([roster_row(1)], headers=headers)))
    assert found.rows[0].values["phone"] == "13800000001"
    assert found.ignored == ("备注",)


def test_the_sheet_is_found_by_name_else_the_first_one() -> None:
    book = roster_book([roster_row(1)])
    book.create_sheet("说明", 0).append(["随便"])
    assert len(read(book_bytes(book)).rows) == 1
    assert len(read(book_bytes(roster_book([roster_row(1)], sheet="Sheet1"))).rows) == 1


def test_missing_and_doubled_columns_are_named() -> None:
    assert "缺少列：手机号码" in refused(book_bytes(roster_book([], headers=[h for h in HEADERS if h != "手机号码"])))
    assert "表头重复：姓名" in refused(book_bytes(roster_book([], headers=[*HEADERS, "代表姓名"])))


def test_a_sheet_without_header_or_rows_is_refused() -> None:
    assert "没有找到表头" in refused(book_bytes(roster_book([], headers=["一", "二"])))
    assert "没有代表" in refused(book_bytes(roster_book([{}, {}])))


def test_merged_cells_are_found() -> None:
    book = roster_book([roster_row(1), roster_row(2), roster_row(3)])
    assert book.active is not None
    book.active.merge_cells("G2:G3")
    found = read(book_bytes(book))
    assert [[column for column, _text in row.problems] for row in found.rows] == [["employer"], ["employer"], []]


def test_merged_ranges_that_overlap_are_found_once_and_far_columns_are_none() -> None:
    book = roster_book([roster_row(1), roster_row(2), roster_row(3)])
    assert book.active is not None
    for cells in ("G2:G3", "G3:G4", "F3:G3", "ZZ2:ZZ4"):
        book.active.merge_cells(cells)
    found = read(book_bytes(book))
    assert [[column for column, _text in row.problems] for row in found.rows] == [
        ["employer"],
        ["phone", "employer"],
        ["employer"],
    ]


def test_ranges_that_claim_a_million_lines_cost_nothing() -> None:
    book = roster_book([roster_row(1)])
    assert book.active is not None
    for column in range(20, 120):
        book.active.merged_cells.add(f"{get_column_letter(column)}1:{get_column_letter(column)}1048576")
    data = book_bytes(book)
    tracemalloc.start()
    try:
        found = read(data)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found.rows[0].problems == ()
    assert peak < 20 * 1024 * 1024


def test_a_sheet_of_merged_ranges_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_MERGES", 1)
    book = roster_book([roster_row(1), roster_row(2)])
    assert book.active is not None
    book.active.merge_cells("G2:G3")
    book.active.merge_cells("F2:F3")
    assert "合并的单元格太多" in refused(book_bytes(book))


def test_formulas_are_found() -> None:
    book = roster_book([roster_row(1)])
    assert book.active is not None
    book.active["B2"] = '=CONCATENATE("张","三")'
    assert "是公式" in str(read(book_bytes(book)).rows[0].problems)


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)
    assert len(read(book_bytes(roster_book([roster_row(n) for n in range(3)]))).rows) == 3
    assert "超过3行" in refused(book_bytes(roster_book([roster_row(n) for n in range(4)])))


def test_endless_blank_rows_are_refused() -> None:
    book = roster_book([roster_row(1)])
    assert book.active is not None
    book.active["A1048576"] = " "
    assert "多余的空白行" in refused(book_bytes(book))


def test_a_wrong_size_in_the_file_is_not_believed() -> None:
    data = book_bytes(roster_book([roster_row(1), roster_row(2)]))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("sheet1.xml"):
                part = part.replace(b'ref="A1:M3"', b'ref="A1"')
            new.writestr(name, part)
    assert len(read(out.getvalue()).rows) == 2


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"no zip at all"], ids=["empty", "broken", "other"])
def test_a_damaged_file_is_refused_with_advice(data: bytes) -> None:
    assert "另存为" in refused(data)


def test_a_file_that_unpacks_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_UNPACKED", 1000)
    assert "太大" in refused(book_bytes(roster_book([roster_row(1)])))


def test_progress_is_told_while_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "_REPORT_EVERY", 2)
    told: list[tuple[int, int]] = []
    data = book_bytes(roster_book([roster_row(n) for n in range(5)]))
    read_sheet(io.BytesIO(data), progress=lambda done, total: told.append((done, total)))
    assert told == [(2, 6), (4, 6)]
