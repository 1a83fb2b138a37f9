"""What deputies type in a report, what staff do with one, and the conditions over the desk."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms

from deputies.forms.station import NEEDED, PlaceFilter
from deputies.models import DeputyReport, ReportKind
from deputies.models.report import MAX_TEXT
from deputies.selectors.report import (
    activities_for,
    campaigns_for,
    campaigns_to_name,
    reports_by_light,
    reports_by_words,
    writing_mandates,
)
from deputies.selectors.report_transfer import organs_for
from deputies.services.report_transfer import DEFAULT_MONTHS
from liaison.forms.files import MultipleFileField

if TYPE_CHECKING:
    from liaison.actor import Actor

LIGHTS = [("overdue", "超期"), ("red", "紧急"), ("amber", "临期"), ("green", "正常")]


class ReportForm(forms.Form):
    """Writing a report. A draft may lack anything but the deputy; what is required is said when it is handed in.

    Args:
        actor: whose mandates, campaigns and activities are offered.
        report: the draft, whose choices stay offered.
    """

    client_token = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31 - 1)
    kind = forms.ChoiceField(
        label="报告种类", choices=ReportKind.choices, widget=forms.RadioSelect, initial=ReportKind.RESEARCH
    )
    mandate = forms.ChoiceField(label="以哪一级代表身份撰写", widget=forms.RadioSelect)
    title = forms.CharField(label="标题", max_length=80)
    summary = forms.CharField(
        label="摘要",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="主要内容和建议，几句话。报告是上传的文件时必填。",
    )
    text = forms.CharField(
        label="正文",
        max_length=MAX_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="调研了什么、发现了什么问题、建议怎么办。也可以不写正文，上传写好的文件。",
    )
    uploads = MultipleFileField(
        label="上传文件",
        required=False,
        max_files=10,
        help_text="Word、WPS、PDF，以及照片、表格，每个不超过20 MB。",
    )
    campaign = forms.ChoiceField(label="所属主题活动", required=False)
    activity = forms.ChoiceField(label="来自哪次代表活动", required=False)

    domain_error: Exception | None = None

    def __init__(self, *args: Any, actor: Actor, report: DeputyReport | None = None, **kwargs: Any) -> None:
        if report is not None:
            kwargs["initial"] = _shown(report)
        elif not kwargs.get("initial"):
            kwargs["initial"] = {"client_token": uuid.uuid4()}
        super().__init__(*args, **kwargs)
        mandates = writing_mandates(actor)
        if len(mandates) < 2:
            del self.fields["mandate"]
        else:
            self._offer("mandate", mandates)
            self.fields["mandate"].initial = mandates[0][0]
        self._offer(
            "campaign", [("", "不属于主题活动"), *campaigns_to_name(actor, report.campaign if report else None)]
        )
        activities = activities_for(actor)
        if activities:
            self._offer("activity", [("", "不来自代表活动"), *activities])
        else:
            del self.fields["activity"]

    def _offer(self, name: str, rows: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = rows

    def full_clean(self) -> None:
        """A draft may lack a title; the mark of what is needed in the end stays as it is for drawing the form."""
        needed = [name for name in ("title", "mandate") if name in self.fields]
        for name in needed:
            self.fields[name].required = False
        super().full_clean()
        for name in needed:
            self.fields[name].required = True

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, for the service."""
        names = ("kind", "mandate", "title", "summary", "text", "campaign", "activity")
        values = {name: self.cleaned_data[name] for name in names if name in self.fields}
        values |= {name: values[name].replace("\r\n", "\n") for name in ("summary", "text")}
        return values

    def show_version(self, version: int) -> None:
        """Let the next press go on from what is kept now."""
        self.data = {**self.data, "version": str(version)}


def _shown(report: DeputyReport) -> dict[str, Any]:
    return {
        "client_token": report.client_token,
        "version": report.version,
        "kind": report.kind,
        "mandate": str(report.mandate.public_id),
        "title": report.title,
        "summary": report.summary,
        "text": report.text,
        "campaign": str(report.campaign.public_id) if report.campaign else "",
        "activity": str(report.activity.public_id) if report.activity else "",
    }


class RespondForm(forms.Form):
    """答复合作邀请: one of two buttons; the service says what is missing."""

    answer = forms.CharField(label="答复", required=False, max_length=10)

    domain_error: Exception | None = None


class ActForm(forms.Form):
    """An act on a record that must still be as the page showed it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31 - 1)

    domain_error: Exception | None = None


class WhyForm(ActForm):
    """An act that needs a reason.

    Args:
        label, help_text: of the reason.
    """

    reason = forms.CharField(max_length=200, widget=forms.Textarea(attrs={"rows": 3}), error_messages=NEEDED)

    def __init__(self, *args: Any, label: str, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label, self.fields["reason"].help_text = label, help_text


class TransferForm(ActForm):
    """转送有关机关.

    Args:
        actor: whose organs are offered.
    """

    units = forms.MultipleChoiceField(
        label="转送哪些机关", widget=forms.CheckboxSelectMultiple, error_messages={"required": "请至少选择一个机关。"}
    )
    requirement = forms.CharField(
        label="办理要求",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        initial="请结合职责研究，将采纳、办理情况反馈代表。",
        error_messages=NEEDED,
    )
    due_on = forms.DateField(
        label="反馈期限", required=False, help_text=f"不填的，自今天起{DEFAULT_MONTHS}个月，遇休息日顺延。"
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units: Any = self.fields["units"]
        here = actor.region_prefix
        units.choices = [
            (str(unit.public_id), unit.name if unit.region.prefix == here else f"{unit.name}（{unit.region.name}）")
            for unit in organs_for(actor)
        ]


class AnswerForm(forms.Form):
    """反馈."""

    answer = forms.CharField(
        label="反馈意见",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="研究、采纳或者办理的情况；没有采纳的说明原因。代表和人大工作机构都能看到。",
        error_messages=NEEDED,
    )
    uploads = MultipleFileField(
        label="文件", required=False, max_files=5, help_text="例如盖章的反馈件，每个不超过20 MB。"
    )

    domain_error: Exception | None = None


class ReportFilter(PlaceFilter):
    """Words, region, kind, campaign, light and period.

    Args:
        queryset: the reports of a saved view, in the actor's scope.
    """

    q = django_filters.CharFilter(
        label="标题或代表姓名", method="by_text", max_length=60, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = django_filters.ChoiceFilter(label="报告种类", choices=ReportKind.choices, empty_label="全部")
    campaign = django_filters.ChoiceFilter(label="主题活动", field_name="campaign__public_id", empty_label="全部")
    light = django_filters.ChoiceFilter(label="反馈期限", method="by_clock", choices=LIGHTS, empty_label="全部")
    since = django_filters.DateFilter(
        label="提交日期自", field_name="submitted_at", lookup_expr="date__gte", widget=forms.DateInput
    )
    until = django_filters.DateFilter(
        label="至", field_name="submitted_at", lookup_expr="date__lte", widget=forms.DateInput
    )

    field_order = ("q", "kind", "region", "campaign", "light", "since", "until")

    class Meta:
        model = DeputyReport
        fields: list[str] = []

    def __init__(self, data: Any, *, queryset: Any, actor: Actor) -> None:
        super().__init__(data, queryset=queryset, actor=actor)
        self.filters["campaign"].extra["choices"] = campaigns_for(actor)

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        return reports_by_words(queryset, value)

    def by_clock(self, queryset: Any, name: str, value: str) -> Any:
        return reports_by_light(queryset, value)
