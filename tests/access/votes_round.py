"""Who gets which answer: secret votes.

The rounds are of 赫山区: its own office (``county_clerk``) runs them, the staff of the city see them, the neighbour
does not. The deputies of the cast stand on the roll; ``cosigner`` is also the teller who counts (计票人).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.access import CONGRESS_HANDLERS, DEPUTIES, OFFICE, SIGNED_IN, UNITS, Row, each

if TYPE_CHECKING:
    from tests.access.world import World


def about(name: str) -> Callable[[World], Row]:
    """The round of that state."""
    return lambda world: {"public_id": getattr(world, f"round_{name}").public_id}


PREPARED, RUNNING, CLOSED, COUNTED, DECLARED = map(about, ("prepared", "running", "closed", "counted", "declared"))
#: Congress staff see it, the neighbour, units and deputies do not.
SEEN: Row = {**each(200, *OFFICE, "county_clerk"), **each(404, "stranger", *DEPUTIES, *UNITS), "others": 403}
#: Only the office that holds the vote.
OWN: Row = {"county_clerk": 200, "stranger": 404, "others": 403}
OWN_POST: Row = {"method": "post", "county_clerk": 302, "stranger": 404, "others": 403}
#: Before the declaration: the office and the tellers; who else sees the round must wait.
AFTER_COUNT: Row = {
    **each(200, "county_clerk", "cosigner"),
    **each(403, *OFFICE, "deputy", "other_deputy"),
    "others": 404,
}
VOTERS: Row = {**each(200, *DEPUTIES), "others": 403}
EVERYBODY: Row = {"anonymous": 200, "others": 200}

MATRIX: dict[str, Row] = {
    "rounds:list": {**each(200, *OFFICE, "county_clerk", "stranger"), **each(302, *DEPUTIES, *UNITS), "others": 403},
    "rounds:new": {**each(200, *CONGRESS_HANDLERS), "others": 403},
    "rounds:detail": {"args": PREPARED, **SEEN, **each(302, *DEPUTIES)},
    "rounds:edit": {"args": PREPARED, **OWN},
    "rounds:turnout": {"args": RUNNING, **SEEN},
    "rounds:hall": {"args": RUNNING, **OWN},
    "rounds:code": {"args": RUNNING, **OWN_POST},
    "rounds:roll": {"args": RUNNING, **SEEN},
    "rounds:roll_prepare": {"args": PREPARED, **OWN_POST},
    "rounds:attend": {"args": RUNNING, **OWN_POST},
    "rounds:slips": {"args": RUNNING, **OWN},
    "rounds:tellers": {"args": PREPARED, **OWN},
    "rounds:passphrase": {"args": PREPARED, **each(404, *SIGNED_IN), "cosigner": 200},
    "rounds:open": {"args": PREPARED, **OWN},
    "rounds:close": {"args": RUNNING, **OWN},
    "rounds:annul": {"args": RUNNING, **OWN},
    "rounds:paper": {"args": RUNNING, **OWN},
    "rounds:paper_sheet": {"args": RUNNING, **SEEN},
    "rounds:paper_hand_out": {"args": RUNNING, **OWN_POST},
    "rounds:paper_enter": {"args": CLOSED, **OWN},
    "rounds:count": {"args": CLOSED, **OWN},
    "rounds:result": {"args": COUNTED, **AFTER_COUNT},
    "rounds:sign": {"method": "post", "args": COUNTED, **each(404, *SIGNED_IN), "cosigner": 302},
    "rounds:result_sheet": {"args": COUNTED, **AFTER_COUNT},
    "rounds:declare": {"args": COUNTED, **OWN},
    "rounds:run_off": {"args": DECLARED, **OWN},
    "rounds:leave_open": {"args": DECLARED, "others": 403},
    "ballots:list": VOTERS,
    "ballots:ballot": {"args": RUNNING, **VOTERS},
    "ballots:sign_in": {"args": RUNNING, **each(302, *DEPUTIES), "others": 403},
    "ballots:look": {"method": "post", "args": RUNNING, **VOTERS},
    "ballots:cast": {"method": "post", "args": RUNNING, **each(422, *DEPUTIES), "others": 403},
    "ballots:slip": EVERYBODY,
    "ballots:slip_look": {"method": "post", "anonymous": 422, "others": 422},
    "ballots:slip_cast": {"method": "post", "anonymous": 422, "others": 422},
    "ballots:slip_done": EVERYBODY,
    "open_rounds:list": EVERYBODY,
    "open_rounds:detail": {"args": DECLARED, **EVERYBODY},
    "open_rounds:verify": {"args": DECLARED, **EVERYBODY},
    "open_rounds:ballots": {"args": DECLARED, **EVERYBODY},
}
