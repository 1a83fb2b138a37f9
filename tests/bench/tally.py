"""One tally in a process of its own: python -m tests.bench.tally <public id of a closed round>.

Prints {"seconds": …, "megabytes": peak memory, "ballots": counted}.
"""

from __future__ import annotations

import json
import sys
import time

import django

from tests.bench.scan import _peak_megabytes


def main(public_id: str) -> None:
    django.setup()
    from liaison.actor import system_actor
    from tests.votes.round_steps import ONE, OTHER
    from votes.services.count import round_count

    start = time.monotonic()
    round_ = round_count(actor=system_actor(), public_id=public_id, scrutineer_passphrase=ONE, counter_passphrase=OTHER)
    seconds = time.monotonic() - start
    peak = _peak_megabytes()
    ballots = (round_.result or {})["returned"]["total"]
    print(json.dumps({"seconds": seconds, "megabytes": peak, "ballots": ballots}))


if __name__ == "__main__":
    main(sys.argv[1])
