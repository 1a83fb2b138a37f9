"""Opinions on the office's pages: the desk, one opinion, each act, grouping, telling, and the unit's pages."""

from __future__ import annotations

import uuid
from itertools import groupby
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.urls import reverse

from liaison.models import AuditEntry
from liaison.registry import registry
from suggestions.models import Opinion
from suggestions.services.opinion import opinion_prepare_hotline
from suggestions.services.opinion_answer import opinion_answer, opinion_unit_answer
from suggestions.services.opinion_group import opinion_group
from tests.suggestions.budgets import once, queries
from tests.suggestions.opinions import PHONE, TEXT, Scene, build_scene
from tests.suggestions.pages import errors, hidden, said, text_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tests.cast import Cast

DESK = reverse("opinions:desk")
HANDED = reverse("handed_opinions:desk")
OTHER = "学校门口没有斑马线，放学时车多，家长很担心。"
ID_NUMBER = "430903197501011234"


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return build_scene(cast)


def look(scene: Scene, url: str, who: str = "insider", **query: str) -> HttpResponse:
    return scene.cast.client(who).get(url, query)


def shown(response: HttpResponse) -> list[str]:
    return [row.number for row in response.context["page"].items]


def press(scene: Scene, name: str, opinion: Opinion, who: str = "insider", **values: object) -> HttpResponse:
    """Open the page of an act, fill it in, send it, follow."""
    url = reverse(name, args=[opinion.public_id])
    client = scene.cast.client(who)
    page = client.get(url)
    typed = {**hidden(page), **values} if page.status_code == 200 else values
    return client.post(url, typed, follow=True)


def fresh(opinion: Opinion) -> Opinion:
    return Opinion.objects.get(pk=opinion.pk)


# ── the desk ─────────────────────────────────────────────────────────────────────────────────────
def test_each_tab_shows_its_own_and_counts_it(scene: Scene) -> None:
    waiting, asked, handed = scene.received(), scene.asked(), scene.handed()
    answered = scene.recorded(answer="已派人修好。", contact_phone=PHONE)
    tabs = {"": waiting, "deputy": asked, "unit": handed, "answered": answered, "tell": answered, "nonsense": waiting}
    for tab, opinion in tabs.items():
        assert shown(look(scene, DESK, tab=tab)) == [opinion.number], tab
    counts = {view["label"]: str(view["count"]) for view in look(scene, DESK).context["views"]}
    assert counts == {
        "待分办": "1", "代表答复中": "1", "单位办理中": "1", "拟转12345": "0", "已转为建议": "0", "待告知": "1",
        "已答复": "1", "已办结": "0", "全部": "4",
    }  # fmt: skip


def test_the_figures_over_the_desk_lead_to_what_they_count(scene: Scene) -> None:
    scene.received()
    spot, handed = scene.recorded(answer="已修好。"), scene.handed()
    figures = {one["label"]: one for one in look(scene, DESK).context["figures"]}
    assert {label: one["count"] for label, one in figures.items()} == {
        "今年收到": "3", "当场答复": "1", "交办单位": "1", "转为代表建议": "0", "群众评价已解决": "0",
    }  # fmt: skip
    client = scene.cast.client("insider")
    assert shown(client.get(DESK + figures["当场答复"]["url"])) == [spot.number]
    assert shown(client.get(DESK + figures["交办单位"]["url"])) == [handed.number]
    assert len(shown(client.get(DESK + figures["今年收到"]["url"]))) == 3


def test_conditions_narrow_the_list(scene: Scene) -> None:
    here = scene.received(phone=PHONE)
    there = scene.recorded(text=OTHER, station_public_id="", contact_name="王先生")
    asked = scene.asked()
    station, mandate = str(scene.station.public_id), str(scene.cast.mandates["deputy"].public_id)
    wanted = [
        ({"q": "斑马线"}, [there]),
        ({"q": "王先"}, [there]),
        ({"q": PHONE[-4:]}, [here]),
        ({"q": here.number}, [here]),
        ({"station": station}, [asked, here]),
        ({"channel": "desk"}, [there]),
        ({"deputy": mandate}, [asked]),
        ({"route": "deputy"}, [asked]),
        ({"status": "received", "q": "路灯"}, [here]),
        ({"year": "2019"}, [asked, there, here]),  # not offered: asks for nothing
        ({"rating": "solved"}, []),
    ]
    for query, expected in wanted:
        assert shown(look(scene, DESK, tab="all", **query)) == [one.number for one in expected], query
    assert "没有符合条件的意见" in text_of(look(scene, DESK, tab="all", q="没有的事"))


