"""What the page of an account shows and offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.urls import reverse
from django.utils import timezone

from liaison.audit_labels import VALUE_LABELS
from liaison.dates import cn_datetime
from liaison.permissions import Permission
from liaison.templatetags.ui import mask_phone

if TYPE_CHECKING:
    from liaison.actor import Actor
    from liaison.models import User


class Fact(NamedTuple):
    """One line of ``partials/summary_list.html``."""

    label: str
    value: str


def user_facts(user: User, factors: list[str]) -> list[Fact]:
    """Name and value. The phone number is masked."""
    if not user.has_usable_password():
        known = "还没有密码"
    elif user.must_change_password:
        known = f"初始密码，{cn_datetime(user.password_changed_at)}生成，首次登录须修改"
    else:
        known = f"{cn_datetime(user.password_changed_at)}设置"
    return [
        Fact("用户名", user.username),
        Fact("手机号码", mask_phone(user.phone or "")),
        Fact("电子邮箱", user.email),
        Fact("所属区划", user.region.full_name if user.region is not None else ""),
        Fact("密码", known),
        Fact("两步验证", "、".join(VALUE_LABELS.get(kind, kind) for kind in factors) or "未启用"),
        Fact("最近登录", cn_datetime(user.last_login) if user.last_login else "从未登录"),
        Fact("开通时间", cn_datetime(user.date_joined)),
    ]


def user_actions(actor: Actor, user: User, factors: list[str]) -> dict[str, Any]:
    """The action box: the most likely next act large, the others below it."""

    def to(route: str) -> str:
        return reverse(f"system:{route}", args=[user.public_id])

    acts: list[dict[str, str]] = []
    text = ""
    others_account = user.pk != actor.user_id
    if actor.can(Permission.SECURITY_EDIT) and user.is_locked and user.locked_until is not None:
        text = f"连续登录失败，锁定至{timezone.localtime(user.locked_until):%H:%M}。"
        acts.append({"label": "解除锁定", "post_url": to("user_unlock")})
    if actor.can(Permission.POSTING_EDIT) and user.is_active and others_account:
        acts.append({"label": "分配岗位", "url": to("posting_grant"), "icon": "id-badge-2"})
    if actor.can(Permission.SECURITY_EDIT) and factors and others_account:
        acts.append({"label": "撤销两步验证", "url": to("user_second_factor_reset"), "icon": "shield-lock"})
    if actor.can(Permission.USER_EDIT):
        acts += _system_acts(user, others_account, to)
        if user.is_active and not user.has_usable_password():
            text = "账号还没有密码，本人不能登录。"
    if not acts:
        return {"action_title": "没有可办理的事项", "action_text": "您当前的身份只能查看这个账号。"}
    return {"action_title": "可以办理", "action_text": text, "primary": acts[0], "others": acts[1:]}


def _system_acts(user: User, others_account: bool, to: Any) -> list[dict[str, str]]:
    edit = {"label": "修改资料", "url": to("user_update"), "icon": "pencil"}
    if not user.is_active:
        return [{"label": "恢复账号", "post_url": to("user_activate")}, edit]
    if not others_account:
        return [edit]
    give = {"label": "生成初始密码", "url": to("user_initial_password"), "icon": "key"}
    mail = {"label": "发送设置密码的邮件", "post_url": to("user_send_link"), "icon": "mail"}
    close = {"label": "停用账号", "url": to("user_deactivate"), "icon": "ban"}
    passwords = [mail, give] if user.email else [give]
    return [*passwords, edit, close] if not user.has_usable_password() else [edit, *passwords, close]
