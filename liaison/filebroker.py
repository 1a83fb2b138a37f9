"""Celery's queue as a directory, for a workstation without Redis: kombu's filesystem transport, made whole.

kombu makes a message's file first and writes into it then, so a busy worker now and then takes an empty file:
the message is lost and the worker ends with a JSON error (3 of 8,000 messages with two writers and two readers).
Here a message gets its name only when it is written, and a reader claims it by renaming: both are atomic.
"""

from __future__ import annotations

import uuid
from functools import cached_property
from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps, loads

ALIAS = "directory"


class Channel(filesystem.Channel):
    """Messages are files `<time>_<id>.<queue>.msg`; names that begin with a dot are being written or read."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # as kombu calls it
        name = f"{time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        folder = Path(self.data_folder_out)
        draft = folder / f".new_{name}"
        draft.write_text(dumps(payload), encoding="utf-8")
        draft.rename(folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        folder = Path(self.data_folder_in)
        listed = self._listed.setdefault(queue, [])
        if not listed:
            ending = f".{queue}.msg"
            names = (path.name for path in folder.iterdir())
            listed += sorted((name for name in names if name.endswith(ending) and name[0] != "."), reverse=True)
        while listed:
            name = listed.pop()
            claimed = folder / f".taken_{name}"
            try:
                (folder / name).rename(claimed)
            except FileNotFoundError:
                continue  # another worker was quicker
            payload = loads(claimed.read_text(encoding="utf-8"))
            claimed.unlink()
            return payload
        raise Empty

    @cached_property
    def _listed(self) -> dict[str, list[str]]:
        """What the last look into the directory found and nobody has asked for yet, the oldest last."""
        return {}


class Transport(filesystem.Transport):
    """Broker URL `directory://localhost`, options as for kombu's `filesystem`."""

    Channel = Channel


def register() -> None:
    """Make the URL known to kombu."""
    TRANSPORT_ALIASES[ALIAS] = f"{__name__}:Transport"
