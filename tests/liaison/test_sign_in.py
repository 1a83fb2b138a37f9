"""Signing in and out: by user name or phone, refused without telling which names exist, always audited."""

from __future__ import annotations

import pytest
from django.test import Client

from liaison.models import AuditEntry, User
from liaison.models.audit import AuditResult
from tests.cast import PASSWORD, Cast

SIGN_IN = "/accounts/login/"


@pytest.fixture
def browser() -> Client:
    return Client()


def sign_in(browser: Client, login: str, password: str = PASSWORD, **extra: str):
    return browser.post(SIGN_IN, {"login": login, "password": password, **extra})


def audited(action: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action=action).order_by("id"))


def test_the_page_asks_for_user_name_or_phone(cast: Cast, browser: Client) -> None:
    page = browser.get(SIGN_IN).content.decode()
    assert "用户名或手机号码" in page
    assert "演示账号" not in page


def test_the_page_shows_the_public_where_to_go(cast: Cast, browser: Client) -> None:
    page = browser.get(SIGN_IN).content.decode()
    assert 'href="/open/projects/"' in page
    assert browser.get("/open/projects/").status_code == 200


def test_a_user_name_signs_in_whatever_its_case(cast: Cast, browser: Client) -> None:
    response = sign_in(browser, "Insider")
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert browser.session["_auth_user_id"] == str(cast.user("insider").pk)


def test_a_phone_number_signs_in(cast: Cast, browser: Client) -> None:
    assert sign_in(browser, " 13873700001 ").status_code == 302
    assert browser.session["_auth_user_id"] == str(cast.user("deputy").pk)


def test_the_person_comes_to_the_page_they_asked_for(cast: Cast, browser: Client) -> None:
    assert sign_in(browser, "insider", next="/system/users/")["Location"] == "/system/users/"


def test_a_foreign_address_is_no_page_to_come_to(cast: Cast, browser: Client) -> None:
    assert sign_in(browser, "insider", next="https://evil.example/")["Location"] == "/"


@pytest.mark.parametrize("login", ["insider", "nobody_has_this_name", "13900000000"])
def test_wrong_password_and_unknown_name_get_the_same_answer(cast: Cast, browser: Client, login: str) -> None:
    response = sign_in(browser, login, "Wrong-2026-pass")
    assert response.status_code == 422
    assert "用户名或密码不正确。连续5次不正确，将锁定15分钟。" in response.content.decode()
    assert "Wrong-2026-pass" not in response.content.decode()
    assert "有内容需要更正，请重新输入" in response.content.decode()  # the password is not sent back


def test_an_empty_form_names_its_fields(cast: Cast, browser: Client) -> None:
    page = sign_in(browser, "", "").content.decode()
    assert "请填写用户名或手机号码。" in page
    assert "请填写密码。" in page


def test_a_deactivated_account_is_told_so_only_with_its_password(cast: Cast, browser: Client) -> None:
    User.objects.filter(username="insider").update(is_active=False)
    assert "不正确" in sign_in(browser, "insider", "Wrong-2026-pass").content.decode()
    response = sign_in(browser, "insider")
    assert response["Location"] == "/accounts/inactive/"
    assert "账号已停用" in browser.get(response["Location"]).content.decode()
    assert "_auth_user_id" not in browser.session


def test_signing_in_is_audited_with_capacity_and_address(cast: Cast, browser: Client) -> None:
    sign_in(browser, "insider")
    (entry,) = audited("account.sign_in")
    assert (entry.result, entry.actor_user, entry.actor_label, entry.region_prefix, entry.ip) == (
        AuditResult.SUCCESS,
        cast.user("insider"),
        "益阳市人大常委会联工委 · 经办",
        "4309",
        "127.0.0.1",
    )
    assert entry.detail == {"means": "password"}


def test_a_failure_is_audited_under_the_account_but_nobodys_name(cast: Cast, browser: Client) -> None:
    sign_in(browser, "insider", "Wrong-2026-pass")
    (entry,) = audited("account.sign_in")
    assert entry.result == AuditResult.FAILED
    assert entry.actor_user is None
    assert entry.target_title == "陈经办"
    assert entry.region_prefix == "4309"


def test_a_failure_under_an_unknown_name_does_not_write_the_name_down(cast: Cast, browser: Client) -> None:
    sign_in(browser, "MySecret-pass-2026", "whatever")
    (entry,) = audited("account.sign_in")
    assert entry.region_prefix == "*"
    assert "MySecret" not in str([getattr(entry, field.name) for field in entry._meta.fields])
    assert list(AuditEntry.objects.visible_to(cast.actor("auditor"))) == [entry]


def test_signing_out_ends_the_session_and_is_audited(cast: Cast, browser: Client) -> None:
    sign_in(browser, "insider")
    assert browser.post("/accounts/logout/")["Location"] == SIGN_IN
    assert "_auth_user_id" not in browser.session
    (entry,) = audited("account.sign_out")
    assert entry.actor_name == "陈经办"


def test_a_link_cannot_sign_anybody_out(cast: Cast) -> None:
    browser = cast.client("insider")
    assert browser.get("/accounts/logout/").status_code == 200
    assert "_auth_user_id" in browser.session


def test_nobody_signs_up_by_themselves(cast: Cast, browser: Client) -> None:
    assert browser.get("/accounts/signup/").status_code == 404
    assert browser.get("/accounts/email/").status_code == 404


def test_the_address_is_the_visitors_behind_our_own_proxy(cast: Cast, browser: Client, settings) -> None:
    settings.TRUSTED_PROXIES = 1
    browser.post(
        SIGN_IN,
        {"login": "insider", "password": PASSWORD},
        headers={"X-Forwarded-For": "6.6.6.6, 198.51.100.7"},
    )
    (entry,) = audited("account.sign_in")
    assert entry.ip == "198.51.100.7"


def test_a_made_up_forwarding_header_is_not_believed(cast: Cast, browser: Client) -> None:
    browser.post(SIGN_IN, {"login": "insider", "password": PASSWORD}, headers={"X-Forwarded-For": "6.6.6.6"})
    (entry,) = audited("account.sign_in")
    assert entry.ip == "127.0.0.1"


def test_a_page_asks_for_signing_in_and_is_come_back_to(cast: Cast, browser: Client) -> None:
    assert browser.get("/inbox/?x=1")["Location"] == f"{SIGN_IN}?next=/inbox/%3Fx%3D1"


def test_a_form_sent_after_signing_out_comes_back_to_its_page(cast: Cast, browser: Client) -> None:
    response = browser.post("/inbox/read/", headers={"Referer": "http://testserver/inbox/"})
    assert response["Location"] == f"{SIGN_IN}?next=/inbox/"


def test_htmx_and_scripts_are_told_in_their_way(cast: Cast, browser: Client) -> None:
    response = browser.get("/inbox/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/search/?q=a"})
    assert response["HX-Redirect"] == f"{SIGN_IN}?next=/search/%3Fq%3Da"
    response = browser.get("/system/users/", headers={"Accept": "application/json"})
    assert (response.status_code, response.json()["code"]) == (401, "signed_out")


def test_the_query_budget_of_signing_in(cast: Cast, browser: Client, django_assert_max_num_queries) -> None:
    # account and lock 2, capacities twice 4, session 4, count and audit 4, allauth's second factors and
    # sessions 8, transactions around them
    with django_assert_max_num_queries(40):
        sign_in(browser, "insider")
