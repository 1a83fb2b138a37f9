"""public_opinion_post: a burst of opinions from the public against a bare view that makes one raw INSERT, same server,
same run. Every post is another person at another address; the limits count as they do in life."""

from __future__ import annotations

import ipaddress
import uuid
from functools import partial

from tests.bench.floors import RAW_TABLE
from tests.bench.load import Request, requests_per_second, visitor_headers
from tests.bench.run import Measure, Stage, bench

SECONDS = 8.0
#: A station takes so many opinions an hour from the public; the burst goes to some of them.
STATIONS = 40
_FIRST_ADDRESS = int(ipaddress.ip_address("10.0.0.1"))
_ROUNDS = 2


@bench("public_opinion_post")
def public_opinion_post(stage: Stage) -> Measure:
    """Requests a second of both; reach a ratio of 0.2 at least."""
    from django.db import connection

    from suggestions.models import Opinion
    from tests.cast import build_cast
    from tests.deputies.open_stations import make_station

    cast = build_cast()
    stations = [make_station(cast, f"第{number}联络站").public_id for number in range(STATIONS)]
    with connection.cursor() as cursor:
        cursor.execute(RAW_TABLE)
    text = "村口两盏路灯坏了半个多月，晚上老人出门看不清路，请尽快来修。" * 4
    form = {"text": text, "place": "高桥村村口", "contact_name": "老张", "contact_phone": "13900001111"}
    raw = {"title": form["place"], "body": text}
    with stage.server() as url:
        headers = visitor_headers(url)

        def post(turn: int, number: int) -> Request:
            address = ipaddress.ip_address(_FIRST_ADDRESS + turn * 1_000_000 + number)
            return Request(
                f"/open/opinions/new/?station={stations[number % STATIONS]}&by=qr",
                form | {"client_token": str(uuid.uuid4())},
                headers={"X-Forwarded-For": str(address)},
            )

        rates = []
        for turn in range(_ROUNDS):  # in turn, for the machine's speed drifts
            floor = requests_per_second(
                url,
                lambda _: Request("/bench/raw-insert", raw, expect=204),
                headers=headers,
                seconds=SECONDS / _ROUNDS,
            )
            ours = requests_per_second(url, partial(post, turn), headers=headers, seconds=SECONDS / _ROUNDS)
            rates.append((ours, floor))
    numbers = sorted(int(number.rpartition("-")[2]) for number in Opinion.objects.values_list("number", flat=True))
    if numbers != list(range(1, len(numbers) + 1)):
        raise RuntimeError("the numbers have a gap")
    return Measure(
        ours=sum(ours for ours, _ in rates) / _ROUNDS,
        floor=sum(floor for _, floor in rates) / _ROUNDS,
        unit="requests/s",
    )
