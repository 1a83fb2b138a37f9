"""The statistic: what is counted, what it is divided by, and the same figures as a workbook."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

import openpyxl
import pytest
import time_machine
from django.urls import reverse

from liaison.calendar import SHANGHAI
from suggestions.models import PublicInterestDomain, Transfer
from suggestions.selectors.transfer_desk import Conditions
from suggestions.selectors.transfer_statistics import Figures, transfer_statistics
from tests.suggestions.budgets import queries
from tests.suggestions.steps import registered
from tests.suggestions.transfers import marked, received, step, transferred, walk

if TYPE_CHECKING:
    from tests.cast import Cast

PAGE = "/transfers/statistics/"
TODAY = dt.date(2026, 6, 15)


def at(year: int, month: int, day: int) -> time_machine.travel:
    return time_machine.travel(dt.datetime(year, month, day, 10, tzinfo=SHANGHAI), tick=False)


@pytest.fixture
def seven(cast: Cast) -> int:
    """Seven transfers of two domains and two years, and one that was never sent.

    Returns the key of the domain 安全生产.
    """
    safety = PublicInterestDomain.objects.get(name="安全生产").pk
    with at(2025, 3, 3):
        in_time = received(cast)
        late = received(cast)
        already = received(cast, domain_id=safety)
    with at(2025, 3, 20):
        step(cast, in_time, "file")
        step(cast, already, "already")
    with at(2025, 5, 6):
        step(cast, late, "decline")
    with at(2026, 5, 4):
        transferred(cast)  # overdue since 5 June
        paused = received(cast, domain_id=safety)
        walk(cast, paused, "request_info")
    with at(2026, 6, 1):
        transferred(cast, domain_id=safety)
        filed = received(cast, registered(cast, cosigner="cosigner"))
    with at(2026, 6, 8):
        walk(cast, filed, "file", "recommend")
    marked(cast)
    step(cast, marked(cast), "reject")
    return safety


def test_every_figure_counts_what_it_says(cast: Cast, seven: int) -> None:
    found = transfer_statistics(cast.actor("insider"), Conditions(), today=TODAY)
    assert found.total == Figures(
        transferred=7,
        given=4,
        in_time=3,
        late=1,
        missing=1,
        running=1,
        paused=1,
        converted=2,
        declined=1,
        already=1,
    )
    # Due are those given and the one overdue: 3 of 5 in time. Running and paused clocks are in neither part.
    assert found.total.due == 5
    by_domain = {line.label: line.figures for line in found.by_domain}
    assert list(by_domain) == ["生态环境和资源保护", "安全生产"]
    assert by_domain["安全生产"] == Figures(transferred=3, given=1, in_time=1, running=1, paused=1, already=1)
    by_year = {line.label: line.figures for line in found.by_year}
    assert list(by_year) == ["2025年", "2026年"]
    assert (by_year["2025年"].transferred, by_year["2025年"].due, by_year["2025年"].in_time) == (3, 3, 2)
    assert (by_year["2026年"].transferred, by_year["2026年"].converted) == (4, 1)


def test_the_conditions_narrow_it(cast: Cast, seven: int) -> None:
    def count(**conditions: object) -> int:
        found = transfer_statistics(cast.actor("insider"), Conditions(**conditions), today=TODAY)  # type: ignore[arg-type]
        return found.total.transferred

    assert count(year=2025) == 3
    assert count(domain_id=seven) == 3
    assert count(year=2026, domain_id=seven) == 2
    Transfer.objects.filter(domain_id=seven).update(region_prefix="430903", office=cast.offices["county_office"])
    assert count() == 4
    assert count(region="all") == 7
    assert count(region="430903") == 3
    assert count(region="430981") == 0


def test_a_new_year_begins_at_midnight_in_shanghai(cast: Cast) -> None:
    with time_machine.travel(dt.datetime(2025, 12, 31, 16, 30, tzinfo=dt.UTC), tick=False):
        transferred(cast)
    found = transfer_statistics(cast.actor("insider"), Conditions())
    assert [line.label for line in found.by_year] == ["2026年"]


def test_each_sees_only_their_own_figures(cast: Cast, seven: int) -> None:
    def count(who: str) -> int:
        return transfer_statistics(cast.actor(who), Conditions(), today=TODAY).total.transferred

    assert count("prosecutor") == 7
    assert count("colleague") == 7
    for who in ("other_prosecutor", "stranger", "unit", "auditor"):
        assert count(who) == 0, who


def test_the_page_shows_rates_with_what_they_are_made_of(cast: Cast, seven: int) -> None:
    with time_machine.travel(dt.datetime(2026, 6, 15, 10, tzinfo=SHANGHAI), tick=False):
        page = cast.client("colleague").get(PAGE).content.decode()
    for words in ("60.0%（3/5）", "50.0%（2/4）", "本机构，截至2026年6月15日", "按领域", "按转交年份", "合计"):
        assert words in page, words
    assert 'data-chart="chart-domains"' in page
    assert '"values": [4, 3]' in page


def test_an_empty_statistic_says_so(cast: Cast) -> None:
    page = cast.client("insider").get(PAGE, {"year": "2024"}).content.decode()
    assert "没有可统计的线索" in page
    assert "下载表格" not in page


def test_the_workbook_has_the_same_figures(cast: Cast, seven: int) -> None:
    with time_machine.travel(dt.datetime(2026, 6, 15, 10, tzinfo=SHANGHAI), tick=False):
        answer = cast.client("insider").get(reverse("transfers:download"), {"region": "all", "year": ""})
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["按领域", "按年度"]
    sheet = book["按领域"]
    assert sheet["A1"].value == "公益诉讼线索转交统计（本级和下级，截至2026年6月15日）"
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    head, total = rows[0], dict(zip(rows[0], rows[-1], strict=True))
    assert head[:4] == ["领域", "转交", "应反馈", "按期反馈"]
    assert (total["领域"], total["转交"], total["应反馈"], total["按期反馈率"]) == ("合计", 7, 5, 0.6)
    assert [row[0] for row in rows[1:-1]] == ["生态环境和资源保护", "安全生产"]
    assert [row[0].value for row in book["按年度"].iter_rows(min_row=4)] == ["2025年", "2026年", "合计"]


def test_a_workbook_of_nothing_says_so(cast: Cast) -> None:
    transferred(cast)
    answer = cast.client("insider").get(reverse("transfers:download"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["按领域"]
    assert sheet["E4"].value == "暂无"


def test_a_domain_named_like_a_formula_stays_text(cast: Cast) -> None:
    PublicInterestDomain.objects.filter(name="安全生产").update(name="=1+1")
    transferred(cast, domain_id=PublicInterestDomain.objects.get(name="=1+1").pk)
    answer = cast.client("insider").get(reverse("transfers:download"))
    cell = openpyxl.load_workbook(io.BytesIO(answer.content))["按领域"]["A4"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


@pytest.mark.parametrize(("who", "status"), [("unit", 403), ("deputy", 403), ("auditor", 403), ("anonymous", 302)])
def test_others_have_no_statistic(cast: Cast, who: str, status: int) -> None:
    for name in ("statistics", "download"):
        assert cast.client(who).get(reverse(f"transfers:{name}")).status_code == status


def test_the_page_costs_the_same_however_many_transfers(cast: Cast, seven: int) -> None:
    few = queries(cast.client("insider"), PAGE)
    for _ in range(13):
        transferred(cast)
    # session, user, postings, activity · domains, regions, procuratorates · figures · menu, bell
    assert len(few) == len(queries(cast.client("insider"), PAGE)) <= 14, "\n".join(few)