def test_a_late_answer_is_lit(scene: Scene) -> None:
    with time_machine.travel("2026-03-02T02:00:00Z", tick=False):
        asked = scene.asked()
    with time_machine.travel("2026-03-05T02:00:00Z", tick=False):
        assert shown(look(scene, DESK, tab="all", light="overdue")) == [asked.number]
        assert "超期" in text_of(look(scene, DESK, tab="deputy"))
        assert "超期的群众意见" in text_of(look(scene, "/"))


def test_contacts_are_covered_in_the_list(scene: Scene) -> None:
    scene.recorded(contact_name="王小明", contact_phone=PHONE, text=f"{TEXT}我的电话{PHONE}")
    page = text_of(look(scene, DESK, tab="sort"))
    assert "王＊＊" in page
    assert "王小明" not in page
    assert f"139＊＊＊＊＊＊{PHONE[-2:]}" in page


def test_the_menu_holds_each_group_once(scene: Scene) -> None:
    """社情民意 stands with the stations, which another package brings."""
    groups = [entry.group for entry in registry.menu_entries(scene.clerk)]
    assert [label for label, _ in groupby(groups)] == list(dict.fromkeys(groups))
    assert groups.count("代表联络") == 6


def test_another_office_reads_numbers_covered_and_acts_on_nothing(scene: Scene) -> None:
    """The county's office sees what lies in its county, though the city's office handles it."""
    opinion = scene.received(text=f"{TEXT}身份证{ID_NUMBER}", phone=PHONE)
    own = look(scene, opinion.get_absolute_url()).content.decode()
    other = look(scene, opinion.get_absolute_url(), "county_clerk")
    assert ID_NUMBER in own
    assert other.status_code == 200
    assert ID_NUMBER not in other.content.decode()
    assert PHONE not in other.content.decode()
    assert other.context["action"]["primary"] is None
    assert other.context["action"]["others"] == []
    for name in ("answer", "hand_over", "say", "category", "group", "told", "contact"):
        url = reverse(f"opinions:{name}", args=[opinion.public_id])
        typed = {"text": "好。", "version": opinion.version, "reason": "好。"}
        assert scene.cast.client("county_clerk").post(url, typed).status_code in {403, 422}, name
    assert fresh(opinion).status == "received"
    assert not opinion.messages.exists()


@pytest.mark.parametrize(
    ("who", "url", "tab"), [("insider", DESK, "all"), ("insider", DESK, "sort"), ("unit", HANDED, "todo")]
)
def test_the_price_is_the_same_for_two_rows_and_for_twenty(scene: Scene, who: str, url: str, tab: str) -> None:
    make = scene.handed if who == "unit" else scene.recorded
    address = f"{url}?tab={tab}"
    for _ in range(2):
        make()
    few = queries(scene.cast.client(who), address)
    for _ in range(18):
        make()
    many = queries(scene.cast.client(who), address)
    once(many)
    assert len(many) == len(few) <= 14, "\n".join(many)


# ── one opinion ──────────────────────────────────────────────────────────────────────────────────
def test_a_telephone_is_shown_on_a_press_that_is_noted(scene: Scene) -> None:
    opinion = scene.recorded(contact_name="王小明", contact_phone=PHONE)
    assert PHONE not in look(scene, opinion.get_absolute_url()).content.decode()
    url = reverse("opinions:contact", args=[opinion.public_id])
    whole = scene.cast.client("insider").post(url)
    part = scene.cast.client("insider").post(url, headers={"HX-Request": "true"})
    for page in (whole, part):
        assert PHONE in page.content.decode()
        assert "王小明" in page.content.decode()
    assert AuditEntry.objects.filter(action="opinion.unmask").count() == 2


def test_the_page_costs_no_more_with_a_long_thread_and_group(scene: Scene) -> None:
    lead = scene.recorded()
    few = queries(scene.cast.client("insider"), lead.get_absolute_url())
    for _ in range(6):
        member = scene.recorded()
        opinion_group(actor=scene.clerk, public_id=member.public_id, version=None, lead_public_id=lead.public_id)
        press(scene, "opinions:say", lead, text="正在核实。")
    many = queries(scene.cast.client("insider"), lead.get_absolute_url())
    once(many)
    assert len(few) <= len(many) <= len(few) + 1 <= 24, "\n".join(many)


