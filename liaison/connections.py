"""What each new database connection is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.backends.signals import connection_created
from django.dispatch import receiver

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper


@receiver(connection_created, dispatch_uid="no-trigger-ignored")
def on_connection(sender: Any, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Say that no trigger is to be ignored.

    Every trigger of django-pgtrigger asks for this setting first. Where it is not set, asking raises, and each error
    rolls a subtransaction back, at a cost that grows with the foreign keys still to be checked in the transaction:
    20,000 ledger rows at once took six times as long, 180,000 did not end.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET pgtrigger.ignore = '{}'")
