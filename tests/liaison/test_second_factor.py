"""Second factors: an authenticator app, recovery codes, how they are kept and what they leave in the audit."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from liaison.forms.second_factor import RenamePasskeyForm
from liaison.models import AuditEntry, Notice, User
from tests.cast import PASSWORD, Cast


def code_for(secret: str) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))))


def activate(browser: Client) -> str:
    """Switch the authenticator app on, as a person does; its secret."""
    response = browser.get("/accounts/2fa/totp/activate/")
    assert response["Location"].startswith("/accounts/reauthenticate/")
    browser.post(response["Location"], {"password": PASSWORD})
    page = browser.get("/accounts/2fa/totp/activate/")
    secret: str = page.context["form"].secret
    response = browser.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})
    assert response["Location"] == "/accounts/2fa/recovery-codes/"
    return secret


@pytest.fixture
def secret(cast: Cast, django_capture_on_commit_callbacks) -> str:
    User.objects.filter(username="insider").update(email="")
    with django_capture_on_commit_callbacks(execute=True):
        return activate(cast.client("insider"))


def password_step() -> Client:
    browser = Client()
    response = browser.post("/accounts/login/", {"login": "insider", "password": PASSWORD})
    assert response["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in browser.session
    return browser


def test_the_code_completes_signing_in(cast: Cast, secret: str) -> None:
    browser = password_step()
    assert browser.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})["Location"] == "/"
    entry = AuditEntry.objects.filter(action="account.sign_in").latest("id")
    assert entry.detail == {"means": "password+totp"}


def test_a_recovery_code_works_once(cast: Cast, secret: str) -> None:
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert password_step().post("/accounts/2fa/authenticate/", {"code": codes[0]})["Location"] == "/"
    page = password_step().post("/accounts/2fa/authenticate/", {"code": codes[0]}).content.decode()
    assert "验证码不正确或已过期" in page


def test_wrong_codes_lock_like_wrong_passwords(cast: Cast, secret: str) -> None:
    browser = password_step()
    pages = [browser.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode() for _ in range(6)]
    assert "验证码不正确或已过期" in pages[0]
    assert "账号暂时锁定" in pages[5]
    assert User.objects.get(username="insider").is_locked
    page = browser.post("/accounts/2fa/authenticate/", {"code": code_for(secret)}).content.decode()
    assert "账号暂时锁定" in page


def test_secrets_are_encrypted_in_the_table(cast: Cast, secret: str) -> None:
    for authenticator in Authenticator.objects.all():
        assert secret not in str(authenticator.data)
        assert all(str(value).startswith("gAAAA") for value in (authenticator.data.get("secret"),) if value)


def test_switching_on_and_off_is_audited_and_told(cast: Cast, secret: str) -> None:
    browser = cast.client("insider")
    browser.post("/accounts/2fa/totp/deactivate/")
    rows = AuditEntry.objects.filter(action__startswith="mfa.").order_by("id").values_list("action", "detail")
    assert list(rows) == [
        ("mfa.add", {"kind": "totp"}),
        ("mfa.add", {"kind": "recovery_codes"}),
        ("mfa.remove", {"kind": "totp"}),
        ("mfa.remove", {"kind": "recovery_codes"}),
    ]
    titles = Notice.objects.filter(recipient=cast.user("insider")).order_by("id").values_list("title", flat=True)
    assert list(titles) == ["您的账号启用了身份验证器", "您的账号停用了身份验证器"]


def test_every_page_is_chinese(cast: Cast, secret: str) -> None:
    browser = cast.client("insider")
    for path in ("", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/", "webauthn/", "webauthn/add/"):
        page = browser.get(f"/accounts/2fa/{path}")
        assert page.status_code == 200, path
        assert "authenticator" not in page.content.decode().split("<main")[1].split("</main")[0].split("<script")[0], (
            path
        )


def test_an_account_with_a_passkey_alone_sets_a_password(cast: Cast) -> None:
    user = cast.user("insider")
    user.set_unusable_password()
    user.must_change_password = True
    user.save()
    browser = Client()
    browser.force_login(user)
    page = browser.get("/accounts/password/set/")
    assert page.status_code == 200
    assert "至少10个字符" in page.content.decode()
    browser.post("/accounts/password/set/", {"password1": "Lanxi-River-88", "password2": "Lanxi-River-88"})
    user.refresh_from_db()
    assert user.check_password("Lanxi-River-88")
    assert not user.must_change_password


def test_a_passkey_is_renamed(cast: Cast) -> None:
    assert RenamePasskeyForm(instance=FakePasskey()).fields["name"].label == "名称"


class FakePasskey:
    def wrap(self) -> FakePasskey:
        return self

    name = "办公室电脑"
