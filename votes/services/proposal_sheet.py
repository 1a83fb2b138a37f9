"""Proposals in a sheet (.xlsx): the template, and reading what was filled into it."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import TYPE_CHECKING, Any

from liaison.services.sheet import SheetColumn, Table, lines_of, read_table, text_of
from liaison.services.xlsx import xlsx_write
from votes.models import ProposalSource

if TYPE_CHECKING:
    from django.core.files.base import File

    from votes.models import Programme

MAX_ROWS = 500
EXAMPLE_MARK = "（示例"
TABLE = Table(
    what="项目建议",
    columns={
        "source": SheetColumn("来源", 10, is_required=True),
        "name": SheetColumn("提出人", 18),
        "contact": SheetColumn("联系方式", 18),
        "title": SheetColumn("项目名称", 30, is_required=True),
        "content": SheetColumn("建议内容", 50, is_required=True),
        "place": SheetColumn("建设地点", 24),
        "received_on": SheetColumn("收到日期", 14),
    },
    max_rows=MAX_ROWS,
    example=("title", EXAMPLE_MARK),
)
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
    f"{EXAMPLE_MARK}，请删除）新建村级停车场",
    "集镇停车难，建议在老粮站空地建停车场。",
    "老粮站",
    "",
)

Row = tuple[int, dict[str, Any]]


def proposal_template(programme: Programme) -> bytes:
    """The empty sheet with headers, notes and an example row."""
    buffer = io.BytesIO()
    notes = (f"{programme}：建议登记表", *NOTES)
    xlsx_write(buffer, sheet="项目建议", columns=TABLE.template_columns(), rows=[EXAMPLE], notes=notes)
    return buffer.getvalue()


def read_proposals(upload: File[Any]) -> list[Row]:
    """The rows of an uploaded sheet: (line, values by field), blank and example rows left out.

    Raises:
        TooLarge, InvalidInput: see ``read_table``.
    """
    return [(line, _values(raw)) for line, raw in read_table(upload, TABLE)]


def _values(raw: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {name: text_of(raw.get(name)) for name in TABLE.columns}
    values["content"] = lines_of(raw.get("content"))
    values["source"] = _SOURCES.get(values["source"], "")
    values["received_on"] = day_of(raw.get("received_on"))
    return values


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
