"""Yearly coverage (年度覆盖): the office is reminded in the third and fourth quarter; the list as .xlsx."""

from __future__ import annotations

import datetime as dt
import tempfile
from typing import TYPE_CHECKING

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from deputies.models import CommitteeMember, Congress, CoverageReminder
from deputies.selectors.contact_coverage import COVERAGE_VIEWS, NO_UNIT, contact_coverage
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.selectors.people import people_of
from liaison.services.audit import record_audit
from liaison.services.job import job_finish, job_start
from liaison.services.notice import notify
from liaison.services.xlsx import Column, xlsx_write

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.actor import Actor
    from liaison.models import Job

EXPORT_JOB = "contacts.coverage"
#: The office is reminded from the second month of the quarter on: the first one belongs to the work.
REMIND_MONTHS = {8: 3, 9: 3, 11: 4, 12: 4}
COLUMNS = (
    Column("代表证号", 16),
    Column("姓名", 12),
    Column("选举单位", 24),
    Column("代表类别", 12),
    Column("已安排", 10),
    Column("建议由谁联系", 14),
    Column("依据", 22),
)


def coverage_remind(*, actor: Actor, today: dt.date | None = None) -> int:
    """Tell each office once in the third and once in the fourth quarter how many grass-roots deputies are still to be
    met (rulebook section 4: coverage list with gaps; not every week).

    Returns:
        how many offices were told.
    """
    today = today or timezone.localdate()
    quarter = REMIND_MONTHS.get(today.month)
    if quarter is None:
        return 0
    sitting = CommitteeMember.objects.unscoped(reason="the clock looks at every congress").in_force()
    done = CoverageReminder.objects.filter(year=today.year, quarter=quarter)
    congresses = Congress.objects.unscoped(reason="the clock looks at every congress").filter(
        Q(ends_on=None) | Q(ends_on__gte=today), pk__in=sitting.values("congress_id"), office__isnull=False
    )
    waiting = congresses.exclude(pk__in=done.values("congress_id")).select_related("office")
    return sum(_remind(actor, congress, today.year, quarter) for congress in waiting)


@transaction.atomic
def _remind(actor: Actor, congress: Congress, year: int, quarter: int) -> bool:
    found = contact_coverage(congress, year)
    _, is_new = CoverageReminder.objects.get_or_create(
        congress=congress, year=year, quarter=quarter, defaults={"gaps": found.open}
    )
    if not is_new or not found.open:
        return False
    notify(
        recipients=people_of([congress.office_id]),
        kind=NoticeKind.REMINDER,
        title=f"{congress.short_name}：今年还有{found.open}名基层代表没有联系",
        body=f"共{found.total}名，已联系{found.covered}名；其中{found.unplanned}名还没有安排。",
        url=f"/contacts/coverage/?congress={congress.public_id}&year={year}",
        except_user_id=actor.user_id,
    )
    return True


def coverage_export_start(*, actor: Actor, congress: Congress, year: int, view: str) -> Job:
    """Queue the coverage list as a file.

    Raises:
        NotAllowed: the role may not.
    """
    actor.require(Permission.CONTACT_EDIT)
    params = {"congress": str(congress.public_id), "year": year, "view": view}
    return job_start(actor=actor, kind=EXPORT_JOB, title=f"导出{year}年联系覆盖情况", params=params)


def coverage_export(
    *, actor: Actor, job: Job, congress: Congress, year: int, view: str, progress: Callable[[int, int], None]
) -> None:
    """Write the gap list with its sums and finish the job.

    Raises:
        NotAllowed: the role may not (any more).
    """
    actor.require(Permission.CONTACT_EDIT)
    label, done, read = COVERAGE_VIEWS[view]
    found = read(congress, year)
    now = timezone.localtime()
    notes = [
        f"{congress.name}{year}年{label}",
        f"应覆盖{found.total}名，{done}{found.covered}名，尚未覆盖{found.open}名。以下为尚未覆盖的代表。",
        f"导出时间：{now:%Y-%m-%d %H:%M}　导出人：{actor.name}（{actor.label}）",
    ]
    rows = (
        (
            gap.mandate.certificate_number,
            gap.mandate.person.name,
            gap.mandate.electoral_unit.name if gap.mandate.electoral_unit else NO_UNIT,
            gap.mandate.get_profession_class_display(),
            gap.planned or None,
            gap.member.mandate.person.name if gap.member else "",
            gap.reason,
        )
        for gap in found.gaps
    )
    with tempfile.TemporaryFile() as target:
        xlsx_write(target, sheet=label, columns=COLUMNS, rows=rows, notes=notes, total=found.open, progress=progress)
        target.seek(0)
        record_audit(actor=actor, action="contact.export", target=congress, detail={"rows": found.open, "year": year})
        job_finish(
            job=job,
            message=f"尚未覆盖{found.open}名。",
            file=File(target),
            file_name=f"{congress.short_name}{year}年{label}.xlsx",
        )
