"""Reconciliation with a hotline (对账): the day is closed, the hotline tells its figures, what differs is repaired."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from liaison.exceptions import InvalidInput, NotAllowed, NotFound
from liaison.models import ApiClient
from liaison.permissions import Permission
from liaison.services.audit import record_audit
from liaison.services.webhook import webhook_publish
from suggestions.digests import report_digest_sql
from suggestions.models import (
    DifferenceKind,
    HotlineOrder,
    HotlineReport,
    Reconciliation,
    ReconciliationDifference,
)
from suggestions.models.hotline_report import CLOCK_SKEW
from suggestions.selectors.reconciliation import (
    ORDERS,
    REPORTS,
    bounds_of,
    differing,
    figures_of,
    kinds_of,
    packed,
    standing,
)
from suggestions.services.hotline_feed import lock_feed, tell_again

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from liaison.actor import Actor
    from suggestions.selectors.reconciliation import Figures, Item

#: So many differences of a kind and day are named; what is beyond is counted, and named once these are mended.
MOST_NAMED = 5000
#: So many reports are told anew by one press: their place in the feed is locked meanwhile.
MOST_TOLD_AGAIN = 500
#: A day that nobody closed, because nothing ran, is closed later, up to so many days back.
DAYS_BACK = 7


class Told:
    """What came of the hotline's figures (in answers to it)."""

    STORED = "stored"
    STALE = "stale"


@transaction.atomic
def reconciliation_close(*, client: ApiClient, day: dt.date) -> bool:
    """Keep our figures of a day that is over, and tell the hotline that they are ready; a second time does nothing.

    Returns:
        Whether it was closed just now.
    """
    row = _locked(client.pk, day)
    if row.closed_at is not None:
        return False
    row.ours, row.closed_at = packed(figures_of(client.pk, day, kinds_of(client.scopes))), timezone.now()
    _save(row, "ours", "closed_at")
    _publish(row)
    return True


def _publish(row: Reconciliation) -> None:
    """Tell the hotline, if it wants to be told, that there is something to fetch."""
    day = row.day.isoformat()
    webhook_publish(
        client_id=row.client_id,
        type="hotline.reconciliation.ready",
        object_key=f"reconciliation:{day}",
        path=reverse("api:hotline:reconciliation", args=[day]),
    )


@transaction.atomic
def reconciliation_tell(
    *,
    actor: Actor,
    day: dt.date,
    theirs: Figures,
    items: Mapping[str, Mapping[str, list[Item]]],
    taken_at: dt.datetime | None,
) -> tuple[Reconciliation, str]:
    """Take in the hotline's own figures of a day, and note what differs now.

    Args:
        theirs: kind → state → (count, digest); a kind that is left out is not compared.
        items: kind → state → the group's items, for as many groups as the hotline likes; they fit their groups.
        taken_at: when the hotline counted; what changed here since is no difference. None: now.

    Returns:
        The day, and whether the figures were kept (``stored``) or older ones than those that stand (``stale``).

    Raises:
        InvalidInput: a time before the day or to come (``taken_at``).
    """
    actor.require(Permission.HOTLINE_ORDERS_WRITE)
    if actor.client_id is None:
        raise NotAllowed("对账的数由热线中心的接口客户端报送。")
    if REPORTS in theirs:
        actor.require(Permission.HOTLINE_REPORTS_READ)
    now = timezone.now()
    _check_times(day, taken_at, now)
    row = _locked(actor.client_id, day)
    moment = min(taken_at or now, now)
    if row.taken_at is not None and moment < row.taken_at:
        return row, Told.STALE
    ours = figures_of(actor.client_id, day, theirs)
    asked = {(one.kind, one.number): one.asked_at for one in row.differences.filter(asked_at__isnull=False)}
    row.differences.all().delete()
    row.items_wanted, row.difference_count = {}, 0
    for kind, groups in theirs.items():
        states = differing(ours[kind], groups)
        told = items.get(kind, {})
        lacking = sorted(state for state in states if state in groups and state not in told)
        if lacking:
            row.items_wanted[kind] = lacking
        elif states:
            named = [one for state in sorted(states) for one in told.get(state, ())]
            row.difference_count += _note(row, kind, states, named, moment)
    _ask_still(row, asked)
    row.theirs, row.taken_at, row.told_at = packed(theirs), moment, now
    if not row.items_wanted and not row.difference_count:
        row.agreed, row.agreed_at = row.theirs, now
    _save(row, "theirs", "taken_at", "told_at", "items_wanted", "difference_count", "agreed", "agreed_at")
    record_audit(
        actor=actor,
        action="reconciliation.tell",
        target=row,
        region_prefix=actor.region_prefix,
        detail={"differences": row.difference_count, "items_wanted": row.items_wanted},
    )
    return row, Told.STORED


