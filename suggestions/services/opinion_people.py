"""Under which mandate and for which station a deputy acts on opinions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deputies.models import Mandate, Placement
from liaison.exceptions import NotAllowed

if TYPE_CHECKING:
    from liaison.actor import Actor
    from suggestions.models import Opinion


def own_mandate(actor: Actor, opinion: Opinion | None = None) -> Mandate:
    """The deputy's mandate: the one that is asked or placed in the opinion's station, else the newest.

    Raises:
        NotAllowed: no deputy in force.
    """
    mandates = list(
        Mandate.objects.unscoped(reason="the actor's own mandates")
        .in_force()
        .filter(pk__in=actor.mandate_ids)
        .select_related("person__user", "congress__office")
        .order_by("-pk")
    )
    if not mandates:
        raise NotAllowed("您当前没有在任的代表资格。")
    if opinion is None:
        return mandates[0]
    asked = {opinion.mandate_id, opinion.brought_by_id}
    placed = {one.mandate_id for one in own_placements(actor) if one.station_id == opinion.station_id}
    return next(
        (one for one in mandates if one.pk in asked), next((one for one in mandates if one.pk in placed), mandates[0])
    )


def own_placements(actor: Actor) -> list[Placement]:
    """Where the deputy stands now, stations before studios."""
    return list(
        Placement.objects.unscoped(reason="the actor's own placements")
        .in_force()
        .filter(mandate_id__in=actor.mandate_ids)
        .select_related("station__office", "mandate")
        .order_by("kind", "pk")
    )
