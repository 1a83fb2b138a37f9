"""Rows of several tables in one statement: linked, all or none."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from liaison.actor import ANONYMOUS
from liaison.models import AuditEntry, Region, StateChange
from liaison.services.audit import audit_row
from liaison.services.history import state_change_row
from liaison.services.together import First, Made, Of, Row, insert_together
from tests.cast import Cast

SERIES = "SELECT 7 AS last, '甲' AS word"


def _rows(code: str) -> tuple[Region, StateChange, AuditEntry, list[Row]]:
    parent = Region.objects.get(code="430981")
    region = Region(parent=parent, code=code, prefix=code, level="township", full_name="100% '测试'镇", kind="town")
    history = state_change_row(actor=ANONYMOUS, obj=region, act="make", label="新设", old="", new="made")
    audit = audit_row(actor=ANONYMOUS, action="region.make", detail={"words": ["%s", "'", "\\"], "code": "12"})
    rows = [
        Row(region, {"name": Made("first.word || '镇' || first.last")}),
        Row(history, {"object_id": Of(region)}),
        Row(audit, {"target_title": Of(region, "name")}),
    ]
    return region, history, audit, rows


def test_rows_are_linked_and_kept_as_typed_in_one_journey(cast: Cast) -> None:
    region, history, audit, rows = _rows("430999001")
    with CaptureQueriesContext(connection) as asked:
        insert_together(*rows, first=First(SERIES))
    assert len(asked) == 1
    kept = Region.objects.get(code="430999001")
    assert (kept.pk, kept.name, kept.full_name) == (region.pk, "甲镇7", "100% '测试'镇")
    assert StateChange.objects.get(pk=history.pk).subject == kept
    entry = AuditEntry.objects.get(pk=audit.pk)
    assert (entry.target_title, entry.detail) == ("甲镇7", {"words": ["%s", "'", "\\"], "code": "***"})
    assert not region._state.adding


def test_one_row_that_is_refused_leaves_none(cast: Cast) -> None:
    *_, rows = _rows("430999002")
    rows[1].new.label = None  # type: ignore[attr-defined]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_together(*rows, first=First(SERIES))
    assert not Region.objects.filter(code="430999002").exists()
    assert not AuditEntry.objects.filter(action="region.make").exists()
