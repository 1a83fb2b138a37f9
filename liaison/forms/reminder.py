"""The form of a reminder rule."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django import forms

if TYPE_CHECKING:
    from liaison.reminding import Rule

MOST_THRESHOLDS = 10
MOST_DAYS = 365
MOST_OVERDUE_EVERY = 90


class ReminderRuleForm(forms.Form):
    """Thresholds of one deadline kind (提醒规则)."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    days_before = forms.CharField(
        label="到期前几天提醒",
        max_length=80,
        help_text=f"用逗号分开，0 表示到期当天，例如 10,5,1,0。最多{MOST_THRESHOLDS}个，每个0至{MOST_DAYS}。",
        error_messages={"required": "请至少填写一个天数。"},
    )
    overdue_every = forms.IntegerField(
        label="超期后每隔几天提醒",
        min_value=1,
        max_value=MOST_OVERDUE_EVERY,
        help_text="从超期第1天开始，同时提醒督办机构。",
        error_messages={
            "required": "请填写天数。",
            "invalid": "请填写整数。",
            "min_value": f"请填写1至{MOST_OVERDUE_EVERY}。",
            "max_value": f"请填写1至{MOST_OVERDUE_EVERY}。",
        },
    )

    @classmethod
    def of(cls, rule: Rule) -> ReminderRuleForm:
        """The form with the present rule."""
        return cls(
            initial={
                "seen": rule.text,
                "days_before": ",".join(map(str, rule.days_before)),
                "overdue_every": rule.overdue_every,
            }
        )

    def show_seen(self, rule: Rule) -> None:
        """A form shown again after a change by somebody else goes on from the present rule."""
        self.data = {**self.data.dict(), self.add_prefix("seen"): rule.text}  # type: ignore[attr-defined]

    def clean_seen(self) -> str | None:
        return self.cleaned_data["seen"] or None

    def clean_days_before(self) -> list[int]:
        """The days, each once, the farthest first."""
        parts = [part for part in re.split(r"[,，、;；\s]+", self.cleaned_data["days_before"]) if part]
        if not parts:
            raise forms.ValidationError("请至少填写一个天数。")
        for part in parts:
            if not (part.isascii() and part.isdigit() and int(part) <= MOST_DAYS):
                raise forms.ValidationError(f"“{part}”不对，请填写0至{MOST_DAYS}的整数，用逗号分开。")
        days = sorted({int(part) for part in parts}, reverse=True)
        if len(days) > MOST_THRESHOLDS:
            raise forms.ValidationError(f"最多{MOST_THRESHOLDS}个天数，您填了{len(days)}个。")
        return days
