"""Receipt codes (回执码) of what people send in without an account: twelve characters of Crockford's base 32.

The code follows from the form's key and the portal's secret key, so that sending the same form again is answered
with the same code although nothing but its digest is stored. ``purpose`` keeps the codes of different forms apart.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from uuid import UUID

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_GROUP = 4
#: What people type for a digit that looks alike (Crockford).
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


def receipt_of(purpose: str, key: UUID) -> str:
    """The code that belongs to a form: ``7K3M-0QXZ-91TB``."""
    digest = salted_hmac(purpose, key.bytes, algorithm="sha256").digest()
    number = int.from_bytes(digest[:8], "big")
    code = "".join(ALPHABET[(number >> (5 * place)) & 31] for place in range(LENGTH))
    return "-".join(code[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))


def plain_receipt(typed: str) -> str:
    """A code as it is hashed: upper case, without hyphens and blanks; empty when it cannot be one."""
    folded = unicodedata.normalize("NFKC", typed).upper().translate(_ALIKE)
    code = "".join(sign for sign in folded if sign.isalnum())
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def receipt_digest(purpose: str, typed: str) -> str:
    """What is kept of a code, however it was typed: a hash under the secret key; empty when it cannot be one."""
    code = plain_receipt(typed)
    return salted_hmac(f"{purpose}.digest", code, algorithm="sha256").hexdigest() if code else ""
