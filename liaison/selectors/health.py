"""Is everything there that the portal needs: database, broker, worker with beat."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from liaison import filebroker
from liaison.celery import app
from liaison.models import Heartbeat

HEARTBEAT = "beat"


@dataclass(frozen=True)
class Health:
    """The state of one part; `detail` is for the operator, in English."""

    ok: bool
    detail: str = ""


def check_database() -> Health:
    """Whether a query gets an answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return Health(False, type(error).__name__)
    return Health(True)


def check_broker(*, timeout: int = 2) -> Health:
    """Whether Celery's broker takes messages. `timeout` is in seconds."""
    url = str(settings.CELERY_BROKER_URL)
    if url.startswith(f"{filebroker.ALIAS}:"):
        queue = Path(app.conf.broker_transport_options["data_folder_out"])
        ok = queue.is_dir() and os.access(queue, os.W_OK)
        return Health(ok, "" if ok else "queue directory is not writable")
    try:
        with app.connection_for_write(connect_timeout=timeout) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=timeout)
    except Exception as error:  # every transport has its own exceptions
        return Health(False, type(error).__name__)
    return Health(True)


def check_heartbeat(*, max_age: timedelta | None = None) -> Health:
    """Whether the task that the beat sends was run by a worker lately (`HEARTBEAT_MAX_AGE`)."""
    try:
        heartbeat = Heartbeat.objects.filter(name=HEARTBEAT).first()
    except DatabaseError as error:
        return Health(False, type(error).__name__)
    if heartbeat is None:
        return Health(False, "never seen")
    age = timezone.now() - heartbeat.seen_at
    ok = age <= (max_age or settings.HEARTBEAT_MAX_AGE)
    return Health(ok, f"seen {int(age.total_seconds())} s ago")


def readiness() -> dict[str, Health]:
    """Every part by name. The portal is ready when all are ok."""
    return {"database": check_database(), "broker": check_broker(), "beat": check_heartbeat()}
