"""An activity from plan to ledger: staff plan, invite and announce it at the desk, a deputy answers and signs in on the
phone, staff record it, the ledger has it. And the pages of activities, looked at."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from deputies.models import Activity, ActivityKind, DutyEntry
from tests.cast import Cast
from tests.deputies import activities as made
from tests.e2e.browsing import PHONE, Visits, main, press, says
from tests.e2e.looking import PHONE_WIDTH, look

pytestmark = pytest.mark.e2e

TITLE = "梓山湖岸线专题调研"


def test_an_activity_goes_from_plan_to_ledger(visits: Visits, cast: Cast) -> None:
    clerk, deputy = visits.enter("county_clerk"), visits.enter("deputy", **PHONE)
    activity = plan(clerk)
    invite_and_announce(clerk, activity)
    answer(deputy)
    # the day has come: it began an hour ago
    move(activity, starts_at=timezone.now() - dt.timedelta(hours=1), ends_at=timezone.now() + dt.timedelta(hours=1))
    sign_in(deputy, activity, show_code(clerk, activity))
    move(activity, ends_at=timezone.now() - dt.timedelta(minutes=1))
    record(clerk, activity)
    entries = DutyEntry.objects.unscoped(reason="what the activity entered").filter(title=TITLE)
    assert {entry.activity_kind or entry.kind: int(entry.quantity) for entry in entries} == {
        "research": 1,
        "people_visited": 6,
        "opinion_heard": 3,
        "opinion_handed": 2,
    }
    assert {entry.mandate_id for entry in entries} == {cast.mandates["deputy"].pk}
    deputy.goto(activity.get_absolute_url())
    expect(main(deputy)).to_contain_text("看了三处岸线")
    expect(main(deputy)).to_contain_text("6人")


def plan(page: Page) -> Activity:
    page.goto("/activities/")
    page.get_by_role("link", name="新建活动").first.click()
    starts_at = timezone.localtime() + dt.timedelta(days=1)
    page.get_by_label("活动类别").select_option(label=ActivityKind.RESEARCH.label)
    page.get_by_label("名称", exact=True).fill(TITLE)
    page.get_by_label("开始时间").fill(f"{starts_at:%Y-%m-%dT09:00}")
    page.get_by_label("结束时间").fill(f"{starts_at:%Y-%m-%dT08:00}")
    page.get_by_label("地点", exact=True).fill("梓山湖公园北门")
    press(page, "保存")
    expect(main(page)).to_contain_text("结束时间要晚于开始时间")
    expect(page.get_by_label("地点", exact=True)).to_have_value("梓山湖公园北门")
    page.get_by_label("结束时间").fill(f"{starts_at:%Y-%m-%dT12:00}")
    press(page, "保存")
    says(page, "接下来邀请代表")
    return Activity.objects.get(title=TITLE)


def invite_and_announce(page: Page, activity: Activity) -> None:
    page.get_by_label("姓名或代表证号").fill("李代表、王附议")
    press(page, "查看名单")
    expect(page.get_by_role("heading", name="将邀请2名代表")).to_be_visible()
    press(page, "邀请这2名代表")
    says(page, "已邀请2名代表")
    page.get_by_role("link", name="通知代表").click()
    press(page, "通知")
    says(page, "已通知代表")


def answer(page: Page) -> None:
    page.goto("/activities/mine/")
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", name="您是否参加")).to_be_visible()
    press(page, "参加")
    says(page, "已报名")


def show_code(page: Page, activity: Activity) -> str:
    page.goto(activity.get_absolute_url())
    page.get_by_role("link", name="出示签到码").click()
    press(page, "出示签到码")
    expect(page.get_by_text("有效至")).to_be_visible()
    return page.locator(".bigcode").inner_text().strip()


def sign_in(page: Page, activity: Activity, code: str) -> None:
    page.goto(activity.get_absolute_url())
    page.get_by_role("link", name="输入签到码").click()
    page.get_by_label("签到码").fill("1234")
    press(page, "签到")
    expect(main(page)).to_contain_text("签到码不对")
    page.get_by_label("签到码").fill(code)
    press(page, "签到")
    says(page, "已签到")


def record(page: Page, activity: Activity) -> None:
    page.goto(activity.get_absolute_url())
    page.get_by_role("link", name="开始记录").click()
    press(page, "开始记录")
    page.get_by_label("开展情况").fill("看了三处岸线，走访六户。")
    page.get_by_label("李代表：走访群众（人）").fill("6")
    page.get_by_label("李代表：听取意见（件）").fill("3")
    page.get_by_label("李代表：转办（件）").fill("2")
    expect(page.locator("[data-sum]").nth(1)).to_have_text("6")
    press(page, "完成记录")
    says(page, "记录已完成")


def move(activity: Activity, **times: dt.datetime) -> None:
    with transaction.atomic():
        Activity.objects.unscoped(reason="time passes").filter(pk=activity.pk).update(**times)


def test_the_pages_of_activities_have_no_fault(visits: Visits, cast: Cast) -> None:
    with transaction.atomic():
        held, coming, own = (
            made.held(cast, title="看过的活动"),
            made.announced(cast, title="要看的活动"),
            made.own(cast),
        )
        running = made.running(cast)
    clerk, deputy = visits.enter("county_clerk"), visits.enter("deputy", **PHONE)
    key = "/activities/{}/{}"
    at_the_desk = [
        "/activities/",
        "/activities/month/",
        "/activities/new/",
        coming.get_absolute_url(),
        key.format(coming.public_id, "invite/?levels=city"),
        key.format(coming.public_id, "cancel/"),
        key.format(held.public_id, "record/"),
        key.format(held.public_id, "attendance/"),
        key.format(running.public_id, "code/"),
        own.get_absolute_url(),
    ]
    on_the_phone = [
        "/activities/mine/",
        "/activities/month/",
        "/activities/own/new/",
        coming.get_absolute_url(),
        key.format(coming.public_id, "reply/?reply=not_going"),
        held.get_absolute_url(),
        "/calendar/feed/",
    ]
    faults = []
    for path in at_the_desk:
        clerk.goto(path)
        faults += look(clerk)
    for path in on_the_phone:
        deputy.goto(path)
        faults += look(deputy, colours_at=PHONE_WIDTH)
    assert faults == []
