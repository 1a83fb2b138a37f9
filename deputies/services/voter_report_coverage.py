"""The term's coverage of reports to voters (述职覆盖) as .xlsx."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

from django.core.files.base import File
from django.utils import timezone

from deputies.selectors.voter_report import NO_UNIT, report_coverage
from liaison.dates import cn_date
from liaison.permissions import Permission
from liaison.services.audit import record_audit
from liaison.services.job import job_finish, job_start
from liaison.services.xlsx import Column, xlsx_write

if TYPE_CHECKING:
    from collections.abc import Callable

    from deputies.models import Congress
    from liaison.actor import Actor
    from liaison.models import Job

EXPORT_JOB = "voter_reports.coverage"
COLUMNS = (
    Column("代表证号", 16),
    Column("姓名", 12),
    Column("选举单位", 24),
    Column("工作单位", 30),
    Column("已述职次数", 12),
    Column("已安排", 30),
)


def report_coverage_start(*, actor: Actor, congress: Congress) -> Job:
    """Queue the list of who is still to report.

    Raises:
        NotAllowed: the role may not.
    """
    actor.require(Permission.VOTER_REPORT_EDIT)
    title = f"导出{congress.short_name}述职覆盖情况"
    return job_start(actor=actor, kind=EXPORT_JOB, title=title, params={"congress": str(congress.public_id)})


def report_coverage_export(*, actor: Actor, job: Job, congress: Congress, progress: Callable[[int, int], None]) -> None:
    """Write the list and finish the job.

    Raises:
        NotAllowed: the role may not (any more).
    """
    actor.require(Permission.VOTER_REPORT_EDIT)
    found = report_coverage(congress)
    now = timezone.localtime()
    notes = [
        f"{congress.name}代表述职情况",
        f"每名代表本届至少述职{found.needed}次。在任{found.total}名，已达到{found.covered}名，以下{len(found.gaps)}名尚未达到。",
        f"导出时间：{now:%Y-%m-%d %H:%M}　导出人：{actor.name}（{actor.label}）",
    ]
    rows = (
        (
            gap.mandate.certificate_number,
            gap.mandate.person.name,
            gap.mandate.electoral_unit.name if gap.mandate.electoral_unit else NO_UNIT,
            gap.mandate.person.employer,
            gap.done,
            f"{cn_date(gap.coming.on)}{gap.coming.title}" if gap.coming else "",
        )
        for gap in found.gaps
    )
    with tempfile.TemporaryFile() as target:
        xlsx_write(
            target, sheet="尚未述职", columns=COLUMNS, rows=rows, notes=notes, total=len(found.gaps), progress=progress
        )
        target.seek(0)
        detail = {"rows": len(found.gaps)}
        record_audit(actor=actor, action="voter_report.export", target=congress, detail=detail)
        job_finish(
            job=job,
            message=f"尚未达到{len(found.gaps)}名。",
            file=File(target),
            file_name=f"{congress.short_name}代表述职情况.xlsx",
        )
