"""What every endpoint of the API does: problems by code, writes once, pages by cursor, changes under If-Match."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from liaison.models import ApiClient, ClientError, Holiday, IdempotencyRecord
from liaison.services.idempotency import api_sweep, lock_number
from tests.api import Machine, machine
from tests.cast import Cast

pytestmark = pytest.mark.urls("tests.liaison.api_urls")

DAY = "/api/v1/probe/holidays/2030-05-06"


@pytest.fixture
def hotline(cast: Cast) -> Machine:
    return machine(cast)


def code_of(answer: Any, status: int) -> str:
    """The code of a problem document, which must be whole."""
    body = answer.json()
    assert answer.status_code == body["status"] == status, body
    assert answer["Content-Type"] == "application/problem+json"
    assert body["type"] == f"/api/v1/docs/#problem-{body['code']}"
    assert body["detail"]
    assert body["request_id"] == answer["X-Request-ID"]
    return str(body["code"])


BAD_BODIES = [
    (b'{"name": ', "wrong_json"),
    (b'{"name": NaN}', "wrong_json"),
    (b"[" * 1000, "wrong_json"),
    ('{"name": "春节"}'.encode("gbk"), "not_utf8"),
    (b'{"name": "\\u0000"}', "wrong_json"),
    (b'{"name": "\\ud800"}', "wrong_json"),
    (b'["name"]', "invalid_input"),
    (b"", "invalid_input"),
]


def test_a_body_that_is_no_good_json_is_refused_with_its_code(hotline: Machine) -> None:
    for body, code in BAD_BODIES:
        assert code_of(hotline.ask("PUT", DAY, body), 400) == code, body
    assert not Holiday.objects.filter(date="2030-05-06").exists()


def test_every_wrong_field_is_named_by_its_pointer(hotline: Machine) -> None:
    sent = {"nmae": "x", "count": "5", "at": "2030-05-06T08:00:00", "parts": [{"size": 1}, {"size": True}]}
    answer = hotline.ask("PUT", DAY, sent)
    assert code_of(answer, 400) == "invalid_input"
    found = {(error["pointer"], error["code"]) for error in answer.json()["errors"]}
    assert found == {
        ("/nmae", "unknown_field"),
        ("/name", "required"),
        ("/count", "wrong_type"),
        ("/at", "no_zone"),
        ("/parts/1/size", "wrong_type"),
    }


def test_what_http_asks_wrongly_has_its_code_too(hotline: Machine) -> None:
    assert code_of(hotline.get("/api/v1/nothing"), 404) == "not_found"
    refused = hotline.ask("DELETE", DAY)
    assert code_of(refused, 405) == "method_not_allowed"
    assert refused["Allow"] == "GET, PUT, PATCH, HEAD"
    assert code_of(hotline.get(f"{DAY}%00"), 400) == "bad_request"
    assert code_of(hotline.get(DAY, Accept="text/html"), 406) == "not_acceptable"
    assert code_of(hotline.ask("PUT", DAY, b"name=x", Content_Type="text/plain"), 415) == "unsupported_media_type"
    assert code_of(hotline.ask("PUT", DAY, b'"' + b"x" * 2000 + b'"'), 413) == "too_large"


def test_an_error_nobody_foresaw_is_a_problem_too_and_leaves_nothing(hotline: Machine) -> None:
    hotline.http.raise_request_exception = False
    answer = hotline.ask("PUT", DAY, {"name": "坏的"}, Idempotency_Key="a")
    assert code_of(answer, 500) == "internal_error"
    assert not Holiday.objects.filter(date="2030-05-06").exists()
    assert not IdempotencyRecord.objects.exists()


def test_refusals_stand_on_the_clients_page(hotline: Machine) -> None:
    hotline.ask("PUT", DAY, b"{")
    error = ClientError.objects.get()
    assert (error.method, error.path, error.status, error.code) == ("PUT", DAY, 400, "wrong_json")


# ── once ─────────────────────────────────────────────────────────────────────────────────────────────
def test_a_write_sent_again_is_answered_as_before_and_not_done_again(hotline: Machine) -> None:
    first = hotline.ask("PUT", DAY, {"name": "春节"}, Idempotency_Key="key-1")
    again = hotline.ask("PUT", DAY, {"name": "春节"}, Idempotency_Key="key-1")
    assert first.status_code == again.status_code == 201
    assert (first.content, first["ETag"]) == (again.content, again["ETag"])
    assert again["Idempotency-Replayed"] == "true"
    assert Holiday.objects.filter(date="2030-05-06").count() == 1
    assert code_of(hotline.ask("PUT", DAY, {"name": "元旦"}, Idempotency_Key="key-1"), 422) == "idempotency_key_reused"
    assert code_of(hotline.ask("PUT", DAY, {"name": "元旦"}, Idempotency_Key="钥".encode().decode("latin-1")), 400)


def test_another_client_may_use_the_same_key(cast: Cast, hotline: Machine) -> None:
    other = machine(cast, "另一系统")
    hotline.ask("PUT", DAY, {"name": "春节"}, Idempotency_Key="key-1")
    answer = other.ask("PUT", "/api/v1/probe/holidays/2030-05-07", {"name": "春节"}, Idempotency_Key="key-1")
    assert answer.status_code == 201


def test_a_key_is_forgotten_after_24_hours(hotline: Machine) -> None:
    hotline.ask("PUT", DAY, {"name": "春节"}, Idempotency_Key="key-1")
    with time_machine.travel(timezone.now() + dt.timedelta(hours=24, minutes=1), tick=False):
        assert api_sweep() == {"answers": 1, "nonces": 0, "tokens": 1, "errors": 0, "webhooks": 0}


def test_while_the_first_is_at_work_the_second_is_told_to_wait(hotline: Machine) -> None:
    """A request in flight holds the lock on its key; here another connection holds it."""
    elsewhere = connection.copy()
    try:
        with elsewhere.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [lock_number(ApiClient.objects.get().pk, "key-1")])
        answer = hotline.ask("PUT", DAY, {"name": "春节"}, Idempotency_Key="key-1")
        assert code_of(answer, 409) == "idempotency_in_flight"
        assert answer["Retry-After"] == "1"
    finally:
        elsewhere.close()
    assert hotline.ask("PUT", DAY, {"name": "春节"}, Idempotency_Key="key-1").status_code == 201


# ── pages and versions ───────────────────────────────────────────────────────────────────────────────
def test_a_list_is_read_to_its_end_by_next_and_goes_on_later_from_its_cursor(hotline: Machine) -> None:
    def add(day: int) -> None:
        Holiday.objects.create(date=dt.date(2031, 1, day), name=str(day), is_off=True, source_url="https://x.cn/")

    Holiday.objects.all().delete()
    for day in range(1, 6):
        add(day)
    answer, read = hotline.get("/api/v1/probe/holidays?limit=2"), []
    while True:
        page = answer.json()
        read += [row["name"] for row in page["items"]]
        if page["next"] is None:
            assert "Link" not in answer
            break
        assert answer["Link"] == f'<{page["next"]}>; rel="next"'
        answer = hotline.get(page["next"].removeprefix("http://testserver"))
    assert read == ["1", "2", "3", "4", "5"]
    later = f"/api/v1/probe/holidays?cursor={page['cursor']}"
    assert hotline.get(later).json() == {"items": [], "next": None, "cursor": page["cursor"]}
    add(6)
    assert [row["name"] for row in hotline.get(later).json()["items"]] == ["6"]


def test_a_place_or_size_that_cannot_be_is_refused(hotline: Machine) -> None:
    for query in ("cursor=nonsense", "cursor=WyJ4Il0", "cursor=W10", "limit=0", "limit=501", "limit=x"):
        code = code_of(hotline.get(f"/api/v1/probe/holidays?{query}"), 400)
        assert code == ("invalid_cursor" if "cursor" in query else "invalid_input")


def test_a_change_needs_the_version_that_was_read(hotline: Machine) -> None:
    Holiday.objects.create(date="2030-05-06", name="v1", is_off=True, source_url="https://x.cn/")
    etag = f'"{b"v1".hex()}"'
    missing = hotline.ask("PATCH", DAY, {"name": "v2"})
    assert code_of(missing, 428) == "precondition_required"
    assert missing["ETag"] == etag
    assert code_of(hotline.ask("PATCH", DAY, {"name": "v2"}, If_Match='"old"'), 412) == "precondition_failed"
    assert hotline.ask("PATCH", DAY, {"name": "v2"}, If_Match=f'"old", {etag}').status_code == 200
    assert hotline.get(DAY, If_None_Match=f"W/{etag}").status_code == 304


def test_the_way_of_a_request_is_short(hotline: Machine, django_assert_num_queries: Any) -> None:
    """The token; then the list. When the client was last here is written once a minute, not now."""
    hotline.get("/api/v1/probe/holidays")
    with django_assert_num_queries(2):
        hotline.get("/api/v1/probe/holidays")
    assert json.loads(hotline.get("/api/v1/whoami").content)["name"] == "12345工单系统"
