"""A web process that kills itself at a place of the test's choice, named by a header of the request."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

HEADER = "X-Test-Die"
#: After the commit, before a byte of the answer is sent.
UNANSWERED = "unanswered"
#: When the last row of the transaction is to be written.
UNCOMMITTED = "uncommitted"


class DieMiddleware:
    """The outermost middleware: what it gets back is committed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        place = request.headers.get(HEADER)
        if place == UNCOMMITTED:
            with connection.execute_wrapper(_die_at_the_kept_answer):
                return self.get_response(request)
        response = self.get_response(request)
        if place == UNANSWERED:
            _die()
        return response


def _die_at_the_kept_answer(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    if sql.startswith('INSERT INTO "liaison_idempotencyrecord"'):
        _die()
    return execute(sql, params, many, context)


def _die() -> None:
    """SIGKILL to the server and its worker: the group that the test started."""
    os.killpg(0, signal.SIGKILL)
