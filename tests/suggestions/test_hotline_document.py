"""What docs/api.md and the API's page say of the hotline is what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path

from django.test import Client

from liaison.api.docs import Operation, groups_of
from suggestions.states_hotline import ReportStatus, events_open_to

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "api.md"


def operation(anchor: str) -> Operation:
    schema = json.loads(Client().get("/api/v1/schema.json").content)
    return next(one for group in groups_of(schema) for one in group.operations if one.anchor == f"op-{anchor}")


def test_the_guide_lists_the_events_open_to_each_state() -> None:
    table = GUIDE.read_text().split("<!-- events by state -->")[1].split("\n\n")[0]
    told: dict[str, list[str]] = {}
    for line in table.splitlines()[3:]:
        states, events = line.strip("|").split("|")
        told |= {state: re.findall(r"`(\w+)`", events) for state in re.findall(r"`(\w+)`", states)}
    assert {state: set(events) for state, events in told.items()} == {
        state: set(events_open_to(state)) for state in ReportStatus.values
    }


def test_the_page_names_the_fields_of_inner_lists_what_may_be_null_and_the_form_with_a_file(db: None) -> None:
    put = {one.name: one for one in operation("order_put").request}
    assert put["steps[].at"].kind == "时间"
    assert put["due_at"].kind == "时间或空"
    assert put["class.path"].kind == "数组或空"
    read = {one.name: one.kind for one in operation("order_get").response}
    assert (read["sign_by"], read["accepted_at"], read["unit"]) == ("时间或空", "时间", "字符串，最多120字")
    files = {one.name: one for one in operation("order_attachments_add").request}
    assert files["file"].kind == "文件"
    assert files["file"].text.startswith("用 multipart/form-data 时")
    assert "groups[].state" in "".join(one.name for one in operation("reconciliation_put").request)
