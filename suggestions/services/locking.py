"""Fetching and locking in scope, the first step of every change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.exceptions import NotFound, StaleVersion
from liaison.selectors.history import last_act_text
from suggestions.models import Suggestion

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor


def lock_suggestion(actor: Actor, public_id: UUID | str, *, version: int | None = None) -> Suggestion:
    """The suggestion, locked for the rest of the transaction.

    Args:
        version: the version that the page showed; None when the act does not depend on what was shown.

    Raises:
        NotFound: no such suggestion, or not visible to the actor.
        StaleVersion: somebody changed it in between; the message says who and when.
    """
    suggestion = (
        Suggestion.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("congress__settings", "office", "lead_person__user")
        .filter(public_id=public_id)
        .first()
    )
    if suggestion is None:
        raise NotFound
    if version is not None and suggestion.version != version:
        raise StaleVersion(f"您打开页面之后，这件建议已有变化。您填写的内容仍在下方。{last_act_text(suggestion)}")
    return suggestion
