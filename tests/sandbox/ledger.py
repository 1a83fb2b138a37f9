"""The hotline's side of reconciliation, computed from the document alone (docs/api.md), none of the portal's code."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from tests.sandbox.book import BEIJING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: (number, state, digest).
Item = tuple[str, str, str]


def order_item(order_no: str, told: Mapping[str, Any]) -> Item:
    """An order as it was told last."""
    person, about = told.get("person", {}), told.get("class", {})
    texts = {name: told.get(name, "") for name in ("channel", "kind", "place", "region_code", "result", "state")}
    texts |= {name: told.get(name, "") for name in ("text", "title", "unit")}
    times = {name: _utc(told.get(name)) for name in ("accepted_at", "due_at", "sign_by")}
    by_version = "version" in told
    return _item(
        order_no,
        told["state"],
        {
            **texts,
            **times,
            "class_code": about.get("code", ""),
            "class_path": "/".join(about.get("path", [])),
            "person_name": person.get("name", ""),
            "person_phone": person.get("phone", ""),
            "report_id": told.get("report_id"),
            "updated_at": None if by_version else _utc(told["updated_at"]),
            "version": told["version"] if by_version else None,
        },
    )


def report_item(report_id: str, status: str, events: Iterable[Mapping[str, Any]]) -> Item:
    """A report as the events told of it leave it."""
    found = {"hotline_no": "", "id": report_id, "result": "", "status": status, "unit": ""}
    for event in events:
        found["hotline_no"] = event["hotline_no"] or found["hotline_no"]
        if event["kind"] == "replied":
            found["result"] = event["words"]
        if event["kind"] in ("dispatched", "signed"):
            found["unit"] = event["unit"] or found["unit"]
    return _item(report_id, status, found)


def _item(number: str, state: str, content: Mapping[str, Any]) -> Item:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return number, state, hashlib.sha256(text.encode()).hexdigest()


def _utc(text: str | None) -> str | None:
    if text is None:
        return None
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def day_of(text: str) -> str:
    """The Beijing day of a time."""
    return dt.datetime.fromisoformat(text).astimezone(BEIJING).date().isoformat()


def side(items: Iterable[Item], *, named: Iterable[str] = ()) -> dict[str, Any]:
    """One kind's figures; the items of the states that are ``named`` with them."""
    groups: dict[str, list[Item]] = defaultdict(list)
    for one in items:
        groups[one[1]].append(one)
    return {
        "groups": [
            {"state": state, "count": len(members), "digest": group_digest(members)}
            for state, members in groups.items()
        ],
        "items": [
            {"number": number, "state": state, "digest": digest}
            for state in named
            for number, _, digest in groups[state]
        ],
    }


def group_digest(items: Iterable[Item]) -> str:
    """Of the lines number:digest, in the order of the numbers' bytes."""
    lines = sorted(f"{number}:{digest}\n".encode() for number, _, digest in items)
    return hashlib.sha256(b"".join(lines)).hexdigest()
