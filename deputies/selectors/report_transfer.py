"""Reading transfers of reports: an organ's list, one transfer, to whom one may transfer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from deputies.models import ReportTransfer
from liaison.exceptions import NotFound
from liaison.models import Organisation
from liaison.permissions import OrganisationKind
from liaison.selectors.deadline import lights_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from liaison.actor import Actor

ANSWER_SLOT = "answer"


def organs_for(actor: Actor) -> QuerySet[Organisation]:
    """Handling units and congress offices of the actor's own place and of those directly below, except the own one."""
    here = actor.region_prefix
    found = Organisation.objects.visible_to(actor).active()
    found = found.filter(Q(region__prefix=here) | Q(region__parent__prefix=here))
    found = found.filter(kind__in=(OrganisationKind.UNIT, OrganisationKind.CONGRESS))
    return found.exclude(pk=actor.organisation_id or 0).select_related("region").order_by("region__prefix", "name")


def received_transfers(actor: Actor) -> QuerySet[ReportTransfer]:
    """What was transferred to the actor's own organ."""
    found = ReportTransfer.objects.visible_to(actor).filter(unit_id=actor.organisation_id, cancelled_at=None)
    return found.select_related("report__person", "report__office").defer("report__text", "report__summary")


def with_lights(transfers: list[ReportTransfer]) -> None:
    """Give each its ``light`` (one query); None when it is answered."""
    for transfer, light in lights_of(transfers).items():
        transfer.__dict__["light"] = light


def get_transfer_for(actor: Actor, public_id: UUID | str) -> ReportTransfer:
    """One transfer with its report.

    Raises:
        NotFound: no such transfer, or not visible to the actor.
    """
    found = ReportTransfer.objects.visible_to(actor).select_related("unit", "answered_by", "report__office")
    transfer = found.filter(public_id=public_id).first()
    if transfer is None:
        raise NotFound
    return transfer


def unanswered(actor: Actor) -> int:
    """How many reports the actor's organ still has to answer (one query)."""
    return received_transfers(actor).filter(answered_at=None).count()
