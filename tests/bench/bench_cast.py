"""cast_ballots: 2,000 deputies vote through the real server, against a minute for all of them.

Each goes the whole way, over HTTP with their own session: the ballot, the last look, the one press, the receipt. The
phones run on the same machine as the server, so their part of its processors is in the figure. In another round the
press alone is measured, in turn with a bare view that writes a ballot's rows (cast_ballots_press).
"""

from __future__ import annotations

import datetime as dt
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from tests.bench.floors import RAW_BALLOT_TABLES
from tests.bench.run import Measure, Stage, bench

if TYPE_CHECKING:
    from liaison.models import User
    from tests.votes.people import County
    from votes.models import Round

DEPUTIES, THREADS, WORKERS = 2000, 8, 2
A_MINUTE = 60.0
TURNS = 4
MARKS = {"line_1": "for", "line_2": "against", "line_3": "abstain"}
LENGTH = re.compile(r"\r\ncontent-length: *(\d+)", re.IGNORECASE)
RECEIPT = re.compile(r'name="receipt"\s+value="([0-9A-Z-]+)"|value="([0-9A-Z-]+)"\s+name="receipt"')


@dataclass(frozen=True)
class Phone:
    """One deputy's browser, signed in."""

    headers: dict[str, str]


@bench("cast_ballots")
def cast_ballots(stage: Stage) -> dict[str, Measure]:
    """Ballots a second, the whole way, against all within a minute (reach 1); and the press against raw rows (0.2).

    Raises:
        RuntimeError: an error page for anybody, or a ballot that is not in the box.
    """
    from django.db import connection

    from tests.cast import build_cast
    from tests.votes.people import build_county

    county = build_county(build_cast(), deputies=DEPUTIES)
    phones = _phones(county)
    whole_way, press = _open_round(county, 2025), _open_round(county, 2026)
    with connection.cursor() as cursor:
        cursor.execute(RAW_BALLOT_TABLES)
        cursor.execute("ANALYZE")
    with stage.server(workers=WORKERS) as url:
        _all(url, phones[: THREADS * WORKERS], _raw)  # every thread has its connection and its code
        ours = floor = 0.0
        share = DEPUTIES // TURNS
        for turn in range(TURNS):  # in turn, for the machine's speed drifts
            some = phones[turn * share : (turn + 1) * share]
            floor += _all(url, some, _raw)
            ours += _all(url, some, lambda send, phone: _press(send, phone, press))
        before = time.process_time()
        seconds = _all(url, phones, lambda send, phone: _vote(send, phone, whole_way))
        busy = time.process_time() - before
    _check(whole_way)
    _check(press)
    print(f"  {DEPUTIES:,} deputies: ballot, last look, press and receipt in {seconds:.1f} s, no error", flush=True)
    print(f"  the press alone in {ours:.1f} s; the phones took {busy:.1f} s of processor time", flush=True)
    return {
        "cast_ballots": Measure(
            ours=DEPUTIES / seconds, floor=DEPUTIES / A_MINUTE, unit="ballots/s, the whole way; floor: all in a minute"
        ),
        "cast_ballots_press": Measure(ours=DEPUTIES / ours, floor=DEPUTIES / floor, unit="ballots/s"),
    }


Send = Callable[[str, "dict[str, str] | None", dict[str, str], int], str]


