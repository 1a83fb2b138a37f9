"""The portal as people reach it: granian in a process of its own, on a database that the tests fill."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
START_TIMEOUT = 60  # seconds


@contextmanager
def portal(*, database: str, files: Path, log: Path, settings: str = "tests.e2e.settings") -> Iterator[str]:
    """Serve this database; yields the address, e.g. ``http://127.0.0.1:41235``.

    Args:
        database: name of a migrated one on the tests' server.
        files: directory of the uploads.
        log: where the server writes what goes wrong.
        settings: those of the browser tests, or a module that starts from them.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {"DJANGO_SETTINGS_MODULE": settings, "E2E_DATABASE": database, "E2E_FILES": str(files)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "granian", "--interface", "wsgi", "liaison.wsgi:application"),
                *("--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "4"),
                *("--no-ws", "--log-level", "error"),
            ],
            cwd=ROOT,
            env=os.environ | environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        url = f"http://127.0.0.1:{port}"
        try:
            _wait(f"{url}/healthz", process, log)
            yield url
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}:\n{log.read_text()}")
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the server does not answer:\n{log.read_text()}")
