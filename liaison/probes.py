"""The two addresses that machines ask: answered before everything else.

A container engine asks by the container's own address, over plain http and without a session, so host check,
redirect to https and session must not stand before the answer; and /healthz must not need the database.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from liaison.views.health import healthz, readyz

PROBES: dict[str, Callable[[HttpRequest], HttpResponseBase]] = {"/healthz": healthz, "/readyz": readyz}


class ProbeMiddleware:
    """Answer /healthz and /readyz at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return PROBES.get(request.path_info, self.get_response)(request)
