"""Who is behind a row of field history: the database trigger writes the row, this names the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from liaison.actor import Actor


def acting(actor: Actor) -> AbstractContextManager[object]:
    """Everything written inside is put down to this actor in the field history."""
    context: AbstractContextManager[object] = pghistory.context(user=actor.user_id, name=actor.name, label=actor.label)
    return context
