"""What a suggestion's way means for the opinions it was made of: its answer reaches the people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from liaison.actor import system_actor
from suggestions.models import Opinion, OpinionRoute, OpinionSide
from suggestions.services.opinion_core import publish_answer, take_step, tell_office, touch
from suggestions.states import OpinionStatus

if TYPE_CHECKING:
    from suggestions.models import Suggestion

_FOLLOWER = system_actor("代表建议办理")


def _linked(suggestion: Suggestion) -> list[Opinion]:
    return list(
        Opinion.objects.unscoped(reason="the opinions that a suggestion was made of follow it")
        .select_for_update(of=("self",))
        .select_related("office", "unit", "mandate__person__user")
        .filter(suggestion=suggestion)
        .order_by("pk")
    )


def opinions_answered(*, suggestion: Suggestion, text: str, author: str) -> None:
    """The suggestion was answered, or a meeting on it came to a result: so is each opinion; a further answer is
    added to an earlier one.

    Args:
        author: who answers, as the person reads it.
    """
    for opinion in _linked(suggestion):
        if opinion.status == OpinionStatus.SUGGESTION:
            take_step(
                _FOLLOWER,
                opinion,
                "suggestion_answer",
                result=text,
                route=OpinionRoute.SUGGESTION,
                answered_at=timezone.now(),
            )
        elif (
            opinion.status in (OpinionStatus.ANSWERED, OpinionStatus.CLOSED)
            and opinion.route == OpinionRoute.SUGGESTION
        ):
            opinion.result = text
            touch(opinion, "result")
            opinion.members.filter(status=opinion.status).update(result=text)
        else:  # it went another way meanwhile
            continue
        publish_answer(_FOLLOWER, opinion, side=OpinionSide.UNIT, author=author, text=text)


def opinions_back(*, suggestion: Suggestion, reason: str) -> None:
    """The draft was deleted or the suggestion was not accepted: the office sorts the opinions anew."""
    for opinion in _linked(suggestion):
        if opinion.status == OpinionStatus.SUGGESTION:
            take_step(
                _FOLLOWER,
                opinion,
                "suggestion_back",
                reason=reason,
                suggestion=None,
                mandate=None,
                route="",
                answer_by=None,
            )
            tell_office(_FOLLOWER, opinion, "没有成为代表建议，请重新分办", body=reason, task=True)
