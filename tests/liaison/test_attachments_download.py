"""Reading a file: only through its owner's visibility, and never as anything else than what it is."""

from __future__ import annotations

import uuid
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from liaison.exceptions import NotFound
from liaison.models import Attachment, AuditEntry, Organisation
from liaison.registry import SubjectType, registry
from liaison.selectors.attachment import get_attachment_for
from liaison.services.attachment import attachment_add, attachment_remove
from tests import filemakers as make
from tests.cast import Cast


@pytest.fixture(autouse=True)
def organisations_own_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """For these tests files belong to organisations, whose visibility the cast knows."""
    monkeypatch.setitem(
        registry.subjects,
        "liaison.organisation",
        SubjectType("liaison.Organisation", "机构", Organisation.objects.visible_to, str, lambda office: "/"),
    )


def attach(cast: Cast, content: bytes = make.PDF, name: str = "答复 终稿.pdf") -> Attachment:
    return attachment_add(
        actor=cast.actor("unit"), owner=cast.offices["unit"], slot="letter", upload=SimpleUploadedFile(name, content)
    )


def body(client: Client, attachment: Attachment) -> tuple[FileResponse, bytes]:
    response = client.get(attachment.url)
    assert isinstance(response, FileResponse)
    content = b"".join(response.streaming_content)  # type: ignore[arg-type]
    return response, content


def test_who_sees_the_owner_reads_the_file(cast: Cast) -> None:
    attachment = attach(cast)
    for name in ("unit", "insider", "colleague"):
        response, content = body(cast.client(name), attachment)
        assert response.status_code == 200
        assert content == make.PDF


def test_a_pdf_is_shown_in_place_under_its_chinese_name(cast: Cast) -> None:
    response, _ = body(cast.client("unit"), attach(cast))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f"inline; filename*=utf-8''{quote('答复 终稿.pdf')}"
    assert response["Content-Length"] == str(len(make.PDF))


def test_nothing_may_guess_its_type_or_keep_it_for_others(cast: Cast) -> None:
    response, _ = body(cast.client("unit"), attach(cast))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-cache"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "script-src" not in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("content", "name", "mime"),
    [
        (make.docx(), "函.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("<b>说明".encode(), "说明.txt", "text/plain; charset=utf-8"),
    ],
)
def test_other_types_are_downloaded(cast: Cast, content: bytes, name: str, mime: str) -> None:
    response, _ = body(cast.client("unit"), attach(cast, content, name))
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Type"] == mime


def test_an_unchanged_file_is_not_sent_again(cast: Cast) -> None:
    attachment = attach(cast)
    response, _ = body(cast.client("unit"), attachment)
    again = cast.client("unit").get(attachment.url, headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
    assert again["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("name", ["other_unit", "stranger", "prosecutor", "deputy", "nobody"])
def test_who_does_not_see_the_owner_gets_the_same_404_as_for_nothing(cast: Cast, name: str) -> None:
    attachment = attach(cast)
    unknown = cast.client(name).get(f"/files/{uuid.uuid4()}/")
    refused = cast.client(name).get(attachment.url)
    assert (refused.status_code, unknown.status_code) == (404, 404)


def test_a_visitor_is_sent_to_sign_in(cast: Cast) -> None:
    attachment = attach(cast)
    response = cast.client("anonymous").get(attachment.url)
    assert response.status_code == 302
    assert f"next={attachment.url}" in response["Location"]


def test_a_removed_file_is_gone(cast: Cast) -> None:
    attachment = attach(cast)
    attachment_remove(actor=cast.actor("unit"), owner=cast.offices["unit"], public_id=attachment.public_id)
    assert cast.client("unit").get(attachment.url).status_code == 404


def test_a_file_of_an_unregistered_owner_is_nobody_s_to_read(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    attachment = attach(cast)
    monkeypatch.delitem(registry.subjects, "liaison.organisation")
    with pytest.raises(NotFound):
        get_attachment_for(cast.actor("unit"), attachment.public_id)


def test_reading_writes_nothing_and_takes_two_look_ups(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    attachment = attach(cast)
    actor = cast.actor("unit")
    entries = AuditEntry.objects.count()
    with django_assert_num_queries(2):  # attachment with its owner's type, owner visible
        get_attachment_for(actor, attachment.public_id)
    body(cast.client("unit"), attachment)
    assert AuditEntry.objects.count() == entries


def test_only_get_and_head(cast: Cast) -> None:
    assert cast.client("unit").post(attach(cast).url).status_code == 405
