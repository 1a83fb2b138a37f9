"""Taking in the hotline's orders (热线工单): one or a thousand, in any order, twice or late, and losing none.

One and a thousand go the same way: one INSERT … ON CONFLICT that writes a row only when the message is newer than
what stands, one for the chain. The rows' own locks and the echo's are the only ones.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from liaison.exceptions import DomainError, InvalidInput, NotAllowed
from liaison.masking import mask_text
from liaison.permissions import Permission
from liaison.search import bigrams
from liaison.selectors.region import RegionFacts, regions_in_force
from liaison.services.audit import record_audit
from suggestions.digests import order_digest
from suggestions.models import HotlineOrder, HotlineOrderStep, HotlineReport
from suggestions.models.hotline_order import Sequence
from suggestions.services.hotline_feed import lock_echo

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence as Listed

    from liaison.actor import Actor

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
#: What the hotline's message writes, in the order of the statement; a newer message overwrites all of it.
_TOLD = (
    "sequence_by",
    "sequence",
    "digest",
    "kind",
    "channel",
    "person_name",
    "person_phone",
    "region_id",
    "region_prefix",
    "place",
    "class_code",
    "class_path",
    "class_top",
    "title",
    "text",
    "accepted_at",
    "unit_name",
    "sign_by",
    "due_at",
    "state",
    "result",
    "report_id",
)
#: Written once, with the values of a new row.
_ONCE = ("public_id", "created_at", "client_id", "order_no", "reply", "reply_by", "opinion_made", "version")


class Outcome:
    """What came of one message (in answers to the hotline)."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    STALE = "stale"


@dataclass(slots=True)
class Put:
    """One message and what came of it.

    Args:
        order_no: of the order.
        values: as the serializer checked them.
        outcome: an ``Outcome``; "" while undecided.
        error: why it was not taken.
        order_id, version, digest: of the row that stands.
        new_steps: how many steps of its chain were new.
    """

    order_no: str
    values: Mapping[str, Any]
    outcome: str = ""
    error: DomainError | None = None
    order_id: int = 0
    version: int = 0
    digest: str = ""
    new_steps: int = 0
    row: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def order_put(*, actor: Actor, order_no: str, values: Mapping[str, Any], if_match: str | None = None) -> Put:
    """Keep one order as the hotline tells it; a message that is older than what stands changes nothing.

    Args:
        values: as ``parse_order`` gives them.
        if_match: the ETag that the hotline knows; another one that stands refuses the message.

    Raises:
        PreconditionFailed: another version stands, or none.
        InvalidInput: ``unknown_region``, ``region_out_of_scope``, ``unknown_report``, by field.
        DomainError: the same version with other content (``version_reused``), or the message is put in order by
            another field than before (``sequence_changed``).
    """
    _begin(actor)
    if if_match:
        _check_match(actor, order_no, if_match)
    put = Put(order_no, values)
    _take(actor, [put])
    if put.error is not None:
        raise put.error
    if put.outcome in (Outcome.CREATED, Outcome.UPDATED):
        record_audit(
            actor=actor,
            action="hotline_order.put",
            title=order_no,
            region_prefix=put.row["region_prefix"],
            detail={"outcome": put.outcome, "state": values["state"]},
        )
    return put


@transaction.atomic
def orders_batch(*, actor: Actor, puts: Listed[Put]) -> None:
    """Keep many orders; each of ``puts`` says afterwards what came of it. What is wrong with one stops no other.

    Args:
        puts: those that the serializer refused carry their ``error`` already.
    """
    _begin(actor)
    good = [put for put in puts if put.error is None]
    _take(actor, good)
    counts: dict[str, int] = {}
    for put in puts:
        name = put.outcome or "refused"
        counts[name] = counts.get(name, 0) + 1
    record_audit(actor=actor, action="hotline_order.batch", title=f"{len(puts)}件", detail={"outcomes": counts})


class PreconditionFailed(DomainError):
    """The order changed since the hotline read it (412)."""

    code = "precondition_failed"
    status = 412


def _check_match(actor: Actor, order_no: str, if_match: str) -> None:
    rows = HotlineOrder.objects.select_for_update().filter(client_id=actor.client_id, order_no=order_no)
    version = rows.values_list("version", flat=True).first()
    named = {one.strip() for one in if_match.split(",")}
    if version is None or not named & {"*", f'"{version}"'}:
        raise PreconditionFailed("工单在平台上的版本与 If-Match 不同，没有保存。请重新读取后再发。")


def _begin(actor: Actor) -> None:
    """Let the hotline in. The echo's lock comes before that of any order, as it does for an event."""
    actor.require(Permission.HOTLINE_ORDERS_WRITE)
    if actor.client_id is None:
        raise NotAllowed("工单由热线中心的接口客户端报送。")
    lock_echo(actor.client_id, alone=False)


