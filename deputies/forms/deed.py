"""What is typed about practical deeds, what the person helped says, and the conditions over the list."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.utils import timezone

from deputies.forms.fields import VersionForm
from deputies.forms.station import NEEDED, PlaceFilter
from deputies.models import STAFF_CHECKS, Deed, DeedKind
from deputies.selectors.deed import deeds_by_words
from deputies.selectors.report import campaigns_for, campaigns_to_name, writing_mandates
from deputies.services.deed import DeedFacts
from liaison.forms.files import MultipleFileField

if TYPE_CHECKING:
    from liaison.actor import Actor

NAMES = ("kind", "title", "text", "for_whom", "helped_phone", "place", "given", "on")


class DeedForm(VersionForm):
    """Writing a deed down, or mending it.

    Args:
        deed: the one to mend; None for a new one.
    """

    client_token = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="类别", choices=DeedKind.choices, widget=forms.RadioSelect, initial=DeedKind.DEED)
    mandate = forms.ChoiceField(label="以哪一级代表身份记录", widget=forms.RadioSelect, error_messages=NEEDED)
    title = forms.CharField(
        label="办了什么事", max_length=60, help_text="例如：为高桥村修好了两公里的灌溉渠。", error_messages=NEEDED
    )
    for_whom = forms.CharField(
        label="为谁办的", max_length=60, help_text="一个人或者一群人，例如：高桥村十二户村民。", error_messages=NEEDED
    )
    on = forms.DateField(label="日期", error_messages=NEEDED)
    place = forms.CharField(label="地点", max_length=100, required=False)
    photos = MultipleFileField(
        label="照片",
        required=False,
        max_files=9,
        help_text="可以直接拍。照片里的拍摄地点会自动去掉。",
        widget=MultipleFileField.widget(attrs={"accept": "image/*"}),
    )
    text = forms.CharField(label="具体情况", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    given = forms.CharField(
        label="投入的资金、物资或劳动", max_length=100, required=False, help_text="例如：协调资金8万元。"
    )
    helped_phone = forms.CharField(
        label="受益人手机号码",
        max_length=11,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text="核实用，不公开，页面上只显示前三位和后两位。",
    )
    proofs = MultipleFileField(label="证明材料", required=False, max_files=5, help_text="例如感谢信、验收单。")
    campaign = forms.ChoiceField(label="所属主题活动", required=False)

    def __init__(self, *args: Any, actor: Actor, deed: Deed | None = None, **kwargs: Any) -> None:
        if deed is not None:
            kwargs["initial"] = {name: getattr(deed, name) for name in NAMES} | {
                "client_token": deed.client_token,
                "campaign": str(deed.campaign.public_id) if deed.campaign else "",
            }
        else:
            kwargs["initial"] = {"client_token": uuid.uuid4(), "on": timezone.localdate()}
        super().__init__(*args, **kwargs)
        mandates = writing_mandates(actor)
        if deed is not None or len(mandates) < 2:
            del self.fields["mandate"]
        else:
            self._offer("mandate", mandates)
            self.fields["mandate"].initial = mandates[0][0]
        self._offer("campaign", [("", "不属于主题活动"), *campaigns_to_name(actor, deed.campaign if deed else None)])
        if deed is not None:
            self.show_version(deed)

    def _offer(self, name: str, rows: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = rows

    def facts(self) -> DeedFacts:
        """What was typed, for the service."""
        data = self.cleaned_data
        typed = {name: data[name] for name in NAMES}
        typed["text"] = typed["text"].replace("\r\n", "\n")
        return DeedFacts(**typed, campaign_id=data["campaign"] or None)

    @property
    def uploads(self) -> dict[str, Any]:
        """The files, for the service."""
        return {"photos": self.cleaned_data["photos"], "proofs": self.cleaned_data["proofs"]}


class CheckForm(VersionForm):
    """核实属实."""

    way = forms.ChoiceField(
        label="怎么核实的",
        choices=[(check.value, check.label) for check in STAFF_CHECKS],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择怎么核实的。"},
    )
    words = forms.CharField(label="核实说明", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class RejectForm(VersionForm):
    """不予认定, 撤回."""

    reason = forms.CharField(
        label="理由", max_length=200, widget=forms.Textarea(attrs={"rows": 3}), error_messages=NEEDED
    )


class TestimonyForm(VersionForm):
    """What the person helped says: which button was pressed, and words."""

    says = forms.ChoiceField(
        choices=[("true", "属实"), ("false", "不属实")],
        error_messages={"required": "请按“属实”或者“不属实”。", "invalid_choice": "请按“属实”或者“不属实”。"},
    )
    words = forms.CharField(
        label="想说的话",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="属实的可以不写；不属实的请写明哪里不属实。",
    )


class DeedFilter(PlaceFilter):
    """Words, region, kind, campaign and period."""

    q = django_filters.CharFilter(
        label="事项、受益人、地点或代表姓名",
        method="by_text",
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = django_filters.ChoiceFilter(label="类别", choices=DeedKind.choices, empty_label="全部")
    campaign = django_filters.ChoiceFilter(label="主题活动", field_name="campaign__public_id", empty_label="全部")
    since = django_filters.DateFilter(label="日期自", field_name="on", lookup_expr="gte", widget=forms.DateInput)
    until = django_filters.DateFilter(label="至", field_name="on", lookup_expr="lte", widget=forms.DateInput)

    field_order = ("q", "kind", "region", "campaign", "since", "until")

    class Meta:
        model = Deed
        fields: list[str] = []

    def __init__(self, data: Any, *, queryset: Any, actor: Actor) -> None:
        super().__init__(data, queryset=queryset, actor=actor)
        self.filters["campaign"].extra["choices"] = campaigns_for(actor)

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        return deeds_by_words(queryset, value)
