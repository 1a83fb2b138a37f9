"""The roll-up: who is behind and by what, summed in SQL, agreeing with each deputy's own page."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from deputies.models import DutyKind, Mandate, ProfessionClass, QuotaAudience, QuotaPeriod
from deputies.selectors.quota import quota_lines
from deputies.selectors.rollup import deputies_behind, lines_missing, roll_up, rollup_question
from deputies.services.judging import judging_create
from deputies.tasks import export_board, export_rollup
from liaison.models import Job
from liaison.models.job import JobStatus
from tests.deputies.campaigns import did, make_campaign, make_quota
from tests.deputies.factories import make_mandate, make_mandates
from tests.deputies.reports import draft
from tests.deputies.reports import facts as judging_facts
from tests.suggestions.budgets import queries
from tests.suggestions.pages import text_of

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
URL = "/duty-rollup/"


def a_year(cast: Cast) -> dict[str, Any]:
    """Requirements of every sort, done by some in part."""
    campaign = make_campaign(cast, audience=QuotaAudience.GRASSROOTS)
    make_quota(DutyKind.PEOPLE_VISITED, 15, campaign=campaign, words="走访15人")
    make_quota(DutyKind.PEOPLE_VISITED, 15, campaign=campaign, period=QuotaPeriod.YEAR, words="每年走访15人")
    make_quota(DutyKind.DEED, congress=cast.congress, or_kind=DutyKind.PROBLEM_SOLVED, words="一件实事")
    make_quota(DutyKind.ACTIVITY, 2, congress=cast.congress, activity_kinds=["visit"], words="两次走访活动")
    make_quota(congress=cast.congress, audience=QuotaAudience.CADRE, words="干部一件实事")
    make_quota(DutyKind.VOTER_REPORT, congress=cast.congress, period=QuotaPeriod.TERM, words="述职一次")
    cadre = make_mandate(cast.congress, 50, profession_class=ProfessionClass.CADRE)
    town = make_mandates(cast.congresses["neighbour"], 2)
    deputy, cosigner = cast.mandates["deputy"], cast.mandates["cosigner"]
    did(deputy, DutyKind.PEOPLE_VISITED, 15, campaign=campaign)
    did(deputy, DutyKind.PROBLEM_SOLVED)
    did(deputy, DutyKind.ACTIVITY, 2, activity_kind="visit")
    did(cosigner, DutyKind.PEOPLE_VISITED, 99)  # for no campaign
    did(cosigner, DutyKind.ACTIVITY, 5, activity_kind="study")
    did(cadre, DutyKind.DEED)
    did(town[0], DutyKind.PEOPLE_VISITED, 20, campaign=campaign)
    did(town[1], DutyKind.DEED, on=timezone.localdate().replace(year=timezone.localdate().year - 1))
    return {"campaign": campaign, "cadre": cadre}


@pytest.mark.parametrize("asked", ["", "term"])
def test_the_sums_agree_with_each_deputys_own_lines(cast: Cast, asked: str) -> None:
    a_year(cast)
    actor = cast.actor("insider")
    question = rollup_question(actor, {"asked": asked})
    found = roll_up(actor, question)
    lines = quota_lines(Mandate.objects.select_related("congress"), year=question.year)
    mine = {
        pk: [line for line in own if (line.quota.period == QuotaPeriod.TERM) == bool(asked)]
        for pk, own in lines.items()
    }
    met = {line.quota.words for line in lines[cast.mandates["cosigner"].pk] if line.is_met}
    assert met == {"每年走访15人"}  # by the year, not for the campaign
    behind = {pk for pk, own in mine.items() if any(not line.is_met for line in own)}
    missing: dict[str, int] = {}
    for line in (line for own in mine.values() for line in own if not line.is_met):
        missing[line.quota.words] = missing.get(line.quota.words, 0) + 1
    assert found.total.missing == missing
    assert (found.total.asked, found.total.behind) == (sum(1 for own in mine.values() if own), len(behind))
    assert {mandate.pk for mandate in deputies_behind(actor, question)} == behind
    assert found.total.deputies == Mandate.objects.count()


def test_by_region_by_campaign_by_level_and_one_requirement(cast: Cast) -> None:
    made = a_year(cast)
    actor = cast.actor("insider")
    by_region = {line.region.name: line for line in roll_up(actor, rollup_question(actor, {})).lines}
    assert (by_region["赫山区"].deputies, by_region["赫山区"].met, by_region["赫山区"].behind) == (3, 1, 2)
    assert by_region["沅江市"].missing == {"走访15人": 1, "每年走访15人": 1}
    assert by_region["益阳市"].is_own  # the cadre stands for no place below
    only = rollup_question(actor, {"campaign": str(made["campaign"].public_id)})
    assert roll_up(actor, only).total.missing == {"走访15人": 3, "每年走访15人": 2}
    county = rollup_question(actor, {"level": "county"})
    assert (roll_up(actor, county).total.deputies, roll_up(actor, county).total.sums) == (2, {"people_visited": 20})
    question = rollup_question(actor, {})
    rows = deputies_behind(actor, question, "两次走访活动").order_by("person_name", "id")
    assert [row.person.name for row in rows] == ["代表50", "张旁观", "王附议"]
    assert [line.remaining_words for line in lines_missing(rows[:1], question)[made["cadre"].pk]] == ["还差2次"]


def test_who_is_behind_leads_to_their_duty_file_of_the_year(cast: Cast) -> None:
    made = a_year(cast)
    year = rollup_question(cast.actor("insider"), {}).year
    page = cast.client("insider").get(reverse("rollup:behind")).content.decode()
    assert reverse("duty:file", args=[made["cadre"].public_id, year]) in page


def test_a_county_sees_its_subtree_and_nothing_reads_as_a_ranking(cast: Cast) -> None:
    a_year(cast)
    page = text_of(cast.client("stranger").get(URL, {"region": "430903"}))
    assert "沅江市履职汇总" in page
    assert "赫山区" not in page
    listed = cast.client("stranger").get(f"{URL}behind/", {"by": "name"})
    assert [mandate.congress.short_name for mandate, _lines in listed.context["rows"]] == ["沅江市十八届人大"]
    for url in (URL, f"{URL}behind/"):
        text = text_of(cast.client("insider").get(url))
        assert not any(word in text for word in ("积分", "得分", "名次", "打卡"))
    odd = cast.client("insider").get(URL, {"year": "九", "level": "x", "campaign": "'", "region": "%", "asked": "1"})
    assert odd.status_code == 200


def test_the_pages_ask_the_same_number_of_queries_for_any_number_of_deputies(cast: Cast) -> None:
    a_year(cast)
    few = [len(queries(cast.client("insider"), url)) for url in (URL, f"{URL}behind/")]
    for mandate in make_mandates(cast.congresses["county"], 20, start=300):
        did(mandate, DutyKind.DEED)
    make_quota(DutyKind.OPINION_HEARD, 3, congress=cast.congresses["county"], words="听取意见3件")
    assert [len(queries(cast.client("insider"), url)) for url in (URL, f"{URL}behind/")] == few


def sheet_of(cast: Cast, job: Job, write: Any) -> list[list[Any]]:
    Job.objects.filter(pk=job.pk).update(
        status=JobStatus.RUNNING, attempts=1, started_at=job.created_at, beat_at=job.created_at
    )
    job.refresh_from_db()
    write(job, cast.actor("insider"), lambda done, total: None)
    job.refresh_from_db()
    with job.file.open("rb") as stream:
        sheet = openpyxl.load_workbook(io.BytesIO(stream.read())).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_workbooks_say_what_the_pages_say(cast: Cast) -> None:
    campaign = a_year(cast)["campaign"]
    client = cast.client("insider")
    client.post(f"{URL}export/", {"year": str(timezone.localdate().year)})
    rows = sheet_of(cast, Job.objects.latest("id"), export_rollup)
    total = next(row for row in rows if row[0] == "合计")
    assert total[1:5] == [6, 6, 2, 4]
    client.post(f"{URL}export/", {"what": "deputies", "words": "一件实事"})
    rows = sheet_of(cast, Job.objects.latest("id"), export_rollup)
    names = [row[0] for row in rows[4:]]
    assert names == ["王附议", "张旁观"]
    assert "一件实事：已有0件，还差1件" in str(rows)
    client.post(reverse("campaigns:export", args=[campaign.public_id]))
    rows = sheet_of(cast, Job.objects.latest("id"), export_board)
    total = next(row for row in rows if row[0] == "合计")
    assert total[:4] == ["合计", "0/2", 5, 2]


def test_words_that_cannot_be_stored_find_nothing_and_break_nothing(cast: Cast) -> None:
    client, bad = cast.client("insider"), {"words": "\x00", "region": "\x00", "campaign": "\x00"}
    assert client.get(reverse("rollup:behind"), {"words": "\x00"}).status_code == 200
    assert client.post(reverse("rollup:export"), bad).status_code == 302
    board = reverse("campaigns:export", args=[make_campaign(cast).public_id])
    assert client.post(board, {"region": "\x00"}).status_code == 302
    report = draft(cast)
    authors = reverse("my_reports:authors", args=[report.public_id])
    assert cast.client("deputy").get(authors, {"q": "\x00"}).status_code == 200
    judging = judging_create(actor=cast.actor("insider"), facts=judging_facts())
    assert client.get(judging.get_absolute_url(), {"q": "\x00"}).status_code == 200
