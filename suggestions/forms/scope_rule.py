"""热线受理范围规则: the form of one rule."""

from __future__ import annotations

from django import forms

from suggestions.forms.fields import LongTextField, VersionedForm


class ScopeRuleForm(VersionedForm):
    """One rule; a new one begins with version 1."""

    name = forms.CharField(
        label="名称", max_length=60, help_text="例如：涉法涉诉事项。", error_messages={"required": "请填写名称。"}
    )
    reason = forms.CharField(
        label="为什么热线不受理",
        max_length=200,
        help_text="一句完整的话，写的人会看到。",
        error_messages={"required": "请写明理由。"},
    )
    instead = forms.CharField(
        label="应走的渠道",
        max_length=200,
        help_text="告诉写的人接下来怎么办，例如：请告知反映人依法向人民法院提出。",
        error_messages={"required": "请写明应走的渠道。"},
    )
    words = LongTextField(
        label="关键词",
        required=False,
        max_length=2500,
        rows=8,
        help_text="一行一个，每个2到20个字。文中出现就提示；写的人说明理由后仍可以转。不写关键词的只列出，不提示。",
    )
    is_active = forms.BooleanField(label="在用", required=False, help_text="停用后不再提示，以前的转办不受影响。")
