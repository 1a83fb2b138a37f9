"""Reading practical deeds: staff's list, a deputy's own, one, and the one that a receipt opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac

from deputies.models import Campaign, Deed
from deputies.states import DeedStatus, of_own_office
from liaison.exceptions import NotFound
from liaison.masking import mask_phone, mask_text
from liaison.models import Organisation
from liaison.permissions import Permission
from liaison.selectors.attachment import attachments_of
from liaison.selectors.timeline import timeline_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from django.db.models import QuerySet

    from deputies.models import Mandate
    from liaison.actor import Actor
    from liaison.models import Attachment
    from liaison.selectors.timeline import TimelineEntry

PHOTO_SLOT, PROOF_SLOT = "photo", "proof"
SLOT_TITLES = {PHOTO_SLOT: "照片", PROOF_SLOT: "证明材料"}
#: Keeps these secrets apart from those of other forms.
RECEIPT = "deputies.deed.receipt"

#: The saved views of the list: key → label and states.
DEED_VIEWS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "waiting": ("待核实", (DeedStatus.WAITING,)),
    "denied": ("群众反映不属实", (DeedStatus.DENIED,)),
    "confirmed": ("已核实", (DeedStatus.CONFIRMED,)),
    "over": ("不予认定、已撤回", (DeedStatus.REJECTED, DeedStatus.WITHDRAWN)),
    "all": ("全部", ()),
}


def deed_list(actor: Actor) -> QuerySet[Deed]:
    """The deeds that the actor sees, with deputy, congress and campaign (one query)."""
    return Deed.objects.visible_to(actor).select_related("mandate__person", "mandate__congress", "campaign", "office")


def deeds_by_words(deeds: QuerySet[Deed], text: str) -> QuerySet[Deed]:
    """Deeds by part of what was done, for whom, where, or of the deputy's name."""
    text = text.strip()
    return deeds.filter(
        Q(title__contains=text)
        | Q(for_whom__contains=text)
        | Q(place__contains=text)
        | Q(mandate__person__name__contains=text)
    )


def get_deed_for(actor: Actor, public_id: UUID | str) -> Deed:
    """One deed.

    Raises:
        NotFound: no such deed, or not visible to the actor.
    """
    deed = deed_list(actor).select_related("recorded_by").filter(public_id=public_id).first()
    if deed is None:
        raise NotFound
    return deed


def recordable(actor: Actor, mandates: Iterable[Mandate]) -> set[int]:
    """Ids of those whose deeds the actor's office would check, by itself or for a campaign of its own, so that it may
    write them down (two queries, and one for each congress without an office)."""
    mandates = list(mandates)
    ids = {mandate.congress.office_id for mandate in mandates if mandate.congress.office_id}
    offices = Organisation.objects.unscoped(reason="who receives what a deputy does").select_related("region")
    known = offices.in_bulk(ids)
    has_campaign = Campaign.objects.visible_to(actor).filter(office_id=actor.organisation_id or 0).exists()

    def may(mandate: Mandate) -> bool:
        office = known.get(mandate.congress.office_id or 0)
        if office is None:
            return mandate.congress.is_kept_by(actor)
        below = actor.region_prefix.startswith(office.region.prefix)
        return of_own_office(actor, office.pk) or (has_campaign and below)

    return {mandate.pk for mandate in mandates if may(mandate)}


def may_mend(actor: Actor, deed: Deed) -> bool:
    """Whether the actor may change what a deed says: its deputy, or the office that wrote it down for them, as long as
    nobody has confirmed or denied it."""
    if deed.status != DeedStatus.WAITING:
        return False
    if actor.is_deputy or actor.is_system:
        return actor.is_system or deed.mandate.person_id == actor.deputy_id
    by_deputy = deed.recorded_by_id is not None and deed.recorded_by_id == deed.mandate.person.user_id
    return actor.can(Permission.DEED_CONFIRM) and of_own_office(actor, deed.office_id) and not by_deputy


def deeds_to_check(actor: Actor) -> int:
    """How many deeds the actor's office has to look at (one query)."""
    found = Deed.objects.visible_to(actor).filter(office_id=actor.organisation_id)
    return found.filter(status__in=(DeedStatus.WAITING, DeedStatus.DENIED)).count()


@dataclass(frozen=True, slots=True)
class DeedRecord:
    """The parts of a deed's page; numbers in texts are covered unless the actor's office checks it or it is theirs."""

    text: str
    for_whom: str
    phone: str
    helped_words: str
    photos: list[Attachment]
    proofs: list[Attachment]
    timeline: list[TimelineEntry]


def record_of(actor: Actor, deed: Deed) -> DeedRecord:
    """Texts as this actor may read them, files, what happened. The telephone number is always covered."""
    own = deed.office_id == actor.organisation_id or deed.mandate.person_id == actor.deputy_id
    files = attachments_of(deed)

    def shown(text: str) -> str:
        return text if own else mask_text(text)

    return DeedRecord(
        text=shown(deed.text),
        for_whom=shown(deed.for_whom),
        phone=mask_phone(deed.helped_phone),
        helped_words=shown(deed.helped_words),
        photos=[one for one in files if one.slot == PHOTO_SLOT],
        proofs=[one for one in files if one.slot == PROOF_SLOT],
        timeline=timeline_of([deed], slot_titles=SLOT_TITLES),
    )


def receipt_digest(secret: str) -> str:
    """What is kept of the secret in a receipt's address: a hash under the portal's key."""
    return salted_hmac(RECEIPT, secret, algorithm="sha256").hexdigest()


def find_by_receipt(secret: str) -> Deed:
    """The deed that a receipt's address opens.

    Raises:
        NotFound: no such receipt, or a newer one was made.
    """
    digest = receipt_digest(secret)
    deed = (
        Deed.objects.unscoped(reason="who holds the receipt's address may read this one deed")
        .select_related("mandate__person", "mandate__congress")
        .filter(receipt_digest=digest)
        .first()
    )
    if deed is None or not constant_time_compare(deed.receipt_digest, digest):
        raise NotFound("这个链接已经失效。请向代表要新的二维码。")
    return deed
