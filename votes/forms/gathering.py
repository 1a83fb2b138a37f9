"""What staff type about an appraisal by people without a roll."""

from __future__ import annotations

from typing import Any

from django import forms

_NUMBER: dict[str, Any] = {
    "min_value": 1,
    "max_value": 100_000,
    "error_messages": {
        "required": "请填写人数或票数。",
        "invalid": "请填写整数。",
        "min_value": "至少为1。",
        "max_value": "不超过100000。",
    },
}


class HandOutForm(forms.Form):
    """到会人数、发出票数."""

    raters = forms.IntegerField(
        label="到会参加测评的人数", help_text="到会的选民和选民代表，不含述职代表和工作人员。", **_NUMBER
    )
    issued = forms.IntegerField(label="发出测评票", help_text="每人至多一张，不能多于到会人数。", **_NUMBER)

    domain_error: Exception | None = None
