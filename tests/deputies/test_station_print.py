"""The display board and the door sign: who stands on them, and what is left off."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from deputies.models import Congress, CongressLevel, Station
from deputies.services.profile import ProfileFacts, profile_save
from tests.cast import Cast
from tests.deputies import open_stations as made
from tests.deputies.factories import make_mandate
from tests.filemakers import png
from tests.suggestions.budgets import once, queries
from tests.suggestions.pages import text_of


def printed(cast: Cast, station: Station, what: str = "board", who: str = "county_clerk") -> HttpResponse:
    return cast.client(who).get(reverse(f"station_prints:{what}", args=[station.public_id]))


def test_a_board_shows_the_deputies_by_level_ten_a_sheet_and_says_who_is_left_off(cast: Cast) -> None:
    station = made.make_station(cast)
    made.hours(station, 1)
    nation = Congress.objects.create(
        region=cast.regions["province"],
        level=CongressLevel.NATIONAL,
        term=14,
        name="第十四届全国人民代表大会",
        short_name="十四届全国人大",
        starts_on=dt.date(2023, 3, 5),
    )
    for number in range(1, 11):
        made.place(station, make_mandate(cast.congresses["county"], number))
    made.place(station, make_mandate(nation, 20))
    made.place(station, cast.mandates["deputy"])
    made.profile(cast.mandates["deputy"], is_hidden=True)
    board = printed(cast, station)
    assert [len(cards) for cards in board.context["sheets"]] == [10, 1]
    first = board.context["sheets"][0][0]["deputy"]
    assert (first.name, first.title) == ("代表20", "全国人大代表")
    assert "有1名代表本人选择完全不公开" in text_of(board)
    assert "李代表" not in text_of(board)
    assert board.content.decode().count("代表网页的二维码") == 11


def test_a_station_not_published_yet_is_printed_without_what_cannot_be_opened(cast: Cast) -> None:
    station = made.make_station(cast, is_published=False)
    made.place(station, cast.mandates["deputy"])
    photo = SimpleUploadedFile("a.png", png())
    person = cast.people["deputy"].public_id
    profile_save(actor=cast.actor("county_clerk"), person_id=person, facts=ProfileFacts(), photo=photo)
    for what in ("board", "sign"):
        page = printed(cast, station, what)
        assert "还没有向社会公开" in text_of(page)
        assert '二维码"' not in page.content.decode()
    (cards,) = printed(cast, station).context["sheets"]
    assert (cards[0]["deputy"].has_photo, cards[0]["qr"]) == (False, None)
    Station.objects.update(is_published=True)
    (cards,) = printed(cast, station).context["sheets"]
    assert cards[0]["deputy"].has_photo


def test_a_station_without_deputies_says_what_to_do_first(cast: Cast) -> None:
    assert "先把代表编入本站" in text_of(printed(cast, made.make_station(cast)))


@pytest.mark.parametrize("what", ["board", "sign"])
def test_nothing_is_printed_for_a_closed_station_or_for_the_neighbours(cast: Cast, what: str) -> None:
    open_, closed = (
        made.make_station(cast, name, is_published=False, **fields)
        for name, fields in (("甲站", {}), ("乙站", {"closed_on": dt.date(2023, 1, 1), "close_reason": "合并"}))
    )
    assert printed(cast, open_, what).status_code == 200
    assert printed(cast, closed, what).status_code == 404
    assert printed(cast, open_, what, "stranger").status_code == 404
    assert printed(cast, open_, what, "unit").status_code == 403


def test_a_sign_shows_name_address_and_hours(cast: Cast) -> None:
    station = made.make_station(cast, phone="0737-4220001")
    made.hours(station, 1, 2, 3)
    words = text_of(printed(cast, station, "sign"))
    for text in (station.name, "镇政府院内一楼", "周一至周三 09:00至11:30", "0737-4220001"):
        assert text in words


def test_a_board_asks_the_same_for_2_and_for_20(cast: Cast) -> None:
    asked = []
    for count in (2, 20):
        station = made.make_station(cast, f"{count}人站")
        for number in range(count):
            made.place(station, make_mandate(cast.congresses["county"], count * 100 + number))
        address = reverse("station_prints:board", args=[station.public_id])
        asked.append(queries(cast.client("county_clerk"), address))
    once(asked[1])
    assert len(asked[0]) == len(asked[1])
