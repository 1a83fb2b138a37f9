"""The simulated hotline's line to the portal: OAuth, retries, and a bad habit of hanging up after it has sent."""

from __future__ import annotations

import base64
import http.client
import json
import random
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

API = "/api/v1"
#: Seconds for one answer, and the longest pause between two tries.
ANSWER, PAUSE = 60, 2.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the portal said."""

    status: int
    headers: dict[str, str]
    body: Any


class Refused(Exception):
    """The portal refuses for good (4xx)."""

    def __init__(self, method: str, path: str, answer: Answer) -> None:
        super().__init__(f"{method} {path}: {answer.status} {answer.body}")
        self.answer = answer


class Line:
    """Calls until there is an answer that counts: 5xx, 429, a lost connection and a key in flight are tried again.

    Args:
        base: ``http://127.0.0.1:8000``.
        hang_up: how much of the writes is sent and not waited for, so that it may or may not have been done; it is
            sent again then.
        seed: of the accidents.
    """

    def __init__(self, base: str, client_id: str, secret: str, *, hang_up: float = 0.0, seed: int = 0) -> None:
        self.base = base
        self._where = urlsplit(base).netloc
        self._basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        self._hang_up = hang_up
        self._chance = random.Random(f"{seed}-line")
        self._token = ""
        self._lock = threading.Lock()
        self._local = threading.local()
        self.counts: Counter[str] = Counter()
        self.ended = threading.Event()

    def count(self, what: str, by: int = 1) -> None:
        with self._lock:
            self.counts[what] += by

    def call(self, method: str, path: str, body: Any = None, *, expect: tuple[int, ...] = ()) -> Answer:
        """One request, sent until it is answered.

        Args:
            path: below the API's root, or a whole address that the portal gave.
            expect: refusals that the caller deals with.

        Raises:
            Refused: another refusal.
            RuntimeError: the hotline is closing.
        """
        path = path.removeprefix(self.base)
        path = path if path.startswith(API) else API + path
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        # What is told by order number and version or by event id needs no key; half of it has one all the same.
        if method != "GET" and self._chance.random() < 0.5:
            headers["Idempotency-Key"] = str(uuid.uuid4())
        wait = 0.05
        while not self.ended.is_set():
            answer = self._once(method, path, data, headers, hang_up=method != "GET")
            if answer is not None:
                code = answer.body.get("code") if isinstance(answer.body, dict) else None
                in_flight = code == "idempotency_in_flight"
                if answer.status < 400 or (answer.status in expect and not in_flight):
                    return answer
                if answer.status == 401 and code == "invalid_token":
                    self._token = ""
                elif not (answer.status >= 500 or answer.status == 429 or in_flight):
                    raise Refused(method, path, answer)
                self.count(f"answer {answer.status}")
                wait = float(answer.headers.get("Retry-After", wait))
            self.ended.wait(wait)
            wait = min(PAUSE, wait * 2)
        raise RuntimeError("the hotline is closing")

    def pages(self, path: str) -> Any:
        """Every item of a list."""
        following: str | None = path
        while following:
            page = self.call("GET", following).body
            yield from page["items"]
            following = page["next"]

    def _once(self, method: str, path: str, data: bytes | None, headers: dict[str, str], *, hang_up: bool) -> Any:
        try:
            bearer = self._bearer()
            if bearer is None:
                return None
            connection = self._connection()
            connection.request(method, path, data, headers | {"Authorization": f"Bearer {bearer}"})
            if hang_up and self._chance.random() < self._hang_up:
                self.count("hung up after sending")
                time.sleep(self._chance.random() * 0.1)
                self._drop()
                return None
            return self._read(connection)
        except (OSError, http.client.HTTPException):
            self.count("no answer")
            self._drop()
            return None

    def _read(self, connection: http.client.HTTPConnection) -> Answer:
        got = connection.getresponse()
        text = got.read()
        try:
            body = json.loads(text) if text else None
        except ValueError:
            body = text[:200].decode(errors="replace")
        return Answer(got.status, dict(got.getheaders()), body)

    def _bearer(self) -> str | None:
        with self._lock:
            if self._token:
                return self._token
            connection = http.client.HTTPConnection(self._where, timeout=ANSWER)
            form = {"Authorization": f"Basic {self._basic}", "Content-Type": "application/x-www-form-urlencoded"}
            try:
                connection.request("POST", f"{API}/oauth/token", b"grant_type=client_credentials", form)
                answer = self._read(connection)
            finally:
                connection.close()
            if answer.status == 200:
                self._token = answer.body["access_token"]
            elif answer.status in (400, 401, 403):
                raise Refused("POST", "/oauth/token", answer)
            return self._token or None

    def _connection(self) -> http.client.HTTPConnection:
        """One for each thread, kept open."""
        if getattr(self._local, "connection", None) is None:
            self._local.connection = http.client.HTTPConnection(self._where, timeout=ANSWER)
        return self._local.connection  # type: ignore[no-any-return]

    def _drop(self) -> None:
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
        self._local.connection = None
