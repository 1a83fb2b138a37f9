"""Accounts as administrators keep them (用户管理): make, change, deactivate, hand out, unlock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.db import transaction

from liaison.exceptions import DomainError, NotAllowed, NotFound
from liaison.models import Region, User
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.queue import enqueue_on_commit
from liaison.selectors.user import obstacle
from liaison.services.audit import record_audit
from liaison.services.checks import changes, clean_model, integrity_as_input, require_version
from liaison.services.notice import notify
from liaison.services.password import generate_password, password_set

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor

NOUN = "这个账号"


def lock_user(
    actor: Actor,
    public_id: UUID | str,
    permission: Permission,
    *,
    version: int | None = None,
    manage: bool = True,
    takeover: bool = False,
) -> User:
    """The account, locked for the rest of the transaction.

    Args:
        permission: what the act needs.
        version: what the page showed; None when the act does not depend on it.
        manage: whether the account must be the actor's to manage; not so for what harms nobody (unlocking).
        takeover: whether the act would let the actor get into the account (password, e-mail, phone).

    Raises:
        NotFound: no such account, or not in the actor's region.
        NotAllowed: permission missing, or the account is not the actor's to manage.
        StaleVersion: changed in between.
    """
    user = (
        User.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("region")
        .filter(public_id=public_id)
        .first()
    )
    if user is None:
        raise NotFound
    actor.require(permission)
    reason = obstacle(actor, user, takeover=takeover) if manage else ""
    if reason:
        raise NotAllowed(reason)
    require_version(user.version, version, NOUN)
    return user


def _save(user: User, *names: str) -> None:
    user.version += 1
    user.save(update_fields=[*names, "version"])


def _region(actor: Actor, region: Region) -> Region:
    if not actor.is_system and not region.prefix.startswith(actor.region_prefix):
        raise NotFound
    return region


def _contact(user: User) -> dict[str, object]:
    return {
        "name": user.name,
        "phone": user.phone or "",
        "email": user.email,
        "region": user.region.full_name if user.region is not None else "",
    }


def user_create(
    *,
    actor: Actor,
    public_id: UUID,
    username: str,
    name: str,
    phone: str = "",
    email: str = "",
    region: Region,
) -> User:
    """A new account without a password: hand it out by mail or with an initial password afterwards.

    Args:
        public_id: chosen by the form, so that the same form sent twice makes one account.
        phone: 11 digits, or empty.
    """
    actor.require(Permission.USER_EDIT)
    with transaction.atomic():
        already = User.objects.visible_to(actor).filter(public_id=public_id).first()
        if already is not None:
            return already
        user = User(
            public_id=public_id,
            username=username.strip(),
            name=name.strip(),
            phone=phone.strip() or None,
            email=email.strip(),
            region=_region(actor, region),
        )
        user.set_unusable_password()
        clean_model(user)
        with integrity_as_input():
            user.save(force_insert=True)
        record_audit(
            actor=actor,
            action="user.create",
            target=user,
            detail={"new": {"username": user.username, **_contact(user)}},
        )
        return user


@transaction.atomic
def user_update(
    *,
    actor: Actor,
    public_id: UUID | str,
    version: int | None,
    name: str,
    phone: str = "",
    email: str = "",
    region: Region,
) -> User:
    """Correct name, contact and region of an account.

    Raises:
        StaleVersion: somebody changed it after the page was opened.
        InvalidInput: a value is wrong, or the phone number belongs to another account.
    """
    user = lock_user(actor, public_id, Permission.USER_EDIT, version=version, takeover=True)
    before = _contact(user)
    user.name, user.phone, user.email = name.strip(), phone.strip() or None, email.strip()
    user.region = _region(actor, region)
    clean_model(user)
    found = changes(before, _contact(user))
    if not found["new"]:
        return user
    with integrity_as_input():
        _save(user, "name", "phone", "email", "region")
    record_audit(actor=actor, action="user.update", target=user, detail=found)
    return user


@transaction.atomic
def user_deactivate(*, actor: Actor, public_id: UUID | str, version: int | None, reason: str) -> User:
    """Nobody signs in by this account any more; whoever is signed in is out at once. Postings rest."""
    user = lock_user(actor, public_id, Permission.USER_EDIT, version=version)
    if user.pk == actor.user_id:
        raise DomainError("不能停用自己的账号。", code="own_account")
    if user.is_active:
        user.is_active = False
        _save(user, "is_active")
        record_audit(actor=actor, action="user.deactivate", target=user, detail={"reason": reason})
    return user


@transaction.atomic
def user_activate(*, actor: Actor, public_id: UUID | str, version: int | None) -> User:
    """The account works again, with the postings that have not ended."""
    user = lock_user(actor, public_id, Permission.USER_EDIT, version=version)
    if not user.is_active:
        user.is_active = True
        _save(user, "is_active")
        record_audit(actor=actor, action="user.activate", target=user)
    return user


@transaction.atomic
def user_initial_password(*, actor: Actor, public_id: UUID | str, version: int | None) -> tuple[User, str]:
    """A one-time password, to be shown once and handed over; it must be changed at the first sign-in.

    The version makes a form sent twice stop at the second time, so that the password shown is the one
    that works.
    """
    user = lock_user(actor, public_id, Permission.USER_EDIT, version=version, takeover=True)
    if user.pk == actor.user_id:
        raise DomainError("请到“我的账号”修改自己的密码。", code="own_account")
    _require_active(user)
    password = generate_password()
    password_set(actor=actor, user=user, password=password, how="initial")
    _save(user)
    return user, password


@transaction.atomic
def user_send_link(*, actor: Actor, public_id: UUID | str) -> User:
    """Mail the person a link that sets a password; it reaches nobody but them."""
    user = lock_user(actor, public_id, Permission.USER_EDIT)
    _require_active(user)
    if not user.email:
        raise DomainError("这个账号没有登记电子邮箱，请改用一次性初始密码。", code="no_email")
    record_audit(actor=actor, action="password.link_send", target=user)
    enqueue_on_commit("liaison.tasks.send_password_links", [user.pk])
    return user


@transaction.atomic
def user_unlock(*, actor: Actor, public_id: UUID | str) -> User:
    """Lift the lock that five failures put on (security administrator)."""
    user = lock_user(actor, public_id, Permission.SECURITY_EDIT, manage=False)
    if user.is_locked:
        user.failed_logins, user.locked_until = 0, None
        _save(user, "failed_logins", "locked_until")
        record_audit(actor=actor, action="account.unlock", target=user)
        notify(recipients=[user], kind=NoticeKind.SECURITY, title="您的账号已解锁，可以登录了")
    return user


@transaction.atomic
def user_second_factor_reset(*, actor: Actor, public_id: UUID | str, reason: str) -> User:
    """Take away the second factors of somebody who lost the phone (security administrator)."""
    user = lock_user(actor, public_id, Permission.SECURITY_EDIT)
    if user.pk == actor.user_id:
        raise DomainError("请到“我的账号”管理自己的两步验证。", code="own_account")
    removed = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    if removed:
        Authenticator.objects.filter(user=user).delete()
        record_audit(
            actor=actor, action="mfa.reset", target=user, detail={"kind": sorted(set(removed)), "reason": reason}
        )
        notify(
            recipients=[user],
            kind=NoticeKind.SECURITY,
            title="安全管理员已撤销您的两步验证",
            body=f"原因：{reason}。请登录后重新设置。如果不是您本人要求的，请立即告知本单位。",
        )
    return user


def _require_active(user: User) -> None:
    if not user.is_active:
        raise DomainError("这个账号已停用，请先恢复再设置密码。", code="account_inactive")
