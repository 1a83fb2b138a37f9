"""The pages of activities: lists in few queries, the month, inviting, replying, the grid, reminders, calendars."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from deputies.models import Activity, ActivityPart, ActivityReminder, CalendarFeed, Mandate, Person
from deputies.services.activity import activity_cancel, activity_edit
from deputies.services.activity_reminder import activities_tick
from deputies.services.calendar_feed import feed_renew, feed_stop
from deputies.states import ActivityStatus
from deputies.views import calendar_feed
from liaison.calendar import SHANGHAI
from liaison.clock import moved_to
from liaison.limits import Limit
from liaison.models import Notice
from tests.cast import Cast
from tests.deputies import activities, contacts, open_stations
from tests.deputies.factories import make_mandates
from tests.filemakers import png

pytestmark = pytest.mark.django_db


def local(day: int, hour: int) -> dt.datetime:
    return (timezone.localtime() + dt.timedelta(days=day)).replace(hour=hour, minute=0, second=0, microsecond=0)


def test_lists_and_record_ask_the_same_number_of_queries_for_few_and_many(cast: Cast) -> None:
    def asked(path: str, name: str) -> int:
        with CaptureQueriesContext(connection) as context:
            assert cast.client(name).get(path).status_code == 200
        return len(context)

    first = activities.announced(cast)
    pages = [
        ("/activities/", "county_clerk"),
        (f"/activities/month/?month={timezone.localtime(first.starts_at):%Y-%m}", "county_clerk"),
        (first.get_absolute_url(), "county_clerk"),
        ("/activities/mine/", "deputy"),
    ]
    for path, name in pages:
        cast.client(name).get(path)
    few = [asked(path, name) for path, name in pages]
    for number in range(12):
        activities.announced(cast, title=f"第{number}次")
        person = Person.objects.create(name=f"代表{number}")
        mandate = Mandate.objects.create(
            person=person, congress=cast.congress, certificate_number=f"YY-9{number:03d}", profession_class="rural",
            home_prefix="430903", started_on=dt.date(2021, 12, 27),
        )  # fmt: skip
        ActivityPart.objects.create(activity=first, mandate=mandate, person=person, invited_by="hand")
    assert [asked(path, name) for path, name in pages] == few


def test_the_list_is_narrowed_by_the_address(cast: Cast) -> None:
    activities.planned(cast, title="水质调研")
    report = activities.planned(cast, title="听取报告", kind="hear_report", place="二楼")
    client = cast.client("county_clerk")
    body = client.get("/activities/?kind=hear_report&status=planned").content.decode()
    assert "听取报告" in body
    assert "水质调研" not in body
    assert report.get_absolute_url() in client.get("/search/?q=听取").content.decode()
    assert report.get_absolute_url() not in cast.client("stranger").get("/search/?q=听取").content.decode()
    assert "没有符合条件的活动" in client.get("/activities/?q=😀&since=2001-02-30").content.decode()


def test_a_recorded_activity_leads_to_the_duty_files_that_it_was_entered_in(cast: Cast) -> None:
    activity = activities.held(cast)
    url = reverse("duty:file", args=[cast.mandates["deputy"].public_id, activity.starts_at.year])
    assert url not in cast.client("county_clerk").get(activity.get_absolute_url()).content.decode()
    activities.record(cast, activity, {"deputy": {"opinions_heard": 2}})
    assert url in cast.client("county_clerk").get(activity.get_absolute_url()).content.decode()
    assert cast.client("county_clerk").get(url).status_code == 200


def test_the_screen_shows_the_code_who_is_here_and_a_way_to_sign_in_while_it_is_open(cast: Cast) -> None:
    activity = activities.running(cast)
    client, url = cast.client("county_clerk"), reverse("activities:code", args=[activity.public_id])
    assert "qr" not in client.get(url).context
    client.post(url)
    activity.refresh_from_db()
    page = client.get(url)
    assert activity.code in page.content.decode()
    assert page.context["qr"].size
    assert (page.context["came"], page.context["invited"]) == (0, 2)


def test_the_month_shows_an_activity_on_each_of_its_days(cast: Cast) -> None:
    starts_at = dt.datetime(2026, 9, 29, 9, tzinfo=SHANGHAI)
    activities.planned(cast, title="三天调研", starts_at=starts_at, ends_at=starts_at + dt.timedelta(days=2))
    body = cast.client("county_clerk").get("/activities/month/?month=2026-09").content.decode()
    assert body.count("三天调研") == 3 + 2  # the sheet to 1 October; the list of the month
    assert cast.client("county_clerk").get("/activities/month/?month=<script>").status_code == 200


def test_inviting_shows_whom_it_means_before_anybody_is_invited(cast: Cast) -> None:
    activity = activities.planned(cast)
    client, path = cast.client("county_clerk"), f"/activities/{activity.public_id}/invite/"
    body = client.get(path, {"levels": "city", "classes": ["rural", "professional"]}).content.decode()
    assert "将邀请2名代表" in body
    assert not activity.parts.exists()
    assert "至少选择一项" in client.post(path, {}).content.decode()
    response = client.post(path, {"levels": "city", "classes": ["rural", "professional"]})
    assert response.status_code == 302
    assert set(activity.parts.values_list("person__name", flat=True)) == {"李代表", "张旁观"}


def test_an_overlap_is_shown_with_a_box_to_go_on(cast: Cast) -> None:
    activities.announced(cast, title="清溪河巡查")
    facts = activities.facts()
    data = {
        "kind": "talk", "title": "<script>alert(1)</script>😀", "gathering": "single", "place": facts.place,
        "starts_at": f"{timezone.localtime(facts.starts_at):%Y-%m-%dT%H:%M}",
        "ends_at": f"{timezone.localtime(facts.ends_at):%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    client = cast.client("county_clerk")
    body = client.post("/activities/new/", data).content.decode()
    assert "清溪河巡查" in body
    assert 'type="checkbox" name="accept_overlap"' in body
    response = client.post("/activities/new/", data | {"accept_overlap": "on"}, follow=True)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;😀" in response.content.decode()


def test_a_deputy_answers_and_signs_in_on_the_phone(cast: Cast) -> None:
    activity = activities.announced(cast)
    client = cast.client("deputy")
    assert "请答复" in client.get("/activities/mine/").content.decode()
    path = f"/activities/{activity.public_id}/reply/"
    assert "请填写请假的原因" in client.post(path, {"reply": "not_going"}).content.decode()
    assert client.post(path, {"reply": "going"}, follow=True).status_code == 200
    assert "您已报名" in client.get(activity.get_absolute_url()).content.decode()
    now = activities.running(cast)
    cast.client("county_clerk").post(reverse("activities:code", args=[now.public_id]))
    now.refresh_from_db()
    signed = client.post(reverse("activities:sign_in", args=[now.public_id]), {"code": now.code}, follow=True)
    assert "您已签到" in signed.content.decode()


def test_the_grid_keeps_what_was_typed_and_two_tabs_do_not_overwrite_each_other(cast: Cast) -> None:
    activity = activities.held(cast)
    part = activities.part_of(activity, cast, "deputy").public_id
    client, path = cast.client("county_clerk"), f"/activities/{activity.public_id}/record/"
    data = {
        "happened": "看了取水口。", "finish": "1",
        f"{part}-opinions_heard": "1", f"{part}-answered_on_spot": "2", f"{part}-people_visited": "7",
    }  # fmt: skip
    response = client.post(path, data)
    body = response.content.decode()
    assert response.status_code == 422
    assert "听取的意见不能少于现场答复加转办" in body
    assert 'value="7"' in body
    done = client.post(path, data | {f"{part}-opinions_heard": "2"}, follow=True)
    assert "记录已完成" in done.content.decode()
    again = client.post(path, data | {f"{part}-opinions_heard": "2"})
    assert again.status_code == 409
    other = activities.held(cast, title="两个窗口")
    path = f"/activities/{other.public_id}/record/"
    version = client.get(path).context["form"]["version"].value()
    assert client.post(path, {"happened": "一", "keep": "1", "version": version}).status_code == 302
    assert client.post(path, {"happened": "二", "keep": "1", "version": version}).status_code == 409
    other.refresh_from_db()
    assert other.happened == "一"


def test_a_deputy_records_an_own_visit_with_a_picture(cast: Cast) -> None:
    begun = timezone.localtime() - dt.timedelta(hours=3)
    data = {
        "mandate": str(cast.mandates["deputy"].public_id), "kind": "visit", "title": "走访", "place": "高桥村",
        "starts_at": f"{begun:%Y-%m-%dT%H:%M}", "ends_at": f"{begun + dt.timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "happened": "走访五户。", "people_visited": "5", "pictures": SimpleUploadedFile("1.png", png()),
    }  # fmt: skip
    response = cast.client("deputy").post("/activities/own/new/", data, follow=True)
    assert "等赫山区人大常委会确认" in response.content.decode()
    assert Activity.objects.get().status == ActivityStatus.SUBMITTED
    assert "待确认的活动记录" in cast.client("county_clerk").get("/").content.decode()


def test_reminders_go_out_once_the_evening_before_and_again_for_a_new_day(cast: Cast) -> None:
    activity = activities.announced(cast, starts_at=local(2, 9), reply_by=local(2, 8))
    mine = Notice.objects.filter(recipient=cast.user("deputy"), kind="reminder")
    assert activities_tick(now=local(1, 12)).told == 2  # to be answered by tomorrow
    assert activities_tick(now=local(1, 3)).told == 0
    assert activities_tick(now=local(1, 18)).told == 2
    assert activities_tick(now=local(1, 18)).told == 0
    assert [notice.title[:5] for notice in mine.order_by("id")] == ["请答复是否", "请按时参加"]
    activity_edit(
        actor=cast.actor("county_clerk"),
        activity_id=activity.public_id,
        facts=activities.facts(starts_at=local(5, 9)),
    )
    assert activities_tick(now=local(4, 18)).told == 2
    assert ActivityReminder.objects.count() == 6


def test_an_activity_that_has_ended_waits_for_its_record_by_itself(cast: Cast) -> None:
    activity = activities.announced(cast)
    assert activities_tick(now=activity.ends_at - dt.timedelta(seconds=1)).held == 0
    with moved_to(activity.ends_at):
        assert activities_tick(now=activity.ends_at).held == 1
        assert activities_tick(now=activity.ends_at).held == 0
    assert "待记录的代表活动" in cast.client("county_clerk").get("/").content.decode()


def feed(secret: str) -> Calendar:
    response = Client().get(f"/calendar/feed/{secret}.ics")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return Calendar.from_ical(response.content)


def test_the_calendar_holds_own_activities_reception_days_and_sessions(cast: Cast) -> None:
    session = cast.session
    session.starts_on = session.ends_on = timezone.localdate() + dt.timedelta(days=30)
    session.save()
    station = open_stations.make_station(cast)
    open_stations.place(station, cast.mandates["deputy"])
    open_stations.rota(station, cast.mandates["deputy"])
    shown = activities.announced(cast, title="逗号,分号;\n换行\\", place="别处")
    activities.announced(cast, "cosigner", title="别人的")
    activities.invited(cast, title="还没有通知", place="三楼")
    secret = feed_renew(actor=cast.actor("deputy"))
    events = {str(event["summary"]): event for event in feed(secret).walk("vevent")}
    assert len(events) == 3
    event = events["逗号,分号;\n换行\\"]
    assert event["dtstart"].dt == shown.starts_at
    assert event["dtstart"].to_ical().endswith(b"Z")
    assert (event["status"], event["sequence"]) == ("TENTATIVE", 0)
    assert events[str(session)]["dtend"].dt == session.ends_on + dt.timedelta(days=1)
    activity_cancel(actor=cast.actor("county_clerk"), activity_id=shown.public_id, reason="防汛")
    cancelled = next(one for one in feed(secret).walk("vevent") if one["uid"] == event["uid"])
    assert (cancelled["status"], cancelled["sequence"]) == ("CANCELLED", 1)


def test_a_renewed_address_stops_the_old_one_at_once_and_only_a_hash_is_kept(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = cast.client("deputy").post("/calendar/feed/")
    old = page.context["address"].rpartition("/")[2].removesuffix(".ics")
    kept = CalendarFeed.objects.get()
    assert old[12:] not in {kept.locator, kept.key_digest}
    new = feed_renew(actor=cast.actor("deputy"))
    assert Client().get(f"/calendar/feed/{old}.ics").status_code == 404
    assert Client().get(f"/calendar/feed/{new[:-1]}.ics").status_code == 404
    assert feed(new)
    monkeypatch.setattr(calendar_feed, "READS_A_FEED", Limit("test-feed", 1, 3600))
    assert feed(new)
    assert Client().get(f"/calendar/feed/{new}.ics").status_code == 429
    feed_stop(actor=cast.actor("deputy"))
    monkeypatch.setattr(calendar_feed, "READS_A_FEED", Limit("test-feed", 9, 3600))
    assert Client().get(f"/calendar/feed/{new}.ics").status_code == 404


def test_the_invited_and_the_figures_of_many_stand_on_pages(cast: Cast) -> None:
    activity = activities.held(cast)
    mandates = make_mandates(cast.congresses["county"], 120)
    ActivityPart.objects.bulk_create(
        ActivityPart(
            activity=activity,
            mandate=mandate,
            person=mandate.person,
            invited_by="hand",
            attendance="list",
            attended_at=activity.starts_at,
            people_visited=2,
        )
        for mandate in mandates
    )
    client, address = cast.client("county_clerk"), activity.get_absolute_url()
    client.get(address)  # warm
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address)
    assert len(page.context["page"].items) == len(page.context["rows"]) == 50
    assert page.context["numbers"].invited == page.context["numbers"].came == 122
    assert "240" in page.content.decode()  # the sum is of all
    second = client.get(page.context["page"].next_url)
    third = client.get(second.context["page"].next_url)
    names = [part.person.name for one in (page, second, third) for part in one.context["page"].items]
    assert len(set(names)) == 122
    assert names == sorted(names)
    with CaptureQueriesContext(connection) as more:
        figures = client.get(f"{address}?view=figures")
    assert len(figures.context["rows"]) == 50
    assert len(client.get(figures.context["page"].next_url).context["rows"]) == 50
    assert len(more) <= len(queries)


def test_a_refusal_by_the_state_leads_back(cast: Cast) -> None:
    activity = activities.planned(cast)
    page = cast.client("county_clerk").get(f"{activity.get_absolute_url()}record/")
    assert page.status_code == 409
    assert f'href="{activity.get_absolute_url()}"' in page.content.decode()
    meeting = contacts.meeting(cast)
    report = meeting.reports.get()
    refused = cast.client("insider").get(reverse("voter_reports:question", args=[report.public_id]))
    assert refused.status_code in {400, 409, 422}
    assert f'href="{report.get_absolute_url()}"' in refused.content.decode()
    nobody = cast.client("unit").get(f"{activity.get_absolute_url()}record/")  # the page above is closed to it too
    assert nobody.status_code == 403
    assert "返回上一级" not in nobody.content.decode()
