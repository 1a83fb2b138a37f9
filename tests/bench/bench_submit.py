"""submit_suggestion: the real submission against a bare view that makes one raw INSERT, same server, same run."""

from __future__ import annotations

import uuid

from tests.bench.floors import RAW_TABLE
from tests.bench.load import Request, requests_per_second, sign_in_headers
from tests.bench.run import Measure, Stage, bench

SECONDS = 8.0


@bench("submit_suggestion")
def submit_suggestion(stage: Stage) -> Measure:
    """Requests a second of both; reach a ratio of 0.15 at least, 0.3 is the aim."""
    from django.db import connection

    from tests.cast import build_cast
    from tests.suggestions.steps import texts

    cast = build_cast()
    with connection.cursor() as cursor:
        cursor.execute(RAW_TABLE)
    typed = texts()
    form = {
        "title": typed["title"],
        "situation": typed["situation"] * 4,
        "proposal": typed["proposal"] * 4,
        "category_id": str(typed["category_id"]),
        "lead_id": str(cast.mandates["deputy"].pk),
        "kind": "recess",
        "origin": "public_opinion",
        "publish_consent": "full",
    }
    raw = {"title": form["title"], "body": form["situation"] + form["proposal"]}
    with stage.server() as url:
        headers = sign_in_headers(url, "deputy")
        rates = []
        for _ in range(2):  # in turn, for the machine's speed drifts
            floor = requests_per_second(
                url, lambda _: Request("/bench/raw-insert", raw, expect=204), headers=headers, seconds=SECONDS / 2
            )
            ours = requests_per_second(
                url,
                lambda _: Request("/suggestions/submit/", form | {"client_token": str(uuid.uuid4())}, expect=302),
                headers=headers,
                seconds=SECONDS / 2,
            )
            rates.append((ours, floor))
    return Measure(
        ours=sum(ours for ours, _ in rates) / 2, floor=sum(floor for _, floor in rates) / 2, unit="requests/s"
    )