def test_staff_answer_and_the_person_is_phoned_afterwards(scene: Scene) -> None:
    opinion = scene.received(phone=PHONE)
    page = press(scene, "opinions:answer", opinion, text="")
    assert page.status_code == 422
    assert errors(page) == {"text": ["请写明答复内容，反映人会看到。"]}
    page = press(scene, "opinions:answer", opinion, text="已于今天修好。")
    assert "请电话告知" in said(page)
    assert "请打电话告知反映人" in text_of(page)
    assert fresh(opinion).status == "answered"
    page = press(scene, "opinions:told", opinion)
    assert "已电话告知" in said(page)
    assert shown(look(scene, DESK, tab="tell")) == []


def test_a_deputy_is_asked_by_station_or_by_name(scene: Scene) -> None:
    opinion = scene.received()
    url = reverse("opinions:assign", args=[opinion.public_id])
    page = look(scene, url)
    assert "李代表" in text_of(page)
    assert "王附议" not in text_of(page)
    found = look(scene, url, q="王附")
    assert "王附议" in text_of(found)
    assert "没有查到" in text_of(look(scene, url, q="没有此人"))
    other = scene.cast.mandates["cosigner"].public_id
    client = scene.cast.client("insider")
    assert client.post(url, {**hidden(page), "mandate_public_id": other}).status_code == 422  # not offered here
    client.post(f"{url}?q=王附", {"version": opinion.version, "mandate_public_id": other})
    assert fresh(opinion).mandate == scene.cast.mandates["cosigner"]
    assert "等待王附议代表答复" in text_of(look(scene, opinion.get_absolute_url()))


def test_a_unit_is_chosen_with_the_day_in_sight(scene: Scene) -> None:
    opinion = scene.received()
    page = look(scene, reverse("opinions:hand_over", args=[opinion.public_id]))
    assert "这个日期怎么来的" in text_of(page)
    done = press(
        scene,
        "opinions:hand_over",
        opinion,
        unit_public_id=scene.cast.offices["unit"].public_id,
        requirement="请核实。",
    )
    assert "已交办" in said(done)
    assert fresh(opinion).unit == scene.cast.offices["unit"]


def test_the_hotline_text_is_prepared_and_its_word_written_in(scene: Scene) -> None:
    opinion = scene.recorded(contact_name="王小明", contact_phone=PHONE)
    url = reverse("opinions:hotline", args=[opinion.public_id])
    prepared = look(scene, url).context["form"]["text"].value()
    assert "已留联系方式" in prepared
    assert PHONE not in prepared
    press(scene, "opinions:hotline", opinion, text=prepared)
    assert fresh(opinion).status == "hotline"
    page = look(scene, opinion.get_absolute_url())
    assert "登记热线的答复" in text_of(page)
    assert PHONE not in page.content.decode()
    assert "王小明" not in page.content.decode()
    asked = scene.cast.client("insider").post(reverse("opinions:contact", args=[opinion.public_id]))
    assert "王小明" in text_of(asked)
    assert PHONE in text_of(asked)  # for reading it out to the hotline; noted in the audit
    press(scene, "opinions:answer", opinion, text="热线回话：已派单。")
    assert fresh(opinion).route == "hotline"


def test_taken_back_closed_and_opened_again(scene: Scene) -> None:
    opinion = scene.handed()
    press(scene, "opinions:recall", opinion, reason="交错了单位。")
    assert fresh(opinion).status == "received"
    page = press(scene, "opinions:close", opinion, reason="")
    assert errors(page) == {"reason": ["请写明办结的理由。"]}
    press(scene, "opinions:close", opinion, reason="明年统一安排。")
    assert fresh(opinion).result == "明年统一安排。"
    press(scene, "opinions:reopen", opinion, reason="还是黑的。")
    assert fresh(opinion).status == "received"
    press(scene, "opinions:answer", opinion, text="已修好。")
    press(scene, "opinions:close", opinion, reason="")  # an answered one needs none
    assert fresh(opinion).status == "closed"
    again = look(scene, reverse("opinions:reopen", args=[opinion.public_id]))
    assert again.status_code == 422
    assert "已经重新办理过一次" in text_of(again)


