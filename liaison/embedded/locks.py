"""File locks: the kernel drops them when their process ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class EmbeddedPostgresError(RuntimeError):
    """The embedded server cannot be started; the message says what to do."""


def locked_fd(path: Path, how: int) -> int:
    """Open and lock `path`; the lock lives as long as the descriptor, in this process and its forks."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError as error:
        raise EmbeddedPostgresError(f"{path} belongs to another user: start the portal as that user.") from error
    try:
        fcntl.flock(fd, how)
    except BaseException:
        os.close(fd)
        raise
    return fd


def is_free(path: Path, how: int) -> bool:
    try:
        os.close(locked_fd(path, how | fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    fd = locked_fd(path, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(fd)
