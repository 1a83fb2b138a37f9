"""Take the pictures of docs/ from a running portal with the demo: ``make pictures`` (needs Chromium)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent.parent / "docs" / "pictures"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


def signed_in(browser: Browser, base: str, account: str, width: int, height: int) -> Page:
    """A page of that demo account, signed in by its button."""
    page = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN").new_page()
    page.goto(f"{base}/accounts/login/")
    page.locator(f'button[formaction$="/demo/sign-in/{account}/"]').click()
    page.wait_for_url(f"{base}/")
    return page


def take(browser: Browser, base: str) -> None:
    """Every picture that README and the staff guide show."""
    clerk = signed_in(browser, base, "demo_clerk", 1280, 860)
    clerk.screenshot(path=HERE / "dashboard.png")
    clerk.goto(f"{base}/suggestions/")
    clerk.screenshot(path=HERE / "desk.png")
    clerk.get_by_role("link", name="待交办").first.click()
    clerk.locator("table a[href*='/suggestions/']").first.click()
    clerk.wait_for_load_state()
    clerk.goto(f"{clerk.url}assign/")
    clerk.screenshot(path=HERE / "assign.png")
    clerk.goto(f"{base}/transfers/")
    clerk.get_by_role("link", name="暂停").first.click()
    clerk.locator("table a[href*='/transfers/']").first.click()
    clerk.wait_for_load_state()
    clerk.screenshot(path=HERE / "transfer.png")
    clerk.goto(f"{base}/deputies/import/")
    clerk.screenshot(path=HERE / "roster.png")
    deputy = signed_in(browser, base, "demo_deputy", 375, 740)
    deputy.screenshot(path=HERE / "deputy-phone.png")
    take_works(browser, base)


def take_works(browser: Browser, base: str) -> None:
    """The carrying out of projects: the office's list, and a deputy who records an inspection."""
    office = signed_in(browser, base, "demo_county", 1280, 660)
    office.goto(f"{base}/works/")
    office.screenshot(path=HERE / "works.png")
    deputy = signed_in(browser, base, "demo_deputy", 375, 740)
    deputy.goto(f"{base}/works/mine/")
    deputy.locator("main a[href*='/works/']").first.click()
    deputy.wait_for_load_state()
    deputy.get_by_role("link", name="登记监督检查").first.click()
    deputy.wait_for_load_state()
    deputy.screenshot(path=HERE / "inspect-phone.png")


if __name__ == "__main__":
    HERE.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        take(chromium, sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
        chromium.close()
