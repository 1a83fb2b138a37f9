"""Casting a ballot (投票): once a deputy, sealed at once, and answered the same way when it is sent again.

The round's row is held FOR SHARE, so ballots do not wait for each other and closing waits for those under way;
the line of the roll is locked, so that one deputy's two attempts follow one another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.debug import sensitive_variables

from liaison.actor import ANONYMOUS
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.limits import within
from liaison.permissions import Permission
from liaison.services.audit import record_audit
from votes import rules
from votes.models import Channel, RollEntry, Round, RoundOption, SealedBallot
from votes.models.round import CHOOSING
from votes.sealing import plain_code, receipt_digest, seal_ballot, shown_code, slip_hash
from votes.selectors.marks import encode
from votes.services.roll import SLIPS_AN_ADDRESS, TooManyTries
from votes.states import RoundStatus

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from uuid import UUID

    from liaison.actor import Actor

#: Names of fields and variables that must not reach logs, audit or error reports (``sensitive_post_parameters``).
SECRET_FIELDS = ("marks", "receipt", "code", "passphrase", "scrutineer_passphrase", "counter_passphrase")


@dataclass(frozen=True, slots=True)
class CastResult:
    """The answer to a ballot.

    Args:
        receipt: the receipt of the ballot that was taken; empty when it was another one than this.
        already: the deputy had voted before; nothing was added.
    """

    receipt: str
    already: bool


class _Line(NamedTuple):
    """The voter's line, with its round, both locked."""

    entry_id: int
    mandate_id: int
    name: str
    attendance: str
    channel: str
    receipt_check: str
    round_id: int
    round_key: UUID
    kind: str
    places: int | None
    scale: str
    status: str
    closes_at: dt.datetime | None
    box_key: bytes | None
    title: str
    region_prefix: str
    lines: int


_FIND = f"""
    SELECT e.id, e.mandate_id, e.name, e.attendance, e.channel, e.receipt_check, r.id, r.public_id, r.kind, r.places,
           r.scale, r.status, r.closes_at, r.box_key, r.title, r.region_prefix,
           (SELECT count(*) FROM {RoundOption._meta.db_table} o WHERE o.round_id = r.id)
    FROM {RollEntry._meta.db_table} e JOIN {Round._meta.db_table} r ON r.id = e.round_id
    WHERE {{condition}}
    FOR SHARE OF r FOR NO KEY UPDATE OF e
"""  # noqa: S608


@sensitive_variables()
@transaction.atomic
def ballot_cast(*, actor: Actor, public_id: UUID | str, marks: Sequence[str], receipt: str) -> CastResult:
    """Cast the deputy's own ballot (本人投票).

    Args:
        marks: a code for each line (``votes.selectors.marks``), in the ballot's order.
        receipt: the receipt that was drawn with the ballot (``votes.sealing.new_receipt``).

    Raises:
        NotFound: the deputy is not on the roll of such a round.
        DomainError: ``not_open``, ``closed``, ``not_attended``, ``paper_ballot``, ``too_many_for``.
        InvalidInput: marks or receipt that no ballot of this round can have.
    """
    actor.require(Permission.BALLOT_CAST)
    line = _find("r.public_id = %s AND e.mandate_id = ANY(%s)", [str(public_id), list(actor.mandate_ids)])
    if line is None:
        raise NotFound
    return _cast(actor, line, Channel.PHONE, marks, receipt)


@sensitive_variables()
def ballot_cast_by_slip(*, code: str, marks: Sequence[str], receipt: str, actor: Actor = ANONYMOUS) -> CastResult:
    """Cast a ballot by a slip with a one-time code (投票码), on a shared tablet or somebody else's phone.

    Args:
        actor: who is signed in on the device, if anybody: a deputy may not use the slip of another.

    Raises:
        NotFound: no such slip, or it was replaced by a newer one.
        TooManyTries: too many wrong slips from one address.
    """
    if plain_code(code):
        with transaction.atomic():
            line = _find("e.slip_hash = %s", [slip_hash(code)])
            if line is not None:
                if actor.is_deputy and line.mandate_id not in actor.mandate_ids:
                    raise NotAllowed("这张投票码不是发给您的，不能使用。请用自己的账号投票，或向工作人员领取投票码。")
                return _cast(actor, line, Channel.SLIP, marks, receipt)
    if not within(SLIPS_AN_ADDRESS, actor.ip or "?"):
        raise TooManyTries("投票码输错次数过多，请一刻钟后再试，或请工作人员重新发放。")
    raise NotFound("没有这张投票码，或者它已经被新的投票码替换。请核对后重新输入，或请工作人员重新发放。")


