"""A small load generator: some threads, each with its own connection, for a while."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True)
class Request:
    """One POST (``form`` given), PUT of JSON (``put`` given) or GET, and the status it must get; ``headers`` besides
    those of all."""

    path: str
    form: dict[str, str] | None = None
    put: bytes | None = None
    expect: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def requests_per_second(
    url: str, make: Callable[[int], Request], *, headers: dict[str, str], seconds: float, threads: int = 4
) -> float:
    """How many requests a second the server answers.

    Args:
        make: the nth request of all (called in the worker threads).
        seconds: how long to measure, after a warm-up of a fifth of it.

    Raises:
        RuntimeError: an answer with another status than expected.
    """
    counter = iter(range(10**9))
    lock = threading.Lock()
    done: list[float] = []
    errors: list[str] = []
    start = time.monotonic()
    warm, end = start + seconds / 5, start + seconds * 6 / 5

    def work() -> None:
        address = urlsplit(url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
        while time.monotonic() < end and not errors:
            with lock:
                number = next(counter)
            request = make(number)
            method, body, kind = _content(request)
            sent = headers | request.headers | ({"Content-Type": kind} if kind else {})
            connection.request(method, request.path, body=body, headers=sent)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != request.expect:
                errors.append(f"{request.path}: {answer.status} {text[:500]!r}")
            done.append(time.monotonic())
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if errors:
        raise RuntimeError(errors[0])
    return sum(1 for moment in done if warm <= moment <= end) / seconds


def _content(request: Request) -> tuple[str, bytes | None, str]:
    """Method, body and content type."""
    if request.put is not None:
        return "PUT", request.put, "application/json"
    if request.form is not None:
        return "POST", urlencode(request.form).encode(), "application/x-www-form-urlencoded"
    return "GET", None, ""


def sign_in_headers(url: str, username: str) -> dict[str, str]:
    """Cookie and CSRF headers of a signed-in browser; the session row is made directly, signing in is not measured."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from liaison.models import User

    user = User.objects.get(username=username)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    visitor = visitor_headers(url)
    return visitor | {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {visitor['Cookie']}"}


def visitor_headers(url: str) -> dict[str, str]:
    """Cookie and CSRF headers of a browser that is not signed in."""
    from django.conf import settings
    from django.middleware.csrf import _get_new_csrf_string  # type: ignore[attr-defined]

    secret = _get_new_csrf_string()
    return {"Cookie": f"{settings.CSRF_COOKIE_NAME}={secret}", "X-CSRFToken": secret, "Referer": url}
