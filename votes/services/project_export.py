"""The list of projects as a workbook, written row by row by a worker."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from django.core.files import File
from django.utils import timezone

from liaison.dates import cn_datetime
from liaison.lights import light_of
from liaison.services.job import job_finish
from liaison.services.xlsx import Column, xlsx_write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import QuerySet

    from liaison.actor import Actor
    from liaison.models import Job
    from liaison.services.xlsx import Cell
    from votes.models import Project

COLUMNS = (
    Column("年度", 8),
    Column("地区", 16),
    Column("项目名称", 44),
    Column("实施地点", 28),
    Column("责任单位", 24),
    Column("资金来源", 24),
    Column("投资额（万元）", 14),
    Column("累计使用（万元）", 14),
    Column("形象进度（%）", 12),
    Column("状态", 12),
    Column("完成时间", 12),
    Column("最近期限", 12),
    Column("期限情况", 12),
    Column("完工日期", 12),
    Column("交付日期", 12),
)
CHUNK = 500


def projects_export(
    *, actor: Actor, rows: QuerySet[Project], title: str, job: Job, progress: Callable[[int, int], None]
) -> Job:
    """Write the rows of a list as .xlsx and finish the job with it.

    Args:
        rows: from ``scoped``, so what the actor may see, with ``due_on``.
        title: what was chosen, over the table.
        progress: called with (rows written, total).
    """
    rows = rows.select_related("programme__congress__region", "candidate")
    with TemporaryFile() as out:
        count = xlsx_write(
            out,
            sheet="实施项目",
            columns=COLUMNS,
            rows=_cells(rows),
            notes=[f"{title}，{cn_datetime(timezone.now())}由{actor.name}导出"],
            total=rows.count(),
            progress=progress,
        )
        out.seek(0)
        name = f"民生实事项目实施情况-{timezone.localdate():%Y%m%d}.xlsx"
        return job_finish(job=job, message=f"共{count}个项目。", file=File(out, name=name), file_name=name)


def _cells(rows: QuerySet[Project]) -> Iterator[list[Cell]]:
    for row in rows.iterator(chunk_size=CHUNK):
        due = row.due_on  # type: ignore[attr-defined]
        light = light_of(due)
        yield [
            row.programme.year,
            row.programme.congress.region.name,
            row.name,
            row.place,
            row.unit_name,
            row.candidate.money_source,
            row.investment,
            row.money_used,
            row.percent,
            row.get_status_display(),
            row.finish_on,
            due,
            light.days_left_text if light else "",
            row.finished_on,
            row.handed_over_on,
        ]
