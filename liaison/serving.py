"""Run web, worker and beat together on a workstation: one start, one stop, nothing left over."""

from __future__ import annotations

import fcntl
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import honcho.manager
from honcho.manager import Manager

# Celery warns workers of root with nine lines; on a workstation or in a container that is no news.
QUIET_ABOUT_ROOT = "ignore:You're running the worker with superuser privileges"
STOP_TIMEOUT = 15  # seconds a process gets to end before it is killed
LEFTOVER_TIMEOUT = 3  # seconds for one that a killed run left behind


class AlreadyRunning(Exception):
    """The portal of this checkout is being served already; `url` says where, `pid` by whom."""

    def __init__(self, url: str, pid: int) -> None:
        super().__init__(url)
        self.url = url
        self.pid = pid


class RunLock:
    """One `make run` a checkout. Remembers the process groups it started, so that the next one finds orphans."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.path = directory / "serving.lock"
        self.state_path = directory / "serving.json"
        self._file = self.path.open("a")
        self._ours = False

    def acquire(self) -> bool:
        """Take the lock; True when leftovers of a killed run had to be stopped first.

        Raises AlreadyRunning when somebody really serves.
        """
        state = self._read()
        held = not self._try_lock()
        if held and _is_supervisor(state.get("pid", 0)):
            raise AlreadyRunning(state.get("url", ""), state["pid"])
        stopped = stop_groups(state.get("groups", []))
        deadline = time.monotonic() + STOP_TIMEOUT
        while held:
            held = not self._try_lock()
            if held and time.monotonic() > deadline:
                raise AlreadyRunning(state.get("url", ""), state.get("pid", 0))
            time.sleep(0.05)
        self._ours = True
        return stopped

    def record(self, url: str, groups: list[int]) -> None:
        """Write down what runs, whole or not at all."""
        draft = self.state_path.with_suffix(".new")
        draft.write_text(json.dumps({"pid": os.getpid(), "url": url, "groups": groups}))
        draft.replace(self.state_path)

    def release(self) -> None:
        """Forget the run and free the lock, if it is ours."""
        if self._ours:
            self.state_path.unlink(missing_ok=True)
        self._file.close()

    def _read(self) -> dict[str, Any]:
        try:
            state = json.loads(self.state_path.read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}

    def _try_lock(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class _Signals:
    """Ask the process itself to end (celery then ends its children in order); kill its whole group."""

    def terminate(self, pid: int) -> None:
        _signal(os.kill, pid, signal.SIGTERM)

    def kill(self, pid: int) -> None:
        _signal(os.killpg, pid, signal.SIGKILL)


class Supervisor(Manager):  # type: ignore[misc]  # honcho has no types
    """honcho's manager: one child's end ends all; tells who started, survives a signal during the start."""

    def __init__(self, on_start: Callable[[list[int]], None]) -> None:
        super().__init__()
        self._procmgr = _Signals()
        self._on_start = on_start
        self._told = False

    def _system_print(self, data: str) -> None:
        """honcho's own remarks about processes; ours say what a person needs."""

    def terminate(self) -> None:
        if not self._all_started():  # honcho cannot stop a child whose pid it does not know yet
            threading.Timer(0.1, self.terminate).start()
            return
        if not self._terminating:
            sys.stdout.write("\n正在停止 …\n")
            sys.stdout.flush()
        super().terminate()

    def _all_started(self) -> bool:
        started = bool(super()._all_started())
        if started and not self._told:
            self._told = True
            self._on_start([process["pid"] for process in self._processes.values()])
        return started


def commands(*, host: str, port: int) -> dict[str, list[str]]:
    """The three processes, by name. Absolute interpreter path: it tells our processes from others'."""
    python = sys.executable
    celery = [python, "-m", "celery", "--quiet", "-A", "liaison"]
    return {
        "web": [
            *(python, "-m", "granian", "--interface", "wsgi", "liaison.wsgi:application"),
            *("--host", host, "--port", str(port), "--workers", "1", "--blocking-threads", "8"),
            *("--no-ws", "--log-level", "error"),
        ],
        "worker": [
            *(*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ],
        # No pid file: a stale one would keep a killed beat from starting again.
        "beat": [*celery, "beat", "--loglevel", "WARNING", "--pidfile="],
    }


def supervise(
    processes: dict[str, list[str]],
    *,
    cwd: Path,
    on_start: Callable[[list[int]], None],
) -> int:
    """Run the processes until one ends or a signal (SIGINT, SIGTERM, SIGHUP) comes; return the exit code."""
    honcho.manager.KILL_WAIT = STOP_TIMEOUT  # a worker polls its broker every two seconds, and ends in about five
    supervisor = Supervisor(on_start)
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": QUIET_ABOUT_ROOT}
    for name, command in processes.items():
        supervisor.add_process(name, f"exec {shlex.join(command)}", env=environment, cwd=str(cwd))
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    supervisor.loop()
    return int(supervisor.returncode or 0)


def port_is_free(host: str, port: int) -> bool:
    """Whether a server may listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def wait_until_answers(url: str, *, timeout: float) -> bool:
    """Poll `url` until it answers 200; False after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  (our own http address)
                if answer.status == 200:
                    return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def stop_groups(groups: list[int]) -> bool:
    """Stop what is left of the given process groups, as far as it is ours; True when something was."""
    alive = [group for group in groups if _ours(group)]
    for how in (signal.SIGTERM, signal.SIGKILL):
        for group in alive:
            _signal(os.killpg, group, how)
        deadline = time.monotonic() + LEFTOVER_TIMEOUT
        while any(_ours(group) for group in alive) and time.monotonic() < deadline:
            time.sleep(0.1)
    return bool(alive)


def _signal(send: Callable[[int, int], None], whom: int, what: signal.Signals) -> None:
    try:
        send(whom, what)
    except ProcessLookupError:
        pass  # it has just ended


def _ours(group: int) -> bool:
    """Whether the group has a live process run by this checkout's interpreter: numbers are used again."""
    return any(pgid == group and sys.executable in command for pgid, command in _process_table())


def _is_supervisor(pid: int) -> bool:
    try:
        os.kill(pid, 0) if pid > 0 else None
        group = os.getpgid(pid) if pid > 0 else -1
    except (ProcessLookupError, PermissionError):
        return False
    return any(pgid == group and "serve_all" in command for pgid, command in _process_table())


def _process_table() -> Iterator[tuple[int, str]]:
    """(process group, command line) of every live process."""
    if not Path("/proc/self/stat").exists():
        told = subprocess.run(["ps", "-axww", "-o", "pgid=,command="], capture_output=True, text=True, check=False)  # noqa: S607
        for line in told.stdout.splitlines():
            pgid, _, command = line.strip().partition(" ")
            yield int(pgid), command
        return
    for process in Path("/proc").glob("[0-9]*"):
        try:
            fields = (process / "stat").read_text().rpartition(")")[2].split()
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # it has just ended
        if fields[0] != "Z":
            yield int(fields[2]), command
