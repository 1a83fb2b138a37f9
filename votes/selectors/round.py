"""Reading secret votes: the doors, the presiding page's turnout (never an interim result), recount and receipts."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from liaison.exceptions import NotFound
from votes import rules
from votes.models import Attendance, Ballot, Channel, CountedReceipt, PaperCount, RollEntry, Round, RoundOption, Teller
from votes.sealing import plain_code, receipt_digest
from votes.selectors.result import Question, Turnout, tally
from votes.states import RoundStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from django.db.models import QuerySet

    from liaison.actor import Actor
    from votes.models import Programme

#: Rounds that are not over: one at a time a programme.
UNFINISHED = (RoundStatus.PREPARING, RoundStatus.OPEN, RoundStatus.CLOSED, RoundStatus.COUNTED)


def get_round_for(actor: Actor, public_id: UUID | str) -> Round:
    """The one door to a round, with what its pages name.

    Raises:
        NotFound: no such round, or not visible to the actor.
    """
    return _first(Round.objects.visible_to(actor), public_id)


def get_round_as_teller(actor: Actor, public_id: UUID | str) -> Round:
    """The teller's door (监票人、计票人): the rounds to which the actor's account is appointed, in any state.

    Raises:
        NotFound: no such round, or the actor is none of its tellers.
    """
    rounds = Round.objects.unscoped(reason="rounds to which the actor's account is appointed as a teller")
    return _first(rounds.filter(tellers__user_id=actor.user_id or 0), public_id)


def get_published_round(public_id: UUID | str) -> Round:
    """The public's door: declared rounds whose result is published.

    Raises:
        NotFound: no such round, not declared, or not published.
    """
    rounds = Round.objects.unscoped(reason="published results are for everybody").published()
    return _first(rounds, public_id)


def _first(rounds: QuerySet[Round], public_id: UUID | str) -> Round:
    found = (
        rounds.select_related("congress__region", "office", "programme", "session").filter(public_id=public_id).first()
    )
    if found is None:
        raise NotFound
    return found


def round_list(actor: Actor) -> QuerySet[Round]:
    """Rounds that the actor sees, the newest first."""
    return Round.objects.visible_to(actor).select_related("congress", "office", "programme").order_by("-id")


def rounds_of(actor: Actor, programme: Programme) -> list[Round]:
    """The votes of a programme that the actor may see, the oldest first."""
    return list(Round.objects.visible_to(actor).filter(programme=programme).order_by("id"))


def rounds_as_teller(actor: Actor) -> list[Round]:
    """Unfinished rounds to which the actor's account is appointed as a teller."""
    rounds = Round.objects.unscoped(reason="rounds to which the actor's account is appointed as a teller")
    return list(rounds.filter(tellers__user_id=actor.user_id or 0, status__in=UNFINISHED).order_by("-id"))


def options_of(round_: Round) -> list[RoundOption]:
    """The lines of the ballot, in order."""
    return list(round_.options.select_related("candidate", "project").order_by("position"))


def tellers_of(round_: Round) -> list[Teller]:
    """The two tellers, 监票人 first."""
    return sorted(round_.tellers.select_related("user"), key=lambda teller: teller.role != "scrutineer")


# -- turnout -------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Presence:
    """What the presiding page shows while the vote runs: who is here and how many took part, no interim result.

    Args:
        voted: by phone or slip, and paper ballots handed out.
    """

    roll: int
    attended: int
    quorum: int
    by_code: int
    by_staff: int
    phone: int
    slip: int
    paper: int

    @property
    def voted(self) -> int:
        return self.phone + self.slip + self.paper

    @property
    def waiting(self) -> int:
        return self.attended - self.voted

    @property
    def has_quorum(self) -> bool:
        return self.roll > 0 and self.attended >= self.quorum


def presence(round_: Round) -> Presence:
    """The turnout (one query)."""
    numbers = RollEntry.objects.filter(round=round_).aggregate(
        roll=Count("id"),
        attended=Count("id", filter=~Q(attendance="")),
        by_code=Count("id", filter=Q(attendance=Attendance.CODE)),
        by_staff=Count("id", filter=Q(attendance=Attendance.STAFF)),
        phone=Count("id", filter=Q(channel=Channel.PHONE)),
        slip=Count("id", filter=Q(channel=Channel.SLIP)),
        paper=Count("id", filter=Q(channel=Channel.PAPER)),
    )
    return Presence(quorum=rules.quorum(numbers["roll"]) if numbers["roll"] else 0, **numbers)


# -- hashes and recount --------------------------------------------------------------------------------
def roll_hash_of(round_: Round) -> str:
    """SHA-256 over the roll as it was frozen: a line each of position, name, certificate number, delegation."""
    digest = hashlib.sha256(f"{round_.public_id}\n".encode())
    rows = RollEntry.objects.filter(round=round_).order_by("position")
    fields = ("position", "public_id", "name", "certificate_number", "electoral_unit")
    for row in rows.values_list(*fields).iterator(chunk_size=2000):
        digest.update(("\t".join(str(value) for value in row) + "\n").encode())
    return digest.hexdigest()


