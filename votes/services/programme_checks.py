"""What a model refuses, in words for the person who typed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import Model

_LIMITS = {
    "min_value": "不能小于{limit}。",
    "max_value": "不能大于{limit}。",
    "max_length": "最多{limit}字，您写了{shown}字。",
}


def field_errors(obj: Model, *, exclude: Collection[str] = ()) -> dict[str, str]:
    """Messages by field; empty when every field holds what it may."""
    try:
        obj.clean_fields(exclude=set(exclude))
    except ValidationError as found:
        return {
            name: "".join(_words(obj, name, error) for error in errors) for name, errors in found.error_dict.items()
        }
    return {}


def _words(obj: Model, name: str, error: ValidationError) -> str:
    label: Any = getattr(obj._meta.get_field(name), "verbose_name", name)
    if error.code in {"blank", "null"}:
        return f"请填写{label}。"
    params: Any = error.params or {}
    if error.code in _LIMITS and "limit_value" in params:
        return _LIMITS[error.code].format(limit=params["limit_value"], shown=params.get("show_value", ""))
    return "".join(error.messages)
