"""Ratings (代表评价) and the end of the way: closed, handled again, or coordinated (rulebook section 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from liaison.calendar import is_overdue
from liaison.dates import cn_date
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed
from liaison.models import Deadline
from liaison.models.deadline import PeriodUnit
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.selectors.people import people_of
from liaison.services.audit import record_audit
from liaison.services.deadline import deadline_cancel, deadline_meet, deadline_open
from liaison.services.notice import notify
from suggestions.models import Answer, Feedback, Rating, Suggestion
from suggestions.models.cosigner import CosignerStatus
from suggestions.services.locking import lock_suggestion
from suggestions.services.opinion_follow import opinions_answered
from suggestions.services.people import deputies_of
from suggestions.states import SUGGESTION_TRANSITIONS, SuggestionStatus

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor


@transaction.atomic
def suggestion_rate(*, actor: Actor, public_id: UUID, attitude: str, result: str, reason: str = "") -> Feedback:
    """A deputy rates the newest answer: attitude and result apart.

    The lead deputy's rating of the result decides: satisfied or basically satisfied closes it; dissatisfied
    sends it back once, and to a coordination meeting the second time. A co-signer's rating counts apart.
    """
    suggestion = lock_suggestion(actor, public_id)
    actor.require(Permission.SUGGESTION_RATE)
    reason = reason.strip()
    fields: dict[str, str] = {}
    if attitude not in Rating.values:
        fields["attitude"] = "请评价办理态度。"
    if result not in Rating.values:
        fields["result"] = "请评价办理结果。"
    if Rating.DISSATISFIED in (attitude, result) and not reason:
        fields["reason"] = "不满意的请写明理由，以便改进。"
    if fields:
        raise InvalidInput("评价还没有填好。", fields=fields)
    is_lead = suggestion.lead_person_id == actor.person_id
    if is_lead:
        act = _apply_lead_rating(actor, suggestion, result, reason)
    else:
        _check_cosigner(actor, suggestion)
        act = ""
    answer = suggestion.answers.order_by("round").last()
    if answer is None:
        raise IllegalTransition("还没有答复，不能评价。", code="no_answer_yet")
    if answer.feedback.filter(person_id=actor.deputy_id).exists():
        raise IllegalTransition("您已经评价过这次答复。", code="already_rated")
    feedback = Feedback.objects.create(
        answer=answer, person_id=actor.deputy_id, is_lead=is_lead, attitude=attitude, result=result, reason=reason
    )
    record_audit(
        actor=actor,
        action="suggestion.rate",
        target=suggestion,
        region_prefix=suggestion.region_prefix,
        detail={"attitude": attitude, "result": result, "round": answer.round},
    )
    if is_lead:
        _after_lead_rating(actor, suggestion, answer, act)
    return feedback


def _apply_lead_rating(actor: Actor, suggestion: Suggestion, result: str, reason: str) -> str:
    again = "rework" if suggestion.round == 1 else "coordinate"
    act = again if result == Rating.DISSATISFIED else "accept"
    SUGGESTION_TRANSITIONS.apply(suggestion, act, actor, reason=f"{Rating(result).label}。{reason}")
    return act


def _check_cosigner(actor: Actor, suggestion: Suggestion) -> None:
    signed = suggestion.cosigners.filter(person_id=actor.deputy_id, status=CosignerStatus.CONFIRMED)
    if not signed.exists():
        raise NotAllowed("只有领衔代表和已确认附议的代表可以评价。")
    if suggestion.status not in {
        SuggestionStatus.ANSWERED,
        SuggestionStatus.CLOSED,
        SuggestionStatus.REWORK,
        SuggestionStatus.COORDINATING,
    }:
        raise IllegalTransition("还没有答复，不能评价。", code="no_answer_yet")


def _after_lead_rating(actor: Actor, suggestion: Suggestion, answer: Answer, act: str) -> None:
    deadline_meet(actor=actor, subject=suggestion, kind="suggestion_feedback")
    unit = answer.assignment.unit
    if act == "accept":
        _close(actor, suggestion)
    else:
        title = f"代表评价不满意，请重新办理：{suggestion.title}"
        if act == "rework":
            suggestion.round += 1
            deadline_open(
                actor=actor,
                subject=suggestion,
                kind="suggestion_rework",
                unit=PeriodUnit.MONTHS,
                length=suggestion.congress.settings.rework_months,
                holder=unit,
                supervisor=suggestion.office,
            )
        else:
            title = f"代表再次不满意，请召开协调会：{suggestion.title}"
        suggestion.version += 1
        suggestion.save(update_fields=["status", "round", "version", "updated_at"])
        notify(
            recipients=people_of([unit.pk, suggestion.office_id]),
            kind=NoticeKind.TASK,
            title=title,
            url=suggestion.get_absolute_url(),
        )


def _close(actor: Actor, suggestion: Suggestion) -> None:
    """The row of a suggestion whose status has just become closed. A class B promise keeps its own clock,
    and a transfer to the procuratorate its own way."""
    suggestion.closed_at = timezone.now()
    suggestion.version += 1
    suggestion.save(update_fields=["status", "closed_at", "version", "updated_at"])
    suggestion.assignments.filter(ended_at__isnull=True).update(ended_at=suggestion.closed_at)
    notify(
        recipients=[*people_of([suggestion.office_id, suggestion.main_unit_id]), *deputies_of(suggestion)],
        kind=NoticeKind.PROGRESS,
        title=f"建议已办结：{suggestion.title}",
        url=suggestion.get_absolute_url(),
        except_user_id=actor.user_id,
    )


@transaction.atomic
def suggestion_close_unrated(*, actor: Actor, public_id: UUID, version: int | None, reason: str) -> Suggestion:
    """Close without a rating, once the deputy's time for it is over; it never counts as satisfied."""
    suggestion = lock_suggestion(actor, public_id, version=version)
    SUGGESTION_TRANSITIONS.check(suggestion, "close_unrated", actor)
    deadline = (
        Deadline.objects.open()
        .filter(
            kind="suggestion_feedback",
            content_type=ContentType.objects.get_for_model(suggestion),
            object_id=suggestion.pk,
        )
        .first()
    )
    if deadline is not None and not is_overdue(deadline.due_on, timezone.now()):
        raise DomainError(
            f"代表可以评价到{cn_date(deadline.due_on)}，期满后才能按未评价办结。", code="feedback_still_open"
        )
    if not reason.strip():
        raise InvalidInput("请写明情况。", fields={"reason": "请写明情况，例如已于何时提醒代表。"})
    SUGGESTION_TRANSITIONS.apply(suggestion, "close_unrated", actor, reason=reason.strip())
    deadline_cancel(actor=actor, subject=suggestion, kind="suggestion_feedback", reason="期满未评价")
    _close(actor, suggestion)
    record_audit(
        actor=actor,
        action="suggestion.close_unrated",
        target=suggestion,
        region_prefix=suggestion.region_prefix,
        detail={"reason": reason.strip()},
    )
    return suggestion


@transaction.atomic
def suggestion_conclude(*, actor: Actor, public_id: UUID, version: int | None, reason: str) -> Suggestion:
    """Close after the coordination meeting (协调会), with its result."""
    suggestion = lock_suggestion(actor, public_id, version=version)
    if not reason.strip():
        raise InvalidInput("请写明协调结果。", fields={"reason": "请写明协调会的时间和结果。"})
    SUGGESTION_TRANSITIONS.apply(suggestion, "conclude", actor, reason=reason.strip())
    _close(actor, suggestion)
    opinions_answered(suggestion=suggestion, text=f"协调结果：{reason.strip()}", author=suggestion.office.display)
    record_audit(
        actor=actor,
        action="suggestion.conclude",
        target=suggestion,
        region_prefix=suggestion.region_prefix,
        detail={"reason": reason.strip()},
    )
    return suggestion


@transaction.atomic
def answer_mark_read(*, actor: Actor, public_id: UUID) -> None:
    """The lead deputy has opened the answer (pressed 阅读答复); shown to the office and the unit."""
    suggestion = lock_suggestion(actor, public_id)
    if suggestion.lead_person_id != actor.person_id:
        return
    suggestion.answers.filter(read_at__isnull=True).update(read_at=timezone.now())
