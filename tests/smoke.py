"""Smoke test of `make run` as a stranger would try it; standard library only.

usage: smoke.py CHECKOUT

Starts `make run` on a free port, waits until it answers, signs in as every kind of demo account through the
sign-in page's own form, waits until worker and beat are seen, stops it with Ctrl-C (SIGINT to the group),
checks that nothing is left, starts it again and measures that.
"""

from __future__ import annotations

import http.cookiejar
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from pathlib import Path

FIRST_START = 600  # seconds: installs the packages
SECOND_START = 10  # seconds: the promise
BUSY = 2  # processes a core that others already run; beyond, the promise is not judged
STOP = 30
MARK = "LIAISON_SMOKE"  # in the environment of whatever the run starts


class Failure(Exception):
    """Something a person would complain about."""


class Portal:
    """`make run` in its own process group, as in a terminal of its own."""

    def __init__(self, checkout: Path, port: int) -> None:
        self.checkout = checkout
        self.url = f"http://127.0.0.1:{port}"
        self.log: list[str] = []
        clean = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "REDIS_URL", "MAKEFLAGS", "MAKELEVEL"}
        }
        self.process = subprocess.Popen(
            ["make", "run"],
            cwd=checkout,
            env=clean | {"PORT": str(port), MARK: str(checkout)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.log.append(line.rstrip())
            print("   |", line.rstrip(), flush=True)

    def wait_for_line(self, text: str, timeout: float) -> float:
        """Seconds until a line with `text` is printed."""
        begin = time.monotonic()
        while time.monotonic() < begin + timeout:
            if any(text in line for line in self.log):
                return time.monotonic() - begin
            if self.process.poll() is not None:
                raise Failure(f"make run ended with {self.process.returncode}")
            time.sleep(0.1)
        raise Failure(f"no {text!r} within {timeout} s")

    def wait_ready(self, timeout: float = 60) -> None:
        """Until database, broker, worker and beat are there."""
        deadline = time.monotonic() + timeout
        answer = ""
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5):
                    return
            except urllib.error.HTTPError as error:
                answer = error.read().decode()
            except OSError as error:
                answer = str(error)
            time.sleep(0.3)
        raise Failure(f"/readyz does not become 200: {answer}")

    def stop(self) -> float:
        """Ctrl-C; seconds until the last of the group is gone."""
        begin = time.monotonic()
        os.killpg(self.process.pid, signal.SIGINT)
        try:
            self.process.wait(STOP)
        except subprocess.TimeoutExpired:
            raise Failure(f"still running {STOP} s after Ctrl-C") from None
        return time.monotonic() - begin


class _Forms(HTMLParser):
    """The forms of a page: action and fields with their values."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[dict[str, object]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(
                {"action": given.get("action", ""), "method": given.get("method", "get").lower(), "fields": {}}
            )
        elif tag in {"input", "button"} and self.forms and given.get("name"):
            fields = self.forms[-1]["fields"]
            assert isinstance(fields, dict)
            if tag == "input" or given.get("type", "submit") == "submit":
                fields.setdefault(given["name"], given.get("value", ""))


def sign_in(url: str, username: str, password: str) -> None:
    """Sign in through the form of the sign-in page, then see a page that only the signed-in see."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    login = f"{url}/accounts/login/"
    page = browser.open(login, timeout=20).read().decode()
    for form in _Forms(page).forms:
        fields = dict(form["fields"])  # type: ignore[call-overload]
        if "login" in fields and "password" in fields:
            break
    else:
        raise Failure("the sign-in page has no form with login and password")
    fields |= {"login": username, "password": password}
    target = urllib.parse.urljoin(login, str(form["action"]) or login)
    request = urllib.request.Request(target, urllib.parse.urlencode(fields).encode(), {"Referer": login})
    try:
        answer = browser.open(request, timeout=20)
    except urllib.error.HTTPError as error:
        raise Failure(f"{username}: sign-in answers {error.code}") from None
    if "/accounts/login" in answer.url:
        raise Failure(f"{username}: back on the sign-in page")
    home = browser.open(f"{url}/", timeout=20)
    if home.status != 200 or "/accounts/" in home.url:
        raise Failure(f"{username}: home leads to {home.url}")
    print(f"   {username}: signed in, home is {len(home.read())} bytes")


def accounts(checkout: Path) -> list[tuple[str, str]]:
    """User names and passwords of the demo."""
    ask = "from liaison.demo_accounts import *; print(json.dumps([[a.username, DEMO_PASSWORD] for a in DEMO_ACCOUNTS]))"
    python = checkout / ".venv/bin/python"
    told = subprocess.run(
        [python, "-c", "import json;" + ask], cwd=checkout, capture_output=True, text=True, check=True
    )
    return [(username, password) for username, password in json.loads(told.stdout)]


def leftovers(checkout: Path) -> list[str]:
    """Live processes that the run started, or that work on the checkout's database."""
    mark = f"{MARK}={checkout}".encode()
    data = os.fsencode(checkout / "var")
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            if mark in (process / "environ").read_bytes().split(b"\0") or data in command:
                found.append(f"{process.name} {command.replace(bytes(1), b' ').decode(errors='replace')}")
        except OSError:
            continue  # it has just ended
    return [process for process in found if process.partition(" ")[2].strip()]  # a zombie has no command


def expect_nothing_left(checkout: Path, port: int) -> None:
    """No process, no listener, no socket directory."""
    if left := leftovers(checkout):
        raise Failure("left running:\n" + "\n".join(left))
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise Failure(f"something still listens on {port}")


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(checkout: Path) -> None:
    """The whole story; raises Failure."""
    port = free_port()
    portal = Portal(checkout, port)
    try:
        took = portal.wait_for_line(portal.url, FIRST_START)
        print(f"== first start: {took:.1f} s")
        for username, password in accounts(checkout):
            sign_in(portal.url, username, password)
        portal.wait_ready()
        print("== ready: database, broker, worker and beat")
        print(f"== Ctrl-C: stopped in {portal.stop():.1f} s")
        expect_nothing_left(checkout, port)
        load = os.getloadavg()[0] / (os.cpu_count() or 1)
        portal = Portal(checkout, port)
        took = portal.wait_for_line(portal.url, FIRST_START)
        print(f"== second start: {took:.1f} s, with {load:.1f} other processes a core")
        if took > SECOND_START and load < BUSY:
            raise Failure(f"second start took {took:.1f} s, promised are {SECOND_START}")
        portal.stop()
        expect_nothing_left(checkout, port)
    finally:
        if portal.process.poll() is None:
            os.killpg(portal.process.pid, signal.SIGTERM)


if __name__ == "__main__":
    try:
        run(Path(sys.argv[1]).resolve())
    except Failure as failure:
        print(f"smoke: FAILED: {failure}")
        sys.exit(1)
    print("smoke: passed")
