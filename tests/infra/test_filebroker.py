"""The queue directory loses no message and hands none out twice, however many write and read at once."""

from __future__ import annotations

import threading
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from liaison import filebroker

WRITERS, READERS, EACH = 3, 3, 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    filebroker.register()
    for name in ("queue", "control"):
        (tmp_path / name).mkdir()
    return tmp_path


def connect(folder: Path) -> Connection:
    queue, control = str(folder / "queue"), str(folder / "control")
    options = {"data_folder_in": queue, "data_folder_out": queue, "control_folder": control, "polling_interval": 0.01}
    return Connection("directory://localhost", transport_options=options)


def write(folder: Path, first: int) -> None:
    """Send as Celery does: to the queue's name by the default exchange."""
    with connect(folder) as connection:
        producer = connection.Producer()
        for number in range(first, first + EACH):
            producer.publish({"number": number}, routing_key="q")


def read(folder: Path, found: list[int], enough: threading.Event) -> None:
    with connect(folder) as connection, connection.SimpleQueue("q") as queue:
        while not enough.is_set():
            try:
                message = queue.get(timeout=0.2)
            except Empty:
                continue
            found.append(message.payload["number"])
            message.ack()
            if len(found) == WRITERS * EACH:
                enough.set()


def test_many_writers_and_readers_lose_nothing(folder: Path) -> None:
    found: list[int] = []
    enough = threading.Event()
    threads = [threading.Thread(target=read, args=(folder, found, enough)) for _ in range(READERS)]
    threads += [threading.Thread(target=write, args=(folder, n * EACH)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    assert enough.wait(60)
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(WRITERS * EACH))
    assert not list((folder / "queue").iterdir())


def test_messages_come_in_the_order_they_were_put(folder: Path) -> None:
    write(folder, 0)
    with connect(folder) as connection, connection.SimpleQueue("q") as queue:
        assert [queue.get(timeout=1).payload["number"] for _ in range(EACH)] == list(range(EACH))


def test_a_message_that_is_being_written_is_not_seen(folder: Path) -> None:
    (folder / "queue" / ".new_1_x.q.msg").write_text("")
    with connect(folder) as connection, connection.SimpleQueue("q") as queue, pytest.raises(Empty):
        queue.get(timeout=0.1)


def test_purge_and_size_count_what_waits(folder: Path) -> None:
    write(folder, 0)
    with connect(folder) as connection, connection.SimpleQueue("q") as queue:
        assert queue.qsize() == EACH
        assert queue.clear() == EACH
        assert queue.qsize() == 0
