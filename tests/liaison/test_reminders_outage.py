"""After an outage: one notice a deadline and person that says so, and every threshold accounted for."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from liaison.models import Heartbeat, Notice, Organisation, Posting, Reminder
from liaison.permissions import Role
from liaison.selectors.reminder import SCAN_HEARTBEAT
from liaison.services.deadline import deadline_pause, deadline_resume
from liaison.services.reminder import ScanResult, reminders_scan
from tests.cast import Cast
from tests.clocks import KIND, SYSTEM, at, make_matter, open_until

pytestmark = pytest.mark.usefixtures("clock_kind")

DUE = dt.date(2026, 6, 12)  # a Friday


def scan(moment: dt.datetime) -> ScanResult:
    with time_machine.travel(moment, tick=False):
        return reminders_scan(now=moment)


@pytest.fixture
def matter(cast: Cast) -> Organisation:
    matter = make_matter(cast.regions["city"], "清理河道的事项")
    with time_machine.travel(at(2026, 4, 13, 9), tick=False):
        open_until(DUE, subject=matter, holder=cast.offices["unit"], supervisor=cast.offices["city_office"])
    return matter


def test_a_week_of_outage_gives_one_notice_that_says_so(cast: Cast, matter: Organisation) -> None:
    scan(at(2026, 6, 1, 17, 50))
    result = scan(at(2026, 6, 11, 9))
    assert (result.told, result.late) == (1, 1)
    notice = Notice.objects.get()
    assert notice.title == "明天到期：答复测试事项（补发）——清理河道的事项"
    assert notice.body == (
        "“答复测试事项”应于2026年6月12日24时前完成。"
        "系统曾中断（2026年6月1日17:50至2026年6月11日09:00），"
        "期间应发的提醒（提前10天、提前5天）合并为这一条，不再逐条补发。"
    )
    assert set(Reminder.objects.values_list("threshold", "notice_id")) == {(t, notice.pk) for t in (10, 5, 1)}
    assert scan(at(2026, 6, 11, 9, 10)).told == 0


def test_a_threshold_that_an_outage_only_delayed_says_so_too(matter: Organisation) -> None:
    scan(at(2026, 6, 1, 17, 50))
    assert scan(at(2026, 6, 4, 9)).late == 1
    assert "（提前10天）" in Notice.objects.get().body


def test_an_outage_over_the_due_day_tells_holder_and_supervisor_once(cast: Cast, matter: Organisation) -> None:
    for day in (2, 8, 11):
        scan(at(2026, 6, day, 9))
    before = Notice.objects.count()
    result = scan(at(2026, 7, 1, 9))
    assert (result.deadlines, result.told) == (1, 3)
    assert Notice.objects.count() == before + 3
    holder = Reminder.objects.filter(recipient=cast.user("unit"), notice__created_at__gte=at(2026, 6, 30))
    supervisor = Reminder.objects.filter(recipient=cast.user("insider"))
    assert set(holder.values_list("threshold", flat=True)) == {0, -1, -8, -15}
    assert set(supervisor.values_list("threshold", flat=True)) == {-1, -8, -15}
    body = Notice.objects.filter(recipient=cast.user("insider")).get().body
    assert "（超期第1天、超期第8天、超期第15天）" in body


def test_a_night_or_a_long_holiday_is_no_outage(matter: Organisation) -> None:
    scan(at(2026, 6, 2, 9))
    moment = at(2026, 6, 2, 10)
    while moment < at(2026, 6, 8, 9):
        scan(moment)
        moment += dt.timedelta(minutes=59)
    assert Notice.objects.count() == 2
    assert not Notice.objects.filter(body__contains="中断").exists()


def test_a_short_break_is_not_worth_a_word(matter: Organisation) -> None:
    scan(at(2026, 6, 2, 8, 20))
    assert (result := scan(at(2026, 6, 2, 9, 10))).told == 1
    assert result.late == 0


def test_what_was_opened_or_moved_meanwhile_missed_nothing(cast: Cast, matter: Organisation) -> None:
    with time_machine.travel(at(2026, 5, 20, 9), tick=False):
        deadline_pause(actor=SYSTEM, subject=matter, kind=KIND.code, reason="")
    scan(at(2026, 5, 25, 9))
    with time_machine.travel(at(2026, 6, 16, 9), tick=False):  # moves the due day to 9 July, a Thursday
        deadline_resume(actor=SYSTEM, subject=matter, kind=KIND.code, reason="")
        open_until(dt.date(2026, 6, 18), subject=make_matter(cast.regions["city"], "急事"), holder=cast.offices["unit"])
    result = scan(at(2026, 6, 16, 14))
    assert (result.told, result.late) == (1, 0)
    assert Notice.objects.get().title == "还剩2天：答复测试事项——急事"


def test_somebody_who_came_after_the_outage_is_not_told_of_it(cast: Cast, matter: Organisation) -> None:
    for day in (2, 8):
        scan(at(2026, 6, day, 9))
    Posting.objects.create(user=cast.user("nobody"), organisation=cast.offices["unit"], role=Role.HANDLER)
    scan(at(2026, 6, 11, 0, 10))
    assert scan(at(2026, 6, 11, 8, 30)).told == 2
    for name in ("unit", "nobody"):
        assert "中断" not in Notice.objects.filter(recipient=cast.user(name)).latest("id").body


def test_before_the_first_scan_ever_there_is_no_time_to_name(matter: Organisation) -> None:
    assert scan(at(2026, 6, 9, 9)).late == 1
    body = Notice.objects.get().body
    assert "系统曾中断，期间应发的提醒（提前10天、提前5天）合并为这一条" in body


def test_each_complete_scan_leaves_its_heartbeat(matter: Organisation) -> None:
    for moment in (at(2026, 6, 1, 9), at(2026, 6, 2, 9)):
        scan(moment)
        assert Heartbeat.objects.get(name=SCAN_HEARTBEAT).seen_at == moment
