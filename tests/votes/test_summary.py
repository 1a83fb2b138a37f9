"""The roll-up: the province's figures of December 2020, what is added to what, and what is never counted twice."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from liaison.exceptions import NotAllowed
from liaison.models import AuditEntry, Job, Region
from liaison.models.region import RegionKind, RegionLevel
from liaison.services.job import job_run
from tests.suggestions.budgets import queries, statements
from tests.suggestions.pages import errors, said, text_of
from tests.votes.draws import entered
from votes.models import Candidate, Programme, Project, Round, RoundKind, YearSummary
from votes.selectors.summary import roll_up
from votes.states import CandidateStatus, ProgrammeStatus, ProjectStatus, RoundStatus

if TYPE_CHECKING:
    from liaison.actor import Actor
    from tests.cast import Cast
    from tests.votes.people import County

PAGE = reverse("summary:overview")
#: What 联络动态 2020年第27期 says of December 2020 (money in 万元).
COUNTIES_2020 = {"congresses": 122, "voting": 14, "projects": 120, "investment": Decimal("1546000")}
TOWNSHIPS_2020 = {"congresses": 1529, "voting": 1127, "projects": 2881, "investment": Decimal("1386200")}


def lines(actor: Actor, code: str = "", year: int | None = None) -> dict[str, Any]:
    return {line.level: line for line in roll_up(actor, code=code, year=year).totals}


def below(actor: Actor, code: str = "", year: int | None = None) -> dict[str, dict[str, Any]]:
    found = roll_up(actor, code=code, year=year).below
    return {region.name: {line.level: line for line in of_region} for region, of_region in found}


def town(cast: Cast, number: int, county: str = "county") -> Region:
    parent = cast.regions[county]
    code = f"{parent.prefix}{200 + number}"
    return Region.objects.create(
        code=code,
        prefix=code,
        name=f"第{number}镇",
        full_name=f"{parent.full_name}第{number}镇",
        level=RegionLevel.TOWNSHIP,
        kind=RegionKind.TOWN,
        parent=parent,
    )


def on_portal(
    county: County, year: int = 2026, *, elected: int = 3, finished: int = 1, declared: bool = True, rated: str = ""
) -> Programme:
    """The county's programme of a year with its projects; ``rated`` e.g. ``87/90 88/90``."""
    office = county.cast.offices["county_office"]
    scope: dict[str, Any] = {
        "congress": county.congress,
        "office": office,
        "region_prefix": county.congress.region.prefix,
    }
    programme = Programme.objects.create(**scope, year=year, places=elected, status=ProgrammeStatus.UNDERWAY)
    moment = programme.created_at
    done: dict[str, Any] = {"status": RoundStatus.DECLARED, "opened_at": moment, "declared_at": moment}
    if declared:
        Round.objects.create(**scope, programme=programme, kind=RoundKind.PROJECTS, places=elected, **done)
    for number in range(1, elected + 2):
        values: dict[str, Any] = {
            "name": f"项目{number}",
            "content": "内容",
            "place": "赫山区",
            "investment": Decimal("100.50"),
            "unit_name": "水利局",
            "finish_on": "2026-12-01",
        }
        status = CandidateStatus.ELECTED if number <= elected else CandidateStatus.NOT_ELECTED
        candidate = Candidate.objects.create(
            programme=programme, number=number, money_source="财政", status=status, **values
        )
        if status == CandidateStatus.ELECTED:
            state = ProjectStatus.HANDED_OVER if number <= finished else ProjectStatus.UNDERWAY
            Project.objects.create(
                programme=programme,
                candidate=candidate,
                office=office,
                region_prefix=scope["region_prefix"],
                status=state,
                **values,
            )
    if rated:
        parts = [part.split("/") for part in rated.split()]
        result = {"lines": [{"numerator": int(above), "denominator": int(under)} for above, under in parts]}
        Round.objects.create(**scope, programme=programme, kind=RoundKind.APPRAISAL, result=result, **done)
    return programme


@pytest.fixture
def province(cast: Cast) -> Actor:
    """Somebody of the province's office: the city's handler, moved there."""
    office = cast.offices["city_office"]
    office.region = cast.regions["province"]
    office.save()
    return cast.actor("insider")


