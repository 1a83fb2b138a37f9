"""Opening the box and counting (开箱计票).

One transaction, all or nothing: if it is killed anywhere in the middle, the sealed ballots are still there and it is
simply done again. It runs in the request and not in a background worker, because the tellers' passphrases must not
pass a broker, which would write them down.

Opened ballots and counted receipts are written each in an order of its own, drawn from the operating system's
randomness, under random ids; together with the roll, rewritten in one statement, they carry one transaction mark.
Nothing is left that tells which line of the roll belongs to which ballot.
"""

from __future__ import annotations

import secrets
import uuid
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from liaison.exceptions import DomainError
from votes import sealing
from votes.models import Ballot, Channel, CountedReceipt, RollEntry, SealedBallot, Teller, TellerRole
from votes.selectors.marks import is_valid
from votes.selectors.paper import paper_missing
from votes.selectors.result import tally
from votes.selectors.round import agreed_paper, ballots_digest, get_round_for, question_of, roll_hash_of, turnout_of
from votes.services.ballot_box import empty_box
from votes.services.round import void
from votes.services.round_locking import audit, lock_round, touch
from votes.services.tellers import teller_key_for
from votes.states import ROUND_TRANSITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from nacl.public import PrivateKey

    from liaison.actor import Actor
    from votes.models import Round
    from votes.selectors.result import Question

_CHUNK = 2000
shuffle = secrets.SystemRandom().shuffle


class BoxDamaged(DomainError):
    """The box does not hold what it should; nothing was changed."""

    code = "box_damaged"


@sensitive_variables()
def round_count(*, actor: Actor, public_id: UUID | str, scrutineer_passphrase: str, counter_passphrase: str) -> Round:
    """Open the box with both tellers' passphrases and count (开箱计票).

    Returns:
        The counted round; or, when more ballots came back than went out, the void one, uncounted and unopened.

    Raises:
        InvalidInput, TellerLocked: a wrong passphrase, by ``scrutineer_passphrase`` or ``counter_passphrase``.
        DomainError: ``paper_differs``; ``box_damaged`` when ballots or the roll were tampered with.
        IllegalTransition: not closed yet, or counted already.
    """
    shown = get_round_for(actor, public_id)
    ROUND_TRANSITIONS.check(shown, "count", actor)
    _check_paper(shown)
    # Each passphrase in a transaction of its own: a wrong one stays counted whatever happens next.
    keys = {
        role: teller_key_for(actor=actor, round_=shown, role=role, passphrase=passphrase, field=field)
        for role, passphrase, field in (
            (TellerRole.SCRUTINEER, scrutineer_passphrase, "scrutineer_passphrase"),
            (TellerRole.COUNTER, counter_passphrase, "counter_passphrase"),
        )
    }
    return _count(actor, public_id, keys)


def _check_paper(round_: Round) -> None:
    if missing := paper_missing(round_):
        raise DomainError(missing, code="paper_differs")


@sensitive_variables()
@transaction.atomic
def _count(actor: Actor, public_id: UUID | str, keys: dict[TellerRole, PrivateKey]) -> Round:
    round_ = lock_round(actor, public_id)
    ROUND_TRANSITIONS.check(round_, "count", actor)
    _check_paper(round_)
    if roll_hash_of(round_) != round_.roll_hash:
        raise BoxDamaged("名册与开始投票时冻结的不一致，已停止计票，没有改动任何内容。请向主席团报告。")
    paper = agreed_paper(round_)
    sealed = SealedBallot.objects.filter(round=round_).count()
    turnout = turnout_of(round_, electronic_returned=sealed, paper=paper)
    voted = RollEntry.objects.filter(round=round_, channel__in=[Channel.PHONE, Channel.SLIP]).count()
    reason = turnout.too_many
    if not reason and sealed > voted:
        reason = f"票箱中的电子票{sealed}张，多于名册上已投电子票的{voted}名，本轮投票无效，不计票。"
    if reason:
        void(actor, round_, reason)
        audit(actor, round_, "round.annul", reason=reason)
        return round_
    if sealed < voted:
        raise BoxDamaged(
            f"票箱中的电子票{sealed}张，少于名册上已投电子票的{voted}名，已停止计票，没有改动任何内容。请向主席团报告。"
        )
    question = question_of(round_)
    ballots, digests = _open_all(round_, _opener(round_, keys))
    counts = Counter(ballots)
    round_.result = tally(question, turnout, counts, paper)
    valid = {text: _valid(round_, question, text) for text in counts}
    _write_ballots(round_, ballots, valid)
    _write_receipts(round_, digests)
    empty_box(round_)
    round_.ballots_hash = ballots_digest(_stored(round_))
    ROUND_TRANSITIONS.apply(round_, "count", actor)
    round_.counted_at = timezone.now()
    touch(round_, "result", "ballots_hash", "counted_at", "box_key")
    audit(actor, round_, "round.count", ballots=turnout.returned)
    return round_


