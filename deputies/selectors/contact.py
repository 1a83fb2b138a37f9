"""Reading contacts with deputies: the desk, one contact, what was said at it, a deputy's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from deputies.models import CommitteeMember, Contact, ContactDeputy, ContactLink, ContactOpinion, Mandate
from deputies.states import ContactOpinionStatus, ContactStatus
from liaison.exceptions import NotFound
from liaison.models import Organisation
from liaison.permissions import OrganisationKind
from liaison.selectors.counts import capped_counts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.db.models import QuerySet

    from deputies.models.contact import ContactOpinionQuerySet, ContactQuerySet
    from liaison.actor import Actor

#: Saved views of the desk: key → label and condition.
CONTACT_VIEWS: Mapping[str, tuple[str, Q]] = {
    "coming": ("已安排", Q(status=ContactStatus.PLANNED)),
    "held": ("待记录", Q(status=ContactStatus.HELD)),
    "recorded": ("已记录", Q(status=ContactStatus.RECORDED)),
    "cancelled": ("已取消", Q(status=ContactStatus.CANCELLED)),
}
#: Saved views of what deputies said.
OPINION_VIEWS: Mapping[str, tuple[str, Q]] = {
    "raised": ("待处理", Q(status=ContactOpinionStatus.RAISED)),
    "assigned": ("交办中", Q(status=ContactOpinionStatus.ASSIGNED)),
    "telling": ("待反馈代表", Q(status__in=[ContactOpinionStatus.ADOPTED, ContactOpinionStatus.ANSWERED])),
    "told": ("已反馈代表", Q(status=ContactOpinionStatus.TOLD)),
}


def contact_list(actor: Actor) -> QuerySet[Contact]:
    """The contacts that the actor sees, each with ``invited``, ``met_count`` and ``said`` (two queries)."""
    of_it = ContactDeputy.objects.filter(contact=OuterRef("pk")).order_by().values("contact")
    said = ContactOpinion.objects.unscoped(reason="a number only").filter(contact=OuterRef("pk")).order_by()
    return (
        Contact.objects.visible_to(actor)
        .select_related("congress")
        .prefetch_related("members__mandate__person")
        .annotate(
            invited=Coalesce(Subquery(of_it.annotate(n=Count("pk")).values("n")), 0),
            met_count=Coalesce(Subquery(of_it.filter(met=True).annotate(n=Count("pk")).values("n")), 0),
            said=Coalesce(Subquery(said.values("contact").annotate(n=Count("pk")).values("n")), 0),
        )
    )


def contact_counts(actor: Actor) -> dict[str, int]:
    """How many contacts stand in each saved view (one query)."""
    found = Contact.objects.visible_to(actor)
    return capped_counts({key: found.filter(condition) for key, (_label, condition) in CONTACT_VIEWS.items()})


def contacts_by_words(contacts: ContactQuerySet, text: str) -> ContactQuerySet:
    """Contacts by part of the title, or by the name of a member or a deputy."""
    text = text.strip()
    deputies = ContactDeputy.objects.filter(mandate__person__name__contains=text)
    members = CommitteeMember.objects.unscoped(reason="a condition only").filter(mandate__person__name__contains=text)
    through = Contact.members.through.objects.filter(committeemember__in=members)
    return contacts.filter(
        Q(title__contains=text)
        | Q(working_body__contains=text)
        | Q(pk__in=deputies.values("contact_id"))
        | Q(pk__in=through.values("contact_id"))
    )


def get_contact_for(actor: Actor, public_id: UUID | str) -> Contact:
    """One contact with congress, office and members.

    Raises:
        NotFound: no such contact, or not visible to the actor.
    """
    found = Contact.objects.visible_to(actor).select_related("congress__region", "office")
    contact = found.prefetch_related("members__mandate__person").filter(public_id=public_id).first()
    if contact is None:
        raise NotFound
    return contact


def deputies_of(contact: Contact) -> list[ContactDeputy]:
    """Who is invited, those met first (one query)."""
    found = contact.deputies.select_related("mandate__person", "mandate__congress", "mandate__electoral_unit")
    return sorted(found, key=lambda row: (row.met is False, row.pk))


def opinions_of(actor: Actor, contact: Contact) -> list[ContactOpinion]:
    """What was said at a contact, as far as the actor may see it (one query)."""
    found = ContactOpinion.objects.visible_to(actor).filter(contact=contact)
    return list(found.select_related("mandate__person", "unit").order_by("id"))


def get_contact_opinion_for(actor: Actor, public_id: UUID | str) -> ContactOpinion:
    """One opinion with contact, deputy and unit.

    Raises:
        NotFound: no such opinion, or not visible to the actor.
    """
    found = ContactOpinion.objects.visible_to(actor)
    found = found.select_related("contact__congress__settings", "contact__office", "mandate__person", "unit")
    opinion = found.filter(public_id=public_id).first()
    if opinion is None:
        raise NotFound
    return opinion


def contact_opinions(actor: Actor) -> ContactOpinionQuerySet:
    """What deputies said, as far as the actor may see it, with the names that lists show."""
    return ContactOpinion.objects.visible_to(actor).select_related("contact__congress", "mandate__person", "unit")


def opinion_counts(actor: Actor) -> dict[str, int]:
    """How many opinions stand in each saved view (one query)."""
    found = ContactOpinion.objects.visible_to(actor)
    return capped_counts({key: found.filter(condition) for key, (_label, condition) in OPINION_VIEWS.items()})


def units_offered(actor: Actor) -> QuerySet[Organisation]:
    """The handling units to which the actor's office may assign."""
    found = Organisation.objects.visible_to(actor).active().filter(kind=OrganisationKind.UNIT)
    return found.order_by("region__prefix", "name")