# ── the seed's figures ───────────────────────────────────────────────────────────────────────────
def test_the_province_in_december_2020(cast: Cast, province: Actor) -> None:
    entered(province, "430000", level="county", **COUNTIES_2020)
    entered(province, "430000", level="township", **TOWNSHIPS_2020)
    found = lines(province, year=2020)
    county, township = found["county"].total, found["township"].total
    assert (county.congresses, county.voting, county.projects) == (122, 14, 120)
    assert (township.congresses, township.voting, township.projects) == (1529, 1127, 2881)
    assert (county.yuan, township.yuan) == (15_460_000_000, 13_862_000_000)

    page = text_of(cast.client("insider").get(PAGE, {"year": "2020"}))
    for words in ("11.5%（14/122）", "120件", "154.6亿元", "73.7%（1127/1529）", "2881件", "138.62亿元", "益阳市"):
        assert words in page, words


def test_the_workbook_says_the_same(cast: Cast, province: Actor) -> None:
    entered(province, "430000", level="county", **COUNTIES_2020)
    entered(province, "430000", level="township", **TOWNSHIPS_2020)
    job = exported(cast, "430000")
    with job.file.open("rb") as content:
        rows = list(load_workbook(content).active.iter_rows(values_only=True))
    head = next(place for place, row in enumerate(rows) if row[0] == "年度")
    assert rows[0][0].startswith("湖南省民生实事票决汇总")
    assert rows[head + 1][:9] == (2020, "湖南省", "县级", 122, 14, 11.5, 120, 1546000, None)
    assert rows[head + 2][:8] == (2020, "湖南省", "乡级", 1529, 1127, 73.7, 2881, 1386200)
    assert rows[head + 2][13:17] == (1529, 1127, 2881, 1386200)


def exported(cast: Cast, code: str, who: str = "insider") -> Job:
    response = cast.client(who).post(reverse("summary:export"), {"region": code})
    job = Job.objects.latest("id")
    assert response.url == job.get_absolute_url()
    job_run(job_id=job.pk)
    job.refresh_from_db()
    assert job.file_name.endswith(".xlsx"), job.message
    return job


# ── portal and entered rows ──────────────────────────────────────────────────────────────────────
def test_what_the_portal_knows_is_counted(county: County) -> None:
    on_portal(county, rated="87/90 88/90")
    total = lines(county.cast.actor("insider"), year=2026)["county"].total
    assert (total.voting, total.congresses) == (1, 2)  # 赫山区, of the two counties on the register
    assert (total.projects, total.investment) == (3, Decimal("301.50"))
    assert (total.finished, total.finish_base) == (1, 3)
    assert (total.satisfied, total.rated) == (175, 180)


def test_an_undeclared_vote_is_not_counted_as_voting(county: County) -> None:
    on_portal(county, elected=1, declared=False)
    assert lines(county.cast.actor("insider"))["county"].total.voting == 0


def test_entered_rows_are_added_to_the_portal(county: County) -> None:
    """赫山区 is on the portal; the row of the city counts the other counties only."""
    actor = county.cast.actor("insider")
    on_portal(county)
    entered(actor, "430900", 2026, congresses=5, voting=2, projects=7, investment=Decimal(1000), finished=6)
    line = lines(actor, year=2026)["county"]
    assert (line.total.voting, line.total.congresses) == (3, 6)
    assert (line.total.projects, line.total.investment) == (10, Decimal("1301.50"))
    assert (line.total.finished, line.total.finish_base) == (7, 10)
    assert line.entered is not None
    assert line.entered.projects == 7


def test_a_row_without_finished_projects_stays_out_of_that_rate(county: County) -> None:
    actor = county.cast.actor("insider")
    on_portal(county)
    entered(actor, "430981", 2026, congresses=1, voting=1, projects=7)
    total = lines(actor, year=2026)["county"].total
    assert (total.projects, total.finished, total.finish_base) == (10, 1, 3)


def test_the_upper_row_counts_and_the_lower_ones_break_it_down(cast: Cast, province: Actor) -> None:
    entered(province, "430000", congresses=122, voting=14)
    entered(province, "430900", congresses=6, voting=2)
    entered(province, "430981", congresses=1, voting=1)
    assert lines(province, year=2020)["county"].total.voting == 14
    assert below(province, year=2020)["益阳市"]["county"].total.voting == 2
    of_city = below(province, "430900", 2020)
    assert of_city["沅江市"]["county"].total.voting == 1
    assert of_city["赫山区"] == {}


