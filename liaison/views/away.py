"""What a person gets when something broke: a plain page, 503 while the database is away, else 500.

It is `handler500`, not a middleware, because the database is first asked in a middleware (session, user):
Django turns an exception there into a response before an outer middleware could see it.
"""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

RETRY_AFTER = 30  # seconds


def is_database_away(error: BaseException | None) -> bool:
    """True when the error says that the server cannot be reached (not a deadlock or a timeout of a query)."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    sqlstate = getattr(error.__cause__, "sqlstate", None)
    # None: never connected, or cut off. 08: connection. 53300: too many clients. 57P0x: shutting down, starting up.
    return sqlstate is None or sqlstate.startswith(("08", "57P0")) or sqlstate == "53300"


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for an exception nobody handled. Asks neither database nor session."""
    away = is_database_away(sys.exc_info()[1])
    status = 503 if away else 500
    if _wants_json(request):
        detail = "数据库暂时无法连接，请稍后再试。" if away else "系统出错，已记录。"
        response: HttpResponse = JsonResponse(
            {
                "type": "about:blank",
                "title": "Service Unavailable" if away else "Internal Server Error",
                "status": status,
                "detail": detail,
                "code": "database_away" if away else "server_error",
            },
            status=status,
            content_type="application/problem+json",
        )
    else:
        page = render_to_string(f"{status}.html", {"site_name": settings.SITE_NAME})
        response = HttpResponse(page, status=status)
    if away:
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def _wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or request.get_preferred_type(["text/html", "application/json"]) == (
        "application/json"
    )
