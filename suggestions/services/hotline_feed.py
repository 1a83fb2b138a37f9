"""The running number of what a hotline has to know of its reports, and a report that leaves it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.urls import reverse

from liaison.exceptions import IllegalTransition
from liaison.services.audit import record_audit
from liaison.services.history import record_state_change
from liaison.services.webhook import webhook_publish
from suggestions.models import HotlineFeed, HotlineReport
from suggestions.states_hotline import REPORT_TRANSITIONS, ReportStatus

if TYPE_CHECKING:
    from typing import Any

    from liaison.actor import Actor
    from suggestions.models import Opinion


def next_feed_no(client_id: int) -> int:
    """The next number of a client. Its row lock lasts until the commit, so numbers become visible in their order and
    whoever reads on from the last one misses none."""
    table = connection.ops.quote_name(HotlineFeed._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (client_id, last) VALUES (%s, 1) "  # noqa: S608
            f"ON CONFLICT (client_id) DO UPDATE SET last = {table}.last + 1 RETURNING last",
            [client_id],
        )
        return int(cursor.fetchone()[0])


def lock_feed(client_id: int) -> None:
    """Take the client's place in the order of numbers before its reports are locked, so that two acts on two reports
    wait for each other instead of for both."""
    HotlineFeed.objects.select_for_update().filter(pk=client_id).first()


def lock_echo(client_id: int, *, alone: bool) -> None:
    """An order and the word that it was made of our report may come at the same moment, neither seeing the other. For
    the rest of the transaction whoever takes orders in shares this lock, and whoever takes in such a word has it alone:
    one of both comes first, and the other sees it."""
    how = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {how}(hashtext('hotline_echo'), %s)", [client_id])


def save_told(report: HotlineReport, *fields: str) -> None:
    """Save what the hotline has to know: it finds the report anew at the end of its list."""
    report.version += 1
    report.feed_no = next_feed_no(report.client_id)
    report.save(update_fields=[*fields, "version", "feed_no", "updated_at"])
    publish_report(report, "hotline.report.changed")


def publish_report(report: HotlineReport, type_: str) -> None:
    """Tell the hotline, if it wants to be told, where to look."""
    webhook_publish(
        client_id=report.client_id,
        type=type_,
        object_key=f"report:{report.public_id}",
        path=reverse("api:hotline:report", args=[report.public_id]),
    )


def tell_again(report: HotlineReport) -> None:
    """The hotline finds a locked report anew at the end of its list; the report itself is as it was."""
    report.feed_no = next_feed_no(report.client_id)
    report.save(update_fields=["feed_no"])
    publish_report(report, "hotline.report.changed")


def audit(actor: Actor, report: HotlineReport, verb: str, **detail: Any) -> None:
    """The audit row of one act on a report."""
    record_audit(
        actor=actor, action=f"hotline_report.{verb}", target=report, region_prefix=report.region_prefix, detail=detail
    )


def report_release(actor: Actor, opinion: Opinion, label: str) -> None:
    """The opinion leaves the way to the hotline without an answer: a report that the hotline has not taken up is
    withdrawn.

    Raises:
        IllegalTransition: the hotline works on it (``with_hotline``).
    """
    report = (
        HotlineReport.objects.unscoped(reason="the opinion's own report")
        .select_for_update(of=("self",))
        .filter(opinion=opinion)
        .exclude(status__in=[ReportStatus.WITHDRAWN, ReportStatus.NOT_ACCEPTED])
        .first()
    )
    if report is None:
        return
    if report.status != ReportStatus.SUBMITTED:
        raise IllegalTransition(
            f"热线已经受理（{report.get_status_display()}），不能再“{label}”。请等热线反馈，或者直接答复反映人。",
            code="with_hotline",
        )
    old = report.status
    report.status = REPORT_TRANSITIONS["withdraw"].target
    record_state_change(
        actor=actor, obj=report, act="withdraw", label="撤回转办", old=old, new=report.status, reason=label
    )
    save_told(report, "status")
    audit(actor, report, "withdraw", reason=label)
