"""Reading proposals (项目建议): the door, the screening desk, one's own, similar ones, by receipt code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Left

from liaison.exceptions import NotFound
from liaison.permissions import Permission
from liaison.search import likeness, pairs
from liaison.selectors.counts import capped_counts
from votes.models import Proposal, ScreeningPoint
from votes.receipts import receipt_hash
from votes.states import ProposalStatus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from liaison.actor import Actor
    from votes.models import Candidate, Programme

#: Tabs of the screening desk: status → words.
TABS = {
    ProposalStatus.RECEIVED: "待筛选",
    ProposalStatus.MERGED: "已合并",
    ProposalStatus.ADOPTED: "已列入候选",
    ProposalStatus.REJECTED: "未采纳",
}
#: So many proposals of a programme are compared, the newest first.
MOST_COMPARED = 3000
#: Of a text, so many characters are compared.
COMPARED_TEXT = 200
#: From this likeness on a proposal is shown as similar.
ALIKE = 0.2

_PEOPLE = ("mandate__person", "mandate__congress", "organisation")


def get_proposal_for(actor: Actor, public_id: UUID | str) -> Proposal:
    """The one door to a proposal, with what its page names.

    Raises:
        NotFound: no such proposal, or not visible to the actor.
    """
    proposal = (
        Proposal.objects.visible_to(actor)
        .select_related("programme__congress__region", "programme__office", "merged_into", "candidate", *_PEOPLE)
        .filter(public_id=public_id)
        .first()
    )
    if proposal is None:
        raise NotFound
    return proposal


@dataclass(frozen=True, slots=True)
class ProposalConditions:
    """What the screening desk is narrowed to."""

    text: str = ""
    source: str = ""


def _scope(actor: Actor, programme: Programme, conditions: ProposalConditions) -> QuerySet[Proposal]:
    found = Proposal.objects.visible_to(actor).filter(programme=programme)
    if conditions.source:
        found = found.filter(source=conditions.source)
    for word in conditions.text.split()[:5]:
        found = found.filter(
            Q(title__icontains=word)
            | Q(content__icontains=word)
            | Q(place__icontains=word)
            | Q(proposer_name__icontains=word)
            | Q(mandate__person__name__icontains=word)
            | Q(organisation__name__icontains=word)
        )
    return found


def tab_of(code: str) -> ProposalStatus:
    """The tab of this code; 待筛选 when there is none."""
    return ProposalStatus(code) if code in ProposalStatus.values else ProposalStatus.RECEIVED


def desk_proposals(
    actor: Actor, programme: Programme, tab: ProposalStatus, conditions: ProposalConditions
) -> QuerySet[Proposal]:
    """The proposals of a tab, each with ``together``, how many were merged into it."""
    merged = Proposal.objects.filter(merged_into=OuterRef("pk")).order_by().values("merged_into")
    counted = merged.annotate(number=Count("pk")).values("number")
    return (
        _scope(actor, programme, conditions)
        .filter(status=tab)
        .select_related("merged_into", "candidate", *_PEOPLE)
        .annotate(together=Coalesce(Subquery(counted), 0))
    )


def desk_counts(actor: Actor, programme: Programme, conditions: ProposalConditions) -> dict[str, int]:
    """How many proposals each tab has under these conditions (one query)."""
    scope = _scope(actor, programme, conditions)
    return capped_counts({status.value: scope.filter(status=status) for status in TABS})


def status_counts(actor: Actor, programme: Programme) -> dict[str, int]:
    """How many proposals each tab has."""
    return desk_counts(actor, programme, ProposalConditions())


def source_counts(programme: Programme) -> dict[str, int]:
    """How many proposals came from the public, deputies and departments (numbers are public)."""
    rows = Proposal.objects.filter(programme=programme).order_by().values("source").annotate(number=Count("pk"))
    return {row["source"]: row["number"] for row in rows}


def merged_into(actor: Actor, proposal: Proposal) -> list[Proposal]:
    """The proposals that were merged into this one: who else proposed it stays known."""
    found = Proposal.objects.visible_to(actor).filter(merged_into=proposal)
    return list(found.select_related(*_PEOPLE).order_by("id"))


def chosen(actor: Actor, programme: Programme, public_ids: Iterable[str]) -> list[Proposal]:
    """Proposals named in an address, as far as they are of this programme and visible; unreadable ids are left out."""
    ids = [one for one in dict.fromkeys(public_ids) if _is_uuid(one)][:50]
    found = Proposal.objects.visible_to(actor).filter(programme=programme, public_id__in=ids)
    return list(found.select_related(*_PEOPLE).order_by("id"))


def _is_uuid(text: str) -> bool:
    from uuid import UUID

    try:
        UUID(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Similar:
    """A proposal like another one; ``percent`` says how like."""

    proposal: Proposal
    percent: int


def _words(title: str, content: str) -> tuple[frozenset[str], frozenset[str]]:
    return pairs(title), pairs(content[:COMPARED_TEXT])


def similar_to(actor: Actor, proposal: Proposal, *, limit: int = 6) -> list[Similar]:
    """Proposals of the same programme on the same matter, the likest first (two queries).

    Titles count for more than texts: bigrams that both have, of those of the shorter one.
    """
    title, content = _words(proposal.title, proposal.content)
    rows = (
        Proposal.objects.visible_to(actor)
        .filter(programme_id=proposal.programme_id, status__in=[ProposalStatus.RECEIVED, ProposalStatus.ADOPTED])
        .exclude(pk=proposal.pk)
        .order_by("-id")
        .values_list("pk", "title", Left("content", COMPARED_TEXT))[:MOST_COMPARED]
    )
    scores: dict[int, float] = {}
    for pk, other_title, other_content in rows:
        its_title, its_content = _words(other_title, other_content)
        score = 0.65 * likeness(title, its_title) + 0.35 * likeness(content, its_content)
        if score >= ALIKE:
            scores[pk] = score
    best = sorted(scores, key=lambda pk: (-scores[pk], -pk))[:limit]
    found = {one.pk: one for one in Proposal.objects.filter(pk__in=best).select_related("candidate", *_PEOPLE)}
    return [Similar(found[pk], round(scores[pk] * 100)) for pk in best]


def my_proposals(actor: Actor) -> QuerySet[Proposal]:
    """A deputy's own proposals, or those of the actor's unit."""
    if actor.is_congress:
        return Proposal.objects.none()
    return Proposal.objects.visible_to(actor).select_related(
        "programme__congress__region", "merged_into__candidate", "candidate", "mandate__person", "organisation"
    )


def point_labels(proposal: Proposal) -> list[str]:
    """The points of the checklist that it failed, in words."""
    return [ScreeningPoint(point).label for point in proposal.failed_points if point in ScreeningPoint.values]


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a proposal, as its proposer reads it.

    Args:
        proposal: the one that was sent in.
        root: the one it was merged into, or itself.
        candidate: the candidate project that came of it, once the list is published.
        points: the points of the checklist against it.
        result: what the vote made of the candidate, in words.
    """

    proposal: Proposal
    root: Proposal
    candidate: Candidate | None
    points: list[str]
    result: str


