"""What page views share: who may enter, and how a domain error reaches the form."""

from __future__ import annotations

import logging
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from urllib.parse import urlencode, urlsplit

from allauth.core import context
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_variables
from django.views.defaults import page_not_found

from liaison.actor import ANONYMOUS, Actor
from liaison.exceptions import DomainError, NotAllowed, NotFound
from liaison.selectors.elsewhere import capacity_for
from liaison.services.account import access_deny

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import BaseForm

    from liaison.permissions import Permission

logger = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")


class ActorRequest(HttpRequest):
    """A request that passed ``ActorMiddleware``; for annotations only."""

    actor: Actor
    actor_capacities: list[Actor]
    htmx: Any


class SignInAgain(DomainError):
    """The session ended by itself (401, for a script that asked for JSON)."""

    code = "signed_out"
    status = 401


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page, and back to the page one is on afterwards; a script is told in JSON."""
    if wants_json(request):
        return problem_response(SignInAgain("您已退出登录，请刷新页面重新登录。"))
    return send_to(request, f"{reverse('account_login')}?{urlencode({'next': page_of(request)}, safe='/')}")


def signed_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Only for people who signed in; others are sent to the sign-in page and come back."""

    @wraps(view)
    def wrapper(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.actor.is_anonymous:
            return ask_to_sign_in(request)
        return view(request, *args, **kwargs)

    wrapper.access = "signed_in"  # type: ignore[attr-defined]
    return wrapper


def public(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For everybody, without an account: what it shows must start at what is published."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def requires(
    *permissions: Permission,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Only for actors with at least one of the permissions (403 otherwise, sign-in first)."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def wrapper(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.actor.is_anonymous:
                return ask_to_sign_in(request)
            if not any(request.actor.can(permission) for permission in permissions):
                request.actor.require(permissions[0])
            return view(request, *args, **kwargs)

        wrapper.access = permissions  # type: ignore[attr-defined]
        return wrapper

    return decorate


@sensitive_variables()  # passphrases and ballots pass here: an error report names none of them
def call(form: BaseForm, service: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R | None:
    """Call a service for a valid form; a domain error becomes a message of the form (or of its fields).

    Returns:
        What the service returned; None when it refused. Test ``form.errors`` where None is a good answer.

    Raises:
        NotFound: what the form is about is not there for this actor, so there is no form either.
    """
    try:
        return service(*args, **kwargs)
    except NotFound:
        raise
    except DomainError as error:
        actor = kwargs.get("actor")
        if isinstance(error, NotAllowed) and isinstance(actor, Actor):
            note_refusal(actor, context.request)
        for field, message in error.fields.items():
            form.add_error(field if field in form.fields else None, message)
        if not error.fields:
            form.add_error(None, error.message)
        form.domain_error = error  # type: ignore[attr-defined]
        return None


class DomainErrorMiddleware:
    """A domain error that no view turned into a form message: one page, one fragment, one problem+json."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Map the error by its class; anything else goes on to Django."""
        if not isinstance(exception, DomainError):
            return None
        if isinstance(exception, NotAllowed):
            note_refusal(getattr(request, "actor", ANONYMOUS), request)
        if wants_json(request):
            return problem_response(exception)
        if (elsewhere := _open_elsewhere(request, exception)) is not None:
            return elsewhere
        if isinstance(exception, NotFound):
            return page_not_found(request, exception)
        template = "liaison/errors/fragment.html" if request.headers.get("HX-Request") else "liaison/errors/page.html"
        context = {"error": exception, "back": way_back(request)}
        return render(request, template, context, status=exception.status)


def way_back(request: HttpRequest) -> str:
    """The page above the one that was refused, by its address, which the actor's role may open: the record of an act,
    the list of a record. "" when there is none."""
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    path = request.path
    while (path := path.rstrip("/").rpartition("/")[0] + "/") != "/":
        try:
            access = getattr(resolve(path).func, "access", "")
        except Resolver404:
            continue
        if access == "public" or (not actor.is_anonymous and (access == "signed_in" or _may(actor, access))):
            return path
    return ""


def _may(actor: Actor, access: object) -> bool:
    return isinstance(access, tuple) and any(actor.can(permission) for permission in access)


def _open_elsewhere(request: HttpRequest, error: DomainError) -> HttpResponse | None:
    """The offer to switch, when the page is closed to this capacity and open to another of the same account.

    A notice or a mail is for the account, and is often opened in another capacity than the one that it concerns.
    """
    capacities: list[Actor] = getattr(request, "actor_capacities", [])
    if len(capacities) < 2 or request.method != "GET" or request.headers.get("HX-Request"):
        return None
    if not isinstance(error, NotFound | NotAllowed):
        return None
    address = request.get_full_path()
    other = capacity_for(address, actor=getattr(request, "actor", ANONYMOUS), capacities=capacities)
    if other is None:
        return None
    context = {"other": other, "address": address}
    return render(request, "liaison/errors/elsewhere.html", context, status=error.status)


def note_refusal(actor: Actor, request: HttpRequest | None) -> None:
    """Audit a 403, after the refused act was rolled back. The refusal stands even if it cannot be noted."""
    what = f"{'打开' if request.method in {'GET', 'HEAD'} else '提交'} {request.path}" if request is not None else ""
    try:
        access_deny(actor=actor, what=what)
    except DatabaseError:
        logger.exception("could not audit a refusal: %s", what)


def problem_response(error: DomainError) -> HttpResponse:
    """RFC 9457 problem details with our stable code."""
    from django.http import JsonResponse

    body = {
        "type": "about:blank",
        "title": error.code,
        "status": error.status,
        "code": error.code,
        "detail": error.message,
    }
    if error.fields:
        body["errors"] = [{"pointer": f"/{field}", "detail": message} for field, message in error.fields.items()]
    return JsonResponse(
        body, status=error.status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
    )


def wants_json(request: HttpRequest) -> bool:
    """A script asks (autosave, the API): it gets an answer it can read, not a page."""
    return "application/json" in request.headers.get("Accept", "")


def page_of(request: HttpRequest) -> str:
    """Path of the page the person is on: where to come back to."""
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return request.get_full_path()
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(page)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def send_to(request: HttpRequest, target: str) -> HttpResponse:
    """A redirect, also for HTMX (which would otherwise put the page into the fragment's place)."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": target})
    return redirect(target)
