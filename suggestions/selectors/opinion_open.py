"""To whom the public writes, and the one opinion that a receipt code opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery
from django.utils.crypto import constant_time_compare

from deputies.models import Station
from deputies.selectors.open_deputy import shown_placements
from deputies.selectors.open_station import published_stations
from liaison.exceptions import NotFound
from liaison.models import Organisation
from liaison.receipts import receipt_digest
from liaison.selectors.calendar import calendar_columns, calendar_of
from liaison.selectors.fixed import PUBLIC_ID, FixedQuery, partly
from suggestions.models import Opinion
from suggestions.selectors.opinion_rules import OpinionRules, opinion_rules, rules_of, rules_query

if TYPE_CHECKING:
    from uuid import UUID

    from deputies.models import Mandate
    from liaison.calendar import WorkCalendar

#: What of a station and its office a submission needs; a burst comes through here.
_STATION = ("id", "public_id", "name", "region_prefix", "office_id")
_OFFICE = ("id", "name", "department")
_OPEN_STATION = FixedQuery(
    lambda public_id: (
        published_stations()
        .filter(public_id=public_id)
        .order_by()
        .values_list(
            *_STATION,
            *(f"office__{name}" for name in _OFFICE),
            Subquery(rules_query(OuterRef("office_id"))),
            *calendar_columns(),
        )
    ),
    mark=PUBLIC_ID,
)
#: Keeps these codes apart from those of other forms.
RECEIPT = "suggestions.opinion.receipt"


@dataclass(frozen=True, slots=True)
class Target:
    """To whom an opinion goes.

    Args:
        mandate: of the deputy to whom it is addressed; None for the station as such.
        rules: the periods of the office that handles it.
        calendar: the work calendar, where it was read along.
    """

    station: Station
    mandate: Mandate | None
    rules: OpinionRules
    calendar: WorkCalendar | None = None

    @property
    def office(self) -> Organisation:
        """The office that keeps the station handles it."""
        return self.station.office

    @property
    def region_prefix(self) -> str:
        return self.station.region_prefix


def opinion_target(*, station_public_id: UUID | None = None, person_public_id: UUID | None = None) -> Target:
    """The station, or the deputy with the station they stand in; with both, the deputy in that station.

    Raises:
        NotFound: not there for the public, or neither was named.
    """
    if person_public_id is not None:
        placements = shown_placements().filter(mandate__person__public_id=person_public_id)
        if station_public_id is not None:
            placements = placements.filter(station__public_id=station_public_id)
        placement = placements.select_related("station__office", "mandate__person__user").order_by("kind", "id").first()
        if placement is None:
            raise NotFound
        rules = opinion_rules(placement.station.office_id)
        return Target(station=placement.station, mandate=placement.mandate, rules=rules)
    if station_public_id is None:
        raise NotFound
    found = _OPEN_STATION(station_public_id)
    if not found:
        raise NotFound
    *values, rules, version, days, years = found[0]
    station = partly(Station, _STATION, values[: len(_STATION)])
    station.office = partly(Organisation, _OFFICE, values[len(_STATION) :])
    return Target(station=station, mandate=None, rules=rules_of(rules), calendar=calendar_of(version, days, years))


def find_by_receipt(code: str) -> Opinion | None:
    """The opinion with this receipt code, however it was typed; None when there is none.

    The code itself is never looked for: its keyed digest is, and compared in constant time.
    """
    digest = receipt_digest(RECEIPT, code)
    if not digest:
        return None
    opinion = (
        Opinion.objects.unscoped(reason="who holds the receipt code may read this one opinion")
        .select_related("station", "office", "unit", "mandate__person", "suggestion", "same_as")
        .filter(receipt_digest=digest)
        .first()
    )
    return opinion if opinion is not None and constant_time_compare(opinion.receipt_digest, digest) else None
