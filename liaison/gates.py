"""What stands before every page of somebody signed in: the idle exit, and a password that is due."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse

from liaison.exceptions import DomainError
from liaison.faces import SignInAgain, page_of, problem_response, send_to, wants_json
from liaison.selectors.account import password_due

if TYPE_CHECKING:
    from collections.abc import Callable

#: Where the session keeps the second of the last act.
SEEN_SESSION_KEY = "seen_at"
#: The last act is written down at most once in so many seconds: one write a minute, not one a page.
TOUCH_SECONDS = 60
#: A page that asks by itself (a progress bar) sends this header; it does not count as an act.
POLL_HEADER = "X-Poll"

#: What an account with a password that is due may still open.
ALLOWED_WHEN_DUE = frozenset(
    {
        "account_change_password",
        "account_logout",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "preference_type",
        "healthz",
        "readyz",
    }
)


class PasswordDue(DomainError):
    """A new password must be set first (403, for a script that asked for JSON)."""

    code = "password_due"
    status = 403


class IdleExitMiddleware:
    """Signs out who has done nothing for ``IDLE_EXIT_MINUTES`` (rulebook section 7: 10 to 30 minutes).

    What was being typed is in its autosaved draft; after signing in the person comes back to the page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        now = int(time.time())
        seen = request.session.get(SEEN_SESSION_KEY, now)
        if now - seen >= settings.IDLE_EXIT_MINUTES * 60:
            return self._exit(request)
        if SEEN_SESSION_KEY not in request.session or (
            now - seen >= TOUCH_SECONDS and POLL_HEADER not in request.headers
        ):
            request.session[SEEN_SESSION_KEY] = now
            UserSession.objects.create_from_request(request)
        return self.get_response(request)

    def _exit(self, request: HttpRequest) -> HttpResponse:
        request.idle_exit = True  # type: ignore[attr-defined]
        logout(request)
        text = (
            f"您已超过{settings.IDLE_EXIT_MINUTES}分钟没有操作，为保护账号安全已自动退出。"
            "请重新登录，自动保存的草稿都在。"
        )
        if wants_json(request):
            return problem_response(SignInAgain(text))
        messages.info(request, text)
        target = f"{reverse('account_login')}?{urlencode({'next': page_of(request)}, safe='/')}"
        return send_to(request, target)


class PasswordDueMiddleware:
    """Sends an account with an initial or outdated password to the page where it sets a new one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated or not password_due(user, request.actor_capacities):  # type: ignore[attr-defined]
            return self.get_response(request)
        try:
            name = resolve(request.path_info).url_name
        except Resolver404:
            name = ""
        if name in ALLOWED_WHEN_DUE:
            return self.get_response(request)
        text = (
            "这是初始密码，请先设置您自己的密码。"
            if user.must_change_password
            else f"密码已使用超过{settings.PASSWORD_ROTATION_DAYS}天，请先设置新密码。"
        )
        if wants_json(request):
            return problem_response(PasswordDue(text))
        messages.warning(request, text)
        return send_to(
            request, f"{reverse('account_change_password')}?{urlencode({'next': page_of(request)}, safe='/')}"
        )
