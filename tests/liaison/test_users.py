"""Accounts: made, changed, closed and handed out by the system administrator; unlocked by the security one."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.models import AuditEntry, Notice, Organisation, Posting, User
from liaison.models.audit import AuditResult
from liaison.permissions import OrganisationKind, Role
from liaison.selectors.user import user_list
from liaison.services.user import (
    user_activate,
    user_create,
    user_deactivate,
    user_initial_password,
    user_second_factor_reset,
    user_send_link,
    user_unlock,
    user_update,
)
from liaison.tasks import send_password_links
from tests.cast import PASSWORD, Cast

LIST = "/system/users/"


@pytest.fixture
def county_admin(cast: Cast) -> User:
    """The system administrator of the county, who sees less than the city's."""
    user = User.objects.create_user("county_admin", PASSWORD, name="区管理", region=cast.regions["county"])
    Posting.objects.create(user=user, organisation=cast.offices["county_office"], role=Role.SYSTEM_ADMIN)
    cast.users["county_admin"] = user
    return user


def new_account(cast: Cast, **values: object) -> dict[str, object]:
    return {
        "actor": cast.actor("system_admin"),
        "public_id": uuid.uuid4(),
        "username": "zhangsan",
        "name": "张三",
        "phone": "13800001234",
        "email": "zhangsan@example.org",
        "region": cast.regions["county"],
        **values,
    }


def page_of(user: User) -> str:
    return f"{LIST}{user.public_id}/"


# ── making ───────────────────────────────────────────────────────────────────────────────────────
def test_an_account_is_made_without_a_password(cast: Cast) -> None:
    user = user_create(**new_account(cast))
    assert not user.has_usable_password()
    assert (user.username, user.phone, user.region) == ("zhangsan", "13800001234", cast.regions["county"])
    entry = AuditEntry.objects.get(action="user.create")
    assert entry.detail["new"]["username"] == "zhangsan"
    assert entry.detail["new"]["phone"] == "***"


