"""A day of the hotline while everything that serves it is killed again and again: `make faults-hotline`.

    ORDERS=10000 REPORTS=2000 SEED=… KILLS=… python tests/sandbox/faults.py

PostgreSQL, Redis, web, worker and beat are processes of this run; each is killed (SIGKILL) by the process id that the
run got when it started it, and started again, in random order, until the hotline has told everything and done every
report. Then both sides are compared: by the API, by reconciliation, and row by row. Ends with 1 when anything is lost,
doubled or out of order. Waits as long as something goes on; gives up after STILL seconds without any change.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.sandbox.machines import Portal, free_port, run_module  # noqa: E402

#: Seconds without any change after which the run gives up.
STILL = 240
#: Between a restart and the next kill, in times of what the web process takes to come up (on a busy machine nothing
#: would ever get done otherwise), and seconds until what was killed is started again.
PEACE, DOWN = (1.5, 4.0), (0.0, 1.5)
#: Processes that report.
DEPUTIES = 2


class Killer(threading.Thread):
    """Kills one after the other, each kind as often as the others, and starts it again."""

    def __init__(self, portal: Portal, *, seed: int) -> None:
        super().__init__(daemon=True)
        self._portal, self._chance = portal, random.Random(f"{seed}-killer")
        self._ended = threading.Event()
        self.failed = ""

    def run(self) -> None:
        bag: list[str] = []
        while not self._ended.wait(self._chance.uniform(*PEACE) * max(2.0, self._portal["web"].took)):
            if not bag:
                bag = [one.name for one in self._portal.machines]
                self._chance.shuffle(bag)
            victim = self._portal[bag.pop()]
            victim.kill()
            victim.kills += 1
            time.sleep(self._chance.uniform(*DOWN))
            try:
                victim.start()
            except RuntimeError as error:
                self.failed = str(error)
                return

    def end(self) -> None:
        """No more kills; everything runs."""
        self._ended.set()
        self.join()


class Run:
    """One fault run."""

    def __init__(self, *, orders: int, reports: int, seed: int, kills: bool) -> None:
        self.orders, self.reports, self.seed, self.kills = orders, reports, seed, kills
        self.hotline_port = free_port()
        place = ROOT / "var" / "faults"
        self.portal = Portal(
            place,
            free_port(),
            {
                "DJANGO_SETTINGS_MODULE": "tests.sandbox.settings",
                "SANDBOX_VAR": str(place),
                "SANDBOX_WEBHOOKS": f"http://127.0.0.1:{self.hotline_port}/webhooks",
                "LOG_LEVEL": "WARNING",
            },
        )
        self.others: list[subprocess.Popen[bytes]] = []
        self.begin = time.monotonic()
        self.state: dict[str, Any] = {}
        self.facts: dict[str, int] = {}

    def run(self) -> int:
        """The whole; the number of what is wrong."""
        self.say(f"seed {self.seed}: {self.orders:,} orders, {self.reports:,} reports")
        if len(self.portal.machines) < 5:
            self.say("no redis-server on this machine: the broker is a directory, and Redis is not killed")
        try:
            self._start()
            killer = Killer(self.portal, seed=self.seed)
            if self.kills:
                killer.start()
            try:
                wrong = self._watch(killer)
            finally:
                if self.kills:
                    killer.end()
            return self._report(wrong or self._close())
        finally:
            for one in self.others:
                one.send_signal(signal.SIGTERM)
                one.wait()
            self.portal.close()

    def say(self, line: str) -> None:
        print(f"[{time.monotonic() - self.begin:6.1f} s] {line}", flush=True)

    def _start(self) -> None:
        environment = self.portal.environment
        told = self.portal.prepare(lambda: run_module("tests.sandbox.stage", "--cast", environment=environment))
        staged = json.loads(told.splitlines()[-1])
        self.portal.start()
        client = {
            "portal": self.portal.url,
            "client_id": staged["client_id"],
            "secret": staged["secret"],
            "webhook_secret": staged["webhook_secret"],
            "port": self.hotline_port,
            "seed": self.seed,
            "orders": self.orders,
            "seconds": 0,
            "plays": True,
            "faulty": True,
            "quiet": True,
        }
        deputy = staged["people"] | {name: client[name] for name in ("seed", "orders", "seconds")}
        deputy["reports"] = self.reports
        self._spawn("hotline", {"SANDBOX_CLIENT": json.dumps(client)})
        for part in range(DEPUTIES):
            share = json.dumps(deputy | {"part": part, "parts": DEPUTIES})
            self._spawn("deputies", environment | {"SANDBOX_DEPUTY": share})
        self.say("portal, hotline and deputies are at work")

    def _spawn(self, name: str, environment: dict[str, str]) -> None:
        with (self.portal.place / "logs" / f"{name}.log").open("ab") as log:
            command = [sys.executable, "-m", f"tests.sandbox.{name}"]
            process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=log, stderr=log)
        self.others.append(process)

    # -- while it goes on --------------------------------------------------------------------------
    def _watch(self, killer: Killer) -> list[str]:
        """Wait until the hotline has told everything; what went wrong."""
        last, changed, told = "", time.monotonic(), 0.0
        while True:
            time.sleep(1)
            state = self._ask("/state")
            if state is None:
                if self.others[0].poll() is not None:
                    return ["the simulated hotline ended; see var/faults/logs/hotline.log"]
            else:
                self.state = state
                if state["faults"] or killer.failed:
                    return [*state["faults"], *([killer.failed] if killer.failed else [])]
                done = state["orders_done"] and state["reports"] == state["reports_finished"] == self.reports
                if any(one.poll() for one in self.others):
                    return ["a process of the run ended; see var/faults/logs"]
                if done and all(one.poll() == 0 for one in self.others[1:]):
                    return []
                if time.monotonic() - told > 15:
                    told = time.monotonic()
                    self.say(self._line(state))
                shown = json.dumps(state["counts"]) + str(state["reports_finished"])
                if shown != last:
                    last, changed = shown, time.monotonic()
            if time.monotonic() - changed > STILL:
                return [f"nothing changed for {STILL} s: {state}"]

    def _line(self, state: dict[str, Any]) -> str:
        counts = state["counts"]
        taken = sum(counts.get(f"order {name}", 0) for name in ("created", "updated", "unchanged", "stale"))
        kills = sum(one.kills for one in self.portal.machines)
        return (
            f"{taken:,} of {state['messages']:,} messages, {state['reports']:,} reports came, "
            f"{state['reports_finished']:,} done, {counts.get('event told', 0):,} events, "
            f"{state['webhooks']['different']:,} webhooks, {kills} kills"
        )

    def _ask(self, path: str, *, timeout: float = 30) -> dict[str, Any] | None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.hotline_port}{path}", timeout=timeout) as answer:
                return json.load(answer)  # type: ignore[no-any-return]
        except (urllib.error.URLError, OSError):
            return None

    # -- in the end --------------------------------------------------------------------------------
    def _close(self) -> list[str]:
        """Compare both sides, once what is under way has arrived."""
        self.say("everything told; comparing")
        os.environ.update(self.portal.environment)
        import django

        django.setup()
        from tests.sandbox import verify

        wrong = verify.drain(STILL)
        self.state = self._ask("/state") or self.state
        closed = self._ask("/close-day", timeout=1800)
        if closed is None:
            return [*wrong, "the simulated hotline cannot compare; see var/faults/logs/hotline.log"]
        self.facts, found = verify.compare(closed, seed=self.seed, orders=self.orders, reports=self.reports)
        return wrong + closed["wrong"] + found

    def _report(self, wrong: list[str]) -> int:
        kills = ", ".join(f"{one.name} {one.kills}" for one in self.portal.machines)
        print(f"\nseed {self.seed}, {time.monotonic() - self.begin:.0f} s\nkilled and started again: {kills}")
        for title, counts in (
            ("hotline's line", self.state.get("counts", {})),
            ("webhooks", self.state.get("webhooks", {})),
            ("compared", self.facts),
        ):
            print(f"{title}: " + ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items())))
        for line in wrong[:40]:
            print(f"WRONG: {line[:1000]}")
        print(f"{len(wrong)} wrong" if wrong else "both sides equal: nothing lost, nothing doubled, every order kept")
        return len(wrong)


def main() -> int:
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    run = Run(
        orders=int(os.environ.get("ORDERS") or 10_000),
        reports=int(os.environ.get("REPORTS") or 2_000),
        seed=seed,
        kills=os.environ.get("KILLS") != "0",
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # either signal ends what was started
    wrong = run.run()
    if not wrong:
        shutil.rmtree(run.portal.place, ignore_errors=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
