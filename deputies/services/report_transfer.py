"""Handing reports to organs (转送) and the organs' answers (反馈)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from deputies.models import ReportTransfer
from deputies.selectors.report import accounts_of
from deputies.selectors.report_transfer import ANSWER_SLOT, organs_for
from deputies.services.checks import clean_model, integrity_as_input, require_text
from deputies.services.report import lock_report
from deputies.states import REPORT_TRANSITIONS
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.models.deadline import PeriodUnit
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.selectors.people import people_of
from liaison.services.attachment import attachment_add
from liaison.services.audit import record_audit
from liaison.services.deadline import deadline_cancel, deadline_meet, deadline_open
from liaison.services.notice import notify

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile

    from deputies.models import DeputyReport
    from liaison.actor import Actor

CLOCK = "report_transfer"
#: How long an organ has when staff choose no day.
DEFAULT_MONTHS = 2
#: Fields of a transfer that nobody types.
UNTYPED = ("report", "unit", "transferred_by", "answered_by", "answered_at", "cancelled_at")


@transaction.atomic
def report_transfer(
    *,
    actor: Actor,
    public_id: UUID | str,
    unit_ids: Sequence[UUID | str],
    requirement: str,
    due_on: dt.date | None = None,
    version: int | None,
) -> list[ReportTransfer]:
    """Hand an accepted report to one or several organs, each with a clock of its own.

    Args:
        unit_ids: public ids of organs (``organs_for``); those that have it already are refused by name.
        requirement: what they are asked, the same for all.
        due_on: the day until which they answer; ``DEFAULT_MONTHS`` months when omitted.

    Raises:
        NotFound, NotAllowed, IllegalTransition, StaleVersion, InvalidInput: as elsewhere.
    """
    report = lock_report(actor, public_id, version=version)
    REPORT_TRANSITIONS.check(report, "transfer", actor)
    requirement = require_text(requirement, field="requirement", message="请写明希望有关机关做什么。")
    units = list(organs_for(actor).filter(public_id__in=unit_ids))
    if not units or len(units) != len(set(map(str, unit_ids))):
        raise InvalidInput("有内容需要更正。", fields={"units": "请至少选择一个机关。"})
    have = set(report.transfers.filter(cancelled_at=None, unit__in=units).values_list("unit__name", flat=True))
    if have:
        message = f"已经转送过：{'、'.join(sorted(have))}。请取消勾选。"
        raise InvalidInput("有内容需要更正。", fields={"units": message})
    if due_on is not None and due_on <= timezone.localdate():
        raise InvalidInput("有内容需要更正。", fields={"due_on": "反馈期限要晚于今天。"})
    transfers = [
        ReportTransfer(report=report, unit=unit, requirement=requirement, transferred_by_id=actor.user_id)
        for unit in units
    ]
    for transfer in transfers:
        clean_model(transfer, exclude=UNTYPED)
        with integrity_as_input():
            transfer.save()
        deadline_open(
            actor=actor,
            subject=transfer,
            kind=CLOCK,
            unit=PeriodUnit.DATE if due_on else PeriodUnit.MONTHS,
            length=None if due_on else DEFAULT_MONTHS,
            fixed_on=due_on,
            holder=transfer.unit,
            supervisor=report.office,
        )
        notify(
            recipients=people_of([transfer.unit_id]),
            kind=NoticeKind.TASK,
            title=f"转送代表{report.get_kind_display()}：{report.title}",
            body=requirement,
            url=transfer.get_absolute_url(),
        )
    names = "、".join(unit.name for unit in units)
    REPORT_TRANSITIONS.apply(report, "transfer", actor, reason=f"转送{names}。{requirement}")
    report.version += 1
    report.save(update_fields=["status", "version", "updated_at"])
    record_audit(
        actor=actor,
        action="report.transfer",
        target=report,
        detail={"units": names},
        region_prefix=report.region_prefix,
    )
    _tell_authors(actor, report, f"您的{report.get_kind_display()}已转送{names}：{report.title}", requirement)
    return transfers


@transaction.atomic
def report_transfer_cancel(*, actor: Actor, transfer_id: UUID | str, reason: str) -> ReportTransfer:
    """Take a transfer back that is not answered yet (撤回转送); the organ is told and no longer sees the report.

    Raises:
        NotFound, NotAllowed, InvalidInput: as elsewhere.
        DomainError: answered, or taken back already.
    """
    transfer, report = _lock(actor, transfer_id)
    actor.require(Permission.REPORT_RECEIVE)
    if not actor.is_system and actor.organisation_id not in report.receiving_offices:
        raise NotAllowed("这篇报告由其他人大工作机构接收，您可以查看，不能代为办理。")
    reason = require_text(reason, field="reason", message="请写明撤回的理由。")
    if not transfer.is_open:
        raise DomainError("这个机关已经反馈，或者转送已经撤回。", code="transfer_over")
    transfer.cancelled_at, transfer.cancel_reason = timezone.now(), reason
    clean_model(transfer, exclude=UNTYPED)
    transfer.save(update_fields=["cancelled_at", "cancel_reason", "updated_at"])
    deadline_cancel(actor=actor, subject=transfer, kind=CLOCK, reason=reason)
    record_audit(
        actor=actor,
        action="report.transfer_cancel",
        target=report,
        detail={"units": transfer.unit.name, "reason": reason},
        region_prefix=report.region_prefix,
    )
    notify(
        recipients=people_of([transfer.unit_id]),
        kind=NoticeKind.PROGRESS,
        title=f"撤回转送：{report.title}",
        body=reason,
    )
    _settle(actor, report)
    return transfer


@transaction.atomic
def report_transfer_answer(
    *, actor: Actor, transfer_id: UUID | str, answer: str, uploads: Sequence[UploadedFile[Any]] = ()
) -> ReportTransfer:
    """An organ answers (反馈): text, and files when it likes; the authors and the office are told.

    Raises:
        NotFound, NotAllowed, InvalidInput, TooLarge: as elsewhere.
        DomainError: answered already, or taken back.
    """
    transfer, report = _lock(actor, transfer_id)
    if not actor.is_system and transfer.unit_id != actor.organisation_id:
        raise NotAllowed("这篇报告转送的是其他机关，您可以查看，不能代为反馈。")
    if not actor.can(Permission.REPORT_RECEIVE):  # a congress office answers by the role by which it receives
        actor.require(Permission.REPORT_ANSWER)
    answer = require_text(answer, field="answer", message="请写明研究、采纳或者办理的情况。")
    if not transfer.is_open:
        raise DomainError("这篇报告已经反馈过，或者转送已经撤回。", code="transfer_over")
    transfer.answer, transfer.answered_at, transfer.answered_by_id = answer, timezone.now(), actor.user_id
    clean_model(transfer, exclude=UNTYPED)
    transfer.save(update_fields=["answer", "answered_at", "answered_by", "updated_at"])
    for upload in uploads:
        attachment_add(actor=actor, owner=transfer, slot=ANSWER_SLOT, upload=upload, field="uploads")
    deadline_meet(actor=actor, subject=transfer, kind=CLOCK)
    record_audit(actor=actor, action="report.answer", target=report, region_prefix=report.region_prefix)
    title = f"{transfer.unit.name}反馈了{report.get_kind_display()}：{report.title}"
    notify(
        recipients=people_of([report.office_id]),
        kind=NoticeKind.PROGRESS,
        title=title,
        url=report.get_absolute_url(),
        except_user_id=actor.user_id,
    )
    _tell_authors(actor, report, title, "")
    _settle(actor, report)
    return transfer


def _lock(actor: Actor, transfer_id: UUID | str) -> tuple[ReportTransfer, DeputyReport]:
    """The transfer and its report, the report locked first: who answers last closes it."""
    transfer = ReportTransfer.objects.visible_to(actor).select_related("report").filter(public_id=transfer_id).first()
    if transfer is None:
        raise NotFound
    report = lock_report(actor, transfer.report.public_id)
    transfer = ReportTransfer.objects.select_for_update(of=("self",)).select_related("unit").get(pk=transfer.pk)
    return transfer, report


def _settle(actor: Actor, report: DeputyReport) -> None:
    """Where the report stands after a transfer ended: all answered, none left, or still waiting."""
    standing = list(report.transfers.filter(cancelled_at=None).values_list("answered_at", flat=True))
    if None in standing:
        return
    REPORT_TRANSITIONS.apply(report, "answer_all" if standing else "recall_all", actor)
    report.version += 1
    report.save(update_fields=["status", "version", "updated_at"])


def _tell_authors(actor: Actor, report: DeputyReport, title: str, body: str) -> None:
    notify(
        recipients=accounts_of(report),
        kind=NoticeKind.PROGRESS,
        title=title,
        body=body,
        url=report.deputy_url,
        except_user_id=actor.user_id,
    )
