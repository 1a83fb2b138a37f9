"""Queries that every request asks in the same words: Django writes their SQL once a process, not once a request.

Writing the SQL of a query with two joins costs Django several times what the database needs to answer it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

#: Stands for the value while the SQL is written; no row has such an id.
_MARK = -4_601_779_003


class FixedQuery:
    """A query of plain values with one number in it that changes.

    Args:
        make: the query for a number, ending in ``values_list``; nothing else in it may change (no "now", no actor).
    """

    def __init__(self, make: Callable[[int], QuerySet[Any, Any]]) -> None:
        self._make = make
        self._written: tuple[str, tuple[Any, ...]] | None = None

    def __call__(self, number: int) -> list[tuple[Any, ...]]:
        """The rows for this number."""
        sql, values = self._written or self._write()
        with connection.cursor() as cursor:
            cursor.execute(sql, [number if value == _MARK else value for value in values])
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def _write(self) -> tuple[str, tuple[Any, ...]]:
        sql, values = self._make(_MARK).query.sql_with_params()
        if values.count(_MARK) != 1:
            raise LookupError("a fixed query has one number that changes")
        self._written = sql, values
        return self._written
