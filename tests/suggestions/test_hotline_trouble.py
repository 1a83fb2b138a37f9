"""Bad input and trouble at the hotline's addresses: line by line, each with its status, its code and its place."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken

from liaison.api.problems import PROBLEMS
from liaison.models import ApiClient, Attachment, ClientSecret
from liaison.models.client import SecretUse
from liaison.services.client import client_deactivate, client_save, secret_revoke
from suggestions.models import HotlineEvent, HotlineFetch, HotlineOrder, HotlineReport, HotlineSettings
from tests.api import Machine, machine, make_client, make_secret, signed_headers
from tests.cast import Cast
from tests.filemakers import png
from tests.suggestions.hotline import ORDERS, REPORTS, Hotline, make_hotline, order, reported
from tests.suggestions.opinions import Scene, build_scene

pytestmark = pytest.mark.django_db

GOOD = "https://files.example.gov.cn"
NOBODYS = "6f0e8c52-3b1d-4d0b-9a53-0f3c2a4d5e6f"
PUT = f"{ORDERS}/T-1"
FILES = f"{ORDERS}/A-1/attachments"


@dataclass
class World:
    """A hotline that may do everything, another of the same city that may too, and what belongs to each."""

    cast: Cast
    scene: Scene
    ours: Machine
    client: ApiClient
    secret: str
    other: Hotline

    def put(self, **values: Any) -> Any:
        return self.ours.ask("PUT", PUT, order(**values))

    def raw(self, body: bytes, **headers: str) -> Any:
        return self.ours.ask("PUT", PUT, body, **headers)

    def packed(self, body: bytes) -> Any:
        return self.raw(gzip.compress(body), Content_Encoding="gzip")

    def named(self, *urls: Any) -> Any:
        return self.ours.ask("POST", FILES, {"files": [{"url": url} for url in urls]})

    def attach(self, order_no: str) -> Any:
        body = {"files": [{"url": "https://files.example.gov.cn/1"}]}
        return self.ours.ask("POST", f"{ORDERS}/{order_no}/attachments", body)

    def tell(self, report: Any) -> Any:
        body = {"event_id": "e", "kind": "accepted", "at": timezone.now().isoformat()}
        return self.ours.ask("POST", f"{REPORTS}/{report}/events", body)

    def batch(self, *orders: Any) -> Any:
        return self.ours.ask("POST", f"{ORDERS}/batch", {"orders": orders})

    def upload(self, name: str, content: bytes) -> Any:
        return Client().post(
            FILES, {"file": SimpleUploadedFile(name, content)}, headers={"Authorization": f"Bearer {self.ours.token}"}
        )

    def signed(self, *, times: int = 1, **values: Any) -> Any:
        """A signed PUT, sent so many times; the last answer."""
        body = json.dumps(order()).encode()
        headers = signed_headers(self.client, self.secret, "PUT", f"{ORDERS}/S-1", body, **values)
        for _ in range(times):
            answer = Client().put(f"{ORDERS}/S-1", body, content_type="application/json", headers=headers)
        return answer

    def theirs(self) -> Any:
        report = reported(self.other, self.scene)
        HotlineReport.objects.filter(pk=report.pk).update(client=self.other.client)  # wherever it went
        return report.public_id


@pytest.fixture
def world(cast: Cast) -> World:
    ours = machine(cast, "热线甲")
    client = make_client(cast, "热线甲")
    HotlineSettings.objects.create(client=client, file_hosts="files.example.gov.cn")
    ours.ask("PUT", f"{ORDERS}/A-1", order())
    other = make_hotline(cast, name="热线乙")
    other.told("O-1")
    return World(cast, build_scene(cast), ours, client, make_secret(cast, client, SecretUse.SIGNING)[1], other)


def bomb() -> bytes:
    """A document of some kilobytes that says that it unpacks to two gigabytes."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<x/>")
        archive.writestr("word/document.xml", b"0" * 1024)
        archive.getinfo("word/document.xml").file_size = 2 * 1024**3
    return target.getvalue()


