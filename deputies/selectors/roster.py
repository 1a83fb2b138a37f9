"""Reading roster imports: those of the office, one with its preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deputies.models import RosterImport, RosterRow
from deputies.states import RosterStatus
from liaison.exceptions import NotFound

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from liaison.actor import Actor


def rosters(actor: Actor) -> QuerySet[RosterImport]:
    """The imports of the actor's office."""
    return RosterImport.objects.visible_to(actor).select_related("congress", "uploaded_by")


def get_roster_for(actor: Actor, public_id: UUID | str) -> RosterImport:
    """One import with its congress and job.

    Raises:
        NotFound: no such import, or not of the actor's office.
    """
    roster = rosters(actor).select_related("job").filter(public_id=public_id).first()
    if roster is None:
        raise NotFound
    return roster


def roster_rows(roster: RosterImport, verdict: str = "") -> QuerySet[RosterRow]:
    """The lines of the preview, all or those of one verdict."""
    rows = roster.rows.all()
    return rows.filter(verdict=verdict) if verdict else rows


def waiting_rosters(actor: Actor) -> int:
    """How many imports of the office wait to be confirmed or given up."""
    waiting = rosters(actor).filter(status__in=[RosterStatus.PREVIEW, RosterStatus.FAILED])
    return waiting.order_by().count()
