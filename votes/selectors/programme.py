"""Reading programmes (年度民生实事项目): the door, the list, the choices, who may vote at all."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from deputies.models import Congress, Session
from deputies.models.congress import CongressLevel
from liaison.exceptions import NotFound
from liaison.models import Region
from liaison.models.region import RegionKind, RegionLevel
from votes.models import Candidate, Programme, Proposal
from votes.states import CandidateStatus, ProgrammeStatus, ProposalStatus

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor

CALL_DEADLINE, LIST_DEADLINE = "programme_call", "programme_list"
#: How many projects a congress usually chooses (rulebook 3, after 衡阳): level → (fewest, most).
USUAL_PLACES = {CongressLevel.TOWNSHIP: (1, 3), CongressLevel.COUNTY: (5, 10)}
#: Candidates that count: put up, and not withdrawn.
STANDING = (
    CandidateStatus.DRAFT,
    CandidateStatus.LISTED,
    CandidateStatus.ELECTED,
    CandidateStatus.NOT_ELECTED,
)


def get_programme_for(actor: Actor, public_id: UUID | str) -> Programme:
    """The one door to a programme, with what its pages name.

    Raises:
        NotFound: no such programme, or not visible to the actor.
    """
    programme = (
        Programme.objects.visible_to(actor)
        .select_related("congress__region", "office", "session")
        .filter(public_id=public_id)
        .first()
    )
    if programme is None:
        raise NotFound
    return programme


def get_published(public_id: UUID | str) -> Programme:
    """A programme as everybody may follow it, whoever asks.

    Raises:
        NotFound: no such programme, or not published.
    """
    programme = (
        Programme.objects.all()
        .published()
        .select_related("congress__region", "office")
        .filter(public_id=public_id)
        .first()
    )
    if programme is None:
        raise NotFound
    return programme


@dataclass(frozen=True, slots=True)
class ProgrammeConditions:
    """What a list of programmes is narrowed to."""

    year: int | None = None
    region: str = ""
    status: str = ""
    text: str = ""


def _narrow(found: QuerySet[Programme], conditions: ProgrammeConditions) -> QuerySet[Programme]:
    if conditions.year:
        found = found.filter(year=conditions.year)
    if conditions.region:
        found = found.filter(region_prefix__startswith=conditions.region)
    if conditions.status:
        found = found.filter(status=conditions.status)
    if conditions.text:
        found = found.filter(congress__region__full_name__icontains=conditions.text)
    return found


def _number(rows: QuerySet[Candidate] | QuerySet[Proposal]) -> Coalesce:
    counted = rows.filter(programme=OuterRef("pk")).order_by().values("programme").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


def programme_list(actor: Actor, conditions: ProgrammeConditions) -> QuerySet[Programme]:
    """The programmes that the actor sees, each with ``waiting`` (proposals to be screened) and ``standing``
    (candidates)."""
    waiting = Proposal.objects.filter(status=ProposalStatus.RECEIVED)
    standing = Candidate.objects.filter(status__in=STANDING)
    return (
        _narrow(Programme.objects.visible_to(actor), conditions)
        .select_related("congress__region", "office")
        .annotate(waiting=_number(waiting), standing=_number(standing))
    )


def published_list(conditions: ProgrammeConditions) -> QuerySet[Programme]:
    """The programmes that everybody may follow."""
    return _narrow(Programme.objects.all().published(), conditions).select_related("congress__region")


def years_of(found: QuerySet[Programme]) -> list[int]:
    """The years in which there are programmes, newest first."""
    return list(found.order_by("-year").values_list("year", flat=True).distinct())


def own_years(actor: Actor) -> list[int]:
    return years_of(Programme.objects.visible_to(actor))


def published_years() -> list[int]:
    return years_of(Programme.objects.all().published())


def regions_for(actor: Actor) -> list[tuple[str, str]]:
    """Places below the actor's own, for the filter: (prefix, name); of a county its townships."""
    if not actor.is_congress:
        return []
    found = Region.objects.visible_to(actor).subtree(actor.region_prefix).exclude(prefix=actor.region_prefix)
    below = found.filter(parent__prefix=actor.region_prefix).order_by("prefix")
    return list(below.values_list("prefix", "name"))


