"""Reading accounts for their administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from allauth.mfa.models import Authenticator
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Prefetch, Q
from django.utils import timezone

from liaison.exceptions import NotFound
from liaison.models import Posting, User
from liaison.permissions import EXCLUSIVE_ROLES, Role
from liaison.registry import registry

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from liaison.actor import Actor


class UserView(NamedTuple):
    """A saved view of the list."""

    code: str
    label: str


USER_VIEWS = (
    UserView("all", "全部"),
    UserView("without_posting", "未分配岗位"),
    UserView("locked", "锁定中"),
    UserView("inactive", "已停用"),
)


def _open_postings() -> QuerySet[Posting]:
    return Posting.objects.unscoped(reason="the postings of an account that is visible as a whole").filter(
        ended_at__isnull=True
    )


def _acts_as_deputy() -> Q:
    """Accounts that need no posting, as the upper packages tell."""
    found = Q(pk__in=[])
    for accounts in registry.accounts_without_posting:
        found |= Q(pk__in=accounts())
    return found


def user_list(actor: Actor, *, view: str = "all", q: str = "", role: str = "", prefix: str = "") -> QuerySet[User]:
    """Accounts in the actor's region with their postings, and whether they are a deputy's (two queries).

    Args:
        view: code of a ``UserView``.
        q: part of name, user name, phone or e-mail.
        role: only people with a posting in this role.
        prefix: only accounts of this region's subtree.
    """
    users = User.objects.visible_to(actor)
    if view == "locked":
        users = users.filter(locked_until__gt=timezone.now())
    elif view == "inactive":
        users = users.filter(is_active=False)
    elif view == "without_posting":
        users = users.filter(~Exists(_open_postings().filter(user=OuterRef("pk"))), is_active=True)
        users = users.exclude(_acts_as_deputy())
    if q:
        users = users.filter(
            Q(name__icontains=q) | Q(username__icontains=q) | Q(phone__startswith=q) | Q(email__icontains=q)
        )
    if role:
        users = users.filter(Exists(_open_postings().filter(user=OuterRef("pk"), role=role)))
    if prefix:
        users = users.filter(region__prefix__startswith=prefix)
    postings = _open_postings().select_related("organisation").order_by("id")
    users = users.annotate(is_deputy=ExpressionWrapper(_acts_as_deputy(), output_field=BooleanField()))
    return users.select_related("region").prefetch_related(Prefetch("postings", postings, to_attr="open_postings"))


def locked_count(actor: Actor, *, most: int = 100) -> int:
    """Locked accounts in the actor's region, counted up to ``most``."""
    return user_list(actor, view="locked")[:most].count()


def get_user_for(actor: Actor, public_id: UUID | str) -> User:
    """One account.

    Raises:
        NotFound: no such account, or not in the actor's region.
    """
    user = User.objects.visible_to(actor).select_related("region").filter(public_id=public_id).first()
    if user is None:
        raise NotFound
    return user


def postings_of(user: User) -> list[Posting]:
    """Every posting of an account, those in force first."""
    postings = (
        Posting.objects.unscoped(reason="the postings of an account that is visible as a whole")
        .filter(user=user)
        .select_related("organisation__region")
    )
    return sorted(postings, key=lambda posting: (posting.ended_at is not None, posting.pk))


def second_factors_of(user: User) -> list[str]:
    """Which second factors the account has: ``totp``, ``webauthn``, ``recovery_codes``."""
    return sorted(set(Authenticator.objects.filter(user=user).values_list("type", flat=True)))


def obstacle(actor: Actor, user: User, *, takeover: bool = False) -> str:
    """Why the actor may see this account and yet not manage it; empty when they may.

    An account belongs to one region. Somebody with postings beyond the administrator's region is managed
    from above, else a county could get hold of a city's account. And whoever could set the password of
    the security administrator or the auditor beside them would hold two of the three offices that have to
    be apart (rulebook section 7).

    Args:
        takeover: whether the act would let the actor get into the account.
    """
    if actor.is_system or user.pk == actor.user_id:
        return ""
    beyond = "该账号在本区划以外还有岗位，请由上级区划的管理员办理。"
    if user.region is not None and not user.region.prefix.startswith(actor.region_prefix):
        return beyond
    postings = list(_open_postings().filter(user=user).select_related("organisation__region"))
    if any(not posting.organisation.region.prefix.startswith(actor.region_prefix) for posting in postings):
        return beyond
    apart = EXCLUSIVE_ROLES - {actor.role}
    if takeover and any(
        Role(posting.role) in apart and posting.organisation.region.prefix == actor.region_prefix
        for posting in postings
    ):
        return (
            "系统管理员、安全管理员、审计员相互独立：不能修改同级另一类管理员的联系方式或设置其密码。"
            "请发送设置密码的邮件，由上级区划的系统管理员办理，或请运维人员生成初始密码。"
        )
    return ""
