"""Opinions in a sheet (.xlsx): the template, and reading what was filled into it."""

from __future__ import annotations

import hashlib
import io
import json
import uuid
from typing import TYPE_CHECKING, Any

from liaison.services.sheet import SheetColumn, Table, lines_of, read_table, text_of
from liaison.services.xlsx import xlsx_write
from suggestions.models import Category
from suggestions.services.opinion_record import MOST_ROWS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.files.base import File

    from liaison.actor import Actor

EXAMPLE_MARK = "（示例"
TABLE = Table(
    what="意见",
    columns={
        "text": SheetColumn("反映的情况", 60, is_required=True),
        "place": SheetColumn("地点", 24),
        "category": SheetColumn("类别", 14),
        "contact_name": SheetColumn("反映人", 12),
        "contact_phone": SheetColumn("联系电话", 18),
    },
    max_rows=MOST_ROWS,
    example=("text", EXAMPLE_MARK),
)
EXAMPLE = (f"{EXAMPLE_MARK}，请删除）村口路灯坏了半个多月，晚上老人小孩走路看不见。", "高桥村村口", "", "王先生", "")
#: Sheets of one content, office and station are the same sheet.
_SAME_SHEET = uuid.UUID("6f0f2d1e-6b1c-4d0c-9a55-3a3f5d5f7c10")

#: (line in the sheet, values by field).
Row = tuple[int, dict[str, str]]


def opinion_template() -> bytes:
    """The empty sheet with headers, notes and an example row."""
    names = "、".join(Category.objects.filter(is_active=True).values_list("name", flat=True))
    notes = (
        "社情民意登记表",
        f"类别可以不填，填的从这些里选：{names}。",
        f"反映的情况最多2000字。一个文件最多{MOST_ROWS}行；同一份表格重复上传，不会重复登记。",
    )
    buffer = io.BytesIO()
    xlsx_write(buffer, sheet="社情民意", columns=TABLE.template_columns(), rows=[EXAMPLE], notes=notes)
    return buffer.getvalue()


def read_opinions(upload: File[Any]) -> list[Row]:
    """The rows of an uploaded sheet, blank and example rows left out.

    Raises:
        TooLarge, InvalidInput: see ``read_table``.
    """
    return [
        (line, {name: (lines_of if name == "text" else text_of)(raw.get(name)) for name in TABLE.columns})
        for line, raw in read_table(upload, TABLE)
    ]


def sheet_key(actor: Actor, station_public_id: str, rows: Sequence[Row]) -> uuid.UUID:
    """What makes the same sheet, uploaded twice, one batch."""
    content = json.dumps([actor.organisation_id, station_public_id, [values for _, values in rows]], sort_keys=True)
    return uuid.uuid5(_SAME_SHEET, hashlib.sha256(content.encode()).hexdigest())
