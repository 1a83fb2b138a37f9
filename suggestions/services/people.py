"""Whom to tell about a suggestion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.models import User
from suggestions.models.cosigner import CosignerStatus

if TYPE_CHECKING:
    from suggestions.models import Suggestion


def deputies_of(suggestion: Suggestion) -> list[User]:
    """The lead deputy and the co-signers who confirmed, as far as they have accounts (one query)."""
    return list(
        User.objects.filter(is_active=True, person__pk=suggestion.lead_person_id).union(
            User.objects.filter(
                is_active=True,
                person__cosigned__suggestion=suggestion,
                person__cosigned__status=CosignerStatus.CONFIRMED,
            )
        )
    )
