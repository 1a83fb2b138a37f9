"""A campaign in a browser: the scoreboard is the newsletter's of 2020; a deputy reads on a phone what is left to do."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import expect

from deputies.models import Campaign, CampaignMedia, Congress, DutyKind, Mandate
from tests.cast import Cast
from tests.deputies.campaigns import did, make_campaign, make_quota
from tests.deputies.factories import make_mandate, make_person
from tests.e2e.browsing import PHONE, Visits, main
from tests.e2e.looking import PHONE_WIDTH, look

pytestmark = pytest.mark.e2e

#: Newsletter 27 of 2020.
CADRES = 32
FIGURES = {
    DutyKind.OPINION_HEARD: 151,
    DutyKind.OPINION_ON_SPOT: 45,
    DutyKind.OPINION_HANDED: 106,
    DutyKind.REPORT: 15,
    DutyKind.SUGGESTION: 8,
    DutyKind.SUGGESTION_PLANNED: 23,
    DutyKind.PROBLEM_SOLVED: 35,
}
#: Numbers that nobody else in these tests uses.
FIRST = 6100


@pytest.fixture(scope="module")
def campaign(cast: Cast) -> Campaign:
    """The campaign of 2020 with its 32 leading cadres, here of the city; built once for the module."""
    with transaction.atomic():
        congress = Congress.objects.create(
            region=cast.regions["city"],
            level="province",
            term=13,
            name="湖南省第十三届人民代表大会",
            short_name="省十三届人大",
            starts_on=dt.date(2018, 1, 25),
        )
        period = {"starts_on": dt.date(2020, 4, 1), "ends_on": dt.date(2020, 10, 31)}
        found = make_campaign(cast, title="参加代表小组活动", audience="cadre", levels=["province"], **period)
        mandates = [_cadre(congress, number) for number in range(FIRST, FIRST + CADRES)]
        for kind, total in FIGURES.items():
            for place, mandate in enumerate(mandates):
                share = total // CADRES + (place < total % CADRES)
                for _ in range(share if kind == DutyKind.REPORT else bool(share)):
                    quantity = 1 if kind == DutyKind.REPORT else share
                    did(mandate, kind, quantity, campaign=found, on=dt.date(2020, 6, 1))
        CampaignMedia.objects.create(
            campaign=found, office=found.office, region_prefix="4309", title="各大媒体", count=300, at_least=True
        )
        return found


def _cadre(congress: Congress, number: int) -> Mandate:
    person = make_person(number, name=f"干部{number}")
    return make_mandate(congress, number, person=person, profession_class="cadre")


def test_the_scoreboard_shows_the_newsletters_figures(visits: Visits, campaign: Campaign) -> None:
    page = visits.enter("insider")
    page.goto(reverse("campaigns:board", args=[campaign.public_id]))
    figures = main(page).locator(".board-figures")
    for text in (
        "32/32",
        "151",
        "现场答复45＋转办106",
        "15调研报告",
        "8代表建议",
        "23拟提出建议",
        "35解决问题",
        "300以上",
    ):
        expect(figures).to_contain_text(text)
    expect(main(page).locator("canvas")).to_be_visible()
    faults = look(page)
    assert not faults, "\n".join(faults)


def test_a_deputy_reads_on_a_phone_what_is_left_to_do(visits: Visits, cast: Cast) -> None:
    with transaction.atomic():
        now = make_campaign(cast, title="进站听民声")
        make_quota(DutyKind.PEOPLE_VISITED, 15, campaign=now, words="走访群众不少于15人")
        did(cast.mandates["deputy"], DutyKind.PEOPLE_VISITED, 6, campaign=now)
    page = visits.enter("deputy", **PHONE)
    page.goto(reverse("campaigns:list"))
    main(page).get_by_role("link", name="进站听民声").click()
    expect(main(page)).to_contain_text("还差9人")
    faults = look(page, colours_at=PHONE_WIDTH)
    assert not faults, "\n".join(faults)
    main(page).get_by_role("link", name="写建议").click()
    expect(page.locator("select[name=campaign_id]")).to_have_value(str(now.pk))
