"""Which office receives what deputies write down about their work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deputies.services.station import office_near
from liaison.models import Region

if TYPE_CHECKING:
    from deputies.models import Campaign, Mandate
    from liaison.models import Organisation


def receiving_office(mandate: Mandate, campaign: Campaign | None = None) -> Organisation:
    """The office of the deputy's own congress. A campaign from above runs in each place by itself, so it changes
    nothing; one that a place below organises is received there.

    Args:
        mandate: with ``congress``.
        campaign: with ``office``, or None.

    Raises:
        InvalidInput: no office is registered for this place.
    """
    office = mandate.congress.office
    if office is None:  # a congress whose office does not use the portal: the nearest one where the deputy lives
        office = office_near(Region.objects.get(prefix=mandate.home_prefix))
    if campaign is not None and campaign.office.region.prefix.startswith(office.region.prefix):
        return campaign.office
    return office
