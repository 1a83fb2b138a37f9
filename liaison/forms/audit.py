"""Conditions over the audit."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from liaison.models.audit import AuditResult
from liaison.registry import registry


class AuditFilterForm(forms.Form):
    """Day from and to, action, person, result, target: all in the address."""

    since = forms.DateField(label="从", required=False)
    until = forms.DateField(label="到", required=False)
    action = forms.ChoiceField(label="操作", required=False)
    person = forms.CharField(label="操作人", required=False, max_length=60)
    result = forms.ChoiceField(label="结果", required=False, choices=[("", "全部"), *AuditResult.choices])
    target = forms.CharField(label="对象", required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = sorted(registry.audit_labels.items(), key=lambda pair: pair[0])
        self.fields["action"].choices = [("", "全部"), *labels]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since: dt.date | None = cleaned.get("since")
        until: dt.date | None = cleaned.get("until")
        if since is not None and until is not None and since > until:
            self.add_error("until", "不能早于开始日期。")
        return cleaned
