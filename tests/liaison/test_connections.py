"""Each connection is told that no trigger is ignored, so that asking for it costs no subtransaction."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from liaison.actor import system_actor
from liaison.models import AuditEntry
from liaison.services.audit import record_audit

pytestmark = pytest.mark.django_db


def test_a_connection_says_that_no_trigger_is_ignored() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('pgtrigger.ignore'), _pgtrigger_should_ignore('any_trigger')")
        assert cursor.fetchone() == ("{}", False)


def test_the_triggers_still_refuse_what_they_refuse() -> None:
    entry = record_audit(actor=system_actor(), action="user.update")
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(action="other")