class _Wire:
    """A connection that is kept open. Python's own client takes half as long as the server does for the same page."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._host = address.netloc
        self._socket = socket.create_connection((address.hostname or "", address.port or 80), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, path: str, form: dict[str, str] | None, headers: dict[str, str], expect: int) -> str:
        """The page that a GET, or a POST of the form, is answered with.

        Raises:
            RuntimeError: another status than expected.
        """
        lines = [f"{'GET' if form is None else 'POST'} {path} HTTP/1.1", f"Host: {self._host}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        body = b""
        if form is not None:
            body = urlencode(form).encode()
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        status, page = self._answer()
        if status != expect:
            raise RuntimeError(f"{path}: {status} {page[:500]}")
        return page

    def _answer(self) -> tuple[int, str]:
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._receive()
        head = data[:end].decode("latin-1")
        status = int(head[9:12])
        length = LENGTH.search(head)
        if length is None and status != 204:
            raise RuntimeError(f"an answer of unknown length: {head}")
        left = end + 4 + (int(length[1]) if length else 0)
        while len(data) < left:
            data += self._receive()
        return status, data[end + 4 :].decode()

    def _receive(self) -> bytes:
        data = self._socket.recv(65536)
        if not data:
            raise RuntimeError("the server hung up")
        return data

    def close(self) -> None:
        self._socket.close()


def _vote(send: Send, phone: Phone, round_: Round) -> None:
    """The whole way of one deputy."""
    send(f"/vote/{round_.public_id}/", None, phone.headers, 200)
    page = send(f"/vote/{round_.public_id}/look/", MARKS, phone.headers, 200)
    found = RECEIPT.search(page)
    if found is None:
        raise RuntimeError("the last look draws no receipt")
    receipt = found[1] or found[2]
    done = send(f"/vote/{round_.public_id}/cast/", MARKS | {"receipt": receipt}, phone.headers, 200)
    if receipt not in done:
        raise RuntimeError("the receipt did not come back")


def _press(send: Send, phone: Phone, round_: Round) -> None:
    from votes.sealing import new_receipt

    send(f"/vote/{round_.public_id}/cast/", MARKS | {"receipt": new_receipt()}, phone.headers, 200)


def _raw(send: Send, phone: Phone) -> None:
    from votes.sealing import new_receipt

    send("/bench/raw-ballot", MARKS | {"receipt": new_receipt()}, phone.headers, 204)


def _all(url: str, phones: list[Phone], act: Callable[[Send, Phone], None]) -> float:
    """Every phone does it once, some at a time; seconds for all of them.

    Raises:
        RuntimeError: an answer with another status than expected.
    """
    left: Iterator[Phone] = iter(phones)
    lock = threading.Lock()
    errors: list[str] = []

    def work() -> None:
        wire = _Wire(url)
        while not errors:
            with lock:
                phone = next(left, None)
            if phone is None:
                break
            try:
                act(wire.send, phone)
            except Exception as error:
                errors.append(repr(error))
        wire.close()

    start = time.monotonic()
    workers = [threading.Thread(target=work) for _ in range(THREADS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if errors:
        raise RuntimeError(errors[0])
    return time.monotonic() - start


def _phones(county: County) -> list[Phone]:
    """An account and a session for each deputy, straight into the database: signing in is not measured."""
    from deputies.models import Person
    from liaison.models import User

    people = list(Person.objects.filter(mandates__congress=county.congress).order_by("pk"))
    fresh = User.objects.bulk_create(
        User(username=f"daibiao{person.pk}", name=person.name, email=f"daibiao{person.pk}@example.org", password="!")
        for person in people
        if person.user_id is None
    )
    users = iter(fresh)
    for person in people:
        if person.user_id is None:
            person.user = next(users)
    Person.objects.bulk_update(people, ["user"], batch_size=500)
    everybody = User.objects.filter(person__in=people).order_by("pk")
    return _sessions(list(everybody))


def _sessions(users: list[User]) -> list[Phone]:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.middleware.csrf import _get_new_csrf_string  # type: ignore[attr-defined]
    from django.utils import timezone

    from liaison.gates import SEEN_SESSION_KEY

    store = SessionStore()
    rows, phones = [], []
    for user in users:
        data = {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[-1],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            SEEN_SESSION_KEY: int(time.time()) + 60,  # they have just signed in to the session
        }
        key = store._get_new_session_key()
        rows.append(
            Session(
                session_key=key,
                session_data=store.encode(data),
                expire_date=timezone.now() + dt.timedelta(hours=8),
            )
        )
        secret = _get_new_csrf_string()
        cookie = f"{settings.SESSION_COOKIE_NAME}={key}; {settings.CSRF_COOKIE_NAME}={secret}"
        phones.append(Phone({"Cookie": cookie, "X-CSRFToken": secret}))
    Session.objects.bulk_create(rows)
    return phones


def _open_round(county: County, year: int) -> Round:
    """A vote on three projects, everybody present."""
    from tests.votes import round_steps as steps
    from votes.models import Programme, RollEntry
    from votes.services.round import round_create

    programme: Programme = steps.programme(county, year=year)
    round_ = round_create(
        actor=county.actor("county_clerk"),
        congress_public_id=county.congress.public_id,
        programme_public_id=programme.public_id,
        kind="projects",
        title=f"{year}年票决",
        scale="three",
    )
    RollEntry.objects.filter(round=round_).update(attendance="staff")
    return steps.opened(county, round_, present=1)


def _check(round_: Round) -> None:
    from votes.models import RollEntry, SealedBallot

    sealed = SealedBallot.objects.filter(round=round_).count()
    marked = RollEntry.objects.filter(round=round_, channel="phone").count()
    if (sealed, marked) != (DEPUTIES, DEPUTIES):
        raise RuntimeError(f"{sealed} ballots and {marked} marks for {DEPUTIES} deputies")
