"""Counting for tabs: several lists in one query, none of them counted to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

MOST = 1000


def capped_counts(lists: Mapping[str, QuerySet[Any]], *, most: int = MOST) -> dict[str, int]:
    """How many rows each list has, counted up to ``most``, in one query.

    Args:
        lists: name → queryset; orderings and related names are left out of the count.
        most: where counting stops, so that a long list costs no more than a short one.
    """
    counts = dict.fromkeys(lists, 0)
    names: list[str] = []
    selects: list[str] = []
    params: list[Any] = []
    for name, rows in lists.items():
        try:
            sql, sql_params = rows.order_by().values("pk")[:most].query.sql_with_params()
        except EmptyResultSet:
            continue
        names.append(name)
        selects.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608  (the ORM's own SQL, with its parameters)
        params.extend(sql_params)
    if names:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(selects)}", params)
            counts |= dict(zip(names, cursor.fetchone(), strict=True))
    return counts


def count_text(count: int, *, most: int = MOST) -> str:
    """A capped count as a tab shows it: 999+ where counting stopped."""
    return f"{most - 1}+" if count >= most else str(count)
