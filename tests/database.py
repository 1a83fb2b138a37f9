"""Test databases: migrated once into a template, then copied; several test runs at a time do not meet.

A migration takes seconds, a copy a tenth of one. The template's name carries a hash of what makes it, so a
changed migration or package makes a new one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE_PREFIX = "liaison_template_"
RUN_PREFIX = "test_liaison_"
PACKAGES = ("Django", "django-allauth", "django-pghistory", "django-pgtrigger")


def prepare() -> None:
    """Make sure that the template exists and let Django's test database be a copy of it, named for this process."""
    name = TEMPLATE_PREFIX + _fingerprint()
    lock_path = ROOT / "var" / "test" / "template.lock"
    lock_path.parent.mkdir(parents=True, exist_ok=True)
    with lock_path.open("w") as lock, _server() as connection:
        fcntl.flock(lock, fcntl.LOCK_EX)
        names = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
        _drop_stale(connection, names - {name})
        if name not in names:
            _make_template(connection, name)
    settings.DATABASES["default"]["TEST"] |= {"NAME": f"{RUN_PREFIX}{os.getpid()}", "TEMPLATE": name}


@contextmanager
def separate(purpose: str) -> Iterator[str]:
    """The name of a copy of the template beside the one that pytest-django works on; dropped at the end.

    For tests whose data another process must see: that is committed, and would be in the way of all others.
    """
    prepare()
    name = f"{RUN_PREFIX}{os.getpid()}_{purpose}"
    template = settings.DATABASES["default"]["TEST"]["TEMPLATE"]
    with _server() as connection:
        _drop(connection, name)
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    try:
        yield name
    finally:
        with _server() as connection:
            _drop(connection, name)


def _fingerprint() -> str:
    """Changes with every migration and with the packages that bring migrations or triggers."""
    digest = hashlib.sha256(" ".join(f"{package} {version(package)}" for package in PACKAGES).encode())
    for package in ("liaison", "deputies", "suggestions", "votes"):
        for path in sorted((ROOT / package / "migrations").glob("*.py")):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _server() -> psycopg.Connection[Any]:
    database = settings.DATABASES["default"]
    return psycopg.connect(
        host=database.get("HOST") or None,
        port=database.get("PORT") or None,
        user=database.get("USER") or None,
        password=database.get("PASSWORD") or None,
        dbname="postgres",
        autocommit=True,
    )


def _make_template(connection: psycopg.Connection[Any], name: str) -> None:
    from django.core.management import call_command
    from django.db import connections

    draft = f"{name}_draft"
    _drop(connection, draft)
    connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(draft)))
    default = connections["default"]
    usual = default.settings_dict["NAME"]
    default.close()
    default.settings_dict["NAME"] = draft
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        default.close()
        default.settings_dict["NAME"] = usual
    # Only a whole template gets the name that others look for.
    connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name)))


def _drop_stale(connection: psycopg.Connection[Any], names: set[str]) -> None:
    """Drop what killed runs and older migrations left."""
    for name in names:
        if name.startswith(RUN_PREFIX):
            pid = name.removeprefix(RUN_PREFIX).partition("_")[0]
            if pid.isdigit() and not Path(f"/proc/{pid}").exists() and Path("/proc/self").exists():
                _drop(connection, name)
        elif name.startswith(TEMPLATE_PREFIX):
            _drop(connection, name)


def _drop(connection: psycopg.Connection[Any], name: str) -> None:
    try:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
    except psycopg.errors.ObjectInUse:
        pass  # another run uses it; a later one drops it
