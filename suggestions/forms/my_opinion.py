"""Forms of a deputy's acts on opinions (社情民意): answering, passing back, a word to the person, recording."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django import forms

from suggestions.forms.fields import IdChoiceField, LongTextField, VersionedForm
from suggestions.models.opinion import CALLABLE


class DeputyAnswerForm(VersionedForm):
    """答复群众."""

    text = LongTextField(
        label="答复",
        max_length=2000,
        rows=5,
        help_text="群众凭回执码会看到。写清楚怎么解决的、谁来办、什么时候办好。",
        error_messages={"required": "请填写答复。"},
    )


class TakeForm(VersionedForm):
    """One press on an opinion as the page showed it."""


class PassBackForm(VersionedForm):
    """退回分办."""

    reason = LongTextField(
        label="退回的原因",
        max_length=200,
        rows=3,
        help_text="例如：需要交通运输局实地勘查后才能答复。",
        error_messages={"required": "请写明退回的原因，方便工作人员重新分办。"},
    )


class DeputySayForm(VersionedForm):
    """给群众留言."""

    text = LongTextField(
        label="留言",
        max_length=1000,
        rows=4,
        help_text="群众凭回执码会看到，可以接着补充。",
        error_messages={"required": "请写留言。"},
    )


class DeputyRecordForm(forms.Form):
    """登记群众意见, heard on a visit or a reception day.

    Args:
        stations: the deputy's own, (public id, name).
        campaigns: those that concern the deputy now, (id, title).
    """

    client_token = forms.UUIDField(widget=forms.HiddenInput)
    text = LongTextField(
        label="群众反映什么",
        max_length=2000,
        rows=5,
        help_text="什么地方、什么情况、希望怎么办。",
        error_messages={"required": "请写明反映的情况。"},
    )
    place = forms.CharField(label="发生在哪里", required=False, max_length=100)
    station_public_id = forms.ChoiceField(label="在哪个联络站", required=False)
    contact_name = forms.CharField(label="反映人姓名", required=False, max_length=40)
    contact_phone = forms.CharField(
        label="反映人电话",
        required=False,
        max_length=20,
        validators=[CALLABLE],
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    campaign_id = IdChoiceField(label="为哪个主题活动听取", required=False, empty_label="不是主题活动")
    answer = LongTextField(
        label="当场的答复",
        required=False,
        max_length=2000,
        rows=3,
        help_text="当场已经答复解决的，写在这里，不用再分办。没有就空着。",
    )

    domain_error: Exception | None = None

    def __init__(
        self, *args: Any, stations: list[tuple[str, str]], campaigns: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"client_token": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        if len(stations) > 1:
            cast("forms.ChoiceField", self.fields["station_public_id"]).choices = stations
        else:  # nothing to choose
            del self.fields["station_public_id"]
        if campaigns:
            cast("IdChoiceField", self.fields["campaign_id"]).offer(campaigns)
        else:
            del self.fields["campaign_id"]

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and "client_token" in self.errors:
            del self.errors["client_token"]
            self.add_error(None, "页面信息不完整，请刷新页面后再试。")

    @property
    def values(self) -> dict[str, Any]:
        """The typed values under the service's names."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"client_token", "answer"}}
