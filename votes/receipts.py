"""Receipt codes of proposals: twelve characters of Crockford's base 32, kept only as a hash.

The code follows from the form's key and the portal's secret key, so that sending the same form again is answered
with the same code although nothing but its hash is stored.
"""

from __future__ import annotations

import hashlib
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


def receipt_of(submission_key: UUID) -> str:
    """The code that belongs to a form: ``7K3M-0QXZ-91TB``."""
    digest = salted_hmac("votes.proposal.receipt", submission_key.bytes, algorithm="sha256").digest()
    number = int.from_bytes(digest[:8], "big")
    code = "".join(ALPHABET[(number >> (5 * place)) & 31] for place in range(LENGTH))
    return "-".join(code[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))


def plain_receipt(typed: str) -> str:
    """A code as it is hashed: upper case, without hyphens and blanks; empty when it cannot be one."""
    folded = unicodedata.normalize("NFKC", typed).upper().translate(_ALIKE)
    code = "".join(sign for sign in folded if sign.isalnum())
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def receipt_hash(typed: str) -> str:
    """SHA-256 of a code, however it was typed; empty when it cannot be one."""
    code = plain_receipt(typed)
    return hashlib.sha256(code.encode()).hexdigest() if code else ""
