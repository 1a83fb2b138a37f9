"""The export: what the list shows, phone numbers masked, as a job of its own."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from deputies.services.export import EXPORT_JOB
from deputies.tasks import export_deputies
from liaison.exceptions import NotAllowed
from liaison.models import AuditEntry, Job
from liaison.models.job import JobStatus
from tests.cast import Cast
from tests.deputies.factories import make_mandate, make_person

pytestmark = pytest.mark.django_db


def ask(cast: Cast, who: str = "insider", **conditions: str) -> Job:
    response = cast.client(who).post(reverse("deputies:export"), conditions)
    job = Job.objects.latest("id")
    assert (response.status_code, response["Location"]) == (302, job.get_absolute_url())
    return job


def claim(job: Job) -> None:
    at = job.created_at
    Job.objects.filter(pk=job.pk).update(status=JobStatus.RUNNING, attempts=1, started_at=at, beat_at=at)
    job.refresh_from_db()


def run(cast: Cast, job: Job, who: str = "insider") -> list[list[Any]]:
    Job.objects.filter(pk=job.pk).update(
        status=JobStatus.RUNNING, attempts=1, started_at=job.created_at, beat_at=job.created_at
    )
    job.refresh_from_db()
    export_deputies(job, cast.actor(who), lambda done, total: None)  # type: ignore[arg-type]
    job.refresh_from_db()
    assert job.status == JobStatus.DONE
    with job.file.open("rb") as stream:
        sheet = openpyxl.load_workbook(io.BytesIO(stream.read())).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_it_holds_what_the_list_shows_with_masked_phones(cast: Cast) -> None:
    job = ask(cast, q="代表", view="in_force")
    assert (job.kind, job.params) == (EXPORT_JOB, {"conditions": {"q": "代表", "view": "in_force"}})
    rows = run(cast, job)
    text = str(rows)
    assert "条件：全部在任；姓名或代表证号“代表”" in text
    header = next(index for index, row in enumerate(rows) if row[0] == "代表证号")
    assert [row[1] for row in rows[header + 1 :]] == ["李代表"]
    assert rows[header + 1][5] == "138****0001"
    assert "13873700001" not in text
    entry = AuditEntry.objects.get(action="deputy.export")
    assert entry.detail["rows"] == 1


def test_it_holds_nobody_out_of_sight(cast: Cast) -> None:
    make_mandate(cast.congresses["neighbour"], 2, person=make_person(2, name="沅乙"))
    job = ask(cast, "county_clerk")
    assert "沅乙" not in str(run(cast, job, "county_clerk"))


def test_formulas_in_names_stay_text(cast: Cast) -> None:
    make_mandate(cast.congress, 2, person=make_person(2, name="=1+1"))
    assert "=1+1" in str(run(cast, ask(cast)))


def test_a_viewer_may_not(cast: Cast) -> None:
    assert cast.client("colleague").post(reverse("deputies:export")).status_code == 403
    job = ask(cast)
    Job.objects.filter(pk=job.pk).update(
        status=JobStatus.RUNNING, attempts=1, started_at=job.created_at, beat_at=job.created_at
    )
    job.refresh_from_db()
    with pytest.raises(NotAllowed):
        export_deputies(job, cast.actor("colleague"), lambda done, total: None)  # type: ignore[arg-type]
