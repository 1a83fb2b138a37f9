"""Reading candidate projects (候选项目): the door, lists, pictures, comments, what is still missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db.models import Prefetch, Q

from liaison.exceptions import NotFound
from liaison.models import Attachment, Organisation
from liaison.permissions import OrganisationKind
from liaison.selectors.attachment import attachments_by_owner
from votes.models import Candidate, CandidateComment, Proposal
from votes.models.candidate import PICTURE_SLOT, PUBLISHED_STATES
from votes.states import CandidateStatus, ProgrammeStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from liaison.actor import Actor
    from votes.models import Programme

#: States of the programme in which deputies may comment: before the vote begins.
COMMENT_STATES = (ProgrammeStatus.SCREENING, ProgrammeStatus.LISTED)
#: States of the programme in which staff put up and change candidates.
DRAFT_STATES = (ProgrammeStatus.COLLECTING, ProgrammeStatus.SCREENING)
#: What must be there before the list is approved (rulebook 3), with its words.
NEEDED = {
    "name": "项目名称",
    "content": "建设内容",
    "place": "实施地点",
    "investment": "投资额",
    "money_source": "资金来源",
    "unit_name": "责任单位",
    "finish_on": "完成时间",
}


def get_candidate_for(actor: Actor, public_id: UUID | str) -> Candidate:
    """The one door to a candidate, with what its page names.

    Raises:
        NotFound: no such candidate, or not visible to the actor.
    """
    candidate = (
        Candidate.objects.visible_to(actor)
        .select_related("programme__congress__region", "programme__office", "unit")
        .filter(public_id=public_id)
        .first()
    )
    if candidate is None:
        raise NotFound
    return candidate


def candidates_of(actor: Actor, programme: Programme) -> list[Candidate]:
    """The candidates of a programme that the actor sees, by number, withdrawn ones last."""
    found = Candidate.objects.visible_to(actor).filter(programme=programme).select_related("unit")
    return sorted(found, key=lambda one: (one.status == CandidateStatus.WITHDRAWN, one.number))


def published_candidates(programme: Programme) -> list[Candidate]:
    """The candidates that everybody may see, by number."""
    return list(Candidate.objects.filter(programme=programme, status__in=PUBLISHED_STATES).order_by("number"))


def missing_in(candidate: Candidate) -> list[str]:
    """What a candidate still lacks, in words."""
    missing = []
    for name, words in NEEDED.items():
        value = getattr(candidate, name)
        if value is None or (isinstance(value, str) and not value.strip()) or (name == "investment" and value <= 0):
            missing.append(words)
    return missing


def units_for(programme: Programme) -> list[tuple[int, str]]:
    """Units that may be responsible: of the place and below it, and of the county above a township: (id, name)."""
    prefix = programme.region_prefix
    above = [prefix[:6]] if len(prefix) > 6 else []
    found = (
        Organisation.objects.unscoped(reason="a congress names the units of its place")
        .active()
        .filter(kind=OrganisationKind.UNIT)
        .filter(Q(region__prefix__startswith=prefix) | Q(region__prefix__in=above))
    )
    return list(found.order_by("region__prefix", "name").values_list("pk", "name")[:500])


def pictures_of(candidates: Sequence[Candidate]) -> dict[int, list[Attachment]]:
    """Pictures by candidate (one query for all)."""
    return attachments_by_owner(candidates, PICTURE_SLOT)


def get_published_picture(public_id: UUID) -> Attachment:
    """A picture of a published candidate, for everybody.

    Raises:
        NotFound: no such picture, or not of a candidate that the public may see.
    """
    picture = Attachment.objects.filter(
        public_id=public_id,
        removed_at=None,
        slot=PICTURE_SLOT,
        mime__startswith="image/",
        content_type=ContentType.objects.get_for_model(Candidate),
    ).first()
    if picture is None or not _is_published(picture.object_id):
        raise NotFound
    return picture


def _is_published(candidate_id: int) -> bool:
    from votes.models import Programme

    return Candidate.objects.filter(
        pk=candidate_id, status__in=PUBLISHED_STATES, programme__in=Programme.objects.all().published()
    ).exists()


def comments_of(candidate: Candidate) -> list[CandidateComment]:
    """What deputies said about a candidate, oldest first. Who may see the candidate may read them."""
    return list(candidate.comments.select_related("mandate__person").order_by("id"))


def get_comment_of(candidate: Candidate, public_id: UUID) -> CandidateComment:
    """One comment of a candidate that the actor sees.

    Raises:
        NotFound: no such comment on this candidate.
    """
    comment = candidate.comments.select_related("mandate__person").filter(public_id=public_id).first()
    if comment is None:
        raise NotFound
    return comment


def may_comment(actor: Actor, candidate: Candidate) -> bool:
    """Whether this deputy may comment now: before the vote, in their own congress."""
    return actor.is_deputy and candidate.programme.status in COMMENT_STATES


def proposals_behind(actor: Actor, candidate: Candidate) -> list[Proposal]:
    """The proposals that a candidate came from, with those merged into them, as far as the actor sees them."""
    people = ("mandate__person", "organisation")
    together = Prefetch("merged", queryset=Proposal.objects.select_related(*people).order_by("id"))
    found = Proposal.objects.visible_to(actor).filter(candidate=candidate).select_related(*people)
    return list(found.prefetch_related(together).order_by("id"))


def drafts_of(programme: Programme) -> list[Candidate]:
    """The candidates being drafted, by number: what the approver is asked to approve."""
    return list(Candidate.objects.filter(programme=programme, status=CandidateStatus.DRAFT).order_by("number"))


def adoptable_candidates(programme: Programme) -> list[tuple[int, str]]:
    """Candidates into which a proposal may still go: (id, name)."""
    return [(one.pk, f"{one.number}. {one.name}") for one in drafts_of(programme)]


def search_candidates(actor: Actor, text: str, *, limit: int) -> list[Candidate]:
    """Candidates that the actor may see, by name or place, newest first."""
    words = text.strip()
    if not words:
        return []
    found = Candidate.objects.visible_to(actor).filter(Q(name__icontains=words) | Q(place__icontains=words))
    return list(found.select_related("programme__congress__region").order_by("-id")[:limit])


def unanswered_counts(candidates: Iterable[Candidate]) -> dict[int, tuple[int, int]]:
    """Comments of each candidate: (all, without an answer) (one query)."""
    counts: dict[int, tuple[int, int]] = {}
    rows = CandidateComment.objects.filter(candidate__in=list(candidates)).values_list("candidate_id", "answer")
    for candidate_id, answer in rows:
        total, open_ = counts.get(candidate_id, (0, 0))
        counts[candidate_id] = (total + 1, open_ + (not answer))
    return counts
