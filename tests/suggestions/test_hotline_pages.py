"""Pages of the hotline: staff's list, one order, the month's topics; deputies report and pass answers on."""

from __future__ import annotations

import datetime as dt
from unittest.mock import Mock

import pytest
from django.urls import reverse
from django.utils import timezone

from liaison.models import AuditEntry, Job
from suggestions.models import HotlineOrder, HotlineReport, HotlineSettings
from suggestions.selectors.hotline_topic import hotline_topics, month_of
from suggestions.services.hotline_topic import topics_export
from tests.cast import Cast
from tests.suggestions.budgets import queries
from tests.suggestions.hotline import REPORT, Hotline, make_hotline, reported
from tests.suggestions.opinions import Scene, build_scene
from tests.suggestions.pages import errors, hidden, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return build_scene(cast)


@pytest.fixture
def hotline(cast: Cast) -> Hotline:
    return make_hotline(cast)


def test_the_list_covers_people_keeps_its_conditions_and_costs_the_same(cast: Cast, hotline: Hotline) -> None:
    hotline.told("P-0", title="电话13900001111找王某", kind="help")
    for number in (1, 2):
        hotline.told(f"P-{number}")
    url = reverse("hotline:orders")
    few = len(queries(cast.client("insider"), url))
    for number in range(3, 20):
        hotline.told(f"P-{number}")
    assert len(queries(cast.client("insider"), url)) == few
    page = text_of(cast.client("insider").get(f"{url}?kind=help"))
    assert "P-0" in page
    assert "P-1 " not in page
    assert "13900001111" not in page
    assert "油烟" in text_of(cast.client("insider").get(f"{url}?q=油烟扰民"))


def test_the_contact_is_shown_when_asked_for_and_the_audit_says_who_looked(cast: Cast, hotline: Hotline) -> None:
    order = hotline.told()
    client = cast.client("insider")
    assert "13900001111" not in text_of(client.get(order.get_absolute_url()))
    assert "13900001111" in text_of(client.post(reverse("hotline:contact", args=[order.public_id])))
    assert AuditEntry.objects.filter(action="hotline_order.unmask", target_title=order.order_no).exists()


def test_an_order_becomes_an_opinion_filled_in_and_the_hotline_reads_it(
    cast: Cast, scene: Scene, hotline: Hotline
) -> None:
    order, client = hotline.told(), cast.client("insider")
    url = reverse("hotline:make_opinion", args=[order.public_id])
    page = client.get(url)
    form = page.context["form"]
    assert (form["place"].value(), form["contact_phone"].value()) == ("桃花仑路口", "13900001111")
    sent = {"channel": "phone", "text": form["text"].value(), "place": "桃花仑路口", **hidden(page)}
    assert errors(client.post(url, sent | {"text": ""}))["text"] == ["请写明反映的情况。"]
    assert client.post(url, sent).status_code == 302
    client.post(reverse("hotline:reply", args=[order.public_id]), {"version": 2, "text": "已由代表跟进。"})
    shown = hotline.send("GET", "/api/v1/hotline/orders/A-1").json()["congress"]
    assert (shown["opinion_no"], shown["reply"]) == (HotlineOrder.objects.get().opinion.number, "已由代表跟进。")  # type: ignore[union-attr]


def test_a_form_opened_before_the_hotlines_news_says_so_and_keeps_what_was_typed(cast: Cast, hotline: Hotline) -> None:
    order = hotline.told()
    hotline.told(version=2, state="signed")
    url = reverse("hotline:reply", args=[order.public_id])
    answer = cast.client("insider").post(url, {"version": 1, "text": "已由代表跟进。"})
    assert (answer.status_code, "已由代表跟进。" in answer.content.decode()) == (409, True)
    assert HotlineOrder.objects.get().reply == ""


