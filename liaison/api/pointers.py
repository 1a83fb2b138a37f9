"""Which part of a body is wrong: errors of serializers as JSON pointers (RFC 6901)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rest_framework.exceptions import ErrorDetail


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong place.

    Args:
        pointer: JSON pointer into the body; ``/query/<name>`` for a parameter of the address.
        code: ``required``, ``wrong_type``, ``unknown_field``, ``max_length``, ``invalid_choice``, …
        detail: what to do, in Chinese.
    """

    pointer: str
    code: str
    detail: str


def pointer_to(*parts: str | int) -> str:
    """``("a/b", 0)`` → ``/a~1b/0``."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def field_errors(detail: Any, *path: str | int) -> list[FieldError]:
    """What a serializer found, flat, in the order of the body."""
    if isinstance(detail, dict):
        return [
            found
            for name, inner in detail.items()
            for found in field_errors(inner, *path, *(() if name == "non_field_errors" else (name,)))
        ]
    if isinstance(detail, list):
        flat = [FieldError(pointer_to(*path), error.code, str(error)) for error in detail if _is_text(error)]
        for place, inner in enumerate(detail):
            if inner and not _is_text(inner):
                flat += field_errors(inner, *path, place)
        return flat
    return [FieldError(pointer_to(*path), getattr(detail, "code", "invalid"), str(detail))]


def _is_text(value: Any) -> bool:
    return isinstance(value, ErrorDetail)
