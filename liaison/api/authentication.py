"""Who asks: an access token, or a signature over the request. Both end in the same ``Caller``."""

from __future__ import annotations

import ipaddress
import re
import time
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings

from liaison import signing
from liaison.actor import Actor, client_actor
from liaison.api.problems import ApiProblem
from liaison.network import client_ip
from liaison.selectors.client import Caller, caller_by_client_id, caller_by_token, signing_secrets
from liaison.services.client_use import nonce_use

if TYPE_CHECKING:
    from django.http import HttpRequest

_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="liaison"'}


def authenticate(request: HttpRequest, body: bytes | None) -> Caller:
    """The client that asks, from an address where it may be.

    Args:
        body: the bytes that a signature covers; None for a form with files.

    Raises:
        ApiProblem: 401 with the reason, or ``address_not_allowed``.
    """
    trial: Caller | None = getattr(request, "console_caller", None)
    if trial is not None:  # an administrator's console: set by our own code, from the administrator's address
        return _active(trial)
    authorization = request.headers.get("Authorization", "")
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() == "bearer":
        caller = _by_token(token.strip())
    elif "X-Client-Id" in request.headers:
        caller = _by_signature(request, body)
    else:
        raise ApiProblem("not_authenticated", headers=_CHALLENGE)
    require_address(caller, client_ip(request))
    return caller


def actor_of(caller: Caller) -> Actor:
    """In what capacity a client acts."""
    return client_actor(
        client_id=caller.client_id,
        name=caller.name,
        organisation_id=caller.organisation_id,
        organisation_name=caller.organisation_name,
        organisation_kind=caller.organisation_kind,
        region_prefix=caller.region_prefix,
        scopes=caller.scopes,
    )


def require_address(caller: Caller, address: str | None) -> None:
    """Refuse a caller outside its list of networks; an empty list allows every address."""
    if caller.networks and not (
        address and any(ipaddress.ip_address(address) in network for network in _networks(caller.networks))
    ):
        raise ApiProblem("address_not_allowed")


@lru_cache(maxsize=256)
def _networks(texts: tuple[str, ...]) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(text) for text in texts)


def _by_token(token: str) -> Caller:
    caller = caller_by_token(token) if token.isascii() else None
    if caller is None:
        raise ApiProblem("invalid_token", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    return _active(caller)


def _active(caller: Caller) -> Caller:
    if not caller.is_active:
        raise ApiProblem("client_disabled", headers=_CHALLENGE)
    return caller


def _by_signature(request: HttpRequest, body: bytes | None) -> Caller:
    """Cheap checks first; the nonce is used up last, so that a request that was refused may be sent again."""
    given = request.headers
    algorithm = given.get("X-Signature-Algorithm", "HMAC-SHA256")
    if algorithm not in signing.ALGORITHMS:
        raise ApiProblem("unknown_algorithm", headers=_CHALLENGE)
    timestamp, nonce = given.get("X-Timestamp", ""), given.get("X-Nonce", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) == 10) or not _NONCE.fullmatch(nonce):
        raise ApiProblem(
            "invalid_signature",
            "X-Timestamp 须为十位秒数，X-Nonce 须为16至64个字母、数字、下划线或连字符。",
            headers=_CHALLENGE,
        )
    if abs(int(timestamp) - time.time()) > settings.API_CLOCK_SKEW_SECONDS:
        raise ApiProblem("clock_skew", headers=_CHALLENGE)
    text = signing.canonical_string(
        algorithm=algorithm,
        method=str(request.method),
        path=request.path,
        query=request.META.get("QUERY_STRING", ""),
        timestamp=timestamp,
        nonce=nonce,
        body=body,
    )
    caller = caller_by_client_id(given["X-Client-Id"]) if given["X-Client-Id"].isprintable() else None
    used = _secret_of(caller, algorithm, text, given.get("X-Signature", "")) if caller is not None else None
    if caller is None or used is None:
        raise ApiProblem("invalid_signature", headers=_CHALLENGE)
    _active(caller)
    if not nonce_use(client_id=caller.client_id, nonce=nonce, secret_id=used):
        raise ApiProblem("nonce_used", headers=_CHALLENGE)
    return caller


def _secret_of(caller: Caller, algorithm: str, text: str, given: str) -> int | None:
    """Which of the secrets in force made the signature."""
    for secret_id, sealed in signing_secrets(caller.client_id):
        secret = signing.unseal(sealed)
        if secret is not None and signing.matches(algorithm=algorithm, secret=secret, text=text, given=given):
            return secret_id
    return None
