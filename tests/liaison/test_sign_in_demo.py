"""Demo buttons: only in demo mode, only for the demo's accounts, never with production settings."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from liaison.demo_accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from liaison.models import AuditEntry, Posting, User
from liaison.permissions import Role
from tests.cast import Cast
from tests.liaison import demo_urls  # before any test turns demo mode on: routes are made once, at import


@pytest.fixture
def demo(cast: Cast, settings) -> Client:
    settings.DEMO_MODE = True
    settings.ROOT_URLCONF = demo_urls.__name__
    user = User.objects.create_user("demo_clerk", DEMO_PASSWORD, name="演示经办")
    Posting.objects.create(user=user, organisation=cast.offices["city_office"], role=Role.HANDLER)
    return Client()


def test_the_page_offers_the_accounts_that_exist(demo: Client) -> None:
    page = demo.get("/accounts/login/").content.decode()
    assert "/demo/sign-in/demo_clerk/" in page
    assert "演示经办" in page
    assert "/demo/sign-in/demo_unit/" not in page


def test_a_button_signs_in_and_is_audited(demo: Client) -> None:
    assert demo.post("/demo/sign-in/demo_clerk/", {"next": "/suggestions/"})["Location"] == "/suggestions/"
    assert AuditEntry.objects.get(action="account.sign_in").detail == {"means": "demo"}


@pytest.mark.parametrize("username", ["insider", "demo_unit", "nobody_has_this_name"])
def test_other_accounts_and_missing_ones_are_not_found(demo: Client, username: str) -> None:
    assert demo.post(f"/demo/sign-in/{username}/").status_code == 404


def test_a_link_signs_nobody_in(demo: Client) -> None:
    assert demo.get("/demo/sign-in/demo_clerk/").status_code == 405


def test_a_locked_demo_account_stays_locked(demo: Client) -> None:
    until = timezone.now() + dt.timedelta(minutes=9)
    User.objects.filter(username="demo_clerk").update(failed_logins=5, locked_until=until)
    response = demo.post("/demo/sign-in/demo_clerk/")
    assert response["Location"] == "/accounts/login/"
    assert "暂时锁定" in demo.get("/accounts/login/").content.decode()
    assert "_auth_user_id" not in demo.session


def test_an_inactive_demo_account_is_not_found(demo: Client) -> None:
    User.objects.filter(username="demo_clerk").update(is_active=False)
    assert demo.post("/demo/sign-in/demo_clerk/").status_code == 404


def test_a_route_left_over_does_nothing_without_demo_mode(demo: Client, settings) -> None:
    settings.DEMO_MODE = False
    assert demo.post("/demo/sign-in/demo_clerk/").status_code == 404
    assert "演示账号" not in demo.get("/accounts/login/").content.decode()


def test_outside_demo_mode_there_is_no_such_route(cast: Cast) -> None:
    assert Client().post("/demo/sign-in/demo_clerk/").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("demo_sign_in", args=["demo_clerk"])


def test_production_refuses_demo_mode(settings) -> None:
    settings.DEMO_MODE, settings.ENVIRONMENT = True, "prod"
    assert "liaison.E001" in [message.id for message in run_checks()]


def test_there_is_one_account_a_role() -> None:
    names = [account.username for account in DEMO_ACCOUNTS]
    assert len(set(names)) == len(names) == 15
    assert all(name.startswith("demo_") for name in names)
