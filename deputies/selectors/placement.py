"""Reading placements: who may be placed, where each would be nearest, and why somebody has no proposal."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from deputies.models import CongressLevel, Mandate, Placement, Station, StationKind
from deputies.selectors.mandate import mandates_in_force
from liaison.exceptions import NotFound
from liaison.paging import is_storable

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from deputies.models import MandateQuerySet
    from liaison.actor import Actor
    from liaison.models import Region

#: Most deputies that one page of proposals holds; the rest come after these are saved.
MOST_PROPOSED = 200
MOST_FOUND = 20
#: Digits of a county's prefix: nearness ends at its border.
COUNTY = 6

NO_STATION = "{place}还没有可以编入的代表联络站"
NO_UNIT = "没有登记选举单位，看不出就近哪个站"


def get_placement_for(actor: Actor, public_id: UUID | str) -> Placement:
    """One placement with station and deputy.

    Raises:
        NotFound: no such placement, or its station is not visible to the actor.
    """
    found = Placement.objects.visible_to(actor).select_related("station", "mandate__person", "mandate__congress")
    placement = found.filter(public_id=public_id).first()
    if placement is None:
        raise NotFound
    return placement


def placed_now(kind: StationKind = StationKind.STATION) -> QuerySet[Placement]:
    """The placements of a kind that stand, for conditions on mandates."""
    return Placement.objects.unscoped(reason="only tells who is placed").filter(ended_on=None, kind=kind)


@dataclass(frozen=True, slots=True)
class FoundDeputy:
    """One result when looking for a deputy to place or to take into a group.

    Args:
        note: where the deputy is placed now; "" when nowhere.
    """

    mandate: Mandate
    note: str


def deputies_found(actor: Actor, q: str) -> list[FoundDeputy]:
    """Deputies in force whom the actor sees, by part of the name or by certificate number, with the station that
    each is placed in now (two queries; nothing for an empty ``q``)."""
    q = q.strip()
    if not q or not is_storable(q):
        return []
    condition = Q(person__name__contains=q) | Q(certificate_number__iexact=q)
    mandates = list(mandates_in_force(actor).filter(condition).order_by("person__name", "id")[:MOST_FOUND])
    placed = placed_now().filter(mandate__in=mandates).select_related("station")
    stations = {placement.mandate_id: placement.station.name for placement in placed}
    return [FoundDeputy(mandate, stations.get(mandate.pk, "")) for mandate in mandates]


def stations_to_place(actor: Actor, prefix: str) -> list[Station]:
    """The open 代表联络站 of the county around a place, as far as the actor sees them."""
    found = Station.objects.visible_to(actor).in_use().filter(kind=StationKind.STATION)
    found = found.filter(region_prefix__startswith=prefix[:COUNTY]).select_related("region").defer("search")
    return list(found.order_by("region_prefix", "id"))


def stations_to_move(actor: Actor, placement: Placement) -> QuerySet[Station]:
    """The other open stations of the same kind and city that the actor sees."""
    found = Station.objects.visible_to(actor).in_use().filter(kind=placement.kind)
    found = found.filter(region_prefix__startswith=placement.station.region_prefix[:4]).exclude(pk=placement.station_id)
    return found.order_by("region_prefix", "id")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where one deputy would be placed.

    Args:
        station: None when nothing can be proposed.
        reason: why this station, or why none.
    """

    mandate: Mandate
    station: Station | None
    reason: str


@dataclass(frozen=True, slots=True)
class ProposalGroup:
    """One station with those proposed for it.

    Args:
        placed: how many are placed there already.
    """

    station: Station
    placed: int
    proposals: list[Proposal]


@dataclass(frozen=True, slots=True)
class Plan:
    """The proposals of a region.

    Args:
        stations: what may be chosen by hand.
        groups: what is proposed, by station.
        open: deputies without a proposal, each with the reason.
        more: whether further deputies wait beyond ``MOST_PROPOSED``.
    """

    stations: list[Station]
    groups: list[ProposalGroup]
    open: list[Proposal]
    more: bool

    @property
    def count(self) -> int:
        return len(self.open) + sum(len(group.proposals) for group in self.groups)


def unplaced(actor: Actor, region: Region) -> MandateQuerySet:
    """The mandates in force of a region that no 代表联络站 holds."""
    placed = placed_now().filter(mandate=OuterRef("pk"))
    found = mandates_in_force(actor).filter(home_prefix__startswith=region.prefix)
    return found.filter(~Exists(placed)).order_by("home_prefix", "id")


def propose(actor: Actor, region: Region) -> Plan:
    """For every deputy of a region without a station the nearest one (four queries whatever the number).

    Nearest is the station in which the same person stands by another mandate; else one in the region of the
    electoral unit; else one of the same county. Among equals the one with the fewest deputies, those just
    proposed counted.
    """
    mandates = list(unplaced(actor, region)[: MOST_PROPOSED + 1])
    more, mandates = len(mandates) > MOST_PROPOSED, mandates[:MOST_PROPOSED]
    stations = stations_to_place(actor, region.prefix)
    placed: dict[int, int] = defaultdict(int)
    person_at: dict[int, Station] = {}
    by_pk = {station.pk: station for station in stations}
    people = {mandate.person_id for mandate in mandates}
    rows = placed_now().filter(station__in=stations, mandate__ended_on=None).order_by("id")
    for station_pk, person_id in rows.values_list("station_id", "mandate__person_id"):
        placed[station_pk] += 1
        if person_id in people:
            person_at[person_id] = by_pk[station_pk]
    standing = dict(placed)
    homes = {station.region_prefix for station in stations}
    # those with a station of their own first: only then is known where the fewest are
    in_turn = sorted(mandates, key=lambda one: one.person_id not in person_at and one.home_prefix not in homes)
    proposed: dict[int, Proposal] = {}
    for mandate in in_turn:
        proposal = proposed[mandate.pk] = _nearest(mandate, stations, placed, person_at, region)
        if proposal.station is not None:
            placed[proposal.station.pk] += 1
            person_at.setdefault(mandate.person_id, proposal.station)
    groups: dict[int, list[Proposal]] = defaultdict(list)
    without: list[Proposal] = []
    for mandate in mandates:
        proposal = proposed[mandate.pk]
        if proposal.station is None:
            without.append(proposal)
        else:
            groups[proposal.station.pk].append(proposal)
    return Plan(
        stations=stations,
        groups=[
            ProposalGroup(station, standing.get(station.pk, 0), groups[station.pk])
            for station in stations
            if station.pk in groups
        ],
        open=without,
        more=more,
    )


def _nearest(
    mandate: Mandate,
    stations: list[Station],
    placed: dict[int, int],
    person_at: dict[int, Station],
    region: Region,
) -> Proposal:
    if not stations:
        return Proposal(mandate, None, NO_STATION.format(place=region.name))
    if (known := person_at.get(mandate.person_id)) is not None:
        return Proposal(mandate, known, "本人以另一届次编入这个站")
    if mandate.electoral_unit is None and mandate.congress.level != CongressLevel.TOWNSHIP:
        return Proposal(mandate, None, NO_UNIT)
    home = mandate.home_prefix
    exact = [station for station in stations if station.region_prefix == home]
    found = exact or stations
    best = min(found, key=lambda station: (placed[station.pk], station.region_prefix, station.pk))
    if exact:
        return Proposal(mandate, best, "选举单位所在地")
    return Proposal(mandate, best, "同县，人数最少的站")
