"""Forms of co-signing (附议)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms


class FellowSearchForm(forms.Form):
    """Find a fellow deputy by a part of the name or unit."""

    q = forms.CharField(
        label="姓名或单位",
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        help_text="输入一两个字即可，例如：王。",
    )


class _IdsField(forms.TypedMultipleChoiceField):
    """Public ids; whether they may be chosen is for the service to say."""

    def valid_value(self, value: Any) -> bool:
        return True


class InviteForm(forms.Form):
    """Ask the chosen deputies."""

    mandates = _IdsField(
        label="代表",
        coerce=UUID,
        error_messages={"required": "请先选择要邀请的代表。", "invalid_choice": "请重新查找并选择代表。"},
    )


class RespondForm(forms.Form):
    """The asked deputy's answer: one of two buttons."""

    answer = forms.ChoiceField(
        choices=[("confirm", "同意附议"), ("decline", "不附议")],
        error_messages={"required": "请选择是否附议。", "invalid_choice": "请选择是否附议。"},
    )
