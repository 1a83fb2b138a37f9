"""What staff type about groups of deputies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.utils import timezone

from deputies.forms.fields import VersionForm
from deputies.forms.station import NEEDED, PlaceFilter
from deputies.models import DeputyGroup, GroupKind, GroupRole, Station
from deputies.selectors.group import groups_by_words, stations_for_group
from deputies.services.group import GroupFacts

if TYPE_CHECKING:
    from liaison.actor import Actor
    from liaison.models import Region


class GroupFilter(PlaceFilter):
    """Words, region, kind and whether dissolved ones are shown."""

    q = django_filters.CharFilter(
        label="名称、领域或成员姓名", method="by_text", max_length=60, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = django_filters.ChoiceFilter(label="类别", choices=GroupKind.choices, empty_label="全部")
    state = django_filters.ChoiceFilter(
        label="状态", method="by_state", choices=[("standing", "在用"), ("dissolved", "已解散")], empty_label="全部"
    )

    field_order = ("q", "region", "kind", "state")

    class Meta:
        model = DeputyGroup
        fields: list[str] = []

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        return groups_by_words(queryset, value)

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(dissolved_on__isnull=value == "standing")


class GroupForm(VersionForm):
    """A new group, or the correction of one.

    Args:
        region: where it is; its stations are offered.
        group: the one to correct; None for a new one, which is asked its kind.
    """

    kind = forms.ChoiceField(
        label="类别",
        choices=GroupKind.choices,
        widget=forms.RadioSelect,
        initial=GroupKind.GROUP,
        error_messages=NEEDED,
    )
    name = forms.CharField(label="名称", max_length=60, help_text="例如：八字哨镇代表小组。", error_messages=NEEDED)
    field_name = forms.CharField(
        label="专业领域", max_length=30, required=False, help_text="专业代表小组必填，例如：农业、教育、法治。"
    )
    station = forms.ModelChoiceField(
        queryset=Station.objects.none(),
        to_field_name="public_id",
        label="所在联络站",
        required=False,
        empty_label="不固定",
        error_messages={"invalid_choice": "请选择没有撤销的联络站。"},
    )
    founded_on = forms.DateField(label="成立日期", error_messages=NEEDED)

    def __init__(
        self, *args: Any, actor: Actor, region: Region, group: DeputyGroup | None = None, **kwargs: Any
    ) -> None:
        if group is not None:
            kwargs["initial"] = {
                "name": group.name,
                "field_name": group.field_name,
                "station": group.station.public_id if group.station else None,
                "founded_on": group.founded_on,
            }
        super().__init__(*args, **kwargs)
        station: Any = self.fields["station"]
        station.queryset = stations_for_group(actor, region.prefix)
        if group is None:
            self.fields["founded_on"].initial = timezone.localdate()
            return
        del self.fields["kind"]
        if group.kind == GroupKind.GROUP:
            del self.fields["field_name"]
        self.show_version(group)

    def facts(self) -> GroupFacts:
        """What was typed, for the service."""
        data = self.cleaned_data
        station = data["station"]
        return GroupFacts(
            name=data["name"],
            field_name=data.get("field_name", ""),
            station_id=station.public_id if station else None,
            founded_on=data["founded_on"],
        )


class MemberRoleForm(forms.Form):
    """组内职务."""

    role = forms.ChoiceField(
        label="组内职务", choices=GroupRole.choices, widget=forms.RadioSelect, error_messages=NEEDED
    )

    domain_error: Exception | None = None
