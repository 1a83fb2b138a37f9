"""Staff write opinions down: one with its receipt code, a sheet all or nothing, and the list as a workbook."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from liaison.models import Job
from liaison.services.job import job_run
from suggestions.models import Opinion
from suggestions.services.opinion_sheet import EXAMPLE, TABLE, opinion_template
from tests.filemakers import png
from tests.suggestions.opinions import PHONE, TEXT, Scene, build_scene
from tests.suggestions.pages import errors, hidden, said, text_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tests.cast import Cast

NEW, BULK, APPLY = (reverse(f"opinions:{name}") for name in ("new", "bulk", "apply"))


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return build_scene(cast)


def write(scene: Scene, **values: Any) -> HttpResponse:
    client = scene.cast.client("insider")
    typed = {"channel": "desk", "text": TEXT, "station_public_id": str(scene.station.public_id)} | values
    return client.post(NEW, {**hidden(client.get(NEW)), **typed})


def sheet(*rows: tuple[str, ...], header: tuple[str, ...] = ()) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(list(header) or [one.header for one in TABLE.columns.values()])
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("登记表.xlsx", out.getvalue())


def upload(scene: Scene, file: SimpleUploadedFile, **values: str) -> HttpResponse:
    typed = {"station_public_id": str(scene.station.public_id)} | values
    return scene.cast.client("insider").post(BULK, {"upload": file, **typed})


def confirm(scene: Scene, preview: HttpResponse) -> HttpResponse:
    return scene.cast.client("insider").post(APPLY, {"token": preview.context["token"]}, follow=True)


# ── one ──────────────────────────────────────────────────────────────────────────────────────────
def test_one_is_written_down_and_its_receipt_code_shown_once(scene: Scene) -> None:
    page = write(scene, contact_name="王小明", contact_phone=PHONE, uploads=SimpleUploadedFile("灯.png", png()))
    opinion = Opinion.objects.get()
    receipt = page.context["receipt"]
    assert receipt in text_of(page)
    assert (opinion.channel, opinion.status, opinion.station) == ("desk", "received", scene.station)
    detail = scene.cast.client("insider").get(opinion.get_absolute_url())
    assert receipt not in detail.content.decode()
    assert len(detail.context["record"].pictures) == 1
    followed = scene.cast.client("anonymous").post(reverse("open_opinions:follow"), {"code": receipt})
    assert TEXT in text_of(followed)


def test_an_answer_on_the_spot_needs_no_sorting(scene: Scene) -> None:
    write(scene, channel="phone", answer="已告知办理流程。")
    opinion = Opinion.objects.get()
    assert (opinion.status, opinion.route, opinion.channel) == ("answered", "on_spot", "phone")


def test_the_same_form_twice_is_one_opinion_and_a_changed_one_is_asked_again(scene: Scene) -> None:
    client = scene.cast.client("insider")
    typed = {**hidden(client.get(NEW)), "channel": "desk", "text": TEXT, "station_public_id": ""}
    first, second = client.post(NEW, typed), client.post(NEW, typed)
    assert first.context["receipt"] == second.context["receipt"]
    changed = client.post(NEW, {**typed, "text": "另一件事。"})
    assert changed.status_code == 422
    assert "另一件事。" in changed.content.decode()
    client.post(NEW, {**typed, **hidden(changed), "text": "另一件事。"})
    assert Opinion.objects.count() == 2


def test_what_is_wrong_is_said_beside_the_field_and_nothing_kept(scene: Scene) -> None:
    page = write(scene, text=" ", contact_phone="没有", channel="qr")
    assert set(errors(page)) == {"text", "contact_phone", "channel"}
    too_many = [SimpleUploadedFile(f"{number}.png", png()) for number in range(4)]
    assert set(errors(write(scene, uploads=too_many))) == {"uploads"}
    assert set(errors(write(scene, uploads=SimpleUploadedFile("灯.png", b"not a picture")))) == {"uploads"}
    assert not Opinion.objects.exists()


# ── a sheet ──────────────────────────────────────────────────────────────────────────────────────
def test_a_sheet_is_looked_through_then_kept_and_not_kept_twice(scene: Scene) -> None:
    rows = [
        (TEXT, "高桥村", "城建环资", "王小明", PHONE),
        ("公交车太少。", "", "", "", ""),
        ("公交车太少。", "", "", "", ""),
    ]
    preview = upload(scene, sheet(*rows))
    assert preview.context["counts"] == {"new": 3, "same": 0, "wrong": 0}
    assert "王小明" not in preview.content.decode()
    assert PHONE not in preview.content.decode()
    assert "与上面一行相同" in text_of(preview)
    assert not Opinion.objects.exists()
    assert "已登记3件" in said(confirm(scene, preview))
    confirm(scene, preview)
    again = upload(scene, sheet(*rows))
    assert again.context["counts"] == {"new": 0, "same": 3, "wrong": 0}
    assert Opinion.objects.count() == 3
    first = Opinion.objects.earliest("id")
    assert (first.channel, first.station, first.category.name) == ("bulk", scene.station, "城建环资")


def test_one_wrong_row_keeps_all_out(scene: Scene) -> None:
    preview = upload(scene, sheet((TEXT, "", "", "", ""), (TEXT, "", "没有这一类", "", "不是号码")))
    assert preview.context["counts"] == {"new": 1, "same": 0, "wrong": 1}
    page = text_of(preview)
    assert "类别：没有“没有这一类”这一类别。" in page
    assert "联系电话：" in page
    assert confirm(scene, preview).status_code == 422
    assert not Opinion.objects.exists()


def test_files_that_are_no_sheet_are_refused_with_what_to_do(scene: Scene) -> None:
    many = [("公交车太少。", str(number), "", "", "") for number in range(501)]
    refused = {
        "超过500行": sheet(*many),
        "没有找到表头": sheet((TEXT,), header=("内容",)),
        "表头下面没有意见": sheet(EXAMPLE),
        "没有上传": SimpleUploadedFile("登记表.xlsx", b"no sheet at all"),
    }
    for words, file in refused.items():
        page = upload(scene, file)
        assert page.status_code == 422
        assert words in text_of(page), words


def test_a_preview_belongs_to_the_person_who_saw_it(scene: Scene) -> None:
    preview = upload(scene, sheet((TEXT, "", "", "", "")))
    other = scene.cast.client("approver").post(APPLY, {"token": preview.context["token"]})
    assert other.status_code == 422
    assert "不属于这一页" in text_of(other)
    assert not Opinion.objects.exists()


def test_the_template_is_read_back_by_the_page_that_gives_it(scene: Scene) -> None:
    page = scene.cast.client("insider").get(reverse("opinions:template"))
    book = openpyxl.load_workbook(io.BytesIO(page.content))
    assert "反映的情况*" in [cell.value for row in book.active.iter_rows() for cell in row]  # type: ignore[union-attr]
    assert "表头下面没有意见" in text_of(upload(scene, SimpleUploadedFile("模板.xlsx", opinion_template())))


# ── the workbook ─────────────────────────────────────────────────────────────────────────────────
def test_the_list_is_written_with_names_and_numbers_covered(scene: Scene) -> None:
    scene.recorded(contact_name="王小明", contact_phone=PHONE, text=f"=1+1 {TEXT}电话{PHONE}")
    scene.recorded(text="公交车太少。")
    scene.cast.client("insider").post(reverse("opinions:export"), {"query": "tab=all&q=路灯"})
    job = Job.objects.get(kind="opinion.export")
    job_run(job_id=job.pk)
    job.refresh_from_db()
    assert job.message == "共1件。"
    with job.file.open() as file:
        book = openpyxl.load_workbook(io.BytesIO(file.read()))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value]  # type: ignore[union-attr]
    assert any(cell.startswith("=1+1") for cell in cells)
    assert "王＊＊" in cells
    assert not any(PHONE in cell or "王小明" in cell or "公交车" in cell for cell in cells)
