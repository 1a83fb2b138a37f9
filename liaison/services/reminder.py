"""Reminding (催办提醒): one scan tells everybody what they have not been told yet, exactly once.

The truth is the table of reminders, unique on (deadline, due day, threshold, person). A batch is one
transaction: it locks its deadlines (skipping those that somebody else works on), inserts the reminders
that are not there yet, and makes notices for just those. So a scan may run twice, at once with another,
late, or be killed at any point: what was not committed is found again by the next scan.

What the scan promises in time is said in ``liaison.reminding``. After an outage each person gets one
notice a deadline, which says so; the thresholds that passed meanwhile are recorded with that notice.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from liaison.models import Deadline, Reminder
from liaison.reminding import Moments, planned_at
from liaison.selectors.calendar import work_calendar
from liaison.selectors.people import people_by_organisation
from liaison.selectors.reminder import (
    OTHER_KINDS,
    SCAN_HEARTBEAT,
    after,
    deadlines_to_remind,
    last_scan,
    rules_by_kind,
)
from liaison.selectors.subject import SubjectLine, subject_lines
from liaison.services.heartbeat import heartbeat_record
from liaison.services.notice import notice_ids, notify_each, wake_delivery
from liaison.services.recompute import deadlines_catch_up
from liaison.services.reminder_text import Outage, reminder_message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison.calendar import WorkCalendar
    from liaison.models import User
    from liaison.reminding import Rule

#: Rows in one transaction: large enough to need few queries a row, small enough to hold no one up.
BATCH = 500
#: A reminder is called late because of an outage when no scan ran for so long.
OUTAGE = dt.timedelta(hours=1)


@dataclass(slots=True)
class ScanResult:
    """What one scan did.

    ``deadlines`` that had somebody to tell, ``told`` people in all, ``supervisors`` among them,
    ``late`` notices that speak of an outage, ``unreachable`` deadlines without anybody to tell, and
    ``recomputed`` deadlines that a change of the calendar moved first.
    """

    now: dt.datetime
    deadlines: int = 0
    told: int = 0
    supervisors: int = 0
    late: int = 0
    unreachable: int = 0
    batches: int = 0
    recomputed: int = 0


@dataclass(slots=True)
class _Scan:
    """What all batches of one scan share."""

    moments: Moments
    calendar: WorkCalendar
    rules: dict[str, Rule]
    last_scan: dt.datetime | None
    result: ScanResult
    planned: dict[tuple[dt.date, int], dt.datetime] = field(default_factory=dict)

    @property
    def today(self) -> dt.date:
        return self.moments.now.date()

    def rule(self, kind: str) -> Rule:
        return self.rules.get(kind) or self.rules[OTHER_KINDS]

    def planned_at(self, due_on: dt.date, threshold: int) -> dt.datetime:
        key = (due_on, threshold)
        if key not in self.planned:
            self.planned[key] = planned_at(due_on, threshold, self.calendar)
        return self.planned[key]


@dataclass(frozen=True, slots=True)
class _Told:
    """One person to be told of one deadline."""

    deadline: Deadline
    stage: int
    person: User
    as_supervisor: bool
    notice_id: int = 0


def reminders_scan(*, now: dt.datetime) -> ScanResult:
    """Tell the holder's people, and from the first day overdue the supervising office's, what is due.

    Args:
        now: the moment of the scan, with a time zone. Paused deadlines are silent.

    Deadlines that a change of the calendar has not reached yet are computed anew first.
    Memory does not grow with the number of deadlines; a batch of 500 takes about ten queries.
    """
    recomputed = deadlines_catch_up()
    scan = _Scan(
        moments=(moments := Moments.after(now, calendar := work_calendar())),
        calendar=calendar,
        rules=rules_by_kind(),
        last_scan=last_scan(),
        result=ScanResult(now=moments.now, recomputed=recomputed),
    )
    place: tuple[dt.date, int] | None = None
    while True:
        with transaction.atomic(durable=True):
            batch = _claim(scan, place)
            if not batch:
                break
            _remind(scan, batch)
        scan.result.batches += 1
        place = (batch[-1].due_on, batch[-1].pk)
    with transaction.atomic():
        heartbeat_record(name=SCAN_HEARTBEAT, now=now)
        if scan.result.told:
            wake_delivery()
    return scan.result


def _claim(scan: _Scan, place: tuple[dt.date, int] | None) -> list[Deadline]:
    """The next deadlines with a stage to tell, locked; those that a person is just changing come next time."""
    deadlines = deadlines_to_remind(rules=scan.rules, moments=scan.moments)
    return list(
        after(deadlines, place)
        .select_for_update(of=("self",), skip_locked=True, no_key=True)
        .select_related("holder", "holder_user", "supervisor")
        .defer("steps")[:BATCH]
    )


def _remind(scan: _Scan, batch: list[Deadline]) -> None:
    told = _insert_new(_people(scan, batch))
    if not told:
        return
    lines = subject_lines(batch)
    outages = [_outage(scan, entry) for entry in told]
    notify_each(
        (
            reminder_message(
                person=entry.person,
                deadline=entry.deadline,
                today=scan.today,
                as_supervisor=entry.as_supervisor,
                line=lines.get(entry.deadline.pk, SubjectLine("", "")),
                outage=outage,
            )
            for entry, outage in zip(told, outages, strict=True)
        ),
        ids=[entry.notice_id for entry in told],
        wake=False,
    )
    _insert_reminders((entry, threshold) for entry in told for threshold in _older(scan, entry))
    scan.result.deadlines += len({entry.deadline.pk for entry in told})
    scan.result.told += len(told)
    scan.result.supervisors += sum(entry.as_supervisor for entry in told)
    scan.result.late += sum(outage is not None for outage in outages)


def _people(scan: _Scan, batch: list[Deadline]) -> list[_Told]:
    """Whom to tell of each deadline, each person once: as holder rather than as supervisor."""
    organisations = {deadline.holder_id for deadline in batch}
    organisations |= {deadline.supervisor_id for deadline in batch if _stage(deadline) < 0}
    by_organisation = people_by_organisation({pk for pk in organisations if pk is not None})
    wanted: list[_Told] = []
    for deadline in batch:
        people = {person.pk: (person, False) for person in by_organisation.get(deadline.holder_id or 0, [])}
        if deadline.holder_user is not None and deadline.holder_user.is_active:
            people[deadline.holder_user.pk] = (deadline.holder_user, False)
        if _stage(deadline) < 0:
            for person in by_organisation.get(deadline.supervisor_id or 0, []):
                people.setdefault(person.pk, (person, True))
        wanted += [_Told(deadline, _stage(deadline), person, supervisor) for person, supervisor in people.values()]
        scan.result.unreachable += not people
    return wanted


def _insert_new(wanted: list[_Told]) -> list[_Told]:
    """Insert the reminders that are not there yet, with the number of the notice to come; only those return.

    A row that another transaction is just inserting is waited for: if it commits, it is left out here.
    """
    if not wanted:
        return []
    numbered = [replace(entry, notice_id=pk) for entry, pk in zip(wanted, notice_ids(len(wanted)), strict=True)]
    inserted = set(_insert_reminders((entry, entry.stage) for entry in numbered))
    return [entry for entry in numbered if entry.notice_id in inserted]


def _older(scan: _Scan, entry: _Told) -> list[int]:
    """The thresholds reached before the stage that this person would have been told of."""
    days_left = (entry.deadline.due_on - scan.today).days
    reached = scan.rule(entry.deadline.kind).reached(days_left)
    return [threshold for threshold in reached[:-1] if threshold < 0 or not entry.as_supervisor]


def _outage(scan: _Scan, entry: _Told) -> Outage | None:
    """What an outage kept from this person: thresholds planned since the last scan, at least an hour ago.

    A deadline that was opened or moved meanwhile, and a person who came later, missed nothing.
    """
    now, last = scan.moments.now, scan.last_scan
    if last is not None and now - last <= OUTAGE:
        return None
    since = max(filter(None, (last, entry.deadline.updated_at)))
    missed = [
        threshold
        for threshold in [*_older(scan, entry), entry.stage]
        if since < scan.planned_at(entry.deadline.due_on, threshold) <= now - OUTAGE
    ]
    return Outage(last and timezone.localtime(last), now, tuple(missed)) if missed else None


def _stage(deadline: Deadline) -> int:
    stage: int = deadline.stage  # type: ignore[attr-defined]  # annotated by deadlines_to_remind
    return stage


def _insert_reminders(rows: Iterable[tuple[_Told, int]]) -> list[int]:
    """Insert (person told, threshold) rows that are not there yet, in one order for all scans.

    Returns:
        The notice of each row really inserted.
    """
    ordered = sorted(rows, key=lambda row: (row[0].deadline.pk, row[0].person.pk, -row[1]))
    if not ordered:
        return []
    table = connection.ops.quote_name(Reminder._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (deadline_id, due_on, threshold, recipient_id, notice_id, created_at)"  # noqa: S608
            " SELECT *, %s FROM unnest(%s::bigint[], %s::date[], %s::smallint[], %s::bigint[], %s::bigint[])"
            " ON CONFLICT DO NOTHING RETURNING notice_id",
            [
                timezone.now(),
                [entry.deadline.pk for entry, _ in ordered],
                [entry.deadline.due_on for entry, _ in ordered],
                [threshold for _, threshold in ordered],
                [entry.person.pk for entry, _ in ordered],
                [entry.notice_id for entry, _ in ordered],
            ],
        )
        return [row[0] for row in cursor.fetchall()]
