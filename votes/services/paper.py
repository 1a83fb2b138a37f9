"""Paper ballots (纸质票) in the same round: handed out by name, counted by two people entering separately."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from liaison.exceptions import DomainError, InvalidInput
from votes import rules
from votes.models import Channel, PaperCount, RollEntry
from votes.selectors.marks import choices_of
from votes.services.roll import lock_lines
from votes.services.round_locking import audit, check_office, lock_round, names, touch
from votes.states import RoundStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from liaison.actor import Actor
    from votes.models import Round

#: No count of a round is larger than this.
_MOST = 100_000


@transaction.atomic
def paper_hand_out(*, actor: Actor, public_id: UUID | str, entries: Iterable[UUID | str]) -> list[RollEntry]:
    """Record to whom paper ballots were handed (发出纸质票); they can no longer vote on a phone.

    Raises:
        DomainError: the vote is not open, or one of them is absent or has voted.
    """
    round_ = _open_round(actor, public_id)
    rows = lock_lines(round_, entries)
    if absent := [row.name for row in rows if not row.attendance]:
        raise DomainError(f"{names(absent)}还没有签到，不能发纸质票。", code="not_attended")
    if voted := [row.name for row in rows if row.channel]:
        raise DomainError(f"{names(voted)}已经投票或已领纸质票，不能再发。", code="has_voted")
    RollEntry.objects.filter(pk__in=[row.pk for row in rows]).update(channel=Channel.PAPER)
    for row in rows:
        row.channel = Channel.PAPER
    _count_issued(round_)
    audit(actor, round_, "paper.hand_out", deputies=names(row.name for row in rows), count=len(rows))
    return rows


@transaction.atomic
def paper_take_back(*, actor: Actor, public_id: UUID | str, entries: Iterable[UUID | str]) -> list[RollEntry]:
    """Take unused paper ballots back (收回未用纸质票), so that these deputies may vote otherwise."""
    round_ = _open_round(actor, public_id)
    rows = lock_lines(round_, entries)
    if others := [row.name for row in rows if row.channel != Channel.PAPER]:
        raise DomainError(f"{names(others)}没有领纸质票。", code="no_paper")
    RollEntry.objects.filter(pk__in=[row.pk for row in rows]).update(channel="")
    for row in rows:
        row.channel = ""
    _count_issued(round_)
    audit(actor, round_, "paper.take_back", deputies=names(row.name for row in rows), count=len(rows))
    return rows


def _open_round(actor: Actor, public_id: UUID | str) -> Round:
    round_ = lock_round(actor, public_id)
    check_office(actor, round_)
    if round_.status != RoundStatus.OPEN:
        raise DomainError(
            f"这一轮投票{round_.get_status_display()}，只有投票进行中才能收发纸质票。", code="round_not_open"
        )
    return round_


def _count_issued(round_: Round) -> None:
    round_.paper_issued = RollEntry.objects.filter(round=round_, channel=Channel.PAPER).count()
    touch(round_, "paper_issued")


@transaction.atomic
def paper_enter(*, actor: Actor, public_id: UUID | str, counter: int, values: Mapping[str, Any]) -> PaperCount:
    """Enter what one counter read from the paper ballots (录入纸质票), or enter it again until both agree.

    Args:
        counter: 1 or 2, two different people.
        values: ``returned``, ``void`` and ``lines``: for each line of the ballot counts by code, which together
            make the valid ballots.

    Raises:
        DomainError: not closed yet, or counted; the other entry is by the same person (``same_person``).
        InvalidInput: numbers that cannot be; messages by ``returned``, ``void``, ``lines-<n>``.
    """
    round_ = lock_round(actor, public_id, gathering=None)
    check_office(actor, round_)
    if round_.status != RoundStatus.CLOSED:
        raise DomainError("投票截止之后、开箱计票之前才能录入纸质票。", code="round_not_closed")
    if counter not in (1, 2):
        raise InvalidInput("请选择第几录入人。", fields={"counter": "请选择第几录入人。"})
    if PaperCount.objects.filter(round=round_, entered_by_id=actor.account_id).exclude(counter=counter).exists():
        raise DomainError("另一份是您录入的，两份须由两人分别录入。", code="same_person")
    other = PaperCount.objects.filter(round=round_, counter=counter).first()
    if other is not None and other.entered_by_id != actor.account_id:
        raise DomainError(f"这一份由{other.entered_by.name}录入，须由本人修改。", code="other_person")
    returned, void_, lines = _numbers(round_, values)
    entry, _ = PaperCount.objects.update_or_create(
        round=round_,
        counter=counter,
        defaults={"entered_by_id": actor.account_id, "returned": returned, "void": void_, "lines": lines},
    )
    audit(actor, round_, "paper.enter", counter=counter)
    return entry


def _numbers(round_: Round, values: Mapping[str, Any]) -> tuple[int, int, list[dict[str, int]]]:
    fields: dict[str, str] = {}
    returned, void_ = _number(values.get("returned")), _number(values.get("void"))
    if returned is None:
        fields["returned"] = "请填写收回的纸质票数。"
    if void_ is None:
        fields["void"] = "请填写废票数，没有就填0。"
    elif returned is not None and void_ > returned:
        fields["void"] = f"废票{void_}张多于收回的{returned}张。"
    valid = (returned or 0) - (void_ or 0)
    codes = [choice.code for choice in choices_of(round_)]
    given: Sequence[Mapping[str, Any]] = values.get("lines") or []
    options = round_.options.count()
    if len(given) != options:
        raise InvalidInput("每一项都须填写。", fields={"lines": "每一项都须填写。"})
    lines: list[dict[str, int]] = []
    for place, line in enumerate(given, start=1):
        counts = {code: _number(line.get(code, 0)) for code in codes}
        if any(count is None for count in counts.values()) or set(line) - set(codes):
            fields[f"lines-{place}"] = "请填写票数，没有就填0。"
            continue
        numbers = {code: count or 0 for code, count in counts.items()}
        if (total := sum(numbers.values())) != valid and not fields:
            fields[f"lines-{place}"] = f"各栏合计{total}，应等于有效票{valid}（收回减废票）。"
        lines.append(numbers)
    if not fields and round_.chooses:
        approvals = sum(line[rules.FOR] for line in lines)
        if approvals > valid * (round_.places or 0):
            fields["lines-1"] = f"赞成合计{approvals}票，多于有效票{valid}张每张最多赞成{round_.places}项。"
    if fields:
        raise InvalidInput("纸质票还没有填对。", fields=fields)
    return returned or 0, void_ or 0, lines


def _number(value: Any) -> int | None:
    try:
        number = int(value)
    except (TypeError, ValueError):
        return None
    return number if 0 <= number <= _MOST else None
