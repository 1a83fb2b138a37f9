"""Exactly once: two scans at once, a scan that dies, a row that somebody else holds."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection, connections, transaction
from pytest_django.fixtures import DjangoAssertNumQueries

from liaison.models import Deadline, Delivery, Notice, Reminder
from liaison.services import reminder
from liaison.services.recompute import note_library
from liaison.services.reminder import ScanResult, reminders_scan
from tests.cast import Cast
from tests.clocks import KIND, SYSTEM, at, make_matter, open_until

pytestmark = pytest.mark.usefixtures("clock_kind")

NOW = at(2026, 6, 15, 9)  # a Monday


def scan() -> ScanResult:
    with time_machine.travel(NOW, tick=False):
        return reminders_scan(now=NOW)


def open_many(cast: Cast, number: int, *, due_on: dt.date = dt.date(2026, 6, 12)) -> None:
    with time_machine.travel(at(2026, 6, 11, 9), tick=False):
        for place in range(number):
            matter = make_matter(cast.regions["city"], f"事项{place}")
            open_until(
                due_on + dt.timedelta(days=place % 3 * 3),
                subject=matter,
                holder=cast.offices["unit"],
                supervisor=cast.offices["city_office"],
            )


def at_once(*workers: Callable[[], Any]) -> list[Any]:
    """Run these in threads with connections of their own; what they returned, or the first error."""
    results: list[Any] = [None] * len(workers)
    errors: list[BaseException] = []

    def run(place: int, worker: Callable[[], Any]) -> None:
        try:
            results[place] = worker()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, worker)) for place, worker in enumerate(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    if errors:
        raise errors[0]
    return results


def told_each() -> set[int]:
    """How often anybody was told of anything: ``{1}`` when exactly once."""
    rows = Reminder.objects.exclude(notice=None).values_list("deadline", "recipient", "notice")
    return set(Counter((deadline, recipient) for deadline, recipient, _ in set(rows)).values())


@pytest.mark.django_db(transaction=True)
def test_two_scans_at_once_tell_everybody_exactly_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    open_many(cast, 24)
    monkeypatch.setattr(reminder, "BATCH", 3)
    barrier = threading.Barrier(3)

    def worker() -> ScanResult:
        barrier.wait(timeout=20)
        return reminders_scan(now=NOW)

    results = at_once(worker, worker, worker)
    scan()  # what was skipped because another scan held it and the other did not get to
    people = 8 * 3 + 8 + 8  # overdue: the unit's and two of the office; due that day and later: the unit's
    assert sum(result.told for result in results) == people
    assert Notice.objects.count() == Delivery.objects.count() == people
    assert told_each() == {1}


@pytest.mark.django_db(transaction=True)
def test_a_reminder_that_another_transaction_is_inserting_is_waited_for(cast: Cast) -> None:
    """The unique constraint holds even where the row lock did not: both saw the deadline as untold."""
    open_many(cast, 1)
    deadline, unit = Deadline.objects.get(), cast.user("unit")
    inserted, may_commit = threading.Event(), threading.Event()

    def other() -> None:
        with transaction.atomic():
            Reminder.objects.create(deadline=deadline, due_on=deadline.due_on, threshold=-1, recipient=unit)
            inserted.set()
            assert may_commit.wait(timeout=20)

    def mine() -> ScanResult:
        assert inserted.wait(timeout=20)
        return reminders_scan(now=NOW)

    def referee() -> None:
        assert inserted.wait(timeout=20)
        with connection.cursor() as cursor:
            for _ in range(400):
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND wait_event_type = 'Lock' AND query LIKE 'INSERT%%liaison_reminder%%'"
                )
                if cursor.fetchone()[0]:
                    break
                threading.Event().wait(0.025)
            else:
                raise AssertionError("the scan did not wait")
        may_commit.set()

    _, result, _ = at_once(other, mine, referee)
    assert (result.told, result.supervisors) == (2, 2)
    assert not Notice.objects.filter(recipient=unit).exists()


@pytest.mark.django_db(transaction=True)
def test_a_deadline_that_somebody_is_changing_is_told_by_the_next_scan(cast: Cast) -> None:
    open_many(cast, 2)
    first = Deadline.objects.order_by("id")[0]

    def scan_meanwhile() -> ScanResult:
        return reminders_scan(now=NOW)

    with transaction.atomic():
        Deadline.objects.select_for_update().get(pk=first.pk)
        (result,) = at_once(scan_meanwhile)
    assert result.deadlines == 1
    assert scan().deadlines == 1
    assert told_each() == {1}


def test_a_scan_that_dies_in_a_batch_leaves_nothing_of_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    open_many(cast, 6, due_on=dt.date(2026, 6, 15))
    Deadline.objects.update(due_on=dt.date(2026, 6, 15), nominal_due=dt.date(2026, 6, 15))
    monkeypatch.setattr(reminder, "BATCH", 2)
    batches = []

    def die_in_the_second(*args: Any, **kwargs: Any) -> Any:
        batches.append(1)
        if len(batches) == 2:
            raise KeyboardInterrupt
        return notify_each(*args, **kwargs)

    notify_each = reminder.notify_each
    monkeypatch.setattr(reminder, "notify_each", die_in_the_second)
    with pytest.raises(KeyboardInterrupt):
        scan()
    assert Notice.objects.count() == 2
    monkeypatch.setattr(reminder, "notify_each", notify_each)
    assert scan().told == 4
    assert Notice.objects.count() == 6
    assert told_each() == {1}


@pytest.mark.parametrize("number", [2, 20])
def test_a_batch_needs_the_same_queries_for_two_and_for_twenty(
    cast: Cast, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    open_many(cast, number, due_on=dt.date(2026, 6, 12))
    note_library()
    left_to_recompute = 1 + 2 + 2 * 2  # release of the calendar, no batch of deadlines; two savepoints
    # calendar, rules, last scan; the batch: deadlines, people, numbers, reminders, subjects, notices,
    # deliveries, older thresholds; no second batch; heartbeat; and the savepoints of three transactions.
    with django_assert_num_queries(left_to_recompute + 3 + 8 + 1 + 1 + 6):
        assert scan().deadlines == number
    # Nothing new: calendar, rules, last scan, no batch, heartbeat, two savepoints.
    with django_assert_num_queries(left_to_recompute + 3 + 1 + 1 + 4):
        assert scan().deadlines == 0


def test_only_what_newly_reached_a_threshold_is_read(cast: Cast) -> None:
    """The index on the due day is walked; deadlines told before, and those far away, do not come to Python."""
    open_many(cast, 30)
    scan()
    far = make_matter(cast.regions["city"], "远期")
    open_until(dt.date(2026, 9, 1), subject=far, holder=cast.offices["unit"])
    with time_machine.travel(NOW, tick=False):
        new = make_matter(cast.regions["city"], "新事项")
        open_until(dt.date(2026, 6, 16), subject=new, holder=cast.offices["unit"], kind=KIND.code)
    result = scan()
    assert (result.batches, result.deadlines, result.told) == (1, 1, 1)
    assert SYSTEM.is_system
