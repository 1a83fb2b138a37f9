"""A deputy's opinions on their phone: asked, taken, answered, passed back, made a suggestion, recorded."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from liaison.models import AuditEntry
from suggestions.models import Opinion, Suggestion
from suggestions.services.draft import suggestion_submit
from suggestions.services.handling import suggestion_sign
from suggestions.services.opinion import opinion_assign_deputy
from suggestions.services.sorting import suggestion_assign, suggestion_register
from suggestions.states import OpinionStatus
from tests.cast import Cast
from tests.deputies.open_stations import place
from tests.suggestions import steps
from tests.suggestions.budgets import once, queries
from tests.suggestions.opinions import PHONE, TEXT, Scene, build_scene
from tests.suggestions.pages import hidden, said, text_of

LIST = "/opinions/mine/"


@pytest.fixture
def scene(cast: Cast) -> Scene:
    """李代表 and 王附议 stand in the station, 张旁观 does not."""
    scene = build_scene(cast)
    place(scene.station, cast.mandates["cosigner"])
    return scene


@pytest.fixture
def deputy(cast: Cast) -> Client:
    return cast.client("deputy")


def act(client: Client, opinion: Opinion, name: str, **values: str) -> Any:
    """Open the page of an act, and send its form."""
    url = reverse(f"my_opinions:{name}", args=[opinion.public_id])
    return client.post(url, {**hidden(client.get(url)), **values}, follow=True)


def followed(code: str) -> str:
    return text_of(Client().post("/open/opinions/", {"code": code}))


def press(client: Client, opinion: Opinion) -> Any:
    """我来答复, from the opinion's page."""
    page = client.get(opinion.deputy_url)
    return client.post(reverse("my_opinions:take", args=[opinion.public_id]), hidden(page), follow=True)


def test_what_was_written_to_a_deputy_is_theirs_to_answer(cast: Cast, scene: Scene, deputy: Client) -> None:
    opinion, code = scene.submit(f"{TEXT}请回电{PHONE}", to_deputy=True, phone=PHONE)
    page = deputy.get(LIST)
    assert [row.opinion for row in page.context["rows"]] == [opinion]
    assert "请您答复" in text_of(page)
    assert PHONE not in page.content.decode()
    assert PHONE not in deputy.get(opinion.deputy_url).content.decode()
    assert act(deputy, opinion, "answer", text="").status_code == 422
    assert "先看了" in text_of(act(deputy, opinion, "say", text="先看了现场。"))
    done = act(deputy, opinion, "answer", text="村里明天换灯。")
    assert "已答复" in said(done)
    page = followed(code)
    assert "村里明天换灯。" in page
    assert "李代表代表" in page
    assert "先看了现场。" in page
    assert not deputy.get(LIST).context["rows"]


def test_others_of_the_station_read_and_cannot_answer(cast: Cast, scene: Scene) -> None:
    opinion = scene.asked()
    fellow, elsewhere = cast.client("cosigner"), cast.client("other_deputy")
    assert "已请其他代表答复" in text_of(fellow.get(opinion.deputy_url))
    answer = reverse("my_opinions:answer", args=[opinion.public_id])
    assert fellow.get(answer).status_code == 403
    refused = fellow.post(answer, {"version": opinion.version, "text": "我来说两句"})
    assert refused.status_code == 403
    assert "我来说两句" in refused.content.decode()
    assert elsewhere.get(opinion.deputy_url).status_code == 404
    assert elsewhere.post(reverse("my_opinions:take", args=[opinion.public_id])).status_code == 404
    assert Opinion.objects.get().status == OpinionStatus.DEPUTY


def test_two_deputies_press_at_once_and_the_second_is_told(cast: Cast, scene: Scene, deputy: Client) -> None:
    opinion = scene.received()
    assert [row.opinion for row in deputy.get(f"{LIST}?tab=open").context["rows"]] == [opinion]
    before = hidden(cast.client("cosigner").get(opinion.deputy_url))
    assert "由您答复" in said(press(deputy, opinion))
    url = reverse("my_opinions:take", args=[opinion.public_id])
    assert "由您答复" not in said(cast.client("cosigner").post(url, before, follow=True))
    taken = Opinion.objects.get()
    assert taken.mandate == cast.mandates["deputy"]
    assert taken.answer_by is not None
    assert 0 < (taken.answer_by - timezone.now()).total_seconds() <= 24 * 3600


def test_passed_back_with_a_reason_or_told_that_it_changed(cast: Cast, scene: Scene, deputy: Client) -> None:
    opinion = scene.asked()
    url = reverse("my_opinions:pass_back", args=[opinion.public_id])
    page = hidden(deputy.get(url))
    assert deputy.post(url, {**page, "reason": ""}).status_code == 422
    act(deputy, opinion, "say", text="我问问村里。")
    Opinion.objects.update(version=9)
    stale = deputy.post(url, {**page, "reason": "需要水利局勘查"})
    assert stale.status_code == 409
    assert "需要水利局勘查" in stale.content.decode()
    assert "已退回" in said(deputy.post(url, {**hidden(stale), "reason": "需要水利局勘查"}, follow=True))
    assert Opinion.objects.get().status == OpinionStatus.RECEIVED
    answer = reverse("my_opinions:answer", args=[opinion.public_id])
    assert deputy.get(answer).status_code == 409
    assert deputy.post(answer, {"version": Opinion.objects.get().version, "text": "来不及了"}).status_code == 409
    assert Opinion.objects.get().result == ""