def test_topics_count_a_month_beside_the_one_before_without_our_own(cast: Cast, scene: Scene, hotline: Hotline) -> None:
    today = timezone.localdate()
    this = dt.datetime.combine(today.replace(day=1), dt.time(12), timezone.get_current_timezone())
    earlier = this - dt.timedelta(days=3)
    for number, (at, top, region) in enumerate(
        [
            (this, "城乡建设", "430903"),
            (this, "城乡建设", "430981"),
            (this, "教育", "430903"),
            (earlier, "教育", "430903"),
        ]
    ):
        about = {"code": "1", "path": [top, "其他"]}
        hotline.told(f"T-{number}", accepted_at=at.isoformat(), region_code=region, **{"class": about})
    report = reported(hotline, scene)
    hotline.told("OURS", accepted_at=this.isoformat(), report_id=str(report.public_id))
    found = hotline_topics(cast.actor("insider"), month=month_of(""))
    assert (found.total, found.before) == (3, 1)
    assert [(one.label, one.count, one.before) for one in found.by_class] == [("城乡建设", 2, 0), ("教育", 1, 1)]
    assert [(one.label, one.count) for one in found.by_place] == [("赫山区", 2), ("沅江市", 1)]
    page = text_of(cast.client("insider").get(reverse("hotline:topics"), {"top": "教育"}))
    assert "本月1件，上月1件" in page
    assert hotline_topics(cast.actor("stranger"), month=month_of(""), place="430903").total == 1  # 沅江's own only
    job = Job.objects.create(
        kind="hotline_topic.export",
        title="x",
        owner=cast.user("insider"),
        actor_key="x",
        status="running",
        beat_at=this,
        started_at=this,
        attempts=1,
    )
    params = {"month": f"{today:%Y-%m}", "top": "", "place": ""}
    assert topics_export(actor=cast.actor("insider"), job=job, progress=Mock(), **params).message == "共6行。"


def test_a_deputy_reports_on_the_phone_and_passes_the_answer_on(cast: Cast, scene: Scene, hotline: Hotline) -> None:
    client, url = cast.client("deputy"), reverse("my_hotline:new")
    page = client.get(url)
    sent = {**REPORT, "place": "高桥村", "station_public_id": str(scene.station.public_id), **hidden(page)}
    assert "属于热线受理范围的说明" not in text_of(page), "asked only when the rules of the scope say so"
    wrong = client.post(url, sent | {"title": "", "contact_phone": "abc"})
    assert (wrong.status_code, set(errors(wrong))) == (422, {"title", "contact_phone"})
    refused = client.post(url, sent | {"text": "不服法院判决，请帮我改判。"})
    assert "涉法涉诉事项" in errors(refused)["scope_note"][0]
    assert "属于热线受理范围的说明" in text_of(refused)
    assert "回执码" in text_of(client.post(url, sent))
    report = hotline.lead(HotlineReport.objects.get(), "accepted", "dispatched", "signed", "replied")
    assert "请转告反映人" in text_of(client.get(report.deputy_url))
    pass_url = reverse("my_hotline:pass", args=[report.public_id])
    filled = client.get(pass_url)
    assert filled.context["form"]["text"].value() == "已按要求办理。"
    assert client.post(pass_url, {**hidden(filled), "text": "已按要求办理。"}).status_code == 302
    assert "解决了吗" in text_of(client.get(report.deputy_url))
    assert "已按要求办理" in text_of(cast.client("insider").get(report.opinion.get_absolute_url()))


def test_what_is_agreed_with_a_hotline_is_kept_by_the_administrator(cast: Cast, hotline: Hotline) -> None:
    client, url = cast.client("system_admin"), reverse("hotline:settings", args=[hotline.client.public_id])
    sent = {
        "version": 1,
        "reply_working_days": 5,
        "complex_working_days": 10,
        "return_working_days": 1,
        "file_hosts": "https://files.example.gov.cn/a",
    }
    assert "不是主机名" in errors(client.post(url, sent))["file_hosts"][0]
    assert client.post(url, sent | {"file_hosts": "Files.example.gov.cn\nfiles.example.gov.cn:8443"}).status_code == 302
    assert HotlineSettings.objects.get().hosts == {"files.example.gov.cn", "files.example.gov.cn:8443"}
