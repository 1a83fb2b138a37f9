"""The public pages of stations: search by place and by name, the way down, hours, rota, QR codes, limits."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from deputies.models import CongressLevel, Station, StationKind
from deputies.selectors.open_station import week_of
from deputies.views import open_station
from liaison.limits import Limit
from tests.cast import Cast
from tests.deputies import open_stations as made
from tests.deputies.factories import make_mandate, make_person
from tests.suggestions.budgets import once, queries
from tests.suggestions.pages import text_of

INDEX = "/open/stations/"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def search(q: str = "", region: str = "") -> HttpResponse:
    return Client().get(INDEX, {"q": q, "region": region})


def found(answer: HttpResponse) -> list[str]:
    return [row["station"].name for row in answer.context["rows"]]


def open_url(station: Station) -> str:
    return reverse("open_stations:detail", args=[station.public_id])


def test_a_station_is_found_by_name_address_place_and_deputy(cast: Cast) -> None:
    town = made.make_station(cast, "高桥联络站", address="光复路18号")
    made.make_station(cast, "沅江联络站", region="neighbour", address="琼湖路2号")
    made.place(town, cast.mandates["deputy"])
    for q in ("高桥", "光复路", "八字哨镇", "赫山区 高桥", "李代表", "八字哨　李代表", "光复路18号"):
        assert found(search(q)) == ["高桥联络站"], q
    assert found(search("联络站")) == ["高桥联络站", "沅江联络站"]
    for q in ("李代表 琼湖路", "%", "_", "13873700001", "YY-0701"):
        assert found(search(q)) == [], q
    answer = search("李代表")
    page = reverse("open_deputies:detail", args=[cast.people["deputy"].public_id])
    assert f'href="{page}"' in answer.content.decode()
    assert "李代表 （益阳市人大代表）" in text_of(answer)
    assert "代表：" not in text_of(search("高桥"))


def test_what_is_not_published_or_closed_is_nowhere(cast: Cast) -> None:
    draft = made.make_station(cast, "未公开站", is_published=False)
    closed = made.make_station(
        cast, "已撤销站", is_published=False, closed_on=dt.date(2023, 1, 1), close_reason="合并到镇站"
    )
    for station, who in ((draft, "deputy"), (closed, "cosigner")):
        made.place(station, cast.mandates[who])
        for url in (open_url(station), reverse("open_stations:qr", args=[station.public_id])):
            assert Client().get(url).status_code == 404
    assert found(search("李代表")) == found(search("王附议")) == found(search()) == []
    assert search().context["places"].below == []
    assert "这里还没有公开的联络站" in text_of(search())


def test_the_way_down_goes_only_where_stations_are(cast: Cast) -> None:
    made.make_station(cast, "镇站")
    made.make_station(cast, "市站", region="city")
    made.make_station(cast, "沅江站", region="neighbour")

    def below(region: str) -> list[str]:
        return [place.name for place in search(region=region).context["places"].below]

    assert (below(""), below("430900"), below("430903"), below("430903101")) == (
        ["益阳市"],
        ["赫山区", "沅江市"],
        ["八字哨镇"],
        [],
    )
    assert found(search(region="430903")) == ["镇站"]
    assert found(search(region="999999")) == ["市站", "镇站", "沅江站"]
    assert [place.name for place in search(region="430903").context["places"].way] == ["湖南省", "益阳市", "赫山区"]


def test_the_online_station_of_the_place_or_the_nearest_above_stands_on_top(cast: Cast) -> None:
    made.make_station(cast, "镇站")
    made.make_station(cast, "市线上总站", region="city", kind=StationKind.ONLINE)
    county = made.make_station(cast, "区线上总站", region="county", kind=StationKind.ONLINE)

    def top(region: str) -> str:
        online = search(region=region).context["online"]
        return online["station"].name if online else ""

    assert (top(""), top("430000"), top("430981"), top("430903101")) == ("", "", "市线上总站", "区线上总站")
    assert found(search(region="430903")) == ["镇站"]
    shown = Client().get(open_url(county))
    assert "看赫山区的各个联络站" in text_of(shown)


def test_a_station_shows_place_hours_rota_and_deputies_by_level(cast: Cast) -> None:
    station = made.make_station(cast, longitude="112.473", latitude="28.602", phone="0737-4220001")
    made.hours(station, 1, 2, 3, 6)
    member = make_mandate(cast.congresses["county"], 1, person=make_person(1, name="赵区级"))
    for mandate in (cast.mandates["deputy"], cast.mandates["cosigner"], member):
        made.place(station, mandate)
    made.rota(station, cast.mandates["deputy"], note="请带身份证件")
    made.rota(station, member, days=5, cancelled_at=timezone.now(), cancel_reason="赵区级代表住院")
    made.rota(station, member, days=31)
    made.rota(station, member, days=-1)
    shown = Client().get(open_url(station))
    words = text_of(shown)
    assert "周一至周三 09:00至11:30 周六 09:00至11:30" in words
    assert 'href="geo:28.602000,112.473000"' in shown.content.decode()
    assert "北纬28.602000，东经112.473000" in words
    assert len(shown.context["rota"]) == 2
    assert "接待代表： 李代表" in words
    assert "请带身份证件" in words
    assert "已取消" in words
    assert "住院" not in words
    assert [(title, [one.name for one in group]) for title, group in shown.context["levels"]] == [
        ("市人大代表", ["李代表", "王附议"]),
        ("县（市、区）人大代表", ["赵区级"]),
    ]


def test_a_day_planned_anew_is_told_once_and_one_without_known_deputies_says_so(cast: Cast) -> None:
    station = made.make_station(cast)
    made.rota(station, cast.mandates["deputy"], cancelled_at=timezone.now(), cancel_reason="改人")
    made.rota(station, cast.mandates["deputy"])  # placed nowhere: the public does not learn who it is
    shown = Client().get(open_url(station))
    assert len(shown.context["rota"]) == 1
    assert "以现场公布为准" in text_of(shown)
    assert "李代表" not in shown.content.decode()


def test_a_person_with_two_mandates_stands_once_with_both(cast: Cast) -> None:
    station = made.make_station(cast)
    second = make_mandate(cast.congresses["county"], 5, person=cast.people["deputy"])
    for mandate in (second, cast.mandates["deputy"]):
        made.place(station, mandate)
    (level,) = Client().get(open_url(station)).context["levels"]
    assert [(one.name, one.titles) for one in level[1]] == [("李代表", ("益阳市人大代表", "赫山区人大代表"))]
    page = Client().get(reverse("open_deputies:detail", args=[cast.people["deputy"].public_id]))
    assert page.context["deputy"].level == CongressLevel.CITY
    assert [one.name for one in page.context["stations"]] == ["八字哨镇代表联络站"]


def test_a_deputy_s_page_tells_where_and_when(cast: Cast) -> None:
    station = made.make_station(cast)
    deputy = cast.mandates["deputy"]
    made.place(station, deputy)
    made.rota(station, deputy)
    made.rota(station, deputy, days=4, cancelled_at=timezone.now(), cancel_reason="停电")
    page = Client().get(reverse("open_deputies:detail", args=[deputy.person.public_id]))
    words = text_of(page)
    assert "益阳市某单位" in words
    assert "请到联络站或者在接待日找代表反映" in words
    assert len(page.context["rota"]) == 1
    assert words.count("八字哨镇代表联络站") == 3  # crumb, facts, rota


def test_the_qr_codes_are_sound_pictures_of_the_pages_addresses(cast: Cast) -> None:
    station = made.make_station(cast)
    made.place(station, cast.mandates["deputy"])
    person = cast.people["deputy"]
    for url in (
        reverse("open_stations:qr", args=[station.public_id]),
        reverse("open_deputies:qr", args=[person.public_id]),
    ):
        answer = Client().get(url)
        assert answer["Content-Type"] == "image/svg+xml"
        picture = ElementTree.fromstring(answer.content)  # noqa: S314  (our own)
        assert picture.attrib["viewBox"].startswith("0 0 ")
    one = Client().get(reverse("open_stations:qr", args=[station.public_id])).content
    assert one != Client(SERVER_NAME="localhost").get(reverse("open_stations:qr", args=[station.public_id])).content


def test_too_many_searches_are_refused_but_the_way_down_stays(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    made.make_station(cast)
    monkeypatch.setattr(open_station, "SEARCHES_AN_ADDRESS", Limit("test-search", 1, 3600))
    assert search("八字哨").status_code == 200
    refused = search("八字哨")
    assert refused.status_code == 429
    assert "查询太频繁" in text_of(refused)
    assert [place.name for place in refused.context["places"].below] == ["益阳市"]
    assert search(region="430903").status_code == 200


@pytest.mark.parametrize("q", ["\0", "站" * 61])
def test_what_cannot_be_looked_for_is_told(cast: Cast, q: str) -> None:
    answer = search(q)
    assert answer.status_code == 400
    assert answer.context["form"].errors["q"]


def test_a_place_that_cannot_be_is_no_place(cast: Cast) -> None:
    made.make_station(cast)
    assert search(region="'--").context["region"] is None
    assert search(region="43090310199").status_code == 400


def test_days_in_a_row_share_a_line(cast: Cast) -> None:
    station = made.make_station(cast)
    made.hours(station, 1, 2, 3, 4, 5)
    assert [(one.days, one.hours) for one in week_of(station.hours.all())] == [("周一至周五", "09:00至11:30")]
    made.hours(station, 6, 7)
    assert [one.days for one in week_of(station.hours.all())] == ["每天"]
    station.hours.filter(weekday__gt=2).delete()
    assert [one.days for one in week_of(station.hours.all())] == ["周一、周二"]
    station.hours.create(weekday=2, starts_at=dt.time(14, 30), ends_at=dt.time(17))
    assert [(one.days, one.hours) for one in week_of(station.hours.all())] == [
        ("周一", "09:00至11:30"),
        ("周二", "09:00至11:30、14:30至17:00"),
    ]


def test_the_pages_ask_the_same_for_2_and_for_20(cast: Cast) -> None:
    number = 0
    asked: dict[int, list[list[str]]] = {}
    for count in (2, 20):
        for index in range(count):
            station = made.make_station(cast, f"第{count}批{index}号站")
            made.hours(station, 1)
        for _ in range(count):
            number += 1
            mandate = make_mandate(cast.congresses["county"], number)
            made.place(station, mandate)
            made.rota(station, mandate, days=number % 28, starts_at=dt.time(8, number))
        asked[count] = [
            queries(Client(), f"{INDEX}?q=第{count}批&region=430903"),
            queries(Client(), open_url(station)),
            queries(Client(), reverse("open_deputies:detail", args=[mandate.person.public_id])),
        ]
    for few, many, budget in zip(asked[2], asked[20], (8, 7, 6), strict=True):
        once(many)
        assert len(few) == len(many) <= budget
