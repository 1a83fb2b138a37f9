"""Every route × everybody in the cast → the answer (house style, rules 12, 16 and 22).

A new route needs one entry in ``tests/access/<package>.py``; without it the completeness test fails:

    "suggestions:detail": {
        "args": lambda world: {"public_id": world.suggestion.public_id},   # for reverse(); left out when it takes none
        "query": lambda world: {"congress": "…"},   # for the query string; left out when it needs none
        "method": "post",      # "get" when left out: a GET must write nothing but the session's bookkeeping
        "data": {"reason": "…"},   # what is sent with a POST; nothing when left out
        "deputy": 200,         # the answer for one role …
        **each(200, *OFFICE),  # … for several …
        "others": 404,         # … and for all that are not named; "anonymous" is 302 (to the sign-in page) unless named
    },

What a route is about stands in ``tests/access/world.py``. Roles and groups of them: ``tests/access/__init__.py``.
Not visible is 404, visible but not allowed is 403. Whoever is refused the page is refused the POST too; that is
tried for every route, by some, without being written down.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections, connection, transaction
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access import (
    ROLES,
    Row,
    activities,
    api,
    campaigns,
    contacts,
    deputies,
    duty,
    hotline,
    kernel,
    open_stations,
    opinions,
    reports,
    stations,
    suggestions,
    votes_programme,
    votes_project,
    votes_round,
    votes_summary,
)
from tests.access.world import World
from tests.cast import Cast

PARTS = {
    "kernel": kernel.MATRIX,
    "api": api.MATRIX,
    "hotline": hotline.MATRIX,
    "deputies": deputies.MATRIX,
    "open_stations": open_stations.MATRIX,
    "stations": stations.MATRIX,
    "activities": activities.MATRIX,
    "campaigns": campaigns.MATRIX,
    "reports": reports.MATRIX,
    "contacts": contacts.MATRIX,
    "duty": duty.MATRIX,
    "opinions": opinions.MATRIX,
    "suggestions": suggestions.MATRIX,
    "votes_programme": votes_programme.MATRIX,
    "votes_round": votes_round.MATRIX,
    "votes_project": votes_project.MATRIX,
    "votes_summary": votes_summary.MATRIX,
}
MATRIX: dict[str, Row] = {name: row for part in PARTS.values() for name, row in part.items()}

#: Tables that reading a page may touch: when the session was last seen; that somebody was refused.
BOOKKEEPING = {"django_session", "usersessions_usersession", "liaison_auditentry"}
WRITE = re.compile(r'^\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)"?', re.IGNORECASE)
REFUSALS = {403, 404}
#: So many roles of each kind of refusal also try the POST.
PROBES = 3


@pytest.fixture
def world(cast: Cast) -> World:
    for role in ROLES:
        cast.client(role)
    return World(cast)


def routes(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    """Every route of the portal with its full name."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield ":".join((*namespaces, entry.name or f"<no name: {entry.pattern}>")), entry
        else:
            yield from routes(entry, (*namespaces, entry.namespace) if entry.namespace else namespaces)


def address(world: World, name: str, row: Row) -> str:
    args, query = row.get("args"), row.get("query")
    return reverse(name, kwargs=args(world) if args else None, query=query(world) if query else None)


def expected(row: Row, role: str) -> int:
    if role in row:
        return int(row[role])
    return 302 if role == "anonymous" else int(row["others"])


def ask(world: World, role: str, method: str, url: str, data: Any = None) -> tuple[int, set[str]]:
    """Status and tables written, with everything taken back afterwards."""
    written: set[str] = set()

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if found := WRITE.match(sql):
            written.add(found[1])
        return execute(sql, params, many, context)

    client = world.client(role)
    with transaction.atomic():
        with connection.execute_wrapper(note):
            response = getattr(client, method)(url, data or {})
            if response.streaming:
                _finish(response)
        transaction.set_rollback(True)
    return response.status_code, written


def _finish(response: HttpResponseBase) -> None:
    """Read a file to its end and close it, but not the test's connection with it."""
    list(response)
    request_finished.disconnect(close_old_connections)
    response.close()
    request_finished.connect(close_old_connections)


def faults(world: World, name: str, row: Row) -> dict[str, str]:
    """What is not as the matrix says, by role."""
    url, method = address(world, name, row), row.get("method", "get")
    found: dict[str, str] = {}
    probed: Counter[int] = Counter()
    for role in ROLES:
        wanted = expected(row, role)
        status, written = ask(world, role, method, url, row.get("data"))
        if status != wanted:
            found[role] = f"{method} gave {status}, the matrix says {wanted}"
        elif method == "get" and written - BOOKKEEPING:
            found[role] = f"get wrote to {written - BOOKKEEPING}"
        elif method == "get" and wanted in REFUSALS and probed[wanted] < PROBES:
            probed[wanted] += 1
            if ask(world, role, "post", url)[0] not in {405, wanted}:
                found[role] = f"get is refused with {wanted}, but post is not"
    if method == "post":
        found |= {
            f"{role} (get)": "a route for POST answered a GET"
            for role in ("insider", "deputy")
            if ask(world, role, "get", url)[0] not in {405, *REFUSALS}
        }
    return found


def test_every_route_stands_in_the_matrix_and_nothing_else() -> None:
    named = {name for name, _ in routes(get_resolver())}
    assert named - set(MATRIX) == set(), "routes without an entry in tests/access/"
    assert set(MATRIX) - named == set(), "entries without a route"


def test_no_entry_stands_twice() -> None:
    assert sum(len(part) for part in PARTS.values()) == len(MATRIX)


def test_the_entries_name_only_roles_of_the_cast() -> None:
    known = {*ROLES, "args", "query", "method", "data", "others"}
    assert {name: set(row) - known for name, row in MATRIX.items() if set(row) - known} == {}


def _chunks() -> Iterator[Any]:
    """A dozen routes a test, so that several processes share the work."""
    for part, rows in PARTS.items():
        names = list(rows)
        for start in range(0, len(names), 12):
            yield pytest.param(names[start : start + 12], id=f"{part}-{start // 12 + 1}")


@pytest.mark.parametrize("names", list(_chunks()))
def test_everybody_gets_their_answer(world: World, names: list[str]) -> None:
    wrong = {name: found for name in names if (found := faults(world, name, MATRIX[name]))}
    assert not wrong, "\n" + "\n".join(
        f"{name}: {role}: {fault}" for name, found in wrong.items() for role, fault in found.items()
    )
