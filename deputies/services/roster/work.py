"""What a worker does with a roster: read it into a preview, and apply the preview in one transaction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, BinaryIO, cast

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from deputies.models import Congress, RosterImport, RosterRow, RowVerdict
from deputies.services.roster.cells import ParsedRow
from deputies.services.roster.judge import Judged, judge, remarks
from deputies.services.roster.sheet import UnreadableRoster, read_sheet
from deputies.services.roster.standing import read_standing
from deputies.services.roster.steps import empty_roster, lock_roster
from deputies.services.roster.write import write_roster
from deputies.services.tracking import acting
from deputies.states import ROSTER_TRANSITIONS, RosterStatus
from liaison.exceptions import DomainError
from liaison.services.audit import record_audit
from liaison.services.job import job_finish

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from liaison.actor import Actor
    from liaison.models import Job

    Progress = Callable[[int, int], None]

CHANGED = "核对之后，名册涉及的资料有了变化（{where}），为避免覆盖，没有导入任何一行。请重新核对后再确认。"


def roster_read(*, actor: Actor, roster_id: UUID | str, job: Job, progress: Progress) -> None:
    """Read the file of an import into its preview.

    Args:
        job: the job that does it; an older job of the same import does nothing.
        progress: ``(done, total)``, seen also from inside the transaction.

    Raises:
        DomainError: the file as a whole cannot be taken; the import then says why.

    Run again after a killed worker it gives the same preview.
    """
    roster = _of_job(actor, roster_id, job, RosterStatus.READING)
    if roster is None:
        return
    try:
        with roster.file.open("rb") as stream:
            sheet = read_sheet(cast("BinaryIO", stream), progress=progress)
    except FileNotFoundError:
        _give_up(actor, roster_id, job, "reject", "上传的文件已不在系统中，请重新上传。")
    except UnreadableRoster as unreadable:
        _give_up(actor, roster_id, job, "reject", unreadable.text)
    with transaction.atomic():
        roster = _of_job(actor, roster_id, job, RosterStatus.READING, lock=True)
        if roster is None:
            return
        standing = read_standing(actor, roster.congress, sheet.rows)
        judged = judge(sheet.rows, standing)
        _keep_rows(roster, judged, progress)
        for verdict in RowVerdict:
            setattr(roster, f"count_{verdict.value}", sum(1 for one in judged if one.verdict == verdict))
        roster.remarks = remarks(judged, standing)
        if sheet.ignored:
            roster.remarks.insert(0, f"以下列不在模板中，没有读取：{'、'.join(sheet.ignored[:20])}。")
        roster.error = ""
        ROSTER_TRANSITIONS.apply(roster, "read", actor)
        roster.save()
        job_finish(job=job, message=_summary(roster), result_url=roster.get_absolute_url())


def roster_apply(*, actor: Actor, roster_id: UUID | str, job: Job, progress: Progress) -> None:
    """Apply a confirmed preview: every row or none.

    The rows are judged once more under lock. When any verdict differs from the preview, somebody changed
    the data in between: nothing is done, and the import says so.

    Raises:
        DomainError: nothing was done; the import says why.

    Run again after a killed worker it gives the same result: what was begun was rolled back, and an import
    that is done is left alone.
    """
    try:
        with transaction.atomic():
            roster = _of_job(actor, roster_id, job, RosterStatus.APPLYING, lock=True)
            if roster is None:
                return
            _apply(actor, roster, job, progress)
            return
    except _DataChanged as changed:
        where = changed.where
    except IntegrityError:
        where = "有人同时登记了相同的代表证号或手机号码"
    _give_up(actor, roster_id, job, "refuse", CHANGED.format(where=where))


class _DataChanged(Exception):
    """Rows would be judged otherwise than the preview showed."""

    def __init__(self, lines: list[int]) -> None:
        super().__init__(len(lines))
        shown = "、".join(str(line) for line in lines[:5])
        self.where = f"第{shown}行" + (f"等{len(lines)}行" if len(lines) > 5 else "")


def _apply(actor: Actor, roster: RosterImport, job: Job, progress: Progress) -> None:
    # One import at a time for a congress: the second waits here, then finds the data changed.
    Congress.objects.select_for_update(no_key=True).get(pk=roster.congress_id)
    rows = list(roster.rows.order_by("line"))
    parsed = [ParsedRow(line=row.line, values=row.values) for row in rows]
    total = len(parsed)
    progress(0, total)
    standing = read_standing(actor, roster.congress, parsed, lock=True)
    judged = judge(parsed, standing)
    changed = [
        row.line
        for row, one in zip(rows, judged, strict=True)
        if (row.verdict, row.fingerprint) != (one.verdict, one.fingerprint)
    ]
    if changed or any(one.verdict == RowVerdict.WRONG for one in judged):
        raise _DataChanged(changed)
    with acting(actor):
        write_roster(roster.congress, judged, standing, progress=lambda done: progress(done, total))
    ROSTER_TRANSITIONS.apply(roster, "finish", actor)
    roster.applied_at = timezone.now()
    empty_roster(roster)
    roster.save()
    record_audit(
        actor=actor,
        action="roster.apply",
        target=roster,
        title=f"{roster.congress.short_name}名册“{roster.file_name}”",
        detail={"new": roster.count_new, "changed": roster.count_changed, "same": roster.count_same},
    )
    job_finish(job=job, message=_summary(roster), result_url=roster.get_absolute_url())


def _of_job(
    actor: Actor, roster_id: UUID | str, job: Job, status: RosterStatus, *, lock: bool = False
) -> RosterImport | None:
    """The import, as long as it still waits for this job; None when somebody else has dealt with it."""
    if lock:
        roster: RosterImport | None = lock_roster(actor, roster_id)
    else:
        roster = RosterImport.objects.visible_to(actor).select_related("congress").filter(public_id=roster_id).first()
    return roster if roster is not None and roster.status == status and roster.job_id == job.pk else None


def _give_up(actor: Actor, roster_id: UUID | str, job: Job, step: str, message: str) -> None:
    """Note on the import why it failed, then fail the job with the same words.

    Raises:
        DomainError: always, with the message.
    """
    expected = RosterStatus.READING if step == "reject" else RosterStatus.APPLYING
    with transaction.atomic():
        roster = _of_job(actor, roster_id, job, expected, lock=True)
        if roster is not None:
            roster.error = message
            ROSTER_TRANSITIONS.apply(roster, step, actor, reason=message)
            roster.save(update_fields=["status", "error", "updated_at"])
    raise DomainError(message, code="roster_failed")


def _keep_rows(roster: RosterImport, judged: list[Judged], progress: Progress) -> None:
    """The preview's lines by COPY: ten thousand of them in a second, where INSERT takes many."""
    RosterRow.objects.filter(roster_import=roster).delete()
    table = RosterRow._meta.db_table
    columns = 'roster_import_id, line, "values", verdict, notes, fingerprint'
    total = len(judged)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
    ):
        for one in judged:
            values, notes = (json.dumps(content, ensure_ascii=False) for content in (one.row.values, one.notes))
            copy.write_row((roster.pk, one.row.line, values, one.verdict.value, notes, one.fingerprint))
    progress(total, total)


def _summary(roster: RosterImport) -> str:
    return (
        f"共{roster.count_total}行：新增{roster.count_new}，变更{roster.count_changed}，"
        f"相同{roster.count_same}，有误{roster.count_wrong}。"
    )
