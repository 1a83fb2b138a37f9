"""Reminders by a real worker: exactly once, whatever happens to the worker and to the broker."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from django.db import connection

from liaison.actor import system_actor
from liaison.models import Delivery, Heartbeat, Notice, Organisation, Reminder
from liaison.models.deadline import PeriodUnit
from liaison.permissions import OrganisationKind
from liaison.services.deadline import deadline_open
from liaison.services.reminder import reminders_scan
from tests.cast import Cast
from tests.clocks import at
from tests.worker.conftest import Workshop, running

pytestmark = pytest.mark.worker

MONDAY = at(2026, 6, 15, 9)
KIND = "suggestion_answer"  # registered in the worker too
MANY = 40


@pytest.fixture
def deadlines(cast: Cast) -> int:
    """Deadlines of the unit, overdue since Saturday; the city office (two people) supervises. How many are told."""
    with time_machine.travel(at(2026, 6, 1, 9), tick=False):
        for number in range(MANY):
            subject = Organisation.objects.create(
                name=f"事项{number}", kind=OrganisationKind.UNIT, region=cast.regions["city"]
            )
            deadline_open(
                actor=system_actor(),
                subject=subject,
                kind=KIND,
                unit=PeriodUnit.DATE,
                fixed_on=dt.date(2026, 6, 12),
                holder=cast.offices["unit"],
                supervisor=cast.offices["city_office"],
            )
    # The last scan before: no outage to speak of.
    Heartbeat.objects.create(name="remind", seen_at=MONDAY - dt.timedelta(minutes=40))
    return 3 * MANY


def assert_each_told_once(people: int) -> None:
    told = Counter(Reminder.objects.filter(threshold=-1).values_list("deadline", "recipient"))
    assert len(told) == people
    assert set(told.values()) == {1}
    assert Notice.objects.count() == people
    notices = Counter(Notice.objects.values_list("recipient__username", flat=True))
    assert set(notices.values()) == {MANY}


@contextmanager
def slow_notices() -> Iterator[None]:
    """Each notice takes a twentieth of a second, so that there is a middle of the batch to be killed in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_sleep(0.05); RETURN NEW; END $$"
        )
        cursor.execute("CREATE TRIGGER slowly BEFORE INSERT ON liaison_notice FOR EACH ROW EXECUTE FUNCTION slowly()")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER slowly ON liaison_notice")
            cursor.execute("DROP FUNCTION slowly")


def test_two_workers_and_many_calls_tell_everybody_once(workshop: Workshop, deadlines: int) -> None:
    workshop.send(*["remind"] * 6)
    workshop.start(MONDAY)
    workshop.start(MONDAY)
    workshop.wait(lambda: Notice.objects.count() >= deadlines, why="reminders")
    before = Heartbeat.objects.get(name="remind").seen_at
    workshop.send("remind", "heartbeat")
    workshop.wait(lambda: Heartbeat.objects.filter(name="beat").exists(), why="heartbeat")
    workshop.wait(lambda: Heartbeat.objects.get(name="remind").seen_at > before, why="another scan")
    assert_each_told_once(deadlines)


def test_a_worker_killed_in_the_middle_of_a_batch_leaves_nothing_half_done(workshop: Workshop, deadlines: int) -> None:
    with slow_notices():
        worker = workshop.start(MONDAY)
        workshop.send("remind")
        workshop.wait(lambda: running('INSERT INTO "liaison_notice"'), why="the middle of the batch")
        workshop.kill(worker)
        workshop.wait(lambda: not running("INSERT"), why="the end of the dead worker's statement")
        assert not Reminder.objects.exists()
        assert not Notice.objects.exists()
    workshop.start(MONDAY)
    workshop.send("remind", "remind")
    workshop.wait(lambda: Notice.objects.count() >= deadlines, why="reminders")
    workshop.send("deliver_notices")
    workshop.wait(lambda: not Delivery.objects.exclude(status="sent").exists(), why="mail")
    assert_each_told_once(deadlines)
    assert workshop.mails.count("Subject:") == deadlines


def test_an_emptied_broker_loses_no_reminder_and_no_mail(workshop: Workshop, deadlines: int) -> None:
    with time_machine.travel(MONDAY, tick=False):
        reminders_scan(now=MONDAY)  # asks for delivery, by a message that is lost
    workshop.send("remind", "deliver_notices")
    assert workshop.empty() == 2
    worker = workshop.start(MONDAY)
    workshop.send("heartbeat")
    workshop.wait(lambda: Heartbeat.objects.filter(name="beat").exists(), why="heartbeat")
    assert not Delivery.objects.exclude(status="queued").exists()
    workshop.kill(worker)
    workshop.start(MONDAY + dt.timedelta(minutes=10), beat=True)  # the next beat looks at the rows
    workshop.wait(lambda: not Delivery.objects.exclude(status="sent").exists(), why="mail")
    assert_each_told_once(deadlines)
    assert workshop.mails.count("Subject:") == deadlines


def test_a_week_without_worker_gives_one_notice_that_says_so(workshop: Workshop, deadlines: int) -> None:
    Heartbeat.objects.filter(name="remind").update(seen_at=at(2026, 6, 1, 17, 50))
    workshop.send(*["remind"] * 3)  # what the beat went on putting into the queue
    workshop.start(at(2026, 6, 22, 9), beat=True)
    workshop.wait(lambda: Notice.objects.count() >= deadlines, why="reminders")
    before = Heartbeat.objects.get(name="remind").seen_at
    workshop.wait(lambda: Heartbeat.objects.get(name="remind").seen_at > before, why="another scan")
    assert Notice.objects.count() == deadlines
    assert not Notice.objects.exclude(body__contains="系统曾中断（2026年6月1日17:50至2026年6月22日09:0").exists()
    # The holder's people: 10, 5, 1, 0, -1, -8; the supervisor's two: -1, -8.
    assert Reminder.objects.count() == MANY * (6 + 2 * 2)
    assert not Reminder.objects.filter(notice=None).exists()
