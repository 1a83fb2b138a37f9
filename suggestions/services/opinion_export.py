"""The desk of opinions as a workbook, written row by row by a worker; names and numbers covered."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from django.core.files import File
from django.utils import timezone

from liaison.dates import cn_datetime
from liaison.masking import mask_name, mask_phone, mask_text
from liaison.services.job import job_finish
from liaison.services.xlsx import Column, xlsx_write
from suggestions.selectors.opinion_desk import handler_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import QuerySet

    from liaison.actor import Actor
    from liaison.models import Job
    from liaison.services.xlsx import Cell
    from suggestions.models import Opinion

COLUMNS = (
    Column("编号", 16),
    Column("收到时间", 18),
    Column("来源", 10),
    Column("联络站", 24),
    Column("反映的情况", 60),
    Column("地点", 24),
    Column("类别", 14),
    Column("反映人", 10),
    Column("联系电话", 16),
    Column("状态", 16),
    Column("办理方式", 14),
    Column("由谁答复", 24),
    Column("当前期限", 12),
    Column("答复", 60),
    Column("答复时间", 18),
    Column("群众评价", 12),
    Column("归入", 16),
    Column("办结时间", 18),
)
CHUNK = 500


def opinions_export(
    *, actor: Actor, rows: QuerySet[Opinion], title: str, job: Job, progress: Callable[[int, int], None]
) -> Job:
    """Write the rows of a desk as .xlsx and finish the job with it.

    Args:
        rows: from ``desk_rows``, so what the actor may see, with ``due_on``.
        title: what was chosen, over the table.
        progress: called with (rows written, total).
    """
    with TemporaryFile() as out:
        count = xlsx_write(
            out,
            sheet="社情民意",
            columns=COLUMNS,
            rows=_cells(rows),
            notes=[f"{title}，{cn_datetime(timezone.now())}由{actor.name}导出。姓名、电话和证件号码已遮盖。"],
            total=rows.count(),
            progress=progress,
        )
        out.seek(0)
        name = f"社情民意-{timezone.localdate():%Y%m%d}.xlsx"
        return job_finish(job=job, message=f"共{count}件。", file=File(out, name=name), file_name=name)


def _cells(rows: QuerySet[Opinion]) -> Iterator[list[Cell]]:
    for row in rows.iterator(chunk_size=CHUNK):
        yield [
            row.number,
            row.created_at,
            row.get_channel_display(),
            row.station.name if row.station else "",
            mask_text(row.text),
            mask_text(row.place),
            row.category.name if row.category else "",
            mask_name(row.contact_name),
            mask_phone(row.contact_phone),
            row.get_status_display(),
            row.get_route_display() if row.route else "",
            handler_of(row),
            row.__dict__.get("due_on"),
            mask_text(row.result),
            row.answered_at,
            row.get_rating_display() if row.rating else "",
            row.same_as.number if row.same_as else "",
            row.closed_at,
        ]
