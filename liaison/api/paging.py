"""Lists by cursor: ``{"items": […], "next": …, "cursor": …}`` with a ``Link`` header, never counted, never OFFSET."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Model
from django.http import QueryDict

from liaison.api.pointers import FieldError
from liaison.api.problems import ApiProblem
from liaison.paging import keyset_slice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.db.models import QuerySet
    from django.http import HttpRequest

M = TypeVar("M", bound=Model)

PAGE_SIZE, LARGEST_PAGE = 100, 500


def cursor_page(
    request: HttpRequest,
    queryset: QuerySet[M],
    *,
    show: Callable[[M], dict[str, Any]],
    order: Sequence[str] = ("id",),
    nullable: Sequence[str] = (),
) -> tuple[dict[str, Any], dict[str, str]]:
    """The page that ``?cursor=…&limit=…`` asks for.

    Args:
        queryset: filtered; its own ordering is replaced.
        show: one row as JSON values.
        order, nullable: as for ``liaison.paging.keyset_page``; ascending order lets a caller that has read to the
            end ask again later with the same cursor and get only what came since.

    Returns:
        The body and the headers. ``next`` is the address of the next page, or null at the end; ``cursor`` is the
        place after the last row, to go on from at any later time.

    Raises:
        ApiProblem: ``invalid_cursor``, or ``invalid_input`` for a wrong ``limit``.
    """
    cursor, size = request.GET.get("cursor", ""), _limit(request)
    found = keyset_slice(queryset, order=order, nullable=nullable, token=cursor, size=size)
    if found is None:
        raise ApiProblem("invalid_cursor")
    rows, token, more = found
    following = _address(request, token) if more else None
    body = {"items": [show(row) for row in rows], "next": following, "cursor": token or cursor or None}
    return body, {"Link": f'<{following}>; rel="next"'} if following else {}


def _limit(request: HttpRequest) -> int:
    text = request.GET.get("limit", str(PAGE_SIZE))
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 4 and 1 <= int(text) <= LARGEST_PAGE):
        detail = f"limit 须为1至{LARGEST_PAGE}的整数。"
        raise ApiProblem("invalid_input", detail, errors=[FieldError("/query/limit", "invalid", detail)])
    return int(text)


def _address(request: HttpRequest, token: str) -> str:
    query: QueryDict = request.GET.copy()
    query["cursor"] = token
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
