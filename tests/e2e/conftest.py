"""The portal, its people and a browser, for the tests of this directory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections, transaction
from django.test import override_settings
from playwright.sync_api import Browser, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from tests import database
from tests.cast import Cast, build_cast
from tests.e2e.browsing import PATIENCE, Visits, chromium, launched
from tests.e2e.server import ROOT, portal

ARTIFACTS = ROOT / "var" / "e2e"
NO_CHROMIUM = (
    "no Chromium here: apt-get install chromium fonts-noto-cjk, or name one in the environment variable CHROMIUM"
)
_reports = pytest.StashKey[dict[str, pytest.TestReport]]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Let the fixtures know how the test went."""
    report: pytest.TestReport = yield
    item.stash.setdefault(_reports, {})[report.when] = report
    return report


@pytest.fixture(scope="package")
def artifacts() -> Path:
    """Screenshots go here: of what failed, and of the style guide."""
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    return ARTIFACTS


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a worker."""
    path = chromium()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(NO_CHROMIUM)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright, launched(playwright, path) as browser:
        yield browser


@pytest.fixture(scope="package")
def site(
    browser: Browser,
    artifacts: Path,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The served portal's address. What tests write through services is committed, so the server sees it."""
    files = tmp_path_factory.mktemp("files")
    default = connections["default"]
    usual, waiting = default.settings_dict["NAME"], os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    # Playwright's own loop runs in this thread; Django takes that for a mistake.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    log = artifacts / f"server-{os.environ.get('PYTEST_XDIST_WORKER', 'only')}.log"
    with django_db_blocker.unblock(), database.separate("e2e") as name, override_settings(MEDIA_ROOT=files):
        default.close()
        default.settings_dict["NAME"] = name
        try:
            with portal(database=name, files=files, log=log) as url:
                yield url
        finally:
            default.close()
            default.settings_dict["NAME"] = usual
            if waiting is None:
                del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def cast(site: str) -> Cast:
    """The people and offices, once for all tests of a worker: each test adds its own suggestions."""
    with transaction.atomic():
        return build_cast()


@pytest.fixture
def visits(
    request: pytest.FixtureRequest, browser: Browser, site: str, cast: Cast, artifacts: Path
) -> Iterator[Visits]:
    """People's browsers. A failed test leaves pictures of what they saw in var/e2e/."""
    visits, name = Visits(browser, site), request.node.name.replace("/", "-")
    for old in artifacts.iterdir():
        if old.name.startswith(f"{name}-"):
            old.unlink()
    yield visits
    report = request.node.stash.get(_reports, {}).get("call")
    if (report is not None and report.failed) or visits.trouble:
        visits.screenshots(artifacts, name)
    visits.close()
    assert not visits.trouble, "\n".join(visits.trouble)
