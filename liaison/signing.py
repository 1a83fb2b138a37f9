"""Signed requests for platforms without OAuth: what is signed, by which algorithm, and the secrets at rest.

The table ``ALGORITHMS`` is the place to add another one. SM3 is GB/T 32905 (商用密码), from ``cryptography``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as sm_hmac
from django.conf import settings
from django.utils.crypto import constant_time_compare
from django.utils.encoding import force_str

#: Stands for the body's digest where the body is a form with files.
UNSIGNED = "UNSIGNED-PAYLOAD"


@dataclass(frozen=True, slots=True)
class Algorithm:
    """A digest of a body, and a keyed digest of a text; both in lower-case hex."""

    digest: Callable[[bytes], str]
    sign: Callable[[bytes, bytes], str]


def _sm3(body: bytes) -> str:
    digest = hashes.Hash(hashes.SM3())
    digest.update(body)
    return digest.finalize().hex()


def _hmac_sm3(key: bytes, text: bytes) -> str:
    keyed = sm_hmac.HMAC(key, hashes.SM3())
    keyed.update(text)
    return keyed.finalize().hex()


ALGORITHMS: dict[str, Algorithm] = {
    "HMAC-SHA256": Algorithm(
        digest=lambda body: hashlib.sha256(body).hexdigest(),
        sign=lambda key, text: hmac.new(key, text, hashlib.sha256).hexdigest(),
    ),
    "HMAC-SM3": Algorithm(digest=_sm3, sign=_hmac_sm3),
}


def canonical_string(
    *, algorithm: str, method: str, path: str, query: str, timestamp: str, nonce: str, body: bytes | None
) -> str:
    """What is signed: seven lines joined by a line feed, without one at the end.

    Args:
        algorithm: a name of ``ALGORITHMS``.
        path: decoded (``/api/v1/hotline/orders/工单1``), without the query.
        query: as it stands in the address, without the question mark; "" for none.
        timestamp: seconds since 1970.
        body: None for a form with files, which is not signed (``UNSIGNED-PAYLOAD``).
    """
    digest = UNSIGNED if body is None else ALGORITHMS[algorithm].digest(body)
    return "\n".join((algorithm, method.upper(), path, query, timestamp, nonce, digest))


def signature(*, algorithm: str, secret: str, text: str) -> str:
    """The signature of a canonical string, in lower-case hex."""
    return ALGORITHMS[algorithm].sign(secret.encode(), text.encode())


def matches(*, algorithm: str, secret: str, text: str, given: str) -> bool:
    """Whether a signature is right, in a time that does not tell how nearly."""
    return constant_time_compare(signature(algorithm=algorithm, secret=secret, text=text), given.lower())


def seal(secret: str) -> str:
    """A signing secret, encrypted with the portal's secret key."""
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str | None:
    """The signing secret; None when the portal's secret key was changed without a fallback."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _box() -> MultiFernet:
    keys = [force_str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    digests = [hashlib.sha256(f"signing-secret:{key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
