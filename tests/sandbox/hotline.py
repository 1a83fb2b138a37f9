"""The simulated hotline, a process of its own: `python -m tests.sandbox.hotline`; knows the portal by its API only.

What it needs is in SANDBOX_CLIENT (JSON): portal, client_id, secret, webhook_secret, port, seed, orders, seconds,
faulty, quiet, plays (else there are only its doors). A watcher reads http://127.0.0.1:PORT/state and, once all is
done, /close-day.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from tests.sandbox.book import BEIJING, Day
from tests.sandbox.closing import Closing
from tests.sandbox.doors import BadLine, Doors, Webhooks
from tests.sandbox.line import Line
from tests.sandbox.orders import Orders
from tests.sandbox.reports import Reports

if TYPE_CHECKING:
    from collections.abc import Mapping

#: How much of the writes is not waited for, and threads that send and that work on reports.
HANG_UP, SENDERS, WORKERS = 0.03, 4, 5


class Hotline:
    """All of it."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.seed, self.quiet, self.faulty, self.plays = (given[name] for name in ("seed", "quiet", "faulty", "plays"))
        self.line = Line(
            given["portal"],
            given["client_id"],
            given["secret"],
            hang_up=HANG_UP if self.faulty else 0.0,
            seed=self.seed,
        )
        self.day = Day(self.seed, given["orders"], dt.datetime.now(BEIJING))
        seconds = given["seconds"]
        self.orders = Orders(self.day, self.line, senders=SENDERS, seconds=seconds, say=self.say)
        self.reports = Reports(
            self.seed,
            self.line,
            workers=WORKERS,
            pause=5.0 if seconds else 1.0,
            step=10.0 if seconds else 0.0,
            say=self.say,
        )
        self.webhooks = Webhooks(given["webhook_secret"], self.told, seed=self.seed, faulty=self.faulty)
        self.closing = Closing(self.day, self.line, self.orders, self.reports)
        self.doors = Doors(
            given["port"],
            webhooks=self.webhooks,
            bad_line=BadLine(given["portal"], share=0.3, say=self.say),
            watch={"/state": self.state, "/close-day": self.close_day},
        )

    def say(self, line: str) -> None:
        if not self.quiet:
            print(f"{time.strftime('%H:%M:%S')} 热线 {line}", flush=True)

    def told(self, kind: str, data: Mapping[str, Any]) -> None:
        """A webhook says where to look."""
        self.say(f"收到通知 {kind}：{data.get('url', '')}")
        if kind.startswith("hotline.report."):
            self.reports.wake()

    def state(self) -> dict[str, Any]:
        """How far it is."""
        return {
            "orders_done": self.orders.done,
            "messages": self.orders.messages,
            "reports": len(self.reports.files),
            "reports_finished": self.reports.finished,
            "counts": dict(self.line.counts),
            "webhooks": dict(self.webhooks.counts) | {"different": len(self.webhooks.seen)},
            "faults": [*self.orders.faults, *self.reports.faults],
        }

    def close_day(self) -> dict[str, Any]:
        """Compare both sides by the API; what the hotline knows, for whoever compares it with the tables."""
        return self.closing.run() | {"webhooks": [[key, *one] for key, one in self.webhooks.seen.items()]}

    def run(self) -> None:
        """Until a signal."""
        end = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: end.set())
        self.doors.start()
        if self.plays:
            self.orders.start()
            self.reports.start()
        while not end.wait(1):
            pass
        self.line.ended.set()
        self.doors.shutdown()


if __name__ == "__main__":
    Hotline(json.loads(os.environ["SANDBOX_CLIENT"])).run()
    sys.exit(0)
