"""Handling (办理): the unit signs for the task and answers with an official document."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from liaison.calendar import LAST_YEAR
from liaison.dates import cn_date
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed, NotFound
from liaison.models import User
from liaison.models.deadline import PeriodUnit
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.selectors.people import people_of
from liaison.services.attachment import attachment_add
from liaison.services.audit import record_audit
from liaison.services.deadline import deadline_meet, deadline_open
from liaison.services.notice import notify
from suggestions.models import Answer, Assignment, ResultClass, Suggestion
from suggestions.services.locking import lock_suggestion
from suggestions.services.opinion_follow import opinions_answered
from suggestions.services.people import deputies_of
from suggestions.states import SUGGESTION_TRANSITIONS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile

    from liaison.actor import Actor

ANSWER_SLOT = "answer"
FULFILMENT_SLOT = "fulfilment"


@transaction.atomic
def suggestion_sign(*, actor: Actor, public_id: UUID) -> Suggestion:
    """The main unit signs for its task (签收)."""
    suggestion = lock_suggestion(actor, public_id)
    SUGGESTION_TRANSITIONS.apply(suggestion, "sign", actor)
    assignment = _current_assignment(suggestion)
    assignment.signed_at = timezone.now()
    assignment.signed_by_id = actor.user_id
    assignment.save(update_fields=["signed_at", "signed_by", "updated_at"])
    suggestion.version += 1
    suggestion.save(update_fields=["status", "version", "updated_at"])
    record_audit(actor=actor, action="suggestion.sign", target=suggestion, region_prefix=suggestion.region_prefix)
    notify(
        recipients=[*people_of([suggestion.office_id]), *deputies_of(suggestion)],
        kind=NoticeKind.PROGRESS,
        title=f"{assignment.unit.name}已签收：{suggestion.title}",
        url=suggestion.get_absolute_url(),
        except_user_id=actor.user_id,
    )
    return suggestion


def _current_assignment(suggestion: Suggestion) -> Assignment:
    return suggestion.assignments.select_related("unit").get(ended_at__isnull=True)


@transaction.atomic
def suggestion_answer(
    *, actor: Actor, public_id: UUID, version: int | None, values: dict[str, Any], uploads: Sequence[UploadedFile[Any]]
) -> Answer:
    """Answer the deputy (答复) with an attached official document and a result class.

    Args:
        values: result_class, summary, document_number, document_on, promised_on (class B only), contact.
        uploads: the official document and what belongs to it, at least one file.
    """
    suggestion = lock_suggestion(actor, public_id, version=version)
    SUGGESTION_TRANSITIONS.check(suggestion, "answer", actor)
    assignment = _current_assignment(suggestion)
    _check_answer(assignment, values, uploads)
    SUGGESTION_TRANSITIONS.apply(suggestion, "answer", actor, reason=ResultClass(values["result_class"]).label)
    answer = Answer(
        suggestion=suggestion,
        assignment=assignment,
        round=suggestion.round,
        result_class=values["result_class"],
        summary=values["summary"].strip(),
        document_number=values.get("document_number", ""),
        document_on=values["document_on"],
        promised_on=values.get("promised_on"),
        contact=values.get("contact", ""),
        answered_by_id=actor.account_id,
        answered_at=timezone.now(),
    )
    answer.full_clean(exclude=["suggestion", "assignment", "answered_by"], validate_constraints=False)
    answer.save()
    for upload in uploads:
        attachment_add(actor=actor, owner=answer, slot=ANSWER_SLOT, upload=upload)
    suggestion.version += 1
    suggestion.save(update_fields=["status", "version", "updated_at"])
    record_audit(
        actor=actor,
        action="suggestion.answer",
        target=suggestion,
        region_prefix=suggestion.region_prefix,
        detail={"round": answer.round, "result_class": answer.result_class},
    )
    _move_clocks(actor, suggestion, answer)
    opinions_answered(suggestion=suggestion, text=answer.summary, author=assignment.unit.name)
    _tell(actor, suggestion, assignment)
    return answer


def _tell(actor: Actor, suggestion: Suggestion, assignment: Assignment) -> None:
    """The deputies are to read and rate; the office is only told."""
    for recipients, kind, body in (
        (deputies_of(suggestion), NoticeKind.TASK, "请阅读答复并评价。"),
        (people_of([suggestion.office_id]), NoticeKind.PROGRESS, "已通知代表阅读答复并评价。"),
    ):
        notify(
            recipients=recipients,
            kind=kind,
            title=f"{assignment.unit.name}已答复：{suggestion.title}",
            body=body,
            url=suggestion.get_absolute_url(),
            except_user_id=actor.user_id,
        )


def _check_answer(assignment: Assignment, values: dict[str, Any], uploads: Sequence[UploadedFile[Any]]) -> None:
    fields: dict[str, str] = {}
    document_on: dt.date | None = values.get("document_on")
    promised_on: dt.date | None = values.get("promised_on")
    today = timezone.localdate()
    if values.get("result_class") not in ResultClass.values:
        fields["result_class"] = "请选择办理结果分类。"
    if not (values.get("summary") or "").strip():
        fields["summary"] = "请写明答复要点。"
    if document_on is None:
        fields["document_on"] = "请填写答复日期。"
    elif document_on < assignment.assigned_on:
        fields["document_on"] = f"答复日期不能早于交办日期({cn_date(assignment.assigned_on)})。"
    elif document_on > today:
        fields["document_on"] = "答复日期不能晚于今天。"
    if values.get("result_class") == ResultClass.B:
        if promised_on is None:
            fields["promised_on"] = "B类答复请填写承诺解决日期。"
        elif promised_on <= today:
            fields["promised_on"] = "承诺解决日期应在今天之后。"
        elif promised_on.year > LAST_YEAR:
            fields["promised_on"] = f"承诺解决日期最晚到{LAST_YEAR}年，请核对年份。"
    elif promised_on is not None:
        fields["promised_on"] = "只有B类答复填写承诺解决日期。"
    if not uploads:
        fields["uploads"] = "请上传正式答复文件。"
    if fields:
        raise InvalidInput("答复还没有填好。", fields=fields)


def _move_clocks(actor: Actor, suggestion: Suggestion, answer: Answer) -> None:
    """The unit's clock is met; the deputy's starts; a promise (class B) opens a commitment."""
    kind = "suggestion_answer" if suggestion.round == 1 else "suggestion_rework"
    deadline_meet(actor=actor, subject=suggestion, kind=kind)
    lead = User.objects.filter(person__pk=suggestion.lead_person_id).first()
    if lead is not None:
        deadline_open(
            actor=actor,
            subject=suggestion,
            kind="suggestion_feedback",
            unit=PeriodUnit.WORKING_DAYS,
            length=suggestion.congress.settings.feedback_working_days,
            holder_user=lead,
            supervisor=suggestion.office,
        )
    if answer.promised_on is not None:
        deadline_open(
            actor=actor,
            subject=answer,
            kind="answer_commitment",
            unit=PeriodUnit.DATE,
            fixed_on=answer.promised_on,
            holder=answer.assignment.unit,
            supervisor=suggestion.office,
        )


@transaction.atomic
def commitment_fulfil(
    *, actor: Actor, answer_public_id: UUID, text: str, uploads: Sequence[UploadedFile[Any]] = ()
) -> Answer:
    """The unit reports that a class B promise has been kept (承诺兑现)."""
    actor.require(Permission.SUGGESTION_ANSWER)
    answer = (
        Answer.objects.select_for_update(of=("self",))
        .select_related("suggestion", "assignment__unit")
        .filter(public_id=answer_public_id, suggestion__in=Suggestion.objects.visible_to(actor))
        .first()
    )
    if answer is None:
        raise NotFound
    if not actor.is_system and answer.assignment.unit_id != actor.organisation_id:
        raise NotAllowed("只有作出承诺的单位可以报告兑现情况。")
    if answer.promised_on is None:
        raise DomainError("这次答复没有承诺解决日期。", code="no_commitment")
    if answer.fulfilled_at is not None:
        raise IllegalTransition("兑现情况已经报告过。", code="already_fulfilled")
    if not text.strip():
        raise InvalidInput("请写明兑现情况。", fields={"text": "请写明兑现情况。"})
    answer.fulfilled_at = timezone.now()
    answer.fulfilment = text.strip()
    answer.save(update_fields=["fulfilled_at", "fulfilment", "updated_at"])
    for upload in uploads:
        attachment_add(actor=actor, owner=answer, slot=FULFILMENT_SLOT, upload=upload)
    deadline_meet(actor=actor, subject=answer, kind="answer_commitment")
    suggestion = answer.suggestion
    record_audit(actor=actor, action="commitment.fulfil", target=suggestion, region_prefix=suggestion.region_prefix)
    notify(
        recipients=[*people_of([suggestion.office_id]), *deputies_of(suggestion)],
        kind=NoticeKind.PROGRESS,
        title=f"{answer.assignment.unit.name}报告承诺已兑现：{suggestion.title}",
        url=suggestion.get_absolute_url(),
        except_user_id=actor.user_id,
    )
    return answer
