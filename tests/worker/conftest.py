"""Workers as processes, on a database of their own beside the one that the other tests use."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from tests import database
from tests.cast import Cast, build_cast

#: Seconds until a test gives up waiting; a worker starts in two on a free machine.
PATIENCE = 90


@dataclass
class Workshop:
    """Starts and kills workers, and sends them tasks as the beat would."""

    broker: str
    folder: Path
    database: str
    queue: str = field(default_factory=lambda: f"test-{uuid4().hex}")
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in ("queue", "control", "mail"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.app = Celery("sender", broker=self.broker, set_as_current=False)
        self.app.conf.task_default_queue = self.queue
        if self.broker.startswith("directory:"):
            queue = str(self.folder / "queue")
            self.app.conf.broker_transport_options = {
                "data_folder_in": queue,
                "data_folder_out": queue,
                "control_folder": str(self.folder / "control"),
            }

    def start(self, now: dt.datetime, *, beat: bool = False) -> subprocess.Popen[bytes]:
        """A worker of one child whose clock says ``now``; with the beat in it when asked for."""
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.worker.settings",
            "WORKER_FOLDER": str(self.folder),
            "WORKER_DATABASE": self.database,
            "WORKER_QUEUE": self.queue,
            "WORKER_BROKER": self.broker,
            "WORKER_NOW": now.isoformat(),
        }
        command = [*(sys.executable, "-m", "celery", "-A", "liaison", "worker", "--concurrency", "1")]
        command += ["--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        command += ["--beat"] if beat else []
        with (self.folder / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        self.processes.append(process)
        return process

    def send(self, *tasks: str) -> None:
        """Put calls into the queue, in this order."""
        for task in tasks:
            self.app.send_task(f"liaison.tasks.{task}", ignore_result=True)

    def empty(self) -> int:
        """Take all messages out of the broker; how many there were."""
        with self.app.connection_for_write() as broker, broker.channel() as channel:
            return int(channel.queue_purge(self.queue) or 0)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """SIGKILL to the worker and all its children at once."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=PATIENCE)
        self.processes.remove(process)

    def close(self) -> None:
        for process in list(self.processes):
            self.kill(process)
        self.app.close()

    def wait(self, what: Callable[[], Any], *, why: str) -> None:
        """Look until it is true; the worker's log stands in the failure."""
        end = time.monotonic() + PATIENCE
        while not what():
            if time.monotonic() > end or any(process.poll() is not None for process in self.processes):
                log = (self.folder / "worker.log").read_text(errors="replace")[-4000:]
                pytest.fail(f"{why}: not within {PATIENCE} s\n{log}")
            time.sleep(0.05)

    @property
    def mails(self) -> str:
        """All mails sent, one text."""
        return "".join(path.read_text() for path in sorted((self.folder / "mail").iterdir()))


def running(statement: str) -> bool:
    """Whether some other session of this database is executing a statement that begins like this."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND state = 'active' AND query LIKE %s",
            [f"{statement}%"],
        )
        return bool(cursor.fetchone()[0])


def brokers() -> list[str]:
    """The broker of a workstation, and Redis where the run names one."""
    redis = os.environ.get("REDIS_URL", "")
    return ["directory://localhost", *([redis] if redis else [])]


@pytest.fixture(params=brokers(), ids=lambda url: url.partition(":")[0])
def workshop(request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Workshop]:
    """A database of committed rows that this process and the workers share, gone afterwards."""
    default = connections["default"]
    usual = default.settings_dict["NAME"]
    with django_db_blocker.unblock(), database.separate(f"worker_{os.getpid()}") as name:
        default.close()
        default.settings_dict["NAME"] = name
        workshop = Workshop(request.param, tmp_path, name)
        try:
            yield workshop
        finally:
            workshop.close()
            default.close()
            default.settings_dict["NAME"] = usual


@pytest.fixture
def cast(workshop: Workshop) -> Cast:
    """The people and offices, committed."""
    return build_cast()
