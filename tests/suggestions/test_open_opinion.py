"""Opinions without an account: writing, the receipt, following, and everything that people and machines try."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from deputies.models import Mandate, Station
from liaison.limits import Limit
from liaison.models import Attachment, Organisation
from suggestions.models import Opinion, OpinionMessage
from suggestions.services.opinion import (
    opinion_assign_deputy,
    opinion_close,
    opinion_hand_over,
    opinion_prepare_hotline,
)
from suggestions.services.opinion_answer import opinion_answer
from suggestions.services.opinion_group import opinion_group
from suggestions.states import OpinionStatus
from suggestions.views import open_opinion
from tests.cast import Cast
from tests.deputies import open_stations as made
from tests.filemakers import HTML, PDF, SVG, png
from tests.liaison.test_photographs import SECRET, phone_jpeg
from tests.suggestions.budgets import statements
from tests.suggestions.pages import errors, hidden, text_of

TEXT = "高桥村村口路灯坏了三个月，晚上放学的孩子看不见路。"
NAME, PHONE, ID_NUMBER = "欧阳小满", "13900001234", "430903196803151234"
FOLLOW = "/open/opinions/"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def station(cast: Cast) -> Station:
    return made.make_station(cast)


@pytest.fixture
def mandate(cast: Cast, station: Station) -> Mandate:
    """A deputy with an account, in the station."""
    made.place(station, cast.mandates["deputy"])
    return cast.mandates["deputy"]


def address(station: Station, **more: str) -> str:
    return reverse("open_opinions:new", query={"station": str(station.public_id), **more})


def write(url: str, client: Client | None = None, **changes: Any) -> Any:
    return (client or Client()).post(url, {"client_token": str(uuid.uuid4()), "text": TEXT, **changes})


def follow(code: str, **act: str) -> Any:
    return Client().post(FOLLOW, {"code": code, **act})


def test_anybody_writes_and_follows(cast: Cast, station: Station) -> None:
    page = Client().get(reverse("open_stations:detail", args=[station.public_id]) + "?by=qr")
    url = next(act.url for act in page.context["acts"])
    form = Client().get(url)
    assert hidden(form)["client_token"]
    assert station.name in text_of(form)
    done = write(url, contact_name=NAME, contact_phone=PHONE, place="高桥村")
    assert done.status_code == 200, done.context["form"].errors
    code = done.context["receipt"]
    assert code in text_of(done)
    assert "no-store" in done["Cache-Control"]
    opinion = Opinion.objects.get()
    assert (opinion.channel, opinion.station, opinion.status) == ("qr", station, OpinionStatus.RECEIVED)
    assert opinion.office == station.office
    followed = text_of(follow(code.lower().replace("-", " ")))
    assert "已收到，正在安排办理。" in followed
    assert TEXT in followed


def test_the_same_form_twice_is_one_opinion_and_another_text_goes_on_as_another(station: Station) -> None:
    url, token = address(station), str(uuid.uuid4())
    first, again = write(url, client_token=token), write(url, client_token=token)
    assert first.context["receipt"] == again.context["receipt"]
    assert Opinion.objects.count() == 1
    refused = write(url, client_token=token, text="另一件事")
    assert refused.status_code == 422
    assert "另一件事" in refused.content.decode()
    assert write(url, text="另一件事", client_token=hidden(refused)["client_token"]).status_code == 200
    assert Opinion.objects.count() == 2


def test_a_burst_from_one_address_is_stopped_and_loses_no_word(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_opinion, "OPINIONS_AN_ADDRESS", Limit("test-opinion-ip", 5, 3600))
    url, client = address(station), Client()
    answers = [write(url, client, text=f"第{number}件") for number in range(60)]
    assert [one.status_code for one in answers] == [200] * 5 + [429] * 55
    assert "第59件" in answers[-1].content.decode()
    assert "这一次没有收下" in text_of(answers[-1])
    assert Opinion.objects.count() == 5
    assert sorted(Opinion.objects.values_list("number", flat=True)) == [
        f"意见{Opinion.objects.first().created_at:%Y}-{number:04d}"
        for number in range(1, 6)  # type: ignore[union-attr]
    ]
    refused = statements(lambda: write(url, client))
    assert len(refused) <= 3, refused  # the station; nothing is written for who comes too often


def test_one_station_is_not_flooded_from_many_addresses(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_opinion, "OPINIONS_A_TARGET", Limit("test-opinion-target", 1, 3600))
    url = address(station)
    statuses = [write(url, Client(REMOTE_ADDR=f"203.0.113.{number}")).status_code for number in (1, 2)]
    assert statuses == [200, 429]


def test_writing_one_asks_the_database_little(station: Station, mandate: Mandate) -> None:
    url = address(station)
    write(url)
    asked = statements(lambda: write(url))
    assert len(asked) <= 16, len(asked)


def test_a_robot_is_thanked_and_nothing_is_kept(station: Station) -> None:
    url = address(station)
    done = write(url, website="https://spam.example", uploads=[picture()])
    assert done.status_code == 200
    assert re.fullmatch(r"\w{4}-\w{4}-\w{4}", done.context["receipt"])
    assert text_of(done).count("已收到") == text_of(write(url)).count("已收到")
    assert Opinion.objects.count() == 1
    assert not Attachment.objects.exists()


def picture(name: str = "路灯.png", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, png() if data is None else data)


def test_pictures_are_kept_without_where_they_were_taken(station: Station) -> None:
    done = write(address(station), uploads=[picture("a.jpg", phone_jpeg()), picture()])
    assert "照片2张" in text_of(done)
    kept = list(Attachment.objects.order_by("id"))
    assert len(kept) == 2
    for one in kept:
        with one.file.open() as file:
            assert SECRET not in file.read()
        assert Client().get(one.url).status_code == 302  # nobody without an account


@pytest.mark.parametrize(
    ("uploads", "words"),
    [
        ([("大.jpg", phone_jpeg() + bytes(11 * 1024 * 1024))], "10 MB"),
        ([("巨.jpg", phone_jpeg() + bytes(20 * 1024 * 1024))], "10 MB"),
        ([(f"{number}.png", png()) for number in range(4)], "最多"),
        ([("a.pdf", PDF)], "不是照片"),
        ([("a.jpg", HTML)], "没有上传"),
        ([("a.svg", SVG)], "没有上传"),
        ([("a.jpg", phone_jpeg()[:40])], "没有上传"),
        ([("a.png", png()[:-20])], "损坏"),
    ],
    ids=["11MB", "20MB", "four", "pdf", "html", "svg", "cut jpeg", "cut png"],
)
def test_a_picture_that_cannot_be_taken_is_told_and_the_words_stay(
    station: Station, uploads: list[tuple[str, bytes]], words: str
) -> None:
    refused = write(address(station), uploads=[picture(*one) for one in uploads])
    assert refused.status_code == 422
    assert words in " ".join(errors(refused)["uploads"])
    assert TEXT in refused.content.decode()
    assert "照片需要重新选一次" in text_of(refused)
    assert not Opinion.objects.exists()
    assert not Attachment.objects.exists()


EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>🚧🙂'


def test_scripts_and_emoji_are_shown_as_text(cast: Cast, station: Station, mandate: Mandate) -> None:
    done = write(address(station), text=EVIL, place=EVIL, contact_name="🙂<b>")
    assert done.status_code == 200
    code = done.context["receipt"]
    said = follow(code, act="say", text=EVIL)
    opinion = Opinion.objects.get()
    answered = opinion_answer(actor=cast.actor("county_clerk"), public_id=opinion.public_id, version=None, text=EVIL)
    deputy = cast.client("deputy")
    pages = [done, said, follow(code), deputy.get(answered.deputy_url), deputy.get("/opinions/mine/?tab=all")]
    for page in pages:
        assert page.status_code == 200
        assert "🚧" in page.content.decode()
        for evil in ("<script>alert", "<img src=x", "<b>"):
            assert evil not in page.content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "  "},
        {"text": "长" * 2001},
        {"text": "a\0b"},
        {"place": "长" * 101},
        {"contact_name": "名" * 41},
        {"contact_phone": "<script>"},
        {"contact_phone": "1" * 40},
        {"client_token": "x"},
    ],
)
def test_wrong_values_are_told(station: Station, changes: dict[str, str]) -> None:
    assert write(address(station), **changes).status_code == 422
    assert not Opinion.objects.exists()


def test_who_is_not_there_for_the_public_gets_no_opinions(cast: Cast, station: Station, mandate: Mandate) -> None:
    person = str(mandate.person.public_id)
    to_deputy = reverse("open_opinions:new", query={"deputy": person})
    assert Client().get(to_deputy).status_code == 200
    made.profile(mandate, is_hidden=True)
    assert Client().get(to_deputy).status_code == write(to_deputy).status_code == 404
    Station.objects.update(is_published=False)
    assert Client().get(address(station)).status_code == write(address(station)).status_code == 404
    for wrong in ("?station=1", f"?station={uuid.uuid4()}", "?deputy=%00"):
        assert Client().get(f"/open/opinions/new/{wrong}").status_code == 404
    assert "先选一个联络站" in text_of(Client().get("/open/opinions/new/"))
    assert not Opinion.objects.exists()


def test_codes_are_asked_for_in_a_post_only_and_not_often(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    code = write(address(station)).context["receipt"]
    assert TEXT not in Client().get(f"{FOLLOW}?code={code}").content.decode()
    assert "no-store" in follow(code)["Cache-Control"]
    assert "没有查到这个回执码" in text_of(follow("0000-0000-0000"))
    assert follow("'; DROP TABLE").status_code == follow("\0").status_code == 422
    monkeypatch.setattr(open_opinion, "CODES_AN_ADDRESS", Limit("test-code-ip", 2, 600))
    assert [follow("0000-0000-0000").status_code for _ in range(3)] == [422, 422, 429]
    refused = follow(code)
    assert refused.status_code == 429
    assert TEXT not in refused.content.decode()


def answered(cast: Cast, code_text: str = "已经换了新灯。") -> Opinion:
    opinion = Opinion.objects.get()
    return opinion_answer(actor=cast.actor("county_clerk"), public_id=opinion.public_id, version=None, text=code_text)


def test_the_person_reads_answers_adds_rates_and_says_once_that_it_is_not_solved(cast: Cast, station: Station) -> None:
    code = write(address(station)).context["receipt"]
    assert "已补充" in text_of(follow(code, act="say", text="第二盏也坏了"))
    follow(code, act="say", text="第二盏也坏了")  # pressed twice
    assert OpinionMessage.objects.count() == 1
    assert follow(code, act="say", text=" ").status_code == 422
    assert follow(code, act="rate", rating="satisfied").status_code == 422  # not answered yet
    answered(cast)
    page = text_of(follow(code))
    assert "已经换了新灯。" in page
    assert "第二盏也坏了" in page
    assert follow(code, act="not_solved", reason="").status_code == 422
    assert "重新安排办理" in text_of(follow(code, act="not_solved", reason="只换了一盏"))
    assert Opinion.objects.get().status == OpinionStatus.RECEIVED
    answered(cast, "两盏都换了。")
    assert follow(code, act="rate", rating="nonsense").status_code == 422
    assert "谢谢" in text_of(follow(code, act="rate", rating="satisfied"))
    page = text_of(follow(code))
    assert "已经办结" in page
    assert "您的评价：满意" in page
    assert "要求重新办理" not in page
    assert follow(code, act="not_solved", reason="又坏了").status_code == 422
    assert Opinion.objects.get().status == OpinionStatus.CLOSED


def test_each_way_is_told_on_the_receipt_page(cast: Cast, station: Station, mandate: Mandate) -> None:
    clerk = cast.actor("county_clerk")
    code = write(address(station)).context["receipt"]
    key: dict[str, Any] = {"actor": clerk, "public_id": Opinion.objects.get().public_id, "version": None}
    opinion_assign_deputy(**key, mandate_public_id=mandate.public_id)
    page = text_of(follow(code))
    assert "已请人大代表答复" in page
    assert "前答复您" in page
    opinion_prepare_hotline(**key, text="请12345办理。")
    assert "正在转12345热线" in text_of(follow(code))
    unit = Organisation.objects.create(name="赫山区水利局", kind="unit", region=cast.regions["county"])
    opinion_hand_over(**key, unit_public_id=unit.public_id)
    page = text_of(follow(code))
    assert "已交赫山区水利局办理" in page
    assert "前答复您" in page
    opinion_close(**key, reason="属于小区物业管理，请联系物业。")
    assert "请联系物业" in text_of(follow(code))


# -- the privacy matrix ------------------------------------------------------------------------------------
LEAD_SAYS = f"我是{NAME}，电话{PHONE}，身份证{ID_NUMBER}，高桥村塘坝漏水。"


def outlets(station: Station, mandate: Mandate, codes: dict[str, str]) -> dict[str, str]:
    """Everything that the public can open, with its source and headers."""
    person = mandate.person.public_id
    urls = {
        "stations": reverse("open_stations:list"),
        "station": reverse("open_stations:detail", args=[station.public_id]),
        "deputy": reverse("open_deputies:detail", args=[person]),
        "form": address(station),
        "form for a deputy": reverse("open_opinions:new", query={"deputy": str(person)}),
        "follow": FOLLOW,
    }
    answers = {name: Client().get(url) for name, url in urls.items()}
    answers |= {name: follow(code) for name, code in codes.items()} | {"wrong code": follow("1111-1111-1111")}
    return {name: f"{dict(one.items())}\n{one.content.decode()}" for name, one in answers.items()}


def test_nothing_of_an_opinion_is_public_and_its_holder_sees_no_number(
    cast: Cast, station: Station, mandate: Mandate
) -> None:
    clerk, url = cast.actor("county_clerk"), address(station)
    lead = write(url, text=LEAD_SAYS, contact_name=NAME, contact_phone=PHONE, place=f"塘坝 {PHONE}").context["receipt"]
    member = write(url, text="塘坝也漏到我家。", contact_name="覃大有", contact_phone="13900004321").context["receipt"]
    first, second = Opinion.objects.order_by("id")
    follow(lead, act="say", text=f"回电{PHONE}")
    opinion_group(actor=clerk, public_id=second.public_id, version=None, lead_public_id=first.public_id)
    opinion_answer(actor=clerk, public_id=first.public_id, version=None, text=f"已请{PHONE}的住户配合，塘坝已修。")
    seen = outlets(station, mandate, {"lead": lead, "member": member})

    def told(text: str) -> set[str]:
        return {name for name, source in seen.items() if text in source}

    for secret in (PHONE, PHONE[3:9], "13900004321", ID_NUMBER, ID_NUMBER[6:14], "覃大有", first.number, second.number):
        assert told(secret) == set(), secret
    assert told("高桥村塘坝漏水") == {"lead"}
    assert told("塘坝也漏到我家") == {"member"}
    assert told("塘坝已修") == {"lead", "member"}
    assert told(lead) <= {"lead"}
    assert told(member) <= {"member"}
    assert told("回电139") == {"lead"}
