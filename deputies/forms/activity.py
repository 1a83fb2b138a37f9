"""What staff type about activities: the plan, the conditions over the list, reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import Q

from deputies.forms.fields import VersionForm
from deputies.forms.station import NEEDED, PlaceFilter
from deputies.models import Activity, ActivityKind, Campaign, DeputyGroup, Gathering, Station
from deputies.selectors.activity import campaigns_to_choose, groups_to_choose, stations_to_choose
from deputies.services.activity import ActivityFacts
from deputies.services.activity_people import ACCEPTED, Overlap
from deputies.states import ActivityStatus

if TYPE_CHECKING:
    from liaison.actor import Actor

BAD_MOMENT = "请选择日期和时间，例如 2026-11-21 09:00。"


class MomentField(forms.DateTimeField):
    """A day and a time (Asia/Shanghai)."""

    def __init__(self, *, missing: str = "请填写时间。", **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {}).update({"required": missing, "invalid": BAD_MOMENT})
        super().__init__(**kwargs)


class LongText(forms.CharField):
    """Running text; line ends count as the browser counts them, one sign each."""

    def __init__(self, *, rows: int = 6, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


class OverlapForm(VersionForm):
    """An act that warns when something else is on at that time, and goes on when the person has read it."""

    accept_overlap = forms.BooleanField(label=ACCEPTED, required=False, widget=forms.HiddenInput)

    def add_error(self, field: str | None, error: Any) -> None:
        """The warning brings its box with it."""
        if field == "accept_overlap":
            self.fields[field].widget = forms.CheckboxInput()
        super().add_error(field, error)

    @property
    def has_overlap(self) -> bool:
        """Whether it is the warning that stops it."""
        return isinstance(self.domain_error, Overlap)


class ActivityForm(OverlapForm):
    """A new activity, or the change of one.

    Args:
        activity: the one to change; None for a new one.
    """

    kind = forms.ChoiceField(label="活动类别", choices=ActivityKind.choices, error_messages=NEEDED)
    title = forms.CharField(label="名称", max_length=80, help_text="例如：资江水质专题调研。", error_messages=NEEDED)
    gathering = forms.ChoiceField(
        label="活动形式", choices=Gathering.choices, widget=forms.RadioSelect, initial=Gathering.SINGLE
    )
    groups = forms.ModelMultipleChoiceField(
        queryset=DeputyGroup.objects.none(),
        to_field_name="public_id",
        label="参与组织的代表小组",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="联组、跨组活动请选两个以上。",
        error_messages={"invalid_choice": "请选择没有解散的小组。", "invalid_pk_value": "请选择没有解散的小组。"},
    )
    stations = forms.ModelMultipleChoiceField(
        queryset=Station.objects.none(),
        to_field_name="public_id",
        label="参与组织的联络站",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "请选择没有撤销的联络站。", "invalid_pk_value": "请选择没有撤销的联络站。"},
    )
    campaign = forms.ModelChoiceField(
        queryset=Campaign.objects.none(),
        to_field_name="public_id",
        label="所属主题活动",
        required=False,
        empty_label="不属于主题活动",
        error_messages={"invalid_choice": "没有这项主题活动，请重新选择。"},
    )
    starts_at = MomentField(label="开始时间", missing="请填写开始时间。")
    ends_at = MomentField(label="结束时间", missing="请填写结束时间。")
    place = forms.CharField(label="地点", max_length=120, error_messages=NEEDED)
    plan = LongText(label="活动安排", required=False, max_length=5000, help_text="内容、议程、集合地点、注意事项。")
    reply_by = MomentField(label="报名截止", required=False, help_text="不填的，活动开始前都可以报名。")
    places = forms.IntegerField(
        label="人数上限", required=False, min_value=1, max_value=2000, help_text="不填的，不限人数。"
    )

    field_order = (
        "kind", "title", "starts_at", "ends_at", "place", "plan", "gathering", "groups", "stations", "campaign",
        "reply_by", "places", "accept_overlap",
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, activity: Activity | None = None, **kwargs: Any) -> None:
        if activity is not None:
            kwargs["initial"] = {
                name: getattr(activity, name)
                for name in (
                    "kind",
                    "title",
                    "gathering",
                    "starts_at",
                    "ends_at",
                    "place",
                    "plan",
                    "reply_by",
                    "places",
                )
            } | {
                "groups": [group.public_id for group in activity.groups.all()],
                "stations": [station.public_id for station in activity.stations.all()],
                "campaign": activity.campaign.public_id if activity.campaign else None,
            }
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["groups"].queryset = groups_to_choose(actor)
        fields["stations"].queryset = stations_to_choose(actor)
        fields["campaign"].queryset = campaigns_to_choose(actor)
        if activity is not None:
            self.show_version(activity)

    def facts(self) -> ActivityFacts:
        """What was typed, for the service."""
        data = self.cleaned_data
        return ActivityFacts(
            **{
                name: data[name]
                for name in (
                    "kind",
                    "title",
                    "gathering",
                    "starts_at",
                    "ends_at",
                    "place",
                    "plan",
                    "reply_by",
                    "places",
                )
            },
            group_ids=[group.public_id for group in data["groups"]],
            station_ids=[station.public_id for station in data["stations"]],
            campaign_id=data["campaign"].public_id if data["campaign"] else None,
        )


class AnnounceForm(OverlapForm):
    """通知代表."""


class ReasonForm(forms.Form):
    """Why: of cancelling, correcting, sending back.

    Args:
        label, help_text: what is asked.
    """

    reason = forms.CharField(max_length=200, error_messages=NEEDED, widget=forms.Textarea(attrs={"rows": 3}))

    domain_error: Exception | None = None

    def __init__(self, *args: Any, label: str, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label, self.fields["reason"].help_text = label, help_text


class ActivityFilter(PlaceFilter):
    """Words, region, kind, state, campaign, group, period."""

    q = django_filters.CharFilter(
        label="名称或地点", method="by_text", max_length=60, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = django_filters.ChoiceFilter(label="类别", choices=ActivityKind.choices, empty_label="全部")
    status = django_filters.ChoiceFilter(label="状态", choices=ActivityStatus.choices, empty_label="全部")
    campaign = django_filters.ChoiceFilter(label="主题活动", field_name="campaign__public_id", empty_label="全部")
    group = django_filters.ChoiceFilter(label="代表小组", field_name="groups__public_id", empty_label="全部")
    since = django_filters.DateFilter(label="自", field_name="starts_at", lookup_expr="date__gte")
    until = django_filters.DateFilter(label="至", field_name="starts_at", lookup_expr="date__lte")

    field_order = ("q", "kind", "status", "campaign", "group", "region", "since", "until")

    class Meta:
        model = Activity
        fields: list[str] = []

    def __init__(self, data: Any, *, queryset: Any, actor: Actor) -> None:
        super().__init__(data, queryset=queryset, actor=actor)
        self.filters["campaign"].extra["choices"] = [
            (str(one.public_id), one.title) for one in campaigns_to_choose(actor)
        ]
        self.filters["group"].extra["choices"] = [(str(one.public_id), one.name) for one in groups_to_choose(actor)]

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(Q(title__contains=value.strip()) | Q(place__contains=value.strip()))