def ballots_digest(rows: Iterable[tuple[str, str, bool]]) -> str:
    """SHA-256 over opened ballots (id, marks, valid) in the order of their random ids, which is no order of voting."""
    digest = hashlib.sha256()
    for key, marks, valid in rows:
        digest.update(f"{key} {marks} {'1' if valid else '0'}\n".encode())
    return digest.hexdigest()


def opened_ballots(round_: Round) -> Iterator[tuple[str, str, bool]]:
    """The opened ballots in the order of their ids, for whoever recounts them."""
    rows = Ballot.objects.unscoped(reason="opened ballots name nobody").filter(round=round_).order_by("id")
    for key, marks, valid in rows.values_list("id", "marks", "is_valid").iterator(chunk_size=5000):
        yield str(key), marks, valid


def counted_receipts(round_: Round) -> int:
    """How many receipts are among the counted."""
    return CountedReceipt.objects.filter(round=round_).count()


def receipt_counted(round_: Round, receipt: str) -> bool:
    """Whether the ballot with this receipt was counted; it does not say what was on it."""
    if not plain_code(receipt):
        return False
    wanted = receipt_digest(str(round_.public_id), receipt).hex()
    return CountedReceipt.objects.filter(round=round_, receipt_hash=wanted).exists()


def question_of(round_: Round) -> Question:
    """What was asked, as the count needs it."""
    names = round_.options.order_by("position").values_list("name", flat=True)
    return Question(kind=round_.kind, scale=round_.scale, places=round_.places, names=tuple(names))


def turnout_of(round_: Round, *, electronic_returned: int, paper: PaperCount | None) -> Turnout:
    """How many could vote, had a ballot and gave it back."""
    if round_.is_gathering:
        return Turnout(
            roll=round_.raters or 0,
            attended=round_.raters or 0,
            paper_issued=round_.paper_issued,
            electronic_returned=0,
            paper_returned=paper.returned if paper is not None else 0,
            gathering=True,
        )
    here = presence(round_)
    return Turnout(
        roll=here.roll,
        attended=here.attended,
        paper_issued=round_.paper_issued,
        electronic_returned=electronic_returned,
        paper_returned=paper.returned if paper is not None else 0,
    )


def agreed_paper(round_: Round) -> PaperCount | None:
    """What the counters entered from the paper ballots (the first of two entries that agree)."""
    return round_.paper_counts.order_by("counter").first()


@dataclass(frozen=True, slots=True)
class Recount:
    """A count repeated from the stored ballots.

    Args:
        problems: what does not agree, in sentences; empty when everything does.
        result: the count made anew.
        ballots: electronic ballots found.
        ballots_hash, roll_hash: computed anew.
    """

    problems: tuple[str, ...]
    result: dict[str, Any]
    ballots: int
    ballots_hash: str
    roll_hash: str

    @property
    def agrees(self) -> bool:
        return not self.problems


def recount(round_: Round) -> Recount:
    """Count a counted round again from its stored ballots, and compare hashes, numbers and result.

    Raises:
        NotFound: it has not been counted.
    """
    if round_.result is None:
        raise NotFound("这一轮投票还没有计票，没有可以复核的选票。")
    counts: Counter[str] = Counter()
    wrongly_marked = 0
    question = question_of(round_)
    from votes.selectors.marks import is_valid

    lines = len(question.names)

    def read() -> Iterator[tuple[str, str, bool]]:
        nonlocal wrongly_marked
        for key, marks, valid in opened_ballots(round_):
            counts[marks] += 1
            right = is_valid(marks, kind=round_.kind, scale=round_.scale, places=round_.places, lines=lines)
            wrongly_marked += valid is not right
            yield key, marks, valid

    ballots_hash = ballots_digest(read())
    roll_hash = roll_hash_of(round_)
    paper = agreed_paper(round_)
    turnout = turnout_of(round_, electronic_returned=counts.total(), paper=paper)
    problems = []
    if ballots_hash != round_.ballots_hash:
        problems.append("选票摘要与计票时记录的不一致：存放的选票被改动过。")
    if roll_hash != round_.roll_hash:
        problems.append("名册摘要与开始投票时记录的不一致：名册被改动过。")
    if wrongly_marked:
        problems.append(f"有{wrongly_marked}张选票的有效标记与内容不符。")
    if counted_receipts(round_) > counts.total():
        problems.append("已计票回执多于选票。")
    result: dict[str, Any] = {}
    try:
        result = tally(question, turnout, counts, paper)
    except ValueError as error:
        problems.append(str(error))
    if result and result != round_.result:
        problems.append("重新计算的结果与公布的结果不一致。")
    return Recount(
        problems=tuple(problems),
        result=result,
        ballots=counts.total(),
        ballots_hash=ballots_hash,
        roll_hash=roll_hash,
    )
