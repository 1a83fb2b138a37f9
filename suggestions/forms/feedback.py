"""Forms of the end of the way: rating, closing without a rating, concluding a coordination."""

from __future__ import annotations

from typing import Any

from django import forms

from suggestions.forms.fields import LongTextField, VersionedForm
from suggestions.models import Rating


class RateForm(forms.Form):
    """评价: attitude and result apart; reasons when dissatisfied with either."""

    attitude = forms.ChoiceField(
        label="对办理态度",
        choices=Rating,
        widget=forms.RadioSelect,
        help_text="有没有联系您、听您的意见。",
        error_messages={"required": "请评价办理态度。"},
    )
    result = forms.ChoiceField(
        label="对办理结果",
        choices=Rating,
        widget=forms.RadioSelect,
        help_text="事情办得怎么样。",
        error_messages={"required": "请评价办理结果。"},
    )
    reason = LongTextField(
        label="理由和意见", required=False, max_length=1000, rows=4, help_text="有一项不满意时请写明理由，便于改进。"
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        dissatisfied = Rating.DISSATISFIED in {cleaned.get("attitude"), cleaned.get("result")}
        if dissatisfied and not cleaned.get("reason"):
            self.add_error("reason", "不满意的请写明理由，以便改进。")
        return cleaned


class CloseUnratedForm(VersionedForm):
    """未评价办结: the deputy let the time for rating pass."""

    reason = LongTextField(
        label="情况说明",
        max_length=1000,
        rows=3,
        help_text="例如：11月3日、11月10日两次提醒，代表未评价。",
        error_messages={"required": "请写明情况，例如已于何时提醒代表。"},
    )


class ConcludeForm(VersionedForm):
    """协调后办结: what the coordination meeting brought."""

    reason = LongTextField(
        label="协调结果",
        max_length=2000,
        rows=5,
        help_text="协调会的时间、参加单位、达成的意见和后续安排，代表会看到。",
        error_messages={"required": "请写明协调会的时间和结果。"},
    )
