"""Every page: axe-core finds no violation, nothing scrolls sideways, wrong input is told where one looks."""

from __future__ import annotations

from pathlib import Path

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import resolve
from playwright.sync_api import Page, expect

from tests.access import deputies, kernel, suggestions
from tests.cast import Cast
from tests.e2e.browsing import Visits, confirm_password, main
from tests.e2e.looking import DESKTOP_WIDTH, HEIGHT, PHONE_WIDTH, look
from tests.e2e.rounds import ON_PHONES, ROUNDS, Stop
from tests.e2e.world import World, build_world

pytestmark = pytest.mark.e2e

# Everything that a person could have filled in is taken out again.
_EMPTY = """(form) => {
  for (const field of form.elements) {
    if (field.type === "radio" || field.type === "checkbox") field.checked = false;
    else if (!["hidden", "submit", "button", "fieldset", "file"].includes(field.type)) field.value = "";
  }
}"""


SECOND_FACTOR = [
    "/accounts/2fa/reauthenticate/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/2fa/totp/deactivate/",
]
#: Answers that are no pages, pages that look as another one, and those that need a passkey of a real device.
NO_PAGES = {
    *("file", "healthz", "readyz", "job_file", "deputies:roster_template", "transfers:download"),
    *("mfa_download_recovery_codes", "calendar_year", "account_set_password"),
    *("mfa_edit_webauthn", "mfa_login_webauthn", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn"),
}


@pytest.fixture(scope="module")
def world(cast: Cast) -> World:
    """Built once; looking changes nothing."""
    return build_world(cast)


@pytest.mark.parametrize("name", ROUNDS)
def test_pages_have_no_fault(visits: Visits, world: World, name: str) -> None:
    username, stops = ROUNDS[name]
    page = visits.enter(username) if username else visits.arrive()
    faults: list[str] = []
    for stop in stops(world):
        answer = page.goto(stop.path)
        assert answer is not None
        if "/reauthenticate/" in page.url and stop.path not in page.url:
            confirm_password(page)
        if answer.status != stop.status or (username and "/accounts/login/" in page.url):
            faults.append(f"{stop.path}: {answer.status} {page.url}")
            continue
        faults += look(page, colours_at=PHONE_WIDTH if username in ON_PHONES else DESKTOP_WIDTH)
        if stop.wrong:
            faults += [f"sent empty: {fault}" for fault in _send_empty(page, stop) or look(page, colours_at=None)]
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults)


def _send_empty(page: Page, stop: Stop) -> list[str]:
    """Send the form without anything in it; the summary must be there, and have the focus."""
    foot = main(page).locator(".form-foot button")
    button = main(page).get_by_role("button", name=stop.press, exact=True) if stop.press else foot
    button.first.evaluate(f"(button) => ({_EMPTY})(button.form)")
    with page.expect_response(lambda response: response.request.method == "POST") as sent:
        button.first.click()
    if sent.value.status not in {200, 422}:
        return [f"{stop.path}: {sent.value.status}"]
    page.wait_for_load_state()
    summary = page.locator("[data-error-summary]")
    if not summary.count():
        return [f"{stop.path}: no summary of what is wrong"]
    expect(summary).to_be_focused()
    return []


def test_pages_of_the_second_factor_have_no_fault(visits: Visits, cast: Cast) -> None:
    """Signing in with it, its codes, and switching it off."""
    user = cast.user("stranger")
    TOTP.activate(user, generate_totp_secret())
    codes = RecoveryCodes.activate(user).get_unused_codes()
    page = visits.enter(user.username)
    faults = look(page)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    faults += look(page)
    page.get_by_label("验证码").first.fill(codes[0])
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "/accounts/" not in url)
    for path in SECOND_FACTOR:
        page.goto(path)
        if "/accounts/reauthenticate/" in page.url:
            faults += look(page)
            confirm_password(page)
        assert path in page.url
        faults += look(page)
    assert not faults, "\n".join(faults)


def test_every_page_is_on_somebodys_round(world: World) -> None:
    """A new page must be added to tests/e2e/rounds.py, or named in NO_PAGES when it is none."""
    stops = [stop for _, stops in ROUNDS.values() for stop in stops(world) if stop.status != 404]
    paths = [
        *(stop.path.partition("?")[0] for stop in stops),
        *SECOND_FACTOR,
        "/accounts/2fa/authenticate/",
        "/styleguide/",
    ]
    seen = {resolve(path).view_name for path in paths}
    routes = {name: row for part in (kernel, deputies, suggestions) for name, row in part.MATRIX.items()}
    shown = {name for name, row in routes.items() if row.get("method", "get") == "get"}
    assert sorted(shown - seen - NO_PAGES) == []


def test_the_style_guide(visits: Visits, artifacts: Path) -> None:
    """Every component in every state; its picture is always kept."""
    page = visits.enter("insider")
    page.goto("/styleguide/")
    page.wait_for_load_state("networkidle")
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.screenshot(path=artifacts / f"styleguide-{width}.png", full_page=True)
    faults = look(page)
    assert not faults, "\n".join(faults)
