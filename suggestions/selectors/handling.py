"""What the handling unit is shown: why an answer was not accepted, and its open promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.exceptions import IllegalTransition, NotFound
from suggestions.models import Answer, Feedback, Suggestion
from suggestions.states import SuggestionStatus

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor


def rework_reason(suggestion: Suggestion) -> Feedback | None:
    """The lead deputy's rating for which it is handled again (answers prefetched: no query)."""
    if suggestion.status != SuggestionStatus.REWORK:
        return None
    answers = list(suggestion.answers.all())
    return next((one for one in answers[-1].feedback.all() if one.is_lead), None) if answers else None


def get_promise_for(actor: Actor, public_id: UUID, answer_id: UUID) -> Answer:
    """A class B answer of the actor's own unit whose promise is still open.

    Raises:
        NotFound: no such answer of this suggestion, none visible to the actor, or nothing was promised.
        IllegalTransition: it has been reported on.
    """
    answer = (
        Answer.objects.filter(
            public_id=answer_id,
            suggestion__public_id=public_id,
            suggestion__in=Suggestion.objects.visible_to(actor),
            assignment__unit_id=actor.organisation_id,
            promised_on__isnull=False,
        )
        .select_related("suggestion__lead_person")
        .first()
    )
    if answer is None:
        raise NotFound
    if answer.fulfilled_at is not None:
        raise IllegalTransition("这项承诺的兑现情况已经报告过，请返回建议页面查看。", code="already_fulfilled")
    return answer


def open_promises(actor: Actor, suggestion: Suggestion) -> list[Answer]:
    """The actor's unit's promises on this suggestion that are not reported on (prefetched: no query)."""
    if not actor.is_unit:
        return []
    return [
        one
        for one in suggestion.answers.all()
        if one.promised_on is not None and one.fulfilled_at is None and one.assignment.unit_id == actor.organisation_id
    ]
