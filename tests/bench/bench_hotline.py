"""hotline_put and hotline_batch: orders of the hotline, one by one and in batches, through the whole portal."""

from __future__ import annotations

import datetime as dt
import http.client
import itertools
import json
import statistics
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.bench.floors import RAW_TABLE
from tests.bench.load import Request, requests_per_second
from tests.bench.run import Measure, Stage, bench

if TYPE_CHECKING:
    from tests.suggestions.hotline import Hotline

#: Ours and the floor are measured in turn, for the machine's speed drifts.
TURNS, SECONDS = 5, 3.0
BATCH, BATCHES = 500, 6
_TEXT = "每晚营业到凌晨，油烟直排居民楼，噪声扰民，楼上住户多次与经营者交涉无果，请有关部门尽快到现场查处。" * 3
#: What one order leaves: its row with what was told, and a row for each step. No index but the keys.
RAW_ORDER_TABLES = """
    CREATE TABLE IF NOT EXISTS bench_order (
        id bigserial PRIMARY KEY, order_no text NOT NULL, version bigint NOT NULL, kind text NOT NULL,
        channel text NOT NULL, person_name text NOT NULL, person_phone text NOT NULL, region_code text NOT NULL,
        place text NOT NULL, class_code text NOT NULL, class_path text NOT NULL, title text NOT NULL,
        text text NOT NULL, accepted_at timestamptz NOT NULL, unit text NOT NULL, due_at timestamptz NOT NULL,
        state text NOT NULL);
    CREATE TABLE IF NOT EXISTS bench_step (
        id bigserial PRIMARY KEY, order_no text NOT NULL, step_id text NOT NULL, kind text NOT NULL,
        at timestamptz NOT NULL, unit text NOT NULL, words text NOT NULL);
"""
ORDER_COLUMNS = (
    "order_no, version, kind, channel, person_name, person_phone, region_code, place, class_code, class_path, title, "
    "text, accepted_at, unit, due_at, state"
)
STEP_COLUMNS = "order_no, step_id, kind, at, unit, words"


@bench("hotline_put")
def hotline_put(stage: Stage) -> Measure:
    """Single orders a second, the token checked each time, against a bare view that makes one raw INSERT of the same
    texts; reach a ratio of 0.2 at least. The median of the turns."""
    from django.db import connection

    hotline = _hotline()
    with connection.cursor() as cursor:
        cursor.execute(RAW_TABLE)
    numbers = itertools.count()
    raw = {"title": "夜宵摊油烟扰民", "body": _TEXT}

    def put(_: int) -> Request:
        number = f"B-{next(numbers)}"
        return Request(f"/api/v1/hotline/orders/{number}", put=json.dumps(_order()).encode(), expect=201)

    turns = []
    with stage.server() as url:
        for _ in range(TURNS + 1):
            floor = requests_per_second(
                url, lambda _: Request("/bench/raw-insert", raw, expect=204), headers={}, seconds=SECONDS
            )
            ours = requests_per_second(url, put, headers=_headers(hotline), seconds=SECONDS)
            turns.append(Measure(ours=ours, floor=floor, unit="orders/s"))
    return _middle(turns[1:])  # with its first requests the server loads its pages


@bench("hotline_batch")
def hotline_batch(stage: Stage) -> Measure:
    """Orders a second in batches of 500 with a step each, one batch after the other, against raw multi-row INSERTs of
    the same rows by a bare connection; reach a ratio of 0.2 at least. The median of the turns."""
    from django.db import connection

    hotline = _hotline()
    with connection.cursor() as cursor:
        cursor.execute(RAW_ORDER_TABLES)
    turns = []
    with stage.server() as url:
        address = urlsplit(url)
        wire = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        for turn in range(TURNS + 1):
            batches = [
                [{"order_no": f"B-{turn}-{batch}-{place}", **_order()} for place in range(BATCH)]
                for batch in range(BATCHES)
            ]
            bodies = [json.dumps({"orders": orders}).encode() for orders in batches]
            floor = _raw_seconds(batches)
            ours = _batch_seconds(wire, hotline, bodies)
            count = BATCH * BATCHES
            turns.append(Measure(ours=count / ours, floor=count / floor, unit="orders/s"))
        wire.close()
    return _middle(turns[1:])  # the first one warms both up


