"""A serializer that takes nothing for something else: unknown names and wrong JSON types are errors with a name."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

_TEXT = (
    serializers.CharField,
    serializers.ChoiceField,
    serializers.DateTimeField,
    serializers.DateField,
    serializers.UUIDField,
)


class StrictSerializer(serializers.Serializer[Any]):
    """Base of every input serializer of the API.

    Beyond REST framework: a name that is not a field is ``unknown_field`` (with the name in the pointer), a
    number where a text belongs and the like is ``wrong_type``. All faults of a body are told together.
    """

    def to_internal_value(self, data: Any) -> Any:
        """The checked values; ValidationError with every fault by field."""
        if not isinstance(data, dict):
            raise ValidationError({"non_field_errors": [ErrorDetail("应为 JSON 对象。", "wrong_type")]})
        faults: dict[str, Any] = {
            name: [ErrorDetail(f"没有“{name}”这个字段。", "unknown_field")] for name in data if name not in self.fields
        }
        for name, field in self.fields.items():
            if name in data and data[name] is not None and (wanted := _wrong_type(field, data[name])):
                faults[name] = [ErrorDetail(f"类型不对，应为{wanted}。", "wrong_type")]
        try:
            values = super().to_internal_value({name: data[name] for name in data if name not in faults})
        except ValidationError as error:
            found = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
            raise ValidationError({**found, **faults}) from error
        if faults:
            raise ValidationError(faults)
        return values


#: Kind of field → (JSON types, their name); the first line that fits. bool is an int to Python, not to JSON.
_TYPES: tuple[tuple[Any, tuple[type, ...], str], ...] = (
    (serializers.BooleanField, (bool,), "布尔值"),
    (serializers.IntegerField, (int,), "整数"),
    ((serializers.FloatField, serializers.DecimalField), (int, float), "数字"),
    (serializers.MultipleChoiceField, (list,), "数组"),
    (_TEXT, (str,), "字符串"),
    ((serializers.ListField, serializers.ListSerializer), (list,), "数组"),
    ((serializers.BaseSerializer, serializers.DictField), (dict,), "对象"),
)


def _wrong_type(field: serializers.Field[Any, Any, Any, Any], value: Any) -> str:
    """What should stand there; "" when the JSON type is right (the field itself checks the rest)."""
    for kind, wanted, name in _TYPES:
        if isinstance(field, kind):
            right = isinstance(value, wanted) and (bool in wanted or not isinstance(value, bool))
            return "" if right else name
    return ""


class ZonedDateTimeField(serializers.DateTimeField):
    """A moment in ISO 8601 with its zone (``2026-11-22T09:30:00+08:00``); without a zone it is refused."""

    default_error_messages = {
        "no_zone": "时间须带时区，例如 2026-11-22T09:30:00+08:00。",
        "invalid": "不是有效的时间。请用 ISO 8601 格式并带时区，例如 2026-11-22T09:30:00+08:00。",
        "out_of_range": "时间须在1970年至2100年之间。",
    }

    def to_internal_value(self, value: Any) -> dt.datetime:
        """The moment, with a zone."""
        try:
            moment = parse_datetime(value) if isinstance(value, str) else None
        except ValueError:
            moment = None
        if moment is None:
            self.fail("invalid", format="ISO 8601")
        if timezone.is_naive(moment):
            self.fail("no_zone")
        if not 1970 < moment.year < 2100:
            self.fail("out_of_range")
        return moment
