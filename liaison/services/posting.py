"""Postings (岗位): who has which role where. The security administrator grants and ends them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from liaison.exceptions import DomainError, InvalidInput, NotFound
from liaison.models import Organisation, Posting, User
from liaison.models.notice import NoticeKind
from liaison.permissions import EXCLUSIVE_ROLES, OrganisationKind, Permission, Role, permissions_for
from liaison.services.audit import record_audit
from liaison.services.checks import integrity_as_input
from liaison.services.notice import notify
from liaison.services.user import lock_user

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor


@transaction.atomic
def posting_grant(
    *, actor: Actor, user_public_id: UUID | str, organisation_public_id: UUID | str, role: Role
) -> Posting:
    """Give somebody a role in an organisation of the actor's region.

    Raises:
        NotFound: account or organisation unknown, or not in the actor's region.
        DomainError: to oneself, or to an inactive account.
        InvalidInput: no such role in that kind of organisation; or a second one of the three
            administrators' roles, which must be held by different people (rulebook section 7).
    """
    user = lock_user(actor, user_public_id, Permission.POSTING_EDIT, manage=False)
    organisation = Organisation.objects.visible_to(actor).active().filter(public_id=organisation_public_id).first()
    if organisation is None:
        raise NotFound
    if user.pk == actor.user_id:
        raise DomainError("不能给自己分配岗位，请由另一位安全管理员办理。", code="own_account")
    if not user.is_active:
        raise DomainError(f"{user.name}的账号已停用，请先由系统管理员恢复。", code="account_inactive")
    role = Role(role)
    kind = OrganisationKind(organisation.kind)
    if not permissions_for(kind, role):
        raise InvalidInput("角色不合适。", fields={"role": f"{kind.label}没有“{role.label}”这个角色。"})
    mine = Posting.objects.unscoped(reason="the rule counts a person's postings everywhere").filter(
        user=user, ended_at__isnull=True
    )
    already = mine.filter(organisation=organisation, role=role).first()
    if already is not None:
        return already
    if role in EXCLUSIVE_ROLES:
        _require_apart(user, role, mine.filter(role__in=EXCLUSIVE_ROLES).select_related("organisation").first())
    with integrity_as_input():
        posting = Posting.objects.create(user=user, organisation=organisation, role=role)
    _belong(user, organisation)
    record_audit(
        actor=actor,
        action="posting.grant",
        target=user,
        detail={"organisation": organisation.display, "role": role.label},
    )
    notify(
        recipients=[user],
        kind=NoticeKind.SECURITY,
        title=f"您已担任{organisation.display}的“{role.label}”",
        body="下次打开页面即可使用；如有多个身份，在右上角切换。",
    )
    return posting


def _require_apart(user: User, role: Role, held: Posting | None) -> None:
    if held is None:
        return
    message = (
        "系统管理员、安全管理员、审计员必须由不同的人担任（网络安全等级保护要求）。"
        f"{user.name}现任{held.organisation.display}的“{held.get_role_display()}”，"
        f"要改任“{role.label}”，请先结束现任岗位。"
    )
    raise InvalidInput(message, fields={"role": message})


def _belong(user: User, organisation: Organisation) -> None:
    """An account that belongs nowhere yet belongs where it has a posting, also after that has ended."""
    if user.region_id is None:
        user.region_id = organisation.region_id
        user.version += 1
        user.save(update_fields=["region", "version"])


@transaction.atomic
def posting_end(*, actor: Actor, public_id: UUID | str, reason: str) -> Posting:
    """Take a role away; pages opened with it no longer work from the next click on.

    Raises:
        NotFound: no such posting, or not in the actor's region.
        DomainError: one's own.
    """
    posting = (
        Posting.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("user", "organisation")
        .filter(public_id=public_id)
        .first()
    )
    if posting is None:
        raise NotFound
    actor.require(Permission.POSTING_EDIT)
    if posting.user_id == actor.user_id:
        raise DomainError("不能结束自己的岗位，请由另一位安全管理员办理。", code="own_account")
    if posting.ended_at is not None:
        return posting
    posting.ended_at = timezone.now()
    posting.save(update_fields=["ended_at", "updated_at"])
    _belong(posting.user, posting.organisation)
    record_audit(
        actor=actor,
        action="posting.end",
        target=posting.user,
        detail={
            "organisation": posting.organisation.display,
            "role": Role(posting.role).label,
            "reason": reason,
        },
    )
    notify(
        recipients=[posting.user],
        kind=NoticeKind.SECURITY,
        title=f"您在{posting.organisation.display}的“{Role(posting.role).label}”岗位已结束",
        body=f"原因：{reason}" if reason else "",
    )
    return posting
