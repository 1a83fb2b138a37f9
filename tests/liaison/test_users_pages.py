"""The administrators' pages, pressed as a person presses them."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from allauth.mfa.models import Authenticator
from django.test import RequestFactory
from django.utils import timezone

from liaison.actor import system_actor
from liaison.adapters import AccountAdapter
from liaison.exceptions import InvalidInput, NotFound
from liaison.menu import administration_menu, administration_todos
from liaison.models import Posting, User
from liaison.network import client_ip
from liaison.permissions import OrganisationKind, Role
from liaison.selectors.audit import target_label
from liaison.selectors.posting import get_posting_for
from liaison.selectors.user import user_list
from liaison.services.organisation import organisation_deactivate
from liaison.services.user import user_create
from liaison.validators import CharacterClassValidator, LengthValidator, UsedPasswordValidator
from tests.cast import Cast

UNKNOWN = uuid.UUID(int=0)


def page_of(user: User) -> str:
    return f"/system/users/{user.public_id}/"


def test_editing_saves_and_leads_back(cast: Cast) -> None:
    user = cast.user("insider")
    response = cast.client("system_admin").post(
        f"{page_of(user)}edit/", {"name": "陈新名", "email": "", "region": cast.regions["city"].pk, "version": 1}
    )
    assert response["Location"] == page_of(user)
    user.refresh_from_db()
    assert (user.name, user.email, user.region) == ("陈新名", "", cast.regions["city"])


def test_the_edit_form_shows_what_is_there(cast: Cast) -> None:
    User.objects.filter(username="insider").update(phone="13800001234")
    page = cast.client("system_admin").get(f"{page_of(cast.user('insider'))}edit/").content.decode()
    assert 'value="13800001234"' in page


def test_closing_asks_why_and_may_be_taken_back(cast: Cast) -> None:
    user, browser = cast.user("insider"), cast.client("system_admin")
    url = f"{page_of(user)}deactivate/"
    assert "停用陈经办（insider）的账号？" in browser.get(url).content.decode()
    assert browser.post(url, {"reason": "", "version": 1}).status_code == 422
    assert browser.post(url, {"reason": "已调离", "version": 1})["Location"] == page_of(user)
    assert "恢复账号" in browser.get(page_of(user)).content.decode()
    assert browser.post(f"{page_of(user)}activate/", {"version": 2})["Location"] == page_of(user)
    assert "停用账号" in browser.get(page_of(user)).content.decode()


def test_reviving_twice_is_the_same_as_once(cast: Cast) -> None:
    user, browser = cast.user("insider"), cast.client("system_admin")
    assert browser.post(f"{page_of(user)}activate/").status_code == 302
    user.refresh_from_db()
    assert user.version == 1


def test_unlocking_is_one_press(cast: Cast) -> None:
    user, browser = cast.user("insider"), cast.client("security_admin")
    User.objects.filter(pk=user.pk).update(failed_logins=5, locked_until=timezone.now() + dt.timedelta(minutes=9))
    page = browser.get(page_of(user)).content.decode()
    assert "解除锁定" in page
    assert "锁定至" in page
    assert browser.post(f"{page_of(user)}unlock/")["Location"] == page_of(user)
    assert "解除锁定" not in browser.get(page_of(user)).content.decode()


def test_a_link_is_one_press(cast: Cast) -> None:
    user, browser = cast.user("insider"), cast.client("system_admin")
    assert browser.post(f"{page_of(user)}send-link/")["Location"] == page_of(user)
    assert "insider@example.org" in browser.get(page_of(user)).content.decode()


def test_ones_own_page_offers_only_the_contact(cast: Cast) -> None:
    page = cast.client("system_admin").get(page_of(cast.user("system_admin"))).content.decode()
    assert "修改资料" in page
    assert "停用账号" not in page
    page = cast.client("security_admin").get(page_of(cast.user("security_admin"))).content.decode()
    assert "没有可办理的事项" in page


def test_without_a_password_that_comes_first(cast: Cast) -> None:
    user = User.objects.create_user("fresh", None, name="新账号", region=cast.regions["city"])
    page = cast.client("system_admin").get(page_of(user)).content.decode()
    assert "本人不能登录" in page
    assert "发送设置密码的邮件" not in page
    assert cast.client("system_admin").post(f"{page_of(user)}send-link/").status_code == 422


def test_an_initial_password_is_told_on_the_page_of_the_account(cast: Cast) -> None:
    user, browser = cast.user("insider"), cast.client("system_admin")
    assert "生成一次性初始密码？" in browser.get(f"{page_of(user)}initial-password/").content.decode()
    browser.post(f"{page_of(user)}initial-password/", {"version": 1})
    assert "首次登录须修改" in browser.get(page_of(user)).content.decode()


def test_second_factors_are_shown_and_taken_away_after_a_reason(cast: Cast) -> None:
    user, browser = cast.user("insider"), cast.client("security_admin")
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    page = browser.get(page_of(user)).content.decode()
    assert "身份验证器" in page
    assert "撤销两步验证" in page
    assert browser.post(f"{page_of(user)}reset-second-factor/", {"reason": ""}).status_code == 422


def test_a_posting_is_granted_on_its_page(cast: Cast) -> None:
    user, browser = cast.user("colleague"), cast.client("security_admin")
    url = f"{page_of(user)}postings/new/"
    assert browser.post(url, {"organisation": UNKNOWN, "role": "x"}).status_code == 422
    typed = {"organisation": cast.offices["city_office"].public_id, "role": Role.HANDLER}
    assert browser.post(url, typed)["Location"] == page_of(user)
    page = browser.get(page_of(user)).content.decode()
    assert page.count("在任") >= 2


def test_an_organisation_with_a_reason_missing_stays(cast: Cast) -> None:
    browser, office = cast.client("system_admin"), cast.offices["unit"]
    url = f"/system/organisations/{office.public_id}/"
    assert browser.post(f"{url}deactivate/", {"reason": "", "version": 1}).status_code == 422
    assert browser.post(url, {"name": "", "kind": "unit"}).status_code == 422
    assert browser.post("/system/organisations/new/", {"name": ""}).status_code == 422
    office.refresh_from_db()
    assert office.is_active


@pytest.mark.parametrize("path", ["/system/users/", "/system/organisations/"])
def test_unknown_and_foreign_ids_are_not_found(cast: Cast, path: str) -> None:
    assert cast.client("system_admin").get(f"{path}{UNKNOWN}/").status_code == 404


def test_unknown_postings_and_organisations_are_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        get_posting_for(cast.actor("security_admin"), UNKNOWN)
    with pytest.raises(NotFound):
        organisation_deactivate(actor=cast.actor("system_admin"), public_id=UNKNOWN, version=1, reason="试")


def test_a_constraint_nobody_foresaw_is_not_hidden(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liaison.services.checks.CONSTRAINTS", {})
    with pytest.raises(Exception, match="user_username_ci"):
        user_create(actor=system_actor(), public_id=UNKNOWN, username="INSIDER", name="甲", region=cast.regions["city"])


def test_the_system_sees_and_does_everything(cast: Cast) -> None:
    assert user_list(system_actor()).count() == len(cast.users)
    user_create(
        actor=system_actor(), public_id=UNKNOWN, username="made_by_hand", name="甲", region=cast.regions["province"]
    )
    with pytest.raises(InvalidInput):
        user_create(actor=system_actor(), public_id=uuid.uuid4(), username="a", name="甲", region=cast.regions["city"])


def test_the_menu_and_the_todo_fit_the_office(cast: Cast) -> None:
    def lines(name: str) -> list[str]:
        return [entry.label for entry in administration_menu(cast.actor(name))]

    assert lines("system_admin") == ["用户与岗位", "机构", "接口客户端", "角色权限表"]
    assert lines("security_admin") == ["用户与岗位", "角色权限表"]
    assert lines("auditor") == ["角色权限表", "审计记录"]
    assert lines("insider") == []
    User.objects.filter(username="insider").update(locked_until=timezone.now() + dt.timedelta(minutes=9))
    (todo,) = administration_todos(cast.actor("security_admin"))
    assert todo.count == 1
    assert list(administration_todos(cast.actor("system_admin"))) == []


def test_a_kind_without_roles_takes_nobody(cast: Cast) -> None:
    office = cast.offices["unit"]
    office.kind = OrganisationKind.HOTLINE
    office.save()
    response = cast.client("security_admin").post(
        f"{page_of(cast.user('colleague'))}postings/new/", {"organisation": office.public_id, "role": Role.HANDLER}
    )
    assert "12345热线中心没有“经办”这个角色。" in response.content.decode()
    assert not Posting.objects.filter(user=cast.user("colleague"), organisation=office).exists()


def test_a_removed_model_still_has_a_name_in_the_audit() -> None:
    assert target_label("gone.Model") == "gone.Model"
    assert target_label("") == ""


@pytest.mark.parametrize(
    ("forwarded", "trusted", "address"),
    [("", 1, "127.0.0.1"), ("1.2.3.4", 2, "127.0.0.1"), ("nonsense", 1, None), ("::1", 1, "::1")],
)
def test_the_address_of_a_request(settings, forwarded: str, trusted: int, address: str | None) -> None:
    settings.TRUSTED_PROXIES = trusted
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})
    assert client_ip(request) == address


def test_the_rules_describe_themselves() -> None:
    assert "10个字符" in LengthValidator(10).get_help_text()
    assert "三种" in CharacterClassValidator().get_help_text()
    assert "最近5次" in UsedPasswordValidator().get_help_text()
    UsedPasswordValidator().validate("whatever", None)


def test_signing_up_stays_closed() -> None:
    assert not AccountAdapter().is_open_for_signup(RequestFactory().get("/"))
