"""The month's hot topics as a workbook, written by a worker."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from django.core.files import File
from django.utils import timezone

from liaison.dates import cn_datetime
from liaison.services.job import job_finish
from liaison.services.xlsx import Column, xlsx_write
from suggestions.selectors.hotline_topic import hotline_topics, month_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.actor import Actor
    from liaison.models import Job

COLUMNS = (
    Column("统计口径", 12),
    Column("名称", 40),
    Column("本月件数", 12),
    Column("上月件数", 12),
    Column("增减", 12),
)


def topics_export(
    *, actor: Actor, month: str, top: str, place: str, job: Job, progress: Callable[[int, int], None]
) -> Job:
    """Write the figures as .xlsx and finish the job with them.

    Args:
        month: ``2026-11``; top, place: what is looked into, as in the page's address.
    """
    found = hotline_topics(actor, month=month_of(month), top=top, place=place)
    lines = [
        (label, one.label, one.count, one.before, one.count - one.before)
        for label, topics in (("分类", found.by_class), ("地区", found.by_place), ("诉求类型", found.by_kind))
        for one in topics
    ]
    where = str(found.place) if found.place else ""
    what = f"，{top}" if top else ""
    with TemporaryFile() as out:
        count = xlsx_write(
            out,
            sheet="热点",
            columns=COLUMNS,
            rows=[*lines, ("合计", "", found.total, found.before, found.total - found.before)],
            notes=[
                f"{where}{found.month.year}年{found.month.month}月12345热线热点{what}，"
                f"{cn_datetime(timezone.now())}由{actor.name}导出。按受理时间统计，本平台转去的不重复计入。"
            ],
            total=len(lines) + 1,
            progress=progress,
        )
        out.seek(0)
        name = f"热线热点-{found.month:%Y%m}.xlsx"
        return job_finish(job=job, message=f"共{count}行。", file=File(out, name=name), file_name=name)
