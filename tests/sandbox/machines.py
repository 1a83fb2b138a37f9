"""The portal's processes for the fault run: each started by us, killed by the process id that we got, started again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from liaison.embedded.server import DATABASE, Cluster, Server
from liaison.serving import commands

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent.parent
#: Seconds until a process that does not come up is given up: the machine may be busy with other things.
PATIENCE = 300


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Machine:
    """One process that may be killed.

    Args:
        answers: whether it does its work again.
        as_group: whether its children are killed with it (they would go on with its port or its tasks).
        user: (uid, gid) to become.
        took: seconds that the last start took.
    """

    name: str
    command: list[str]
    log: Path
    answers: Callable[[], bool]
    environment: dict[str, str] = field(default_factory=dict)
    as_group: bool = True
    user: tuple[int, int] | None = None
    process: subprocess.Popen[bytes] | None = None
    kills: int = 0
    took: float = 0.0

    def start(self) -> None:
        """Start it and wait until it answers; one that ends at once (a killed server's children hold its memory for
        a moment) is started again.

        Raises:
            RuntimeError: it does not come up.
        """
        begin = time.monotonic()
        end = begin + PATIENCE
        while time.monotonic() < end:
            if self.process is None or self.process.poll() is not None:
                self._spawn()
            if self.answers():
                self.took = time.monotonic() - begin
                return
            time.sleep(0.1)
        raise RuntimeError(f"{self.name} does not come up; see {self.log}")

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it."""
        if self.process is None or self.process.poll() is not None:
            return
        if self.as_group:
            os.killpg(self.process.pid, how)
        else:
            self.process.send_signal(how)
        self.process.wait()

    def _spawn(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=os.environ | self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=self.user[0] if self.user else None,
                group=self.user[1] if self.user else None,
                extra_groups=[] if self.user else None,
            )


@dataclass
class Portal:
    """PostgreSQL, Redis, web, worker and beat on ports and in directories of their own.

    Args:
        place: where logs, files and the queue go; emptied.
        environment: for the portal's processes.
    """

    place: Path
    port: int
    environment: dict[str, str]

    def __post_init__(self) -> None:
        shutil.rmtree(self.place, ignore_errors=True)
        for part in ("logs", "redis", "celery/queue", "celery/control", "files", "cache"):
            (self.place / part).mkdir(parents=True)
        self.url = f"http://127.0.0.1:{self.port}"
        self.machines = [self._postgres()]
        if redis := shutil.which("redis-server"):
            self.machines.append(self._redis(redis))
        told = commands(host="127.0.0.1", port=self.port)
        told["web"][told["web"].index("--workers") + 1] = "2"  # as many as a small machine has cores
        environment = {**self.environment, "PYTHONWARNINGS": "ignore"}
        for name in ("web", "worker", "beat"):
            answers = self._web_answers if name == "web" else self._alive(name)
            self.machines.append(Machine(name, told[name], self._log(name), answers, environment))

    def __getitem__(self, name: str) -> Machine:
        return next(one for one in self.machines if one.name == name)

    def prepare(self, act: Callable[[], str]) -> str:
        """Do something on the database while nothing of it has to be safe yet."""
        postgresql = self["postgresql"]
        safe = list(postgresql.command)
        postgresql.command += ["-c", "fsync=off", "-c", "full_page_writes=off"]
        postgresql.start()
        done = act()
        postgresql.kill(signal.SIGINT)
        postgresql.command = safe
        return done

    def start(self) -> None:
        for one in self.machines:
            one.start()

    def close(self) -> None:
        for one in reversed(self.machines):
            one.kill(signal.SIGINT if one.name == "postgresql" else signal.SIGKILL)

    def _log(self, name: str) -> Path:
        return self.place / "logs" / f"{name}.log"

    def _postgres(self) -> Machine:
        """As the embedded one, but with its data safe on the disk, and without a keeper that would look after it."""
        cluster = Cluster(ROOT, "faults")
        cluster.home.mkdir(parents=True, exist_ok=True)
        server, port = Server.prepare(cluster), free_port()
        options = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": cluster.socket_dir,
            "max_connections": 100,
            "shared_buffers": "128MB",
            "timezone": "UTC",
            # After a kill it makes sure of its files: all at once instead of one by one.
            "recovery_init_sync_method": "syncfs",
            "log_min_messages": "warning",
        }
        command = [str(server.bin / "postgres"), "-D", str(server.data)]
        command += [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        url = f"postgres://{DATABASE}@127.0.0.1:{port}/{DATABASE}"
        self.environment["DATABASE_URL"] = url
        user = (server.user.pw_uid, server.user.pw_gid) if server.user else None
        environment = {"LC_ALL": "C", "TZ": "UTC", "HOME": "/"}
        return Machine("postgresql", command, self._log("postgresql"), lambda: _connects(url), environment, False, user)

    def _redis(self, program: str) -> Machine:
        """It keeps nothing: the broker holds no truth."""
        port = free_port()
        self.environment["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
        place = str(self.place / "redis")
        command = [program, *("--port", str(port), "--save", "", "--appendonly", "no", "--dir", place)]
        return Machine("redis", command, self._log("redis"), lambda: _listens(port))

    def _web_answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return answer.status == 200  # type: ignore[no-any-return]
        except (urllib.error.URLError, OSError):
            return False

    def _alive(self, name: str) -> Callable[[], bool]:
        """It runs; what it does is seen by its work."""

        def look() -> bool:
            process = self[name].process
            return process is not None and process.poll() is None

        return look


def run_module(name: str, *arguments: str, environment: dict[str, str]) -> str:
    """What a module prints that is run to its end."""
    command = [sys.executable, "-m", name, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{name} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def _connects(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex(("127.0.0.1", port)) == 0
