"""Stations in a browser: a deputy found on a phone; board and sign printed; every page without fault."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Page, expect

from deputies.models import DeputyGroup, GroupMembership, Station
from tests.cast import Cast
from tests.deputies import open_stations as made
from tests.deputies.factories import make_mandate, make_person
from tests.e2e.browsing import PHONE, Visits, main, press
from tests.e2e.looking import DESKTOP_WIDTH, PHONE_WIDTH, look

pytestmark = pytest.mark.e2e

NAME = "泉塘湾人大代表联络站"
#: Numbers that nobody else in these tests uses.
FIRST = 4100
LONG_UNIT = "益阳市赫山区八字哨镇农业综合服务中心暨高标准农田建设项目联合党支部委员会" * 2


@dataclass
class Stations:
    """A published station of forty deputies, its rota, a group."""

    station: Station
    group: DeputyGroup


@pytest.fixture(scope="module")
def found(cast: Cast) -> Stations:
    """Built once for the module; the fortieth has the longest words there can be."""
    with transaction.atomic():
        station = made.make_station(cast, NAME, longitude="112.473", latitude="28.602", phone="0737-4220001")
        made.hours(station, 1, 3, 5)
        mandates = []
        for number in range(FIRST, FIRST + 40):
            person = make_person(number, name=f"泉塘{number}", employer="八字哨镇高桥村", post="党总支书记")
            mandates.append(make_mandate(cast.congresses["county"], number, person=person))
            made.place(station, mandates[-1])
        longest = mandates[-1].person
        longest.employer, longest.post = LONG_UNIT[:100], "党委副书记、主任、" * 6
        longest.save()
        made.profile(mandates[-1], contact_kind="email", contact=f"{'a' * 60}@example.org")
        made.profile(mandates[0], contact_kind="phone", contact="0737-4220009", introduction="关心水利。")
        made.profile(mandates[1], is_hidden=True)
        made.rota(station, mandates[0], mandates[1])
        made.place(station, cast.mandates["other_deputy"])
        group = DeputyGroup.objects.create(
            kind="group",
            name="泉塘湾代表小组",
            region=station.region,
            region_prefix=station.region_prefix,
            office=station.office,
            station=station,
            founded_on=station.opened_on,
        )
        GroupMembership.objects.create(group=group, mandate=mandates[0], role="leader", started_on=station.opened_on)
    return Stations(station, group)


def test_somebody_finds_their_deputy_on_a_phone(visits: Visits, found: Stations) -> None:
    page = visits.arrive(**PHONE)
    page.goto(reverse("open_stations:list"))
    faults = look(page, colours_at=PHONE_WIDTH)
    page.set_viewport_size({"width": PHONE_WIDTH, "height": 812})
    page.get_by_label("地名、站名或者代表姓名").fill(f"泉塘{FIRST}")
    press(page, "查找")
    main(page).get_by_role("link", name=NAME).click()
    expect(main(page)).to_contain_text("今后30天的接待安排")
    assert f"泉塘{FIRST + 1}" not in page.content()
    faults += look(page, colours_at=PHONE_WIDTH)
    page.set_viewport_size({"width": PHONE_WIDTH, "height": 812})
    page.locator(".deputy-cards").get_by_role("link", name=f"泉塘{FIRST}", exact=True).click()
    expect(main(page)).to_contain_text("0737-4220009")
    faults += look(page, colours_at=PHONE_WIDTH)
    assert not faults, "\n".join(faults)


def sheets_of(page: Page) -> int:
    """How many sheets of paper the page takes."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True, print_background=True)))


def test_staff_print_the_board_and_the_sign(visits: Visits, found: Stations) -> None:
    page = visits.enter("county_clerk")
    key = [found.station.public_id]
    page.goto(reverse("station_prints:board", args=key))
    expect(main(page)).to_contain_text("有1名代表本人选择完全不公开")
    assert page.locator(".board-card").count() == 40
    faults = look(page)
    assert sheets_of(page) == page.locator(".board").count() == 4
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1046})  # A4 without its margins
    cut = page.locator(".board-card, .board").evaluate_all(
        "(boxes) => boxes.filter((box) => box.scrollHeight > box.clientHeight + 1).map((box) => box.innerText)"
    )
    assert cut == []
    page.emulate_media(media="null")
    page.goto(reverse("station_prints:sign", args=key))
    faults += look(page)
    assert sheets_of(page) == 1
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("who", ["county_clerk", "other_deputy"])
def test_the_pages_of_those_who_signed_in_have_no_fault(visits: Visits, found: Stations, who: str) -> None:
    key = [found.station.public_id]
    person = found.group.memberships.get().mandate.person
    pages = {
        "county_clerk": [
            reverse("stations:list"),
            reverse("stations:detail", args=key),
            reverse("stations:new"),
            reverse("stations:rota_add", args=key),
            reverse("groups:detail", args=[found.group.public_id]),
            reverse("profiles:edit", args=[person.public_id]),
        ],
        "other_deputy": [reverse("stations:mine"), reverse("profiles:mine")],
    }
    page = visits.enter(who)
    faults: list[str] = []
    for path in pages[who]:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        faults += look(page, colours_at=PHONE_WIDTH if who == "other_deputy" else DESKTOP_WIDTH)
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults)
