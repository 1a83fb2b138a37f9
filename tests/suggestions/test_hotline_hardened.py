"""What is made to trip the hotline's interface, or comes at a bad moment: refused with a reason, harming nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from liaison.fetching import is_public
from liaison.models import AuditEntry, ClientError
from suggestions.models import HotlineFetch, HotlineOrder
from suggestions.serializers.hotline_order import parse_order
from suggestions.serializers.hotline_report import parse_event
from suggestions.services import hotline_fetch
from suggestions.services.hotline_event import report_event
from suggestions.services.hotline_order import order_put
from tests.cast import Cast
from tests.suggestions.hotline import ORDERS, Hotline, make_hotline, order, reported
from tests.suggestions.opinions import build_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def hotline(cast: Cast) -> Hotline:
    return make_hotline(cast)


def test_deep_nesting_beside_an_escape_is_refused_as_json(hotline: Hotline) -> None:
    client = Client(raise_request_exception=False)
    for depth in (200, 400, 600, 800, 5000):
        body = f'{{"title": "\\u0041", "place": {"[" * depth}{"]" * depth}}}'
        headers = {"Authorization": f"Bearer {hotline.token}"}
        answer = client.generic("PUT", f"{ORDERS}/A-1", body, content_type="application/json", headers=headers)
        assert answer.status_code == 400, (depth, answer.content.decode())


def test_a_version_is_not_held_up_by_a_time_in_the_same_batch(hotline: Hotline) -> None:
    hotline.told(version=4)
    timed = {**order(version=None, title="按时间"), "order_no": "A-1", "updated_at": timezone.now().isoformat()}
    newer = {**order(version=5, title="第五版"), "order_no": "A-1"}
    for puts in ([newer, timed], [timed, {**newer, "version": 6}]):
        items = hotline.send("POST", f"{ORDERS}/batch", {"orders": puts}).json()["items"]
        told = [item.get("problem", {}).get("code", item["outcome"]) for item in items]
        assert sorted(told) == ["sequence_changed", "updated"]
        assert told[puts.index(timed)] == "sequence_changed"
    assert HotlineOrder.objects.get().sequence == 6
    fresh = [{**one, "order_no": "B-1"} for one in (timed, newer)]
    items = hotline.send("POST", f"{ORDERS}/batch", {"orders": fresh}).json()["items"]
    assert [item["outcome"] for item in items] == ["created", "refused"], "of a new one the first decides"


def test_who_opens_the_form_with_the_contact_is_noted(cast: Cast, hotline: Hotline) -> None:
    build_scene(cast)
    found, nameless = hotline.told(), hotline.told("A-2", person=None)
    looks = AuditEntry.objects.filter(action="hotline_order.unmask")
    page = cast.client("insider").get(reverse("hotline:make_opinion", args=[found.public_id]))
    assert "13900001111" in page.content.decode()
    assert looks.count() == 1
    assert "no-store" in page["Cache-Control"]
    cast.client("insider").get(reverse("hotline:make_opinion", args=[nameless.public_id]))
    assert looks.count() == 1, "there was nothing to see"


def test_an_event_before_its_report_is_refused(cast: Cast, hotline: Hotline) -> None:
    report = reported(hotline, build_scene(cast))
    hotline.lead(report, "accepted")
    answer = hotline.tell(report, "dispatched", at="1990-01-01T00:00:00+08:00")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/at")


def test_the_longest_words_of_every_event_are_kept(cast: Cast, hotline: Hotline) -> None:
    report = reported(hotline, build_scene(cast))
    for kind in ("accepted", "dispatched", "signed", "returned", "dispatched", "signed", "extended", "replied"):
        longest: dict[str, Any] = {"words": "字" * 2000, "unit": "单" * 120, "hotline_no": "9" * 64}
        answer = hotline.tell(report, kind, until="2100-12-31", **longest)
        assert answer.status_code == 201, (kind, answer.content.decode())


def test_addresses_beyond_the_open_internet_are_inside() -> None:
    for number in (
        "fec0::1", "::127.0.0.1", "::10.0.0.1", "64:ff9b:1::a00:1", "::ffff:0:127.0.0.1", "3fff::1", "5f00::1",
        "2002:7f00:1::", "100.64.0.1", "fd00::1", "::ffff:127.0.0.1", "fe80::1%lo",
    ):  # fmt: skip
        assert not is_public(number), number
    assert is_public("2400:3200::1")
    assert is_public("64:ff9b::808:808")


def test_a_file_over_which_the_worker_falls_silent_is_given_up(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*args: object, **kwargs: object) -> None:
        raise MemoryError

    monkeypatch.setattr(hotline_fetch, "fetch_file", die)
    fetch = HotlineFetch.objects.create(order=hotline.told(), url="https://files.example.gov.cn/1.png")
    for _ in range(len(hotline_fetch.WAITS) + 1):
        with pytest.raises(MemoryError):
            hotline_fetch.fetch_run(fetch_id=fetch.pk)
        HotlineFetch.objects.update(next_at=timezone.now())
    assert hotline_fetch.fetch_run(fetch_id=fetch.pk) is None
    fetch.refresh_from_db()
    assert (fetch.state, fetch.attempts) == ("failed", 5)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("order_first", [True, False])
def test_an_order_and_the_word_that_it_is_ours_come_at_the_same_moment(
    cast: Cast, hotline: Hotline, *, order_first: bool
) -> None:
    report, actor = reported(hotline, build_scene(cast)), hotline.actor
    event = {"event_id": "e-1", "kind": "accepted", "at": timezone.now().isoformat(), "hotline_no": "H-1"}
    acts: list[Callable[[], Any]] = [
        lambda: order_put(actor=actor, order_no="H-1", values=parse_order(order())),
        lambda: report_event(actor=actor, public_id=report.public_id, values=parse_event(event)),
    ]
    first, second = acts if order_first else reversed(acts)

    def in_its_own_connection() -> None:
        try:
            second()
        finally:
            connection.close()

    other = threading.Thread(target=in_its_own_connection)
    with transaction.atomic():
        first()
        other.start()
        while other.is_alive() and not _somebody_waits():
            other.join(timeout=0.05)
    other.join(timeout=60)
    assert HotlineOrder.objects.get(order_no="H-1").report == report


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


def test_the_console_reads_whatever_stands_under_the_interface_and_nothing_else(cast: Cast, hotline: Hotline) -> None:
    page = cast.client("system_admin")
    hotline.told()
    for address, status in (
        (f"{ORDERS}/A-1", 200),
        ("/api/v1/docs/", 200),
        ("/api/v1/schema.json", 200),
        ("/api/v1/oauth/token", 405),
        (f"{ORDERS}/batch", 405),
        ("/api/v1/no-such", 404),
        ("/api/v1/%2e%2e/accounts/login/", 404),
        ("/api/v1/whoami?a=%00", 400),
        ("/api/v1/%ff[x", 404),
        (f"{ORDERS}?limit=1&cursor=x", 400),
    ):
        answer = page.post(f"/system/clients/{hotline.client.public_id}/console/", {"address": address})
        assert (address, answer.status_code, answer.context["answer"]["status"]) == (address, 200, status)


def test_the_kept_error_repeats_no_number_of_a_person(hotline: Hotline) -> None:
    hotline.told()
    headers = {"Authorization": f"Bearer {hotline.token}"}
    upload = SimpleUploadedFile("张三13900001111.exe", b"MZ\x90\x00")
    answer = Client().post(f"{ORDERS}/A-1/attachments", {"file": upload}, headers=headers)
    assert (answer.status_code, "13900001111" in answer.json()["detail"]) == (400, True), "who sent it may read it"
    kept = ClientError.objects.get()
    assert "13900001111" not in kept.detail
    assert "张三139" in kept.detail


def test_a_number_in_the_hotlines_words_is_covered_on_every_page(cast: Cast, hotline: Hotline) -> None:
    report = reported(hotline, build_scene(cast))
    words = "请联系13900001111。"
    for kind in ("accepted", "dispatched", "returned", "dispatched", "signed", "replied", "reopened"):
        answer = hotline.tell(report, kind, words=words, unit="赫山区城管局")
        assert answer.status_code == 201, (kind, answer.content.decode())
    steps = [{"step_id": "s1", "kind": "accepted", "at": timezone.now().isoformat(), "words": words}]
    found = hotline.told(title=words, text=words, place=words, result=words, steps=steps)
    for who, address in (
        ("insider", report.get_absolute_url()),
        ("insider", report.opinion.get_absolute_url()),
        ("insider", found.get_absolute_url()),
        ("insider", reverse("hotline:reply", args=[found.public_id])),
        ("insider", reverse("hotline:orders")),
        ("insider", reverse("hotline:reports")),
        ("insider", "/inbox/"),
        ("deputy", report.deputy_url),
        ("deputy", "/inbox/"),
    ):
        page = cast.client(who).get(address, follow=True)
        assert page.status_code == 200, (who, address, page.status_code)
        assert "13900001111" not in page.content.decode(), (who, address)
