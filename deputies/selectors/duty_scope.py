"""Whose duty file the actor sees, and whose they keep: the office of a congress keeps those of its deputies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deputies.models import Congress, Mandate
from liaison.exceptions import NotAllowed, NotFound
from liaison.models import Organisation
from liaison.permissions import OrganisationKind, Permission

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
    """Whether the actor's office keeps the duty files of this congress, as opposed to reading them.

    Args:
        congress: with ``region`` loaded.
    """
    return actor.can(permission) and congress.is_kept_by(actor)


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


def get_read_congress(actor: Actor, public_id: UUID | str) -> Congress:
    """A congress all of whose duty files the actor may read: of the own region or below.

    Raises:
        NotFound: no such congress, or not visible to the actor.
        NotAllowed: one above.
    """
    actor.require(Permission.DUTY_CHECK)
    congress = Congress.objects.visible_to(actor).select_related("region", "office").filter(public_id=public_id).first()
    if congress is None:
        raise NotFound
    if not congress.region.prefix.startswith(actor.region_prefix):
        raise NotAllowed("这是上级人民代表大会，全部代表的履职档案由其工作机构导出。")
    return congress


def read_congresses(actor: Actor) -> list[Congress]:
    """The congresses of the own region and below, the highest and newest first."""
    found = Congress.objects.visible_to(actor).select_related("region")
    if not actor.is_system:
        found = found.filter(region__prefix__startswith=actor.region_prefix)
    return list(found.order_by("region__prefix", "-term"))


def kept_congresses(actor: Actor) -> list[Congress]:
    """Of these, the ones whose duty files the actor's office keeps (``Congress.is_kept_by`` for many: two queries)."""
    found = read_congresses(actor)
    if actor.is_system:
        return found
    if any(congress.office_id is None for congress in found):
        offices = Organisation.objects.unscoped(reason="which congresses have an office nearer than the actor's")
        offices = offices.active().filter(
            kind=OrganisationKind.CONGRESS, region__prefix__startswith=actor.region_prefix
        )
        nearer = set(offices.values_list("region__prefix", flat=True)) - {actor.region_prefix}
    own = actor.organisation_id
    return [
        congress
        for congress in found
        if congress.office_id == own
        or (congress.office_id is None and not any(congress.region.prefix[:n] in nearer for n in (2, 4, 6, 9)))
    ]