def fate_of(proposal: Proposal) -> Fate:
    """Follow a proposal to its end; a merged one shares the fate of the one it went into."""
    from votes.models.candidate import PUBLISHED_STATES

    root = proposal.merged_into or proposal
    candidate = root.candidate
    shown = candidate if candidate is not None and candidate.status in PUBLISHED_STATES else None
    result = ""
    if shown is not None:
        result = {"elected": "人大会议票决通过，组织实施", "not_elected": "人大会议票决未通过"}.get(
            shown.status, "已列入候选项目，等待人大会议票决"
        )
    return Fate(proposal=proposal, root=root, candidate=shown, points=point_labels(root), result=result)


def find_by_receipt(code: str) -> Proposal | None:
    """The proposal of a receipt code, for whoever holds the code; None when there is none."""
    digest = receipt_hash(code)
    if not digest:
        return None
    return (
        Proposal.objects.filter(receipt_hash=digest)
        .select_related("programme__congress__region", "merged_into__candidate", "candidate")
        .first()
    )


def search_proposals(actor: Actor, text: str, *, limit: int) -> list[Proposal]:
    """Proposals that the actor may see, by title or text, newest first."""
    words = text.strip()
    if not words or not (actor.can(Permission.PROGRAMME_VIEW) or actor.can(Permission.PROPOSAL_WRITE)):
        return []
    found = Proposal.objects.visible_to(actor).filter(Q(title__icontains=words) | Q(content__icontains=words))
    return list(found.select_related("programme__congress__region").order_by("-id")[:limit])


def waiting_count(actor: Actor) -> int:
    """How many proposals wait for screening in the actor's own office."""
    if actor.organisation_id is None:
        return 0
    return (
        Proposal.objects.visible_to(actor)
        .filter(programme__office_id=actor.organisation_id, status=ProposalStatus.RECEIVED)
        .count()
    )
