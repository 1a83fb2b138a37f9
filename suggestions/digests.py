"""Digests over what both sides hold (对账摘要): the ONE place that says what is hashed. docs/api.md tells it to others.

A record's digest is SHA-256 over its canonical JSON: names sorted, no blanks, characters as they are, UTF-8, times
in UTC with six digits. A group's digest is SHA-256 over its sorted lines ``number:digest`` and a line feed each.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import CharField, F, Func, TextField, Value
from django.db.models.functions import Cast, Collate, Concat

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models.expressions import Combinable

#: What the digest of an order is made of, by its name in the JSON → our column.
ORDER_NAMES = {
    "kind": "kind",
    "channel": "channel",
    "person_name": "person_name",
    "person_phone": "person_phone",
    "place": "place",
    "class_code": "class_code",
    "class_path": "class_path",
    "title": "title",
    "text": "text",
    "accepted_at": "accepted_at",
    "unit": "unit_name",
    "sign_by": "sign_by",
    "due_at": "due_at",
    "state": "state",
    "result": "result",
}
#: The same for a report. Sorted: the expression for the database is built in this order.
REPORT_NAMES = {
    "hotline_no": "hotline_no",
    "id": "public_id",
    "result": "result",
    "status": "status",
    "unit": "unit_name",
}


def canonical_digest(told: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of an object."""
    plain = {name: _moment(one) if isinstance(one, dt.datetime) else one for name, one in told.items()}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def order_digest(row: Mapping[str, Any], *, region_code: str, report_id: str) -> str:
    """The digest of an order as it was told.

    Args:
        row: by our columns; ``sequence_by`` says whether ``sequence`` is a version or a time in microseconds.
        report_id: of the report that the order was made of, as it was told; "" for none.
    """
    by_version = row["sequence_by"] == "version"
    told = {name: row[column] for name, column in ORDER_NAMES.items()}
    told["version"] = row["sequence"] if by_version else None
    told["updated_at"] = None if by_version else _EPOCH + dt.timedelta(microseconds=row["sequence"])
    told["region_code"] = region_code
    told["report_id"] = report_id.lower() or None
    return canonical_digest(told)


_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def group_digest(items: Iterable[tuple[str, str]]) -> str:
    """The digest of a group.

    Args:
        items: number and digest of each; in any order.
    """
    found = hashlib.sha256()
    for number, digest in sorted(items):
        found.update(f"{number}:{digest}\n".encode())
    return found.hexdigest()


# -- the same in the database --------------------------------------------------------------------------
class Sha256(Func):
    """Lower-case hex of SHA-256 over a text."""

    template = "ENCODE(SHA256(CONVERT_TO(%(expressions)s, 'UTF8')), 'hex')"
    output_field = CharField()


class _JsonText(Func):
    """A text as JSON writes it, with its quotes."""

    template = "TO_JSON(%(expressions)s)::text"
    output_field = TextField()


def report_digest_expression(path: str = "") -> Sha256:
    """The digest of a report, computed by the database.

    Args:
        path: look-up of the report from the rows that are read (``report__``).
    """
    parts: list[Combinable] = []
    for name, column in REPORT_NAMES.items():
        parts += [Value(f'{"," if parts else "{"}"{name}":'), _JsonText(Cast(F(f"{path}{column}"), TextField()))]
    return Sha256(Concat(*parts, Value("}"), output_field=TextField()))


def group_digest_expression(number: str, digest: Combinable | str) -> Sha256:
    """The digest of a group, computed by the database: no row leaves it.

    Args:
        number: column of the number; it is sorted by its bytes.
    """
    text = Cast(F(number), TextField())
    line = Concat(text, Value(":"), digest, Value("\n"), output_field=TextField())
    return Sha256(StringAgg(line, delimiter="", order_by=Collate(text, "C"), output_field=TextField()))


def report_digest_sql(alias: str) -> str:
    """The same as SQL text.

    Args:
        alias: of the table of reports in the statement.
    """
    parts = [f"'{{\"{name}\":'" if not place else f"',\"{name}\":'" for place, name in enumerate(REPORT_NAMES)]
    values = [f"TO_JSON({alias}.{column}::text)::text" for column in REPORT_NAMES.values()]
    text = " || ".join(f"{part} || {value}" for part, value in zip(parts, values, strict=True))
    return f"ENCODE(SHA256(CONVERT_TO({text} || '}}', 'UTF8')), 'hex')"