def _take(actor: Actor, puts: Listed[Put]) -> None:
    """Write what can be written; each says what came of it."""
    _make_rows(actor, puts)
    newest = _newest(actor, [put for put in puts if put.error is None])
    # sorted, so that two batches at once wait for each other instead of for both
    written = _upsert(actor, [newest[order_no] for order_no in sorted(newest)])
    standing = _standing(actor, {put.order_no for put in puts if put.error is None} - written.keys())
    for put in puts:
        if put.error is None:
            _judge(put, newest[put.order_no], written, standing)
    _add_steps([put for put in puts if put.error is None])


def _newest(actor: Actor, puts: Listed[Put]) -> dict[str, Put]:
    """Order number → the newest of its messages. A version and a time cannot be compared: of an order that is told by
    both, those count that are put in order as what stands is, else as the first of them."""
    newest: dict[str, dict[str, Put]] = {}
    for put in puts:
        by_way = newest.setdefault(put.order_no, {})
        other = by_way.get(put.row["sequence_by"])
        if other is None or put.row["sequence"] >= other.row["sequence"]:
            by_way[put.row["sequence_by"]] = put
    standing = _standing(actor, {order_no for order_no, by_way in newest.items() if len(by_way) > 1})
    return {
        order_no: by_way[standing[order_no][2] if order_no in standing else next(iter(by_way))]
        if len(by_way) > 1
        else next(iter(by_way.values()))
        for order_no, by_way in newest.items()
    }


# -- rows ----------------------------------------------------------------------------------------------
def _make_rows(actor: Actor, puts: Listed[Put]) -> None:
    regions = regions_in_force({put.values["region_code"] for put in puts})
    reports = _reports(actor, {put.values["report_id"] for put in puts if put.values["report_id"]})
    for put in puts:
        code, named = put.values["region_code"], put.values["report_id"]
        region = regions.get(code)
        if region is None:
            put.error = _wrong("unknown_region", "region_code", f"没有代码为“{code}”的行政区划，或者已经撤销。")
        elif not region.prefix.startswith(actor.region_prefix):
            message = f"“{region.name}”不在本热线负责的地区内。"
            put.error = _wrong("region_out_of_scope", "region_code", message)
        elif named and named.lower() not in reports:
            put.error = _wrong("unknown_report", "report_id", "没有这件转办单，或者不是转给本热线的。")
        else:
            put.row = _row(put, region, reports[named.lower()] if named else None)


def _reports(actor: Actor, ids: set[str]) -> dict[str, int]:
    if not ids:
        return {}
    found = HotlineReport.objects.unscoped(reason="the client's own reports").filter(
        client_id=actor.client_id, public_id__in=ids
    )
    return {str(public_id): pk for pk, public_id in found.values_list("pk", "public_id")}


def _wrong(code: str, name: str, message: str) -> InvalidInput:
    return InvalidInput(message, code=code, fields={name: message})


def _row(put: Put, region: RegionFacts, report_id: int | None) -> dict[str, Any]:
    values = put.values
    person, about = values["person"] or {}, values["class"] or {}
    by_version = values["version"] is not None
    path = about.get("path") or []
    row: dict[str, Any] = {
        "sequence_by": Sequence.VERSION if by_version else Sequence.TIME,
        "sequence": values["version"] if by_version else (values["updated_at"] - _EPOCH) // _MICROSECOND,
        "kind": values["kind"],
        "channel": values["channel"],
        "person_name": person.get("name", ""),
        "person_phone": person.get("phone", ""),
        "region_id": region.id,
        "region_prefix": region.prefix,
        "place": values["place"],
        "class_code": about.get("code", ""),
        "class_path": "/".join(path),
        "class_top": path[0] if path else "",
        "title": values["title"],
        "text": values["text"],
        "accepted_at": values["accepted_at"],
        "unit_name": values["unit"],
        "sign_by": values["sign_by"],
        "due_at": values["due_at"],
        "state": values["state"],
        "result": values["result"],
        "report_id": report_id,
    }
    row["digest"] = order_digest(row, region_code=region.code, report_id=values["report_id"])
    return row


# -- the statement -------------------------------------------------------------------------------------
#: The report that the order names, or the one for which an event told us that an order of this number was made: the
#: echo guard knows its own also from a hotline that names it only once. Last of ``_TOLD``.
_MADE_OF = (
    f"COALESCE(%s, (SELECT max(ours.id) FROM {HotlineReport._meta.db_table} ours "  # noqa: S608
    "WHERE ours.client_id = %s AND ours.hotline_no = %s AND ours.hotline_no <> ''))"
)


