"""To whom the public writes, and the one opinion that a receipt code opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.crypto import constant_time_compare

from deputies.selectors.open_deputy import shown_placements
from deputies.selectors.open_station import published_stations
from liaison.exceptions import NotFound
from liaison.receipts import receipt_digest
from suggestions.models import Opinion

if TYPE_CHECKING:
    from uuid import UUID

    from deputies.models import Mandate, Station
    from liaison.models import Organisation

#: What of a station and its office a submission needs; a burst comes through here.
_STATION = ("public_id", "name", "region_prefix", "office__name", "office__department")
#: Keeps these codes apart from those of other forms.
RECEIPT = "suggestions.opinion.receipt"


@dataclass(frozen=True, slots=True)
class Target:
    """To whom an opinion goes.

    Args:
        mandate: of the deputy to whom it is addressed; None for the station as such.
    """

    station: Station
    mandate: Mandate | None

    @property
    def office(self) -> Organisation:
        """The office that keeps the station handles it."""
        return self.station.office

    @property
    def region_prefix(self) -> str:
        return self.station.region_prefix


def opinion_target(*, station_public_id: UUID | None = None, person_public_id: UUID | None = None) -> Target:
    """The station, or the deputy with the station they stand in; with both, the deputy in that station (one query).

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
        return Target(station=placement.station, mandate=placement.mandate)
    if station_public_id is None:
        raise NotFound
    stations = published_stations().select_related(None).select_related("office").only(*_STATION)
    station = stations.filter(public_id=station_public_id).order_by().first()
    if station is None:
        raise NotFound
    return Target(station=station, mandate=None)


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
