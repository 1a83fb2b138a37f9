"""Signing in and setting passwords: allauth's forms in our words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.conf import settings

from liaison.services.password import password_link_ask

#: The rules in one sentence, above the field where a new password is typed.
PASSWORD_HELP = (
    "至少10个字符，大写字母、小写字母、数字、符号至少三种；不要用姓名、手机号；"
    f"不能与最近{settings.PASSWORD_HISTORY}次用过的相同。"
)


def _plain(field: forms.Field, label: str, help_text: str = "") -> None:
    """Our label and help; no words inside the box, where they vanish with the first key."""
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)


class SignInForm(allauth_forms.LoginForm):  # type: ignore[misc]
    """User name or phone number, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["login"], "用户名或手机号码")
        self.fields["login"].error_messages["required"] = "请填写用户名或手机号码。"
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        _plain(self.fields["password"], "密码")
        self.fields["password"].error_messages["required"] = "请填写密码。"


class _NewPasswordMixin:
    """Two boxes for a new password, with the rules above the first."""

    fields: dict[str, forms.Field]

    def _word(self) -> None:
        _plain(self.fields["password1"], "新密码", PASSWORD_HELP)
        _plain(self.fields["password2"], "再输入一次新密码")
        for field in self.fields.values():
            field.error_messages["required"] = f"请填写{field.label}。"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = forms.Form.clean(self) or {}  # type: ignore[arg-type]
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", "两次输入的新密码不一样。")  # type: ignore[attr-defined]
        return cleaned


class ChangePasswordForm(_NewPasswordMixin, allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    """By oneself, signed in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["oldpassword"], "当前密码")
        self._word()


class SetPasswordForm(_NewPasswordMixin, allauth_forms.SetPasswordForm):  # type: ignore[misc]
    """By somebody who signed in with a passkey and has no password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._word()


class ResetPasswordForm(_NewPasswordMixin, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """By the link in a mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._word()


class ReauthenticateForm(allauth_forms.ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["password"], "密码")
        self.fields["password"].error_messages["required"] = "请填写密码。"


class AskPasswordLinkForm(forms.Form):
    """Who forgot a password says who they are; the answer is the same for everybody.

    The field is called ``email`` because allauth's view counts requests by it.
    """

    email = forms.CharField(
        label="用户名、手机号码或电子邮箱",
        max_length=254,
        error_messages={"required": "请填写用户名、手机号码或电子邮箱。"},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def save(self, request: Any, **kwargs: Any) -> str:
        """Ask for the links; mails go out after the answer."""
        text: str = self.cleaned_data["email"]
        password_link_ask(actor=request.actor, login=text)
        return text
