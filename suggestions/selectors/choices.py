"""What the forms offer for choice, scoped to the actor."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from deputies.models import Campaign, Mandate, Session
from deputies.selectors.campaign import campaign_choices
from liaison.models import Organisation, Region
from liaison.permissions import OrganisationKind
from suggestions.models import Category, Cosigner, RefusalClause, Suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison.actor import Actor

#: A name search shows at most so many people.
MOST_PEOPLE = 20


def categories() -> list[tuple[int, str]]:
    """Categories in use (建议类别): (id, name)."""
    return list(Category.objects.filter(is_active=True).values_list("id", "name"))


def refusal_clauses() -> list[tuple[int, str]]:
    """Grounds in use on which a suggestion is not accepted: (id, name)."""
    return list(RefusalClause.objects.filter(is_active=True).values_list("id", "name"))


def writing_mandates(actor: Actor) -> list[Mandate]:
    """The deputy's mandates in force, the newest first, with congress and region."""
    return list(
        Mandate.objects.visible_to(actor).in_force().select_related("congress__region", "person").order_by("-id")
        if actor.is_deputy
        else []
    )


def campaigns_for(actor: Actor, mandates: Sequence[Mandate] | None = None) -> list[Campaign]:
    """Campaigns (主题活动) for which the deputy may write, the newest first.

    Args:
        mandates: the deputy's own, with congress; read when omitted.
    """
    return list(campaign_choices(actor, mandates)) if actor.is_deputy else []


def sessions_of(congress_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Sessions of these congresses, the newest first: (id, name)."""
    sessions = Session.objects.filter(congress_id__in=congress_ids).select_related("congress")
    return [(session.pk, str(session)) for session in sessions.order_by("-starts_on")]


def desk_sessions(actor: Actor) -> list[tuple[int, str]]:
    """Sessions of the congresses that the actor works for, for the desk's filter: (id, name)."""
    sessions = Session.objects.select_related("congress").order_by("-starts_on")
    if actor.is_congress:
        sessions = sessions.filter(congress__office_id=actor.organisation_id)
    elif not actor.is_system:
        mine = Suggestion.objects.visible_to(actor).filter(session__isnull=False).order_by()
        sessions = sessions.filter(pk__in=mine.values("session_id"))
    return [(session.pk, str(session)) for session in sessions]


def desk_regions(actor: Actor) -> list[tuple[str, str]]:
    """Divisions with a congress just below the actor's own, for the desk's filter: (prefix, name)."""
    below = Region.objects.visible_to(actor).filter(parent__prefix=actor.region_prefix, statistical_only=False)
    return list(below.order_by("prefix").values_list("prefix", "name"))


def units_in(prefixes: Sequence[str]) -> list[tuple[int, str]]:
    """Handling units of just these regions, for a deputy's wish: (id, name). Their names are public."""
    units = Organisation.objects.unscoped(reason="a deputy names the unit that they wish for").active()
    return list(
        units.filter(kind=OrganisationKind.UNIT, region__prefix__in=prefixes).order_by("name").values_list("id", "name")
    )


def units_for(actor: Actor) -> list[tuple[str, Any]]:
    """Handling units to which the actor's office may hand over, those of its own region first.

    Returns:
        (public id, name) pairs when all are in one region, else (region, pairs) groups.
    """
    units = (
        Organisation.objects.visible_to(actor)
        .active()
        .filter(kind=OrganisationKind.UNIT)
        .order_by("region__prefix", "name")
        .values_list("region__full_name", "public_id", "name")
    )
    groups: list[tuple[str, Any]] = [
        (region, [(str(public_id), name) for _, public_id, name in rows])
        for region, rows in groupby(units, key=lambda row: row[0])
    ]
    return groups if len(groups) != 1 else groups[0][1]


def fellow_deputies(suggestion: Suggestion, query: str) -> list[Mandate]:
    """Deputies of the same congress in force whom the lead may still ask to co-sign, by a part of their name.

    Args:
        query: part of a name or unit; an empty one finds nobody (a congress has hundreds).
    """
    query = query.strip()
    if not query:
        return []
    asked = Cosigner.objects.filter(suggestion=suggestion).values("person_id")
    return list(
        Mandate.objects.unscoped(reason="deputies ask fellow deputies of the same congress")
        .in_force()
        .filter(congress_id=suggestion.congress_id)
        .filter(Q(person__name__icontains=query) | Q(person__employer__icontains=query))
        .exclude(person_id=suggestion.lead_person_id)
        .exclude(person_id__in=asked)
        .select_related("person", "electoral_unit")
        .order_by("person__name", "id")[:MOST_PEOPLE]
    )