def _locked(client_id: int, day: dt.date) -> Reconciliation:
    """The day's row, made when it is not there, locked for the rest of the transaction."""
    Reconciliation.objects.get_or_create(client_id=client_id, day=day)
    return Reconciliation.objects.select_for_update().get(client_id=client_id, day=day)


def _save(row: Reconciliation, *fields: str) -> None:
    row.version += 1
    row.save(update_fields=[*fields, "version", "updated_at"])


def _check_times(day: dt.date, taken_at: dt.datetime | None, now: dt.datetime) -> None:
    if taken_at is None:
        return
    begins, _ = bounds_of(day)
    if not begins <= taken_at <= now + CLOCK_SKEW:
        message = "统计时间应在当日零点以后，不能在将来，请核对时钟和时区。"
        raise InvalidInput(message, fields={"taken_at": message})


# -- what differs --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Source:
    """Where a kind stands in the database: ``o`` is its table's alias, ``t`` the hotline's items."""

    table: str
    key: str
    number: str
    join: str
    state: str
    digest: str
    at: str


_SOURCES = {
    ORDERS: _Source(
        HotlineOrder._meta.db_table,
        "order_id",
        "o.order_no",
        "o.order_no = t.number",
        "o.state",
        "o.digest",
        "o.accepted_at",
    ),
    REPORTS: _Source(
        HotlineReport._meta.db_table,
        "report_id",
        "o.public_id::text",
        "o.public_id = t.number::uuid",
        "o.status",
        report_digest_sql("o"),
        "o.created_at",
    ),
}


def _note(row: Reconciliation, kind: str, states: Iterable[str], items: list[Item], moment: dt.datetime) -> int:
    """Name what differs within these states; the database compares, no row of ours leaves it.

    Returns:
        How many differ, those beyond ``MOST_NAMED`` included.
    """
    of = _SOURCES[kind]
    begins, ends = bounds_of(row.day)
    statement = f"""
        WITH theirs AS (
            SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[]) AS t(number, state, digest, version)
        ), differs AS MATERIALIZED (
            SELECT t.number, o.id, COALESCE({of.state}, '') AS our_state,
                CASE WHEN o.id IS NULL THEN '' ELSE {of.digest} END AS our_digest,
                t.state AS their_state, t.digest AS their_digest, t.version,
                CASE WHEN o.id IS NULL THEN %s WHEN {of.state} <> t.state THEN %s ELSE %s END AS problem
            FROM theirs t LEFT JOIN {of.table} o ON o.client_id = %s AND {of.join}
            WHERE o.id IS NULL
                OR (({of.state} <> t.state OR {of.digest} <> t.digest) AND o.updated_at <= %s)
            UNION ALL
            SELECT {of.number}, o.id, {of.state}, {of.digest}, '', '', NULL, %s
            FROM {of.table} o
            WHERE o.client_id = %s AND {of.at} >= %s AND {of.at} < %s AND {of.state} = ANY(%s) AND o.updated_at <= %s
                AND NOT EXISTS (SELECT 1 FROM theirs t WHERE {of.join})
        ), named AS (
            INSERT INTO {ReconciliationDifference._meta.db_table} (reconciliation_id, kind, number, {of.key}, our_state,
                our_digest, their_state, their_digest, their_version, problem)
            SELECT %s, %s, number, id, our_state, our_digest, their_state, their_digest, version, problem
            FROM differs ORDER BY number COLLATE "C" LIMIT %s
        )
        SELECT count(*) FROM differs
    """  # noqa: S608
    P = DifferenceKind  # noqa: N806
    params: list[Any] = [
        *([getattr(one, name) for one in items] for name in ("number", "state", "digest", "version")),
        P.MISSING_HERE, P.OTHER_STATE, P.OTHER_CONTENT, row.client_id, moment,
        P.MISSING_THERE, row.client_id, begins, ends, list(states), moment,
        row.pk, kind, MOST_NAMED,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.fetchone()[0])


