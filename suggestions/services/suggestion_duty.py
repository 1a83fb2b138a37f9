"""What a suggestion says about its deputies for the duty ledger (履职台账), once it is registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from deputies.models import DutyKind
from deputies.services.duty import DutyFact, duty_set
from suggestions.models.cosigner import CosignerStatus
from suggestions.models.suggestion import PRIVATE_STATES
from suggestions.states import SuggestionStatus

if TYPE_CHECKING:
    from liaison.actor import Actor
    from suggestions.models import Suggestion

#: Nobody has accepted it yet, or it was refused.
_NOT_ACCEPTED = (*PRIVATE_STATES, SuggestionStatus.SUBMITTED, SuggestionStatus.RETURNED, SuggestionStatus.REFUSED)


def suggestion_duty(actor: Actor, suggestion: Suggestion, *, reason: str = "") -> None:
    """Let the ledger say of a locked suggestion what holds now.

    Args:
        reason: of what no longer holds (不予受理, 退回修改).
    """
    duty_set(actor=actor, source=suggestion, facts=facts_of(suggestion), reason=reason or "代表建议有了新的办理情况")


def facts_of(suggestion: Suggestion) -> list[DutyFact]:
    """One for the lead deputy, one for each who confirmed to co-sign, on the day of submission (rulebook section 1:
    each must confirm or is not listed)."""
    if suggestion.status in _NOT_ACCEPTED or suggestion.submitted_at is None:
        return []
    confirmed = suggestion.cosigners.filter(status=CosignerStatus.CONFIRMED).order_by("id")
    who = [(suggestion.lead_id, DutyKind.SUGGESTION)]
    who += [(mandate_id, DutyKind.SUGGESTION_COSIGNED) for mandate_id in confirmed.values_list("mandate_id", flat=True)]
    return [
        DutyFact(
            mandate_id=mandate_id,
            kind=kind,
            on=timezone.localdate(suggestion.submitted_at),
            title=f"{suggestion.title}（{suggestion.number_label}）",
            campaign_id=suggestion.campaign_id,
        )
        for mandate_id, kind in who
    ]
