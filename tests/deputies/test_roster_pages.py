"""The pages of an import: template, upload, preview by verdict, confirmation, giving up; and tidying."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from deputies.models import RosterImport
from deputies.services.roster.columns import COLUMNS
from deputies.services.roster.sheet import read_sheet
from deputies.services.roster.steps import KEPT_DAYS
from deputies.states import RosterStatus
from deputies.tasks import tidy_rosters
from liaison.models import Job
from liaison.models.job import JobStatus
from tests.cast import Cast
from tests.deputies.factories import applied, confirmed, previewed, read, roster_file, roster_row, uploaded
from tests.suggestions.budgets import once, queries
from tests.suggestions.pages import errors, hidden, text_of

pytestmark = pytest.mark.django_db
ROSTERS, TEMPLATE = reverse("deputies:rosters"), reverse("deputies:roster_template")


def step(roster: RosterImport, name: str) -> str:
    return reverse(f"deputies:roster_{name}", args=[roster.public_id])


def upload(cast: Cast, file: SimpleUploadedFile, who: str = "insider") -> HttpResponse:
    return cast.client(who).post(ROSTERS, {"congress": cast.congress.public_id, "file": file})


# ── template ──────────────────────────────────────────────────────────────────────────────────────
def test_the_template_is_read_back_by_the_import(cast: Cast) -> None:
    response = cast.client("insider").get(TEMPLATE, {"congress": cast.congress.public_id})
    assert "filename*=UTF-8''" in response["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["代表名册", "填写说明", "选项"]
    sheet = book["代表名册"]
    assert [str(cell.value).rstrip("*") for cell in sheet[1]] == [column.header for column in COLUMNS]
    assert str(sheet["A2"].value).startswith("示例")
    assert len(sheet.data_validations.dataValidation) == 6
    assert "赫山区代表团" in [cell.value for cell in book["选项"]["D"]]
    notes = " ".join(str(cell.value) for row in book["填写说明"].iter_rows() for cell in row if cell.value)
    assert "按代表证号识别" in notes

    for index, column in enumerate(COLUMNS, start=1):
        sheet.cell(row=3, column=index, value=roster_row(1)[column.key])
    buffer = io.BytesIO()
    book.save(buffer)
    (row,) = read_sheet(io.BytesIO(buffer.getvalue())).rows
    assert (row.line, row.values["name"], row.problems) == (3, "张一", ())


def test_a_template_without_electoral_units_has_no_list_of_them(cast: Cast) -> None:
    response = cast.client("insider").get(TEMPLATE, {"congress": cast.congresses["neighbour"].public_id})
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert len(book["代表名册"].data_validations.dataValidation) == 5


@pytest.mark.parametrize("asked", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_no_template_without_a_congress(cast: Cast, asked: str) -> None:
    assert cast.client("insider").get(TEMPLATE, {"congress": asked}).status_code == 404


# ── upload ────────────────────────────────────────────────────────────────────────────────────────
def test_an_upload_leads_to_its_page_with_a_progress_bar(cast: Cast) -> None:
    response = upload(cast, roster_file([roster_row(1)]))
    roster = RosterImport.objects.get()
    assert response["Location"] == roster.get_absolute_url()
    page = cast.client("insider").get(roster.get_absolute_url())
    assert "正在核对" in text_of(page)
    assert f'hx-get="{roster.get_absolute_url()}"' in page.content.decode()
    part = cast.client("insider").get(roster.get_absolute_url(), headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "HX-Refresh" not in part
    read(cast.actor("insider"), roster)
    part = cast.client("insider").get(roster.get_absolute_url(), headers={"HX-Request": "true"})
    assert part["HX-Refresh"] == "true"


def test_a_wrong_upload_is_said_by_the_field(cast: Cast) -> None:
    response = upload(cast, SimpleUploadedFile("名册.pdf", b"%PDF-1.7\n"))
    assert response.status_code == 422
    assert "不是 .xlsx 文件" in errors(response)["file"][0]
    response = cast.client("insider").post(ROSTERS, {})
    assert set(errors(response)) == {"congress", "file"}
    response = upload(cast, roster_file([roster_row(1)]), "stranger")
    assert set(errors(response)) == {"congress"}


def test_the_imports_of_the_office_are_listed(cast: Cast) -> None:
    previewed(cast, [roster_row(1), roster_row(2, phone="1")])
    text = text_of(cast.client("approver").get(ROSTERS))
    assert "名册.xlsx" in text
    assert "有误1" in text
    assert "名册.xlsx" not in text_of(cast.client("county_clerk").get(ROSTERS))


# ── preview ───────────────────────────────────────────────────────────────────────────────────────
def test_wrong_rows_come_first_and_the_whole_cannot_be_confirmed(cast: Cast) -> None:
    roster = previewed(cast, [roster_row(1), roster_row(2, phone="1380000123"), roster_row(3, gender="先生")])
    page = cast.client("insider").get(roster.get_absolute_url())
    text = text_of(page)
    assert "2行有误，还不能导入" in text
    assert "手机号码 ：应为11位手机号码，现在是10位。" in text
    assert "1380000123" not in page.content.decode()
    assert [row.line for row in page.context["page"].items] == [3, 4]
    assert {tab.label: tab.count for tab in page.context["views"]} == {
        "全部": 3,
        "有误": 2,
        "新增": 1,
        "变更": 0,
        "相同": 0,
    }
    rows = cast.client("insider").get(roster.get_absolute_url(), {"verdict": "new"}).context["page"].items
    assert [row.line for row in rows] == [2]
    assert "没有这一类的行" in text_of(cast.client("insider").get(roster.get_absolute_url(), {"verdict": "same"}))
    refused = cast.client("insider").post(step(roster, "confirm"), {"version": hidden(page).get("version", "")})
    assert refused.status_code == 409


def test_phones_are_masked_in_the_preview(cast: Cast) -> None:
    roster = previewed(cast, [roster_row(1)])
    page = cast.client("insider").get(roster.get_absolute_url()).content.decode()
    assert "138****0001" in page
    assert "13800000001" not in page


def test_confirming_asks_once_naming_the_counts(cast: Cast) -> None:
    roster = previewed(cast, [roster_row(1), roster_row(2)])
    client = cast.client("insider")
    page = client.get(step(roster, "confirm"))
    assert "向益阳市第七届人民代表大会导入名册：新增2名？" in text_of(page)
    response = client.post(step(roster, "confirm"), hidden(page))
    assert response["Location"] == roster.get_absolute_url()
    assert "正在导入" in text_of(client.get(roster.get_absolute_url()))
    second = cast.client("approver").post(step(roster, "confirm"), hidden(page))
    assert second.status_code == 409
    assert "陈经办" in text_of(second)
    applied(cast, roster)
    text = text_of(client.get(roster.get_absolute_url()))
    assert "新增2名" in text
    assert "已删除" in text


def test_a_confirmation_without_what_was_seen_is_refused(cast: Cast) -> None:
    roster = previewed(cast, [roster_row(1)])
    assert cast.client("insider").post(step(roster, "confirm")).status_code == 409


def test_nothing_to_do_is_said(cast: Cast) -> None:
    applied(cast, confirmed(cast, previewed(cast, [roster_row(1)])))
    again = previewed(cast, [roster_row(1)])
    text = text_of(cast.client("insider").get(again.get_absolute_url()))
    assert "没有需要导入的内容" in text


def test_a_failed_import_says_why_and_is_checked_anew_or_given_up(cast: Cast) -> None:
    roster = previewed(cast, [roster_row(1)])
    RosterImport.objects.filter(pk=roster.pk).update(status=RosterStatus.FAILED, error="资料有了变化")
    client = cast.client("insider")
    text = text_of(client.get(roster.get_absolute_url()))
    assert "资料有了变化" in text
    assert "重新核对" in text
    assert client.post(step(roster, "reread"))["Location"] == roster.get_absolute_url()
    roster.refresh_from_db()
    assert roster.status == RosterStatus.READING
    read(cast.actor("insider"), roster)
    assert "放弃导入" in text_of(client.get(step(roster, "discard")))
    assert client.post(step(roster, "discard"))["Location"] == ROSTERS
    assert "已放弃" in text_of(client.get(roster.get_absolute_url()))


def test_when_the_worker_gave_up_one_may_begin_anew(cast: Cast) -> None:
    roster = uploaded(cast, roster_file([roster_row(1)]))
    assert roster.job is not None
    Job.objects.filter(pk=roster.job.pk).update(
        status=JobStatus.FAILED, finished_at=timezone.now(), message="后台程序几次中断"
    )
    client = cast.client("insider")
    assert "后台程序几次中断" in text_of(client.get(roster.get_absolute_url()))
    assert client.post(step(roster, "reread")).status_code == 302


@pytest.mark.parametrize("rows", [2, 20])
def test_the_price_of_the_preview_does_not_grow(cast: Cast, rows: int) -> None:
    roster = previewed(cast, [roster_row(number, gender="先生") for number in range(1, rows + 1)])
    statements = queries(cast.client("insider"), roster.get_absolute_url())
    once(statements)
    # session, user, postings, own mandates; the import; its rows; menu and notices
    assert len(statements) <= 8, "\n".join(statements)


# ── tidying ───────────────────────────────────────────────────────────────────────────────────────
def test_imports_that_nobody_confirms_are_discarded_in_time(
    cast: Cast, django_capture_on_commit_callbacks: object
) -> None:
    old, young = previewed(cast, [roster_row(1)]), previewed(cast, [roster_row(1)])
    busy = uploaded(cast, roster_file([roster_row(1)]))
    past = timezone.now() - dt.timedelta(days=KEPT_DAYS, hours=1)
    RosterImport.objects.filter(pk__in=[old.pk, busy.pk]).update(updated_at=past)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert tidy_rosters() == 1
    assert not default_storage.exists(old.file.name)
    statuses = dict(RosterImport.objects.values_list("pk", "status"))
    assert statuses == {old.pk: "discarded", young.pk: "preview", busy.pk: "reading"}
    assert tidy_rosters() == 0


def test_files_that_no_import_owns_are_removed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tidy_rosters() == 0  # no folder yet
    kept = previewed(cast, [roster_row(1)])
    stray = default_storage.save("rosters/stray", ContentFile(b"x"))
    assert tidy_rosters() == 0
    assert default_storage.exists(stray)  # too young: its upload may not be committed yet
    long_ago = timezone.now() - dt.timedelta(hours=2)
    monkeypatch.setattr(type(default_storage), "get_modified_time", lambda self, name: long_ago, raising=False)
    tidy_rosters()
    assert not default_storage.exists(stray)
    assert default_storage.exists(kept.file.name)
