"""Who does nothing for half an hour is signed out, and comes back to the page after signing in."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client

from liaison.models import AuditEntry
from tests.cast import Cast

NOON = dt.datetime(2026, 4, 3, 12, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
PAGE = "/accounts/sessions/"


@pytest.fixture
def clock(cast: Cast):
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def browser(cast: Cast, clock: time_machine.Coordinates) -> Client:
    client = cast.client("deputy")
    assert client.get(PAGE).status_code == 200
    return client


def test_half_an_hour_without_an_act_signs_out(browser: Client, clock: time_machine.Coordinates) -> None:
    clock.shift(dt.timedelta(minutes=30))
    response = browser.get("/accounts/password/change/?x=1")
    assert response["Location"] == "/accounts/login/?next=/accounts/password/change/%3Fx%3D1"
    assert "_auth_user_id" not in browser.session
    assert "您已超过30分钟没有操作" in browser.get(response["Location"]).content.decode()


def test_each_act_starts_the_time_anew(browser: Client, clock: time_machine.Coordinates) -> None:
    for _ in range(4):
        clock.shift(dt.timedelta(minutes=20))
        assert browser.get(PAGE).status_code == 200


def test_a_page_that_asks_by_itself_does_not_keep_the_session(browser: Client, clock: time_machine.Coordinates) -> None:
    clock.shift(dt.timedelta(minutes=20))
    assert browser.get(PAGE, headers={"X-Poll": "1"}).status_code == 200
    clock.shift(dt.timedelta(minutes=10))
    assert browser.get(PAGE).status_code == 302


def test_the_minutes_are_a_setting(browser: Client, clock: time_machine.Coordinates, settings) -> None:
    settings.IDLE_EXIT_MINUTES = 10
    clock.shift(dt.timedelta(minutes=10))
    assert browser.get(PAGE).status_code == 302


def test_a_sent_form_comes_back_to_its_page(browser: Client, clock: time_machine.Coordinates) -> None:
    clock.shift(dt.timedelta(minutes=31))
    response = browser.post(PAGE, headers={"Referer": "http://testserver/suggestions/new/"})
    assert response["Location"] == "/accounts/login/?next=/suggestions/new/"


def test_a_foreign_referer_is_no_page_of_ours(browser: Client, clock: time_machine.Coordinates) -> None:
    clock.shift(dt.timedelta(minutes=31))
    response = browser.post(PAGE, headers={"Referer": "https://evil.example/trap/"})
    assert response["Location"] == "/accounts/login/?next=/"


def test_htmx_is_led_to_the_sign_in_page(browser: Client, clock: time_machine.Coordinates) -> None:
    clock.shift(dt.timedelta(minutes=31))
    response = browser.get(
        "/somewhere/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/suggestions/?view=all"}
    )
    assert response["HX-Redirect"] == "/accounts/login/?next=/suggestions/%3Fview%3Dall"


def test_autosave_is_told_in_json(browser: Client, clock: time_machine.Coordinates) -> None:
    clock.shift(dt.timedelta(minutes=31))
    response = browser.post("/somewhere/", headers={"Accept": "application/json"})
    assert (response.status_code, response.json()["code"]) == (401, "signed_out")


def test_the_idle_exit_is_audited(browser: Client, clock: time_machine.Coordinates) -> None:
    clock.shift(dt.timedelta(minutes=31))
    browser.get(PAGE)
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.actor_name) == ("account.idle_exit", "李代表")


def test_last_seen_is_written_once_a_minute(
    browser: Client, clock: time_machine.Coordinates, django_assert_num_queries
) -> None:
    clock.shift(dt.timedelta(seconds=59))
    browser.get("/accounts/password/change/")
    assert UserSession.objects.get().last_seen_at == NOON
    clock.shift(dt.timedelta(seconds=1))
    browser.get("/accounts/password/change/")
    assert UserSession.objects.get().last_seen_at == NOON + dt.timedelta(seconds=60)
