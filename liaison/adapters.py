"""What django-allauth asks this portal: Chinese wording, the lock, how passwords and second factors are kept."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from liaison.actor import ANONYMOUS, Actor
from liaison.models.notice import NoticeKind
from liaison.network import client_ip
from liaison.selectors.account import lock_end
from liaison.services.account import session_end_record, sign_in_fail, sign_in_refuse
from liaison.services.notice import notify
from liaison.services.password import password_set

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from liaison.models import User

#: allauth's notification mails → title of our notice; passwords have their own (services.password).
SECURITY_NOTICES = {
    "mfa/email/totp_activated": "您的账号启用了身份验证器",
    "mfa/email/totp_deactivated": "您的账号停用了身份验证器",
    "mfa/email/recovery_codes_generated": "您的账号重新生成了备用码",
    "mfa/email/webauthn_added": "您的账号添加了通行密钥",
    "mfa/email/webauthn_removed": "您的账号移除了通行密钥",
}


def locked_text(until: dt.datetime) -> str:
    """What somebody is told who tries a locked name."""
    return (
        f"登录失败已达{settings.SIGN_IN_FAILURES}次，暂时锁定。请在{timezone.localtime(until):%H:%M}之后再试，"
        "或者请本单位安全管理员解锁。"
    )


def refuse_if_locked(request: HttpRequest, login: str) -> None:
    """Raise ``ValidationError`` while sign-in under this name is locked."""
    until = lock_end(login)
    if until is not None:
        sign_in_refuse(actor=request_actor(request), login=login)
        raise ValidationError(locked_text(until), code="locked")


def request_actor(request: HttpRequest | None) -> Actor:
    """The actor of a request; nobody when there is none."""
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    return actor


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by administrators, locked after five failures, and audited."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "这个账号已停用。如需恢复，请联系本单位系统管理员。",
        "enter_current_password": "当前密码不正确。",
        "incorrect_code": "验证码不正确或已过期，请输入最新的验证码。",
        "incorrect_password": "密码不正确。",
        "invalid_login": "用户名或密码不正确。",
        "invalid_password_reset": "这个链接已失效，请重新申请。",
        "rate_limited": "操作太频繁，请稍候再试。",
        "too_many_login_attempts": "尝试次数太多，请过15分钟再试。",
        "username_password_mismatch": (
            f"用户名或密码不正确。连续{settings.SIGN_IN_FAILURES}次不正确，将锁定{settings.SIGN_IN_LOCK_MINUTES}分钟。"
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        refuse_if_locked(request, str(credentials.get("username", "")))
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        until = sign_in_fail(actor=request_actor(request), login=str(credentials.get("username", "")))
        if until is not None:
            raise ValidationError(locked_text(until), code="locked")

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Also for passkeys and demo buttons, which ask no password."""
        if user.is_locked and user.locked_until is not None:
            sign_in_refuse(actor=request_actor(request), login=user.username)
            messages.error(request, locked_text(user.locked_until))
            return redirect("account_login")
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def set_password(self, user: User, password: str) -> None:
        """Called by the change and the reset form, after ``clean_password``."""
        signed_in = self.request.user.is_authenticated and self.request.user.pk == user.pk
        password_set(
            actor=request_actor(self.request), user=user, password=password, how="change" if signed_in else "reset"
        )

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request) or "127.0.0.1"

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """A notice in the inbox, and by the outbox a mail: never sent while the person waits."""
        title = SECURITY_NOTICES.get(template_prefix)
        if title:
            notify(
                recipients=[user],
                kind=NoticeKind.SECURITY,
                title=title,
                body="如果不是您本人操作，请立即修改密码，并告知本单位安全管理员。",
            )


def _fernet() -> MultiFernet:
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"second-factor:{key}".encode()).digest())) for key in keys]
    )


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: secrets encrypted in the table, our name on the authenticator app."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "不能停用两步验证。",
        "cannot_generate_recovery_codes": "启用两步验证之后才能生成备用码。",
        "incorrect_code": "验证码不正确或已过期，请输入最新的验证码。",
        "unverified_email": "请先验证电子邮箱。",
    }

    def _get_user_identifier(self, user: User) -> str:
        return user.username

    def _get_site_name(self) -> str:
        return str(settings.SITE_NAME)

    def generate_authenticator_name(self, user: User, type: Any) -> str:  # noqa: A002  (allauth's name)
        return f"{timezone.localdate():%Y年%-m月%-d日}添加的通行密钥"

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()


class SessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]
    """Ending one's other sessions leaves a trace."""

    def end_sessions(self, sessions: Iterable[Any]) -> None:
        ended = list(sessions)
        super().end_sessions(ended)
        if ended:
            session_end_record(actor=request_actor(context.request), count=len(ended))
