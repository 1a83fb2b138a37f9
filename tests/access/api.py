"""The API for machine clients: its pages are open, its endpoints want a token and know no session."""

from __future__ import annotations

from tests.access import Row

MATRIX: dict[str, Row] = {
    "api:token": {"anonymous": 405, "others": 405},  # POST only
    "api:whoami": {"anonymous": 401, "others": 401},
    "api:schema": {"anonymous": 200, "others": 200},
    "api:docs": {"anonymous": 200, "others": 200},
    "api:unknown": {"args": lambda world: {"rest": "nothing"}, "anonymous": 404, "others": 404},
}