def test_who_was_slower_is_told_and_keeps_what_was_typed(scene: Scene) -> None:
    opinion = scene.received()
    url = reverse("opinions:answer", args=[opinion.public_id])
    client = scene.cast.client("insider")
    stale = hidden(client.get(url))
    press(scene, "opinions:category", opinion, category_id="")
    page = client.post(url, {**stale, "text": "已修好。"})
    assert page.status_code == 409
    assert "已修好。" in page.content.decode()
    assert client.post(url, {**hidden(page), "text": "已修好。"}).status_code == 302


def test_alike_ones_are_grouped_both_ways_and_let_go(scene: Scene) -> None:
    lead, second, third = scene.received(), scene.received(), scene.received()
    alone = scene.received(text=OTHER)
    page = look(scene, reverse("opinions:group", args=[lead.public_id]))
    assert second.number in text_of(page)
    assert alone.number not in text_of(page)
    press(scene, "opinions:group", lead, ids=[str(second.public_id)])
    press(scene, "opinions:group", third, join="1", lead_public_id=str(lead.public_id))
    assert {one.pk for one in lead.members.all()} == {second.pk, third.pk}
    assert shown(look(scene, DESK, tab="sort")) == [lead.number, alone.number]
    assert "同类2件" in text_of(look(scene, DESK, tab="sort"))
    press(scene, "opinions:ungroup", third)
    press(scene, "opinions:answer", lead, text="已修好。")
    assert (fresh(second).status, fresh(third).status) == ("answered", "received")
    refused = press(scene, "opinions:group", lead, ids=[])
    assert refused.status_code == 422


def test_words_of_the_thread_are_text_not_markup(scene: Scene) -> None:
    nasty = "<script>alert(1)</script>🙂"
    opinion = scene.received(text=nasty, place=nasty)
    press(scene, "opinions:say", opinion, text=nasty)
    for url in (opinion.get_absolute_url(), f"{DESK}?tab=all"):
        page = look(scene, url).content.decode()
        assert "<script>alert" not in page
        assert "🙂" in page


# ── the unit ─────────────────────────────────────────────────────────────────────────────────────
def test_the_unit_answers_without_knowing_who_asked(scene: Scene) -> None:
    opinion = scene.hand_over(scene.received(text=f"{TEXT}电话{PHONE}", phone=PHONE).public_id)
    assert shown(look(scene, HANDED, "unit")) == [opinion.number]
    page = look(scene, opinion.unit_url, "unit")
    assert PHONE not in page.content.decode()
    assert PHONE not in look(scene, HANDED, "unit").content.decode()
    press(scene, "handed_opinions:say", opinion, "unit", text="已派人去看。")
    done = press(scene, "handed_opinions:answer", opinion, "unit", text="已修好。")
    assert "已答复" in said(done)
    assert fresh(opinion).status == "answered"
    assert [one.author for one in opinion.messages.all()] == ["益阳市生态环境局"] * 2
    assert look(scene, opinion.unit_url, "other_unit").status_code == 404


def test_what_a_unit_has_answered_is_no_work_any_more(scene: Scene) -> None:
    opinion = scene.handed()
    opinion_unit_answer(actor=scene.cast.actor("unit"), public_id=opinion.public_id, version=None, text="已修好。")
    assert shown(look(scene, HANDED, "unit", tab="todo")) == []
    assert shown(look(scene, HANDED, "unit", tab="answered")) == [opinion.number]
    assert look(scene, reverse("handed_opinions:answer", args=[opinion.public_id]), "unit").status_code == 409


# ── what waits ───────────────────────────────────────────────────────────────────────────────────
def test_what_waits_stands_on_the_first_page(scene: Scene) -> None:
    scene.received()
    opinion = scene.received(phone=PHONE)
    opinion_answer(actor=scene.clerk, public_id=opinion.public_id, version=None, text="已修好。")
    scene.handed()
    opinion_prepare_hotline(actor=scene.clerk, public_id=scene.received().public_id, version=None, text="请办理。")
    office, unit = text_of(look(scene, "/")), text_of(look(scene, "/", "unit"))
    assert "待分办的群众意见 1" in office
    assert "待电话告知 1" in office
    assert "待答复的群众意见 1" in unit


def test_an_unknown_opinion_is_not_found(scene: Scene) -> None:
    assert look(scene, reverse("opinions:detail", args=[uuid.uuid4()])).status_code == 404
