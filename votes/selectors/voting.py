"""What a deputy sees of votes: the rounds on whose roll they stand, and the lines of a ballot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, Count, Q, Value, When
from django.utils import timezone
from django.utils.crypto import salted_hmac

from liaison.exceptions import NotFound
from votes.models import RollEntry
from votes.states import RoundStatus

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from liaison.actor import Actor
    from votes.models import Round, RoundOption

#: So many rounds that are over are shown to a deputy.
MOST_PAST = 20


@dataclass(frozen=True, slots=True)
class OwnVote:
    """A round and the deputy's own line on its roll."""

    round: Round
    entry: RollEntry

    @property
    def has_voted(self) -> bool:
        return bool(self.entry.channel)

    @property
    def is_present(self) -> bool:
        return bool(self.entry.attendance)

    @property
    def is_open(self) -> bool:
        """Whether a ballot would be taken now."""
        return takes_ballots(self.round)

    @property
    def device_key(self) -> str:
        """Names this person in this round on their own device; says nothing to anybody else."""
        return device_key("voter", self.entry.pk)


def device_key(kind: str, value: object) -> str:
    """A name for browser storage that gives away nothing."""
    return salted_hmac(f"votes.device.{kind}", str(value)).hexdigest()[:20]


def takes_ballots(round_: Round) -> bool:
    """Open, and not past its last moment."""
    return round_.status == RoundStatus.OPEN and (round_.closes_at is None or timezone.now() < round_.closes_at)


def _own(actor: Actor) -> QuerySet[RollEntry]:
    """The deputy's own lines; of a round in preparation from the first day of its session on."""
    rows = RollEntry.objects.visible_to(actor) if actor.is_deputy else RollEntry.objects.none()
    early = Q(round__status=RoundStatus.PREPARING, round__session__starts_on__gt=timezone.localdate())
    return rows.exclude(early).select_related("round__congress")


def own_vote(actor: Actor, public_id: UUID) -> OwnVote:
    """The deputy's own line in a round.

    Raises:
        NotFound: no such round, nothing to do in it yet, or the actor does not stand on its roll.
    """
    entry = _own(actor).filter(round__public_id=public_id).first()
    if entry is None:
        raise NotFound
    return OwnVote(entry.round, entry)


def own_votes(actor: Actor) -> list[OwnVote]:
    """Rounds on whose roll the deputy stands: open ones first, then the newest."""
    live = When(round__status__in=(RoundStatus.OPEN, RoundStatus.PREPARING), then=Value(0))
    rows = _own(actor).order_by(Case(live, default=Value(1)), "-round_id")
    return [OwnVote(entry.round, entry) for entry in rows[:MOST_PAST]]


def votes_waiting(actor: Actor) -> tuple[int, int]:
    """Rounds that wait for this deputy: (to vote in, to sign in to before the vote opens)."""
    if not actor.is_deputy:
        return 0, 0
    found = _own(actor).aggregate(
        vote=Count("pk", filter=Q(round__status=RoundStatus.OPEN, channel="")),
        sign_in=Count("pk", filter=Q(round__status=RoundStatus.PREPARING, attendance="")),
    )
    return found["vote"], found["sign_in"]


def lines_for_ballot(round_: Round) -> list[RoundOption]:
    """The lines of the ballot in their order, with what a deputy may unfold."""
    return list(round_.options.select_related("candidate", "project").order_by("position"))
