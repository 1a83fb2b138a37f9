"""The desk as a workbook: started by a press, written by a worker, within what one may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from liaison.models import Job
from liaison.models.job import JobStatus
from liaison.services.job import job_run
from tests.suggestions import steps
from tests.suggestions.budgets import statements

if TYPE_CHECKING:
    from tests.cast import Cast

EXPORT = reverse("suggestions:export")


def export(cast: Cast, who: str, query: str) -> Job:
    response = cast.client(who).post(EXPORT, {"query": query})
    job = Job.objects.latest("id")
    assert response.url == job.get_absolute_url()
    job_run(job_id=job.pk)
    job.refresh_from_db()
    return job


def rows(job: Job) -> list[list[Any]]:
    with job.file.open("rb") as content:
        sheet = load_workbook(content).active
    return [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]


def test_the_tab_as_shown_becomes_a_workbook(cast: Cast) -> None:
    steps.closed(cast, title="=1+1 路灯")
    steps.submitted(cast, title="待登记的")
    job = export(cast, "insider", "tab=closed")

    assert job.status == JobStatus.DONE
    assert job.message == "共1件。"
    assert job.file_name.endswith(".xlsx")
    header, row = rows(job)
    found = dict(zip(header, row, strict=True))
    assert found["标题"] == "=1+1 路灯"
    assert found["编号"].endswith("闭会第0001号建议")
    assert found["领衔代表"] == "李代表"
    assert found["办理结果"].startswith("A类")
    assert found["对办理结果"] == "满意"
    assert found["状态"] == "已办结"


def test_conditions_hold_for_the_workbook(cast: Cast) -> None:
    steps.submitted(cast)
    steps.submitted(cast, title="关于加装路灯的建议", cosigner="cosigner")
    header, row = rows(export(cast, "insider", "tab=all&q=路灯"))
    assert dict(zip(header, row, strict=True))["附议人数"] == 1


@pytest.mark.parametrize("who", ["stranger", "other_unit", "other_deputy"])
def test_nobody_gets_more_than_they_may_see(cast: Cast, who: str) -> None:
    steps.handling(cast)
    assert export(cast, who, "tab=all&region=all").message == "共0件。"


def test_no_phone_number_is_in_it(cast: Cast) -> None:
    steps.submitted(cast, contact_phone="13873712345")
    assert "13873712345" not in str(rows(export(cast, "insider", "tab=all")))


def test_it_needs_a_press_and_a_desk(cast: Cast) -> None:
    assert cast.client("insider").get(EXPORT).status_code == 405
    assert cast.client("prosecutor").post(EXPORT, {"query": ""}).status_code == 403


def test_nonsense_is_taken_as_no_condition(cast: Cast) -> None:
    steps.submitted(cast)
    assert export(cast, "insider", "tab=%00&year=x&after=zzz").message == "共1件。"


def test_the_price_does_not_grow_with_the_rows(cast: Cast) -> None:
    for _ in range(2):
        steps.closed(cast)
    export(cast, "insider", "tab=all")  # content types, and the session of a browser just signed in
    few = statements(lambda: export(cast, "insider", "tab=all"))
    for _ in range(6):
        steps.closed(cast)
    many = statements(lambda: export(cast, "insider", "tab=all"))
    assert len(many) == len(few)
