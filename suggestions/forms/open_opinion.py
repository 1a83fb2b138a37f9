"""Forms of opinions (社情民意) as the public fills them: writing one, and what its receipt code opens."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import QueryDict

from liaison.forms.files import MultipleFileField
from suggestions.forms.fields import LongTextField
from suggestions.models.opinion import CALLABLE

#: So many pictures may come with an opinion.
MOST_PICTURES = 3


class OpinionForm(forms.Form):
    """反映情况, by anybody: contact is optional; a field that people do not see catches robots."""

    client_token = forms.UUIDField(widget=forms.HiddenInput)
    text = LongTextField(
        label="您要反映什么",
        max_length=2000,
        rows=6,
        help_text="什么地方、什么情况、希望怎么办。不用写身份证号、银行卡号。",
        error_messages={"required": "请写明您要反映的情况。"},
    )
    place = forms.CharField(label="发生在哪里", required=False, max_length=100, help_text="例如：八字哨镇高桥村村口。")
    uploads = MultipleFileField(
        label="照片",
        required=False,
        max_files=MOST_PICTURES,
        help_text="最多3张，每张不超过10 MB。照片里的拍摄地点等信息会自动去掉。",
    )
    contact_name = forms.CharField(label="怎么称呼您", required=False, max_length=40, help_text="不对外公开。")
    contact_phone = forms.CharField(
        label="联系电话",
        required=False,
        max_length=20,
        validators=[CALLABLE],
        help_text="留下电话，办理结果会打电话告诉您。不对外公开。",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    website = forms.CharField(
        label="请不要填写这一栏",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    domain_error: Exception | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"client_token": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["uploads"].widget.attrs["accept"] = "image/*"

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and "client_token" in self.errors:
            del self.errors["client_token"]
            self.add_error(None, "页面信息不完整，请再按一次提交。您填写的内容仍在下方。")
            self.renew_token()

    def renew_token(self) -> None:
        """Make the next press another opinion."""
        if isinstance(self.data, QueryDict):
            self.data = self.data.copy()
            self.data[self.add_prefix("client_token")] = str(uuid.uuid4())

    @property
    def is_robot(self) -> bool:
        """Whoever fills what nobody sees is no person."""
        return bool(self.cleaned_data.get("website"))

    @property
    def values(self) -> dict[str, Any]:
        """The typed values under the service's names."""
        return {name: self.cleaned_data[name] for name in ("text", "place", "contact_name", "contact_phone")}


class CodeForm(forms.Form):
    """凭回执码查询."""

    code = forms.CharField(
        label="回执码",
        max_length=40,
        help_text="反映情况以后显示的12位回执码，例如：7K3M-0QXZ-91TB。字母不分大小写。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": "请填写回执码。"},
    )


class SayForm(forms.Form):
    """补充说明, from the person who holds the receipt code."""

    text = LongTextField(
        label="您要补充什么",
        max_length=1000,
        rows=3,
        help_text="工作人员和办理的代表、单位会看到。",
        error_messages={"required": "请写要补充的话。"},
    )

    domain_error: Exception | None = None


class NotSolvedForm(forms.Form):
    """没有解决: once."""

    reason = LongTextField(
        label="哪里没有解决",
        max_length=500,
        rows=3,
        error_messages={"required": "请写明哪里没有解决，方便重新办理。"},
    )

    domain_error: Exception | None = None
