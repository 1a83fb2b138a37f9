"""Bare Django views that the real ones are compared with: same server, same middleware-free minimum of work."""

import uuid

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

RAW_TABLE = "CREATE TABLE IF NOT EXISTS bench_raw (id bigserial PRIMARY KEY, title text NOT NULL, body text NOT NULL)"


@csrf_exempt  # the floor: nothing but one INSERT
def raw_insert(request: HttpRequest) -> HttpResponse:
    """One raw INSERT of the posted title and body. The table is made by the bench (`RAW_TABLE`)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_raw (title, body) VALUES (%s, %s)",
            [request.POST.get("title", ""), request.POST.get("body", "")],
        )
    return HttpResponse(status=204)


#: What a ballot leaves: the sealed ballot, the mark on the roll, the audit row.
RAW_BALLOT_TABLES = """
    CREATE TABLE IF NOT EXISTS bench_sealed (id uuid PRIMARY KEY, sealed bytea NOT NULL);
    CREATE TABLE IF NOT EXISTS bench_mark (id bigserial PRIMARY KEY, channel text NOT NULL, check_text text NOT NULL);
    CREATE TABLE IF NOT EXISTS bench_audit (id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(),
        action text NOT NULL, target text NOT NULL, detail jsonb NOT NULL);
"""


@csrf_exempt  # the floor: the rows of one ballot, nothing checked, nothing sealed
def raw_ballot(request: HttpRequest) -> HttpResponse:
    """Raw INSERTs of the rows that one ballot leaves, in one transaction."""
    receipt = request.POST.get("receipt", "")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_sealed VALUES (%s, %s)", [uuid.uuid4(), receipt.ljust(140).encode()])
        cursor.execute("INSERT INTO bench_mark (channel, check_text) VALUES ('phone', %s)", [receipt.ljust(64)])
        cursor.execute(
            "INSERT INTO bench_audit (action, target, detail) VALUES ('ballot.cast', %s, '{\"channel\": \"phone\"}')",
            [receipt],
        )
    return HttpResponse(status=204)
