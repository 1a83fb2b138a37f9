"""Sign-in, demo sign-in, and what a person does with their own account beside allauth's pages."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.views import LoginView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from liaison.context_processors import TYPE_COOKIE
from liaison.exceptions import InvalidInput, NotFound
from liaison.faces import ActorRequest, signed_in
from liaison.forms.preference import TypeScaleForm
from liaison.middleware import CAPACITY_SESSION_KEY
from liaison.models.user import TypeScale
from liaison.selectors.account import demo_accounts, get_demo_account
from liaison.services.account import capacity_switch_record, type_scale_set
from liaison.services.session import session_end

YEAR = 365 * 24 * 60 * 60


class SignInView(LoginView):  # type: ignore[misc]
    """allauth's sign-in, with the demo's buttons in demo mode and 422 for a wrong form."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offered = [
            {**account, "url": reverse("demo_sign_in", args=[account["username"]])} for account in demo_accounts()
        ]
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "demo_accounts": offered}

    def form_invalid(self, form: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().form_invalid(form)
        response.status_code = 422
        return response


sign_in = SignInView.as_view()
sign_in.access = "public"


@require_POST
def demo_sign_in(request: HttpRequest, username: str) -> HttpResponseBase:
    """A button on the sign-in page in demo mode: the account without its password."""
    user = get_demo_account(username)
    record_authentication(request, user, method="demo")
    response: HttpResponseBase = perform_login(request, Login(user=user, redirect_url=_next(request)))
    return response


demo_sign_in.access = "public"  # type: ignore[attr-defined]


@require_POST
@signed_in
def session_end_view(request: ActorRequest, pk: int) -> HttpResponse:
    """End one of one's own other sessions."""
    session_end(actor=request.actor, session_pk=pk, current_key=request.session.session_key or "")
    messages.success(request, "这台设备已退出登录。")
    return redirect("usersessions_list")


@require_POST
@signed_in
def actor_switch(request: ActorRequest) -> HttpResponse:
    """Go on in another of one's capacities (切换身份), on the page that asked for it if one did."""
    key = request.POST.get("capacity", "")
    chosen = next((actor for actor in request.actor_capacities if actor.key == key), None)
    if chosen is None:
        raise NotFound
    if chosen.key != request.actor.key:
        capacity_switch_record(actor=request.actor, capacity=chosen)
        request.session[CAPACITY_SESSION_KEY] = chosen.key
        messages.success(request, f"已切换为“{chosen.label}”。")
    return redirect(_next(request))


@require_POST
def preference_type(request: ActorRequest) -> HttpResponse:
    """Choose the type size: kept with the account, and in a cookie for the pages before sign-in."""
    form = TypeScaleForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("没有这种字号。请在“字号”菜单中选择。")
    scale = TypeScale(form.cleaned_data["type_scale"])
    type_scale_set(actor=request.actor, type_scale=scale)
    response = redirect(_next(request))
    response.set_cookie(TYPE_COOKIE, scale, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response


preference_type.access = "public"  # type: ignore[attr-defined]


def _next(request: HttpRequest) -> str:
    """The page that the form asks to come back to, when it is one of ours."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else "/"
