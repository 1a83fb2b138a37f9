"""The handling unit's pages: sign, answer with the official document, keep the promise."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from suggestions.models import Answer, Suggestion
from suggestions.states import SuggestionStatus
from tests.suggestions import steps
from tests.suggestions.pages import errors, said, text_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tests.cast import Cast


def url(suggestion: Suggestion, act: str) -> str:
    return reverse(f"suggestions:{act}", args=[suggestion.public_id])


def send(cast: Cast, suggestion: Suggestion, **changes: Any) -> HttpResponse:
    values = {"version": suggestion.version, "uploads": steps.pdf(), **steps.answer_values(**changes)}
    return cast.client("unit").post(
        url(suggestion, "answer"), {name: value for name, value in values.items() if value is not None}, follow=True
    )


# ── sign ─────────────────────────────────────────────────────────────────────────────────────────
def test_signing_is_one_press_on_the_record(cast: Cast) -> None:
    done = steps.assigned(cast)
    client = cast.client("unit")
    assert url(done, "sign") in client.get(done.get_absolute_url()).content.decode()

    response = client.post(url(done, "sign"), follow=True)

    assert "已签收" in said(response)
    assert steps.fresh(done).status == SuggestionStatus.HANDLING


def test_signing_is_never_done_by_looking(cast: Cast) -> None:
    done = steps.assigned(cast)
    assert cast.client("unit").get(url(done, "sign")).status_code == 405


def test_signing_twice_is_told(cast: Cast) -> None:
    done = steps.handling(cast)
    response = cast.client("unit").post(url(done, "sign"))
    assert response.status_code == 409
    assert "刘承办已于" in text_of(response)


def test_another_unit_finds_nothing_to_sign(cast: Cast) -> None:
    done = steps.assigned(cast)
    assert cast.client("other_unit").post(url(done, "sign")).status_code == 404
    assert cast.client("insider").post(url(done, "sign")).status_code == 403


# ── answer ───────────────────────────────────────────────────────────────────────────────────────
def test_answering_shows_on_the_record_with_the_document(cast: Cast) -> None:
    done = steps.handling(cast)
    page = text_of(send(cast, done, summary="已安装净化设施。"))
    assert "已答复李代表代表" in page
    assert "已安装净化设施。" in page
    assert "答复函.pdf" in page
    assert steps.fresh(done).status == SuggestionStatus.ANSWERED


def test_class_b_with_a_promise(cast: Cast) -> None:
    done = steps.handling(cast)
    send(cast, done, result_class="B", promised_on=steps.tomorrow(30))
    assert Answer.objects.get().promised_on == steps.tomorrow(30)
    assert "承诺" in text_of(cast.client("deputy").get(done.get_absolute_url()))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"uploads": ""}, "uploads"),
        ({"result_class": ""}, "result_class"),
        ({"result_class": "E"}, "result_class"),
        ({"summary": "  "}, "summary"),
        ({"document_on": ""}, "document_on"),
        ({"document_on": "2026-13-40"}, "document_on"),
        ({"document_on": "1999-01-01"}, "document_on"),
        ({"result_class": "B"}, "promised_on"),
        ({"result_class": "B", "promised_on": "2020-01-01"}, "promised_on"),
        ({"result_class": "A", "promised_on": "2099-01-04"}, "promised_on"),
        ({"result_class": "B", "promised_on": "soon"}, "promised_on"),
        ({"document_number": "长" * 61}, "document_number"),
    ],
)
def test_a_wrong_answer_names_the_field_and_keeps_the_text(cast: Cast, changes: dict[str, Any], field: str) -> None:
    done = steps.handling(cast)
    response = send(cast, done, **{"summary": "写了很久的要点", **changes})

    assert response.status_code == 422
    assert set(errors(response)) == {field}
    if "summary" not in changes:
        assert "写了很久的要点" in response.content.decode()
    assert not Answer.objects.exists()


def test_a_date_after_today_is_refused(cast: Cast) -> None:
    response = send(cast, steps.handling(cast), document_on=timezone.localdate() + dt.timedelta(days=1))
    assert set(errors(response)) == {"document_on"}


def test_a_disguised_document_is_refused_whole(cast: Cast) -> None:
    done = steps.handling(cast)
    trojan = SimpleUploadedFile("答复函.pdf", b"MZ\x90\x00", content_type="application/pdf")
    response = send(cast, done, uploads=trojan)
    assert response.status_code == 422
    assert "答复函.pdf" in text_of(response)
    assert not Answer.objects.exists()


def test_answering_a_closed_one_is_refused(cast: Cast) -> None:
    closed = steps.closed(cast)
    assert cast.client("unit").get(url(closed, "answer")).status_code == 409
    assert send(cast, closed).status_code == 409
    assert Answer.objects.count() == 1


def test_answering_again_shows_why_the_deputy_was_not_satisfied(cast: Cast) -> None:
    done = steps.answered(cast)
    steps.rate(cast, done, "dissatisfied")
    page = text_of(cast.client("unit").get(url(done, "answer")))
    assert "代表对上次答复不满意 问题没有解决。" in page


@pytest.mark.parametrize("who", ["other_unit", "insider", "deputy"])
def test_nobody_else_answers(cast: Cast, who: str) -> None:
    done = steps.handling(cast)
    expected = 404 if who == "other_unit" else 403
    assert cast.client(who).get(url(done, "answer")).status_code == expected
    assert cast.client(who).post(url(done, "answer"), {"version": done.version}).status_code == expected


# ── promise ──────────────────────────────────────────────────────────────────────────────────────
def promised(cast: Cast) -> tuple[Suggestion, str]:
    done = steps.answered(cast, values={"result_class": "B", "promised_on": steps.tomorrow(20)})
    answer = Answer.objects.get(suggestion=done)
    return done, reverse("suggestions:fulfil", args=[done.public_id, answer.public_id])


def test_a_kept_promise_is_reported(cast: Cast) -> None:
    done, address = promised(cast)
    client = cast.client("unit")
    assert address in client.get(done.get_absolute_url()).content.decode()

    response = client.post(address, {"text": "路灯已全部亮起。", "uploads": steps.pdf("完工.pdf")}, follow=True)

    page = text_of(response)
    assert "路灯已全部亮起。" in page
    assert "完工.pdf" in page
    assert address not in response.content.decode()
    assert client.get(address).status_code == 409


def test_reporting_nothing_is_named(cast: Cast) -> None:
    _, address = promised(cast)
    assert errors(cast.client("unit").post(address, {"text": " "})) == {"text": ["请写明兑现情况。"]}


def test_others_find_no_promise(cast: Cast) -> None:
    done, address = promised(cast)
    assert cast.client("other_unit").get(address).status_code == 404
    assert cast.client("insider").get(address).status_code == 403
    unknown = reverse("suggestions:fulfil", args=[done.public_id, uuid.uuid4()])
    assert cast.client("unit").get(unknown).status_code == 404