def test_without_a_row_above_the_lower_rows_add_up(cast: Cast) -> None:
    actor = cast.actor("insider")
    entered(actor, "430981", congresses=1, voting=1, projects=6)
    entered(actor, "430903", congresses=1, voting=0, projects=0)
    total = lines(actor)["county"].total
    assert (total.voting, total.congresses, total.projects) == (1, 2, 6)


def test_a_county_shows_its_own_row_and_its_towns(cast: Cast) -> None:
    actor = cast.actor("county_clerk")
    town(cast, 1)
    entered(actor, "430903", level="county", congresses=1, voting=1)
    entered(actor, "430903", level="township", congresses=2, voting=1, projects=3)
    entered(actor, "430903101", level="township", congresses=1, voting=1, projects=3)
    found = below(actor, year=2020)
    assert found["赫山区"]["county"].total.voting == 1
    assert "township" not in found["赫山区"]
    assert found["八字哨镇"]["township"].total.projects == 3
    assert found["第1镇"] == {}
    assert "赫山街道" not in found  # 街道 have no congress
    page = text_of(cast.client("county_clerk").get(PAGE))
    assert "赫山区本级" in page
    assert "未填报" in page


def test_more_congresses_than_there_are_is_said(county: County) -> None:
    actor = county.cast.actor("insider")
    on_portal(county)
    entered(actor, "430900", 2026, congresses=2, voting=1)
    assert lines(actor, year=2026)["county"].may_count_twice
    assert "县级人大数可能重复" in text_of(county.cast.client("insider").get(PAGE, {"year": "2026"}))


# ── the page ─────────────────────────────────────────────────────────────────────────────────────
def test_the_chart_and_its_table_show_the_chosen_measure(county: County) -> None:
    actor = county.cast.actor("insider")
    on_portal(county)
    entered(actor, "430900", 2025, congresses=6, voting=3, projects=20, investment=Decimal(45000))
    for show, words, data in (
        ("coverage", "50.0%（3/6）", '"values": [50.0, 50.0]'),
        ("projects", "票决项目（件）", '"values": [20, 3]'),
        ("money", "县级 （亿元）", '"values": [4.5, 0.03]'),
        ("nonsense", "50.0%（3/6）", '"values": [50.0, 50.0]'),
    ):
        page = county.cast.client("insider").get(PAGE, {"show": show})
        assert words in text_of(page), show
        assert data in page.content.decode(), show


def test_small_sums_are_drawn_in_wan(county: County) -> None:
    on_portal(county)
    page = county.cast.client("insider").get(PAGE, {"show": "money"})
    assert "县级 （万元）" in text_of(page)
    assert '"values": [301.5]' in page.content.decode()


def test_an_empty_roll_up_offers_the_first_step(cast: Cast) -> None:
    page = text_of(cast.client("insider").get(PAGE))
    assert "还没有数据" in page
    assert "先填报往年的数据" in page
    assert "先填报往年的数据" not in text_of(cast.client("colleague").get(PAGE))


def test_odd_addresses_show_ones_own_region(cast: Cast) -> None:
    entered(cast.actor("insider"), "430900")
    for query in ({"region": "440000"}, {"region": "430000"}, {"year": "²020"}, {"year": "1"}, {"region": "x" * 99}):
        assert "益阳市民生实事票决汇总" in text_of(cast.client("insider").get(PAGE, query)), query


def test_others_are_not_shown_the_roll_up(cast: Cast) -> None:
    for who in ("deputy", "unit"):
        assert cast.client(who).get(PAGE).status_code == 403
        with pytest.raises(NotAllowed):
            roll_up(cast.actor(who))


def test_the_price_does_not_grow_with_the_rows(county: County) -> None:
    actor = county.cast.actor("insider")
    on_portal(county, rated="87/90")
    entered(actor, "430981", 2026)
    client = county.cast.client("insider")
    few = queries(client, f"{PAGE}?year=2026")
    workbook = len(statements(lambda: exported(county.cast, "430900")))
    for number in range(8):
        town(county.cast, number)
        entered(actor, "430981", 2027 + number)
        on_portal(county, 2027 + number, rated="87/90")
    # session, user, postings, activity · way, below · trend: 5 · below: 5 · menu, bell
    many = queries(client, f"{PAGE}?year=2026")
    assert len(few) == len(many) <= 22, "\n".join(many)
    assert len(statements(lambda: exported(county.cast, "430900"))) == workbook
    rows = reverse("summary:rows")
    assert len(queries(client, rows)) <= 14