#: Code, the place it names, what is wrong, how it is sent.
JSON: list[tuple[str, str | None, str, Callable[[World], Any]]] = [
    ("wrong_json", None, "half a document", lambda w: w.raw(b'{"title": ')),
    ("wrong_json", None, "not a number", lambda w: w.raw(b'{"version": NaN}')),
    ("wrong_json", None, "a number of 5,000 digits", lambda w: w.raw(b'{"version": ' + b"9" * 5000 + b"}")),
    ("wrong_json", None, "brackets without end", lambda w: w.raw(b"[" * 100_000)),
    ("not_utf8", None, "GBK", lambda w: w.raw('{"title": "路灯"}'.encode("gbk"))),
    ("wrong_json", None, "a NUL", lambda w: w.put(title="a\0b")),
    ("unsupported_media_type", None, "a form", lambda w: w.raw(b"title=x", Content_Type="text/plain")),
    ("unsupported_media_type", None, "gzip", lambda w: w.packed(b"{}")),
    ("unsupported_media_type", None, "a gzip bomb", lambda w: w.packed(bytes(10**7))),
    ("too_large", None, "300 KB", lambda w: w.put(text="长" * 100_000)),
    ("invalid_input", "", "no object", lambda w: w.ours.ask("PUT", PUT, [order()])),
    ("invalid_input", "/title", "nothing", lambda w: w.raw(b"")),
]  # fmt: skip
FIELDS = [
    ("invalid_input", "/title", "a number for a text", lambda w: w.put(title=12)),
    ("invalid_input", "/version", "a text for a number", lambda w: w.put(version="1")),
    ("invalid_input", "/version", "an endless number", lambda w: w.raw(b'{"version": 1e999}')),
    ("invalid_input", "/person", "a list for an object", lambda w: w.put(person=[])),
    ("invalid_input", "/colour", "an unknown field", lambda w: w.put(colour="red")),
    ("invalid_input", "/person/id_card", "an unknown field inside", lambda w: w.put(person={"id_card": "4309"})),
    ("invalid_input", "/a~1b~0c", "a field with a slash", lambda w: w.put(**{"a/b~c": 1})),
    ("invalid_input", "/state", "a state that is none", lambda w: w.put(state="lost")),
    ("invalid_input", "/text", "a text too long", lambda w: w.put(text="长" * 5001)),
    ("invalid_input", "/steps", "too many steps", lambda w: w.put(steps=[{}] * 201)),
    ("invalid_input", "/place", "a control character", lambda w: w.put(place="a\x1bb")),
    ("invalid_input", "/accepted_at", "a time without zone", lambda w: w.put(accepted_at="2026-11-20T09:00:00")),
    ("invalid_input", "/due_at", "the 30th of February", lambda w: w.put(due_at="2026-02-30T09:00:00+08:00")),
    ("invalid_input", "/due_at", "the year 1", lambda w: w.put(due_at="0001-01-01T00:00:00+14:00")),
    ("invalid_input", "/path/order_no", "a number that is none", lambda w: w.ours.ask("PUT", f"{ORDERS}/%E5", {})),
    ("invalid_idempotency_key", None, "a key with a blank", lambda w: w.raw(b"{}", Idempotency_Key="a b")),
    ("unknown_region", "/region_code", "an unknown division", lambda w: w.put(region_code="999999")),
    ("unknown_region", "/region_code", "another city's division", lambda w: w.put(region_code="430102")),
    ("unknown_report", "/report_id", "an unknown report", lambda w: w.put(report_id=NOBODYS)),
    ("unknown_report", "/report_id", "another's report", lambda w: w.put(report_id=str(w.theirs()))),
    ("invalid_input", "/orders", "an empty batch", lambda w: w.batch()),
    ("invalid_input", "/orders", "1,001 orders", lambda w: w.batch(*[{}] * 1001)),
    ("invalid_input", "/query/colour", "an unknown condition", lambda w: w.ours.get(f"{ORDERS}?colour=red")),
    ("invalid_cursor", None, "a place that is none", lambda w: w.ours.get(f"{REPORTS}?cursor=nowhere")),
]  # fmt: skip
ADDRESSES = [
    ("host_not_allowed", "/files/0/url", "this machine", lambda w: w.named("http://127.0.0.1/")),
    ("host_not_allowed", "/files/0/url", "this machine in IPv6", lambda w: w.named("http://[::1]/")),
    ("host_not_allowed", "/files/0/url", "this machine as one number", lambda w: w.named("http://2130706433/")),
    ("host_not_allowed", "/files/0/url", "the cloud's own data", lambda w: w.named("http://169.254.169.254/latest/")),
    ("host_not_allowed", "/files/0/url", "another port", lambda w: w.named("http://files.example.gov.cn:22/")),
    ("host_not_allowed", "/files/0/url", "a longer name", lambda w: w.named("http://files.example.gov.cn.evil.org/")),
    ("bad_address", "/files/0/url", "a name before an @", lambda w: w.named("http://files.example.gov.cn@evil.org/")),
    ("invalid_input", "/files/0/url", "a file of ours", lambda w: w.named("file:///etc/passwd")),
    ("host_not_allowed", "/files/1/url", "a good one and a bad one", lambda w: w.named(f"{GOOD}/1.png", "https://evil.org/")),
    ("invalid_input", "/file", "a zip bomb", lambda w: w.upload("说明.docx", bomb())),
    ("invalid_input", "/file", "a program", lambda w: w.upload("现场.png", b"MZ" + bytes(100))),
    ("too_large", None, "21 MB", lambda w: w.upload("现场.png", png() + bytes(22 * 1024**2))),
]  # fmt: skip
CALLERS = [
    ("not_authenticated", None, "nobody", lambda w: Client().get(ORDERS)),
    ("invalid_token", None, "a token that never was", lambda w: Machine(Client(), "x").get(ORDERS)),
    ("nonce_used", None, "a replayed nonce", lambda w: w.signed(times=2)),
    ("clock_skew", None, "a clock ahead", lambda w: w.signed(timestamp=int(time.time()) + 400)),
    ("clock_skew", None, "a clock behind", lambda w: w.signed(timestamp=int(time.time()) - 400)),
    ("not_found", None, "another's order", lambda w: w.ours.get(f"{ORDERS}/O-1")),
    ("not_found", None, "another's files", lambda w: w.ours.get(f"{ORDERS}/O-1/attachments")),
    ("not_found", None, "a file to another's order", lambda w: w.attach("O-1")),
    ("not_found", None, "another's report read", lambda w: w.ours.get(f"{REPORTS}/{w.theirs()}")),
    ("not_found", None, "another's report moved", lambda w: w.tell(w.theirs())),
]  # fmt: skip


