"""An initial password, and one that staff have used too long, must be changed before anything else."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from liaison.models import User
from tests.cast import PASSWORD, Cast

CHANGE = "/accounts/password/change/"
PAGE = "/accounts/sessions/"


def age(username: str, days: int) -> None:
    User.objects.filter(username=username).update(password_changed_at=timezone.now() - dt.timedelta(days=days))


def test_an_initial_password_leads_to_the_change_page_and_back(cast: Cast) -> None:
    User.objects.filter(username="insider").update(must_change_password=True)
    browser = cast.client("insider")
    response = browser.get(PAGE)
    assert response["Location"] == f"{CHANGE}?next=/accounts/sessions/"
    assert "这是初始密码，请先设置您自己的密码。" in browser.get(response["Location"]).content.decode()
    response = browser.post(
        CHANGE,
        {"oldpassword": PASSWORD, "password1": "Lanxi-River-88", "password2": "Lanxi-River-88", "next": PAGE},
    )
    assert response["Location"] == PAGE
    assert browser.get(PAGE).status_code == 200


@pytest.mark.parametrize(("days", "status"), [(89, 200), (90, 302)])
def test_staff_change_their_password_every_ninety_days(cast: Cast, days: int, status: int) -> None:
    age("insider", days)
    assert cast.client("insider").get(PAGE).status_code == status


def test_deputies_are_asked_for_no_rotation(cast: Cast) -> None:
    age("deputy", 400)
    assert cast.client("deputy").get(PAGE).status_code == 200


def test_rotation_can_be_turned_off(cast: Cast, settings) -> None:
    settings.PASSWORD_ROTATION_DAYS = 0
    age("insider", 400)
    assert cast.client("insider").get(PAGE).status_code == 200


def test_signing_out_and_the_type_size_stay_possible(cast: Cast) -> None:
    age("insider", 400)
    browser = cast.client("insider")
    assert browser.post("/preferences/type/", {"type_scale": "large"})["Location"] == "/"
    assert browser.post("/accounts/logout/")["Location"] == "/accounts/login/"


def test_an_unknown_address_is_also_stopped(cast: Cast) -> None:
    age("insider", 400)
    assert cast.client("insider").get("/no/such/page/")["Location"].startswith(CHANGE)


def test_htmx_and_scripts_get_an_answer_they_can_read(cast: Cast) -> None:
    age("insider", 400)
    browser = cast.client("insider")
    response = browser.get(
        PAGE, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/suggestions/?view=all"}
    )
    assert response["HX-Redirect"] == f"{CHANGE}?next=/suggestions/%3Fview%3Dall"
    response = browser.post(PAGE, headers={"Accept": "application/json"})
    assert (response.status_code, response.json()["code"]) == (403, "password_due")
