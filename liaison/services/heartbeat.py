"""The sign of life that a worker leaves when it runs what the beat sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from liaison.models import Heartbeat
from liaison.selectors.health import HEARTBEAT

if TYPE_CHECKING:
    import datetime as dt


def heartbeat_record(*, name: str = HEARTBEAT, now: dt.datetime | None = None) -> None:
    """Note that a job was alive (beat and worker, when no name is given; `/readyz` reads that one).

    One statement, safe to run twice.
    """
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, seen_at=now or timezone.now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["seen_at"],
    )