def _find(condition: str, values: list[Any]) -> _Line | None:
    with connection.cursor() as cursor:
        cursor.execute(_FIND.format(condition=condition), values)
        row = cursor.fetchone()
    return _Line._make(row) if row is not None else None


@sensitive_variables()
def _cast(actor: Actor, line: _Line, channel: Channel, marks: Sequence[str], receipt: str) -> CastResult:
    """One sealed ballot, one mark on the roll, one audit row: three statements after the locked look."""
    if line.channel:
        return _already(line, receipt)
    _check_open(line)
    letters = encode(marks, kind=line.kind, scale=line.scale, lines=line.lines)
    if line.kind in CHOOSING and rules.read_ballot(marks, line.places or 0) == "void":
        chosen = sum(mark == rules.FOR for mark in marks)
        message = f"赞成了{chosen}项，最多赞成{line.places}项。多选的选票无效，所以没有记入；请改好后再提交。"
        raise DomainError(message, code="too_many_for", fields={"marks": message})
    plain = plain_code(receipt)
    if not plain or line.box_key is None:
        message = "选票上的回执不完整，没有记入。请刷新页面重新填写。"
        raise InvalidInput(message, code="bad_ballot", fields={"receipt": message})
    digest = receipt_digest(str(line.round_key), plain)
    SealedBallot.objects.create(round_id=line.round_id, sealed=seal_ballot(letters, digest, bytes(line.box_key)))
    RollEntry.objects.filter(pk=line.entry_id).update(channel=channel, receipt_check=_check_of(line, plain))
    record_audit(
        actor=actor,
        action="ballot.cast",
        target=Round(pk=line.round_id, public_id=line.round_key, title=line.title),
        region_prefix=line.region_prefix,
        detail={"channel": channel.value} | ({"deputies": line.name} if channel == Channel.SLIP else {}),
    )
    return CastResult(receipt=shown_code(plain), already=False)


def _check_open(line: _Line) -> None:
    """Whether a ballot is taken now: at ``closes_at`` itself no more."""
    if line.status == RoundStatus.PREPARING:
        raise DomainError("投票还没有开始，请等主持人宣布。您填写的内容仍在下方。", code="not_open")
    if line.status == RoundStatus.VOID:
        raise DomainError("这一轮投票已宣告无效，没有记入。", code="closed")
    if line.status != RoundStatus.OPEN or (line.closes_at is not None and timezone.now() >= line.closes_at):
        raise DomainError("投票已经截止，这张选票没有记入。", code="closed")
    if not line.attendance:
        raise DomainError("您还没有签到，请先签到再投票。您填写的内容仍在下方。", code="not_attended")


@sensitive_variables()
def _already(line: _Line, receipt: str) -> CastResult:
    """The deputy voted before: the same receipt again when it is that ballot, no claim when it is another."""
    if line.channel == Channel.PAPER:
        raise DomainError("您已领取纸质选票，请用纸质选票投票。", code="paper_ballot")
    plain = plain_code(receipt)
    same = bool(plain and line.receipt_check) and constant_time_compare(line.receipt_check, _check_of(line, plain))
    return CastResult(receipt=shown_code(plain) if same else "", already=True)


@sensitive_variables()
def _check_of(line: _Line, plain: str) -> str:
    """What the roll remembers of a receipt until the count: nothing that stands in the list of counted receipts."""
    return salted_hmac(
        "votes.receipt_check", f"{line.round_key}:{line.entry_id}:{plain}", algorithm="sha256"
    ).hexdigest()
