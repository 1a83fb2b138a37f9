"""Signing in and out, and what it leaves behind: counted failures, the lock, audit rows."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from liaison.models import User
from liaison.models.audit import EVERY_REGION, AuditResult
from liaison.models.notice import NoticeKind
from liaison.models.user import TypeScale
from liaison.selectors.account import Attempts, attempts_key, home_prefix
from liaison.services.audit import record_audit
from liaison.services.notice import notify

if TYPE_CHECKING:
    from liaison.actor import Actor

_REASON = "sign-in happens before any actor exists"


def _lock_from(now: dt.datetime) -> dt.datetime:
    return now + dt.timedelta(minutes=settings.SIGN_IN_LOCK_MINUTES)


def sign_in_fail(*, actor: Actor, login: str, means: str = "password") -> dt.datetime | None:
    """Count one wrong password or code under a name; the fifth in a row locks it (rulebook section 7).

    A name that no account has is counted in the cache and locks just the same, so the answers tell
    nobody which names exist.

    Args:
        actor: who tried, usually somebody not signed in.
        login: user name or phone number as typed.
        means: ``password``, ``totp`` or another second factor.

    Returns:
        Until when the name is locked; None while it is not.
    """
    with transaction.atomic():
        user = (
            User.objects.unscoped(reason=_REASON)
            .for_login(login)
            .select_related("region")
            .select_for_update(of=("self",))
            .first()
        )
        if user is None:
            return _unknown_fail(actor, login, means)
        now = timezone.now()
        expired = user.locked_until is not None and user.locked_until <= now
        user.failed_logins = 1 if expired else user.failed_logins + 1
        locks = user.failed_logins >= settings.SIGN_IN_FAILURES
        if locks and not user.is_locked:
            user.locked_until = _lock_from(now)
        elif expired:
            user.locked_until = None
        user.save(update_fields=["failed_logins", "locked_until"])
        prefix = home_prefix(user)
        record_audit(
            actor=actor,
            action="account.sign_in",
            target=user,
            result=AuditResult.FAILED,
            detail={"means": means, "failures": user.failed_logins},
            region_prefix=prefix,
        )
        if user.failed_logins == settings.SIGN_IN_FAILURES:
            record_audit(actor=actor, action="account.lock", target=user, region_prefix=prefix)
            notify(
                recipients=[user],
                kind=NoticeKind.SECURITY,
                title=f"您的账号因连续{settings.SIGN_IN_FAILURES}次登录失败被锁定{settings.SIGN_IN_LOCK_MINUTES}分钟",
                body="如果不是您本人操作，请尽快修改密码，并告知本单位安全管理员。",
            )
        return user.locked_until


def _unknown_fail(actor: Actor, login: str, means: str) -> dt.datetime | None:
    """Count a failure under a name that no account has. The name is not written down: it may be a password."""
    now = timezone.now()
    key = attempts_key(login)
    kept: Attempts = cache.get(key, Attempts())
    count = 1 if kept.locked_until is not None and kept.locked_until <= now else kept.count + 1
    until = _lock_from(now) if count >= settings.SIGN_IN_FAILURES else None
    cache.set(key, Attempts(count, until), timeout=24 * 60 * 60)
    record_audit(
        actor=actor,
        action="account.sign_in",
        title="不存在的账号",
        result=AuditResult.FAILED,
        detail={"means": means, "failures": count},
        region_prefix=EVERY_REGION,
    )
    return until


def sign_in_refuse(*, actor: Actor, login: str) -> None:
    """Somebody tried a locked name: noted, not counted."""
    user = User.objects.unscoped(reason=_REASON).for_login(login).select_related("region").first()
    record_audit(
        actor=actor,
        action="account.sign_in",
        target=user,
        title=user.name if user else "不存在的账号",
        result=AuditResult.DENIED,
        detail={"reason": "账号锁定中"},
        region_prefix=home_prefix(user) if user else EVERY_REGION,
    )


@transaction.atomic
def sign_in_succeed(*, actor: Actor, user_id: int, means: str) -> None:
    """A person has signed in: the count of failures starts anew.

    Args:
        actor: the capacity in which the session begins.
        user_id: the account.
        means: ``password``, ``password+totp``, ``webauthn``, ``demo`` …
    """
    user = User.objects.select_for_update().get(pk=user_id)
    if user.failed_logins or user.locked_until is not None:
        user.failed_logins, user.locked_until = 0, None
        user.save(update_fields=["failed_logins", "locked_until"])
    record_audit(actor=actor, action="account.sign_in", target=user, detail={"means": means})


def sign_out_record(*, actor: Actor, idle: bool = False) -> None:
    """A person has signed out, or was signed out after a time without any act."""
    record_audit(actor=actor, action="account.idle_exit" if idle else "account.sign_out")


def capacity_switch_record(*, actor: Actor, capacity: Actor) -> None:
    """A person goes on in another capacity.

    Args:
        actor: the capacity until now.
        capacity: the one chosen, of the same person.
    """
    record_audit(actor=actor, action="account.switch", detail={"old": actor.label, "new": capacity.label})


def type_scale_set(*, actor: Actor, type_scale: TypeScale) -> None:
    """Keep the type size with the account (适老化大字版). A taste, not an act: it leaves no audit row."""
    if actor.user_id is not None:
        User.objects.filter(pk=actor.user_id).update(type_scale=type_scale)


def access_deny(*, actor: Actor, what: str) -> None:
    """Note a refused act (403): the person saw the thing and may not do it. Runs after the act's rollback.

    Args:
        what: what was tried, e.g. ``打开 /audit/``.
    """
    record_audit(
        actor=actor,
        action="access.deny",
        title=what,
        result=AuditResult.DENIED,
    )


def second_factor_record(*, actor: Actor, user: User, action: str, kind: str) -> None:
    """A second factor was added, taken away or made anew.

    Args:
        action: ``mfa.add`` or ``mfa.remove``.
        kind: ``totp``, ``webauthn`` or ``recovery_codes``.
    """
    record_audit(actor=actor, action=action, target=user, detail={"kind": kind}, region_prefix=home_prefix(user))


def session_end_record(*, actor: Actor, count: int) -> None:
    """A person ended other sessions of their own."""
    record_audit(actor=actor, action="session.end", detail={"count": count})
