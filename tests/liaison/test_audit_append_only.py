"""What is written in the audit stays: neither Python nor SQL changes or deletes a row."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from liaison.models import AuditEntry
from liaison.services.audit import record_audit
from tests.cast import Cast


@pytest.fixture
def entry(cast: Cast) -> AuditEntry:
    return record_audit(actor=cast.actor("insider"), action="user.update", detail={"new": {"name": "甲"}})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE liaison_auditentry SET actor_name = '别人' WHERE id = %s",
        "UPDATE liaison_auditentry SET detail = '{}' WHERE id = %s",
        "DELETE FROM liaison_auditentry WHERE id = %s",
    ],
)
def test_sql_is_refused(entry: AuditEntry, statement: str) -> None:
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [entry.pk])
    assert AuditEntry.objects.get(pk=entry.pk).detail == {"new": {"name": "甲"}}


def test_python_is_refused(entry: AuditEntry) -> None:
    entry.actor_name = "别人"
    with pytest.raises(DatabaseError), transaction.atomic():
        entry.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.update(actor_name="别人")


def test_secrets_are_masked_at_any_depth(cast: Cast) -> None:
    kept = record_audit(
        actor=cast.actor("insider"),
        action="user.update",
        detail={"password": "x", "new": {"phone": "13800001234", "token": "t", "name": "甲", "list": [{"code": "1"}]}},
    )
    assert kept.detail == {
        "password": "***",
        "new": {"phone": "***", "token": "***", "name": "甲", "list": [{"code": "***"}]},
    }


def test_a_refused_page_is_noted_with_its_address(cast: Cast) -> None:
    assert cast.client("insider").get("/audit/").status_code == 403
    entry = AuditEntry.objects.get(action="access.deny")
    assert (entry.actor_name, entry.target_title, entry.region_prefix) == ("陈经办", "打开 /audit/", "4309")


def test_the_refusal_stands_when_it_cannot_be_noted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**kwargs: object) -> None:
        raise DatabaseError("away")

    monkeypatch.setattr("liaison.faces.access_deny", away)
    assert cast.client("insider").get("/audit/").status_code == 403
