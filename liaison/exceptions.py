"""Typed domain errors: each carries a stable code, a Chinese text and an HTTP status.

Services raise them; ``liaison.views.errors`` (pages) and the API exception handler map them in one place.
"""

from __future__ import annotations

from collections.abc import Mapping


class DomainError(Exception):
    """A rule said no. ``message`` is shown to the person as it is.

    Args:
        message: what happened, what was kept, what to do (Chinese).
        code: stable machine code for the API; a class default when omitted.
        fields: messages by form field name, when the error belongs to fields.
    """

    code = "rule_violated"
    status = 422

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.fields = dict(fields or {})
        if code is not None:
            self.code = code


class NotAllowed(DomainError):
    """Visible to the actor, but the role does not permit the act (403)."""

    code = "not_allowed"
    status = 403


class NotFound(DomainError):
    """Not there, or not visible to the actor: the same answer for both (404)."""

    code = "not_found"
    status = 404

    def __init__(self, message: str = "没有找到，或者您无权查看。") -> None:
        super().__init__(message)


class IllegalTransition(DomainError):
    """The transition table has no such step from the present state (409)."""

    code = "illegal_transition"
    status = 409


class StaleVersion(DomainError):
    """Somebody changed the record after this page was opened (409)."""

    code = "stale_version"
    status = 409


class InvalidInput(DomainError):
    """A value is missing or wrong; ``fields`` says which."""

    code = "invalid_input"
    status = 400


class TooLarge(DomainError):
    """An upload is over the limit (413)."""

    code = "too_large"
    status = 413
