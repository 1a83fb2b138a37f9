"""Measure, on the real server and a fresh embedded database.

usage: run.py [name…]

Each bench is a function in a module of this directory, registered with `@bench("name")`; it gets a `Stage`
and returns a `Measure`, or several by name. Prints a table and writes var/bench.json:
{"<name>": {"ours": …, "floor": …, "ratio": …, "unit": …}}.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import unicodedata
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Measure:
    """`ours` and what it is compared with, in `unit`; `ratio` is ours / floor."""

    ours: float
    floor: float
    unit: str

    @property
    def ratio(self) -> float:
        return self.ours / self.floor


@dataclass(frozen=True)
class Stage:
    """What a bench works on: Django is set up on a migrated, empty database of its own."""

    server_settings: str = "tests.bench.settings"

    @contextmanager
    def server(self, *, workers: int = 1, threads: int = 4) -> Iterator[str]:
        """The real server (granian) with the portal, plus `tests.bench.urls`; yields its address."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        log = (ROOT / "var" / "bench-server.log").open("wb")
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "granian", "--interface", "wsgi", "liaison.wsgi:application"),
                *("--port", str(port), "--workers", str(workers), "--blocking-threads", str(threads)),
                *("--no-ws", "--log-level", "error"),
            ],
            cwd=ROOT,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": self.server_settings},
            stdout=log,
            stderr=log,
        )
        url = f"http://127.0.0.1:{port}"
        try:
            _wait(f"{url}/healthz", process)
            yield url
        finally:
            process.terminate()
            process.wait(20)
            log.close()


Bench = Callable[[Stage], Measure | dict[str, Measure]]
BENCHES: dict[str, Bench] = {}


def bench(name: str) -> Callable[[Bench], Bench]:
    """Register a bench under `name`, the key in var/bench.json."""

    def register(function: Bench) -> Bench:
        BENCHES[name] = function
        return function

    return register


def _wait(url: str, process: subprocess.Popen[bytes], timeout: float = 30) -> None:
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("the server does not answer; see var/bench-server.log")


def _load_benches() -> None:
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        importlib.import_module(f"tests.bench.{path.stem}")


def _empty_database() -> None:
    """Every bench starts from nothing: drop and make the database, then migrate."""
    import psycopg
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    connections.close_all()
    database = settings.DATABASES["default"]
    with psycopg.connect(
        host=database["HOST"],
        port=database.get("PORT") or None,
        user=database["USER"],
        password=database.get("PASSWORD") or None,
        dbname="postgres",
        autocommit=True,
    ) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{database["NAME"]}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{database["NAME"]}"')
    call_command("migrate", verbosity=0, interactive=False)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _table(results: dict[str, Measure]) -> str:
    rows = [("bench", "ours", "floor", "ratio", "unit")]
    rows += [(name, f"{m.ours:,.4g}", f"{m.floor:,.4g}", f"{m.ratio:.3f}", m.unit) for name, m in results.items()]
    widths = [max(_width(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def main(names: list[str]) -> None:
    """Run the named benches, or all."""
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = Stage.server_settings
    # This file runs as __main__; the benches import it as tests.bench.run. One registry for both:
    sys.modules["tests.bench.run"] = sys.modules[__name__]

    import django

    from liaison import embedded

    django.setup()
    embedded.start_if_configured()
    _load_benches()
    unknown = set(names) - set(BENCHES)
    if unknown:
        raise SystemExit(f"no such bench: {', '.join(sorted(unknown))}; there are: {', '.join(BENCHES)}")

    results: dict[str, Measure] = {}
    for name in names or BENCHES:
        print(f"… {name}", flush=True)
        shutil.rmtree(ROOT / "var" / "bench", ignore_errors=True)
        _empty_database()
        measured = BENCHES[name](Stage())
        results |= measured if isinstance(measured, dict) else {name: measured}
    _write(results)
    print(_table(results) if results else "no bench yet")


def _write(results: dict[str, Measure]) -> None:
    """Keep the figures of benches that did not run this time."""
    path = ROOT / "var" / "bench.json"
    path.parent.mkdir(exist_ok=True)
    known = json.loads(path.read_text()) if path.exists() else {}
    known |= {name: asdict(measure) | {"ratio": measure.ratio} for name, measure in results.items()}
    path.write_text(json.dumps(known, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
