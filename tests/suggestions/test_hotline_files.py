"""Attachments of orders: uploads judged by content, addresses fetched only from agreed hosts and never from inside."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from liaison.fetching import FetchRefused, check_address, is_public, resolve
from liaison.models import Attachment
from suggestions.models import HotlineFetch, HotlineSettings
from suggestions.services.hotline_fetch import fetch_run
from tests.cast import Cast
from tests.filemakers import png
from tests.suggestions.hotline import ORDERS, Hotline, make_hotline

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db
FILES = f"{ORDERS}/A-1/attachments"


@pytest.fixture
def hotline(cast: Cast) -> Hotline:
    found = make_hotline(cast)
    found.told()
    return found


class _Files(http.server.BaseHTTPRequestHandler):
    """The hotline's file server, and what goes wrong on one."""

    def do_GET(self) -> None:
        answers: dict[str, tuple[int, dict[str, str], bytes]] = {
            "/photo.png": (200, {}, png()),
            "/page.png": (200, {}, b"<html><script>alert(1)</script></html>"),
            "/moved": (302, {"Location": "http://127.0.0.1:1/"}, b""),
            "/large": (200, {"Content-Length": str(10**9)}, b""),
            "/gone": (404, {}, b""),
            "/busy": (503, {}, b""),
        }
        status, headers, body = answers[self.path]
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Nothing on the test's screen."""


@pytest.fixture
def host(hotline: Hotline, settings: SettingsWrapper) -> Iterator[str]:
    """A file server that the operator knows as one of the office network, and that is agreed with the hotline."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Files) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        name = f"localhost:{server.server_port}"
        settings.FETCH_INSIDE_HOSTS = [name]
        HotlineSettings.objects.create(client=hotline.client, file_hosts=name)
        yield name
        server.shutdown()
        thread.join()


def _fetched(hotline: Hotline, url: str) -> HotlineFetch:
    answer = hotline.send("POST", FILES, {"files": [{"url": url}]})
    assert answer.status_code == 202, answer.content.decode()
    fetch_run(fetch_id=HotlineFetch.objects.get(url=url).pk)
    return HotlineFetch.objects.get(url=url)


def test_an_uploaded_file_is_kept_once_and_judged_by_its_content(hotline: Hotline) -> None:
    def upload(name: str, content: bytes) -> Any:
        return Client().post(
            FILES, {"file": SimpleUploadedFile(name, content)}, headers={"Authorization": f"Bearer {hotline.token}"}
        )

    picture = png()
    assert [upload("现场.png", picture).status_code for _ in range(2)] == [201, 201]
    assert Attachment.objects.count() == 1
    wrong = upload("现场.png", b"MZ not a picture")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/file")


def test_only_agreed_hosts_are_fetched_from_and_a_wrong_address_notes_none(hotline: Hotline, host: str) -> None:
    files = [{"url": f"http://{host}/photo.png"}, {"url": "http://169.254.169.254/latest/"}]
    answer = hotline.send("POST", FILES, {"files": files})
    assert (answer.status_code, answer.json()["code"]) == (400, "host_not_allowed")
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/files/1/url"]
    assert not HotlineFetch.objects.exists()


def test_a_named_file_is_fetched_once(hotline: Hotline, host: str) -> None:
    url = f"http://{host}/photo.png"
    assert _fetched(hotline, url).state == "done"
    assert fetch_run(fetch_id=HotlineFetch.objects.get().pk) is None
    shown = hotline.send("GET", FILES).json()
    assert ([one["name"] for one in shown["files"]], shown["fetches"][0]["state"]) == (["photo.png"], "done")


@pytest.mark.parametrize(
    ("path", "state", "words"),
    [
        ("page.png", "failed", "内容不是"),
        ("moved", "failed", "转到了别的地址"),
        ("large", "failed", "超过"),
        ("gone", "failed", "404"),
        ("busy", "waiting", "503"),
    ],
)
def test_what_cannot_be_kept_says_why(hotline: Hotline, host: str, path: str, state: str, words: str) -> None:
    fetch = _fetched(hotline, f"http://{host}/{path}")
    assert (fetch.state, words in fetch.reason) == (state, True), fetch.reason
    assert not Attachment.objects.exists()


def test_an_agreed_name_that_points_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    address = check_address("https://files.example.gov.cn/1.png", hosts={"files.example.gov.cn"})
    for number in ("127.0.0.1", "10.0.0.8", "192.168.1.1", "169.254.169.254", "::1", "fe80::1", "::ffff:10.0.0.1"):
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in ("1.1.1.1", number)]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, found=found, **kwargs: found)
        with pytest.raises(FetchRefused) as refused:
            resolve(address)
        assert refused.value.code == "address_inside"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://files.example.gov.cn/1",
        "http://user@files.example.gov.cn/1",
        "http://files.example.gov.cn:8080/1",
        "http://files.example.gov.cn.evil.org/1",
        "http://[::1]/1",
        "http:///1",
    ],
)
def test_an_address_is_of_an_agreed_host_or_none(url: str) -> None:
    with pytest.raises(FetchRefused):
        check_address(url, hosts={"files.example.gov.cn"})
    assert not is_public("64:ff9b::7f00:1")