def places_for_programme(actor: Actor) -> list[Region]:
    """Places for which a programme may be set up: the actor's own and those directly below, those without
    a congress among them, so that the refusal can say why."""
    if not actor.is_congress:
        return []
    own = Region.objects.visible_to(actor).filter(Q(prefix=actor.region_prefix) | Q(parent__prefix=actor.region_prefix))
    return list(own.order_by("prefix"))


#: Why a kind of division holds no such vote (地方各级人民代表大会和地方各级人民政府组织法).
_NO_CONGRESS = {
    RegionKind.SUBDISTRICT: (
        "街道不设人民代表大会（地方组织法），不能组织民生实事项目人大代表票决。"
        "街道的项目建议，可以提交所在县（市、区）的人民代表大会征集。"
    ),
    RegionKind.QUASI: "这里不是一级行政区划，没有人民代表大会（地方组织法），不能组织民生实事项目人大代表票决。",
    RegionKind.STATISTICAL_ZONE: (
        "统计用区划不是一级行政区划，没有人民代表大会（地方组织法），不能组织民生实事项目人大代表票决。"
    ),
}


def refusal_of(region: Region) -> str:
    """Why this division may hold no vote; empty when it may (乡、民族乡、镇和县级)."""
    if region.statistical_only or region.level == RegionLevel.SPECIAL:
        return _NO_CONGRESS[RegionKind.STATISTICAL_ZONE]
    if region.kind in _NO_CONGRESS:
        return _NO_CONGRESS[RegionKind(region.kind)]
    if region.level not in {RegionLevel.COUNTY, RegionLevel.TOWNSHIP}:
        return "民生实事项目票决由县（市、区）和乡镇的人民代表大会组织，设区的市和省级不组织。请选择县或者乡镇。"
    return ""


def congress_in_force(region: Region) -> Congress | None:
    """The congress of a division in its present term."""
    today = timezone.localdate()
    return (
        Congress.objects.filter(region=region, level__in=list(USUAL_PLACES))
        .filter(Q(ends_on=None) | Q(ends_on__gte=today))
        .select_related("region", "office")
        .order_by("-term")
        .first()
    )


def places_hint(level: str, places: int) -> str:
    """A word when the number of places is unusual for the level; empty when it is not."""
    usual = USUAL_PLACES.get(CongressLevel(level))
    if usual is None or usual[0] <= places <= usual[1]:
        return ""
    name = "乡镇" if level == CongressLevel.TOWNSHIP else "县级"
    return f"{name}一般选{usual[0]}至{usual[1]}件，您填了{places}件，请再核对。"


def sessions_for(programme: Programme) -> list[tuple[int, str]]:
    """The sessions at which this congress may vote: (id, name), newest first."""
    found = Session.objects.filter(congress=programme.congress_id).select_related("congress").order_by("-number")
    return [(session.pk, str(session)) for session in found]


def takes_proposals(programme: Programme, today: dt.date | None = None) -> bool:
    """Whether the call is open: from its first day to the end of its last (Asia/Shanghai)."""
    today = today or timezone.localdate()
    if programme.status != ProgrammeStatus.COLLECTING:
        return False
    return programme.call_until is None or today <= programme.call_until


def open_calls(actor: Actor) -> list[Programme]:
    """Programmes that the actor sees and that take proposals today."""
    found = Programme.objects.visible_to(actor).filter(status=ProgrammeStatus.COLLECTING)
    found = found.filter(Q(call_until=None) | Q(call_until__gte=timezone.localdate()))
    return list(found.select_related("congress__region").order_by("call_until", "-id")[:20])


def search_programmes(actor: Actor, text: str, *, limit: int) -> list[Programme]:
    """Programmes by place or year."""
    words = text.strip()
    if not words:
        return []
    wanted = Q(congress__region__full_name__icontains=words)
    if words[:4].isdigit() and len(words[:4]) == 4:
        wanted |= Q(year=int(words[:4]))
    found = Programme.objects.visible_to(actor).filter(wanted).select_related("congress__region")
    return list(found.order_by("-year", "-id")[:limit])