def _hotline() -> Hotline:
    """A hotline whose quota is not what is measured."""
    from tests.cast import build_cast
    from tests.suggestions.hotline import make_hotline

    hotline = make_hotline(build_cast())
    hotline.client.rate_per_minute = 10_000_000
    hotline.client.save()
    return hotline


def _headers(hotline: Hotline) -> dict[str, str]:
    return {"Authorization": f"Bearer {hotline.token}"}


def _order() -> dict[str, Any]:
    now = dt.datetime.now(dt.UTC).isoformat()
    return {
        "version": 1,
        "kind": "complaint",
        "channel": "phone",
        "person": {"name": "张先生", "phone": "13900001111"},
        "region_code": "430903",
        "place": "赫山街道桃花仑路口",
        "class": {"code": "030201", "path": ["城乡建设", "市容环卫", "油烟扰民"]},
        "title": "夜宵摊油烟扰民",
        "text": _TEXT,
        "accepted_at": now,
        "unit": "赫山区城市管理和综合执法局",
        "due_at": now,
        "state": "dispatched",
        "steps": [{"step_id": "s1", "kind": "accepted", "at": now, "unit": "益阳市12345热线中心", "words": "已受理"}],
    }


def _batch_seconds(wire: http.client.HTTPConnection, hotline: Hotline, bodies: list[bytes]) -> float:
    """Raises RuntimeError when an order was not stored."""
    sent = _headers(hotline) | {"Content-Type": "application/json"}
    start = time.perf_counter()
    answers = []
    for body in bodies:
        wire.request("POST", "/api/v1/hotline/orders/batch", body=body, headers=sent)
        answers.append(wire.getresponse().read())
    seconds = time.perf_counter() - start
    for answer in answers:
        if json.loads(answer).get("stored") != BATCH:
            raise RuntimeError(answer[:500])
    return seconds


def _raw_seconds(batches: list[list[dict[str, Any]]]) -> float:
    """One INSERT of 500 rows and one of their steps, a transaction a batch."""
    from django.db import connection, transaction

    start = time.perf_counter()
    for orders in batches:
        rows = [
            (
                *(one["order_no"], one["version"], one["kind"], one["channel"], one["person"]["name"]),
                *(one["person"]["phone"], one["region_code"], one["place"], one["class"]["code"]),
                *("/".join(one["class"]["path"]), one["title"], one["text"], one["accepted_at"], one["unit"]),
                *(one["due_at"], one["state"]),
            )
            for one in orders
        ]
        steps = [
            (one["order_no"], step["step_id"], step["kind"], step["at"], step["unit"], step["words"])
            for one in orders
            for step in one["steps"]
        ]
        with transaction.atomic(), connection.cursor() as cursor:
            _insert(cursor, "bench_order", ORDER_COLUMNS, rows)
            _insert(cursor, "bench_step", STEP_COLUMNS, steps)
    return time.perf_counter() - start


def _insert(cursor: Any, table: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    one = f"({', '.join(['%s'] * len(rows[0]))})"
    values = [value for row in rows for value in row]
    cursor.execute(f"INSERT INTO {table} ({columns}) VALUES {', '.join([one] * len(rows))}", values)  # noqa: S608


def _middle(turns: list[Measure]) -> Measure:
    """The turn with the median ratio."""
    for turn in turns:
        print(f"  ours {turn.ours:,.0f}, floor {turn.floor:,.0f}, ratio {turn.ratio:.3f}", flush=True)
    wanted = statistics.median_low([turn.ratio for turn in turns])
    return next(turn for turn in turns if turn.ratio == wanted)