def test_the_list_of_rows_shows_where_each_comes_from(county: County) -> None:
    row = entered(county.cast.actor("insider"), "430981", 2026)
    shown = text_of(county.cast.client("insider").get(reverse("summary:rows")))
    assert f"来源：{row.source}" in shown


# ── entering rows ────────────────────────────────────────────────────────────────────────────────
def typed(**changes: str) -> dict[str, str]:
    return {
        "region_code": "430900",
        "year": "2020",
        "level": "county",
        "congresses": "6",
        "voting": "2",
        "projects": "11",
        "investment": "12345.67",
        "finished": "10",
        "satisfied": "87",
        "rated": "90",
        "source": "各县上报，2020年12月",
    } | changes


def test_a_row_is_entered_changed_and_deleted(cast: Cast) -> None:
    client = cast.client("insider")
    response = client.post(reverse("summary:add"), typed(), follow=True)
    assert "已保存湖南省益阳市2020年县级汇总" in said(response)
    row = YearSummary.objects.get()
    assert (row.voting, row.investment, row.rated) == (2, Decimal("12345.67"), 90)

    page = client.get(row.get_absolute_url())
    version = page.context["form"].initial["version"]
    assert client.post(row.get_absolute_url(), typed(voting="3", version=version)).status_code == 302
    stale = client.post(row.get_absolute_url(), typed(voting="4", version=version))
    assert stale.status_code == 409
    row.refresh_from_db()
    assert row.voting == 3
    assert f'value="{version}"' not in stale.content.decode()

    url = reverse("summary:delete", args=[row.public_id])
    assert "删除后不再计入汇总" in text_of(client.get(url))
    assert "还没有填报" in text_of(client.post(url, follow=True))
    acts = AuditEntry.objects.filter(action__startswith="summary.").order_by("id")
    assert [(act.action, act.detail.get("voting")) for act in acts] == [
        ("summary.create", "2"),
        ("summary.edit", "3"),
        ("summary.delete", "3"),
    ]


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"region_code": ""}, "region_code", ""),
        ({"region_code": "430000"}, "region_code", ""),
        ({"year": "1999"}, "year", ""),
        ({"level": ""}, "level", ""),
        ({"voting": "7"}, "voting", "不能多于人大数6"),
        ({"finished": "12"}, "finished", "不能多于票决项目11件"),
        ({"satisfied": ""}, "satisfied", "要么都填"),
        ({"rated": ""}, "rated", "要么都填"),
        ({"satisfied": "91"}, "satisfied", "不能多于有效测评票90张"),
        ({"voting": "0"}, "projects", "没有人大实行票决"),
        ({"investment": "-1"}, "investment", ""),
        ({"investment": "1.234"}, "investment", ""),
        ({"congresses": ""}, "congresses", "请填写人大数"),
        ({"source": " "}, "source", "数据来源"),
    ],
)
def test_wrong_values_are_named_and_nothing_typed_is_lost(
    cast: Cast, changes: dict[str, str], field: str, message: str
) -> None:
    response = cast.client("insider").post(reverse("summary:add"), typed(**changes))
    assert response.status_code == 422
    assert message in "".join(errors(response)[field])
    assert 'value="2020"' in response.content.decode() or field == "year"
    assert not YearSummary.objects.exists()


def test_a_row_stands_once(cast: Cast) -> None:
    for _ in range(2):
        response = cast.client("insider").post(reverse("summary:add"), typed())
    assert response.status_code == 422
    assert "已经填报过" in errors(response)["year"][0]
    assert YearSummary.objects.count() == 1


def test_a_town_has_no_county_row(cast: Cast) -> None:
    data = typed(region_code="430903101", congresses="1", voting="1")
    response = cast.client("county_clerk").post(reverse("summary:add"), data)
    assert errors(response) == {"level": ["乡镇只能填报乡级。"]}
    response = cast.client("county_clerk").post(reverse("summary:add"), typed(region_code="430903001"))
    assert "region_code" in errors(response)  # 街道


def test_saving_warns_of_congresses_on_the_portal(county: County) -> None:
    on_portal(county)
    response = county.cast.client("insider").post(reverse("summary:add"), typed(year="2026"), follow=True)
    assert "2026年已有1个县级人大在平台上" in said(response)


def test_rows_of_other_places_are_not_there(cast: Cast) -> None:
    row = entered(cast.actor("insider"), "430900")
    assert cast.client("county_clerk").get(row.get_absolute_url()).status_code == 404
    assert cast.client("colleague").get(row.get_absolute_url()).status_code == 403