@dataclass(frozen=True, slots=True)
class MyContacts:
    """A deputy's own page.

    Args:
        coming, past: contacts to which they are invited or which they lead, nearest first.
        opinions: what they said, newest first.
        links: members who keep contact with them.
        to_meet: for a member: deputies with a fixed contact, each with ``met`` (met this year).
    """

    coming: list[Contact]
    past: list[Contact]
    opinions: list[ContactOpinion]
    links: list[ContactLink]
    to_meet: list[tuple[Mandate, bool]]
    is_member: bool


def my_contacts(actor: Actor, *, most: int = 50) -> MyContacts:
    """What a deputy's page of contacts shows (a fixed number of queries)."""
    year = timezone.localdate().year
    own = Contact.objects.visible_to(actor).prefetch_related("members__mandate__person")
    coming = list(own.filter(status=ContactStatus.PLANNED).order_by("on", "id")[:most])
    past = list(own.exclude(status=ContactStatus.PLANNED).order_by("-on", "-id")[:most])
    said = contact_opinions(actor).filter(mandate__person_id=actor.deputy_id).order_by("-id")
    links = list(
        ContactLink.objects.visible_to(actor)
        .in_force(year)
        .select_related("member__mandate__person", "mandate__person", "mandate__electoral_unit", "mandate__congress")
        .order_by("id")
    )
    mine = [link for link in links if link.member.mandate.person_id == actor.deputy_id]
    met = met_mandates([link.mandate_id for link in mine], year)
    is_member = CommitteeMember.objects.unscoped(reason="the actor's own membership").filter(
        mandate__person_id=actor.deputy_id, ended_on=None
    )
    return MyContacts(
        coming=coming,
        past=past,
        opinions=list(said[:most]),
        links=[link for link in links if link.mandate.person_id == actor.deputy_id],
        to_meet=[(link.mandate, link.mandate_id in met) for link in mine],
        is_member=bool(mine) or is_member.exists(),
    )


def met_mandates(mandate_ids: list[int], year: int) -> set[int]:
    """Which of these deputies were met in a year (one query)."""
    found = ContactDeputy.objects.filter(
        mandate_id__in=mandate_ids,
        met=True,
        contact__on__year=year,
        contact__status__in=[ContactStatus.HELD, ContactStatus.RECORDED],
    )
    return set(found.values_list("mandate_id", flat=True))
