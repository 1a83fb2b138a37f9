"""A job without a mouse: every stop of the Tab key can be seen, and the job gets done."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from suggestions.states import SuggestionStatus
from tests.cast import PASSWORD, Cast
from tests.e2e.browsing import Visits, main, says
from tests.suggestions import steps

pytestmark = pytest.mark.e2e

MOST_STOPS = 80
TITLES = ["关于码头台阶维修的建议", "关于码头护栏维修的建议"]

# Whether one sees where the focus is.
_SEEN = """() => {
  const node = document.activeElement;
  const style = getComputedStyle(node);
  return node === document.body || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
}"""


def test_a_suggestion_is_returned_by_keyboard_alone(visits: Visits, cast: Cast) -> None:
    made = [steps.submitted(cast, title=title) for title in TITLES]
    page = visits.arrive()
    page.goto("/accounts/login/")
    tab_to(page, page.get_by_label("用户名或手机号码"))
    page.keyboard.type("insider")
    tab_to(page, page.get_by_label("密码", exact=True))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/accounts/" not in url)

    # The skip link leads past the menu.
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, main(page).get_by_role("link", name="待登记"), at_most=8)
    page.keyboard.press("Enter")

    # The desk: / to the search, j and k through the rows, Enter opens.
    page.wait_for_url("**/suggestions/**")
    page.keyboard.press("/")
    expect(page.get_by_label("关键词")).to_be_focused()
    page.keyboard.type("码头")
    page.keyboard.press("Enter")
    expect(page.locator("[data-row]")).to_have_count(2)
    for key, title in (("j", TITLES[0]), ("j", TITLES[1]), ("k", TITLES[0])):
        page.keyboard.press(key)
        expect(page.get_by_role("link", name=title)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES[0])

    tab_to(page, page.get_by_role("link", name="退回修改"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/return/")

    # Sent without a reason: the focus is on the summary, its link leads to the field.
    button = page.get_by_role("button", name="退回", exact=False)
    tab_to(page, main(page).get_by_role("button").first)
    page.keyboard.press("Enter")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("退回理由")).to_be_focused()
    page.keyboard.type("请写明台阶的位置。")
    tab_to(page, button)
    page.keyboard.press("Space")
    says(page, "已退回李代表代表修改")
    assert [steps.fresh(one).status for one in made] == [SuggestionStatus.RETURNED, SuggestionStatus.SUBMITTED]


def tab_to(page: Page, target: Locator, *, at_most: int = MOST_STOPS) -> None:
    """Press Tab until the target has the focus; each stop on the way must be seen."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        here = page.evaluate("() => document.activeElement.outerHTML.slice(0, 120)")
        assert page.evaluate(_SEEN), f"{page.url}: the focus is not seen on {here}"
        if target.evaluate("(node) => node === document.activeElement"):
            return
    raise AssertionError(f"{page.url}: {at_most} stops and not at {target}")
