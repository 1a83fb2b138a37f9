"""What Schemathesis is told besides the document: values that exist, and what a rule may refuse."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis.core.failures import Failure

#: Divisions that the world has; one code in five stays as it was made, for the refusal.
REGIONS = ("430903", "430981", "430921")
_CODE = re.compile(r"[0-9]{6}([0-9]{3})?")
#: Codes with which a request that fits the document may be refused as 400: what exists, and what is agreed with a
#: hotline, is not for a document to say.
BY_RULE = frozenset(
    {"unknown_region", "region_out_of_scope", "unknown_report", "host_not_allowed", "bad_address", "invalid_cursor"}
)
#: Members whose value may fit the document and be wrong all the same: what kind of file, and whether it is past, or
#: after the day that is counted; and what must hold between the figures of a reconciliation.
MEANT = frozenset({"/file", "/at", "/until", "/path/date", "/taken_at"})
BETWEEN = frozenset({"duplicate", "no_group", "not_the_items"})


@schemathesis.hook
def before_load_schema(context: schemathesis.HookContext, raw_schema: dict[str, Any]) -> None:
    """A token is bought once; what is proved is that each address asks for it. Schemathesis proves that for bearer
    schemes, not for OAuth flows."""
    raw_schema["components"]["securitySchemes"]["oauth2"] = {"type": "http", "scheme": "bearer"}


# The years that the portal takes (docs/api.md); a document has no word for them.
_ZONES = st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=8)), dt.timezone(-dt.timedelta(hours=3, minutes=30))])
schemathesis.openapi.format(
    "date-time",
    st.datetimes(dt.datetime(1990, 1, 2), dt.datetime(2100, 12, 30), timezones=_ZONES).map(dt.datetime.isoformat),  # noqa: DTZ001
)
schemathesis.openapi.format("date", st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31)).map(str))


@schemathesis.hook
def map_body(context: schemathesis.HookContext, body: Any) -> Any:
    """Most region codes that fit the document are made codes of divisions that exist."""
    _settle(body)
    return body


def _settle(value: Any) -> None:
    if isinstance(value, dict):
        code = value.get("region_code")
        if isinstance(code, str) and _CODE.fullmatch(code) and int(code) % 5:
            value["region_code"] = REGIONS[int(code) % len(REGIONS)]
        for inner in value.values():
            _settle(inner)
    elif isinstance(value, list):
        for inner in value:
            _settle(inner)


@schemathesis.check
def refused_by_rule_only(ctx: Any, response: Any, case: Any) -> None:
    """What fits the document is refused as 400 by a rule of the matter only; a status alone would not tell."""
    if response.status_code != 400 or case.meta is None or not case.meta.generation.mode.is_positive:
        return
    problem = response.json()
    wrong = problem.get("errors", ())
    ruled = bool(wrong) and all(one["pointer"] in MEANT or one["code"] in BETWEEN for one in wrong)
    if problem.get("code") not in BY_RULE and not ruled:
        raise Failure(operation=case.operation.label, title="Refused without a rule", message=str(problem))


@schemathesis.check
def batch_names_what_is_wrong(ctx: Any, response: Any, case: Any) -> None:
    """A batch that breaks the document is refused as a whole, or says which of its orders it refuses."""
    if case.operation.definition.raw.get("operationId") != "orders_batch" or case.meta is None:
        return
    if response.status_code == 200 and case.meta.is_negative_at("body") and not response.json()["refused"]:
        raise Failure(operation=case.operation.label, title="A wrong order was stored", message=response.text)
