"""``request.actor``: who acts in this request, made once, for every view, service and selector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.actor import ANONYMOUS, Actor
from liaison.network import client_ip
from liaison.selectors.actors import at_address, capacities_of, choose_capacity, without_posting

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from liaison.models import User

#: Where the session keeps the chosen capacity (``Actor.key``).
CAPACITY_SESSION_KEY = "capacity"


class ActorMiddleware:
    """Sets ``request.actor`` and ``request.actor_capacities``.

    An account without posting or mandate gets an actor that may do nothing but manage its own account.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        capacities: list[Actor] = []
        actor = ANONYMOUS
        if request.user.is_authenticated:
            capacities = capacities_of(request.user)
            chosen = choose_capacity(capacities, request.session.get(CAPACITY_SESSION_KEY))
            actor = chosen or without_posting(request.user)
        request.actor_capacities = capacities  # type: ignore[attr-defined]
        request.actor = _at(request, actor)  # type: ignore[attr-defined]
        return self.get_response(request)


def actor_at_request(request: HttpRequest, user: User | None = None) -> Actor:
    """The actor of a request outside a view; with a user, that account's chosen or first capacity.

    Args:
        user: whom the request has become, or was until now (sign-in, sign-out), when that differs from
            the actor it began with.
    """
    if user is None:
        actor: Actor | None = getattr(request, "actor", None)
        if actor is not None:
            return actor
        if not request.user.is_authenticated:
            return _at(request, ANONYMOUS)
        user = request.user
    chosen = choose_capacity(capacities_of(user), request.session.get(CAPACITY_SESSION_KEY))
    return _at(request, chosen or without_posting(user))


def _at(request: HttpRequest, actor: Actor) -> Actor:
    return at_address(actor, ip=client_ip(request), request_id=getattr(request, "request_id", ""))
