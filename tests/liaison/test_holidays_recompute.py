"""When the table changes, open deadlines are computed anew, with history, and those concerned are told once."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
import time_machine
from django.db import connections, transaction
from pytest_django.fixtures import DjangoAssertNumQueries

from liaison.models import CalendarState, Deadline, Delivery, Notice, Organisation
from liaison.models.deadline import PeriodUnit
from liaison.models.notice import NoticeKind
from liaison.registry import registry
from liaison.selectors.calendar import work_calendar
from liaison.selectors.deadline_view import deadlines_of
from liaison.selectors.holiday import waiting_for_recompute
from liaison.services import recompute
from liaison.services.deadline import deadline_meet, deadline_open, deadline_pause
from liaison.services.holiday import holiday_add, holiday_edit, holidays_import
from liaison.services.recompute import deadlines_catch_up, note_library
from liaison.services.reminder import reminders_scan
from tests.cast import Cast
from tests.clocks import KIND, SYSTEM, at, make_matter, open_until

pytestmark = pytest.mark.usefixtures("clock_kind")

URL = "https://www.gov.cn/x"
DUE = dt.date(2026, 6, 10)  # a Wednesday


def day_off(cast: Cast, day: dt.date = DUE) -> None:
    holiday_add(actor=cast.actor("insider"), date=day, name="州庆日", is_off=True, source_url=URL)


def open_one(cast: Cast, name: str = "清理河道的事项", due_on: dt.date = DUE) -> Organisation:
    matter = make_matter(cast.regions["city"], name)
    open_until(due_on, subject=matter, holder=cast.offices["unit"], supervisor=cast.offices["county_office"])
    return matter


def test_an_open_deadline_moves_with_history_and_those_concerned_are_told(cast: Cast) -> None:
    matter = open_one(cast)
    day_off(cast)
    assert waiting_for_recompute() == 1
    assert deadlines_catch_up() == 1
    assert waiting_for_recompute() == 0
    (view,) = deadlines_of([matter])
    assert view.due_on == dt.date(2026, 6, 11)
    (change,) = view.changes
    assert (change.old_due, change.new_due, change.actor_name) == (DUE, dt.date(2026, 6, 11), "陈经办")
    assert change.reason == "工作日历更新：新增2026年6月10日州庆日休息"
    notices = Notice.objects.filter(kind=NoticeKind.DEADLINE)
    assert {notice.recipient for notice in notices} == {cast.user("unit"), cast.user("county_clerk")}
    assert Delivery.objects.count() == 2
    notice = notices[0]
    assert notice.title == "期限变更：答复测试事项由6月10日改为6月11日——清理河道的事项"
    assert notice.body == (
        "工作日历更新：新增2026年6月10日州庆日休息。“答复测试事项”的到期日由2026年6月10日改为2026年6月11日24时。"
        "提醒按新的日期发出。"
    )
    assert notice.url == f"/matters/{matter.public_id}/"


def test_a_second_run_changes_and_tells_nothing(cast: Cast) -> None:
    open_one(cast)
    day_off(cast)
    deadlines_catch_up()
    assert deadlines_catch_up() == 0
    assert Notice.objects.count() == 2
    assert Deadline.objects.get().changes.filter(act="recomputed").count() == 1


def test_a_deadline_that_stands_is_told_to_nobody_but_marked_as_done(cast: Cast) -> None:
    open_one(cast, due_on=dt.date(2026, 7, 1))
    day_off(cast)
    assert deadlines_catch_up() == 0
    assert Deadline.objects.get().calendar_version == 1
    assert not Notice.objects.exists()


def test_a_correction_taken_back_moves_the_day_back(cast: Cast) -> None:
    open_one(cast)
    day_off(cast)
    deadlines_catch_up()
    holiday_edit(actor=cast.actor("approver"), day=DUE, name="州庆日", is_off=False, source_url=URL)
    assert deadlines_catch_up() == 1
    assert Deadline.objects.get().due_on == DUE
    assert Notice.objects.filter(recipient=cast.user("unit")).count() == 2


def test_two_changes_at_once_move_it_once(cast: Cast) -> None:
    open_one(cast)
    day_off(cast)
    day_off(cast, dt.date(2026, 6, 11))
    assert deadlines_catch_up() == 1
    assert Deadline.objects.get().due_on == dt.date(2026, 6, 12)
    assert Notice.objects.filter(recipient=cast.user("unit")).count() == 1


def test_what_is_met_stays_and_what_is_paused_moves(cast: Cast) -> None:
    met, paused = open_one(cast, "已办"), open_one(cast, "暂停")
    with time_machine.travel(at(2026, 6, 1, 9), tick=False):
        deadline_meet(actor=SYSTEM, subject=met, kind=KIND.code)
        deadline_pause(actor=SYSTEM, subject=paused, kind=KIND.code, reason="")
    day_off(cast)
    assert deadlines_catch_up() == 1
    assert deadlines_of([met])[0].due_on == DUE
    assert deadlines_of([paused])[0].due_on == dt.date(2026, 6, 11)


def test_a_person_who_holds_a_deadline_is_told(cast: Cast) -> None:
    open_until(DUE, subject=make_matter(cast.regions["city"], "评价"), holder_user=cast.user("deputy"))
    day_off(cast)
    deadlines_catch_up()
    assert Notice.objects.get().recipient == cast.user("deputy")


def test_the_notice_of_a_year_ends_the_provisional_mark(cast: Cast) -> None:
    matter = make_matter(cast.regions["city"], "跨年")
    deadline_open(
        actor=SYSTEM,
        subject=matter,
        kind=KIND.code,
        unit=PeriodUnit.MONTHS,
        length=1,
        starts_on=dt.date(2026, 12, 2),
        holder=cast.offices["unit"],
    )
    assert Deadline.objects.get().provisional
    lines = [f"2027-01-0{day},元旦,1,2027,{URL}" for day in (1, 2, 3)]
    data = "\n".join(["date,name,is_off_day,paper_year,paper", *lines]).encode()
    holidays_import(actor=cast.actor("insider"), data=data)
    assert deadlines_catch_up() == 0
    deadline = Deadline.objects.get()
    assert (deadline.due_on, deadline.provisional) == (dt.date(2027, 1, 4), False)
    assert [step["name"] for step in deadline.steps] == ["元旦", "元旦"]


def test_a_scan_for_reminders_does_what_was_left(cast: Cast) -> None:
    """The broker was emptied: the day still moves before anybody is reminded of the old one."""
    open_one(cast)
    day_off(cast)
    with time_machine.travel(at(2026, 6, 10, 9), tick=False):
        assert reminders_scan(now=at(2026, 6, 10, 9)).recomputed == 1
    assert not Notice.objects.filter(kind=NoticeKind.REMINDER, title__startswith="今天到期").exists()


def test_the_task_is_called_after_the_commit(
    cast: Cast, django_capture_on_commit_callbacks: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    from liaison import tasks

    calls: list[int] = []
    monkeypatch.setattr(tasks.recompute_deadlines, "delay", lambda: calls.append(1))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        day_off(cast)
        assert calls == []
    assert calls == [1]
    open_one(cast)
    tasks.recompute_deadlines()


def test_upper_packages_hear_of_each_moved_deadline(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[dt.date] = []
    monkeypatch.setattr(registry, "deadline_recomputed", [lambda deadline: heard.append(deadline.due_on)])
    open_one(cast)
    open_one(cast, "不变", dt.date(2026, 7, 1))
    day_off(cast)
    deadlines_catch_up()
    assert heard == [dt.date(2026, 6, 11)]


def test_a_run_that_dies_goes_on_where_it_was(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in range(5):
        open_one(cast, f"事项{place}")
    day_off(cast)
    monkeypatch.setattr(recompute, "BATCH", 2)
    tell = recompute.notify_each
    calls: list[int] = []

    def die_in_the_second(*args: object, **kwargs: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return tell(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(recompute, "notify_each", die_in_the_second)
    with pytest.raises(KeyboardInterrupt):
        deadlines_catch_up()
    assert waiting_for_recompute() == 3
    monkeypatch.setattr(recompute, "notify_each", tell)
    assert deadlines_catch_up() == 3
    assert Notice.objects.filter(recipient=cast.user("unit")).count() == 5


@pytest.mark.django_db(transaction=True)
def test_a_deadline_opened_while_the_table_changes_is_not_missed(cast: Cast) -> None:
    """It read the old table, and commits after the change and after its run: the version tells."""
    matter = make_matter(cast.regions["city"], "同时")
    has_read, may_commit = threading.Event(), threading.Event()

    def open_slowly() -> None:
        with transaction.atomic():
            calendar = work_calendar()
            has_read.set()
            assert may_commit.wait(timeout=20)
            open_until(DUE, subject=matter, holder=cast.offices["unit"], calendar=calendar)
        connections.close_all()

    thread = threading.Thread(target=open_slowly)
    thread.start()
    assert has_read.wait(timeout=20)
    day_off(cast)
    assert deadlines_catch_up() == 0
    may_commit.set()
    thread.join(timeout=20)
    assert Deadline.objects.get().due_on == DUE
    assert waiting_for_recompute() == 1
    assert deadlines_catch_up() == 1
    assert Deadline.objects.get().due_on == dt.date(2026, 6, 11)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_tell_everybody_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in range(12):
        open_one(cast, f"事项{place}")
    day_off(cast)
    monkeypatch.setattr(recompute, "BATCH", 3)
    barrier = threading.Barrier(2)

    def run() -> None:
        barrier.wait(timeout=20)
        deadlines_catch_up()
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    deadlines_catch_up()
    assert Notice.objects.filter(recipient=cast.user("unit")).count() == 12
    assert set(Deadline.objects.values_list("due_on", flat=True)) == {dt.date(2026, 6, 11)}


@pytest.mark.django_db(transaction=True)
def test_changes_of_the_table_come_one_after_the_other(cast: Cast) -> None:
    actors = [cast.actor("insider"), cast.actor("approver")]
    barrier = threading.Barrier(2)

    def change(place: int) -> None:
        barrier.wait(timeout=20)
        for number in range(5):
            day = dt.date(2026, 6, 1 + place * 10 + number)
            holiday_add(actor=actors[place], date=day, name="x", is_off=True, source_url=URL)
        connections.close_all()

    threads = [threading.Thread(target=change, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert CalendarState.objects.get().version == 10


def test_a_new_release_of_the_packaged_calendar_is_a_change(cast: Cast) -> None:
    assert note_library("1.10.0") is False, "the first release seen is what everything was computed by"
    matter = open_one(cast)
    Deadline.objects.update(due_on=dt.date(2026, 6, 9), nominal_due=dt.date(2026, 6, 9))
    assert note_library("1.10.0") is False
    assert note_library("1.11.0") is True
    assert CalendarState.objects.get().version == 1
    assert deadlines_catch_up() == 1
    (change,) = deadlines_of([matter])[0].changes
    assert (change.actor_name, change.reason) == ("系统", "工作日历更新：内置节假日数据更新至1.11.0")


@pytest.mark.parametrize("number", [2, 20])
def test_a_batch_needs_the_same_queries_for_two_and_for_twenty(
    cast: Cast, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for place in range(number):
        open_one(cast, f"事项{place}", DUE if place % 2 else dt.date(2026, 7, 1))
    note_library()
    day_off(cast)
    # Release seen; a batch: calendar, deadlines, whose change, new dates, versions, history, people, subjects,
    # notices, deliveries; a second, empty batch: calendar, deadlines; and the savepoints of three transactions.
    with django_assert_num_queries(1 + 10 + 2 + 6):
        assert deadlines_catch_up() == number // 2
