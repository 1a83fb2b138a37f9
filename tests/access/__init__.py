"""Who gets which answer at which address: one entry a route, by package; read by tests/test_access_matrix.py."""

from __future__ import annotations

from typing import Any

#: Everybody who knocks (tests/cast.py). ``other_deputy`` has nothing to do with the suggestion of the world.
ROLES = (
    "anonymous",
    "nobody",
    "deputy",
    "cosigner",
    "other_deputy",
    "insider",
    "approver",
    "colleague",
    "county_clerk",
    "stranger",
    "unit",
    "other_unit",
    "prosecutor",
    "other_prosecutor",
    "system_admin",
    "security_admin",
    "auditor",
)
SIGNED_IN = ROLES[1:]
DEPUTIES = ("deputy", "cosigner", "other_deputy")
OFFICE = ("insider", "approver", "colleague")  # the city's congress office
HANDLERS = ("insider", "approver")
CONGRESS = (*OFFICE, "county_clerk", "stranger")
CONGRESS_HANDLERS = (*HANDLERS, "county_clerk", "stranger")
UNITS = ("unit", "other_unit")
PROSECUTORS = ("prosecutor", "other_prosecutor")
ADMINISTRATORS = ("system_admin", "security_admin", "auditor")

Row = dict[str, Any]


def each(status: int, *roles: str) -> Row:
    """The same answer for several roles."""
    return dict.fromkeys(roles, status)
