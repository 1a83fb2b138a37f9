"""Who a name and a password belong to."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from liaison.models import User
from liaison.selectors.account import account_for_login


class SignInBackend(AuthenticationBackend):  # type: ignore[misc]
    """Sign-in by user name or by 11-digit phone number, in one field."""

    def _authenticate_by_username(self, username: str, password: str) -> User | None:
        user: User | None = self._check_password(account_for_login(username), password)
        return user
