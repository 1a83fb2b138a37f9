"""The style guide: staff of an office see every component, nobody else finds it."""

from __future__ import annotations

import pytest

from liaison.templatetags.ui import LIGHT_LABELS
from tests.cast import Cast

URL = "/styleguide/"


@pytest.mark.parametrize("name", ["insider", "unit", "prosecutor", "auditor"])
def test_staff_see_every_component(cast: Cast, name: str) -> None:
    answer = cast.client(name).get(URL)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert [word for word in LIGHT_LABELS.values() if word not in html] == []
    for part in (
        "error-summary",
        "timeline",
        "filterbar",
        "actionbox",
        "data-chart",
        "empty-state",
        "bulkbar",
        "step-here",
    ):
        assert part in html, part


@pytest.mark.parametrize("name", ["deputy", "nobody"])
def test_others_do_not_find_it(cast: Cast, name: str) -> None:
    assert cast.client(name).get(URL).status_code == 404


def test_the_anonymous_are_asked_to_sign_in(cast: Cast) -> None:
    assert cast.client("anonymous").get(URL)["Location"].startswith("/accounts/login/")
