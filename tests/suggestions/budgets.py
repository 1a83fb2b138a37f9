"""Query budgets: the same number of queries whatever the number of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.test.utils import CaptureQueriesContext

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client


def statements(act: Callable[[], object]) -> list[str]:
    """What an act asks the database, savepoints left out."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return [
        query["sql"] for query in captured.captured_queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))
    ]


def queries(client: Client, url: str) -> list[str]:
    """The statements that a page takes once caches (content types) are warm."""
    assert client.get(url).status_code == 200, url
    return statements(lambda: client.get(url))


def once(asked: list[str]) -> None:
    """No statement is made twice."""
    twice = {sql for sql in asked if asked.count(sql) > 1}
    assert not twice, twice
