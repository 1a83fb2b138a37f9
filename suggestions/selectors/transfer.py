"""Reading transfers to the procuratorate (转交检察机关的线索): the door, the choices, the preview of the due day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deputies.models import CongressSettings
from liaison.calendar import add_months
from liaison.exceptions import NotFound
from liaison.models import Organisation, Region
from liaison.permissions import OrganisationKind
from liaison.selectors.calendar import work_calendar
from suggestions.models import PublicInterestDomain, Transfer
from suggestions.models.transfer import UNSENT_STATES
from suggestions.states import TransferStatus, check_markable

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from liaison.actor import Actor
    from liaison.calendar import PeriodEnd
    from suggestions.models import Suggestion

#: The kind of the procuratorate's clock.
OPINION_DEADLINE = "transfer_opinion"
#: What the attachments of a transfer are to it.
LETTER_SLOT, SUPPLY_SLOT, OPINION_SLOT, PROGRESS_SLOT = "transfer_letter", "supply", "opinion", "progress"


def get_transfer_for(actor: Actor, public_id: UUID | str) -> Transfer:
    """The one door to a transfer: with what its page shows.

    Raises:
        NotFound: no such transfer, or not visible to the actor.
    """
    transfer = (
        Transfer.objects.visible_to(actor)
        .select_related(
            "suggestion__congress",
            "suggestion__lead_person",
            "suggestion__category",
            "suggestion__main_unit",
            "office",
            "procuratorate",
            "domain",
            "marked_by",
        )
        .filter(public_id=public_id)
        .first()
    )
    if transfer is None:
        raise NotFound
    return transfer


def transfers_of(actor: Actor, suggestion: Suggestion) -> list[Transfer]:
    """The transfers of a suggestion that the actor may see, the newest first (rejected ones among them)."""
    return list(
        Transfer.objects.visible_to(actor)
        .filter(suggestion=suggestion)
        .select_related("procuratorate", "domain")
        .order_by("-id")
    )


def live_transfer(transfers: list[Transfer]) -> Transfer | None:
    """The one that counts among a suggestion's transfers: all others were rejected."""
    return next((transfer for transfer in transfers if transfer.status != TransferStatus.REJECTED), None)


def may_mark(actor: Actor, suggestion: Suggestion) -> bool:
    """Whether the button 标记公益线索 is for this actor (that none is live yet is asked apart)."""
    from liaison.exceptions import DomainError

    try:
        check_markable(suggestion, actor)
    except DomainError:
        return False
    return True


def domains() -> list[tuple[int, str]]:
    """Domains of public-interest litigation in use (公益诉讼领域): (id, name)."""
    return list(PublicInterestDomain.objects.filter(is_active=True).values_list("id", "name"))


def receivers_for(office: Organisation) -> list[Organisation]:
    """Procuratorates to which an office may transfer, the usual one first.

    The usual one is that of the office's own region, else of the nearest region above that has one
    (a township has none of its own). Those below the office's region follow, in the order of codes.
    """
    home = office.region.prefix
    above = [home[:length] for length in (2, 4, 6) if length < len(home)]
    found = (
        Organisation.objects.unscoped(reason="an office hands clues to the procuratorate of its region or above")
        .active()
        .filter(kind=OrganisationKind.PROCURATORATE)
        .select_related("region")
    )
    at_or_above = list(found.filter(region__prefix__in=[*above, home]).order_by("-region__prefix"))
    below = list(found.filter(region__prefix__startswith=home).exclude(region__prefix=home).order_by("region__prefix"))
    return [*at_or_above[:1], *below]


def opinion_months(congress_id: int) -> int:
    """How many months the procuratorate has (益阳市办法: one; a setting of the congress)."""
    settings = CongressSettings.objects.filter(congress_id=congress_id).first() or CongressSettings()
    return settings.opinion_months


def opinion_period(transfer: Transfer, starts_on: dt.date) -> PeriodEnd:
    """When the opinion would be due if the clue were transferred on this day."""
    return add_months(starts_on, opinion_months(transfer.suggestion.congress_id), calendar=work_calendar())


def is_sent(transfer: Transfer) -> bool:
    """Whether the procuratorate and the deputies know of it."""
    return transfer.status not in UNSENT_STATES


def counties_for(actor: Actor) -> list[tuple[str, str]]:
    """Cities and counties below a congress office's own region, for filters: (prefix, name)."""
    if not actor.is_congress:
        return []
    regions = Region.objects.visible_to(actor).subtree(actor.region_prefix).exclude(prefix=actor.region_prefix)
    return list(regions.filter(level__in=["city", "county"]).order_by("prefix").values_list("prefix", "name"))


def procuratorates_for(actor: Actor) -> list[tuple[int, str]]:
    """Procuratorates in a congress office's subtree, for filters: (id, name)."""
    if not actor.is_congress:
        return []
    found = Organisation.objects.visible_to(actor).filter(kind=OrganisationKind.PROCURATORATE)
    return list(found.order_by("region__prefix").values_list("id", "name"))