def test_a_suggestion_is_made_of_it_and_its_answer_reaches_the_person(cast: Cast, scene: Scene, deputy: Client) -> None:
    opinion, code = scene.submit(f"{TEXT}请回电{PHONE}", to_deputy=True)
    page = act(deputy, opinion, "raise")
    draft = Suggestion.objects.get()
    assert page.redirect_chain[-1][0] == reverse("suggestions:edit", args=[draft.public_id])
    assert TEXT in page.content.decode()
    assert PHONE not in page.content.decode()
    deputy.post(reverse("my_opinions:raise", args=[opinion.public_id]), {"version": 1})  # the press that came twice
    assert Suggestion.objects.count() == 1
    assert "代表建议" in followed(code)
    values = steps.texts(title=draft.title, situation=draft.situation)
    suggestion = suggestion_submit(
        actor=cast.actor("deputy"), client_token=draft.client_token, values=values, version=None
    )
    key: dict[str, Any] = {"public_id": suggestion.public_id, "version": None}
    suggestion_register(actor=scene.clerk, session_id=None, category_id=values["category_id"], **key)
    suggestion_assign(actor=scene.clerk, unit_public_id=cast.offices["unit"].public_id, requirement="", **key)
    suggestion_sign(actor=cast.actor("unit"), public_id=suggestion.public_id)
    steps.answer(cast, suggestion)
    page = followed(code)
    assert "已经答复" in page
    assert cast.offices["unit"].name in page
    assert deputy.get(opinion.deputy_url).context["suggestion_url"] == suggestion.get_absolute_url()


@pytest.mark.parametrize("answer", ["", "当场打电话给村里，今晚修好。"])
def test_what_a_deputy_heard_is_recorded_with_a_receipt_for_the_person(
    scene: Scene, deputy: Client, answer: str
) -> None:
    url = reverse("my_opinions:record")
    form = {**hidden(deputy.get(url)), "text": TEXT, "contact_phone": PHONE, "answer": answer}
    assert deputy.post(url, {**form, "text": ""}).status_code == 422
    done, again = deputy.post(url, form), deputy.post(url, form)
    assert done.context["receipt"] == again.context["receipt"]
    opinion = Opinion.objects.get()
    assert opinion.station == scene.station
    assert (opinion.status == OpinionStatus.ANSWERED) == bool(answer)
    page = followed(done.context["receipt"])
    assert (answer or "正在安排办理") in page


def test_the_contact_is_unmasked_by_who_is_asked_and_the_audit_knows(cast: Cast, scene: Scene, deputy: Client) -> None:
    opinion = scene.asked(phone=PHONE)
    url = reverse("my_opinions:contact", args=[opinion.public_id])
    assert PHONE not in deputy.get(opinion.deputy_url).content.decode()
    assert PHONE in deputy.post(url).content.decode()
    assert AuditEntry.objects.filter(action="opinion.unmask").count() == 1
    refused = cast.client("cosigner").post(url)
    assert refused.status_code == 403
    assert PHONE not in refused.content.decode()


def test_who_left_the_station_keeps_what_they_were_asked_until_it_is_handed_over(
    cast: Cast, scene: Scene, deputy: Client
) -> None:
    asked, lying = scene.asked(), scene.received("另一件")
    cast.mandates["deputy"].placements.update(ended_on=timezone.localdate(), end_reason="调整")
    assert deputy.get(asked.deputy_url).status_code == 200
    assert deputy.get(lying.deputy_url).status_code == 404
    opinion_assign_deputy(
        actor=scene.clerk,
        public_id=asked.public_id,
        version=None,
        mandate_public_id=cast.mandates["cosigner"].public_id,
    )
    assert deputy.get(asked.deputy_url).status_code == 404
    assert act(cast.client("cosigner"), asked, "answer", text="我来办。").status_code == 200


def test_lists_and_pages_ask_no_more_for_more(scene: Scene, deputy: Client) -> None:
    opinions = [scene.submit(f"第{number}件", to_deputy=True)[0] for number in range(2)]
    for url in (LIST, f"{LIST}?tab=all"):
        few = queries(deputy, url)
        once(few)
        assert len(few) <= 14, few
    pages = len(queries(deputy, opinions[0].deputy_url))
    assert pages <= 18
    few_rows = len(queries(deputy, LIST))
    for number in range(2, 20):
        scene.submit(f"第{number}件", to_deputy=True)
    assert len(queries(deputy, LIST)) == few_rows


def test_what_waits_stands_on_the_first_page(scene: Scene, deputy: Client) -> None:
    scene.asked()
    scene.received("另一件")
    page = text_of(deputy.get("/"))
    assert "1 请您答复的群众意见" in page or "请您答复的群众意见 1" in page
    assert "联络站新收到的意见" in page
    assert LIST in deputy.get("/").content.decode()
