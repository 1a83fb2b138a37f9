"""The pages of duty files: who sees whose, at what cost, and what goes onto paper."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from docx import Document

from deputies.models import DutyKind
from deputies.services.duty import duty_clear
from deputies.tasks import write_duty_file, write_duty_files
from liaison.models import Job
from liaison.models.job import JobStatus
from tests.deputies.duty_files import SYSTEM, enter, quota
from tests.deputies.factories import make_mandates
from tests.suggestions.budgets import queries

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def file_url(cast: Cast, who: str = "deputy", period: str = "2025") -> str:
    return reverse("duty:file", args=[cast.mandates[who].public_id, period])


def test_the_file_shows_what_holds_and_strikes_out_what_was_reversed(cast: Cast) -> None:
    quota(cast, 2)
    enter(cast, "帮扶困难学生")
    entry = enter(cast, "<script>alert(1)</script>😀")
    duty_clear(actor=SYSTEM, source=entry.source, reason="重复登记")
    text = cast.client("deputy").get(file_url(cast)).content.decode()
    assert "<del>" in text
    assert "冲销：重复登记" in text
    assert "<td>1件</td>" in " ".join(text.split()).replace("> ", ">").replace(" <", "<")
    assert "<script>alert" not in text
    assert "排名" not in text
    kinds = cast.client("deputy").get(file_url(cast), {"kind": DutyKind.REPORT}).content.decode()
    assert "没有符合条件的记录" in kinds


def test_staff_of_another_county_and_other_deputies_find_nothing(cast: Cast) -> None:
    enter(cast)
    wanted = {"insider": 200, "county_clerk": 200, "deputy": 200, "stranger": 404, "cosigner": 404, "unit": 403}
    for period in ("2025", "term"):
        got = {who: cast.client(who).get(file_url(cast, period=period)).status_code for who in wanted}
        assert got == wanted
    assert cast.client("insider").get(file_url(cast, period="soon")).status_code == 404
    assert "YY-0701" not in cast.client("stranger").get(reverse("duty:list")).content.decode()


def test_the_list_says_who_has_done_what_is_asked_by_name_only(cast: Cast) -> None:
    quota(cast)
    enter(cast, on=dt.date(2026, 3, 1))
    url, congress = reverse("duty:list"), str(cast.congress.public_id)
    client = cast.client("insider")

    def names(**conditions: str) -> list[str]:
        page = client.get(url, {"congress": congress, "year": "2026"} | conditions)
        return [row.mandate.person.name for row in page.context["rows"]]

    assert names() == sorted(["李代表", "王附议", "张旁观"], key=names().index)
    assert names(state="met") == ["李代表"]
    assert set(names(state="behind")) == {"王附议", "张旁观"}
    assert names(sort="certificate") == ["李代表", "王附议", "张旁观"]
    assert names(q="王") == ["王附议"]
    assert "请先选择届次" in client.get(url, {"state": "met"}).content.decode()


def test_the_cost_does_not_grow_with_rows(cast: Cast) -> None:
    quota(cast)
    client, listing = cast.client("insider"), reverse("duty:list")
    counts: dict[str, list[int]] = {"list": [], "file": []}
    enter(cast)
    for more in (0, 20):
        make_mandates(cast.congress, more, start=100)
        for place in range(more):
            enter(cast, f"第{place}件", on=dt.date(2025, 4, 1))
        for name, url in (("list", listing), ("file", file_url(cast))):
            counts[name].append(len(queries(client, url)))
    assert counts["list"][0] == counts["list"][1] <= 22
    assert counts["file"][0] == counts["file"][1] <= 30


def claimed(job: Job) -> Job:
    at = job.created_at
    Job.objects.filter(pk=job.pk).update(status=JobStatus.RUNNING, attempts=1, started_at=at, beat_at=at)
    job.refresh_from_db()
    return job


def silent(done: int, total: int) -> None:
    """A beat that nobody listens to."""


def words_of(content: bytes) -> str:
    document: Any = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_document_holds_the_file_and_no_more_of_the_person_than_it_needs(cast: Cast) -> None:
    quota(cast, 2)
    enter(cast, "联系13873700001处理水渠")
    entry = enter(cast, "登错的")
    duty_clear(actor=SYSTEM, source=entry.source, reason="重复登记")
    answer = cast.client("deputy").post(reverse("duty:export", args=[cast.mandates["deputy"].public_id, "2025"]))
    job = claimed(Job.objects.get(kind="duty.file"))
    assert answer["Location"] == job.get_absolute_url()
    write_duty_file(job, cast.actor("deputy"), silent)  # type: ignore[arg-type]
    job.refresh_from_db()
    with job.file.open() as made:
        words = words_of(made.read())
    for text in ("李代表", "YY-0701", "2025年", "每年办实事不少于2件", "还差1件", "已冲销：重复登记", "尚未核对"):
        assert text in words
    for text in ("13873700001", cast.people["deputy"].employer):
        assert text not in words
    assert job.file_name == "YY-0701李代表2025年履职档案.docx"


def test_all_files_of_a_congress_come_in_one_archive(cast: Cast) -> None:
    enter(cast)
    data = {"congress": str(cast.congress.public_id), "year": "2025"}
    assert cast.client("county_clerk").post(reverse("duty:export_all"), data).status_code == 403
    assert cast.client("insider").post(reverse("duty:export_all"), data).status_code == 302
    job = claimed(Job.objects.get(kind="duty.files"))
    write_duty_files(job, cast.actor("insider"), silent)  # type: ignore[arg-type]
    job.refresh_from_db()
    with job.file.open() as made, zipfile.ZipFile(made) as archive:
        assert len(archive.namelist()) == 3
        assert "帮助村民修水渠" in words_of(archive.read(archive.namelist()[0]))


def test_the_paper_has_the_same_words(cast: Cast) -> None:
    enter(cast, "帮扶困难学生")
    page = cast.client("deputy").get(reverse("duty:print", args=[cast.mandates["deputy"].public_id, "term"]))
    text = page.content.decode()
    assert "人大代表履职档案（本届）" in text
    assert "帮扶困难学生" in text


def test_files_of_a_year_that_cannot_be_are_not_made(cast: Cast) -> None:
    client, asked = cast.client("insider"), {"congress": str(cast.congress.public_id)}
    for year in ("", "0", "-1", "9999", "9" * 20, "9" * 5000, "term", "x\x00"):
        assert client.post(reverse("duty:export_all"), asked | {"year": year}).status_code == 404
    assert client.post(reverse("duty:export_all"), {"congress": "x", "year": "2025"}).status_code == 404
    assert not Job.objects.exists()
    assert client.post(reverse("duty:export_all"), asked | {"year": "2025"}).status_code == 302
