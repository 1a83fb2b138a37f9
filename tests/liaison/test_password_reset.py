"""A forgotten password: a link by mail, the same answer for everybody, good once and for two hours."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from liaison.models import AuditEntry, User
from liaison.services.password_link import password_link_send
from liaison.tasks import send_password_link, send_password_links
from tests.cast import Cast

ASK = "/accounts/password/reset/"
NEW = {"password1": "Lanxi-River-88", "password2": "Lanxi-River-88"}


@pytest.fixture
def enqueued(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """What was handed to the broker."""
    calls: list[list[int]] = []
    monkeypatch.setattr(send_password_links, "delay", calls.append)
    return calls


def ask(text: str) -> Client:
    browser = Client()
    assert browser.post(ASK, {"email": text})["Location"] == f"{ASK}done/"
    return browser


def mailed_link(cast: Cast, name: str = "insider") -> str:
    assert password_link_send(user_id=cast.user(name).pk)
    found = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)
    assert found is not None
    return found[1]


def set_new(link: str) -> Client:
    browser = Client()
    page = browser.get(link)
    browser.post(page["Location"], NEW)
    return browser


@pytest.mark.parametrize("text", ["insider", "INSIDER", "insider@example.org", "unknown@example.org", "13900000000"])
def test_the_answer_is_the_same_for_known_and_unknown(
    cast: Cast, enqueued: list[list[int]], text: str, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        browser = ask(text)
    assert "请查收邮件" in browser.get(f"{ASK}done/").content.decode()
    known = text.lower().startswith("insider")
    assert enqueued == [[cast.user("insider").pk] if known else []]
    assert AuditEntry.objects.get(action="password.link_ask").target_title == ("陈经办" if known else "不存在的账号")


def test_a_phone_number_finds_the_account(
    cast: Cast, enqueued: list[list[int]], django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        ask("13873700001")
    assert enqueued == [[cast.user("deputy").pk]]


def test_accounts_without_mail_and_inactive_ones_get_none(
    cast: Cast, enqueued: list[list[int]], django_capture_on_commit_callbacks
) -> None:
    User.objects.filter(username="insider").update(email="")
    User.objects.filter(username="approver").update(is_active=False)
    with django_capture_on_commit_callbacks(execute=True):
        ask("insider")
        ask("approver@example.org")
    assert enqueued == [[], []]
    assert not password_link_send(user_id=cast.user("insider").pk)
    assert mail.outbox == []


def test_one_task_an_account(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    monkeypatch.setattr(send_password_link, "delay", calls.append)
    send_password_links([3, 4])
    assert calls == [3, 4]


def test_the_mail_says_who_and_how_long_and_begins_with_our_address(cast: Cast) -> None:
    send_password_link(cast.user("insider").pk)
    (message,) = mail.outbox
    assert message.to == ["insider@example.org"]
    assert "人大代表联络履职平台" in message.subject
    assert "http://testserver/accounts/password/reset/key/" in message.body
    assert "insider" in message.body
    assert "2小时" in message.body


def test_the_link_sets_a_new_password_and_lifts_the_lock(cast: Cast) -> None:
    User.objects.filter(username="insider").update(
        failed_logins=5, locked_until=timezone.now() + dt.timedelta(minutes=10)
    )
    set_new(mailed_link(cast))
    user = User.objects.get(username="insider")
    assert user.check_password("Lanxi-River-88")
    assert (user.failed_logins, user.locked_until) == (0, None)
    entry = AuditEntry.objects.get(action="password.reset")
    assert (entry.target_title, entry.actor_user) == ("陈经办", None)
    response = Client().post("/accounts/login/", {"login": "insider", "password": "Lanxi-River-88"})
    assert response["Location"] == "/"


def test_the_link_works_once(cast: Cast) -> None:
    link = mailed_link(cast)
    set_new(link)
    assert "这个链接已经失效" in Client().get(link).content.decode()


def test_the_link_works_for_two_hours(cast: Cast) -> None:
    link = mailed_link(cast)
    with time_machine.travel(timezone.localtime() + dt.timedelta(hours=2, minutes=1)):
        assert "这个链接已经失效" in Client().get(link).content.decode()


def test_a_weak_new_password_is_refused(cast: Cast) -> None:
    browser = Client()
    page = browser.get(mailed_link(cast))
    response = browser.post(page["Location"], {"password1": "short", "password2": "short"})
    assert "密码太短，至少要有10个字符。" in response.content.decode()


def test_a_guessed_link_is_refused(cast: Cast) -> None:
    for link in ("/accounts/password/reset/key/1-abc-def/", "/accounts/password/reset/key/zzzzzzz-abc-def/"):
        assert "这个链接已经失效" in Client().get(link).content.decode()
