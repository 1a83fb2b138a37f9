"""``ETag``, ``If-Match`` and ``If-None-Match``: a change is made to what the caller has seen, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.api.problems import ApiProblem

if TYPE_CHECKING:
    from django.http import HttpRequest


def etag_of(version: int | str) -> str:
    """The strong ETag of a record's version."""
    return f'"{version}"'


def require_match(request: HttpRequest, etag: str) -> None:
    """Call it with the locked record's ETag before changing it.

    Raises:
        ApiProblem: ``precondition_required`` (428) without ``If-Match``; ``precondition_failed`` (412) when it
            names another version. The answer carries the present ETag.
    """
    wanted = request.headers.get("If-Match", "")
    if not wanted:
        raise ApiProblem("precondition_required", headers={"ETag": etag})
    if wanted.strip() != "*" and etag not in _tags(wanted):
        raise ApiProblem("precondition_failed", headers={"ETag": etag})


def is_unchanged(request: HttpRequest, etag: str) -> bool:
    """Whether the caller of a GET has this version already (answer 304)."""
    wanted = request.headers.get("If-None-Match", "")
    return wanted.strip() == "*" or etag in [tag.removeprefix("W/") for tag in _tags(wanted)]


def _tags(header: str) -> list[str]:
    return [tag.strip() for tag in header.split(",") if tag.strip()]
