"""What the office does with a report: accept it (the ledger counts it), return it, take acceptance back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deputies.models import AuthorStatus, DeputyReport, DutyKind, JudgedReport
from deputies.selectors.report import accounts_of
from deputies.services.checks import require_text
from deputies.services.duty import DutyFact, duty_clear, duty_set
from deputies.services.report import lock_report
from deputies.states import REPORT_TRANSITIONS
from liaison.exceptions import DomainError
from liaison.models.notice import NoticeKind
from liaison.services.audit import record_audit
from liaison.services.notice import notify

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor


@transaction.atomic
def report_accept(*, actor: Actor, public_id: UUID | str, version: int | None) -> DeputyReport:
    """Take a report (接收): from now on the ledger counts it for its author and the co-authors who confirmed.

    Raises:
        NotFound, NotAllowed, IllegalTransition, StaleVersion: as elsewhere.
    """
    report = lock_report(actor, public_id, version=version)
    REPORT_TRANSITIONS.apply(report, "accept", actor)
    report.accepted_at = timezone.now()
    report.version += 1
    report.save(update_fields=["status", "accepted_at", "version", "updated_at"])
    record_audit(actor=actor, action="report.accept", target=report, region_prefix=report.region_prefix)
    duty_set(actor=actor, source=report, facts=report_facts(report))
    _tell(actor, report, f"您的{report.get_kind_display()}已接收：{report.title}", "报告已计入履职台账。")
    return report


def report_facts(report: DeputyReport) -> list[DutyFact]:
    """What an accepted report says of its authors: one report each, on the day on which it was handed in."""
    confirmed = report.authors.filter(status=AuthorStatus.CONFIRMED).values_list("mandate_id", flat=True)
    handed_in = timezone.localdate(report.submitted_at)
    return [
        DutyFact(
            mandate_id=mandate_id,
            kind=DutyKind.REPORT,
            on=handed_in,
            title=f"{report.get_kind_display()}《{report.title}》",
            campaign_id=report.campaign_id,
        )
        for mandate_id in (report.mandate_id, *confirmed)
    ]


@transaction.atomic
def report_return(*, actor: Actor, public_id: UUID | str, reason: str, version: int | None) -> DeputyReport:
    """Give a report back to be mended (退回修改), with the reason that the author reads.

    Raises:
        NotFound, NotAllowed, IllegalTransition, StaleVersion, InvalidInput: as elsewhere.
    """
    report = lock_report(actor, public_id, version=version)
    reason = require_text(reason, field="reason", message="请写明退回的理由和需要修改的地方。")
    REPORT_TRANSITIONS.apply(report, "return", actor, reason=reason)
    report.version += 1
    report.save(update_fields=["status", "version", "updated_at"])
    record_audit(
        actor=actor,
        action="report.return",
        target=report,
        detail={"reason": reason},
        region_prefix=report.region_prefix,
    )
    _tell(actor, report, f"您的{report.get_kind_display()}退回修改：{report.title}", f"理由：{reason}")
    return report


@transaction.atomic
def report_unaccept(*, actor: Actor, public_id: UUID | str, reason: str, version: int | None) -> DeputyReport:
    """Take acceptance back (撤销接收): the entries in the ledger are reversed, the report waits again.

    Raises:
        NotFound, NotAllowed, IllegalTransition, StaleVersion, InvalidInput: as elsewhere.
        DomainError: it takes part in a judging.
    """
    report = lock_report(actor, public_id, version=version)
    reason = require_text(reason, field="reason", message="请写明撤销接收的理由。")
    judged = JudgedReport.objects.filter(report=report).select_related("judging").first()
    if judged is not None:
        raise DomainError(f"这篇报告已参加“{judged.judging}”，不能撤销接收。", code="report_judged")
    REPORT_TRANSITIONS.apply(report, "unaccept", actor, reason=reason)
    report.accepted_at = None
    report.version += 1
    report.save(update_fields=["status", "accepted_at", "version", "updated_at"])
    record_audit(
        actor=actor,
        action="report.unaccept",
        target=report,
        detail={"reason": reason},
        region_prefix=report.region_prefix,
    )
    duty_clear(actor=actor, source=report, reason=f"撤销接收：{reason}")
    _tell(actor, report, f"您的{report.get_kind_display()}撤销接收：{report.title}", f"理由：{reason}")
    return report


def _tell(actor: Actor, report: DeputyReport, title: str, body: str) -> None:
    notify(
        recipients=accounts_of(report),
        kind=NoticeKind.PROGRESS,
        title=title,
        body=body,
        url=report.deputy_url,
        except_user_id=actor.user_id,
    )
