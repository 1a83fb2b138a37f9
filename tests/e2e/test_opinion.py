"""An opinion on phones: somebody scans a station's code and writes, the deputy makes it a suggestion, it is answered,
and the person reads so with the receipt code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Page, expect

from deputies.models import Station
from suggestions.models import Opinion, Suggestion
from suggestions.services.handling import suggestion_sign
from suggestions.services.sorting import suggestion_assign, suggestion_register
from tests.cast import Cast
from tests.deputies import open_stations as made
from tests.e2e.browsing import PHONE, Visits, main, press, says
from tests.e2e.looking import PHONE_WIDTH, look
from tests.filemakers import png
from tests.suggestions import steps

pytestmark = pytest.mark.e2e

NAME = "高桥村人大代表联络站"
TEXT = "高桥村塘坝漏水两年，下游三百亩田缺水。请回电13900001234。"
COVERED = "139＊＊＊＊＊＊34"


@pytest.fixture(scope="module")
def station(cast: Cast) -> Station:
    """Published; one deputy with an account stands in it."""
    with transaction.atomic():
        station = made.make_station(cast, NAME, office=cast.offices["city_office"])
        made.place(station, cast.mandates["cosigner"])
    return station


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "塘坝.png"
    path.write_bytes(png(40, 30))
    return path


def test_what_is_scanned_and_written_comes_back_answered(
    visits: Visits, cast: Cast, station: Station, photo: Path
) -> None:
    person, deputy = visits.arrive(**PHONE), visits.enter("cosigner", **PHONE)
    code = write(person, station, photo)
    opinion = Opinion.objects.get(station=station)
    assert opinion.channel == "qr"
    take(deputy)
    suggestion = raise_it(deputy)
    follow(person, code, "人大代表正在写成代表建议")
    answer(cast, suggestion)
    follow(person, code, "已经答复")
    expect(main(person)).to_contain_text("益阳市生态环境局")
    press(person, "满意")
    expect(main(person)).to_contain_text("您的评价：满意")


def write(page: Page, station: Station, photo: Path) -> str:
    """By the station's QR code; the receipt code."""
    page.goto(reverse("open_stations:detail", args=[station.public_id]) + "?by=qr")
    page.get_by_role("link", name="反映情况").click()
    page.get_by_label("您要反映什么").fill(TEXT)
    page.get_by_label("照片").set_input_files(photo)
    press(page, "提交")
    expect(page.get_by_role("heading", level=1)).to_have_text("已收到您反映的情况")
    return page.locator(".receipt-code").inner_text()


def take(page: Page) -> None:
    """From the list of what lies open at the station."""
    page.goto("/opinions/mine/?tab=open")
    page.get_by_role("link", name="高桥村塘坝漏水两年").click()
    expect(main(page)).to_contain_text(COVERED)
    expect(page.get_by_role("img", name="照片1")).to_be_visible()
    press(page, "我来答复")
    says(page, "由您答复")


def raise_it(page: Page) -> Suggestion:
    """The draft stands there with what was said; the rest is the deputy's."""
    page.get_by_role("link", name="转为代表建议").click()
    press(page, "写成建议")
    assert COVERED in page.get_by_label("事由").input_value()
    page.get_by_label("具体建议").fill("请水利部门今冬修好塘坝。")
    page.get_by_label("类别").select_option(label="农业")
    press(page, "下一步：核对")
    press(page, "提交")
    expect(page.get_by_role("heading", level=1)).to_have_text("已提交")
    return Suggestion.objects.get(opinions__station__name=NAME)


def answer(cast: Cast, suggestion: Suggestion) -> None:
    """The office and the unit do their part, as the main job shows it."""
    key: dict[str, Any] = {"public_id": suggestion.public_id, "version": None}
    clerk = cast.actor("insider")
    suggestion_register(actor=clerk, session_id=None, category_id=suggestion.category_id, **key)
    suggestion_assign(actor=clerk, unit_public_id=cast.offices["unit"].public_id, requirement="", **key)
    suggestion_sign(actor=cast.actor("unit"), public_id=suggestion.public_id)
    steps.answer(cast, suggestion)


def follow(page: Page, code: str, words: str) -> None:
    page.goto("/open/opinions/")
    page.get_by_label("回执码").fill(code.lower())
    press(page, "查询")
    expect(main(page)).to_contain_text(words)


def test_the_pages_on_phones_have_no_fault(visits: Visits, cast: Cast, station: Station) -> None:
    page = visits.arrive(**PHONE)
    query = f"?station={station.public_id}"
    page.goto(f"/open/opinions/new/{query}")
    faults = look(page, colours_at=PHONE_WIDTH)
    press(page, "提交")
    faults += look(page, colours_at=PHONE_WIDTH)
    page.get_by_label("您要反映什么").fill("路灯坏了" * 100)
    press(page, "提交")
    faults += look(page, colours_at=PHONE_WIDTH)
    code = page.locator(".receipt-code").inner_text()
    for path in ("/open/opinions/new/", "/open/opinions/"):
        page.goto(path)
        faults += look(page, colours_at=PHONE_WIDTH)
    follow(page, code, "正在安排办理")
    page.get_by_text("补充说明").first.click()
    faults += look(page, colours_at=PHONE_WIDTH)
    deputy = visits.enter("cosigner", **PHONE)
    opinion = Opinion.objects.filter(station=station).latest("id")
    for path in ("/opinions/mine/", "/opinions/mine/?tab=all", "/opinions/mine/new/", opinion.deputy_url):
        deputy.goto(path)
        faults += look(deputy, colours_at=PHONE_WIDTH)
    press(deputy, "我来答复")
    for name in ("answer", "pass_back", "raise", "say"):
        deputy.goto(reverse(f"my_opinions:{name}", args=[opinion.public_id]))
        faults += look(deputy, colours_at=PHONE_WIDTH)
    deputy.goto(opinion.deputy_url)
    faults += look(deputy, colours_at=PHONE_WIDTH)
    assert not faults, "\n".join(faults)
