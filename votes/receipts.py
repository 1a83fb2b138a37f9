"""Receipt codes of proposals, kept only as a hash."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from liaison.receipts import plain_receipt
from liaison.receipts import receipt_of as code_of

if TYPE_CHECKING:
    from uuid import UUID


def receipt_of(submission_key: UUID) -> str:
    """The code that belongs to a form: ``7K3M-0QXZ-91TB``."""
    return code_of("votes.proposal.receipt", submission_key)


def receipt_hash(typed: str) -> str:
    """SHA-256 of a code, however it was typed; empty when it cannot be one."""
    code = plain_receipt(typed)
    return hashlib.sha256(code.encode()).hexdigest() if code else ""
