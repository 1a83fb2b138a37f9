"""``manage.py remind`` runs one scan and says in Chinese what it did."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils.module_loading import import_string

from liaison import tasks
from liaison.celery import app
from liaison.models import Heartbeat, Notice
from liaison.services.holiday import holiday_add
from tests.cast import Cast
from tests.clocks import at, make_matter, open_until

pytestmark = pytest.mark.usefixtures("clock_kind")


def remind(moment: dt.datetime) -> list[str]:
    out = StringIO()
    with time_machine.travel(moment, tick=False):
        call_command("remind", stdout=out)
    return out.getvalue().splitlines()


def open_one(cast: Cast, due_on: dt.date, name: str = "事项") -> None:
    with time_machine.travel(at(2026, 6, 1, 9), tick=False):
        open_until(
            due_on,
            subject=make_matter(cast.regions["city"], name),
            holder=cast.offices["unit"],
            supervisor=cast.offices["city_office"],
        )


def test_it_says_that_there_was_nothing_to_say(cast: Cast) -> None:
    assert remind(at(2026, 6, 15, 9)) == ["2026年6月15日09:00 扫描完成。", "没有新的提醒要发。"]


def test_it_counts_what_it_sent(cast: Cast) -> None:
    remind(at(2026, 6, 12, 9))
    open_one(cast, dt.date(2026, 6, 12))
    open_one(cast, dt.date(2026, 6, 16), "急事")
    assert remind(at(2026, 6, 15, 8, 30)) == [
        "2026年6月15日08:30 扫描完成。",
        "发出提醒4条，涉及2件期限；其中给督办机构2条。",
    ]
    assert Notice.objects.count() == 4


def test_it_tells_of_an_outage_and_of_what_waits(cast: Cast) -> None:
    open_one(cast, dt.date(2026, 6, 12))
    open_one(cast, dt.date(2026, 6, 23), "远")
    assert remind(at(2026, 6, 13, 10)) == [
        "2026年6月13日10:00 扫描完成。",
        "没有新的提醒要发。",
        "另有2件等到合适的时间再提醒（最早2026年6月15日08:30），不在夜间和休息日打扰。",
    ]
    Heartbeat.objects.filter(name="remind").update(seen_at=at(2026, 6, 9, 9))
    assert "其中4条因系统曾中断而合并补发。" in remind(at(2026, 6, 16, 8, 30))


def test_it_tells_of_nobody_to_tell_and_of_moved_days(cast: Cast) -> None:
    with time_machine.travel(at(2026, 6, 1, 9), tick=False):
        open_until(dt.date(2026, 6, 16), subject=make_matter(cast.regions["city"], "无人机构"))
    day = dt.date(2026, 6, 16)
    holiday_add(actor=cast.actor("insider"), date=day, name="纪念日", is_off=True, source_url="https://www.gov.cn/x")
    lines = remind(at(2026, 6, 15, 9))
    assert "工作日历有改动，1件期限改了日期，已通知有关人员。" in lines
    assert "有1件期限没有可通知的人，请为责任单位分配经办或审核人员。" in lines


def test_the_beat_calls_tasks_that_exist_and_they_do_the_work(cast: Cast) -> None:
    for entry in app.conf.beat_schedule.values():
        assert import_string(entry["task"]).name == entry["task"]
    open_one(cast, dt.date(2026, 6, 16))
    with time_machine.travel(at(2026, 6, 15, 9), tick=False):
        tasks.remind()
        tasks.deliver_notices()
        tasks.heartbeat()
    assert Notice.objects.get().deliveries.get().status == "sent"
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"beat", "remind"}
