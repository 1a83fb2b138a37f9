"""Where others reach the simulated hotline: webhooks, its state for whoever watches, and a bad line to the portal.

The bad line passes everything below /api/ on to the portal and spoils some of it, so that an engineer can try a client
of their own: an error before the portal hears of it, no answer though the portal has done it, and slow answers.
"""

from __future__ import annotations

import http.client
import json
import random
import socket
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: How much of the webhooks gets an error, is taken without an answer, is answered late.
ERROR, SILENT, LATE = 0.05, 0.03, 0.05
#: Seconds of a late answer, at most.
SLOW = 2.0
_NOT_PASSED_ON = {"connection", "keep-alive", "transfer-encoding", "content-length", "host", "server", "date"}


class Webhooks:
    """What came in, each counted once however often it came.

    Args:
        secret: ``whsec_…``; empty: nothing is accepted.
        take: what to do with one that is new: (type, data).
        faulty: whether some are answered badly.
    """

    def __init__(self, secret: str, take: Callable[[str, Mapping[str, Any]], None], *, seed: int, faulty: bool) -> None:
        self._webhook = Webhook(secret) if secret else None
        self._take, self._faulty = take, faulty
        self._chance = random.Random(f"{seed}-webhooks")
        self._lock = threading.Lock()
        self.counts: Counter[str] = Counter()
        #: Message id → (type, id of the object, time of the event), in the order of first arrival.
        self.seen: dict[str, tuple[str, str, str]] = {}

    def receive(self, headers: Mapping[str, str], body: bytes) -> int:
        """The status to answer; 0 for none at all."""
        if self._webhook is None:
            return 404
        chance = self._chance.random() if self._faulty else 1.0
        if chance < ERROR:
            return self._counted("error answered", 500)
        try:
            told = self._webhook.verify(body, {name.lower(): value for name, value in headers.items()})
        except WebhookVerificationError:
            return self._counted("wrong signature", 401)
        self._keep(headers["webhook-id"], told)
        if chance < ERROR + SILENT:
            return self._counted("taken without an answer", 0)
        if chance < ERROR + SILENT + LATE:
            time.sleep(SLOW * chance)
            self._counted("answered late", 204)
        return 204

    def _keep(self, message_id: str, told: Mapping[str, Any]) -> None:
        with self._lock:
            self.counts["came"] += 1
            if message_id in self.seen:
                self.counts["came again"] += 1
                return
            self.seen[message_id] = (told["type"], str(told["data"].get("id", "")), told["timestamp"])
        self._take(told["type"], told["data"])

    def _counted(self, what: str, status: int) -> int:
        with self._lock:
            self.counts[what] += 1
        return status


class BadLine:
    """Passes requests on to the portal and spoils some.

    Args:
        base: of the portal.
        share: how much is spoilt, in equal parts: error before, no answer after, slow.
    """

    def __init__(self, base: str, *, share: float, say: Callable[[str], None]) -> None:
        self._where, self._share, self._say = urlsplit(base).netloc, share, say
        self._chance = random.Random()

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Any, bytes]:
        """Status (0: say nothing and hang up), headers, body."""
        chance = self._chance.random() * 3 / self._share if self._share else 3.0
        if chance < 1:
            self._say(f"坏线路：{method} {path} 回答500，没有送到平台")
            return 500, [("Content-Type", "text/plain")], b"bad line"
        connection = http.client.HTTPConnection(self._where, timeout=60)
        try:
            connection.request(method, path, body or None, dict(headers) | {"Host": self._where})
            got = connection.getresponse()
            status, told, text = got.status, got.getheaders(), got.read()
        except (OSError, http.client.HTTPException):
            return 502, [("Content-Type", "text/plain")], b"the portal does not answer"
        finally:
            connection.close()
        if chance < 2:
            self._say(f"坏线路：{method} {path} 平台已回答{status}，应答丢失")
            return 0, [], b""
        if chance < 3 and self._share:
            self._say(f"坏线路：{method} {path} 应答推迟5秒")
            time.sleep(5)
        return status, told, text


class Doors(ThreadingHTTPServer):
    """The server of both, and of what a watcher asks."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self, port: int, *, webhooks: Webhooks, bad_line: BadLine | None, watch: Mapping[str, Callable[[], Any]]
    ) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.webhooks, self.bad_line, self.watch = webhooks, bad_line, watch

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A portal that was killed leaves half a request behind: no news."""


class _Handler(BaseHTTPRequestHandler):
    server: Doors
    protocol_version = "HTTP/1.1"
    timeout = 120

    def do_GET(self) -> None:
        question = self.server.watch.get(self.path)
        if question is not None:
            self._answer(200, [("Content-Type", "application/json")], json.dumps(question()).encode())
        else:
            self._pass_on()

    def do_POST(self) -> None:
        if self.path == "/webhooks":
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._answer(self.server.webhooks.receive(self.headers, body), [], b"")
        else:
            self._pass_on()

    def do_PUT(self) -> None:
        self._pass_on()

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.server.bad_line is None or not self.path.startswith("/api/"):
            self._answer(404, [], b"")
            return
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _NOT_PASSED_ON}
        status, told, text = self.server.bad_line.send(self.command, self.path, headers, body)
        self._answer(status, [one for one in told if one[0].lower() not in _NOT_PASSED_ON], text)

    def _answer(self, status: int, headers: Any, body: bytes) -> None:
        if status == 0:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the library's name)
        """What happens is told elsewhere."""
