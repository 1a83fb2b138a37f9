"""Forms of the handling unit: answer, and report on a promise."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from liaison.forms.files import MultipleFileField
from suggestions.forms.fields import LongTextField, VersionedForm
from suggestions.models import ResultClass


class AnswerForm(VersionedForm):
    """答复: the official document, its class and its gist."""

    uploads = MultipleFileField(
        label="正式答复文件",
        max_files=5,
        help_text="盖章的答复函，PDF、Word或图片，可连同附件一起选，每个不超过20 MB。",
        error_messages={"required": "请上传正式答复文件。", "missing": "请上传正式答复文件。"},
    )
    result_class = forms.ChoiceField(
        label="办理结果",
        choices=ResultClass,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择办理结果分类。"},
    )
    promised_on = forms.DateField(
        label="承诺解决日期",
        required=False,
        help_text="只有B类填写。到期前会提醒贵单位报告兑现情况。",
        error_messages={"invalid": "请按日历选择日期，例如 2026-11-21。"},
    )
    summary = LongTextField(
        label="答复要点",
        max_length=4000,
        rows=6,
        help_text="代表在手机上先看到这一段：做了什么、什么时候见效、没做到的是为什么。",
        error_messages={"required": "请写明答复要点。"},
    )
    document_number = forms.CharField(
        label="答复文号", required=False, max_length=60, help_text="例如：益环函〔2026〕18号。"
    )
    document_on = forms.DateField(
        label="答复日期",
        error_messages={"required": "请填写答复日期。", "invalid": "请按日历选择日期，例如 2026-11-21。"},
    )
    contact = forms.CharField(
        label="联系人及电话", required=False, max_length=60, help_text="代表有疑问时联系谁，例如：王科长 0737-1234567。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"document_on": timezone.localdate(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "promised_on" in self.errors:
            return cleaned
        if cleaned.get("result_class") == ResultClass.B and cleaned.get("promised_on") is None:
            self.add_error("promised_on", "B类答复请填写承诺解决日期。")
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """The typed values under the service's names."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"version", "uploads"}}


class FulfilForm(forms.Form):
    """兑现承诺: what was done of a class B promise."""

    text = LongTextField(
        label="兑现情况",
        max_length=2000,
        rows=5,
        help_text="做了什么、在哪里、什么时候完成，代表会看到。",
        error_messages={"required": "请写明兑现情况。"},
    )
    uploads = MultipleFileField(
        label="照片或文件", required=False, max_files=5, help_text="例如完工照片，每个不超过20 MB。"
    )
