"""Reading activities: the list, one activity, its deputies and sums, what waits for somebody, a campaign's media."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, DecimalField, F, IntegerField, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from deputies.models import (
    FIGURES,
    Activity,
    ActivityMedia,
    ActivityPart,
    Attendance,
    Campaign,
    DeputyGroup,
    Reply,
    Station,
)
from deputies.states import ActivityStatus, of_own_office
from liaison.exceptions import NotFound
from liaison.paging import is_storable
from liaison.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet

    from deputies.models import ActivityPartQuerySet, ActivityQuerySet, Mandate
    from liaison.actor import Actor

#: Activities to come stand first in a deputy's list; of past ones so many.
MOST_PAST = 50
#: So many results of the search box.
MOST_HITS = 10


def activity_list(actor: Actor) -> ActivityQuerySet:
    """The activities that the actor sees, each with ``invited``, ``going`` and ``came``: one query."""
    parts = ActivityPart.objects.unscoped(reason="numbers of an activity that the actor sees")
    parts = parts.filter(activity=OuterRef("pk")).order_by()

    def number(found: ActivityPartQuerySet) -> Coalesce:
        counted = found.values("activity").annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(counted, output_field=IntegerField()), 0)

    return (
        Activity.objects.visible_to(actor)
        .select_related("region", "office", "campaign", "own_by__person")
        .annotate(invited=number(parts), going=number(parts.filter(reply=Reply.GOING)), came=number(parts.attended()))
    )


def get_activity_for(actor: Actor, public_id: UUID | str) -> Activity:
    """One activity with region, office, campaign and, for an own one, its deputy.

    Raises:
        NotFound: no such activity, or not visible to the actor.
    """
    found = Activity.objects.visible_to(actor).select_related("region", "office", "campaign", "own_by__person")
    activity = found.filter(public_id=public_id).first()
    if activity is None:
        raise NotFound
    return activity


def may_organise(actor: Actor, activity: Activity) -> bool:
    """Whether the actor's office organises it, as opposed to seeing an activity of another office."""
    return actor.can(Permission.ACTIVITY_EDIT) and of_own_office(actor, activity.office_id)


#: The order of ``parts_seen`` in keyset pages: by name.
PARTS_ORDER = ("sort_name", "id")


def parts_seen(activity: Activity, actor: Actor) -> QuerySet[ActivityPart]:
    """Whoever is invited, with names: up to thousands, so a page at a time. Staff of a region below see their own
    deputies only."""
    found = activity.parts.select_related("person", "mandate__congress", "mandate__electoral_unit")
    if not activity.region_prefix.startswith(actor.region_prefix):
        found = found.filter(mandate__home_prefix__startswith=actor.region_prefix)
    return found.annotate(sort_name=F("person__name"))


def parts_of(activity: Activity) -> list[ActivityPart]:
    """Everybody who is invited, with names, by name (one query)."""
    found = activity.parts.select_related("person", "mandate__congress", "mandate__electoral_unit")
    return list(found.order_by("person__name", "id"))


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many of ``parts_seen`` were invited, come, stay away, came; and the sum of each figure."""

    invited: int
    going: int
    away: int
    came: int
    sums: list[Decimal | int]


def numbers_of(parts: QuerySet[ActivityPart]) -> Numbers:
    """Counted in the database, however many they are (one query)."""
    came = ~Q(attendance=Attendance.NONE)
    found = parts.aggregate(
        n_invited=Count("pk"),
        n_going=Count("pk", filter=Q(reply=Reply.GOING)),
        n_away=Count("pk", filter=Q(reply=Reply.NOT_GOING)),
        n_came=Count("pk", filter=came),
        **{f"sum_{name}": Coalesce(Sum(name), Value(0), output_field=DecimalField()) for name in FIGURES},
    )
    return Numbers(
        invited=found["n_invited"],
        going=found["n_going"],
        away=found["n_away"],
        came=found["n_came"],
        sums=[found[f"sum_{name}"] for name in FIGURES],
    )


def get_part_of(activity: Activity, public_id: UUID | str) -> ActivityPart:
    """One invited deputy.

    Raises:
        NotFound: nobody of that id.
    """
    part = activity.parts.select_related("person", "mandate").filter(public_id=public_id).first()
    if part is None:
        raise NotFound
    return part


def own_part(actor: Actor, activity: Activity) -> ActivityPart | None:
    """The deputy's own part."""
    return activity.parts.select_related("mandate__congress").filter(person_id=actor.deputy_id).first()


def sums_of(parts: Iterable[ActivityPart]) -> dict[str, Decimal | int]:
    """The sum of each figure."""
    sums: dict[str, Decimal | int] = dict.fromkeys(FIGURES, 0)
    for part in parts:
        for name in FIGURES:
            sums[name] += getattr(part, name)
    return sums


def record_working_days(activity: Activity) -> int:
    """Working days in which it is to be recorded: the rule of the organising office's congress, else ten."""
    from deputies.models import CongressSettings

    rules = CongressSettings.objects.filter(congress__region_id=activity.office.region_id)
    rule = rules.order_by("-congress__term").first()
    return rule.activity_record_working_days if rule else 10


