"""Opening and closing a vote (开始投票、截止投票): the roll frozen, the box made and locked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from liaison.exceptions import DomainError, InvalidInput
from liaison.models import User
from liaison.models.notice import NoticeKind
from liaison.services.notice import notify
from votes import sealing
from votes.models import RollEntry, RoundKind, Teller
from votes.selectors.round import presence, roll_hash_of
from votes.services.round_locking import audit, lock_round, touch
from votes.states import PROGRAMME_TRANSITIONS, ROUND_TRANSITIONS, ProgrammeStatus

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor
    from votes.models import Programme, Round

#: Kind of a round → (state its programme may be in, the programme's step at opening).
_PROGRAMME_STEPS = {
    RoundKind.PROJECTS: (ProgrammeStatus.LISTED, "begin_vote"),
    RoundKind.APPRAISAL: (ProgrammeStatus.UNDERWAY, "begin_appraisal"),
}


@transaction.atomic
def round_open(*, actor: Actor, public_id: UUID | str, version: int | None) -> Round:
    """Open the vote: freeze and hash the roll, make the box, lock it with the tellers' two keys.

    Of the box's private key nothing stays but the two shares, each sealed to one teller's passphrase.

    Raises:
        DomainError: ``no_tellers``, ``no_passphrase``, ``no_quorum``, ``no_roll``, ``too_late``.
    """
    round_ = lock_round(actor, public_id, version=version)
    ROUND_TRANSITIONS.check(round_, "open", actor)
    now = timezone.now()
    if round_.closes_at is not None and round_.closes_at <= now:
        message = "截止时间已过，请先改到现在之后。"
        raise InvalidInput(message, code="too_late", fields={"closes_at": message})
    tellers = _tellers(round_)
    # Whoever signs in meanwhile holds the round's row; so the count and the hash are of one moment.
    here = presence(round_)
    if not here.roll:
        raise DomainError("名册是空的：这届人民代表大会还没有登记代表。", code="no_roll")
    if not here.has_quorum:
        raise DomainError(
            f"出席{here.attended}名，不足全体代表{here.roll}名的三分之二（{here.quorum}名），不能开始投票。",
            code="no_quorum",
        )
    round_.roll_count = here.roll
    round_.roll_hash = roll_hash_of(round_)
    round_.box_key = _make_box(tellers)
    ROUND_TRANSITIONS.apply(round_, "open", actor, reason=f"出席{here.attended}名，全体{here.roll}名")
    round_.opened_at = now
    touch(round_, "opened_at", "roll_count", "roll_hash", "box_key")
    if round_.programme is not None:
        _move_programme(actor, round_, round_.programme)
    audit(actor, round_, "round.open", roll=here.roll, attended=here.attended)
    notify(
        recipients=_voters(round_),
        kind=NoticeKind.TASK,
        title=f"开始投票：{round_.title}",
        body="无记名投票，请在截止之前提交。",
        url=round_.get_absolute_url(),
        except_user_id=actor.user_id,
    )
    return round_


def _tellers(round_: Round) -> list[Teller]:
    tellers = list(Teller.objects.select_for_update(of=("self",)).filter(round=round_).select_related("user"))
    if len(tellers) != 2:
        raise DomainError("请先指定监票人和计票人。", code="no_tellers")
    if missing := [str(teller) for teller in tellers if not teller.public_key]:
        raise DomainError(f"{'、'.join(missing)}还没有设置开箱口令。", code="no_passphrase")
    return tellers


def _make_box(tellers: list[Teller]) -> bytes:
    """The box's public key; its private half leaves this function only as two sealed shares."""
    public, private = sealing.new_box()
    for teller, share in zip(tellers, sealing.split(private), strict=True):
        teller.share = sealing.seal_share(share, bytes(teller.public_key or b""))
        teller.save(update_fields=["share"])
    return public


def _move_programme(actor: Actor, round_: Round, programme: Programme) -> None:
    """The programme goes to 会议票决 with its first vote, to 监督评议 with its appraisal."""
    from votes.models import Programme as Programmes

    state, step = _PROGRAMME_STEPS.get(RoundKind(round_.kind), (None, ""))
    locked = Programmes.objects.unscoped(reason="the programme of a round in scope").select_for_update()
    current = locked.get(pk=programme.pk)
    if current.status != state:
        return
    PROGRAMME_TRANSITIONS.apply(current, step, actor)
    current.version += 1
    current.save(update_fields=["status", "version", "updated_at"])
    round_.programme = current


def _voters(round_: Round) -> list[User]:
    """The accounts of those on the roll."""
    entries = RollEntry.objects.filter(round=round_)
    return list(User.objects.filter(person__mandates__in=entries.values("mandate_id"), is_active=True).distinct())


@transaction.atomic
def round_close(*, actor: Actor, public_id: UUID | str, version: int | None = None) -> Round:
    """Close the vote (截止投票): ballots under way come in first, then no more. Twice does no harm.

    Raises:
        IllegalTransition: it is not open.
    """
    round_ = lock_round(actor, public_id, version=version)
    ROUND_TRANSITIONS.apply(round_, "close", actor)
    round_.closed_at = timezone.now()
    round_.session_code = ""
    touch(round_, "closed_at", "session_code")
    here = presence(round_)
    audit(actor, round_, "round.close", attended=here.attended, count=here.voted)
    return round_
