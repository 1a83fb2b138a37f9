"""Queries that every request asks in the same words: Django writes their SQL once a process, not once a request.

Writing the SQL of a query with two joins costs Django several times what the database needs to answer it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.db.models import Model, QuerySet

M = TypeVar("M", bound="Model")

#: Stands for the value while the SQL is written; no row has such an id.
_NUMBER = -4_601_779_003
#: The same for a query by public id.
PUBLIC_ID = UUID("00000000-4601-8779-8003-000000000000")


class FixedQuery:
    """A query of plain values with one value in it that changes.

    Args:
        make: the query for a value, ending in ``values_list``; nothing else in it may change (no "now", no actor).
        mark: stands for the value while the SQL is written: something no row has (``PUBLIC_ID`` for a public id, a
            text for a text).
    """

    def __init__(self, make: Callable[[Any], QuerySet[Any, Any]], *, mark: int | str | UUID = _NUMBER) -> None:
        self._make = make
        self._mark = mark
        self._written: tuple[str, tuple[Any, ...]] | None = None

    def __call__(self, wanted: int | str | UUID) -> list[tuple[Any, ...]]:
        """The rows for this value."""
        sql, values = self._written or self._write()
        with connection.cursor() as cursor:
            cursor.execute(sql, [wanted if value == self._mark else value for value in values])
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def _write(self) -> tuple[str, tuple[Any, ...]]:
        sql, values = self._make(self._mark).query.sql_with_params()
        if values.count(self._mark) != 1:
            raise LookupError("a fixed query has one value that changes")
        self._written = sql, values
        return self._written


def partly(model: type[M], names: Sequence[str], values: Sequence[Any]) -> M:
    """An object of which some fields were read, by their columns' names; the others are read when asked for."""
    given = dict(zip(names, values, strict=True))
    in_order = [one.attname for one in model._meta.concrete_fields if one.attname in given]
    return model.from_db(DEFAULT_DB_ALIAS, in_order, [given[name] for name in in_order])
