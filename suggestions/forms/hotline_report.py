"""Forms for handing matters to the hotline, passing its answer on, and saying whether it is solved."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from suggestions.forms.fields import IdChoiceField, LongTextField, VersionedForm
from suggestions.models import OrderKind
from suggestions.models.opinion import CALLABLE
from suggestions.selectors.choices import categories

if TYPE_CHECKING:
    from collections.abc import Sequence


class ReportFields(forms.Form):
    """What the hotline needs besides the text."""

    title = forms.CharField(
        label="标题",
        max_length=100,
        help_text="一句话说清什么地方、什么事，例如：泉交河镇集镇夜宵摊油烟扰民。",
        error_messages={"required": "请写标题，一句话说清什么地方什么事。"},
    )
    kind = forms.ChoiceField(
        label="诉求类型",
        choices=OrderKind.choices,
        initial=OrderKind.HELP,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择诉求类型。", "invalid_choice": "请选择诉求类型。"},
    )
    is_complex = forms.BooleanField(
        label="情况复杂",
        required=False,
        help_text="涉及几个部门，或者要现场勘查的，办理时限较长。",
    )
    share_contact = forms.BooleanField(
        label="把反映人的姓名和电话提供给热线",
        required=False,
        initial=True,
        help_text="热线据此核实、回访。反映人不愿意的请去掉。",
    )
    scope_note = forms.CharField(
        label="属于热线受理范围的说明",
        required=False,
        max_length=300,
        help_text="例如：“法院路”是路名，反映的是路灯。",
    )

    REPORT_NAMES = ("title", "kind", "is_complex", "share_contact", "scope_note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        note = self.fields["scope_note"]
        self._note_widget = note.widget
        if not self["scope_note"].value():
            note.widget = forms.HiddenInput()

    def add_error(self, field: str | None, error: Any) -> None:
        """The note on the scope is asked for only when the rules of the scope object."""
        if field == "scope_note":
            self.fields["scope_note"].widget = self._note_widget
        super().add_error(field, error)

    @property
    def report_values(self) -> dict[str, Any]:
        """What goes to ``report_create``."""
        return {name: self.cleaned_data[name] for name in self.REPORT_NAMES}


class OfficeReportForm(VersionedForm, ReportFields):
    """转12345 by staff, where the hotline is connected."""

    text = LongTextField(
        label="转办内容",
        max_length=4000,
        rows=9,
        help_text="直接发给热线。这里不要写姓名电话，热线从单独的栏目里读到。",
        error_messages={"required": "请写明转办内容。"},
    )

    field_order = ("title", "text", *ReportFields.REPORT_NAMES[1:])


class DeputyReportForm(OfficeReportForm):
    """转12345 by a deputy, of an opinion that lies before them."""

    @property
    def values(self) -> dict[str, Any]:
        """What goes to the service."""
        return {**self.report_values, "text": self.cleaned_data["text"]}


class DirectReportForm(ReportFields):
    """A deputy reports what somebody said, on the phone.

    Args:
        stations: (public id, name) of the stations in which the deputy stands.
    """

    client_token = forms.UUIDField(widget=forms.HiddenInput)
    text = LongTextField(
        label="反映的情况",
        max_length=2000,
        rows=6,
        help_text="什么地方、什么情况、群众希望怎么办。身份证号、银行卡号不用写。",
        error_messages={"required": "请写明反映的情况。"},
    )
    place = forms.CharField(label="地点", required=False, max_length=100, help_text="例如：八字哨镇高桥村村口。")
    station_public_id = forms.ChoiceField(label="联络站", required=False)
    category_id = IdChoiceField(label="类别", required=False)
    contact_name = forms.CharField(label="反映人", required=False, max_length=40)
    contact_phone = forms.CharField(
        label="联系电话",
        required=False,
        max_length=20,
        validators=[CALLABLE],
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    field_order = (
        "title",
        "text",
        "place",
        "kind",
        "contact_name",
        "contact_phone",
        "share_contact",
        "category_id",
        "station_public_id",
        "is_complex",
        "scope_note",
        "client_token",
    )
    domain_error: Exception | None = None

    def __init__(self, *args: Any, stations: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        kwargs["initial"] = {"client_token": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        cast("IdChoiceField", self.fields["category_id"]).offer(categories())
        if stations:
            cast("forms.ChoiceField", self.fields["station_public_id"]).choices = list(stations)
        else:
            del self.fields["station_public_id"]

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and "client_token" in self.errors:
            del self.errors["client_token"]
            self.add_error(None, "页面信息不完整，请刷新页面后再试。您填写的内容仍在下方。")

    @property
    def values(self) -> dict[str, Any]:
        """What goes to the service."""
        return {name: value for name, value in self.cleaned_data.items() if name != "client_token"}


class PassOnForm(VersionedForm):
    """转告反映人."""

    text = LongTextField(
        label="告诉反映人的话",
        max_length=2000,
        rows=7,
        help_text="按热线的反馈写，可以改得好懂些。反映人凭回执码看到；留了电话的，还会提醒工作人员打电话。",
        error_messages={"required": "请写明转告群众的话。"},
    )


class SolvedForm(VersionedForm):
    """已解决."""

    words = forms.CharField(
        label="说明", required=False, max_length=500, help_text="例如：已到现场看过，油烟管道已改装。"
    )


class UnsolvedForm(VersionedForm):
    """没有解决，要求重办."""

    words = LongTextField(
        label="哪些问题还没有解决",
        max_length=500,
        rows=4,
        help_text="热线会看到，并重新办理。要求重办只有一次。",
        error_messages={"required": "请写明哪些问题还没有解决，热线会看到。"},
    )


class SettingsForm(VersionedForm):
    """对接约定 with one hotline."""

    reply_working_days = forms.IntegerField(
        label="代表专席办理时限（工作日）", validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    complex_working_days = forms.IntegerField(
        label="情况复杂的办理时限（工作日）", validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    return_working_days = forms.IntegerField(
        label="退单时限（工作日）", validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    file_hosts = LongTextField(
        label="允许取附件的主机",
        required=False,
        max_length=2000,
        rows=3,
        help_text="一行一个，例如 files.12345.example.gov.cn，端口不是80、443的写明端口。不在这里的地址，平台不去取。",
    )
