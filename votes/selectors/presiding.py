"""What staff see of votes: the list, and what a round can be made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from deputies.models import Congress
from liaison.permissions import Permission
from liaison.selectors.counts import capped_counts
from votes.models import Candidate, Programme, Project, Round, Teller
from votes.selectors.round import UNFINISHED
from votes.states import CandidateStatus, ProgrammeStatus, ProjectStatus, RoundStatus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.db.models import QuerySet

    from deputies.models import Session
    from liaison.actor import Actor

#: All rounds that the actor may see, in the regions below as well.
EVERYWHERE = "all"


@dataclass(frozen=True, slots=True)
class Tab:
    """A saved view of the list."""

    code: str
    label: str
    statuses: tuple[str, ...] = ()


TABS = (
    Tab("all", "全部"),
    Tab("preparing", "准备", (RoundStatus.PREPARING,)),
    Tab("open", "正在投票", (RoundStatus.OPEN,)),
    Tab("count", "待计票", (RoundStatus.CLOSED,)),
    Tab("declare", "待宣布", (RoundStatus.COUNTED,)),
    Tab("declared", "已宣布", (RoundStatus.DECLARED,)),
    Tab("void", "无效", (RoundStatus.VOID,)),
)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the filter bar asks for; empty values ask for nothing."""

    kind: str = ""
    year: int | None = None
    region: str = ""
    text: str = ""


def tab_of(code: str) -> Tab:
    """The tab of this code; the first one when there is none."""
    return next((tab for tab in TABS if tab.code == code), TABS[0])


def _found(actor: Actor, conditions: Conditions) -> QuerySet[Round]:
    rows = Round.objects.visible_to(actor)
    if conditions.region != EVERYWHERE:
        rows = rows.filter(office_id=actor.organisation_id)
    if conditions.kind:
        rows = rows.filter(kind=conditions.kind)
    if conditions.year:
        rows = rows.filter(created_at__year=conditions.year)
    if conditions.text:
        rows = rows.filter(title__icontains=conditions.text)
    return rows


def desk_rounds(actor: Actor, tab: Tab, conditions: Conditions) -> QuerySet[Round]:
    """The rounds of a tab with what a row shows."""
    rows = _found(actor, conditions)
    if tab.statuses:
        rows = rows.filter(status__in=tab.statuses)
    return rows.select_related("congress", "office").defer("result")


def desk_counts(actor: Actor, conditions: Conditions) -> Mapping[str, int]:
    """How many rounds each tab holds."""
    rows = _found(actor, conditions)
    return capped_counts({tab.code: rows.filter(status__in=tab.statuses) if tab.statuses else rows for tab in TABS})


def work_counts(actor: Actor) -> dict[str, int]:
    """How many of the office's own rounds stand in each state that waits for somebody."""
    own = Round.objects.visible_to(actor).filter(office_id=actor.organisation_id)
    waiting = (RoundStatus.OPEN, RoundStatus.CLOSED, RoundStatus.COUNTED)
    found = dict.fromkeys(map(str, waiting), 0)
    for status in own.filter(status__in=waiting).values_list("status", flat=True)[:200]:
        found[status] += 1
    return found


def search_rounds(actor: Actor, text: str, *, limit: int) -> list[Round]:
    """Rounds that the actor may see, by their title."""
    if len(text) < 2:
        return []
    rows = Round.objects.visible_to(actor).filter(title__icontains=text)
    return list(rows.select_related("congress").defer("result")[:limit])


def published_rounds() -> QuerySet[Round]:
    """Declared results that everybody may read."""
    return Round.objects.unscoped(reason="published results").published().select_related("congress").defer("result")


# ── what a round can be made from ────────────────────────────────────────────────────────────────
#: A programme in these states may be voted on, or appraised.
VOTABLE = (ProgrammeStatus.LISTED, ProgrammeStatus.VOTING)


def programmes_to_vote(actor: Actor) -> list[Programme]:
    """The office's programmes whose candidates stand, newest first."""
    return list(_programmes(actor).filter(status__in=VOTABLE)[:20])


def programmes_to_appraise(actor: Actor) -> list[Programme]:
    """The office's programmes with projects being carried out, newest first."""
    states = (ProgrammeStatus.UNDERWAY, ProgrammeStatus.APPRAISING)
    return list(_programmes(actor).filter(status__in=states)[:20])


def _programmes(actor: Actor) -> QuerySet[Programme]:
    rows = Programme.objects.visible_to(actor).filter(office_id=actor.organisation_id)
    return rows.select_related("congress__region").order_by("-year", "-id")


def own_programme(actor: Actor, public_id: UUID | str) -> Programme | None:
    """One of the office's programmes; None when there is no such one."""
    return _programmes(actor).filter(public_id=public_id).first()


def candidate_count(programme: Programme) -> int:
    """How many candidates stand on the approved list."""
    rows = Candidate.objects.unscoped(reason="of a programme that the caller was let into")
    return rows.filter(programme=programme, status=CandidateStatus.LISTED).count()


def projects_to_appraise(programme: Programme) -> list[Project]:
    """Projects that were carried out, also those that are not finished."""
    return list(
        Project.objects.unscoped(reason="of a programme that the caller was let into")
        .filter(programme=programme)
        .exclude(status=ProjectStatus.STOPPED)
        .order_by("candidate__number")
    )


def own_congresses(actor: Actor) -> list[Congress]:
    """The congresses whose votes this office runs."""
    rows = Congress.objects.visible_to(actor).filter(office_id=actor.organisation_id).select_related("region")
    return list(rows.order_by("-term")[:10])


def sessions_of(congress: Congress) -> list[Session]:
    """The congress's sessions, newest first."""
    return list(congress.sessions.select_related("congress").order_by("-number"))


def may_run(actor: Actor, round_: Round) -> bool:
    """Whether this actor runs the round: the office's own people with that permission."""
    return actor.can(Permission.ROUND_RUN) and (actor.is_system or round_.office_id == actor.organisation_id)


def is_open_question(round_: Round) -> bool:
    """Whether a declared round left places open that nothing has settled since: no other vote, no decision."""
    result = round_.result or {}
    if round_.status != RoundStatus.DECLARED or not round_.chooses or not result.get("open_places"):
        return False
    waiting = round_.options.filter(candidate__status=CandidateStatus.LISTED).exists()
    again = Round.objects.unscoped(reason="other votes of the same programme").filter(
        programme=round_.programme, status__in=UNFINISHED
    )
    return waiting and not again.exists()


def teller_work(actor: Actor) -> list[tuple[Round, str]]:
    """Where this account is a teller and has something to do: ``passphrase`` or ``sign``."""
    if actor.user_id is None:
        return []
    waiting = Q(round__status=RoundStatus.PREPARING, public_key__isnull=True) | Q(
        round__status=RoundStatus.COUNTED, signed_at__isnull=True
    )
    rows = Teller.objects.filter(waiting, user_id=actor.user_id).select_related("round").order_by("-round_id")
    return [
        (teller.round, "sign" if teller.round.status == RoundStatus.COUNTED else "passphrase") for teller in rows[:10]
    ]
