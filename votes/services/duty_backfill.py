"""Entering the ledger facts of inspections that were there before the ledger (``manage.py duty_backfill``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from liaison.actor import system_actor
from votes.models import Inspection
from votes.services.inspection_duty import inspection_duty

if TYPE_CHECKING:
    from collections.abc import Callable


def load(say: Callable[[str], None]) -> None:
    """Every inspection; run again it writes nothing."""
    everything = Inspection.objects.unscoped(reason="the backfill sees all").order_by("pk")
    ids = list(everything.values_list("pk", flat=True))
    for pk in ids:
        with transaction.atomic():
            inspection_duty(system_actor("履职台账补录"), everything.select_related("project", "group").get(pk=pk))
    say(f"民生实事监督检查：{len(ids)}次")
