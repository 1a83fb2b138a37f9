"""Reading postings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.exceptions import NotFound
from liaison.models import Posting

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor


def get_posting_for(actor: Actor, public_id: UUID | str) -> Posting:
    """One posting.

    Raises:
        NotFound: unknown, or not in the actor's region.
    """
    posting = (
        Posting.objects.visible_to(actor).select_related("user", "organisation").filter(public_id=public_id).first()
    )
    if posting is None:
        raise NotFound
    return posting
