"""The embedded PostgreSQL: started once by many, found again after every kind of death, gone with its last user."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from liaison import embedded
from liaison.embedded import Cluster, EmbeddedPostgresError
from liaison.embedded.locks import is_free
from liaison.embedded.server import Server

ROOT = Path(__file__).resolve().parent.parent.parent
USE = f"""
import sys, time
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
import psycopg
from liaison import embedded
cluster = embedded.ensure_postgres(Path(sys.argv[1]), "t")
with psycopg.connect(host=str(cluster.socket_dir), user="liaison", dbname="liaison") as connection:
    print(connection.execute("SELECT pg_postmaster_start_time()").fetchone()[0], flush=True)
time.sleep(float(sys.argv[2]))
"""


def use(base: Path, seconds: float = 0) -> subprocess.Popen[str]:
    """A process that uses the cluster for a while and prints when its server was started."""
    return subprocess.Popen([sys.executable, "-c", USE, str(base), str(seconds)], stdout=subprocess.PIPE, text=True)


def select_one(cluster: Cluster) -> None:
    with psycopg.connect(host=str(cluster.socket_dir), user="liaison", dbname="liaison") as connection:
        connection.execute("SELECT 1")


def postmaster(base: Path) -> int | None:
    """Pid of the live server of the cluster, if there is one."""
    cluster = Cluster(base, "t")
    for data in (cluster.home / "data", cluster.remote_home / "data"):
        try:
            pid = int((data / "postmaster.pid").read_text().split()[0])
            os.kill(pid, 0)
        except (OSError, ValueError):
            continue
        return pid
    return None


def kill_keeper(base: Path) -> None:
    """Kill the keeper and wait until it is dead."""
    os.kill(keeper(base), signal.SIGKILL)
    while not is_free(Cluster(base, "t").home / "keeper.lock", fcntl.LOCK_EX):
        time.sleep(0.01)


def keeper(base: Path) -> int:
    """Pid of the cluster's keeper."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if os.fsencode(base) in command and any(b"embedded.keeper" in part for part in command):
            return int(process.name)
    raise AssertionError("no keeper")


@pytest.fixture
def base() -> Iterator[Path]:
    """A checkout's place that a server of any user can reach; pytest's own directories are for their owner only."""
    place = Path(tempfile.mkdtemp(prefix="liaison-test-", dir="/var/tmp"))
    place.chmod(0o755)
    yield place
    cluster = Cluster(place, "t")
    embedded.release(cluster)
    if cluster.home.exists():
        embedded.remove(place)
    assert postmaster(place) is None
    assert not cluster.socket_dir.exists()
    assert not cluster.remote_home.exists()
    shutil.rmtree(place)


def test_a_second_call_is_free_and_the_last_release_stops_the_server(base: Path) -> None:
    cluster = embedded.ensure_postgres(base, "t")
    select_one(cluster)
    begin = time.monotonic()
    assert embedded.ensure_postgres(base, "t") == cluster
    assert time.monotonic() - begin < 0.01
    embedded.release(cluster)
    assert embedded.wait_until_stopped(cluster)
    assert postmaster(base) is None


def test_processes_that_start_together_share_one_server(base: Path) -> None:
    started = {process.communicate()[0] for process in [use(base, 0.5) for _ in range(4)]}
    assert len(started) == 1
    assert embedded.wait_until_stopped(Cluster(base, "t"))


def test_the_server_stays_while_another_process_uses_it(base: Path) -> None:
    other = use(base, 30)
    assert other.stdout
    other.stdout.readline()
    cluster = embedded.ensure_postgres(base, "t")
    embedded.release(cluster)
    assert not embedded.wait_until_stopped(cluster, timeout=5)
    with pytest.raises(EmbeddedPostgresError, match="in use"):
        embedded.remove(base)
    assert postmaster(base)
    other.kill()
    other.communicate()
    assert embedded.wait_until_stopped(cluster)


def test_a_killed_user_leaves_no_server_behind(base: Path) -> None:
    process = use(base, 30)
    assert process.stdout
    process.stdout.readline()
    process.kill()
    process.communicate()
    assert embedded.wait_until_stopped(Cluster(base, "t"))
    assert postmaster(base) is None


def test_after_kill_9_of_everything_it_starts_again(base: Path) -> None:
    process = use(base, 30)
    assert process.stdout
    process.stdout.readline()
    pid = postmaster(base)
    assert pid
    kill_keeper(base)
    process.kill()
    process.communicate()
    os.kill(pid, signal.SIGKILL)
    select_one(embedded.ensure_postgres(base, "t"))


def test_a_killed_keeper_is_replaced(base: Path) -> None:
    cluster = embedded.ensure_postgres(base, "t")
    kill_keeper(base)
    embedded.release(cluster)
    assert embedded.wait_until_stopped(cluster)
    assert postmaster(base) is None


def test_a_stale_pid_file_with_the_number_of_another_process_is_no_obstacle(base: Path) -> None:
    cluster = embedded.ensure_postgres(base, "t")
    embedded.release(cluster)
    assert embedded.wait_until_stopped(cluster)
    data = Server.prepare(cluster).data
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n1\n5432\n{cluster.socket_dir}\n\n0 0\nready\n")
    select_one(embedded.ensure_postgres(base, "t"))


def test_data_survives_a_restart(base: Path) -> None:
    cluster = embedded.ensure_postgres(base, "t", fast_and_unsafe=False)
    with psycopg.connect(host=str(cluster.socket_dir), user="liaison", dbname="liaison") as connection:
        connection.execute("CREATE TABLE t AS SELECT 42 AS answer")
    embedded.release(cluster)
    assert embedded.wait_until_stopped(cluster)
    cluster = embedded.ensure_postgres(base, "t")
    with psycopg.connect(host=str(cluster.socket_dir), user="liaison", dbname="liaison") as connection:
        assert connection.execute("SELECT answer FROM t").fetchone() == (42,)


def test_a_long_path_with_spaces_and_chinese_works(base: Path) -> None:
    deep = base / ("很长 的 目录 " * 4).strip() / ("x" * 90)
    deep.mkdir(parents=True)
    cluster = embedded.ensure_postgres(deep, "t")
    assert len(str(cluster.socket_dir / ".s.PGSQL.5432")) < 100
    select_one(cluster)
    embedded.release(cluster)
    embedded.remove(deep)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts a server as another user")
def test_root_may_keep_the_checkout_to_itself(base: Path) -> None:
    closed = base / "closed"
    closed.mkdir(mode=0o700)
    cluster = embedded.ensure_postgres(closed, "t")
    select_one(cluster)
    assert cluster.remote_home.exists()
    embedded.release(cluster)
    embedded.remove(closed)
    assert not cluster.remote_home.exists()


def test_a_socket_directory_made_by_somebody_else_is_refused(base: Path) -> None:
    cluster = Cluster(base, "t")
    cluster.socket_dir.symlink_to(base)
    try:
        with pytest.raises(EmbeddedPostgresError, match="not ours"):
            embedded.ensure_postgres(base, "t")
    finally:
        cluster.socket_dir.unlink()


def test_computing_the_settings_starts_nothing(base: Path) -> None:
    settings = embedded.database_settings(base, "t")
    assert settings["HOST"] == str(Cluster(base, "t").socket_dir)
    assert not (base / "var").exists()
