"""The verifier's form: a receipt."""

from __future__ import annotations

from django import forms

from votes.sealing import plain_code


class ReceiptForm(forms.Form):
    """回执: was the ballot with it counted?"""

    receipt = forms.CharField(
        label="回执",
        max_length=60,
        help_text="投票后手机上显示的16位字母和数字，例如：7K3M-0QXZ-91TB-2FHE。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
        error_messages={"required": "请输入回执。"},
    )

    def clean_receipt(self) -> str:
        text: str = self.cleaned_data["receipt"]
        if not plain_code(text):
            raise forms.ValidationError("回执是16位字母和数字，请核对后重新输入。")
        return text
