"""The two tellers (监票人、计票人), and the passphrases that open the box.

A passphrase is typed, used and forgotten: stored are a salt and the public key that follows from both. It is never
handed to a background worker, whose broker would keep it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from liaison.dates import cn_datetime
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.models.audit import AuditResult
from liaison.models.notice import NoticeKind
from liaison.services.audit import record_audit
from liaison.services.notice import notify
from votes import sealing
from votes.models import Round, Teller, TellerRole
from votes.selectors.teller import eligible_tellers
from votes.services.round_locking import audit, check_office, lock_round, touch
from votes.states import RoundStatus

if TYPE_CHECKING:
    from uuid import UUID

    from nacl.public import PrivateKey

    from liaison.actor import Actor

SHORTEST_PASSPHRASE = 12
FAILURES, LOCK = 5, dt.timedelta(minutes=15)
_TOO_PLAIN = 5


class TellerLocked(DomainError):
    """Five wrong passphrases: nobody may try for a quarter of an hour (429)."""

    code = "teller_locked"
    status = 429


@transaction.atomic
def tellers_set(
    *, actor: Actor, public_id: UUID | str, version: int | None = None, scrutineer_id: int, counter_id: int
) -> list[Teller]:
    """Appoint the two tellers by account (指定监票人、计票人), before the vote opens.

    Whoever is replaced takes their passphrase with them; whoever stays keeps it.

    Raises:
        InvalidInput: the same person twice, or somebody who has no account here.
    """
    round_ = lock_round(actor, public_id, version=version)
    check_office(actor, round_)
    if round_.status != RoundStatus.PREPARING:
        raise DomainError("投票已经开始，不能再更换监票人、计票人。", code="round_open")
    if scrutineer_id == counter_id:
        message = "监票人和计票人须由两人分别担任。"
        raise InvalidInput(message, fields={"counter_id": message})
    people = {user.pk: user for user in eligible_tellers(round_)}
    missing = {
        name: "请选择本级人大机构的工作人员，或者这届人民代表大会有账号的代表。"
        for name, value in (("scrutineer_id", scrutineer_id), ("counter_id", counter_id))
        if value not in people
    }
    if missing:
        raise InvalidInput("监票人、计票人还没有选好。", fields=missing)
    wanted = {TellerRole.SCRUTINEER: people[scrutineer_id], TellerRole.COUNTER: people[counter_id]}
    old = {teller.role: teller for teller in Teller.objects.filter(round=round_)}
    changed = [role for role, user in wanted.items() if role not in old or old[role].user_id != user.pk]
    Teller.objects.filter(round=round_, role__in=changed).delete()
    Teller.objects.bulk_create(Teller(round=round_, role=role, user=wanted[role]) for role in changed)
    touch(round_)
    audit(actor, round_, "teller.set", **{role.value: user.name for role, user in wanted.items()})
    notify(
        recipients=[wanted[role] for role in changed],
        kind=NoticeKind.TASK,
        title=f"您是“{round_.title}”的监票计票人员",
        body="请在投票开始之前设置开箱口令。口令不会保存，忘记后无法开箱。",
        except_user_id=actor.user_id,
    )
    return list(Teller.objects.filter(round=round_).select_related("user").order_by("role"))


@sensitive_variables()
@transaction.atomic
def teller_passphrase_set(*, actor: Actor, public_id: UUID | str, passphrase: str, again: str | None = None) -> Teller:
    """A teller sets, or sets anew before the vote opens, their own passphrase (开箱口令).

    Args:
        again: the second typing; not compared when left out.
    """
    round_ = lock_as_teller(actor, public_id)
    if round_.status != RoundStatus.PREPARING:
        raise DomainError("投票已经开始，开箱口令不能再改。", code="round_open")
    text = passphrase.strip()
    if len(text) < SHORTEST_PASSPHRASE:
        message = f"开箱口令至少{SHORTEST_PASSPHRASE}个字符，例如几个不相干的词连在一起。"
        raise InvalidInput(message, fields={"passphrase": message})
    if len(set(text)) < _TOO_PLAIN:
        message = "开箱口令太简单，请不要重复少数几个字符。"
        raise InvalidInput(message, fields={"passphrase": message})
    if again is not None and again.strip() != text:
        raise InvalidInput("两次输入的口令不一致。", fields={"again": "两次输入的口令不一致。"})
    teller = Teller.objects.select_for_update().get(round=round_, user_id=actor.account_id)
    teller.salt = sealing.new_salt()
    teller.public_key = bytes(sealing.teller_key(text, teller.salt).public_key)
    teller.failures, teller.locked_until = 0, None
    teller.save(update_fields=["salt", "public_key", "failures", "locked_until"])
    audit(actor, round_, "teller.passphrase", teller=teller.get_role_display())
    return teller


def lock_as_teller(actor: Actor, public_id: UUID | str) -> Round:
    """The round, locked, for one of its tellers in whatever capacity they are signed in.

    Raises:
        NotFound: the actor's account is none of its tellers.
    """
    round_ = (
        Round.objects.unscoped(reason="rounds to which the actor's account is appointed as a teller")
        .select_for_update(of=("self",))
        .select_related("congress", "office")
        .filter(public_id=public_id, tellers__user_id=actor.user_id or 0)
        .first()
    )
    if round_ is None:
        raise NotFound
    return round_


@sensitive_variables()
def teller_key_for(*, actor: Actor, round_: Round, role: TellerRole, passphrase: str, field: str) -> PrivateKey:
    """The teller's key, if the passphrase is theirs. A wrong one is counted and stays counted.

    Each call is a transaction of its own that commits the count before it refuses, whatever the caller's act comes
    to; the row is locked meanwhile, so that tries at the same moment are counted one by one.

    Raises:
        TellerLocked: five wrong ones; for a quarter of an hour not even the right one is tried.
        InvalidInput: the wrong one.
    """
    with transaction.atomic():
        teller = Teller.objects.select_for_update().filter(round=round_, role=role).first()
        if teller is None or teller.salt is None or teller.public_key is None:
            raise NotAllowed("监票人、计票人还没有设置开箱口令。")
        now = timezone.now()
        if teller.locked_until is not None and teller.locked_until > now:
            key = None
        else:
            if teller.locked_until is not None:
                teller.failures, teller.locked_until = 0, None
            key = sealing.opens(passphrase, bytes(teller.salt), bytes(teller.public_key))
            teller.failures = 0 if key else teller.failures + 1
            if teller.failures >= FAILURES:
                teller.locked_until = now + LOCK
            teller.save(update_fields=["failures", "locked_until"])
            if key is None:
                record_audit(
                    actor=actor,
                    action="teller.fail",
                    target=round_,
                    region_prefix=round_.region_prefix,
                    result=AuditResult.FAILED,
                    detail={
                        "teller": teller.get_role_display(),
                        "failures": teller.failures,
                        "locked": teller.locked_until is not None,
                    },
                )
    if key is not None:
        return key
    label = teller.get_role_display()
    if teller.locked_until is not None:
        message = f"{label}的开箱口令连续输错{FAILURES}次，已锁定至{cn_datetime(teller.locked_until)}。"
        raise TellerLocked(message, fields={field: message})
    message = f"{label}的开箱口令不对，还可以再试{FAILURES - teller.failures}次。"
    raise InvalidInput(message, code="wrong_passphrase", fields={field: message})
