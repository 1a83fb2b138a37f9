"""Five failures lock a name for a quarter of an hour, whether an account has it or not."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from liaison.models import AuditEntry, Notice, User
from liaison.models.audit import AuditResult
from tests.cast import PASSWORD, Cast

NOON = dt.datetime(2026, 4, 3, 12, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def attempt(browser: Client, login: str = "insider", typed: str = "Wrong-2026-pass") -> str:
    return browser.post("/accounts/login/", {"login": login, "password": typed}).content.decode()


def fail_five_times(login: str = "insider") -> Client:
    browser = Client()
    for _ in range(5):
        attempt(browser, login)
    return browser


@pytest.mark.parametrize("login", ["insider", "nobody_has_this_name"])
def test_the_fifth_failure_locks_and_says_until_when(cast: Cast, login: str) -> None:
    browser = Client()
    with time_machine.travel(NOON, tick=False):
        pages = [attempt(browser, login) for _ in range(6)]
    assert all("用户名或密码不正确" in page for page in pages[:4])
    assert all("请在12:15之后再试" in page for page in pages[4:])


def test_user_name_and_phone_count_together(cast: Cast) -> None:
    browser = Client()
    for login in ("deputy", "13873700001", "deputy", "13873700001"):
        attempt(browser, login)
    assert "暂时锁定" in attempt(browser, "deputy")
    assert "暂时锁定" in attempt(browser, "13873700001")


def test_the_right_password_does_not_help_while_locked(cast: Cast) -> None:
    browser = fail_five_times()
    assert "暂时锁定" in attempt(browser, typed=PASSWORD)
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize("login", ["insider", "nobody_has_this_name"])
def test_after_a_quarter_of_an_hour_counting_begins_anew(cast: Cast, login: str) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        browser = fail_five_times(login)
        clock.shift(dt.timedelta(minutes=15, seconds=1))
        assert "用户名或密码不正确" in attempt(browser, login)
    if login == "insider":
        user = User.objects.get(username="insider")
        assert (user.failed_logins, user.locked_until) == (1, None)


def test_a_success_in_between_starts_the_count_anew(cast: Cast) -> None:
    for _ in range(2):
        browser = Client()
        for _ in range(4):
            attempt(browser)
        assert browser.post("/accounts/login/", {"login": "insider", "password": PASSWORD}).status_code == 302
    assert User.objects.get(username="insider").failed_logins == 0


def test_locking_is_audited_and_the_person_is_told(cast: Cast) -> None:
    browser = fail_five_times()
    attempt(browser)
    results = list(AuditEntry.objects.filter(action="account.sign_in").order_by("id").values_list("result", flat=True))
    assert results == [AuditResult.FAILED] * 5 + [AuditResult.DENIED]
    assert AuditEntry.objects.filter(action="account.lock").count() == 1
    notice = Notice.objects.get(recipient=cast.user("insider"))
    assert "锁定15分钟" in notice.title


def test_wrong_passwords_inside_a_session_count_too(cast: Cast) -> None:
    browser = cast.client("insider")
    for _ in range(5):
        page = browser.post("/accounts/reauthenticate/", {"password": "Wrong-2026-pass"}).content.decode()
    assert "暂时锁定" in page
    assert User.objects.get(username="insider").locked_until > timezone.now()
