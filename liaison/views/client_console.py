"""The "try it" console: a GET of the API, answered inside the portal, in the capacity of a client.

Nothing leaves the machine and no token is made. The caller stands on the request object, where no header can put
it, and everything else is as for a request from outside: scopes, limits, problem documents.
"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.urls import Resolver404, resolve

from liaison.selectors.client import caller_by_client_id

if TYPE_CHECKING:
    from django.http import HttpRequest

    from liaison.models import ApiClient

#: How much of an answer is shown.
MOST_SHOWN = 20_000
_SHOWN = ("Content-Type", "ETag", "Link", "RateLimit-Policy", "RateLimit", "Retry-After", "Allow")


def ask_as(request: HttpRequest, client: ApiClient, address: str) -> dict[str, Any]:
    """Status, headers and body of ``GET address`` for this client."""
    inner = _request(request, address)
    inner.console_caller = caller_by_client_id(client.application.client_id)  # type: ignore[attr-defined]
    try:
        match = resolve(inner.path_info)
    except Resolver404:  # the form admits addresses of the API only, and those all resolve
        return {"status": 404, "headers": [], "body": ""}
    response = match.func(inner, *match.args, **match.kwargs)
    text = response.content.decode(errors="replace") if isinstance(response, HttpResponse) else ""
    return {
        "status": response.status_code,
        "headers": [(name, response[name]) for name in _SHOWN if name in response],
        "body": _pretty(text)[:MOST_SHOWN],
        "cut": len(text) > MOST_SHOWN,
    }


def _request(outer: HttpRequest, address: str) -> WSGIRequest:
    parts = urlsplit(address)
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": unquote(parts.path).encode().decode("latin-1"),
        "QUERY_STRING": parts.query,
        "HTTP_ACCEPT": "application/json",
        "HTTP_HOST": outer.get_host(),
        "REMOTE_ADDR": outer.META.get("REMOTE_ADDR", ""),
        "SERVER_NAME": "console",
        "SERVER_PORT": outer.get_port(),
        "wsgi.url_scheme": outer.scheme,
        "wsgi.input": io.BytesIO(),
    }
    inner = WSGIRequest(environ)
    inner.request_id = getattr(outer, "request_id", "")  # type: ignore[attr-defined]
    return inner


def _pretty(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except ValueError:
        return text
