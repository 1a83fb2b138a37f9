"""Another platform that is told of events: a real HTTP server on loopback, and how events are published to it."""

from __future__ import annotations

import http.server
import ssl
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from liaison.models import ApiClient, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from liaison.registry import WebhookType
from liaison.services.webhook import endpoint_ping, webhook_publish
from liaison.services.webhook_endpoint import endpoint_make
from tests.api import make_client

if TYPE_CHECKING:
    from tests.cast import Cast

KIND = WebhookType("test.thing.changed", "测试对象有变化", "测试用。", "hotline.reports:read", "/api/v1/things/{id}")


@dataclass(frozen=True)
class Got:
    """One request that arrived."""

    headers: dict[str, str]
    body: bytes

    @property
    def message_id(self) -> str:
        return self.headers["webhook-id"]


@dataclass
class Receiver:
    """The server; ``answers`` are given in turn, the last one for ever.

    Args:
        answers: a status, or what writes an answer of its own.
    """

    port: int
    scheme: str = "http"
    got: list[Got] = field(default_factory=list)
    answers: list[int | Callable[[Any], None]] = field(default_factory=lambda: [200])
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"{self.scheme}://localhost:{self.port}/events?from=portal"

    @property
    def objects(self) -> list[str]:
        """Ids of the objects, in the order of arrival."""
        import json

        return [json.loads(one.body)["data"]["id"] for one in self.got]

    def take(self, handler: http.server.BaseHTTPRequestHandler) -> int | Callable[[Any], None]:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        with self.lock:
            self.got.append(Got({name.lower(): value for name, value in handler.headers.items()}, body))
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver while the block runs, by TLS when a context is given; the operator has to name it as one of the
    inside."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = receiver.take(self)
            if callable(answer):
                answer(self)
                return
            self.send_response(answer)
            if 300 <= answer < 400:
                self.send_header("Location", f"http://localhost:{receiver.port}/elsewhere")
            self.send_header("Content-Length", "4")
            self.end_headers()
            self.wfile.write(b"seen")

        def log_message(self, *args: Any) -> None:
            """Nothing on the test's screen."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        receiver = Receiver(server.server_port, scheme="https" if tls else "http")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


def make_endpoint(cast: Cast, url: str, *, types: Iterable[str] = (KIND.code,)) -> tuple[WebhookEndpoint, str]:
    """An endpoint of the city's hotline, with its secret."""
    return endpoint_make(
        actor=cast.actor("system_admin"),
        client_id=make_client(cast).public_id,
        public_id=uuid.uuid4(),
        url=url,
        types=list(types),
    )


def publish(client: ApiClient, *names: str) -> None:
    """One event for each name, in this order."""
    for name in names:
        with transaction.atomic():
            webhook_publish(
                client_id=client.pk, type=KIND.code, object_key=f"thing:{name}", path=f"/api/v1/things/{name}"
            )


def delivered(cast: Cast) -> WebhookDelivery:
    """A delivery of a test event that arrived at the second try, without a network; the same one each time."""
    known = WebhookDelivery.objects.first()
    if known is not None:
        return known
    endpoint, _ = make_endpoint(cast, "https://hotline.example.org/events", types=["hotline.report.changed"])
    delivery = endpoint_ping(actor=cast.actor("system_admin"), public_id=endpoint.public_id)
    for status, answer in ((503, "busy"), (200, "seen")):
        WebhookAttempt.objects.create(
            delivery=delivery, at=timezone.now(), url=endpoint.url, signature="v1,test", status=status, answer=answer
        )
    delivery.state, delivery.attempts, delivery.next_at, delivery.settled_at = "delivered", 2, None, timezone.now()
    delivery.save()
    return delivery


def verified(secret: str, got: Got) -> Any:
    """The body, if its signature is right (by the library of the specification)."""
    return Webhook(secret).verify(got.body, got.headers)


def drip_head(handler: Any) -> None:
    """A header that never ends, a byte at a time."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    _endlessly(handler, b"z", 0.02)


def drip_body(handler: Any) -> None:
    """A status in time, and a body that never ends."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    _endlessly(handler, b"z", 0.02)


def endless_body(handler: Any) -> None:
    """As fast as it goes, without end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    _endlessly(handler, b"z" * 65536, 0)


def _endlessly(handler: Any, chunk: bytes, pause: float) -> None:
    try:
        while True:
            handler.wfile.write(chunk)
            time.sleep(pause)
    except OSError:
        handler.close_connection = True  # the portal has gone


def hang_up(handler: Any) -> None:
    """Took it, and went without a word."""
    handler.close_connection = True
