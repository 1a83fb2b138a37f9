"""The electoral roll (投票名册): who may vote, who is present, and slips for those without a phone.

The roll is taken from the mandates in force and may be refreshed until the vote opens; from then on nobody is
added or removed (its hash says so), but late arrivals may still sign in.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import connection, transaction

from deputies.models import Mandate
from liaison.exceptions import DomainError, InvalidInput, NotFound
from liaison.limits import Limit, within
from votes.models import Attendance, RollEntry, Round
from votes.sealing import new_code, slip_hash
from votes.selectors.roll import SIGN_IN_STATES
from votes.services.round_locking import audit, check_office, lock_round, names, touch
from votes.states import RoundStatus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from liaison.actor import Actor

#: Tries at session codes, wrong slips; a hall of deputies stands behind one address.
CODES_A_PERSON = Limit("session-code", 10, 15 * 60)
SLIPS_AN_ADDRESS = Limit("slip-ip", 200, 15 * 60)


class TooManyTries(DomainError):
    """Too many wrong codes in a short time (429)."""

    code = "too_many_tries"
    status = 429


def new_session_code() -> str:
    """Six digits to be shown in the hall (签到码)."""
    return f"{secrets.randbelow(1_000_000):06d}"


@transaction.atomic
def roll_prepare(*, actor: Actor, public_id: UUID | str) -> Round:
    """Take the roll anew from the mandates in force (刷新名册); whoever signed in stays signed in.

    Raises:
        DomainError: the vote has begun (``roll_frozen``).
    """
    round_ = lock_round(actor, public_id)
    check_office(actor, round_)
    if round_.status != RoundStatus.PREPARING:
        raise DomainError("投票已经开始，名册不能再改。", code="roll_frozen")
    added, removed = fill_roll(round_)
    touch(round_, "roll_count")
    audit(actor, round_, "roll.prepare", roll=round_.roll_count, added=added, removed=removed)
    return round_


def fill_roll(round_: Round) -> tuple[int, int]:
    """Bring a round's roll to the mandates in force, by certificate number. Returns (added, removed)."""
    mandates = (
        Mandate.objects.unscoped(reason="all deputies of the congress are on its roll")
        .in_force()
        .filter(congress_id=round_.congress_id)
        .select_related("person", "electoral_unit")
        .order_by("certificate_number")
    )
    old = {entry.mandate_id: entry for entry in RollEntry.objects.filter(round=round_)}
    new: list[RollEntry] = []
    again: list[RollEntry] = []
    for position, mandate in enumerate(mandates, start=1):
        known = old.pop(mandate.pk, None)
        entry = known or RollEntry(round=round_, mandate=mandate)
        entry.position = position
        entry.name = mandate.person.name[:40]
        entry.certificate_number = mandate.certificate_number
        entry.electoral_unit = mandate.electoral_unit.name if mandate.electoral_unit else ""
        (again if known else new).append(entry)
    gone = [entry.pk for entry in old.values()]
    RollEntry.objects.filter(pk__in=gone).delete()
    if again:
        # Positions are unique: move all out of the way before they are given anew.
        for entry in again:
            entry.position += 1_000_000
        RollEntry.objects.bulk_update(again, ["position"], batch_size=1000)
        for entry in again:
            entry.position -= 1_000_000
        RollEntry.objects.bulk_update(
            again, ["position", "name", "certificate_number", "electoral_unit"], batch_size=1000
        )
    RollEntry.objects.bulk_create(new, batch_size=1000)
    round_.roll_count = len(new) + len(again)
    return len(new), len(gone)


@transaction.atomic
def session_code_renew(*, actor: Actor, public_id: UUID | str) -> Round:
    """Show another code in the hall (更换签到码); the old one is void."""
    round_ = lock_round(actor, public_id)
    check_office(actor, round_)
    _check_takes_attendance(round_)
    round_.session_code = new_session_code()
    touch(round_, "session_code")
    audit(actor, round_, "round.session_code")
    return round_


def attend_by_code(*, actor: Actor, code: str, public_id: UUID | str | None = None) -> RollEntry:
    """A deputy says that they are present, by the code shown in the hall (本人签到).

    Args:
        public_id: the round; when left out, the one that the code belongs to among those with the actor on the roll.

    Raises:
        InvalidInput: not the code of such a round.
        TooManyTries: ten tries in a quarter of an hour; not even the right code is taken then.
    """
    # Every try is counted, and before it is looked at: were only wrong ones, guessing on would still find the code.
    if not within(CODES_A_PERSON, f"{actor.key}"):
        raise TooManyTries("签到码输错次数过多，请一刻钟后再试，或请会场工作人员代为登记。")
    entry = _attend_by_code(actor, "".join(sign for sign in code if sign.isdigit()), public_id)
    if entry is None:
        message = "签到码不对。请看会场屏幕上的6位数字；签到码可能刚刚更换。"
        raise InvalidInput(message, fields={"code": message})
    return entry


