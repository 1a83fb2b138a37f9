"""Keyset pages: a list is read from a place, never by a deep OFFSET, and never counted to be drawn."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.http import QueryDict

M = TypeVar("M", bound=Model)

#: Names in the address: the row after which, or before which, the page stands.
AFTER, BEFORE = "after", "before"
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class KeysetPage(Generic[M]):
    """One page of a list, with the addresses of its neighbours ("" at either end)."""

    items: list[M]
    previous_url: str = ""
    next_url: str = ""
    note: str = ""


def keyset_page(
    queryset: QuerySet[M],
    *,
    params: QueryDict | Mapping[str, str],
    path: str,
    order: Sequence[str] = ("-id",),
    nullable: Sequence[str] = (),
    size: int = PAGE_SIZE,
) -> KeysetPage[M]:
    """Read the page that the address asks for.

    Args:
        queryset: the filtered list; its own ordering is replaced.
        params: the query string, of which everything but the place is carried along.
        path: address of the list.
        order: field names as for ``order_by``; the last one must be unique. An index that begins
            with the filter and goes on with these fields makes each page cost the same.
        nullable: names in ``order`` that may be NULL; such rows come last.
        size: rows on a page.

    A place that cannot be read (an old or altered link) gives the first page.
    """
    keys = _keys(order, nullable)
    after, before = params.get(AFTER, ""), params.get(BEFORE, "")
    backwards = bool(before) and not after
    rows = _read(queryset, keys, after or before, backwards=backwards, size=size)
    if rows is None or (backwards and len(rows) <= size):
        # The first page, full, also when one came back to it from below.
        after = before = ""
        backwards = False
        rows = _read(queryset, keys, "", backwards=False, size=size) or []
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_previous, has_next = (more, True) if backwards else (bool(after), more)
    return KeysetPage(
        items=rows,
        previous_url=_url(path, params, BEFORE, _token(keys, rows[0])) if rows and has_previous else "",
        next_url=_url(path, params, AFTER, _token(keys, rows[-1])) if rows and has_next else "",
        note=f"每页{size}条",
    )


def keyset_slice(
    queryset: QuerySet[M], *, order: Sequence[str], nullable: Sequence[str] = (), token: str = "", size: int = PAGE_SIZE
) -> tuple[list[M], str, bool] | None:
    """The rows beyond a place, for a reader that goes forward only (the API).

    Args:
        queryset, order, nullable, size: as for ``keyset_page``.
        token: the place, "" for the beginning.

    Returns:
        The rows, the place after the last of them ("" when there is none), and whether there are more;
        None for a place that cannot be read.
    """
    keys = _keys(order, nullable)
    queryset = queryset.order_by(*(key.order(backwards=False) for key in keys))
    if token:
        values = _values(token, keys)
        if values is None:
            return None
        try:
            queryset = queryset.filter(_beyond(keys, values, backwards=False))
        except (ValueError, TypeError, ValidationError):
            return None
    rows = list(queryset[: size + 1])
    return rows[:size], _token(keys, rows[:size][-1]) if rows else "", len(rows) > size


def _keys(order: Sequence[str], nullable: Sequence[str]) -> list[_Key]:
    return [_Key(name.lstrip("-"), name.startswith("-"), name.lstrip("-") in nullable) for name in order]


@dataclass(frozen=True, slots=True)
class _Key:
    name: str
    descending: bool
    nullable: bool

    def order(self, *, backwards: bool) -> OrderBy:
        descending = self.descending != backwards
        # NULLs last on the way down are first on the way up. Plain columns say nothing of NULLs,
        # or the index would not serve them.
        nulls: dict[str, bool] = {}
        if self.nullable:
            nulls = {"nulls_first": True} if backwards else {"nulls_last": True}
        return F(self.name).desc(**nulls) if descending else F(self.name).asc(**nulls)

    def beyond(self, value: Any, *, backwards: bool) -> Q:
        """Rows whose value of this key stands further on than ``value``."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if backwards else Q(pk__in=[])
        comparison = "lt" if self.descending != backwards else "gt"
        found = Q(**{f"{self.name}__{comparison}": value})
        if self.nullable and not backwards:
            found |= Q(**{f"{self.name}__isnull": True})
        return found

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})


def _read(queryset: QuerySet[M], keys: list[_Key], token: str, *, backwards: bool, size: int) -> list[M] | None:
    """The rows beyond a place, one more than fit; None when the place cannot be read."""
    queryset = queryset.order_by(*(key.order(backwards=backwards) for key in keys))
    if token:
        values = _values(token, keys)
        if values is None:
            return None
        try:
            queryset = queryset.filter(_beyond(keys, values, backwards=backwards))
        except (ValueError, TypeError, ValidationError):
            return None
    rows = list(queryset[: size + 1])
    return rows if rows or not token else None


def _beyond(keys: list[_Key], values: list[Any], *, backwards: bool) -> Q:
    """(a, b) further on than (x, y): a beyond x, or a = x and b beyond y.

    PostgreSQL enters an index only by a condition that stands by itself, not by one arm of an OR; so where
    the first key cannot be NULL, that it does not come before x is said once more.
    """
    found, same = Q(pk__in=[]), Q()
    for key, value in zip(keys, values, strict=True):
        found |= same & key.beyond(value, backwards=backwards)
        same &= key.same(value)
    first = keys[0]
    if len(keys) == 1 or first.nullable:
        return found
    return found & Q(**{f"{first.name}__{'lte' if first.descending != backwards else 'gte'}": values[0]})


def _token(keys: list[_Key], row: Model) -> str:
    values = [getattr(row, key.name) for key in keys]
    texts = [value.isoformat() if isinstance(value, dt.date) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(texts).encode()).decode().rstrip("=")


def is_storable(text: str) -> bool:
    """Whether PostgreSQL can be asked for this text at all: no NUL, no half of a surrogate pair."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def _values(token: str, keys: list[_Key]) -> list[Any] | None:
    try:
        values = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (binascii.Error, ValueError):
        return None
    if not isinstance(values, list) or len(values) != len(keys):
        return None
    if any(
        not isinstance(value, int | str | None) or (isinstance(value, str) and not is_storable(value))
        for value in values
    ):
        return None
    if any(value is None and not key.nullable for key, value in zip(keys, values, strict=True)):
        return None
    return values


def _url(path: str, params: QueryDict | Mapping[str, str], name: str, token: str) -> str:
    query = params.copy() if isinstance(params, QueryDict) else QueryDict(mutable=True)
    if not isinstance(params, QueryDict):
        query.update(dict(params))
    query.pop(AFTER, None)
    query.pop(BEFORE, None)
    query[name] = token
    return f"{path}?{query.urlencode()}"
