"""Django's stock messages, said as a colleague would; messages a form wrote itself stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core import validators

if TYPE_CHECKING:
    from django.core.exceptions import ValidationError
    from django.forms.boundfield import BoundField

#: Field class and code → words. The first class that fits counts.
STOCK: tuple[tuple[type[forms.Field], str, str], ...] = (
    (forms.DateTimeField, "invalid", "请填写日期和时间，例如 2026年11月21日 14:30。"),
    (forms.DateField, "invalid", "请填写实际存在的日期，例如 2026年11月21日。"),
    (forms.IntegerField, "invalid", "请只填写数字。"),
    (forms.DecimalField, "invalid", "请只填写数字，小数点用“.”。"),
    (forms.FileField, "empty", "这个文件是空的，请重新选择。"),
    (forms.FileField, "missing", "请选择要上传的文件。"),
    (forms.FileField, "invalid", "请选择要上传的文件。"),
    (forms.Field, "invalid_choice", "请从给出的选项中选择。"),
    (forms.Field, "invalid_pk_value", "请从给出的选项中选择。"),
)
LIMITS: dict[str, tuple[type[validators.BaseValidator], str]] = {
    "max_length": (validators.MaxLengthValidator, "最多{limit}个字，现在有{shown}个字。"),
    "min_length": (validators.MinLengthValidator, "至少{limit}个字，现在有{shown}个字。"),
    "max_value": (validators.MaxValueValidator, "不能大于{limit}。"),
    "min_value": (validators.MinValueValidator, "不能小于{limit}。"),
}


def plain_message(bound: BoundField, error: ValidationError) -> str:
    """The message to show for one error of a field."""
    return _limit(error) or _field_stock(bound, error) or " ".join(error.messages)


def _limit(error: ValidationError) -> str:
    """Words for Django's own length and value limits and its e-mail check; empty for any other message."""
    if error.message == validators.EmailValidator.message:
        return "请填写完整的电子邮箱，例如 zhangsan@example.cn。"
    if error.code == validators.ProhibitNullCharactersValidator.code:
        return "内容里有看不见的字符，请删去后重新填写。"
    validator, words = LIMITS.get(error.code or "", (None, ""))
    if validator is None or error.message != validator.message or not error.params:
        return ""
    return words.format(limit=error.params["limit_value"], shown=error.params["show_value"])


def _field_stock(bound: BoundField, error: ValidationError) -> str:
    """Words for a message that the field class brings along; empty when a form wrote its own."""
    field, code = bound.field, error.code or ""
    stock = _stock(field, code)
    if stock is None or {str(field.error_messages.get(code)), str(error.message)} != {str(stock)}:
        return ""
    if code == "required":
        return f"请{_verb(field)}{bound.label}。"
    return next((words for kind, its_code, words in STOCK if its_code == code and isinstance(field, kind)), "")


def _stock(field: forms.Field, code: str) -> object:
    """Django's own message for this code, wherever in the field's class tree it is written."""
    for kind in type(field).__mro__:
        message = getattr(kind, "default_error_messages", {}).get(code)
        if message is not None:
            return message
    return None


def _verb(field: forms.Field) -> str:
    if isinstance(field, forms.FileField):
        return "上传"
    if isinstance(field, forms.BooleanField):
        return "勾选"
    chosen = forms.Select | forms.RadioSelect | forms.CheckboxSelectMultiple | forms.DateInput
    return "选择" if isinstance(field.widget, chosen) else "填写"
