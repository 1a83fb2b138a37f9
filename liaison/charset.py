"""The portal speaks UTF-8 only: a request in another character set is refused before Django reads it.

Django takes the name in ``Content-Type`` for a decoder while it makes the request, before any middleware; a name
such as ``rot13`` would end there in an error of ours.
"""

from __future__ import annotations

import codecs
import json
from email.message import Message
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

REFUSAL = "只接受 UTF-8 编码的请求，没有做任何改动。\n"
#: The same for a program; written out, for the table of codes cannot be asked before Django has the request.
_PROBLEM = {
    "type": "/api/v1/docs/#problem-not_utf8",
    "title": "不是UTF-8",
    "status": 400,
    "code": "not_utf8",
    "detail": REFUSAL.strip(),
}


def utf8_only(application: WSGIApplication) -> WSGIApplication:
    """The application, answering 400 to ``Content-Type: …; charset=`` anything but UTF-8."""

    def guarded(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if is_utf8(environ.get("CONTENT_TYPE", "")):
            return application(environ, start_response)
        kind, text = ("text/plain; charset=utf-8", REFUSAL)
        if environ.get("PATH_INFO", "").startswith("/api/"):
            kind, text = ("application/problem+json", json.dumps(_PROBLEM, ensure_ascii=False))
        start_response("400 Bad Request", [("Content-Type", kind)])
        return [text.encode()]

    return guarded


def is_utf8(content_type: str) -> bool:
    """Whether a ``Content-Type`` names UTF-8, or no character set at all."""
    header = Message()
    header["Content-Type"] = content_type
    charset = header.get_param("charset", "utf-8")
    try:
        return codecs.lookup(str(charset)).name == "utf-8"
    except (LookupError, ValueError):
        return False
