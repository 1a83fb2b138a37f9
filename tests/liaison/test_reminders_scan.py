"""One scan: who is told what, once, and who is left in peace."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from liaison.models import Deadline, Delivery, Notice, Organisation, Posting, Reminder, ReminderRule, User
from liaison.models.notice import NoticeKind
from liaison.permissions import Role
from liaison.registry import SubjectType, registry
from liaison.services.deadline import deadline_cancel, deadline_meet, deadline_pause, deadline_resume
from liaison.services.reminder import ScanResult, reminders_scan
from tests.cast import Cast
from tests.clocks import KIND, SYSTEM, at, make_matter, open_until

pytestmark = pytest.mark.usefixtures("clock_kind")

DUE = dt.date(2026, 6, 12)  # a Friday; ten days before is a Tuesday, five days before a Sunday


@pytest.fixture
def matter(cast: Cast) -> Organisation:
    """关于…的事项, on which a deadline of the unit is open, supervised by the city office."""
    matter = make_matter(cast.regions["city"], "清理河道的事项")
    with time_machine.travel(at(2026, 4, 13, 9), tick=False):
        open_until(DUE, subject=matter, holder=cast.offices["unit"], supervisor=cast.offices["city_office"])
    return matter


def scan(moment: dt.datetime) -> ScanResult:
    with time_machine.travel(moment, tick=False):
        return reminders_scan(now=moment)


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(recipient=user).order_by("id").values_list("title", flat=True))


def scan_daily(first: dt.date, last: dt.date) -> list[int]:
    """A scan at night and one in the morning of each day; how many were told each day."""
    counts = []
    for number in range((last - first).days + 1):
        day = first + dt.timedelta(days=number)
        counts.append(sum(scan(at(day.year, day.month, day.day, hour)).told for hour in (1, 9)))
    return counts


def test_the_holder_is_told_at_each_threshold_and_weekly_when_overdue(cast: Cast, matter: Organisation) -> None:
    scan_daily(dt.date(2026, 6, 1), dt.date(2026, 6, 29))
    assert told(cast.user("unit")) == [
        "还剩10天：答复测试事项——清理河道的事项",
        "还剩4天：答复测试事项——清理河道的事项",  # five days before is a Sunday: Monday morning
        "明天到期：答复测试事项——清理河道的事项",
        "今天到期：答复测试事项——清理河道的事项",
        "已超3天：答复测试事项——清理河道的事项",  # the first day overdue is a Saturday
        "已超10天：答复测试事项——清理河道的事项",  # the next week's too
        "已超17天：答复测试事项——清理河道的事项",
    ]
    assert list(
        Reminder.objects.filter(recipient=cast.user("unit")).order_by("-threshold").values_list("threshold", flat=True)
    ) == [
        *(10, 5, 1, 0, -1, -8, -15),
    ]


def test_the_supervising_office_is_told_from_the_day_overdue(cast: Cast, matter: Organisation) -> None:
    scan_daily(dt.date(2026, 6, 1), dt.date(2026, 6, 12))
    assert told(cast.user("insider")) == []
    result = scan(at(2026, 6, 15, 9))
    assert (result.deadlines, result.told, result.supervisors) == (1, 3, 2)
    for name in ("insider", "approver"):
        assert told(cast.user(name)) == ["督办·已超3天：答复测试事项（益阳市生态环境局）——清理河道的事项"]
    for name in ("colleague", "system_admin", "auditor", "stranger", "other_unit", "deputy"):
        assert told(cast.user(name)) == []
    notice = Notice.objects.filter(recipient=cast.user("insider")).get()
    assert notice.body == "益阳市生态环境局的“答复测试事项”应于2026年6月12日24时前完成。现已超期3天，请督促办理。"
    assert not Reminder.objects.filter(recipient=cast.user("insider"), threshold__gte=0).exists()


def test_a_reminder_is_a_notice_with_a_link_and_a_mail(cast: Cast, matter: Organisation) -> None:
    scan(at(2026, 6, 2, 9))
    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind) == (cast.user("unit"), NoticeKind.REMINDER)
    assert notice.url == f"/matters/{matter.public_id}/"
    assert notice.body == "“答复测试事项”应于2026年6月12日24时前完成。"
    assert Delivery.objects.get().address == cast.user("unit").email
    assert Reminder.objects.get().notice == notice


def test_a_second_scan_tells_nobody_again(cast: Cast, matter: Organisation) -> None:
    assert scan(at(2026, 6, 2, 9)).told == 1
    again = scan(at(2026, 6, 2, 9))
    assert (again.told, again.batches) == (0, 0)
    assert Notice.objects.count() == Reminder.objects.count() == 1


def test_a_deputy_who_holds_a_deadline_is_told_in_person(cast: Cast) -> None:
    matter = make_matter(cast.regions["city"], "评价")
    open_until(DUE, subject=matter, holder_user=cast.user("deputy"), supervisor=cast.offices["city_office"])
    scan(at(2026, 6, 2, 9))
    assert told(cast.user("deputy")) == ["还剩10天：答复测试事项——评价"]
    assert Notice.objects.count() == 1


def test_somebody_who_holds_and_supervises_is_told_once(cast: Cast) -> None:
    matter = make_matter(cast.regions["city"], "自办事项")
    office = cast.offices["city_office"]
    open_until(DUE, subject=matter, holder=office, holder_user=cast.user("insider"), supervisor=office)
    assert scan(at(2026, 6, 15, 9)).supervisors == 0
    assert told(cast.user("insider")) == told(cast.user("approver")) == ["已超3天：答复测试事项——自办事项"]


def test_former_and_inactive_people_are_not_told(cast: Cast, matter: Organisation) -> None:
    gone, inactive = cast.user("other_unit"), cast.user("nobody")
    Posting.objects.create(user=gone, organisation=cast.offices["unit"], role=Role.HANDLER, ended_at=at(2027, 1, 1))
    Posting.objects.create(user=inactive, organisation=cast.offices["unit"], role=Role.APPROVER)
    User.objects.filter(pk=inactive.pk).update(is_active=False)
    open_until(DUE, subject=make_matter(cast.regions["city"], "代表的事"), holder_user=inactive)
    result = scan(at(2026, 6, 2, 9))
    assert (result.told, result.unreachable) == (1, 1)
    assert Notice.objects.get().recipient == cast.user("unit")


def test_a_deadline_without_people_is_told_as_soon_as_somebody_comes(cast: Cast) -> None:
    empty = make_matter(cast.regions["city"], "新设机构")
    open_until(DUE, subject=empty)
    assert scan(at(2026, 6, 2, 9)).unreachable == 1
    Posting.objects.create(user=cast.user("nobody"), organisation=empty, role=Role.HANDLER)
    assert scan(at(2026, 6, 3, 9)).told == 1
    assert told(cast.user("nobody")) == ["还剩9天：答复测试事项——新设机构"]


@pytest.mark.parametrize("end", ["met", "cancelled", "paused"])
def test_a_clock_that_does_not_run_is_silent(matter: Organisation, end: str) -> None:
    with time_machine.travel(at(2026, 6, 1, 9), tick=False):
        if end == "met":
            deadline_meet(actor=SYSTEM, subject=matter, kind=KIND.code)
        elif end == "cancelled":
            deadline_cancel(actor=SYSTEM, subject=matter, kind=KIND.code, reason="撤回")
        else:
            deadline_pause(actor=SYSTEM, subject=matter, kind=KIND.code, reason="待补充")
    assert [scan(at(2026, 6, day, 9)).told for day in (2, 8, 11, 12, 15, 22)] == [0] * 6


def test_a_deadline_that_moved_is_announced_anew_for_its_new_day(cast: Cast, matter: Organisation) -> None:
    scan(at(2026, 6, 2, 9))
    with time_machine.travel(at(2026, 6, 3, 9), tick=False):
        deadline_pause(actor=SYSTEM, subject=matter, kind=KIND.code, reason="")
    with time_machine.travel(at(2026, 6, 8, 9), tick=False):
        deadline_resume(actor=SYSTEM, subject=matter, kind=KIND.code, reason="")
    assert Deadline.objects.get().due_on == dt.date(2026, 6, 17)
    scan(at(2026, 6, 8, 10))
    assert told(cast.user("unit")) == [
        "还剩10天：答复测试事项——清理河道的事项",
        "还剩9天：答复测试事项——清理河道的事项",
    ]


def test_a_rule_of_staff_replaces_the_registered_thresholds(cast: Cast, matter: Organisation) -> None:
    ReminderRule.objects.create(kind=KIND.code, days_before=[3], overdue_every=3)
    scan_daily(dt.date(2026, 6, 1), dt.date(2026, 6, 22))
    assert told(cast.user("unit")) == [
        "还剩3天：答复测试事项——清理河道的事项",
        "已超3天：答复测试事项——清理河道的事项",  # Saturday's and Sunday's wait for Monday
        "已超4天：答复测试事项——清理河道的事项",
        "已超10天：答复测试事项——清理河道的事项",  # the seventh day is a holiday, the weekend follows
    ]


def test_kinds_of_different_rules_and_of_none_are_scanned_together(
    cast: Cast, matter: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from liaison.registry import DeadlineKind

    monkeypatch.setitem(registry.deadline_kinds, "early", DeadlineKind("early", "早提醒", "", thresholds=(30,)))
    open_until(DUE, subject=matter, kind="early", holder=cast.offices["unit"])
    gone = open_until(DUE, subject=make_matter(cast.regions["city"], "旧事项"), holder=cast.offices["unit"])
    Deadline.objects.filter(pk=gone.pk).update(kind="gone")
    assert scan(at(2026, 5, 13, 9)).told == 1
    assert scan(at(2026, 6, 2, 9)).told == 2
    assert told(cast.user("unit")) == [
        "还剩30天：早提醒——清理河道的事项",
        "还剩10天：答复测试事项——清理河道的事项",
        "还剩10天：办理期限——旧事项",
    ]


def test_a_provisional_day_says_so(cast: Cast, matter: Organisation) -> None:
    Deadline.objects.update(provisional=True)
    scan(at(2026, 6, 12, 0, 10))
    scan(at(2026, 6, 12, 8, 30))
    assert Notice.objects.get().body == (
        "“答复测试事项”应于2026年6月12日24时前完成。今天到期，请今天办结。当年放假通知尚未公布，这个日期是暂定的。"
    )


def test_a_subject_that_nobody_registers_or_that_fails_stops_no_reminder(
    cast: Cast, matter: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(organisation: Organisation) -> str:
        raise ValueError(organisation)

    broken = SubjectType("liaison.Organisation", "事项", Organisation.objects.visible_to, fail, fail)
    monkeypatch.setitem(registry.subjects, "liaison.organisation", broken)
    scan(at(2026, 6, 2, 9))
    monkeypatch.delitem(registry.subjects, "liaison.organisation")
    scan(at(2026, 6, 8, 9))
    assert list(Notice.objects.order_by("id").values_list("title", "url")) == [
        ("还剩10天：答复测试事项", ""),
        ("还剩4天：答复测试事项", ""),
    ]


def test_at_night_and_on_days_off_nobody_is_told(cast: Cast, matter: Organisation) -> None:
    for moment in (at(2026, 6, 2, 0, 5), at(2026, 6, 2, 8, 20), at(2026, 6, 6, 10), at(2026, 6, 7, 10)):
        assert scan(moment).told == 0
    assert scan(at(2026, 6, 8, 8, 30)).told == 1


def test_before_a_monday_due_day_it_is_said_on_sunday(cast: Cast) -> None:
    monday = dt.date(2026, 6, 8)
    open_until(monday, subject=make_matter(cast.regions["city"], "周一到期"), holder=cast.offices["unit"])
    scan(at(2026, 6, 3, 9))
    assert scan(at(2026, 6, 6, 10)).told == 0
    assert scan(at(2026, 6, 7, 8, 40)).told == 1
    assert told(cast.user("unit"))[-1] == "明天到期：答复测试事项——周一到期"