@transaction.atomic
def _attend_by_code(actor: Actor, code: str, public_id: UUID | str | None) -> RollEntry | None:
    if len(code) != 6:
        return None
    rounds = Round.objects.unscoped(reason="a deputy signs in on the rolls on which they stand")
    rounds = rounds.filter(status__in=SIGN_IN_STATES, session_code=code, roll__mandate_id__in=actor.mandate_ids)
    if public_id is not None:
        rounds = rounds.filter(public_id=public_id)
    round_id = rounds.order_by("-id").values_list("id", flat=True).first()
    if round_id is None:
        return None
    share_round(round_id)
    entry = (
        RollEntry.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .select_related("round")
        .filter(round_id=round_id, round__status__in=SIGN_IN_STATES)
        .first()
    )
    if entry is not None and not entry.attendance:
        entry.attendance = Attendance.CODE
        entry.save(update_fields=["attendance"])
        audit(actor, entry.round, "roll.attend", attendance=entry.attendance, deputies=entry.name)
    return entry


@transaction.atomic
def attend_by_staff(
    *, actor: Actor, public_id: UUID | str, entries: Iterable[UUID | str], present: bool = True
) -> list[RollEntry]:
    """Staff record who is present (工作人员登记签到), or take a mistaken record back before the vote opens.

    Args:
        entries: public ids of lines of the roll.

    Raises:
        DomainError: taking back after the opening (``roll_frozen``), or of somebody who voted.
    """
    round_ = lock_round(actor, public_id)
    check_office(actor, round_)
    _check_takes_attendance(round_)
    rows = lock_lines(round_, entries)
    if present:
        changed = [row for row in rows if not row.attendance]
        value = Attendance.STAFF.value
    else:
        if round_.status != RoundStatus.PREPARING:
            raise DomainError("投票已经开始，不能再撤销签到。", code="roll_frozen")
        changed = [row for row in rows if row.attendance]
        value = ""
    if changed:
        RollEntry.objects.filter(pk__in=[row.pk for row in changed]).update(attendance=value)
        action = "roll.attend" if present else "roll.absent"
        audit(actor, round_, action, attendance=value, deputies=names(row.name for row in changed), count=len(changed))
    for row in changed:
        row.attendance = value
    return rows


def share_round(round_id: int) -> None:
    """Hold a round in its state while others do the same; opening, closing and counting wait."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {Round._meta.db_table} WHERE id = %s FOR SHARE", [round_id])  # noqa: S608


def lock_lines(round_: Round, entries: Iterable[UUID | str]) -> list[RollEntry]:
    """Lines of a locked round's roll, locked, in order.

    Raises:
        NotFound: one of them is not on this roll.
    """
    wanted = {str(entry) for entry in entries}
    rows = list(
        RollEntry.objects.select_for_update(of=("self",), no_key=True)
        .filter(round=round_, public_id__in=wanted)
        .order_by("position")
    )
    if len(rows) != len(wanted):
        raise NotFound
    return rows


def _check_takes_attendance(round_: Round) -> None:
    if round_.status not in SIGN_IN_STATES:
        raise DomainError(f"这一轮投票{round_.get_status_display()}，不再签到。", code="roll_closed")


@transaction.atomic
def slips_issue(*, actor: Actor, public_id: UUID | str, entries: Iterable[UUID | str]) -> list[tuple[RollEntry, str]]:
    """Make slips with one-time codes (投票码) for deputies without a phone; an earlier slip of theirs is void.

    Returns:
        (line, code) in the order of the roll; only a hash of the code is kept.

    Raises:
        DomainError: one of them has voted or has a paper ballot (``has_voted``).
    """
    round_ = lock_round(actor, public_id)
    check_office(actor, round_)
    if round_.status not in SIGN_IN_STATES:
        raise DomainError(f"这一轮投票{round_.get_status_display()}，不再发放投票码。", code="round_not_open")
    rows = lock_lines(round_, entries)
    if voted := [row.name for row in rows if row.channel]:
        raise DomainError(f"{names(voted)}已经投票或已领纸质票，不能再发投票码。", code="has_voted")
    issued = [(row, new_code()) for row in rows]
    for row, code in issued:
        row.slip_hash = slip_hash(code)
    RollEntry.objects.bulk_update(rows, ["slip_hash"], batch_size=1000)
    audit(actor, round_, "roll.slips", deputies=names(row.name for row in rows), count=len(rows))
    return issued
