"""Rows of several tables in one statement: an object, its history, its audit, its clock.

One act leaves five or six rows. Written one by one, each costs a journey to the database, and a lock that the first
takes (a running number) keeps everybody else waiting until the last. Together they are one journey, and all or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.sql import InsertQuery

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Field, Model


@dataclass(frozen=True, slots=True)
class Of:
    """A value of a row written further up by the same statement: its key, or a field that was ``found`` there."""

    new: Model
    name: str = "pk"


@dataclass(frozen=True, slots=True)
class Made:
    """A value that ``First`` makes: SQL over the columns that it returns. Nothing typed goes in here."""

    sql: str


@dataclass(frozen=True, slots=True)
class Row:
    """A new object to be written.

    Args:
        found: field → where the statement finds what is not known before; set on the object afterwards.
    """

    new: Model
    found: Mapping[str, Of | Made] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class First:
    """What the statement does before the rows: an INSERT or UPDATE that returns one row, with ``%s`` for its values."""

    sql: str
    values: Sequence[Any] = ()


def insert_together(*rows: Row, first: First | None = None) -> None:
    """Write all rows or none. Keys and found values are set on the objects.

    No ``save()`` is called and no signal sent, as in ``bulk_create``. Outside a transaction it is one by itself.

    Raises:
        IntegrityError: a constraint is broken, and nothing was written.
    """
    parts: list[str] = []
    values: list[Any] = []
    if first is not None:
        parts.append(f"first AS ({first.sql})")
        values += first.values
    tables: dict[int, str] = {}
    asked: list[tuple[Model, Field[Any, Any], str]] = []
    database = connections[DEFAULT_DB_ALIAS]
    for row in rows:
        sql, its_values = _insert(row, tables, database)
        table = f"r{len(tables)}"
        tables[id(row.new)] = table
        parts.append(f"{table} AS ({sql})")
        values += its_values
        asked += [(row.new, one, table) for one in _returned(row)]
    wanted = ", ".join(f'{table}."{one.column}"' for _, one, table in asked)
    statement = f"WITH {', '.join(parts)} SELECT {wanted} FROM {', '.join(tables.values())}"  # noqa: S608
    with database.cursor() as cursor:
        cursor.execute(statement, values)
        answer = cursor.fetchone()
    for (new, one, _), value in zip(asked, answer, strict=True):
        setattr(new, one.attname, value)
    for row in rows:
        row.new._state.adding, row.new._state.db = False, DEFAULT_DB_ALIAS


def _insert(row: Row, tables: Mapping[int, str], database: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
    """One INSERT, reading what it needs from those before it."""
    new = row.new
    found = {_field(new, name).attname: value for name, value in row.found.items()}
    columns: list[str] = []
    given: list[str] = []
    values: list[Any] = []
    origins: set[str] = set()
    for one, name, column in _columns(type(new)):
        if name in found:
            source = found[name]
            origin = "first" if isinstance(source, Made) else tables[id(source.new)]
            sql = source.sql if isinstance(source, Made) else f'{origin}."{_field(source.new, source.name).column}"'
            origins.add(origin)
        else:
            value = one.pre_save(new, add=True)
            if value is None:  # what is left out is NULL: no column has another default in the database
                continue
            sql, its_values = _given(one, value, database)
            values += its_values
        columns.append(column)
        given.append(sql)
    table = database.ops.quote_name(new._meta.db_table)
    origin = f" FROM {', '.join(sorted(origins))}" if origins else ""
    back = ", ".join(f'"{one.column}"' for one in _returned(row))
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(given)}{origin} RETURNING {back}", values


@cache
def _columns(model: type[Model]) -> list[tuple[Field[Any, Any], str, str]]:
    return [(one, one.attname, f'"{one.column}"') for one in model._meta.concrete_fields]


def _given(one: Field[Any, Any], value: Any, database: BaseDatabaseWrapper) -> tuple[str, Sequence[Any]]:
    """A value as it stands in the statement, and what stands beside it."""
    if hasattr(value, "resolve_expression") or hasattr(one, "get_placeholder"):
        compiler: Any = InsertQuery(one.model).get_compiler(connection=database)
        sql: tuple[str, Sequence[Any]] = compiler.field_as_sql(
            one, getattr(one, "get_placeholder", None), compiler.prepare_value(one, value)
        )
        return sql
    value = one.get_db_prep_save(value, connection=database)
    return (plain, ()) if (plain := _plain(value)) else ("%s", (value,))


def _plain(value: Any) -> str:
    """A number, a truth or an empty text as it stands in SQL; "" for what goes beside the statement.

    Each value beside the statement costs the driver more than one inside.
    """
    if type(value) is int:
        return str(value)
    if type(value) is bool:
        return "true" if value else "false"
    return "''" if value == "" else ""


def _returned(row: Row) -> list[Field[Any, Any]]:
    return [_field(row.new, name) for name in ("pk", *row.found)]


def _field(new: Model, name: str) -> Field[Any, Any]:
    found: Any = new._meta.pk if name == "pk" else new._meta.get_field(name)
    return found  # type: ignore[no-any-return]
