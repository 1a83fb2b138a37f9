"""Deputies speak for people: from an opinion to the hotline and back to the person, step by step, none twice."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed
from liaison.models import Deadline, Notice
from suggestions.models import HotlineEvent, HotlineReport, HotlineSettings, Opinion
from suggestions.services.hotline_link import order_make_opinion
from suggestions.services.hotline_report import opinion_report, report_direct, report_judge, report_pass
from suggestions.services.opinion import opinion_prepare_hotline, opinion_recall
from suggestions.states import OpinionStatus
from suggestions.states_hotline import ReportStatus
from tests.cast import Cast
from tests.suggestions.hotline import REPORT, REPORTS, Hotline, make_hotline, reported
from tests.suggestions.opinions import Scene, build_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return build_scene(cast)


@pytest.fixture
def hotline(cast: Cast) -> Hotline:
    return make_hotline(cast)


def _clocks(report: HotlineReport) -> dict[str, str]:
    return {
        one.kind: "met" if one.met_at else "cancelled" if one.cancelled_at else "open"
        for one in report.deadlines.order_by("id")
    }


def test_staff_hand_over_goes_there_in_one_act_where_the_hotline_is_connected(scene: Scene, cast: Cast) -> None:
    alone = scene.received("村里的井盖松动了。")
    kept = opinion_prepare_hotline(actor=scene.clerk, public_id=alone.public_id, version=None, text="请修。")
    assert (kept.status, HotlineReport.objects.exists()) == (OpinionStatus.HOTLINE, False)

    hotline = make_hotline(cast)
    opinion = scene.received(phone="13973712345")
    with pytest.raises(InvalidInput) as refused:  # without title and kind nothing goes, and nothing is half done
        opinion_prepare_hotline(actor=scene.clerk, public_id=opinion.public_id, version=None, text="路灯坏了。")
    assert set(refused.value.fields) == {"title", "kind"}
    assert Opinion.objects.get(pk=opinion.pk).status == OpinionStatus.RECEIVED
    opinion_prepare_hotline(
        actor=scene.clerk, public_id=opinion.public_id, version=None, text="路灯坏了。", report=REPORT
    )
    (item,) = hotline.send("GET", REPORTS).json()["items"]
    assert (item["title"], item["person"]["phone"], item["region_code"]) == (
        REPORT["title"],
        "13973712345",
        "430903101",
    )
    assert item["allowed_events"] == ["accepted", "not_accepted"]


def test_a_deputys_report_goes_the_whole_way_and_the_person_is_told(scene: Scene, hotline: Hotline) -> None:
    report = reported(hotline, scene)
    assert Opinion.objects.get().status == OpinionStatus.HOTLINE
    hotline.lead(report, "accepted", "dispatched", "signed")
    assert _clocks(report) == {"hotline_return": "met", "hotline_reply": "open"}
    hotline.tell(report, "replied", words="路灯已修好。")
    report.refresh_from_db()
    assert (report.status, report.result, _clocks(report)["hotline_reply"]) == ("replied", "路灯已修好。", "met")
    assert Notice.objects.filter(title__startswith="热线已反馈", recipient__username="deputy").exists()

    report_pass(actor=scene.deputy, public_id=report.public_id, version=report.version, text="路灯修好了，请放心。")
    opinion = Opinion.objects.get()
    assert (opinion.status, opinion.route, opinion.result) == ("answered", "hotline", "路灯修好了，请放心。")
    assert opinion.tell_since is not None  # who left a number is phoned, as with any answer
    report_judge(actor=scene.deputy, public_id=report.public_id, version=None, solved=True)
    hotline.lead(report, "called_back", "finished")
    shown = hotline.send("GET", f"{REPORTS}/{report.public_id}").json()
    assert (shown["status"], shown["solved"]) == ("finished", True)
    assert [one["kind"] for one in shown["events"]] == [
        "accepted", "dispatched", "signed", "replied", "called_back", "finished",
    ]  # fmt: skip


def test_an_event_told_twice_is_one_and_its_id_is_used_once(scene: Scene, hotline: Hotline) -> None:
    report = reported(hotline, scene)
    event = {"event_id": "e-1", "at": timezone.now().isoformat()}
    assert hotline.tell(report, "accepted", **event).status_code == 201
    again = hotline.tell(report, "accepted", **event)
    assert (again.status_code, HotlineEvent.objects.count()) == (200, 1)
    other = hotline.tell(report, "dispatched", **event)
    assert (other.status_code, other.json()["code"]) == (409, "event_id_reused")


def test_a_step_out_of_order_is_refused_and_the_open_ones_are_named(scene: Scene, hotline: Hotline) -> None:
    report = reported(hotline, scene)
    early = hotline.tell(report, "replied", words="办好了。")
    assert (early.status_code, early.json()["code"]) == (409, "illegal_step")
    assert "accepted、not_accepted" in early.json()["errors"][0]["detail"]
    assert (early.json()["present"], early.json()["allowed"]) == ("submitted", ["accepted", "not_accepted"])
    report.refresh_from_db()
    assert (report.status, HotlineEvent.objects.exists()) == (ReportStatus.SUBMITTED, False)


def test_events_say_what_they_must(scene: Scene, hotline: Hotline) -> None:
    report = hotline.lead(reported(hotline, scene), "accepted", "dispatched", "signed")
    late = (timezone.now() + dt.timedelta(hours=1)).isoformat()
    for kind, values, pointer in (
        ("replied", {"words": ""}, "/words"),
        ("extended", {"words": "要勘查"}, "/until"),
        ("extended", {"words": "要勘查", "until": "2020-01-01"}, "/until"),
        ("replied", {"words": "好", "at": late}, "/at"),
        ("replied", {"words": "好", "colour": "red"}, "/colour"),
    ):
        answer = hotline.tell(report, kind, **values)
        assert answer.status_code == 400
        assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


def test_the_limits_are_those_agreed_and_an_extension_moves_them(scene: Scene, hotline: Hotline) -> None:
    HotlineSettings.objects.create(client=hotline.client, complex_working_days=12)
    plain = hotline.lead(reported(hotline, scene), "accepted", "dispatched", "signed")
    hard = hotline.lead(reported(hotline, scene, is_complex=True), "accepted", "dispatched", "signed")
    lengths = [one.deadlines.get(kind="hotline_reply").length for one in (plain, hard)]
    assert lengths == [5, 12]
    until = timezone.localdate() + dt.timedelta(days=30)
    assert hotline.tell(hard, "extended", words="要勘查", until=until.isoformat()).status_code == 201
    clock = Deadline.objects.open().get(hotline_report=hard)
    assert (clock.nominal_due, clock.kind) == (until, "hotline_reply")
    hotline.lead(plain, "returned")
    assert _clocks(plain) == {"hotline_return": "met", "hotline_reply": "cancelled"}


def test_what_the_hotline_does_not_take_goes_back_to_be_sorted(scene: Scene, hotline: Hotline) -> None:
    report = reported(hotline, scene)
    hotline.tell(report, "not_accepted", words="属于供电公司抢修，请拨打95598。")
    opinion = Opinion.objects.get()
    assert (opinion.status, opinion.route) == (OpinionStatus.RECEIVED, "")
    assert HotlineReport.objects.get().reason == "属于供电公司抢修，请拨打95598。"
    again = opinion_report(
        actor=scene.deputy, public_id=opinion.public_id, version=None, values={**REPORT, "title": "村道路灯"}
    )
    assert again.number == f"{opinion.number}-2"


def test_out_of_scope_is_refused_with_the_reason_unless_it_is_explained(scene: Scene, hotline: Hotline) -> None:
    opinion = scene.received()
    values = {**REPORT, "title": "法院路的路灯不亮"}
    with pytest.raises(InvalidInput) as refused:
        opinion_report(actor=scene.deputy, public_id=opinion.public_id, version=None, values=values)
    assert refused.value.code == "out_of_scope"
    assert "涉法涉诉" in refused.value.fields["scope_note"]
    explained = {**values, "scope_note": "法院路是路名。"}
    report = opinion_report(actor=scene.deputy, public_id=opinion.public_id, version=None, values=explained)
    assert report.scope_note == "法院路是路名。"


def test_what_came_from_the_hotline_is_never_sent_back(scene: Scene, hotline: Hotline) -> None:
    order = hotline.told()
    values = {"channel": "phone", "text": order.text, "station_public_id": scene.station.public_id}
    linked, _ = order_make_opinion(
        actor=scene.clerk, public_id=order.public_id, version=None, client_token=uuid.uuid4(), values=values
    )
    assert linked.opinion is not None
    with pytest.raises(DomainError) as echo:
        opinion_report(actor=scene.deputy, public_id=linked.opinion.public_id, version=None, values=REPORT)
    assert echo.value.code == "came_from_hotline"
    report = reported(hotline, scene)
    made = hotline.told("OURS-1", report_id=str(report.public_id))
    assert made.report == report
    with pytest.raises(DomainError) as own:
        order_make_opinion(
            actor=scene.clerk, public_id=made.public_id, version=None, client_token=uuid.uuid4(), values=values
        )
    assert own.value.code == "own_report"


def test_not_solved_asks_the_hotline_once_more_and_the_feed_shows_it(scene: Scene, hotline: Hotline) -> None:
    report = hotline.lead(reported(hotline, scene), "accepted", "dispatched", "signed", "replied")
    cursor = hotline.send("GET", REPORTS).json()["cursor"]
    assert hotline.send("GET", f"{REPORTS}?cursor={cursor}").json()["items"] == []  # its own events are no news to it
    report_pass(actor=scene.deputy, public_id=report.public_id, version=None, text="说是修好了。")
    report_judge(actor=scene.deputy, public_id=report.public_id, version=None, solved=False, words="晚上还是不亮。")
    assert Opinion.objects.get().status == OpinionStatus.HOTLINE
    (news,) = hotline.send("GET", f"{REPORTS}?cursor={cursor}").json()["items"]
    assert (news["status"], news["solved"], news["solved_words"]) == ("reopened", False, "晚上还是不亮。")
    hotline.lead(report, "dispatched", "signed", "replied")
    report_pass(actor=scene.deputy, public_id=report.public_id, version=None, text="这次换了灯。")
    assert Opinion.objects.get().messages.filter(is_answer=True).count() == 2
    with pytest.raises(DomainError) as twice:
        report_judge(actor=scene.deputy, public_id=report.public_id, version=None, solved=False, words="还是不亮。")
    assert twice.value.code == "reopened_before"


def test_taking_it_back_withdraws_it_until_the_hotline_has_taken_it_up(scene: Scene, hotline: Hotline) -> None:
    report = reported(hotline, scene)
    opinion = Opinion.objects.get()
    opinion_recall(actor=scene.clerk, public_id=opinion.public_id, version=None, reason="改由镇里办。")
    assert HotlineReport.objects.get().status == ReportStatus.WITHDRAWN
    assert hotline.tell(report, "accepted").json()["code"] == "illegal_step"
    other = hotline.lead(reported(hotline, scene), "accepted")
    with pytest.raises(IllegalTransition) as taken:
        opinion_recall(actor=scene.clerk, public_id=other.opinion.public_id, version=None, reason="改由镇里办。")
    assert taken.value.code == "with_hotline"


def test_a_direct_report_pressed_twice_is_one_opinion_and_one_report(scene: Scene, hotline: Hotline) -> None:
    token = uuid.uuid4()
    values = {**REPORT, "place": "高桥村", "contact_phone": "13973712345", "share_contact": False}
    first, code = report_direct(actor=scene.deputy, client_token=token, values=values)
    second, same = report_direct(actor=scene.deputy, client_token=token, values=values)
    assert (first.pk, code) == (second.pk, same)
    assert (first.person_phone, first.opinion.contact_phone) == ("", "13973712345")


def test_others_may_not_act_for_the_reporter(scene: Scene, hotline: Hotline, cast: Cast) -> None:
    report = hotline.lead(reported(hotline, scene), "accepted", "dispatched", "signed", "replied")
    with pytest.raises(NotAllowed):
        report_pass(actor=cast.actor("county_clerk"), public_id=report.public_id, version=None, text="好了。")
    other = make_hotline(cast, cast.regions["county"])
    assert other.tell(report, "finished").status_code == 404
