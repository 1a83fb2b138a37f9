"""Whom to invite to an activity: by group, station, level, class, tag or name; everybody once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from deputies.models import (
    CongressLevel,
    DeputyGroup,
    GroupMembership,
    InvitedBy,
    Mandate,
    Placement,
    ProfessionClass,
    Station,
    Tag,
)
from deputies.selectors.activity import groups_to_choose, stations_to_choose
from liaison.paging import is_storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from deputies.models import Activity, MandateQuerySet
    from liaison.actor import Actor
    from liaison.models import Region

#: Most deputies that are invited in one go.
MOST_INVITED = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """Who is meant: the members of the groups, those placed in the stations, those of the levels, classes and tags
    (all three together, in the region), and those named; whoever fits one of these.

    Args:
        names: names or certificate numbers.
    """

    groups: Sequence[DeputyGroup] = ()
    stations: Sequence[Station] = ()
    levels: Sequence[str] = ()
    region: Region | None = None
    classes: Sequence[str] = ()
    tags: Sequence[Tag] = ()
    names: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was chosen; a region alone chooses nobody."""
        return not (self.groups or self.stations or self.levels or self.classes or self.tags or self.names)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One deputy who would be invited, and by what."""

    mandate: Mandate
    by: str
    words: str


@dataclass(slots=True)
class Found:
    """The answer to ``Criteria``.

    Args:
        candidates: each person once, who is not invited yet.
        twice: how often somebody fitted once more (another group, another mandate).
        invited: how many are invited already.
        not_yet: names of those whose mandate begins after the day of the activity.
        unknown: names that fit nobody.
        ambiguous: names that several deputies have.
    """

    candidates: list[Candidate] = field(default_factory=list)
    twice: int = 0
    invited: int = 0
    not_yet: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)


def invitees(actor: Actor, activity: Activity, criteria: Criteria) -> Found:
    """Who would be invited (at most six queries, whatever is chosen). One person with several mandates comes once,
    with the mandate that fitted first."""
    found = Found()
    already = set(activity.parts.values_list("person_id", flat=True))
    taken: set[int] = set()
    counted: set[int] = set()
    on = timezone.localdate(activity.starts_at)
    for candidate in _all(actor, activity, criteria, found):
        person_id = candidate.mandate.person_id
        if person_id in already:
            counted.add(person_id)
        elif candidate.mandate.started_on > on:
            if candidate.mandate.person.name not in found.not_yet:
                found.not_yet.append(candidate.mandate.person.name)
        elif person_id in taken:
            found.twice += 1
        else:
            taken.add(person_id)
            found.candidates.append(candidate)
    found.invited = len(counted)
    return found


def _all(actor: Actor, activity: Activity, criteria: Criteria, found: Found) -> Iterable[Candidate]:
    yield from _of_groups(actor, criteria)
    yield from _of_stations(actor, criteria)
    yield from _of_levels(actor, criteria)
    yield from _named(actor, activity, criteria, found)


def _of_groups(actor: Actor, criteria: Criteria) -> Iterable[Candidate]:
    if not criteria.groups:
        return
    groups = groups_to_choose(actor).filter(pk__in=[group.pk for group in criteria.groups])
    members = GroupMembership.objects.filter(group__in=groups, ended_on=None, mandate__ended_on=None)
    for member in members.select_related("group", *_names("mandate__")).order_by("mandate__person__name", "id"):
        yield Candidate(member.mandate, InvitedBy.GROUP, member.group.name)


def _of_stations(actor: Actor, criteria: Criteria) -> Iterable[Candidate]:
    if not criteria.stations:
        return
    stations = stations_to_choose(actor).filter(pk__in=[station.pk for station in criteria.stations])
    placed = Placement.objects.unscoped(reason="those placed in stations that the actor sees").in_force()
    placed = (
        placed.filter(station__in=stations).select_related("station", *_names("mandate__")).defer("station__search")
    )
    for placement in placed.order_by("mandate__person__name", "id"):
        yield Candidate(placement.mandate, InvitedBy.STATION, placement.station.name)


def _of_levels(actor: Actor, criteria: Criteria) -> Iterable[Candidate]:
    if not (criteria.levels or criteria.classes or criteria.tags):
        return
    mandates = _seen(actor)
    words = []
    if criteria.region is not None:
        mandates = mandates.filter(home_prefix__startswith=criteria.region.prefix)
        words.append(criteria.region.name)
    if criteria.levels:
        mandates = mandates.filter(congress__level__in=criteria.levels)
        words.append("、".join(CongressLevel(level).label for level in criteria.levels))
    if criteria.classes:
        mandates = mandates.filter(profession_class__in=criteria.classes)
        words.append("、".join(ProfessionClass(name).label for name in criteria.classes))
    if criteria.tags:
        mandates = mandates.filter(person__tags__in=criteria.tags).distinct()
        words.append("、".join(tag.name for tag in criteria.tags))
    by = InvitedBy.TAG if criteria.classes or criteria.tags else InvitedBy.LEVEL
    for mandate in mandates.order_by("person__name", "id")[: MOST_INVITED + 1]:
        yield Candidate(mandate, by, " ".join(words)[:60])


def _named(actor: Actor, activity: Activity, criteria: Criteria, found: Found) -> Iterable[Candidate]:
    names = [name for name in dict.fromkeys(criteria.names) if is_storable(name)]
    if not names:
        return
    numbers = [name.upper() for name in names]
    fits = _seen(actor).filter(Q(person__name__in=names) | Q(certificate_number__in=[*names, *numbers]))
    people: dict[str, dict[int, Mandate]] = {name: {} for name in names}
    # A name alone means the mandate of the organiser's own congress, when the person has several.
    own_first = sorted(fits.order_by("id"), key=lambda one: one.congress.region_id != activity.region_id)
    for mandate in own_first:
        for name in names:
            if mandate.person.name == name or mandate.certificate_number.upper() == name.upper():
                people[name].setdefault(mandate.person_id, mandate)
    for name, mandates in people.items():
        if not mandates:
            found.unknown.append(name)
        elif len(mandates) > 1:
            found.ambiguous.append(name)
        else:
            yield Candidate(next(iter(mandates.values())), InvitedBy.HAND, "")


def _seen(actor: Actor) -> MandateQuerySet:
    return Mandate.objects.visible_to(actor).in_force().select_related(*_names())


def _names(prefix: str = "") -> tuple[str, ...]:
    return (f"{prefix}person", f"{prefix}congress", f"{prefix}electoral_unit")


def tags_in_use() -> QuerySet[Tag]:
    """The tags that somebody has."""
    return Tag.objects.filter(pk__in=Tag.objects.filter(people__isnull=False).values("pk")).order_by("kind", "name")
