"""The pages of background jobs: one's own, in the capacity that started them, and nobody else's."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from io import BytesIO
from urllib.parse import quote

import openpyxl
import pytest
from django.core.files.storage import default_storage
from pytest_django import DjangoAssertNumQueries

from liaison.models import Job
from liaison.registry import registry
from liaison.services.job import job_fail, job_run, job_start
from tests.cast import Cast

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.jobs, "export", "tests.liaison.jobkinds.export")


def start(cast: Cast, title: str = "导出代表名册", rows: int = 3) -> Job:
    return job_start(actor=cast.actor("insider"), kind="export", title=title, params={"rows": rows})


def done(cast: Cast, rows: int = 3) -> Job:
    job = job_run(job_id=start(cast, rows=rows).pk)
    assert job is not None
    return job


def test_a_waiting_job_asks_again_by_itself(cast: Cast) -> None:
    job = start(cast)
    page = cast.client("insider").get(job.get_absolute_url())
    html = page.content.decode()
    assert "排队中" in html
    assert f'hx-get="{job.get_absolute_url()}"' in html
    assert "HX-Request" in page["Vary"]
    fragment = cast.client("insider").get(job.get_absolute_url(), headers=HTMX).content.decode()
    assert "<html" not in fragment
    assert "hx-get" in fragment


def test_a_running_job_shows_how_far_it_is(cast: Cast) -> None:
    job = start(cast)
    Job.objects.filter(pk=job.pk).update(
        status="running", attempts=1, started_at=job.created_at, beat_at=job.created_at, done=30, total=120
    )
    fragment = cast.client("insider").get(job.get_absolute_url(), headers=HTMX).content.decode()
    assert '<progress max="100" value="25"' in fragment
    assert "30 / 120" in fragment
    assert "25%" in cast.client("insider").get("/jobs/").content.decode()


def test_a_finished_job_offers_its_file_and_stops_asking(cast: Cast) -> None:
    job = done(cast)
    fragment = cast.client("insider").get(job.get_absolute_url(), headers=HTMX).content.decode()
    assert f'href="{job.file_url}"' in fragment
    assert "hx-get" not in fragment
    response = cast.client("insider").get(job.file_url)
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{quote('名册.xlsx')}"
    assert response["Cache-Control"] == "private, no-cache"
    rows = list(openpyxl.load_workbook(BytesIO(content), read_only=True).worksheets[0].values)
    assert rows[:2] == [("序号", "姓名"), (0, "陈经办")]


def test_a_failed_job_says_why(cast: Cast) -> None:
    job = start(cast)
    Job.objects.filter(pk=job.pk).update(
        status="running", attempts=1, started_at=job.created_at, beat_at=job.created_at
    )
    job.refresh_from_db()
    job_fail(job=job, message="名册里没有可导出的代表。")
    html = cast.client("insider").get(job.get_absolute_url()).content.decode()
    assert "未成功" in html
    assert "名册里没有可导出的代表。" in html
    assert cast.client("insider").get(f"{job.get_absolute_url()}file/").status_code == 404


def test_a_file_that_the_storage_lost_is_not_found(cast: Cast) -> None:
    job = done(cast)
    default_storage.delete(job.file.name)
    assert cast.client("insider").get(job.file_url).status_code == 404


@pytest.mark.parametrize("name", ["colleague", "approver", "stranger", "deputy", "nobody"])
def test_nobody_else_sees_it(cast: Cast, name: str) -> None:
    job = done(cast)
    client = cast.client(name)
    assert client.get(job.get_absolute_url()).status_code == 404
    assert client.get(job.file_url).status_code == 404
    assert client.get(f"/jobs/{uuid.uuid4()}/").status_code == 404
    assert job.title not in client.get("/jobs/").content.decode()


def test_the_list_is_empty_with_a_reason(cast: Cast) -> None:
    assert "还没有导入导出" in cast.client("insider").get("/jobs/").content.decode()


@pytest.mark.parametrize("jobs", [2, 20])
def test_the_list_costs_the_same_for_few_and_many(
    cast: Cast, jobs: int, django_assert_max_num_queries: Callable[[int], DjangoAssertNumQueries]
) -> None:
    for number in range(jobs):
        start(cast, f"导出{number}")
    client = cast.client("insider")
    client.get("/jobs/")
    with django_assert_max_num_queries(8):  # session, user, capacities 2, jobs; the shell's menu and bell
        html = client.get("/jobs/").content.decode()
    assert html.count("data-open") == jobs
