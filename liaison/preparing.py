"""Skip the preparation of `make run` when nothing has changed since the last one.

Migrating, loading the divisions and making the demo are all idempotent, but together take seconds. A stamp beside
the embedded cluster says for which code they were done and what the database looked like then. Another state of
either, a cluster made anew, or a database of its own (DATABASE_URL): everything is done again.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from liaison.embedded import Cluster

PACKAGES = ("liaison", "deputies", "suggestions", "votes")
STATE = """
    SELECT (SELECT count(*) || ' ' || coalesce(max(id), 0) FROM django_migrations),
           EXISTS (SELECT FROM liaison_region),
           EXISTS (SELECT FROM liaison_user)
"""


class Stamp:
    """Remembers one preparation; `demo` tells whether the demo data belong to it."""

    def __init__(self, *, demo: bool) -> None:
        self.demo = demo
        self.path: Path | None = None
        if settings.EMBEDDED_POSTGRES:
            self.path = Cluster(settings.BASE_DIR, settings.EMBEDDED_POSTGRES).home / "prepared.json"

    def is_current(self) -> bool:
        """Whether code and database are as they were after the last preparation."""
        if self.path is None:
            return False
        try:
            return bool(json.loads(self.path.read_text()) == self._now())
        except (FileNotFoundError, ValueError, DatabaseError):
            return False

    def write(self) -> None:
        """The preparation is done."""
        if self.path is not None:
            self.path.write_text(json.dumps(self._now()))

    def _now(self) -> list[object]:
        with connection.cursor() as cursor:
            cursor.execute(STATE)
            state = [str(value) for value in cursor.fetchone()]
        return [_code(), self.demo, *state]


def _code() -> str:
    """Changes with every file of the packages (name, size, time of change), and with the pinned libraries."""
    digest = hashlib.sha256((settings.BASE_DIR / "requirements.lock").read_bytes())
    for package in PACKAGES:
        for path in sorted((settings.BASE_DIR / package).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                info = path.stat()
                digest.update(f"{path} {info.st_size} {info.st_mtime_ns}\n".encode())
    return digest.hexdigest()
