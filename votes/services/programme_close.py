"""The end of a programme's year (结束本年度): the appraisal is declared, nothing is left to vote on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from liaison.exceptions import DomainError
from votes.models import Round, RoundKind
from votes.selectors.round import UNFINISHED
from votes.services.programme import audit, lock_programme, touch
from votes.states import PROGRAMME_TRANSITIONS, RoundStatus

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor
    from votes.models import Programme


@transaction.atomic
def programme_close(*, actor: Actor, public_id: UUID, version: int | None) -> Programme:
    """Close the year (结束本年度), after its appraisal was declared.

    Raises:
        DomainError: a vote is not finished (``round_unfinished``), or the appraisal is not declared
            (``not_appraised``).
    """
    programme = lock_programme(actor, public_id, version=version)
    PROGRAMME_TRANSITIONS.check(programme, "close", actor)
    rounds = Round.objects.filter(programme=programme)
    unfinished = rounds.filter(status__in=UNFINISHED).first()
    if unfinished is not None:
        raise DomainError(
            f"“{unfinished.title}”还没有结束（{unfinished.get_status_display()}），不能结束本年度。",
            code="round_unfinished",
        )
    if not rounds.filter(kind=RoundKind.APPRAISAL, status=RoundStatus.DECLARED).exists():
        raise DomainError("满意度测评的结果还没有宣布，不能结束本年度。", code="not_appraised")
    PROGRAMME_TRANSITIONS.apply(programme, "close", actor)
    touch(programme)
    audit(actor, programme, "close")
    return programme