@pytest.mark.parametrize("table", [JSON, FIELDS, ADDRESSES, CALLERS], ids=["json", "fields", "addresses", "callers"])
def test_every_trouble_has_its_code_and_place_and_changes_nothing(world: World, table: list[Any]) -> None:
    for code, pointer, name, act in table:
        answer = act(world)
        body = answer.json()
        assert (answer.status_code, body.get("code")) == (PROBLEMS[code].status, code), (name, body)
        assert answer["Content-Type"] == "application/problem+json", name
        if pointer is not None:
            assert [one["pointer"] for one in body.get("errors", ()) if one["pointer"] == pointer], (name, body)
    stands = set(HotlineOrder.objects.values_list("order_no", "version")) - {("S-1", 1)}  # the nonce's first use
    assert stands == {("A-1", 1), ("O-1", 1)}
    assert not any(model.objects.exists() for model in (Attachment, HotlineFetch, HotlineEvent))


def _expire(world: World) -> None:
    AccessToken.objects.update(expires=timezone.now() - dt.timedelta(seconds=1))


def _revoke(world: World) -> None:
    for secret in ClientSecret.objects.filter(client=world.client):
        secret_revoke(actor=world.cast.actor("system_admin"), public_id=secret.public_id, reason="泄露")


def _disable(world: World) -> None:
    admin = world.cast.actor("system_admin")
    client_deactivate(actor=admin, public_id=world.client.public_id, version=None, reason="停用")


def _narrow(world: World) -> None:
    """The client keeps one scope; what its token says no longer counts."""
    client_save(
        actor=world.cast.actor("system_admin"),
        public_id=world.client.public_id,
        version=world.client.version,
        name=world.client.name,
        organisation=world.client.organisation,
        scopes=["hotline.orders:read"],
    )


@pytest.mark.parametrize(
    ("happens", "status", "codes"),
    [
        (_expire, 401, {"invalid_token"}),
        (_revoke, 401, {"invalid_token"}),
        (_disable, 401, {"invalid_token", "client_disabled"}),
        (_narrow, 403, {"insufficient_scope"}),
    ],
)
def test_a_token_that_worked_a_moment_ago_is_out_at_once(
    world: World, happens: Callable[[World], None], status: int, codes: set[str]
) -> None:
    assert world.put().status_code == 201
    happens(world)
    refused = world.put(version=2)
    assert (refused.status_code, refused.json().get("code") in codes) == (status, True), refused.json()
    assert HotlineOrder.objects.get(order_no="T-1").version == 1
