"""Password rules beyond Django's own (等保: 身份鉴别信息具有复杂度要求并定期更换)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError

from liaison.selectors.account import used_password_hashes

if TYPE_CHECKING:
    from liaison.models import User


class LengthValidator(MinimumLengthValidator):
    """Django's rule; its message is not translated in this version."""

    def get_error_message(self) -> str:
        return f"密码太短，至少要有{self.min_length}个字符。"

    def get_help_text(self) -> str:
        return f"密码至少要有{self.min_length}个字符。"


class CharacterClassValidator:
    """At least three of: upper case, lower case, digits, other characters."""

    message = "密码应至少包含大写字母、小写字母、数字、符号中的三种。"

    def __init__(self, required: int = 3) -> None:
        self.required = required

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ``ValidationError`` when too few classes are present."""
        classes = [
            any("A" <= char <= "Z" for char in password),
            any("a" <= char <= "z" for char in password),
            any(char.isdigit() for char in password),
            any(not char.isalnum() or not char.isascii() for char in password),
        ]
        if sum(classes) < self.required:
            raise ValidationError(self.message, code="password_too_plain")

    def get_help_text(self) -> str:
        return self.message


class UsedPasswordValidator:
    """Not one of the last passwords of this account (``PASSWORD_HISTORY``, the present one among them)."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ``ValidationError`` when the password was in use lately."""
        if user is None or user.pk is None:
            return
        if any(check_password(password, used) for used in used_password_hashes(user)):
            raise ValidationError(self.get_help_text(), code="password_used")

    def get_help_text(self) -> str:
        return f"不能使用最近{settings.PASSWORD_HISTORY}次用过的密码。"
