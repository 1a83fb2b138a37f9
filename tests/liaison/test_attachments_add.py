"""Attaching files: what is taken is kept whole, what is not is refused by the field."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import RequestFactory
from django.test.client import MULTIPART_CONTENT
from pytest_django import DjangoAssertNumQueries, Settings

from liaison.exceptions import InvalidInput, NotFound, TooLarge
from liaison.models import Attachment, AuditEntry
from liaison.selectors.attachment import attachments_by_owner, attachments_of
from liaison.services.attachment import attachment_add, attachment_remove, check_upload
from liaison.uploads import OversizedUpload
from tests import filemakers as make
from tests.cast import Cast


def upload(content: bytes = make.PDF, name: str = "答复.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def add(cast: Cast, content: bytes = make.PDF, name: str = "答复.pdf", **kwargs: Any) -> Attachment:
    kwargs.setdefault("owner", cast.offices["unit"])
    kwargs.setdefault("slot", "letter")
    return attachment_add(actor=cast.actor("unit"), upload=upload(content, name), **kwargs)


def stored() -> list[Path]:
    return [path for path in Path(django_settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_file_is_kept_with_its_facts(cast: Cast) -> None:
    attachment = add(cast)
    assert (attachment.name, attachment.mime, attachment.size) == ("答复.pdf", "application/pdf", len(make.PDF))
    assert attachment.sha256 == hashlib.sha256(make.PDF).hexdigest()
    assert attachment.uploaded_by == cast.user("unit")
    with attachment.file.open("rb") as content:
        assert content.read() == make.PDF
    assert "答复" not in attachment.file.name
    assert attachments_of(cast.offices["unit"], "letter") == [attachment]


def test_it_is_audited(cast: Cast) -> None:
    attachment = add(cast)
    entry = AuditEntry.objects.get(action="attachment.add")
    assert entry.target_title == "答复.pdf"
    assert entry.target_id == str(attachment.public_id)
    assert entry.detail["owner_id"] == str(cast.offices["unit"].public_id)


def test_the_same_file_twice_is_one_file(cast: Cast) -> None:
    assert add(cast) == add(cast, name="又一次.pdf")
    assert len(stored()) == 1


def test_the_same_file_in_another_slot_is_another(cast: Cast) -> None:
    assert add(cast) != add(cast, slot="material")


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "空.pdf", "“空.pdf”没有上传：文件是空的"),
        (make.EXE, "答复.pdf", "“答复.pdf”没有上传：内容不是PDF文档"),
        (make.HTML, "网页.html", "不能上传“.html”文件"),
    ],
)
def test_a_refusal_names_the_file_and_the_reason_by_the_field(
    cast: Cast, content: bytes, name: str, words: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        add(cast, content, name, field="files")
    assert words in caught.value.message
    assert caught.value.fields == {"files": caught.value.message}
    assert not Attachment.objects.exists()
    assert stored() == []


def test_one_byte_over_the_limit_is_too_large(cast: Cast, settings: Settings) -> None:
    settings.ATTACHMENT_MAX_BYTES = len(make.PDF)
    add(cast)
    settings.ATTACHMENT_MAX_BYTES -= 1
    with pytest.raises(TooLarge, match="上限") as caught:
        add(cast, slot="other")
    assert caught.value.fields == {}


def test_a_given_name_is_used(cast: Cast) -> None:
    assert add(cast, name="x.pdf").name == "x.pdf"
    made = attachment_add(
        actor=cast.actor("unit"), owner=cast.offices["unit"], slot="made", upload=upload(name="tmp"), name="函.pdf"
    )
    assert made.name == "函.pdf"


def test_a_failed_row_leaves_no_file(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**kwargs: Any) -> None:
        raise RuntimeError("no audit, no attachment")

    monkeypatch.setattr("liaison.services.attachment.record_audit", fail)
    with pytest.raises(RuntimeError):
        add(cast)
    assert stored() == []


def test_a_removed_file_is_no_longer_shown_but_kept(cast: Cast) -> None:
    attachment = add(cast)
    owner = cast.offices["unit"]
    attachment_remove(actor=cast.actor("unit"), owner=owner, public_id=attachment.public_id)
    assert attachments_of(owner) == []
    assert default_storage.exists(attachment.file.name)
    assert AuditEntry.objects.filter(action="attachment.remove").count() == 1
    with pytest.raises(NotFound):
        attachment_remove(actor=cast.actor("unit"), owner=owner, public_id=attachment.public_id)


def test_a_file_of_another_object_cannot_be_removed(cast: Cast) -> None:
    attachment = add(cast)
    with pytest.raises(NotFound):
        attachment_remove(
            actor=cast.actor("other_unit"), owner=cast.offices["other_unit"], public_id=attachment.public_id
        )


def test_a_removed_file_may_be_added_again(cast: Cast) -> None:
    attachment = add(cast)
    attachment_remove(actor=cast.actor("unit"), owner=cast.offices["unit"], public_id=attachment.public_id)
    assert add(cast) != attachment


@pytest.mark.parametrize("owners", [2, 7])
def test_files_of_many_objects_cost_one_query(
    cast: Cast, owners: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    offices = list(cast.offices.values())[:owners]
    for office in offices:
        add(cast, owner=office)
        add(cast, make.png(), "现场.png", owner=office, slot="photo")
    with django_assert_num_queries(1):  # attachments
        found = attachments_by_owner(offices, "letter")
    assert [len(found[office.pk]) for office in offices] == [1] * owners
    assert attachments_by_owner([]) == {}


# ── on the way in ─────────────────────────────────────────────────────────────────────────────────
def sent(content: bytes, name: str = "大.pdf") -> Any:
    request = RequestFactory().post("/", {"file": SimpleUploadedFile(name, content)})
    assert request.content_type == MULTIPART_CONTENT.split(";", maxsplit=1)[0]
    return request.FILES["file"]


@pytest.mark.parametrize("size", [3 * 1024 * 1024, 20 * 1024 * 1024])
def test_a_large_file_arrives_whole(size: int) -> None:
    content = make.PDF.ljust(size, b"\n")
    file = sent(content)
    try:
        assert file.size == size
        assert check_upload(file) == ("大.pdf", "application/pdf")
        assert file.read() == content
    finally:
        file.close()


@pytest.mark.parametrize("extra", [1, 10 * 1024 * 1024])
def test_a_file_over_the_limit_is_read_but_not_stored(extra: int, tmp_path: Path, settings: Settings) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    size = settings.ATTACHMENT_MAX_BYTES + extra
    file = sent(make.PDF.ljust(size, b"\n"))
    assert isinstance(file, OversizedUpload)
    assert file.size == size
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(TooLarge, match=rf"“大.pdf”没有上传：有{size / 1024 / 1024:.1f} MB，超过了每个文件20 MB"):
        check_upload(file)


def test_a_transaction_rolled_back_later_leaves_only_an_orphan(cast: Cast) -> None:
    with transaction.atomic():
        add(cast)
        transaction.set_rollback(True)
    assert not Attachment.objects.exists()
    assert len(stored()) == 1  # the daily sweep takes it: test_jobs_sweep.py
