"""Reading inspections and supervision groups: the door, who may inspect, the choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Prefetch

from deputies.models import Mandate
from liaison.exceptions import NotFound
from liaison.permissions import Permission
from votes.models import Inspection, SupervisionGroup

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor
    from votes.models import Programme, Project


def get_inspection_for(actor: Actor, public_id: UUID) -> Inspection:
    """The one door to an inspection: with what its page shows.

    Raises:
        NotFound: no such inspection, or not visible to the actor.
    """
    inspection = (
        Inspection.objects.visible_to(actor)
        .select_related("project__programme__congress__region", "project__office", "project__unit")
        .select_related("group__head__person", "recorded_by")
        .filter(public_id=public_id)
        .first()
    )
    if inspection is None or not actor.can(Permission.PROGRAMME_VIEW):
        raise NotFound
    return inspection


def groups_for(actor: Actor, project: Project) -> list[SupervisionGroup]:
    """The groups of a project for which the actor may inspect: a deputy's own; all, for the project's office."""
    if not actor.can(Permission.PROJECT_INSPECT):
        return []
    groups = project.groups.order_by("id")
    if actor.is_deputy:
        return list(groups.filter(members__in=_in_force(actor)).distinct())
    if actor.is_system or (actor.is_congress and project.office_id == actor.organisation_id):
        return list(groups)
    return []


def may_inspect(actor: Actor, inspection: Inspection) -> bool:
    """Whether the actor may check the answer: of the group that demanded, or of the project's office."""
    return any(group.pk == inspection.group_id for group in groups_for(actor, inspection.project))


def _in_force(actor: Actor) -> list[int]:
    """The actor's mandates; those of an actor are always in force."""
    return list(actor.mandate_ids)


def own_groups(actor: Actor) -> list[SupervisionGroup]:
    """A deputy's supervision groups with head, members and programme, the newest first."""
    members = Mandate.objects.unscoped(reason="members of a group know each other").select_related("person")
    return list(
        SupervisionGroup.objects.filter(members__in=actor.mandate_ids)
        .distinct()
        .select_related("programme__congress__region", "head__person")
        .prefetch_related(Prefetch("members", queryset=members.order_by("id")), "projects")
        .order_by("-id")
    )


def groups_of(programme: Programme) -> list[SupervisionGroup]:
    """The groups of a programme with their people and projects (three queries)."""
    members = Mandate.objects.unscoped(reason="the programme is scoped").select_related("person")
    return list(
        programme.groups.select_related("head__person")
        .prefetch_related(Prefetch("members", queryset=members.order_by("id")), "projects")
        .order_by("id")
    )


def get_group_of(programme: Programme, public_id: UUID) -> SupervisionGroup:
    """A group of a programme that the actor was shown.

    Raises:
        NotFound: the programme has no such group.
    """
    group = next((one for one in groups_of(programme) if one.public_id == public_id), None)
    if group is None:
        raise NotFound
    return group


def mandates_of_congress(programme: Programme) -> list[Mandate]:
    """Deputies in force of the programme's congress, by electoral unit and name: who may be in a group."""
    found = Mandate.objects.unscoped(reason="a group is made of the congress's own deputies").in_force()
    return list(
        found.filter(congress_id=programme.congress_id)
        .select_related("person", "electoral_unit")
        .order_by("electoral_unit__name", "person__name", "id")
    )
