"""Reads about sign-in: which account a name means, whether it is locked, where it belongs."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone

from liaison.demo_accounts import DEMO_ACCOUNTS
from liaison.exceptions import NotFound
from liaison.models import User
from liaison.models.audit import EVERY_REGION
from liaison.selectors.actors import capacities_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from liaison.actor import Actor

_REASON = "sign-in happens before any actor exists"


@dataclass(frozen=True, slots=True)
class Attempts:
    """Failed sign-ins under a name that no account has, so that it looks just like one that exists."""

    count: int = 0
    locked_until: dt.datetime | None = None


def attempts_key(login: str) -> str:
    """Cache key of the failures under a name; the name itself may be a mistyped password, so it is hashed."""
    return "sign-in:" + hashlib.sha256(login.strip().lower().encode()).hexdigest()


def account_for_login(login: str) -> User | None:
    """The account with this user name or phone number."""
    return User.objects.unscoped(reason=_REASON).for_login(login).first()


def accounts_for_reset(text: str) -> QuerySet[User]:
    """Active accounts that a forgotten password may be reset for by mail: by user name, phone or e-mail."""
    text = text.strip()
    by_name = Q(phone=text) if text.isdigit() else Q(username__iexact=text)
    return (
        User.objects.unscoped(reason=_REASON)
        .filter(Q(email__iexact=text) | by_name, is_active=True)
        .exclude(email="")
        .order_by("pk")[: settings.PASSWORD_LINK_MOST_ACCOUNTS]
    )


def lock_end(login: str) -> dt.datetime | None:
    """Until when sign-in under this name is refused; None when it is not. The same for a name that no account has."""
    user = account_for_login(login)
    until = user.locked_until if user is not None else cache.get(attempts_key(login), Attempts()).locked_until
    return until if until is not None and until > timezone.now() else None


def used_password_hashes(user: User) -> list[str]:
    """Hashes of the last ``PASSWORD_HISTORY`` passwords, the present one first."""
    kept = list(user.used_passwords.values_list("password", flat=True)[: settings.PASSWORD_HISTORY])
    return list(dict.fromkeys([user.password, *kept]))[: settings.PASSWORD_HISTORY]


def home_prefix(user: User) -> str:
    """The region whose auditor follows this account: its own, else that of its first capacity."""
    if user.region is not None:
        return user.region.prefix
    return next((actor.region_prefix for actor in capacities_of(user)), EVERY_REGION)


def password_due(user: User, capacities: Sequence[Actor], *, now: dt.datetime | None = None) -> bool:
    """Whether a new password must be set before anything else.

    An initial password must be changed at once, and that of staff every ``PASSWORD_ROTATION_DAYS``
    days (rulebook section 7); deputies are asked for no rotation. An account without a password (passkey
    only) has none to change.
    """
    if not user.has_usable_password():
        return False
    if user.must_change_password:
        return True
    days: int = settings.PASSWORD_ROTATION_DAYS
    if not days or not any(actor.organisation_id is not None for actor in capacities):
        return False
    return user.password_changed_at + dt.timedelta(days=days) <= (now or timezone.now())


def demo_accounts() -> list[dict[str, str]]:
    """The demo accounts that exist (name, label, username), in the demo's order; none outside demo mode."""
    if not settings.DEMO_MODE:
        return []
    names = dict(
        User.objects.unscoped(reason=_REASON)
        .filter(username__in=[account.username for account in DEMO_ACCOUNTS], is_active=True)
        .values_list("username", "name")
    )
    return [
        {"username": account.username, "label": account.label, "name": names[account.username]}
        for account in DEMO_ACCOUNTS
        if account.username in names
    ]


def get_demo_account(username: str) -> User:
    """A demo account by user name.

    Raises:
        NotFound: not in the demo's list, or the demo has not been loaded.
    """
    known = any(username == account.username for account in DEMO_ACCOUNTS)
    user = account_for_login(username) if known and settings.DEMO_MODE else None
    if user is None or not user.is_active:
        raise NotFound
    return user
