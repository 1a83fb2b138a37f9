"""OAuth 2.0 client credentials (RFC 6749, section 4.4) on django-oauth-toolkit, with the portal's own secrets.

The library keeps the public client id (``Application``) and the tokens (``AccessToken``, only their checksum);
who a client is, its scopes and its two valid secrets are ``liaison.models.client``.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes
from oauthlib.oauth2 import BackendApplicationServer
from oauthlib.oauth2.rfc6749.errors import CustomOAuth2Error

from liaison.api.authentication import require_address
from liaison.api.problems import PROBLEMS, ApiProblem
from liaison.permissions import SCOPE_PERMISSIONS
from liaison.requestid import current_request_id
from liaison.selectors.client import Caller, caller_by_client_id
from liaison.services.client_token import secret_accept
from liaison.services.client_use import error_note

if TYPE_CHECKING:
    from oauthlib.common import Request

#: Where the view leaves the caller's address for the validator; no header of a request gets this name.
ADDRESS_KEY = "liaison.client_ip"


class ClientCredentialsServer(BackendApplicationServer):  # type: ignore[misc]  # oauthlib has no types
    """Knows this one grant. A token lives as long as the settings say, but no longer than the secret that bought it."""

    def __init__(self, request_validator: Any, token_expires_in: Any = None, **kwargs: Any) -> None:
        super().__init__(request_validator, token_expires_in=_lifetime, **kwargs)


def _lifetime(request: Request) -> int:
    most = int(str(settings.OAUTH2_PROVIDER["ACCESS_TOKEN_EXPIRE_SECONDS"]))
    left = int((request.secret_expires_at - timezone.now()).total_seconds())
    return max(1, min(most, left))


class ClientScopes(BaseScopes):  # type: ignore[misc]  # django-oauth-toolkit has no types
    """What each client may ask for is on its row; asking for nothing in particular gives all of that."""

    def get_all_scopes(self) -> dict[str, str]:
        return {scope: permission.label for scope, permission in SCOPE_PERMISSIONS.items()}

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return list(application.api_client.scopes) if application is not None else []

    def get_default_scopes(self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        return self.get_available_scopes(application)


def _note(caller: Caller, code: str, address: str | None) -> None:
    """Keep a refusal for the client's page: a wrong secret is what an engineer looks for there first."""
    problem = PROBLEMS[code]
    error_note(
        client_id=caller.client_id,
        method="POST",
        path=reverse("api:token"),
        status=problem.status,
        code=code,
        detail=problem.detail,
        ip=address,
        request_id=current_request_id(),
    )


class SecretValidator(OAuth2Validator):  # type: ignore[misc]
    """Accepts any secret of a client that is in force, from an address where the client may be."""

    def authenticate_client(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        """Whether the client proved who it is (HTTP Basic, else in the body).

        Raises:
            CustomOAuth2Error: the secret is right, but the client is disabled or comes from a foreign address.
        """
        client_id, secret = self._credentials(request)
        caller = caller_by_client_id(client_id) if client_id.isprintable() else None
        if caller is None:
            return False
        address = request.headers.get(ADDRESS_KEY) or None
        accepted = secret_accept(client_id=caller.client_id, secret=secret)
        if accepted is None:
            _note(caller, "invalid_client", address)
            return False
        if not caller.is_active:
            _note(caller, "client_disabled", address)
            raise CustomOAuth2Error("unauthorized_client", "client_disabled", status_code=401, request=request)
        try:
            require_address(caller, address)
        except ApiProblem as error:
            _note(caller, error.code, address)
            raise CustomOAuth2Error("unauthorized_client", error.code, status_code=403, request=request) from error
        request.client = accepted.client.application
        request.client_id = client_id
        request.secret_expires_at = accepted.expires_at
        return True

    def _credentials(self, request: Request) -> tuple[str, str]:
        given = self._extract_basic_auth(request)
        if given is None:
            return str(request.client_id or ""), str(request.client_secret or "")
        try:
            client_id, _, secret = base64.b64decode(given, validate=True).decode("utf-8").partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return unquote_plus(client_id), unquote_plus(secret)