def test_the_same_form_twice_makes_one_account(cast: Cast) -> None:
    values = new_account(cast)
    assert user_create(**values) == user_create(**values)
    assert AuditEntry.objects.filter(action="user.create").count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"username": "Insider"}, "username"),
        ({"username": "1abc"}, "username"),
        ({"phone": "13873700001"}, "phone"),
        ({"phone": "123"}, "phone"),
        ({"email": "no-address"}, "email"),
        ({"name": ""}, "name"),
    ],
)
def test_a_wrong_or_taken_value_names_its_field(cast: Cast, values: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        user_create(**new_account(cast, **values))
    assert list(refused.value.fields) == [field]
    assert not User.objects.filter(name="张三").exists()


def test_accounts_are_made_only_in_ones_own_region(cast: Cast, county_admin: User) -> None:
    with pytest.raises(NotFound):
        user_create(**new_account(cast, actor=cast.actor("county_admin"), region=cast.regions["neighbour"]))


@pytest.mark.parametrize("name", ["security_admin", "auditor", "insider", "deputy"])
def test_others_make_no_accounts(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        user_create(**new_account(cast, actor=cast.actor(name)))


def test_the_form_makes_an_account_and_leads_to_its_page(cast: Cast) -> None:
    browser = cast.client("system_admin")
    form = browser.get(f"{LIST}new/").context["form"]
    typed = {
        "public_id": str(form["public_id"].value()),
        "username": "lisi",
        "name": "李四",
        "region": cast.regions["city"].pk,
    }
    response = browser.post(f"{LIST}new/", typed)
    user = User.objects.get(username="lisi")
    assert response["Location"] == page_of(user)
    page = browser.get(response["Location"]).content.decode()
    assert "还没有密码" in page
    assert browser.post(f"{LIST}new/", typed)["Location"] == page_of(user)


def test_what_was_typed_stays_when_something_is_wrong(cast: Cast) -> None:
    response = cast.client("system_admin").post(
        f"{LIST}new/", {"public_id": str(uuid.uuid4()), "username": "insider", "name": "李四", "region": "0"}
    )
    assert response.status_code == 422
    assert 'value="李四"' in response.content.decode()


# ── changing ─────────────────────────────────────────────────────────────────────────────────────
def change(cast: Cast, whose: str, **values: object) -> User:
    user = User.objects.get(username=whose)
    return user_update(
        **{
            "actor": cast.actor("system_admin"),
            "public_id": user.public_id,
            "version": user.version,
            "name": user.name,
            "phone": user.phone or "",
            "email": user.email,
            "region": cast.regions["city"],
            **values,
        }
    )


def test_a_change_is_audited_with_old_and_new_values(cast: Cast) -> None:
    user = change(cast, "insider", name="陈立新", phone="13800001234")
    assert user.version == 2
    entry = AuditEntry.objects.get(action="user.update")
    assert entry.detail["old"] == {"name": "陈经办", "phone": "", "region": ""}
    assert entry.detail["new"] == {"name": "陈立新", "phone": "***", "region": "湖南省益阳市"}


def test_nothing_changed_writes_nothing(cast: Cast) -> None:
    change(cast, "insider")
    assert change(cast, "insider").version == 2
    assert AuditEntry.objects.filter(action="user.update").count() == 1


def test_a_stale_page_is_told_and_goes_through_the_second_time(cast: Cast) -> None:
    browser = cast.client("system_admin")
    url = f"{page_of(cast.user('insider'))}edit/"
    typed = {"name": "陈甲", "region": cast.regions["city"].pk, "version": 1}
    assert browser.post(url, typed).status_code == 302
    response = browser.post(url, {**typed, "name": "陈乙"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "已有变化，这一次没有保存" in page
    assert 'value="陈乙"' in page
    assert "现在的资料" in page
    assert browser.post(url, {**typed, "name": "陈乙", "version": response.context["form"]["version"].value()})
    assert User.objects.get(username="insider").name == "陈乙"


def test_a_taken_phone_number_is_refused_at_the_field(cast: Cast) -> None:
    with pytest.raises(InvalidInput) as refused:
        change(cast, "insider", phone="13873700001")
    assert refused.value.fields == {"phone": "这个手机号码已登记在另一个账号上。"}


def test_a_stale_version_is_refused_in_the_service(cast: Cast) -> None:
    with pytest.raises(StaleVersion):
        change(cast, "insider", version=7)


# ── whose account it is ──────────────────────────────────────────────────────────────────────────
def test_a_county_does_not_see_the_city(cast: Cast, county_admin: User) -> None:
    seen = set(user_list(cast.actor("county_admin")).values_list("username", flat=True))
    assert seen == {"county_clerk", "county_admin"}
    assert cast.client("county_admin").get(page_of(cast.user("insider"))).status_code == 404


def test_somebody_with_a_posting_above_is_managed_from_above(cast: Cast, county_admin: User) -> None:
    Posting.objects.create(user=cast.user("insider"), organisation=cast.offices["county_office"], role=Role.VIEWER)
    actor = cast.actor("county_admin")
    with pytest.raises(NotAllowed, match="上级区划"):
        user_initial_password(actor=actor, public_id=cast.user("insider").public_id, version=1)
    page = cast.client("county_admin").get(page_of(cast.user("insider"))).content.decode()
    assert "请由上级区划的管理员办理" in page


@pytest.mark.parametrize("name", ["security_admin", "auditor"])
def test_the_system_administrator_cannot_get_into_the_other_two(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed, match="相互独立"):
        user_initial_password(actor=cast.actor("system_admin"), public_id=cast.user(name).public_id, version=1)
    with pytest.raises(NotAllowed, match="相互独立"):
        change(cast, name, email="mine@example.org")
    user_send_link(actor=cast.actor("system_admin"), public_id=cast.user(name).public_id)


def test_the_administrator_above_may(cast: Cast, county_admin: User) -> None:
    user, _ = user_initial_password(actor=cast.actor("system_admin"), public_id=county_admin.public_id, version=1)
    assert user.must_change_password


def test_a_refusal_is_audited_as_denied(cast: Cast) -> None:
    url = f"{page_of(cast.user('auditor'))}initial-password/"
    cast.client("system_admin").post(url, {"version": 1})
    entry = AuditEntry.objects.get(action="access.deny")
    assert (entry.result, entry.actor_name, entry.target_title) == (AuditResult.DENIED, "谢系统", f"提交 {url}")
    assert not AuditEntry.objects.filter(action="password.initial").exists()


# ── closing ──────────────────────────────────────────────────────────────────────────────────────
def test_a_closed_account_is_out_at_once_and_may_come_back(cast: Cast) -> None:
    browser = cast.client("insider")
    assert browser.get("/accounts/sessions/").status_code == 200
    user = cast.user("insider")
    actor = cast.actor("system_admin")
    user_deactivate(actor=actor, public_id=user.public_id, version=1, reason="已调离")
    assert browser.get("/accounts/sessions/").status_code == 302
    assert AuditEntry.objects.get(action="user.deactivate").detail == {"reason": "已调离"}
    user_activate(actor=actor, public_id=user.public_id, version=2)
    assert Client().post("/accounts/login/", {"login": "insider", "password": PASSWORD})["Location"] == "/"


def test_closing_twice_writes_once(cast: Cast) -> None:
    user = cast.user("insider")
    for version in (1, 2):
        user_deactivate(actor=cast.actor("system_admin"), public_id=user.public_id, version=version, reason="调离")
    assert AuditEntry.objects.filter(action="user.deactivate").count() == 1


def test_nobody_closes_their_own_account(cast: Cast) -> None:
    with pytest.raises(DomainError, match="自己的账号"):
        user_deactivate(
            actor=cast.actor("system_admin"), public_id=cast.user("system_admin").public_id, version=1, reason="试"
        )


# ── handing out ──────────────────────────────────────────────────────────────────────────────────
def test_an_initial_password_is_shown_once_and_must_be_changed(cast: Cast) -> None:
    browser = cast.client("system_admin")
    url = f"{page_of(cast.user('insider'))}initial-password/"
    response = browser.post(url, {"version": 1})
    assert response["Cache-Control"] == "no-store"
    password = response.context["password"]
    assert password in response.content.decode()
    person = Client()
    person.post("/accounts/login/", {"login": "insider", "password": password})
    assert person.get("/accounts/sessions/")["Location"].startswith("/accounts/password/change/")
    assert password not in str(list(AuditEntry.objects.values()))


def test_the_same_press_twice_leaves_the_password_that_was_shown(cast: Cast) -> None:
    browser = cast.client("system_admin")
    url = f"{page_of(cast.user('insider'))}initial-password/"
    shown = browser.post(url, {"version": 1}).context["password"]
    assert browser.post(url, {"version": 1}).status_code == 422
    assert User.objects.get(username="insider").check_password(shown)


def test_a_link_is_mailed_by_a_task(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
) -> None:
    calls: list[list[int]] = []
    monkeypatch.setattr(send_password_links, "delay", calls.append)
    with django_capture_on_commit_callbacks(execute=True):
        cast.client("system_admin").post(f"{page_of(cast.user('insider'))}send-link/")
    assert calls == [[cast.user("insider").pk]]
    assert AuditEntry.objects.filter(action="password.link_send").count() == 1


def test_without_mail_or_active_account_there_is_no_link(cast: Cast) -> None:
    User.objects.filter(username="insider").update(email="")
    with pytest.raises(DomainError, match="没有登记电子邮箱"):
        user_send_link(actor=cast.actor("system_admin"), public_id=cast.user("insider").public_id)
    User.objects.filter(username="approver").update(is_active=False)
    with pytest.raises(DomainError, match="已停用"):
        user_send_link(actor=cast.actor("system_admin"), public_id=cast.user("approver").public_id)


# ── the security administrator ───────────────────────────────────────────────────────────────────
def test_a_locked_account_is_unlocked_and_the_person_told(cast: Cast) -> None:
    user = cast.user("insider")
    User.objects.filter(pk=user.pk).update(failed_logins=5, locked_until=timezone.now() + dt.timedelta(minutes=9))
    user_unlock(actor=cast.actor("security_admin"), public_id=user.public_id)
    user_unlock(actor=cast.actor("security_admin"), public_id=user.public_id)
    user.refresh_from_db()
    assert (user.failed_logins, user.locked_until) == (0, None)
    assert AuditEntry.objects.filter(action="account.unlock").count() == 1
    assert Notice.objects.filter(recipient=user).count() == 1


def test_the_system_administrator_unlocks_nobody(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        user_unlock(actor=cast.actor("system_admin"), public_id=cast.user("insider").public_id)


def test_a_lost_second_factor_is_taken_away_with_a_reason(cast: Cast) -> None:
    user = cast.user("insider")
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    response = cast.client("security_admin").post(f"{page_of(user)}reset-second-factor/", {"reason": "手机丢失"})
    assert response["Location"] == page_of(user)
    assert not Authenticator.objects.filter(user=user).exists()
    assert AuditEntry.objects.get(action="mfa.reset").detail == {"kind": ["totp"], "reason": "手机丢失"}


def test_ones_own_second_factor_is_managed_in_ones_account(cast: Cast) -> None:
    with pytest.raises(DomainError, match="我的账号"):
        user_second_factor_reset(
            actor=cast.actor("security_admin"), public_id=cast.user("security_admin").public_id, reason="试"
        )


# ── the pages ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"陈经办", "何区办", "李代表"}),
        ("q=区办", {"何区办"}),
        ("q=COUNTY_CLERK", {"何区办"}),
        ("q=1387370000", {"李代表"}),
        ("role=handler&region=430903", {"何区办"}),
        ("view=locked", {"陈经办"}),
        ("view=inactive", set()),
        ("view=without_posting", {"无岗位"}),
        ("view=nonsense", {"陈经办", "何区办", "李代表"}),
        ("role=nonsense", {"陈经办", "何区办", "李代表"}),
    ],
)
def test_the_list_is_searched_and_filtered(cast: Cast, query: str, found: set[str]) -> None:
    User.objects.filter(username__in=["nobody", "deputy"]).update(region=cast.regions["city"])
    User.objects.filter(username="county_clerk").update(region=cast.regions["county"])
    User.objects.filter(username="insider").update(locked_until=timezone.now() + dt.timedelta(minutes=9))
    page = cast.client("system_admin").get(f"{LIST}?{query}")
    names = {user.name for user in page.context["page"].items}
    assert names & {"陈经办", "何区办", "李代表", "无岗位"} >= found
    if query and "nonsense" not in query:
        assert names == found


def test_the_list_masks_phone_numbers(cast: Cast) -> None:
    User.objects.filter(username="insider").update(phone="13800001234")
    for path in (LIST, page_of(cast.user("insider"))):
        page = cast.client("system_admin").get(path).content.decode()
        assert "13800001234" not in page
        assert "138****1234" in page


@pytest.mark.parametrize("rows", [2, 20])
def test_the_query_budget_of_the_list(cast: Cast, rows: int, django_assert_max_num_queries) -> None:
    for number in range(rows):
        user = User.objects.create_user(f"more{number}", None, name=f"某{number}", region=cast.regions["city"])
        Posting.objects.create(user=user, organisation=cast.offices["unit"], role=Role.VIEWER)
    browser = cast.client("system_admin")
    browser.get(LIST)
    # session, user, postings, mandates 4; regions of the filter 1; accounts 1; their postings 1; inbox count 1
    with django_assert_max_num_queries(8):
        browser.get(LIST)


def test_the_page_offers_each_administrator_their_own_acts(cast: Cast) -> None:
    path = page_of(cast.user("insider"))
    system, security = (cast.client(name).get(path).content.decode() for name in ("system_admin", "security_admin"))
    assert "生成初始密码" in system
    assert "分配岗位" not in system
    assert "分配岗位" in security
    assert "生成初始密码" not in security


def test_units_keep_no_accounts(cast: Cast) -> None:
    Organisation.objects.create(name="某局", kind=OrganisationKind.UNIT, region=cast.regions["county"])
    assert cast.client("unit").get(LIST).status_code == 403


# ── from the server ──────────────────────────────────────────────────────────────────────────────
def test_who_runs_the_server_can_let_an_administrator_back_in(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    User.objects.filter(username="auditor").update(locked_until=timezone.now() + dt.timedelta(minutes=9))
    call_command("initial_password", "auditor")
    password = capsys.readouterr().out.strip().rpartition("：")[2]
    user = User.objects.get(username="auditor")
    assert user.check_password(password)
    assert user.must_change_password
    assert not user.is_locked
    assert AuditEntry.objects.get(action="password.initial").actor_name == "运维"


@pytest.mark.parametrize(("username", "reason"), [("nobody_has_this", "没有用户名"), ("colleague", "已停用")])
def test_an_unknown_or_closed_account_gets_none(cast: Cast, username: str, reason: str) -> None:
    User.objects.filter(username="colleague").update(is_active=False)
    with pytest.raises(CommandError, match=reason):
        call_command("initial_password", username)