def _ask_still(row: Reconciliation, asked: Mapping[tuple[str, str], dt.datetime | None]) -> None:
    """What was asked for before and still differs stays asked for."""
    if not asked:
        return
    rows = [one for one in row.differences.all() if (one.kind, one.number) in asked]
    for one in rows:
        one.asked_at = asked[one.kind, one.number]
    ReconciliationDifference.objects.bulk_update(rows, ["asked_at"], batch_size=500)


# -- repair --------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Repaired:
    """What one press did.

    Args:
        reports: told to the hotline anew.
        orders: the hotline is asked to tell anew.
        goes_on: there are more reports, for another press.
    """

    reports: int
    orders: int
    goes_on: bool = False


@transaction.atomic
def reconciliation_repair(*, actor: Actor, public_id: UUID) -> Repaired:
    """一键补齐: a report that the hotline lacks or has otherwise is told anew; an order that we lack or have otherwise
    is asked for. What was asked for since the hotline told its figures is not asked for twice.

    Raises:
        NotFound: no such day in the actor's region.
    """
    if not actor.can(Permission.CLIENT_EDIT):
        actor.require(Permission.HOTLINE_HANDLE)
    row = Reconciliation.objects.visible_to(actor).select_for_update(of=("self",)).filter(public_id=public_id).first()
    if row is None:
        raise NotFound
    if row.told_at is None:
        return Repaired(0, 0)
    now = timezone.now()
    waiting = standing(row.differences.filter(Q(asked_at=None) | Q(asked_at__lt=row.told_at)))
    orders = ReconciliationDifference.objects.filter(pk__in=waiting.filter(kind=ORDERS).values("pk"))
    asked = orders.update(asked_at=now)
    told, goes_on = _tell_again(row, waiting.filter(report__isnull=False), now)
    if asked or told:
        row.repaired_at, row.repaired_by = now, actor.label[:120]
        _save(row, "repaired_at", "repaired_by")
        if asked:
            _publish(row)
        record_audit(
            actor=actor,
            action="reconciliation.repair",
            target=row,
            region_prefix=row.client.organisation.region.prefix,
            detail={"orders": asked, "reports": told},
        )
    return Repaired(told, asked, goes_on)


def _tell_again(row: Reconciliation, waiting: Any, now: dt.datetime) -> tuple[int, bool]:
    """Put reports at the end of the hotline's list, in their order; the rest waits for another press."""
    ids = list(waiting.order_by("report_id").values_list("pk", "report_id")[: MOST_TOLD_AGAIN + 1])
    taken, goes_on = ids[:MOST_TOLD_AGAIN], len(ids) > MOST_TOLD_AGAIN
    if not taken:
        return 0, False
    lock_feed(row.client_id)
    reports = HotlineReport.objects.unscoped(reason="the day's own reports").select_for_update(
        of=("self",), no_key=True
    )
    for report in reports.filter(pk__in=[report_id for _, report_id in taken]).order_by("pk"):
        tell_again(report)
    ReconciliationDifference.objects.filter(pk__in=[pk for pk, _ in taken]).update(asked_at=now)
    return len(taken), goes_on
