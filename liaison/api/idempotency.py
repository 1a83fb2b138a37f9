"""``Idempotency-Key``: a write that is sent again is not done again; it gets the answer of the first time.

The answer is kept in the transaction of the write. A portal killed before the commit has done nothing, so the
same request does it; killed after the commit it has kept the answer, so the same request gets it. What was
refused changed nothing and is not kept: the same request is looked at anew.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from django.db import transaction
from django.http import HttpResponse

from liaison.api.problems import ApiProblem
from liaison.services.idempotency import idempotency_begin, idempotency_keep

if TYPE_CHECKING:
    from collections.abc import Callable

    from rest_framework.request import Request

    from liaison.actor import Actor

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
#: Headers of an answer that are kept with it.
_KEPT = ("ETag", "Location", "Link", "Content-Type")


def run_once(request: Request, *, actor: Actor, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Do a write, or give the answer it got before (with ``Idempotency-Replayed: true``).

    Args:
        act: calls the handler and returns its whole answer.

    Raises:
        ApiProblem: ``invalid_idempotency_key``.
        IdempotencyInFlight, IdempotencyKeyReused: see ``liaison.services.idempotency``.
    """
    key = request.headers["Idempotency-Key"]
    if not _KEY.fullmatch(key):
        raise ApiProblem("invalid_idempotency_key")
    fingerprint = _fingerprint(request)
    with transaction.atomic():
        known = idempotency_begin(actor=actor, key=key, fingerprint=fingerprint)
        if known is not None:
            response = HttpResponse(known.body.encode(), status=known.status)
            for name, value in known.headers.items():
                response[name] = value
            response["Idempotency-Replayed"] = "true"
            return response
        response = act()
        idempotency_keep(
            actor=actor,
            key=key,
            fingerprint=fingerprint,
            status=response.status_code,
            headers={name: response[name] for name in _KEPT if name in response},
            body=response.content.decode(),
        )
    return response


def _fingerprint(request: Request) -> str:
    """What makes two requests the same: method, address and body."""
    digest = hashlib.sha256(f"{request.method}\n{request.get_full_path()}\n".encode())
    if str(request.content_type).startswith("multipart/form-data"):
        # The boundary differs from one sending to the next; what is in the form does not.
        request.data  # noqa: B018  (reads the form)
        for name in sorted(request.POST):
            digest.update(f"{name}={request.POST.getlist(name)!r}\n".encode())
        for name in sorted(request.FILES):
            for file in request.FILES.getlist(name):
                digest.update(f"{name}={file.name!r},{file.size}\n".encode())
                for chunk in file.chunks():
                    digest.update(chunk)
                file.seek(0)
    else:
        digest.update(request._request.body)
    return digest.hexdigest()
