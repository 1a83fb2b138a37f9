"""A detective: tries every rule by which rows about deputies could be matched with ballots.

It reads every table of the database whole, with PostgreSQL's system columns, and knows of each deputy only what
the tables say. A rule is (a column of rows about deputies, a column of ballots, how to match): sorted side by side,
forwards or backwards, shifted by any number of places; or joined by equal values. Its score is how many deputies it
would find; a guess finds one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

SYSTEM = ("ctid", "xmin", "xmax", "cmin", "cmax", "tableoid")
Row = dict[str, Any]


def dump() -> dict[str, list[Row]]:
    """Every table of the database: name → rows, system columns among the others."""
    tables: dict[str, list[Row]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        for (name,) in cursor.fetchall():
            wanted = ", ".join(f"{column}::text AS {column}_" for column in SYSTEM)
            cursor.execute(f'SELECT {wanted}, t.* FROM "{name}" t')  # noqa: S608
            columns = [column[0] for column in cursor.description or ()]
            tables[name] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return tables


def sortable(value: Any) -> tuple[Any, ...]:
    """Positions in the file by number, numbers by number, everything else by text."""
    if value is None:
        return (0,)
    text = str(value)
    if found := re.fullmatch(r"\((\d+),(\d+)\)", text):
        return (1, int(found[1]), int(found[2]))
    return (1, int(text), 0) if re.fullmatch(r"-?\d+", text) else (2, text)


@dataclass(frozen=True)
class Orderings:
    """Things (deputies, ballots, receipts) as the columns of one table put them in order, and their values."""

    table: str
    columns: dict[str, list[tuple[Any, str]]]

    def orders(self) -> Iterator[tuple[str, list[str]]]:
        for column, pairs in self.columns.items():
            if len({value for value, _ in pairs}) > 1:
                yield f"{self.table}.{column}", [key for _, key in sorted(pairs, key=lambda pair: sortable(pair[0]))]


def orderings(table: str, rows: list[Row], key_of: Callable[[Row], str | None]) -> list[Orderings]:
    """What a table's columns say of the things that ``key_of`` finds in its rows, one row each: where a thing has
    several rows, once by its first and once by its last."""
    by_key: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if (key := key_of(row)) is not None:
            by_key[key].append(row)
    found = []
    picks = (0, -1) if any(len(some) > 1 for some in by_key.values()) else (0,)
    for pick in picks:
        columns: dict[str, list[tuple[Any, str]]] = defaultdict(list)
        for key, some in by_key.items():
            ordered = sorted(some, key=lambda row: sortable(row["ctid_"]))
            for column, value in ordered[pick].items():
                columns[column].append((value, key))
        found.append(Orderings(table, columns))
    return found


def of_people(tables: dict[str, list[Row]], names: set[str], *, without: set[str]) -> list[Orderings]:
    """What every table says of deputies: a row is about a deputy when it names exactly one."""

    def who(row: Row) -> str | None:
        text = " ".join(str(value) for value in row.values())
        found = {name for name in re.findall(r"区代表\d+", text) if name in names}
        return found.pop() if len(found) == 1 else None

    found = []
    for table, rows in tables.items():
        if table in without:
            continue
        # Rows of one kind each: the audit's votes apart from its sign-ins.
        kinds: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            kinds[str(row.get("action", ""))].append(row)
        for kind, some in kinds.items():
            found += [one for one in orderings(f"{table}[{kind}]" if kind else table, some, who) if one.columns]
    return found


@dataclass(frozen=True)
class Finding:
    """The best that a family of rules did.

    Args:
        found: how many deputies (of all) the rule matched rightly; a guess matches one.
        rule: in words.
    """

    found: float
    rule: str


def best_link(people: list[Orderings], things: list[Orderings], truth: dict[str, str]) -> Finding:
    """The rule that finds most.

    Args:
        truth: deputy → their ballot.
    """
    best = Finding(0, "")
    for one in people:
        for other in things:
            for finding in (*_by_order(one, other, truth), *_by_value(one, other, truth)):
                if finding.found > best.found:
                    best = finding
    return best


def _by_order(one: Orderings, other: Orderings, truth: dict[str, str]) -> Iterator[Finding]:
    for people_rule, people in one.orders():
        voters = [name for name in people if name in truth]
        for things_rule, things in other.orders():
            places = {thing: place for place, thing in enumerate(things)}
            for direction in (1, -1):
                shifts: dict[int, int] = defaultdict(int)
                for place, name in enumerate(voters[::direction]):
                    if truth[name] in places:
                        shifts[(places[truth[name]] - place) % len(things)] += 1
                if shifts:
                    shift, found = max(shifts.items(), key=lambda item: item[1])
                    yield Finding(found, f"{people_rule} ~ {things_rule} ({direction:+d}, shifted by {shift})")


def _by_value(one: Orderings, other: Orderings, truth: dict[str, str]) -> Iterator[Finding]:
    for people_column, people in one.columns.items():
        for things_column, things in other.columns.items():
            groups: dict[str, set[str]] = defaultdict(set)
            for value, thing in things:
                groups[str(value)].add(thing)
            found = 0.0
            for value, name in people:
                group = groups.get(str(value))
                if group and name in truth and truth[name] in group:
                    found += 1 / len(group)
            if found:
                yield Finding(found, f"{one.table}.{people_column} = {other.table}.{things_column}")
