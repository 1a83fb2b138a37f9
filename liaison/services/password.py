"""Setting passwords: by oneself, by the link in a mail, or an initial one by an administrator."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Literal

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from liaison.models import UsedPassword, User
from liaison.models.audit import EVERY_REGION
from liaison.models.notice import NoticeKind
from liaison.queue import enqueue_on_commit
from liaison.selectors.account import accounts_for_reset, home_prefix
from liaison.services.audit import record_audit
from liaison.services.notice import notify

if TYPE_CHECKING:
    from liaison.actor import Actor

How = Literal["change", "reset", "initial"]

#: Letters and digits that nobody mixes up when reading them from paper: no I l 1 O o 0.
_UPPER, _LOWER, _DIGITS = "ABCDEFGHJKMNPQRSTUVWXYZ", "abcdefghjkmnpqrstuvwxyz", "23456789"


@transaction.atomic
def password_set(*, actor: Actor, user: User, password: str, how: How) -> User:
    """Set a password that the validators have passed.

    Args:
        user: whose; the given object gets the new hash too, so its session can be kept.
        how: ``change`` (by oneself, signed in), ``reset`` (by the link in a mail, which also lifts a
            lock), ``initial`` (by an administrator: to be changed at the first sign-in).
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.has_usable_password() and not locked.used_passwords.filter(password=locked.password).exists():
        # An account made outside this service has no record of its first password yet.
        UsedPassword.objects.create(user=locked, password=locked.password, set_at=locked.password_changed_at)
    locked.set_password(password)
    locked.password_changed_at = timezone.now()
    locked.must_change_password = how == "initial"
    if how != "change":
        locked.failed_logins, locked.locked_until = 0, None
    locked.save(
        update_fields=["password", "password_changed_at", "must_change_password", "failed_logins", "locked_until"]
    )
    _remember(locked)
    record_audit(actor=actor, action=f"password.{how}", target=locked, region_prefix=home_prefix(locked))
    if how != "initial":
        notify(
            recipients=[locked],
            kind=NoticeKind.SECURITY,
            title="您的登录密码已修改",
            body="如果不是您本人操作，请立即告知本单位安全管理员。",
        )
    for name in ("password", "password_changed_at", "must_change_password", "failed_logins", "locked_until"):
        setattr(user, name, getattr(locked, name))
    return user


def _remember(user: User) -> None:
    """Keep the hash, and forget those that the rule no longer asks for."""
    UsedPassword.objects.create(user=user, password=user.password)
    kept = UsedPassword.objects.filter(user=user).values("pk")[: settings.PASSWORD_HISTORY]
    UsedPassword.objects.filter(user=user).exclude(pk__in=kept).delete()


def generate_password() -> str:
    """A one-time initial password, easy to read out: ``Kmpt-4827-vrhx`` (about 50 bits)."""
    first = secrets.choice(_UPPER) + "".join(secrets.choice(_LOWER) for _ in range(3))
    digits = "".join(secrets.choice(_DIGITS) for _ in range(4))
    last = "".join(secrets.choice(_LOWER) for _ in range(4))
    return f"{first}-{digits}-{last}"


@transaction.atomic
def password_link_ask(*, actor: Actor, login: str) -> None:
    """Somebody forgot a password: mail a link to the accounts with this user name, phone or e-mail.

    The answer is the same whether there is such an account or not; what was typed is not written down
    for one that does not exist.
    """
    users = list(accounts_for_reset(login))
    for user in users:
        record_audit(actor=actor, action="password.link_ask", target=user, region_prefix=home_prefix(user))
    if not users:
        record_audit(actor=actor, action="password.link_ask", title="不存在的账号", region_prefix=EVERY_REGION)
    enqueue_on_commit("liaison.tasks.send_password_links", [user.pk for user in users])
