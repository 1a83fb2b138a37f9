"""Reports (代表报告) as their authors write them: drafts kept with every pause in typing, files, handing in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from deputies.models import Activity, Campaign, DeputyReport, Mandate, ReportKind
from deputies.selectors.report import FILE_SLOT, missing_in
from deputies.services.checks import clean_model
from deputies.services.receiving import receiving_office
from deputies.services.uploads import attach
from deputies.states import REPORT_TRANSITIONS, ReportStatus
from liaison.exceptions import IllegalTransition, InvalidInput, NotFound, StaleVersion
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.selectors.attachment import attachments_of
from liaison.selectors.history import last_act_text
from liaison.selectors.people import people_of
from liaison.services.attachment import attachment_remove
from liaison.services.audit import record_audit
from liaison.services.notice import notify

if TYPE_CHECKING:
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile

    from liaison.actor import Actor
    from liaison.models import Attachment

#: Plain texts that a draft takes as they are.
TEXTS = ("kind", "title", "summary", "text")
EDITABLE_STATES = (ReportStatus.DRAFT, ReportStatus.RETURNED)
MAX_FILES = 10


def lock_report(actor: Actor, public_id: UUID | str, *, version: int | None = None) -> DeputyReport:
    """The report, locked for the rest of the transaction.

    Args:
        version: the version that the page showed; None when the act does not depend on what was shown.

    Raises:
        NotFound: no such report, or not visible to the actor.
        StaleVersion: somebody changed it in between; the message says who and when.
    """
    report = (
        DeputyReport.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("mandate__congress", "person__user", "office", "campaign")
        .filter(public_id=public_id)
        .first()
    )
    if report is None:
        raise NotFound
    if version is not None and report.version != version:
        raise StaleVersion(f"您打开页面之后，这篇报告已有变化。您填写的内容仍在下方。{last_act_text(report)}")
    return report


@transaction.atomic
def report_save(*, actor: Actor, client_token: UUID, values: dict[str, Any], version: int | None) -> DeputyReport:
    """Keep what a deputy has typed so far; what is missing is only checked on submission.

    Args:
        client_token: made with the empty form; the same token always means the same report.
        values: any of ``TEXTS``; ``mandate``, ``campaign``, ``activity`` as public ids ("" for none).
        version: what the page showed; None for the first save. Not looked at when nothing would change.

    Raises:
        IllegalTransition: it has been submitted.
        StaleVersion: it was changed on another device.
        InvalidInput: a choice that is not offered; messages by field.
    """
    return _take(actor, client_token, values, version)


@transaction.atomic
def report_submit(*, actor: Actor, public_id: UUID | str, version: int | None) -> DeputyReport:
    """Hand the report in (提交); the office that receives it is told.

    Raises:
        NotFound, NotAllowed, IllegalTransition, StaleVersion: as elsewhere.
        InvalidInput: something required is missing; messages by field.
    """
    report = lock_report(actor, public_id, version=version)
    REPORT_TRANSITIONS.check(report, "submit", actor)
    if problems := missing_in(report):
        raise InvalidInput("还有内容没有填好，请补充后再提交。", fields=problems)
    report.submitted_at = timezone.now()
    report.version += 1
    REPORT_TRANSITIONS.apply(report, "submit", actor)
    report.save(update_fields=["status", "submitted_at", "version", "updated_at"])
    record_audit(actor=actor, action="report.submit", target=report, region_prefix=report.region_prefix)
    notify(
        recipients=people_of([report.office_id]),
        kind=NoticeKind.TASK,
        title=f"收到{report.get_kind_display()}：{report.title}",
        body=f"{actor.name}代表提交了{report.get_kind_display()}《{report.title}》，请接收或者退回修改。",
        url=report.get_absolute_url(),
    )
    return report


@transaction.atomic
def report_withdraw(*, actor: Actor, public_id: UUID | str, version: int | None = None) -> DeputyReport:
    """Take a report back before it is accepted (撤回); it is a draft again."""
    report = lock_report(actor, public_id, version=version)
    REPORT_TRANSITIONS.apply(report, "withdraw", actor)
    report.version += 1
    report.save(update_fields=["status", "version", "updated_at"])
    record_audit(actor=actor, action="report.withdraw", target=report, region_prefix=report.region_prefix)
    return report


@transaction.atomic
def report_discard(*, actor: Actor, public_id: UUID | str) -> DeputyReport:
    """Delete a draft: it disappears for everybody, the row and its history stay."""
    report = lock_report(actor, public_id)
    REPORT_TRANSITIONS.apply(report, "discard", actor)
    report.version += 1
    report.save(update_fields=["status", "version", "updated_at"])
    record_audit(actor=actor, action="report.discard", target=report, region_prefix=report.region_prefix)
    return report


@transaction.atomic
def report_attach(*, actor: Actor, public_id: UUID | str, upload: UploadedFile[Any], field: str = "") -> Attachment:
    """Keep a file with a draft: the report itself, or what belongs to it.

    Raises:
        NotFound, IllegalTransition: not the author's, or submitted.
        TooLarge, InvalidInput: as ``attachment_add``; too many files.
    """
    report = _lock_draft(actor, public_id)
    if len(attachments_of(report, FILE_SLOT)) >= MAX_FILES:
        text = f"一篇报告最多{MAX_FILES}个文件，“{upload.name}”没有上传。"
        raise InvalidInput(text, fields={field: text} if field else None)
    report.version += 1
    report.save(update_fields=["version", "updated_at"])
    return attach(actor=actor, owner=report, slot=FILE_SLOT, upload=upload, field=field)


@transaction.atomic
def report_detach(*, actor: Actor, public_id: UUID | str, attachment_id: UUID) -> None:
    """Take a file off a draft."""
    report = _lock_draft(actor, public_id)
    attachment_remove(actor=actor, owner=report, public_id=attachment_id)
    report.version += 1
    report.save(update_fields=["version", "updated_at"])


def _take(actor: Actor, client_token: UUID, values: dict[str, Any], version: int | None) -> DeputyReport:
    actor.require(Permission.REPORT_WRITE)
    with connection.cursor() as cursor:  # the same form twice at one moment: the second waits for the first
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [client_token.int & (2**63 - 1)])
    report = DeputyReport.objects.select_for_update(of=("self",)).filter(client_token=client_token).first()
    if report is not None and report.person_id != actor.person_id:
        raise NotFound
    chosen = _chosen(actor, values, report)
    if report is None:
        report = DeputyReport(client_token=client_token, version=0, kind=ReportKind.RESEARCH)
    elif report.status not in EDITABLE_STATES:
        raise IllegalTransition(
            f"这篇报告已经提交，现在是“{report.get_status_display()}”。{last_act_text(report)}",
            code="already_submitted",
        )
    elif all(getattr(report, name) == value for name, value in chosen.items()):
        return report  # a save whose answer was lost contradicts nothing
    elif version is not None and report.version != version:
        raise StaleVersion("您在另一个页面或设备上改过这份草稿。您刚才填写的内容仍在本页，请核对后再保存。")
    for name, value in chosen.items():
        setattr(report, name, value)
    report.person_id = report.mandate.person_id
    report.office = receiving_office(report.mandate, report.campaign)
    report.region_prefix = report.office.region.prefix
    report.version += 1
    clean_model(report, exclude=["mandate", "person", "office", "campaign", "activity"])
    report.save()
    return report


def _chosen(actor: Actor, values: dict[str, Any], report: DeputyReport | None) -> dict[str, Any]:
    """The values as attributes: choices looked up among what the actor may choose."""
    chosen: dict[str, Any] = {name: values[name] for name in TEXTS if name in values}
    if "mandate" in values or report is None:
        chosen["mandate"] = _mandate(actor, values.get("mandate", ""))
        if report is not None and report.mandate_id != chosen["mandate"].pk and report.authors.exists():
            problem = "已邀请合作代表，不能改换代表身份，请另写一篇。"
            raise InvalidInput(problem, fields={"mandate": problem})
    for name, found in (
        ("campaign", Campaign.objects.visible_to(actor).select_related("office__region")),
        ("activity", Activity.objects.visible_to(actor)),
    ):
        if name in values:
            chosen[name] = found.filter(public_id=values[name]).first() if values[name] else None
            if values[name] and chosen[name] is None:
                raise InvalidInput("这个选项已不可用，请重新选择。", fields={name: "这个选项已不可用，请重新选择。"})
    return chosen


def _mandate(actor: Actor, public_id: str) -> Mandate:
    """The mandate under which the deputy writes: the one asked for, else their only or newest one."""
    found = Mandate.objects.visible_to(actor).in_force().select_related("congress__office__region")
    mandate = found.filter(public_id=public_id).first() if public_id else found.order_by("-id").first()
    if mandate is None:
        raise InvalidInput("请选择以哪一级代表身份撰写。", fields={"mandate": "请选择以哪一级代表身份撰写。"})
    return mandate


def _lock_draft(actor: Actor, public_id: UUID | str) -> DeputyReport:
    actor.require(Permission.REPORT_WRITE)
    report = lock_report(actor, public_id)
    if report.person_id != actor.person_id:
        raise NotFound
    if report.status not in EDITABLE_STATES:
        raise IllegalTransition(f"这篇报告已经提交，不能再修改。{last_act_text(report)}", code="already_submitted")
    return report
