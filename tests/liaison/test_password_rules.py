"""What a new password must be like, and how one changes it."""

from __future__ import annotations

import pytest
from django.test import Client

from liaison.models import AuditEntry, Notice, UsedPassword, User
from tests.cast import PASSWORD, Cast

CHANGE = "/accounts/password/change/"


def change(browser: Client, new: str, *, old: str = PASSWORD, again: str | None = None):
    return browser.post(CHANGE, {"oldpassword": old, "password1": new, "password2": new if again is None else again})


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("Ab1-short", "密码太短，至少要有10个字符。"),
        ("alllowercase-only", "至少包含大写字母、小写字母、数字、符号中的三种"),
        ("12345678901234", "至少包含大写字母、小写字母、数字、符号中的三种"),
        ("Insider-2026", "用户名"),
        ("13873700001-Aa", "手机号码"),
        ("Password123", "太常见"),
        (PASSWORD, "不能使用最近5次用过的密码"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(cast: Cast, password: str, message: str) -> None:
    User.objects.filter(username="insider").update(phone=None)
    user = cast.user("deputy" if password.startswith("138") else "insider")
    browser = cast.client(user.username)
    response = change(browser, password)
    assert message in response.content.decode()
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


@pytest.mark.parametrize("password", ["Lanxi-River-88", "zijiang-1998-x", "资江北岸-2026-Qy", "Ab1 cd2 ef3"])
def test_a_good_password_is_taken(cast: Cast, password: str) -> None:
    response = change(cast.client("insider"), password)
    assert response.status_code == 302
    assert User.objects.get(username="insider").check_password(password)


def test_the_page_names_the_rules_before_anybody_breaks_them(cast: Cast) -> None:
    page = cast.client("insider").get(CHANGE).content.decode()
    assert "至少10个字符" in page
    assert "不能与最近5次用过的相同" in page


def test_two_different_new_passwords_are_refused(cast: Cast) -> None:
    page = change(cast.client("insider"), "Lanxi-River-88", again="Lanxi-River-89").content.decode()
    assert "两次输入的新密码不一样。" in page


def test_the_old_password_must_be_right(cast: Cast) -> None:
    page = change(cast.client("insider"), "Lanxi-River-88", old="Wrong-2026-pass").content.decode()
    assert "当前密码不正确。" in page


def test_the_last_five_passwords_cannot_come_back_but_the_sixth_can(cast: Cast) -> None:
    browser = cast.client("insider")
    old = PASSWORD
    for number in range(4):
        assert change(browser, f"Lanxi-River-{number}", old=old).status_code == 302
        old = f"Lanxi-River-{number}"
    for used in (PASSWORD, "Lanxi-River-0", "Lanxi-River-3"):
        assert "不能使用最近5次用过的密码" in change(browser, used, old=old).content.decode()
    assert change(browser, "Lanxi-River-9", old=old).status_code == 302
    assert change(browser, PASSWORD, old="Lanxi-River-9").status_code == 302
    assert UsedPassword.objects.filter(user=cast.user("insider")).count() == 5


def test_changing_keeps_this_session_and_ends_the_others(cast: Cast) -> None:
    here, there = Client(), Client()
    for browser in (here, there):
        browser.force_login(cast.user("insider"))
        assert browser.get(CHANGE).status_code == 200
    change(here, "Lanxi-River-88")
    assert here.get(CHANGE).status_code == 200
    assert there.get(CHANGE).status_code == 302


def test_changing_is_audited_without_the_password_and_the_person_is_told(cast: Cast) -> None:
    change(cast.client("insider"), "Lanxi-River-88")
    entry = AuditEntry.objects.get(action="password.change")
    assert entry.actor_user == cast.user("insider")
    assert "Lanxi" not in str(entry.detail)
    assert Notice.objects.get(recipient=cast.user("insider")).title == "您的登录密码已修改"
