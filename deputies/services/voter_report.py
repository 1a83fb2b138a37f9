"""One deputy's report to voters (述职报告): the own draft, submitted to the office; questions and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from deputies.models import VoterQuestion, VoterReport
from deputies.services.checks import clean_model, require_fresh, require_text
from deputies.services.contact_tell import tell
from deputies.services.uploads import attach
from deputies.services.voter_meeting import MINE
from deputies.states import VOTER_REPORT_TRANSITIONS, VoterReportStatus, own_meeting
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.selectors.attachment import attachments_of
from liaison.selectors.people import people_of
from liaison.services.audit import record_audit
from liaison.services.notice import notify

if TYPE_CHECKING:
    from uuid import UUID

    from django.core.files.base import File

    from liaison.actor import Actor

#: Where an uploaded text is kept.
SLOT = "voter_report"


@transaction.atomic
def voter_report_save(*, actor: Actor, report_id: UUID | str, text: str, version: str = "") -> VoterReport:
    """The deputy keeps a draft; only they see it as long as it is not submitted.

    Raises:
        NotFound: no such report of the actor's.
        NotAllowed: somebody else's.
        StaleVersion: it was changed on another device.
        DomainError: it was submitted already.
    """
    report = _own(actor, report_id)
    if report.status != VoterReportStatus.DRAFT:
        raise DomainError("述职报告已经提交，不能再改。需要修改的请联系工作人员退回。", code="report_submitted")
    require_fresh(report.updated_at, version)
    report.text = text.strip()
    clean_model(report, exclude=["meeting", "mandate", "result"])
    report.save(update_fields=["text", "updated_at"])
    return report


@transaction.atomic
def voter_report_submit(
    *, actor: Actor, report_id: UUID | str, text: str, upload: File[Any] | None = None, version: str = ""
) -> VoterReport:
    """Submit the text, written or uploaded; the office is told.

    Raises:
        NotFound, NotAllowed, IllegalTransition, StaleVersion: as elsewhere.
        InvalidInput, TooLarge: neither text nor file, or a file that cannot be taken.
    """
    report = _own(actor, report_id)
    VOTER_REPORT_TRANSITIONS.check(report, "submit", actor)
    require_fresh(report.updated_at, version)
    report.text = text.strip()
    if upload is not None:
        attach(actor=actor, owner=report, slot=SLOT, upload=upload, field="upload")
    elif not report.text and not attachments_of(report, slot=SLOT):
        message = "请填写述职报告，或上传文件。"
        raise InvalidInput(message, fields={"text": message})
    clean_model(report, exclude=["meeting", "mandate", "result"])
    report.submitted_at, report.return_reason = timezone.now(), ""
    VOTER_REPORT_TRANSITIONS.apply(report, "submit", actor)
    report.save(update_fields=["status", "text", "submitted_at", "return_reason", "updated_at"])
    _audit(actor, "voter_report.submit", report, {})
    notify(
        recipients=people_of([report.meeting.office_id]),
        kind=NoticeKind.PROGRESS,
        title=f"{report.mandate.person.name}提交了述职报告",
        url=report.get_absolute_url(),
        except_user_id=actor.user_id,
    )
    return report


@transaction.atomic
def voter_report_give_back(*, actor: Actor, report_id: UUID | str, reason: str, version: str = "") -> VoterReport:
    """Give a submitted text back to the deputy to be changed.

    Raises:
        NotFound, NotAllowed, IllegalTransition, StaleVersion, InvalidInput: as elsewhere.
    """
    report = _lock(actor, report_id)
    VOTER_REPORT_TRANSITIONS.check(report, "give_back", actor)
    require_fresh(report.updated_at, version)
    report.return_reason = require_text(reason, field="reason", message="请写明需要修改什么。")[:300]
    VOTER_REPORT_TRANSITIONS.apply(report, "give_back", actor, reason=report.return_reason)
    report.save(update_fields=["status", "return_reason", "updated_at"])
    _audit(actor, "voter_report.give_back", report, {"reason": report.return_reason})
    tell(actor=actor, texts={report.mandate_id: "述职报告请修改后再提交"}, body=report.return_reason, url=MINE)
    return report


@transaction.atomic
def voter_question_add(
    *, actor: Actor, report_id: UUID | str, text: str, asked_by: str = "", answer: str = ""
) -> VoterQuestion:
    """Note what a voter asked at the meeting, and the answer if it was given there; else the deputy answers later.

    Raises:
        NotFound, NotAllowed: as elsewhere.
        DomainError: the report was not given yet.
        InvalidInput: no question.
    """
    report = _lock(actor, report_id)
    actor.require(Permission.VOTER_REPORT_EDIT)
    own_meeting(report.meeting, actor)
    if report.status != VoterReportStatus.DELIVERED:
        raise DomainError("述职以后才能登记提问。", code="report_not_given")
    question = VoterQuestion(
        report=report,
        asked_by=asked_by.strip(),
        text=require_text(text, field="text", message="请填写提问的内容。"),
        answer=answer.strip(),
    )
    clean_model(question, exclude=["report"])
    known = report.questions.filter(text=question.text, asked_by=question.asked_by).first()
    if known is not None:
        return known
    question.save()
    _audit(actor, "voter_report.question", report, {})
    if not question.answer:
        tell(actor=actor, texts={report.mandate_id: "有选民提问等您回答"}, body=question.text, url=MINE)
    return question


@transaction.atomic
def voter_question_answer(*, actor: Actor, question_id: UUID | str, answer: str, version: str = "") -> VoterQuestion:
    """The deputy's answer: by themselves, or noted by staff.

    Raises:
        NotFound: no such question at a report that the actor sees.
        NotAllowed: a role that only reads, or another office.
        StaleVersion: somebody answered in between.
        InvalidInput: no answer.
    """
    seen = VoterReport.objects.visible_to(actor)
    found = VoterQuestion.objects.select_for_update(of=("self",)).select_related("report__meeting__office")
    question = found.filter(public_id=question_id, report__in=seen).first()
    if question is None:
        raise NotFound
    if not actor.can(Permission.VOTER_REPORT_WRITE):
        actor.require(Permission.VOTER_REPORT_EDIT)
        own_meeting(question.report.meeting, actor)
    require_fresh(question.updated_at, version)
    question.answer = require_text(answer, field="answer", message="请填写回答。")
    clean_model(question, exclude=["report"])
    question.save(update_fields=["answer", "updated_at"])
    _audit(actor, "voter_report.answer", question.report, {})
    return question


def _own(actor: Actor, public_id: UUID | str) -> VoterReport:
    report = _lock(actor, public_id)
    actor.require(Permission.VOTER_REPORT_WRITE)
    if not actor.is_system and report.mandate.person_id != actor.deputy_id:
        raise NotAllowed("述职报告由代表本人撰写。")
    return report


def _lock(actor: Actor, public_id: UUID | str) -> VoterReport:
    found = VoterReport.objects.visible_to(actor).select_for_update(of=("self",))
    report = found.select_related("meeting__office", "mandate__person").filter(public_id=public_id).first()
    if report is None:
        raise NotFound
    return report


def _audit(actor: Actor, action: str, report: VoterReport, detail: dict[str, object]) -> None:
    record_audit(
        actor=actor,
        action=action,
        target=report.meeting,
        detail={"deputy": report.mandate.person.name, **detail},
        region_prefix=report.meeting.region_prefix,
    )
