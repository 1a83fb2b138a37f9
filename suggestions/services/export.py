"""The desk as a workbook, written row by row by a worker."""

from __future__ import annotations

import datetime as dt
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from django.core.files import File
from django.db.models import Count, Q
from django.utils import timezone

from liaison.dates import cn_datetime
from liaison.lights import light_of
from liaison.services.job import job_finish
from liaison.services.xlsx import Column, xlsx_write
from suggestions.models.cosigner import CosignerStatus
from suggestions.selectors.suggestion import due_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import QuerySet

    from liaison.actor import Actor
    from liaison.models import Job
    from liaison.services.xlsx import Cell
    from suggestions.models import Suggestion

COLUMNS = (
    Column("编号", 34),
    Column("标题", 50),
    Column("种类", 14),
    Column("会议", 30),
    Column("类别", 14),
    Column("领衔代表", 12),
    Column("附议人数", 9),
    Column("受理机构", 24),
    Column("主办单位", 24),
    Column("状态", 14),
    Column("提交日期", 12),
    Column("登记日期", 12),
    Column("当前期限", 12),
    Column("期限情况", 12),
    Column("答复日期", 12),
    Column("办理结果", 24),
    Column("对办理态度", 11),
    Column("对办理结果", 11),
    Column("办结日期", 12),
)
CHUNK = 500


def suggestions_export(
    *, actor: Actor, rows: QuerySet[Suggestion], title: str, job: Job, progress: Callable[[int, int], None]
) -> Job:
    """Write the rows of a desk as .xlsx and finish the job with it. No phone number is in it.

    Args:
        rows: from ``desk_rows``, so what the actor may see, with ``due_on``.
        title: what was chosen, over the table.
        progress: called with (rows written, total).
    """
    signed = Count("cosigners", filter=Q(cosigners__status=CosignerStatus.CONFIRMED), distinct=True)
    rows = rows.select_related("session__congress", "category", "lead_person", "main_unit", "congress", "office")
    rows = rows.annotate(signed=signed).prefetch_related("answers__feedback")
    with TemporaryFile() as out:
        count = xlsx_write(
            out,
            sheet="代表建议",
            columns=COLUMNS,
            rows=_cells(rows),
            notes=[f"{title}，{cn_datetime(timezone.now())}由{actor.name}导出"],
            total=rows.count(),
            progress=progress,
        )
        out.seek(0)
        name = f"代表建议-{timezone.localdate():%Y%m%d}.xlsx"
        return job_finish(job=job, message=f"共{count}件。", file=File(out, name=name), file_name=name)


def _cells(rows: QuerySet[Suggestion]) -> Iterator[list[Cell]]:
    for row in rows.iterator(chunk_size=CHUNK):
        answers = list(row.answers.all())
        newest = answers[-1] if answers else None
        rating = next((one for one in newest.feedback.all() if one.is_lead), None) if newest else None
        light = light_of(due_of(row))
        yield [
            row.number_label,
            row.title,
            row.get_kind_display(),
            str(row.session or ""),
            str(row.category or ""),
            row.lead_person.name,
            row.signed,  # type: ignore[attr-defined]
            row.office.name,
            row.main_unit.name if row.main_unit else "",
            row.get_status_display(),
            _day(row.submitted_at),
            _day(row.registered_at),
            due_of(row),
            light.days_left_text if light else "",
            newest.document_on if newest else None,
            newest.get_result_class_display() if newest else "",
            rating.get_attitude_display() if rating else "",
            rating.get_result_display() if rating else "",
            _day(row.closed_at),
        ]


def _day(moment: dt.datetime | None) -> dt.date | None:
    return timezone.localdate(moment) if moment else None
