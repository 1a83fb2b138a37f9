"""Reading members of the standing committee, their fixed contacts, and proposals for whom each should keep contact."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils import timezone

from deputies.models import CommitteeMember, CommitteePost, Congress, ContactLink, Mandate, ProfessionClass
from deputies.selectors.placement import MOST_FOUND, FoundDeputy
from liaison.exceptions import NotFound
from liaison.paging import is_storable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from deputies.models import MandateQuerySet
    from deputies.models.congress import CongressQuerySet
    from liaison.actor import Actor

#: Most deputies that one page of proposals holds; the rest come after these are saved.
MOST_PROPOSED = 300


def congresses_kept(actor: Actor) -> CongressQuerySet:
    """The congresses whose contacts and reports the actor's office keeps: its own first, then those below; of each
    place the newest terms first."""
    found = Congress.objects.visible_to(actor).filter(region__prefix__startswith=actor.region_prefix)
    return found.select_related("region", "office", "settings").order_by(
        "region__prefix", F("ends_on").desc(nulls_first=True), "-term"
    )


def congress_asked(actor: Actor, public_id: UUID | str = "") -> Congress:
    """The congress named in an address; the office's own when none is named.

    Raises:
        NotFound: it is none that the actor's office keeps, or there is none at all.
    """
    kept = congresses_kept(actor)
    congress = (kept.filter(public_id=public_id) if public_id else kept).first()
    if congress is None:
        raise NotFound("没有找到这届人民代表大会，或者本地还没有登记届次。")
    return congress


def year_asked(congress: Congress, text: str) -> int:
    """The year named in an address, within the term; this year when none is."""
    today = timezone.localdate()
    last = min(congress.ends_on or today, today).year
    asked = int(text) if text.isdecimal() and len(text) == 4 else 0
    return asked if congress.starts_on.year <= asked <= last else last


def years_of(congress: Congress) -> list[int]:
    """The years of a term so far, newest first."""
    return list(range(year_asked(congress, ""), congress.starts_on.year - 1, -1))


def members_of(congress: Congress) -> list[CommitteeMember]:
    """The members in force, by post (one query)."""
    rank = Case(*(When(post=post, then=Value(place)) for place, post in enumerate(_RANK)), output_field=IntegerField())
    found = CommitteeMember.objects.unscoped(reason="of a congress in scope").in_force().filter(congress=congress)
    found = found.select_related("mandate__person", "mandate__electoral_unit")
    return list(found.annotate(rank=rank).order_by("rank", "started_on", "id"))


_RANK = (
    CommitteePost.DIRECTOR,
    CommitteePost.CHAIR,
    CommitteePost.VICE_DIRECTOR,
    CommitteePost.VICE_CHAIR,
    CommitteePost.SECRETARY,
    CommitteePost.MEMBER,
    CommitteePost.PRESIDIUM,
)


def get_committee_member_for(actor: Actor, public_id: UUID | str) -> CommitteeMember:
    """One member with person and congress.

    Raises:
        NotFound: no such member, or not visible to the actor.
    """
    found = CommitteeMember.objects.visible_to(actor).select_related("mandate__person", "congress")
    member = found.filter(public_id=public_id).first()
    if member is None:
        raise NotFound
    return member


def deputies_of_congress(congress: Congress, q: str, *, leave_out: Iterable[int] = ()) -> list[FoundDeputy]:
    """Deputies in force of one congress by part of the name or by certificate number (one query)."""
    q = q.strip()
    if not q or not is_storable(q):
        return []
    found = in_force(congress).filter(Q(person__name__contains=q) | Q(certificate_number__iexact=q))
    found = found.exclude(pk__in=list(leave_out)).order_by("person__name", "id")[:MOST_FOUND]
    return [FoundDeputy(mandate, "") for mandate in found]


def in_force(congress: Congress) -> MandateQuerySet:
    """The mandates of a congress that count now, with the names that lists show."""
    found = Mandate.objects.unscoped(reason="of a congress in scope").in_force().filter(congress=congress)
    return found.select_related("person", "congress", "electoral_unit")


def grassroots(congress: Congress) -> list[Mandate]:
    """The grass-roots deputies (基层代表) in force who are no members themselves, by electoral unit (one query)."""
    sitting = CommitteeMember.objects.unscoped(reason="only tells who sits").filter(congress=congress, ended_on=None)
    found = in_force(congress).exclude(profession_class=ProfessionClass.CADRE)
    found = found.exclude(pk__in=sitting.values("mandate_id"))
    return list(found.order_by("electoral_unit__name", "id"))


def links_of(congress: Congress, year: int) -> list[ContactLink]:
    """The fixed contacts of a year (one query)."""
    found = ContactLink.objects.unscoped(reason="of a congress in scope").in_force(year)
    found = found.filter(member__congress=congress, mandate__ended_on=None)
    return list(found.select_related("member", "mandate__person", "mandate__electoral_unit").order_by("year", "id"))


def linked_member_ids(links: Iterable[ContactLink]) -> dict[int, int]:
    """Mandate id → the member who keeps contact; a link of the year goes before one of the whole term."""
    found: dict[int, int] = {}
    for link in sorted(links, key=lambda one: (one.year is None, one.pk)):
        found.setdefault(link.mandate_id, link.member_id)
    return found


def nearness(member: CommitteeMember, mandate: Mandate) -> int:
    """How near a member is to a deputy: 3 the same electoral unit, 2 the same county, 1 the same city, else 0."""
    own = member.mandate
    if own.electoral_unit_id is not None and own.electoral_unit_id == mandate.electoral_unit_id:
        return 3
    for digits, value in ((6, 2), (4, 1)):
        if len(own.home_prefix) >= digits and own.home_prefix[:digits] == mandate.home_prefix[:digits]:
            return value
    return 0


@dataclass(frozen=True, slots=True)
class LinkProposal:
    """Who should keep contact with one deputy, and why."""

    mandate: Mandate
    member: CommitteeMember | None
    reason: str


@dataclass(frozen=True, slots=True)
class LinkPlan:
    """The proposals of a congress.

    Args:
        members: what may be chosen by hand.
        load: member id → deputies with the proposed ones.
        more: whether further deputies wait beyond ``MOST_PROPOSED``.
    """

    members: list[CommitteeMember]
    proposals: list[LinkProposal]
    load: dict[int, int]
    more: bool

    @property
    def loads(self) -> list[tuple[CommitteeMember, int]]:
        """Each member with how many deputies they would have."""
        return [(member, self.load.get(member.pk, 0)) for member in self.members]


_WHY = {3: "同一选举单位", 2: "同一县（市、区）", 1: "同一市州", 0: "按人数均衡"}


def propose_links(congress: Congress, year: int) -> LinkPlan:
    """For every grass-roots deputy without a fixed contact in a year a member (three queries whatever the number).

    The load is even: nobody gets more than one above the average, and that only when nobody is below it. Among those
    with room the nearest by electoral unit, then the one with fewest.
    """
    members, links = members_of(congress), links_of(congress, year)
    linked = linked_member_ids(links)
    everybody = grassroots(congress)
    waiting = [mandate for mandate in everybody if mandate.pk not in linked]
    load = Counter(linked.values())
    if not members:
        return LinkPlan([], [LinkProposal(mandate, None, "还没有登记组成人员") for mandate in waiting], {}, False)
    average = (len(waiting) + sum(load[member.pk] for member in members)) // len(members)
    # those with a near member choose first: else the places near them go to deputies who are near nobody
    best = {mandate.pk: max(nearness(member, mandate) for member in members) for mandate in waiting}
    chosen: dict[int, LinkProposal] = {}
    for mandate in sorted(waiting, key=lambda one: -best[one.pk]):
        below = [member for member in members if load[member.pk] < average]
        free = below or [member for member in members if load[member.pk] == average] or members
        member = min(free, key=lambda one: (-nearness(one, mandate), load[one.pk], one.pk))
        load[member.pk] += 1
        chosen[mandate.pk] = LinkProposal(mandate, member, _WHY[nearness(member, mandate)])
    proposals = [chosen[mandate.pk] for mandate in waiting]
    return LinkPlan(members, proposals[:MOST_PROPOSED], dict(load), len(proposals) > MOST_PROPOSED)


def by_member(links: Iterable[ContactLink]) -> dict[int, list[ContactLink]]:
    """Member id → their links."""
    found: dict[int, list[ContactLink]] = defaultdict(list)
    for link in links:
        found[link.member_id].append(link)
    return found
