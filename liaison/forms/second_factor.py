"""Second factors (两步验证): allauth's forms in our words, refused while the account is locked."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base import forms as base_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from liaison.selectors.account import lock_end


def _code(field: forms.Field, label: str, help_text: str) -> None:
    field.label, field.help_text = label, help_text
    field.error_messages["required"] = "请填写验证码。"
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}


class _CodeMixin:
    """A code from the authenticator app, or a recovery code."""

    fields: dict[str, forms.Field]
    user: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self.fields["code"], "验证码", "打开手机上的身份验证器，输入6位动态码；也可以输入一个8位备用码。")

    def clean_code(self) -> str:
        """Wrong codes count like wrong passwords, so a locked account gets no further try."""
        until = lock_end(self.user.username)
        if until is not None:
            raise ValidationError(
                f"失败次数过多，账号暂时锁定，请在{timezone.localtime(until):%H:%M}之后再试。", code="locked"
            )
        code: str = super().clean_code()  # type: ignore[misc]
        return code


class AuthenticateForm(_CodeMixin, base_forms.AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""


class ReauthenticateForm(_CodeMixin, base_forms.ReauthenticateForm):  # type: ignore[misc]
    """Once more, before something that matters."""


class ActivateTOTPForm(totp_forms.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self.fields["code"], "6位动态码", "输入手机身份验证器上现在显示的数字。")


class AddPasskeyForm(webauthn_forms.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey (通行密钥)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "名称"
        self.fields["name"].help_text = "便于您以后辨认，例如“办公室电脑”“我的手机”。"
        if "passwordless" in self.fields:
            self.fields["passwordless"].label = "登录时不再输入密码"
            self.fields["passwordless"].help_text = "用这个通行密钥（指纹、面容或设备密码）即可直接登录。"
            self.fields["passwordless"].initial = True


class RenamePasskeyForm(webauthn_forms.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "名称"
        self.fields["name"].error_messages["required"] = "请填写名称。"
