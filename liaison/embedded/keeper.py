"""The process that stops an embedded server when its last user is gone."""

import fcntl
import os
from pathlib import Path

from .locks import locked_fd
from .server import Cluster, Server


def keep(base_dir: str, name: str, tell: str) -> None:
    """Become the keeper of a cluster; write a byte to the file descriptor `tell` once we are."""
    cluster = Cluster(Path(base_dir), name)
    if os.fork():
        os._exit(0)  # so that who started us need not wait for us
    locked_fd(cluster.home / "keeper.lock", fcntl.LOCK_EX)
    os.write(int(tell), b"1")
    os.close(int(tell))
    lease = locked_fd(cluster.home / "lease.lock", fcntl.LOCK_EX)  # waits for the last user to go
    Server.prepare(cluster).stop()
    os.close(lease)
