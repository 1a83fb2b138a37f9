"""Reading groups of deputies: the list, one group, its members, the actor's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from deputies.models import DeputyGroup, GroupMembership, GroupRole, Station
from liaison.exceptions import NotFound
from liaison.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from liaison.actor import Actor


def group_list(actor: Actor) -> QuerySet[DeputyGroup]:
    """The groups that the actor sees, each with ``members`` (how many now) and ``leader`` (a name): one query."""
    now = GroupMembership.objects.filter(group=OuterRef("pk"), ended_on=None, mandate__ended_on=None).order_by()
    leader = now.filter(role=GroupRole.LEADER).values("mandate__person__name")[:1]
    return (
        DeputyGroup.objects.visible_to(actor)
        .select_related("region", "station")
        .defer("station__search")
        .annotate(
            members=Coalesce(Subquery(now.values("group").annotate(n=Count("pk")).values("n")), 0),
            leader=Subquery(leader),
        )
    )


def groups_by_words(groups: QuerySet[DeputyGroup], text: str) -> QuerySet[DeputyGroup]:
    """Groups by part of their name or field, or with a member of that name."""
    text = text.strip()
    named = GroupMembership.objects.filter(mandate__person__name__contains=text, ended_on=None)
    return groups.filter(Q(name__contains=text) | Q(field_name__contains=text) | Q(pk__in=named.values("group_id")))


def get_group_for(actor: Actor, public_id: UUID | str) -> DeputyGroup:
    """One group with region, office and station.

    Raises:
        NotFound: no such group, or not visible to the actor.
    """
    found = DeputyGroup.objects.visible_to(actor).select_related("region", "office", "station")
    group = found.defer("station__search").filter(public_id=public_id).first()
    if group is None:
        raise NotFound
    return group


def members_of(group: DeputyGroup) -> list[GroupMembership]:
    """The members now, leaders first (one query)."""
    rank = Case(
        *(When(role=role, then=Value(place)) for place, role in enumerate(GroupRole.values)),
        output_field=IntegerField(),
    )
    found = group.memberships.filter(ended_on=None, mandate__ended_on=None)
    found = found.select_related("mandate__person", "mandate__congress", "mandate__electoral_unit")
    return list(found.annotate(rank=rank).order_by("rank", "mandate__person__name", "id"))


def get_member_of(group: DeputyGroup, public_id: UUID | str) -> GroupMembership:
    """One member now.

    Raises:
        NotFound: nobody of that id in the group.
    """
    found = group.memberships.filter(ended_on=None, public_id=public_id)
    member = found.select_related("mandate__person", "mandate__congress").first()
    if member is None:
        raise NotFound
    return member


def own_groups(actor: Actor) -> list[GroupMembership]:
    """The actor's own groups with the part in each (one query)."""
    found = GroupMembership.objects.filter(mandate__person_id=actor.deputy_id, ended_on=None, mandate__ended_on=None)
    return list(found.filter(group__dissolved_on=None).select_related("group").order_by("group__name", "id"))


def stations_for_group(actor: Actor, prefix: str) -> QuerySet[Station]:
    """The open stations of a place, for a choice."""
    found = Station.objects.visible_to(actor).in_use().filter(region_prefix__startswith=prefix)
    return found.order_by("region_prefix", "id")


def may_keep_group(actor: Actor, group: DeputyGroup) -> bool:
    """Whether the actor keeps this group now."""
    return group.dissolved_on is None and actor.can(Permission.STATION_EDIT)