def _valid(round_: Round, question: Question, text: str) -> bool:
    return is_valid(text, kind=round_.kind, scale=round_.scale, places=round_.places, lines=len(question.names))


@sensitive_variables()
def _opener(round_: Round, keys: dict[TellerRole, PrivateKey]) -> sealing.Opener:
    """The box's key, put together from the two shares."""
    shares = {teller.role: bytes(teller.share or b"") for teller in Teller.objects.filter(round=round_)}
    try:
        one, other = (sealing.open_share(shares[role], keys[role]) for role in keys)
        return sealing.Opener(sealing.join(one, other))
    except (sealing.BrokenBallotError, KeyError, ValueError) as error:
        raise BoxDamaged("票箱的钥匙份额被改动过，打不开票箱。已停止计票，没有改动任何内容。") from error


@sensitive_variables()
def _open_all(round_: Round, opener: sealing.Opener) -> tuple[list[str], list[bytes]]:
    """All ballots and all receipts' digests, each list shuffled by itself before anybody sees it."""
    ballots: list[str] = []
    digests: list[bytes] = []
    broken = 0
    texts: dict[str, str] = {}  # one object for equal ballots: a hundred thousand then fit in little memory
    rows = SealedBallot.objects.filter(round=round_).values_list("sealed", flat=True)
    for sealed in rows.iterator(chunk_size=_CHUNK):
        try:
            marks, digest = opener(bytes(sealed))
        except sealing.BrokenBallotError:
            broken += 1
            continue
        ballots.append(texts.setdefault(marks, marks))
        digests.append(digest)
    if broken:
        raise BoxDamaged(
            f"有{broken}张封存的选票打不开（内容被改动过），已停止计票，没有改动任何内容。请向主席团报告。"
        )
    shuffle(ballots)
    shuffle(digests)
    return ballots, digests


def _write_ballots(round_: Round, ballots: list[str], valid: dict[str, bool]) -> None:
    table = Ballot._meta.db_table
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} (id, round_id, marks, is_valid) FROM STDIN") as copy:
        for marks in ballots:
            copy.write_row((uuid.uuid4(), round_.pk, marks, valid[marks]))


def _write_receipts(round_: Round, digests: list[bytes]) -> None:
    """Each receipt once: two deputies who agreed on one text lose nothing but the proof."""
    table = CountedReceipt._meta.db_table
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} (id, round_id, receipt_hash) FROM STDIN") as copy:
        for digest in dict.fromkeys(digests):
            copy.write_row((uuid.uuid4(), round_.pk, digest.hex()))


def _stored(round_: Round) -> Iterator[tuple[str, str, bool]]:
    """The ballots as they stand in the table now, in the order of their ids."""
    rows: Any = Ballot.objects.filter(round=round_).order_by("id").values_list("id", "marks", "is_valid")
    for key, marks, is_valid_ in rows.iterator(chunk_size=_CHUNK):
        yield str(key), marks, is_valid_
