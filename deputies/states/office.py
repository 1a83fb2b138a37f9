"""The one rule of who changes a record of duty work."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from liaison.actor import Actor


def of_own_office(actor: Actor, office_id: int) -> bool:
    """The package's one rule for records of work: the office whose record it is changes it, offices above see it."""
    return actor.is_system or (actor.is_congress and actor.organisation_id == office_id)
