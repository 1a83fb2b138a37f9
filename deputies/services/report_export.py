"""The desk of reports as a workbook, written row by row by a worker."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from django.core.files import File
from django.utils import timezone

from deputies.selectors.report import author_names
from liaison.dates import cn_datetime
from liaison.permissions import Permission
from liaison.services.audit import record_audit
from liaison.services.job import job_finish
from liaison.services.xlsx import Column, xlsx_write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from django.db.models import QuerySet

    from deputies.models import DeputyReport
    from liaison.actor import Actor
    from liaison.models import Job
    from liaison.services.xlsx import Cell

EXPORT_JOB = "report.export"
CHUNK = 500
COLUMNS = (
    Column("标题", 40),
    Column("种类", 12),
    Column("作者", 24),
    Column("届次", 20),
    Column("主题活动", 30),
    Column("接收机构", 24),
    Column("状态", 12),
    Column("提交时间", 18),
    Column("接收时间", 18),
    Column("转送机关", 40),
    Column("已反馈", 10),
)


def reports_export(
    *,
    actor: Actor,
    reports: QuerySet[DeputyReport],
    conditions: Sequence[str],
    job: Job,
    progress: Callable[[int, int], None],
) -> Job:
    """Write the rows of the desk as .xlsx and finish the job with it.

    Args:
        reports: from ``report_list`` under the desk's conditions.
        conditions: what was chosen, in words.
        progress: called with (rows written, total).

    Raises:
        NotAllowed: the role may not export (any more).
    """
    actor.require(Permission.REPORT_RECEIVE)
    reports = reports.prefetch_related("transfers__unit").order_by("-id")
    with TemporaryFile() as out:
        count = xlsx_write(
            out,
            sheet="代表报告",
            columns=COLUMNS,
            rows=_cells(reports),
            notes=[f"代表报告（{'；'.join(conditions) or '全部'}），{cn_datetime(timezone.now())}由{actor.name}导出。"],
            total=reports.order_by().count(),
            progress=progress,
        )
        out.seek(0)
        record_audit(actor=actor, action="report.export", title="代表报告", detail={"rows": count})
        name = f"代表报告{timezone.localdate():%Y%m%d}.xlsx"
        return job_finish(job=job, message=f"共{count}篇。", file=File(out, name=name), file_name=name)


def _cells(reports: QuerySet[DeputyReport]) -> Iterator[list[Cell]]:
    for row in reports.iterator(chunk_size=CHUNK):
        transfers = [one for one in row.transfers.all() if one.cancelled_at is None]
        yield [
            row.title,
            row.get_kind_display(),
            author_names(row),
            row.mandate.congress.short_name,
            row.campaign.title if row.campaign else "",
            row.office.name,
            row.get_status_display(),
            row.submitted_at,
            row.accepted_at,
            "、".join(one.unit.name for one in transfers),
            f"{sum(1 for one in transfers if one.answered_at)}/{len(transfers)}" if transfers else "",
        ]
