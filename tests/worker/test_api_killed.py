"""The web process is killed with a write on the way: whoever sends it again gets the same, and it is done once."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connections
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from liaison.models import AuditEntry
from suggestions.models import HotlineEvent, HotlineOrder, HotlineOrderStep, HotlineReport
from tests import database
from tests.cast import build_cast
from tests.e2e.server import portal
from tests.suggestions.hotline import ORDERS, REPORTS, Hotline, make_hotline, order, reported
from tests.suggestions.opinions import build_scene
from tests.worker.dying import HEADER, UNANSWERED, UNCOMMITTED

pytestmark = pytest.mark.worker


@pytest.fixture
def serve(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[partial[AbstractContextManager[str]]]:
    """Starts a web process on committed rows; as often as one likes, on the same ones."""
    default = connections["default"]
    usual = default.settings_dict["NAME"]
    with django_db_blocker.unblock(), database.separate("killed") as name:
        default.close()
        default.settings_dict["NAME"] = name
        try:
            log = tmp_path / "web.log"
            yield partial(portal, database=name, files=tmp_path, log=log, settings="tests.worker.web_settings")
        finally:
            default.close()
            default.settings_dict["NAME"] = usual


def ask(url: str, hotline: Hotline, method: str, path: str, body: Any, **headers: str) -> tuple[int, Any, str]:
    """Status, body and the header that says whether the answer was kept."""
    address = urlsplit(url)
    wire = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    sent = {"Authorization": f"Bearer {hotline.token}", "Content-Type": "application/json", **headers}
    try:
        wire.request(method, path, body=json.dumps(body).encode(), headers=sent)
        answer = wire.getresponse()
        return answer.status, json.loads(answer.read()), answer.headers.get("Idempotency-Replayed", "")
    finally:
        wire.close()


def test_a_write_is_done_once_however_the_web_process_ends(serve: partial[AbstractContextManager[str]]) -> None:
    cast = build_cast()
    hotline, scene = make_hotline(cast), build_scene(cast)
    report: HotlineReport = reported(hotline, scene)
    told = order()
    event = {"event_id": "e-1", "kind": "accepted", "at": timezone.now().isoformat()}
    events = f"{REPORTS}/{report.public_id}/events"
    lost = (http.client.RemoteDisconnected, ConnectionError)

    with serve() as url, pytest.raises(lost):
        ask(url, hotline, "PUT", f"{ORDERS}/K-1", told, **{HEADER: UNCOMMITTED, "Idempotency-Key": "one"})
    assert not HotlineOrder.objects.exists()

    with serve() as url, pytest.raises(lost):
        ask(url, hotline, "PUT", f"{ORDERS}/K-1", told, **{HEADER: UNANSWERED, "Idempotency-Key": "one"})
    assert HotlineOrder.objects.get().version == 1

    with serve() as url:
        status, body, replayed = ask(url, hotline, "PUT", f"{ORDERS}/K-1", told, **{"Idempotency-Key": "one"})
        assert (status, body["outcome"], body["new_steps"], replayed) == (201, "created", 1, "true")
        status, again, replayed = ask(url, hotline, "PUT", f"{ORDERS}/K-1", told)
        assert (status, again["outcome"], again["digest"], replayed) == (200, "unchanged", body["digest"], "")
        with pytest.raises(lost):
            ask(url, hotline, "POST", events, event, **{HEADER: UNANSWERED})

    with serve() as url:
        status, body, _ = ask(url, hotline, "POST", events, event)
        assert (status, body["report"]["status"]) == (200, "accepted")

    stands = HotlineOrder.objects.get()
    assert (stands.version, HotlineOrderStep.objects.count(), HotlineEvent.objects.count()) == (1, 1, 1)
    acts = AuditEntry.objects.filter(action__in=["hotline_order.put", "hotline_report.event"])
    assert sorted(acts.values_list("action", flat=True)) == ["hotline_order.put", "hotline_report.event"]
