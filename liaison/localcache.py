"""The cache of a portal without Redis: files, shared by its processes, with counters that count right."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from pathlib import Path
from typing import Any

from django.core.cache.backends.filebased import FileBasedCache

_MARK = b"."


class LocalCache(FileBasedCache):
    """Django's file cache, and counters beside it.

    Its own ``incr`` reads, adds and writes: of posts that come at once it loses some, and it forgets counters at
    random as soon as there are some hundred of them. Here a counter is the length of a file, to which each use
    appends one byte.
    """

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(location, params)
        self._counters = Path(location) / "counters"

    def count(self, name: str, *, until: int) -> int:
        """Count one more use, and say how many there are now.

        Args:
            until: the second from which on the counter is of no interest.
        """
        directory = self._counters / str(until)
        path = directory / hashlib.sha256(name.encode()).hexdigest()[:40]
        try:
            return _append(path)
        except FileNotFoundError:
            self._sweep()
            directory.mkdir(parents=True, exist_ok=True)
            return _append(path)

    def clear(self) -> None:
        """Forget everything."""
        super().clear()
        shutil.rmtree(self._counters, ignore_errors=True)

    def _sweep(self) -> None:
        """Remove counters whose time is over: looked at when a new time begins, not with every use."""
        now = int(time.time())
        for directory in self._counters.glob("*"):
            if directory.name.isdecimal() and int(directory.name) < now:
                shutil.rmtree(directory, ignore_errors=True)


def _append(path: Path) -> int:
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, _MARK)
        return os.lseek(file, 0, os.SEEK_CUR)  # the end of one's own byte, whoever appends meanwhile
    finally:
        os.close(file)
