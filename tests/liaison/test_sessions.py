"""The list of one's own sessions: end one, end all others, never anybody else's."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from liaison.models import AuditEntry
from tests.cast import Cast

LIST = "/accounts/sessions/"


def open_session(cast: Cast, name: str) -> tuple[Client, UserSession]:
    browser = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140"})
    browser.force_login(cast.user(name))
    assert browser.get(LIST).status_code == 200
    return browser, UserSession.objects.get(session_key=browser.session.session_key)


def test_the_list_shows_this_and_the_other_devices(cast: Cast) -> None:
    here, _ = open_session(cast, "insider")
    _, other = open_session(cast, "insider")
    _, foreign = open_session(cast, "approver")
    page = here.get(LIST).content.decode()
    assert f"/accounts/sessions/{other.pk}/end/" in page
    assert f"/accounts/sessions/{foreign.pk}/end/" not in page
    assert "127.0.0.1" in page


def test_one_other_session_is_ended(cast: Cast) -> None:
    here, _ = open_session(cast, "insider")
    there, other = open_session(cast, "insider")
    assert here.post(f"/accounts/sessions/{other.pk}/end/")["Location"] == LIST
    assert there.get(LIST).status_code == 302
    assert here.get(LIST).status_code == 200
    assert AuditEntry.objects.get(action="session.end").detail == {"count": 1}


def test_ending_it_twice_finds_nothing(cast: Cast) -> None:
    here, _ = open_session(cast, "insider")
    _, other = open_session(cast, "insider")
    here.post(f"/accounts/sessions/{other.pk}/end/")
    assert here.post(f"/accounts/sessions/{other.pk}/end/").status_code == 404


def test_somebody_elses_session_is_not_found(cast: Cast) -> None:
    here, _ = open_session(cast, "insider")
    there, foreign = open_session(cast, "approver")
    assert here.post(f"/accounts/sessions/{foreign.pk}/end/").status_code == 404
    assert there.get(LIST).status_code == 200


def test_the_session_in_use_is_left_by_signing_out(cast: Cast) -> None:
    here, session = open_session(cast, "insider")
    response = here.post(f"/accounts/sessions/{session.pk}/end/")
    assert response.status_code == 422
    assert "请用“退出登录”" in response.content.decode()


def test_all_others_are_ended_at_once(cast: Cast) -> None:
    here, _ = open_session(cast, "insider")
    others = [open_session(cast, "insider")[0] for _ in range(2)]
    here.post(LIST)
    assert [browser.get(LIST).status_code for browser in others] == [302, 302]
    assert here.get(LIST).status_code == 200
    assert AuditEntry.objects.get(action="session.end").detail == {"count": 2}


@pytest.mark.parametrize("method", ["get", "put"])
def test_ending_needs_a_post(cast: Cast, method: str) -> None:
    here, session = open_session(cast, "insider")
    assert getattr(here, method)(f"/accounts/sessions/{session.pk}/end/").status_code == 405