def _upsert(actor: Actor, puts: list[Put]) -> dict[str, tuple[int, int, bool]]:
    """Order number → (id, version, whether it is new) of what was written; what is older or the same is left out."""
    if not puts:
        return {}
    now = timezone.now()
    columns = (*_TOLD, "updated_at", *_ONCE, "search")
    values = dict.fromkeys(columns, "%s") | {"report_id": _MADE_OF, "search": "to_tsvector('simple', %s)"}
    one = f"({', '.join(values.values())})"
    params: list[Any] = []
    for put in puts:
        params += [put.row[name] for name in _TOLD] + [actor.client_id, put.order_no]
        params += [now, uuid.uuid4(), now, actor.client_id, put.order_no, "", "", False, 1]
        params.append(bigrams(mask_text(f"{put.row['title']} {put.row['text']} {put.row['place']}")))
    changed = ", ".join(f"{name} = EXCLUDED.{name}" for name in (*_TOLD[:-1], "updated_at", "search"))
    changed += ", report_id = COALESCE(EXCLUDED.report_id, stands.report_id)"  # made of ours once, it stays so
    table = connection.ops.quote_name(HotlineOrder._meta.db_table)
    statement = (
        f"INSERT INTO {table} AS stands ({', '.join(columns)}) VALUES {', '.join([one] * len(puts))} "  # noqa: S608
        f"ON CONFLICT (client_id, order_no) DO UPDATE SET {changed}, version = stands.version + 1 "
        "WHERE stands.sequence_by = EXCLUDED.sequence_by AND stands.sequence < EXCLUDED.sequence "
        "RETURNING order_no, id, version, (xmax = 0)"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return {order_no: (pk, version, is_new) for order_no, pk, version, is_new in cursor.fetchall()}


def _standing(actor: Actor, order_nos: set[str]) -> dict[str, tuple[int, int, str, int, str]]:
    """Order number → (id, version, ordered by what, sequence, digest) of rows that the messages did not change."""
    if not order_nos:
        return {}
    rows = HotlineOrder.objects.unscoped(reason="the client's own orders").filter(
        client_id=actor.client_id, order_no__in=order_nos
    )
    found = rows.values_list("order_no", "pk", "version", "sequence_by", "sequence", "digest")
    return {order_no: rest for order_no, *rest in found}  # type: ignore[misc]


def _judge(
    put: Put,
    newest: Put,
    written: dict[str, tuple[int, int, bool]],
    standing: dict[str, tuple[int, int, str, int, str]],
) -> None:
    """What came of one message."""
    if put.order_no in written:
        put.order_id, put.version, is_new = written[put.order_no]
        by, sequence, digest = newest.row["sequence_by"], newest.row["sequence"], newest.row["digest"]
        put.digest = digest
        if put is newest:
            put.outcome = Outcome.CREATED if is_new else Outcome.UPDATED
            return
    else:
        put.order_id, put.version, by, sequence, digest = standing[put.order_no]
        put.digest = digest
    if by != put.row["sequence_by"]:
        label = Sequence(by).label
        name = "version" if by == Sequence.VERSION else "updated_at"
        put.error = DomainError(
            f"这件工单以前按{label}（{name}）定先后，这一次没有带，不能判断先后，没有保存。请带上 {name} 重发。",
            code="sequence_changed",
            fields={name: f"这件工单须带 {name}。"},
        )
    elif sequence > put.row["sequence"]:
        put.outcome = Outcome.STALE
    elif digest == put.row["digest"]:
        put.outcome = Outcome.UNCHANGED
    else:
        name = "version" if by == Sequence.VERSION else "updated_at"
        put.error = DomainError(
            f"同一个 {name} 已经收到过，内容和这一次不同，没有保存。内容有改动的，请加大 {name} 再发。",
            code="version_reused",
            fields={name: "已经用过，内容不同。"},
        )
        put.error.status = 409


def _add_steps(puts: Listed[Put]) -> None:
    """The chain only grows: a step that is known stays as it was told first, also when the message is late."""
    told: dict[tuple[int, str], tuple[Put, Mapping[str, Any]]] = {}
    for put in puts:
        if put.error is None:
            for step in put.values["steps"]:
                told.setdefault((put.order_id, step["step_id"]), (put, step))
    if not told:
        return
    now = timezone.now()
    params: list[Any] = []
    for (order_id, step_id), (_, step) in told.items():
        params += [order_id, step_id, step["kind"], step["at"], step["unit"], step["words"], now]
    table = connection.ops.quote_name(HotlineOrderStep._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (order_id, step_id, kind, at, unit_name, words, created_at) VALUES "  # noqa: S608
            f"{', '.join(['(%s, %s, %s, %s, %s, %s, %s)'] * len(told))} "
            "ON CONFLICT (order_id, step_id) DO NOTHING RETURNING order_id, step_id",
            params,
        )
        for order_id, step_id in cursor.fetchall():
            told[order_id, step_id][0].new_steps += 1
