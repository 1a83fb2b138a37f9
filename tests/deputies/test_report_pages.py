"""Pages of reports and deeds: the price does not grow with the rows; the demo's figures."""

from __future__ import annotations

import datetime as dt

import pytest

from deputies.models import Campaign, CongressLevel, DutyTotal
from tests.cast import Cast
from tests.deputies.reports import accepted, deed, opened, submitted, transferred
from tests.suggestions.budgets import once, queries

pytestmark = pytest.mark.django_db


def test_the_price_of_the_lists_does_not_grow(cast: Cast) -> None:
    pages = (
        ("insider", "/reports/"),
        ("insider", "/judgings/"),
        ("insider", "/deeds/"),
        ("unit", "/report-transfers/"),
        ("deputy", "/my-reports/"),
        ("deputy", "/my-deeds/"),
        ("other_deputy", "/my-judgings/"),
    )

    def rows(start: int, count: int) -> None:
        for number in range(start, start + count):
            report = accepted(cast, title=f"第{number}篇")
            transferred(cast, report)
            submitted(cast, title=f"待接收{number}")
            deed(cast, title=f"第{number}件")
            opened(cast, [report], title=f"第{number}次")

    rows(0, 2)
    before = {url: len(queries(cast.client(who), url)) for who, url in pages}
    rows(2, 6)
    for who, url in pages:
        asked = queries(cast.client(who), url)
        once(asked)
        assert len(asked) == before[url], "\n".join(asked)


def test_the_ledger_says_fifteen_reports_in_the_campaign_of_2020(cast: Cast) -> None:
    from deputies import demo_reports
    from deputies.campaign_templates import GROUPS_2020

    office = cast.offices["city_office"]
    campaign = Campaign.objects.create(
        title=GROUPS_2020.title,
        theme=GROUPS_2020.theme,
        office=office,
        region=cast.regions["province"],
        region_prefix="43",
        levels=[CongressLevel.PROVINCE],
        starts_on=dt.date(2020, 4, 1),
        ends_on=dt.date(2020, 10, 31),
        status="ended",
    )
    demo_reports._seed_2020(campaign)
    totals = DutyTotal.objects.filter(campaign=campaign, kind="report")
    assert sum(totals.values_list("quantity", flat=True)) == demo_reports.REPORTS_2020 == 15
    assert set(totals.values_list("year", flat=True)) == {2020}
