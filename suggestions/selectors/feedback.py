"""Who may rate an answer now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suggestions.models.cosigner import CosignerStatus
from suggestions.states import SuggestionStatus as S

if TYPE_CHECKING:
    from liaison.actor import Actor
    from suggestions.models import Suggestion

#: States in which a co-signer may rate the newest answer (as in the service).
COSIGNER_RATES_IN = frozenset({S.ANSWERED, S.CLOSED, S.REWORK, S.COORDINATING})


def may_rate(actor: Actor, suggestion: Suggestion) -> bool:
    """Whether the deputy, as lead or as confirmed co-signer, has still to rate the newest answer.

    Everything it looks at is prefetched by ``get_suggestion_for``: no query.
    """
    answers = list(suggestion.answers.all())
    if not actor.is_deputy or not answers:
        return False
    if suggestion.lead_person_id == actor.deputy_id:
        return suggestion.status == S.ANSWERED
    signed = any(
        one.person_id == actor.deputy_id and one.status == CosignerStatus.CONFIRMED
        for one in suggestion.cosigners.all()
    )
    rated = any(one.person_id == actor.deputy_id for one in answers[-1].feedback.all())
    return signed and not rated and suggestion.status in COSIGNER_RATES_IN
