"""What a deputy sees of votes: the rounds on whose roll they stand, and the lines of a ballot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection
from django.db.models import Case, Count, Q, Value, When
from django.utils import timezone
from django.utils.crypto import salted_hmac

from liaison.exceptions import NotFound
from liaison.selectors.fixed import FixedQuery
from votes.models import RollEntry, Round, RoundOption
from votes.states import RoundStatus

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal
    from uuid import UUID

    from django.db.models import QuerySet

    from liaison.actor import Actor

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
    return rows.exclude(early).select_related("round")


#: What the pages of a ballot ask of the line and its round. In SQL, for every phone in the hall asks it at once.
_ENTRY_FIELDS = ("id", "round_id", "mandate_id", "attendance", "channel")
_ROUND_FIELDS = (
    *("id", "public_id", "session_id", "kind", "title", "places", "scale", "status", "closes_at", "void_reason"),
)
_FIND_OWN = f"""
    SELECT {", ".join(f"e.{name}" for name in _ENTRY_FIELDS)}, {", ".join(f"r.{name}" for name in _ROUND_FIELDS)}
    FROM {RollEntry._meta.db_table} e JOIN {Round._meta.db_table} r ON r.id = e.round_id
    WHERE r.public_id = %s AND e.mandate_id = ANY(%s)
"""  # noqa: S608


def own_vote(actor: Actor, public_id: UUID) -> OwnVote:
    """The deputy's own line in a round.

    Raises:
        NotFound: no such round, nothing to do in it yet, or the actor does not stand on its roll.
    """
    row = None
    if actor.is_deputy:
        with connection.cursor() as cursor:
            cursor.execute(_FIND_OWN, [public_id, list(actor.mandate_ids)])
            row = cursor.fetchone()
    if row is None:
        raise NotFound
    split = len(_ENTRY_FIELDS)
    entry = RollEntry.from_db(connection.alias, _ENTRY_FIELDS, row[:split])
    entry.round = Round.from_db(connection.alias, _ROUND_FIELDS, row[split:])
    if _is_early(entry.round):
        raise NotFound
    return OwnVote(entry.round, entry)


def _is_early(round_: Round) -> bool:
    """As in ``_own``: asked in Python, for only a round in preparation needs to know its session."""
    if round_.status != RoundStatus.PREPARING or round_.session is None:
        return False
    return round_.session.starts_on > timezone.localdate()


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


class BallotLine(NamedTuple):
    """What a ballot is read by."""

    position: int
    name: str


_LINES = FixedQuery(
    lambda round_id: RoundOption.objects.filter(round_id=round_id).order_by("position").values_list("position", "name")
)


def lines_for_ballot(round_: Round) -> list[BallotLine]:
    """The lines of the ballot in their order."""
    return [BallotLine(*row) for row in _LINES(round_.pk)]


class Subject(NamedTuple):
    """What a deputy may unfold under a line that is a project."""

    content: str
    place: str
    investment: Decimal
    unit_name: str
    finish_on: dt.date
    money_source: str = ""


class LineToFill(NamedTuple):
    """One line of a ballot as it is handed out."""

    position: int
    name: str
    detail: str
    subject: Subject | None


_FACTS = ("content", "place", "investment", "unit_name", "finish_on")
_LINES_TO_FILL = FixedQuery(
    lambda round_id: (
        RoundOption.objects.filter(round_id=round_id)
        .order_by("position")
        .values_list(
            *("position", "name", "detail", "candidate_id", "project_id"),
            *(f"candidate__{fact}" for fact in (*_FACTS, "money_source")),
            *(f"project__{fact}" for fact in _FACTS),
        )
    )
)


def lines_to_fill(round_: Round) -> list[LineToFill]:
    """The lines of the ballot in their order, with what a deputy may unfold."""
    lines = []
    for position, name, detail, candidate_id, project_id, *facts in _LINES_TO_FILL(round_.pk):
        own = len(_FACTS) + 1
        subject = Subject(*facts[:own]) if candidate_id else Subject(*facts[own:]) if project_id else None
        lines.append(LineToFill(position, name, detail, subject))
    return lines
