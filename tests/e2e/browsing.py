"""People at their browsers: signing in, and what goes wrong behind their backs."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Error,
    Locator,
    Page,
    Playwright,
    Response,
    expect,
)

from tests.cast import PASSWORD

PHONE: dict[str, Any] = {"viewport": {"width": 375, "height": 812}, "is_mobile": True, "has_touch": True}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 20_000  # milliseconds: for a busy machine, nothing waits that long usually


def chromium() -> str | None:
    """Path of the system's Chromium, or of the one that the environment variable CHROMIUM names."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for path in map(shutil.which, NAMES) if path), None)


@contextmanager
def launched(playwright: Playwright, path: str) -> Iterator[Browser]:
    """The browser, without a window."""
    browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    try:
        yield browser
    finally:
        browser.close()


@dataclass
class Visits:
    """The browsers of one test: one context a person, each watched for trouble."""

    browser: Browser
    url: str
    contexts: list[BrowserContext] = field(default_factory=list)
    #: What no page may have: script errors, dialogs, refused scripts, answers of 500.
    trouble: list[str] = field(default_factory=list)

    def arrive(self, *, javascript: bool = True, **options: Any) -> Page:
        """Somebody nobody knows yet, on the sign-in page's side of the door."""
        context = self.browser.new_context(
            base_url=self.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=javascript,
            **(DESKTOP | options),
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        context.on("page", self._watch)
        return context.new_page()

    def enter(self, username: str, **options: Any) -> Page:
        """Sign in on the sign-in page, as one of the cast."""
        page = self.arrive(**options)
        page.goto("/accounts/login/")
        sign_in(page, username)
        return page

    @property
    def pages(self) -> list[Page]:
        return [page for context in self.contexts for page in context.pages]

    def screenshots(self, folder: Path, name: str) -> None:
        """Every open page, as it stands now."""
        for number, page in enumerate(self.pages, 1):
            try:
                page.screenshot(path=folder / f"{name}-{number}.png", full_page=True)
            except Error:
                pass  # a page that cannot be drawn any more says nothing

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.trouble.append(f"{page.url}: {error}"))
        page.on("console", self._console)
        page.on("dialog", self._dialog)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # A refused form answers 4xx, which the console tells as a failed resource.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.trouble.append(f"{message.page.url if message.page else ''}: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        self.trouble.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.trouble.append(f"{response.status} {response.request.method} {response.url}")
        elif response.status == 404 and "/static/" in response.url:
            self.trouble.append(f"missing: {response.url}")


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """Fill the sign-in form that the page shows, and press."""
    page.get_by_label("用户名或手机号码").fill(username)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "/accounts/login" not in url)


def confirm_password(page: Page, password: str = PASSWORD) -> None:
    """Once more before what concerns the account's security; then goes on to where one wanted."""
    page.get_by_label("密码", exact=True).fill(password)
    press(page, "确认")
    page.wait_for_url(lambda url: "/reauthenticate/" not in url)


def main(page: Page) -> Locator:
    """The page without its frame: menus say many of the same words."""
    return page.locator("main")


def press(page: Page, name: str) -> None:
    """The button of this name."""
    main(page).get_by_role("button", name=name, exact=True).click()


def says(page: Page, text: str) -> None:
    """The portal says this at the top of the page, after an act."""
    expect(page.locator("#messages")).to_contain_text(text)


def download(page: Page, name: str) -> Path:
    """Follow the first link with these words, and keep the file under the name that it came with."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).first.click()
    path = Path(waiting.value.path())
    return path.rename(path.with_name(waiting.value.suggested_filename))


def docx_text(data: bytes) -> str:
    """The words of a Word document; it must be whole, and its markup sound."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return "".join(ElementTree.fromstring(archive.read("word/document.xml")).itertext())  # noqa: S314  (our own letter)
