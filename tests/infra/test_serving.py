"""`make run`: one at a time, orphans of a killed one are stopped, nobody else's processes are; work is not redone."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from liaison import serving
from liaison.models import Region, User
from liaison.models.region import RegionKind, RegionLevel
from liaison.preparing import Stamp
from liaison.serving import AlreadyRunning, RunLock

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def orphan() -> subprocess.Popen[bytes]:
    """A process of our interpreter in a group of its own, as honcho starts them."""
    return subprocess.Popen(SLEEP, start_new_session=True)


def test_a_second_run_is_told_where_the_first_one_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_is_supervisor", lambda pid: pid == os.getpid())
    first = RunLock(tmp_path)
    assert first.acquire() is False
    first.record("http://127.0.0.1:8000/", [])
    for _ in range(2):  # a refused run must not forget the one that serves
        other = RunLock(tmp_path)
        with pytest.raises(AlreadyRunning) as told:
            other.acquire()
        assert (told.value.url, told.value.pid) == ("http://127.0.0.1:8000/", os.getpid())
        other.release()
    first.release()
    after = RunLock(tmp_path)
    assert after.acquire() is False
    after.release()


def test_orphans_of_a_killed_run_are_stopped(tmp_path: Path, orphan: subprocess.Popen[bytes]) -> None:
    killed = RunLock(tmp_path)
    killed.acquire()
    killed.record("http://127.0.0.1:8000/", [orphan.pid])
    killed._file.close()  # what the kernel does
    again = RunLock(tmp_path)
    assert again.acquire() is True
    assert orphan.wait(5) != 0
    again.release()


def test_a_group_number_that_now_belongs_to_another_program_is_left_alone() -> None:
    other = subprocess.Popen(["sleep", "60"], start_new_session=True)
    assert serving.stop_groups([other.pid]) is False
    assert other.poll() is None
    other.kill()
    other.wait()


def test_a_damaged_note_of_the_last_run_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "serving.json").write_text("{half")
    lock = RunLock(tmp_path)
    assert lock.acquire() is False
    lock.release()


def test_a_taken_port_is_noticed() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert not serving.port_is_free("127.0.0.1", taken.getsockname()[1])
        port = taken.getsockname()[1]
    assert serving.port_is_free("127.0.0.1", port)


def test_waiting_for_an_answer_has_an_end() -> None:
    assert not serving.wait_until_answers("http://127.0.0.1:9/", timeout=0.3)


@pytest.mark.django_db
def test_serve_all_is_for_workstations_only() -> None:
    with pytest.raises(CommandError, match="workstation"):
        call_command("serve_all")


@pytest.fixture
def stamp(tmp_path: Path, db: None) -> Stamp:
    """A stamp in a database that looks prepared."""
    Region.objects.create(
        code="430000",
        prefix="43",
        name="湖南省",
        full_name="湖南省",
        level=RegionLevel.PROVINCE,
        kind=RegionKind.PROVINCE,
    )
    User.objects.create_user("somebody", name="某人")
    stamp = Stamp(demo=True)
    stamp.path = tmp_path / "prepared.json"
    return stamp


def test_a_preparation_is_not_repeated_while_nothing_changed(stamp: Stamp) -> None:
    assert not stamp.is_current()
    stamp.write()
    assert stamp.is_current()


def test_it_is_repeated_when_the_data_are_gone(stamp: Stamp) -> None:
    stamp.write()
    User.objects.all().delete()
    assert not stamp.is_current()


def test_it_is_repeated_when_the_code_changed(stamp: Stamp, monkeypatch: pytest.MonkeyPatch) -> None:
    stamp.write()
    monkeypatch.setattr("liaison.preparing._code", lambda: "other")
    assert not stamp.is_current()


def test_it_is_repeated_when_now_the_demo_is_wanted(stamp: Stamp) -> None:
    without = Stamp(demo=False)
    without.path = stamp.path
    without.write()
    assert not stamp.is_current()


def test_a_database_of_ones_own_is_always_prepared(stamp: Stamp) -> None:
    stamp.path = None
    stamp.write()
    assert not stamp.is_current()