# ── what waits ───────────────────────────────────────────────────────────────────────────────────
def waiting_for_office(actor: Actor) -> tuple[int, int]:
    """How many activities of the actor's office are to be recorded, and own ones to be confirmed (one query)."""
    found = Activity.objects.visible_to(actor).filter(office_id=actor.organisation_id or 0)
    counts = found.aggregate(
        held=Count("pk", filter=Q(status=ActivityStatus.HELD)),
        submitted=Count("pk", filter=Q(status=ActivityStatus.SUBMITTED)),
    )
    return counts["held"], counts["submitted"]


def waiting_for_deputy(actor: Actor) -> tuple[int, int]:
    """How many invitations a deputy has not answered, and own records sent back (two queries)."""
    now = timezone.now()
    unanswered = ActivityPart.objects.visible_to(actor).filter(
        Q(activity__reply_by=None) | Q(activity__reply_by__gt=now),
        reply=Reply.NONE,
        activity__status=ActivityStatus.ANNOUNCED,
        activity__starts_at__gt=now,
    )
    returned = Activity.objects.visible_to(actor).filter(status=ActivityStatus.RETURNED)
    return unanswered.count(), returned.count()


def my_parts(actor: Actor) -> tuple[list[ActivityPart], list[ActivityPart]]:
    """A deputy's activities to come (the next one first) and the past ones (the last one first): two queries."""
    found = ActivityPart.objects.visible_to(actor).select_related("activity__office", "activity__own_by")
    found = found.exclude(activity__status=ActivityStatus.PLANNED)
    now = timezone.now()
    coming = found.filter(activity__ends_at__gte=now, activity__own_by=None).order_by("activity__starts_at", "id")
    past = found.filter(Q(activity__ends_at__lt=now) | Q(activity__own_by__isnull=False))
    return list(coming), list(past.order_by("-activity__starts_at", "-id")[:MOST_PAST])


# ── choices ──────────────────────────────────────────────────────────────────────────────────────
def campaigns_to_choose(actor: Actor) -> QuerySet[Campaign]:
    """The campaigns to which an activity of the actor's may belong."""
    return Campaign.objects.visible_to(actor).order_by("-starts_on", "-id")


def groups_to_choose(actor: Actor) -> QuerySet[DeputyGroup]:
    """The groups that the actor may ask."""
    return DeputyGroup.objects.visible_to(actor).standing().order_by("region_prefix", "id")


def stations_to_choose(actor: Actor) -> QuerySet[Station]:
    """The stations that the actor may ask."""
    return Station.objects.visible_to(actor).in_use().defer("search").order_by("region_prefix", "id")


def mandates_of(actor: Actor) -> list[Mandate]:
    """A deputy's mandates in force, for which they may record something."""
    from deputies.models import Mandate

    found = Mandate.objects.visible_to(actor).in_force().select_related("congress", "electoral_unit")
    return list(found.order_by("-home_prefix", "id"))


def activities_by_words(actor: Actor, text: str) -> list[Activity]:
    """Activities that the actor sees, by part of the title, the last ones first (one query)."""
    text = text.strip()
    if not text or not is_storable(text):
        return []
    found = Activity.objects.visible_to(actor).filter(title__contains=text).select_related("office")
    return list(found.order_by("-starts_at", "-id")[:MOST_HITS])


# ── campaigns ────────────────────────────────────────────────────────────────────────────────────
def media_counts(campaign_ids: Iterable[int], prefix: str = "") -> dict[int, int]:
    """How many pieces in the media the recorded activities of each campaign had: links and further ones (two
    queries). Campaigns without any are left out.

    Args:
        prefix: only activities of this place.
    """
    ids = list(campaign_ids)
    recorded = Activity.objects.unscoped(reason="sums of campaigns").filter(
        status=ActivityStatus.RECORDED, campaign_id__in=ids, region_prefix__startswith=prefix
    )
    counts: defaultdict[int, int] = defaultdict(int)
    for row in recorded.order_by().values("campaign_id").annotate(more=Sum("media_more")):
        counts[row["campaign_id"]] += row["more"]
    links = ActivityMedia.objects.filter(activity__in=recorded).order_by().values("activity__campaign_id")
    for link in links.annotate(n=Count("pk")):
        counts[link["activity__campaign_id"]] += link["n"]
    return {key: number for key, number in counts.items() if number}


def media_at_least(campaign_ids: Iterable[int], prefix: str = "") -> set[int]:
    """Of which campaigns the number of media pieces is only a lower bound (300篇以上).

    Args:
        prefix: only activities of this place.
    """
    recorded = Activity.objects.unscoped(reason="sums of campaigns").filter(status=ActivityStatus.RECORDED)
    recorded = recorded.filter(region_prefix__startswith=prefix)
    found = recorded.filter(campaign_id__in=list(campaign_ids), media_at_least=True)
    return set(found.order_by().values_list("campaign_id", flat=True).distinct())


def attended_parts(activity: Activity) -> list[ActivityPart]:
    """Those who were there, by name (one query)."""
    found = activity.parts.exclude(attendance=Attendance.NONE)
    return list(found.select_related("person", "mandate__congress").order_by("person__name", "id"))
