"""Whose duty file the actor sees, and whose they keep: the staff of a congress keep those of its deputies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deputies.models import Congress, Mandate
from liaison.exceptions import NotAllowed, NotFound
from liaison.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor

NOT_KEPT = "这里的履职档案由其所在的人民代表大会的工作机构核对，您可以查看，不能代为办理。"


def get_file_mandate(actor: Actor, public_id: UUID | str) -> Mandate:
    """A mandate with person, congress, office, region and electoral unit.

    Raises:
        NotFound: no such mandate, not visible to the actor, or the actor reads no duty files.
    """
    mandate = None
    if actor.can(Permission.DUTY_VIEW):
        found = Mandate.objects.visible_to(actor).select_related(
            "person__user", "congress__region", "congress__office", "electoral_unit"
        )
        mandate = found.filter(public_id=public_id).first()
    if mandate is None:
        raise NotFound
    return mandate


def keeps(actor: Actor, congress: Congress, permission: Permission = Permission.DUTY_CHECK) -> bool:
    """Whether the actor keeps the duty files of this congress, as opposed to reading those of a higher one.

    Args:
        congress: with ``region`` loaded.
    """
    if actor.is_system:
        return True
    return actor.is_congress and actor.can(permission) and congress.region.prefix.startswith(actor.region_prefix)


def require_keeps(actor: Actor, congress: Congress, permission: Permission = Permission.DUTY_CHECK) -> None:
    """Raise ``NotAllowed`` unless ``keeps``."""
    actor.require(permission)
    if not keeps(actor, congress, permission):
        raise NotAllowed(NOT_KEPT)


def get_kept_congress(actor: Actor, public_id: UUID | str, permission: Permission = Permission.DUTY_CHECK) -> Congress:
    """A congress whose duty files the actor keeps.

    Raises:
        NotFound: no such congress, or not visible to the actor.
        NotAllowed: the actor only sees it.
    """
    congress = Congress.objects.visible_to(actor).select_related("region", "office").filter(public_id=public_id).first()
    if congress is None:
        raise NotFound
    require_keeps(actor, congress, permission)
    return congress


def kept_congresses(actor: Actor) -> list[Congress]:
    """The congresses whose duty files the actor keeps, the highest and newest first."""
    found = Congress.objects.visible_to(actor).select_related("region")
    if not actor.is_system:
        found = found.filter(region__prefix__startswith=actor.region_prefix)
    return list(found.order_by("region__prefix", "-term"))
