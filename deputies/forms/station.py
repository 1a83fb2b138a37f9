"""What staff type about stations: facts, opening hours, reception days, placements; and the list's conditions."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.utils import timezone

from deputies.forms.fields import VersionForm, conditions_in_words
from deputies.models import Mandate, Station, StationKind, Weekday
from deputies.selectors.congress import region_choices
from deputies.selectors.placement import stations_to_move
from deputies.selectors.rota import eligible_people, series_of
from deputies.selectors.station import STATES, by_words
from deputies.services.rota import MOST_DAYS
from deputies.services.station import StationFacts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deputies.models import Placement, RotaDay, StationQuerySet
    from liaison.actor import Actor
    from liaison.models import Region

NEEDED = {"required": "请填写。"}


class TimeInput(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", **kwargs)


class PlaceFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Conditions on something that lies in a region.

    Args:
        data: the query string.
        queryset: in the actor's scope, with ``region_prefix``.
        actor: whose regions are offered.
    """

    field_order: tuple[str, ...] = ()
    region = django_filters.ChoiceFilter(label="所在区划", method="by_region", empty_label="全部")

    def __init__(self, data: Mapping[str, Any] | None, *, queryset: Any, actor: Actor) -> None:
        super().__init__(data, queryset=queryset)
        way, below = region_choices(actor, str((data or {}).get("region", "")))
        self.places: dict[str, Region] = {region.code: region for region in [*way, *below]}
        depth = {region.code: min(place, 3) for place, region in enumerate(way)}
        self.filters["region"].extra["choices"] = [
            (region.code, "　" * depth.get(region.code, len(way)) + region.name) for region in [*way, *below][1:]
        ]
        self.form.order_fields(self.field_order)

    @property
    def active_count(self) -> int:
        """How many conditions are set."""
        return sum(1 for name in self.filters if self.form.data.get(name)) if self.is_bound else 0

    def in_words(self) -> list[str]:
        """The conditions as a person reads them."""
        return conditions_in_words(self)

    @property
    def qs(self) -> Any:
        """What fits; nothing while a condition cannot be read."""
        return super().qs if self.is_valid() else self.queryset.none()

    def by_region(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(region_prefix__startswith=self.places[value].prefix)


class StationFilter(PlaceFilter):
    """Words, region, kind and state."""

    q = django_filters.CharFilter(
        label="名称、地址或代表姓名", method="by_text", max_length=60, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = django_filters.ChoiceFilter(label="类别", choices=StationKind.choices, empty_label="全部")
    state = django_filters.ChoiceFilter(
        label="状态",
        method="by_state",
        choices=[(key, label) for key, (label, _condition) in STATES.items()],
        empty_label="全部",
    )

    field_order = ("q", "region", "kind", "state")

    class Meta:
        model = Station
        fields: list[str] = []

    def by_text(self, queryset: StationQuerySet, name: str, value: str) -> StationQuerySet:
        return by_words(queryset, value)

    def by_state(self, queryset: StationQuerySet, name: str, value: str) -> StationQuerySet:
        return queryset.filter(STATES[value][1])


class StationForm(VersionForm):
    """A new station, or the correction of one.

    Args:
        station: the one to correct; None for a new one, which is asked its kind.
    """

    kind = forms.ChoiceField(
        label="类别",
        choices=StationKind.choices,
        widget=forms.RadioSelect,
        initial=StationKind.STATION,
        help_text="代表工作室可以设在联络站之外；线上总站一地一个，汇总本地各站。",
        error_messages=NEEDED,
    )
    name = forms.CharField(label="名称", max_length=60, help_text="例如：八字哨镇代表联络站。", error_messages=NEEDED)
    address = forms.CharField(
        label="地址", max_length=120, required=False, help_text="写到门牌或标志物。线上总站可以不填，其他必填。"
    )
    longitude = forms.DecimalField(
        label="经度", required=False, max_digits=9, decimal_places=6, help_text="从国内地图上读取，例如 112.379120。"
    )
    latitude = forms.DecimalField(
        label="纬度", required=False, max_digits=9, decimal_places=6, help_text="例如 28.575980。"
    )
    phone = forms.CharField(
        label="公开电话", max_length=40, required=False, help_text="向社会公开，请填办公电话，不填个人号码。"
    )
    introduction = forms.CharField(
        label="简介", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    opened_on = forms.DateField(label="设立日期", error_messages=NEEDED)

    def __init__(self, *args: Any, station: Station | None = None, **kwargs: Any) -> None:
        if station is not None:
            names = ("name", "address", "longitude", "latitude", "phone", "introduction", "opened_on")
            kwargs["initial"] = {name: getattr(station, name) for name in names}
        super().__init__(*args, **kwargs)
        if station is not None:
            del self.fields["kind"]
            self.show_version(station)
        else:
            self.fields["opened_on"].initial = timezone.localdate()

    def facts(self) -> StationFacts:
        """What was typed, for the service."""
        data = self.cleaned_data
        return StationFacts(
            name=data["name"],
            address=data["address"],
            longitude=data["longitude"],
            latitude=data["latitude"],
            phone=data["phone"],
            introduction=data["introduction"],
            opened_on=data["opened_on"],
        )


#: The two spells of a day that the form asks for.
SPELLS = (("am", "上午"), ("pm", "下午"))


class HoursForm(VersionForm):
    """The opening hours of the week: two spells a day, each from and until.

    Args:
        hours: (weekday, from, until) as registered.
    """

    def __init__(self, *args: Any, station: Station, hours: list[tuple[int, dt.time, dt.time]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show_version(station)
        spells: dict[int, list[tuple[dt.time, dt.time]]] = {}
        for day, start, end in hours:
            spells.setdefault(day, []).append((start, end))
        for weekday in Weekday:
            known = spells.get(weekday.value, [])
            if len(known) == 1 and known[0][0] >= dt.time(12):
                known = [(None, None), *known]  # type: ignore[list-item]
            for place, (key, label) in enumerate(SPELLS):
                shown = known[place] if place < len(known) else (None, None)
                for part, word, value in (("from", "开始", shown[0]), ("until", "结束", shown[1])):
                    self.fields[f"{key}_{weekday.value}_{part}"] = forms.TimeField(
                        label=f"{weekday.label}{label}{word}",
                        required=False,
                        initial=value,
                        widget=TimeInput(attrs={"aria-label": f"{weekday.label}{label}{word}"}),
                    )

    def rows(self) -> list[tuple[str, list[Any]]]:
        """For the table: the day and its four fields."""
        return [
            (
                str(weekday.label),
                [self[f"{key}_{weekday.value}_{part}"] for key, _label in SPELLS for part in ("from", "until")],
            )
            for weekday in Weekday
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        hours = []
        for weekday in Weekday:
            for key, label in SPELLS:
                start, end = data.get(f"{key}_{weekday.value}_from"), data.get(f"{key}_{weekday.value}_until")
                if (start is None) != (end is None):
                    missing = f"{key}_{weekday.value}_{'from' if start is None else 'until'}"
                    if missing not in self.errors:
                        self.add_error(missing, f"{weekday.label}{label}的开始和结束要一起填写。")
                elif start is not None:
                    hours.append((weekday.value, start, end))
        data["hours"] = hours
        return data


class DeputiesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Deputies by public id, shown with their level."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Mandate.objects.none(), to_field_name="public_id", widget=forms.CheckboxSelectMultiple, **kwargs
        )

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.person.name}（{obj.congress.short_name}）"


class RotaForm(forms.Form):
    """A reception day, or the same weekday week by week.

    Args:
        station: whose deputies are offered.
    """

    on = forms.DateField(label="日期", error_messages={"required": "请选择日期。"})
    starts_at = forms.TimeField(label="开始时间", widget=TimeInput, initial=dt.time(9), error_messages=NEEDED)
    ends_at = forms.TimeField(label="结束时间", widget=TimeInput, initial=dt.time(11, 30), error_messages=NEEDED)
    until = forms.DateField(
        label="每周重复，直到",
        required=False,
        help_text=f"不填就只排这一天；填写后每周同一天各排一次，最多{MOST_DAYS}次。",
    )
    skip_off = forms.BooleanField(label="遇休息日不排", required=False, initial=True, help_text="按工作日历判断。")
    mandates = DeputiesField(
        label="接待代表",
        error_messages={"required": "请至少选择一名代表。", "invalid_choice": "请选择本站在任的代表。"},
    )
    note = forms.CharField(label="说明", max_length=100, required=False, help_text="向社会公开，例如“讲解医保政策”。")

    domain_error: Exception | None = None

    def __init__(self, *args: Any, station: Station, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mandates: Any = self.fields["mandates"]
        mandates.queryset = eligible_people(station)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        on, until = data.get("on"), data.get("until")
        if on and on < timezone.localdate():
            self.add_error("on", "接待日不能早于今天。")
        elif on and (on - timezone.localdate()).days > 366:
            self.add_error("on", "最多提前一年安排。")
        if on and until and until < on:
            self.add_error("until", "截止日期不能早于第一天。")
        elif on and until and (until - on).days // 7 + 1 > MOST_DAYS:
            self.add_error("until", f"一次最多排{MOST_DAYS}天，请缩短期间。")
        if data.get("starts_at") and data.get("ends_at") and data["ends_at"] <= data["starts_at"]:
            self.add_error("ends_at", "结束时间要晚于开始时间。")
        if not self.errors:
            data["series"] = series_of(on, until)  # type: ignore[arg-type]
        return data


class RotaEditForm(VersionForm):
    """One reception day that stands.

    Args:
        day: with its duties, from ``get_rota_for``.
    """

    on = forms.DateField(label="日期", error_messages={"required": "请选择日期。"})
    starts_at = forms.TimeField(label="开始时间", widget=TimeInput, error_messages=NEEDED)
    ends_at = forms.TimeField(label="结束时间", widget=TimeInput, error_messages=NEEDED)
    mandates = DeputiesField(
        label="接待代表",
        error_messages={"required": "请至少选择一名代表。", "invalid_choice": "请选择本站在任的代表。"},
    )
    note = forms.CharField(label="说明", max_length=100, required=False, help_text="向社会公开，例如“讲解医保政策”。")

    def __init__(self, *args: Any, day: RotaDay, **kwargs: Any) -> None:
        offered = eligible_people(day.station)
        people = {duty.mandate.person_id for duty in day.duties.all()}
        initial: dict[str, Any] = {name: getattr(day, name) for name in ("on", "starts_at", "ends_at", "note")}
        initial["mandates"] = [one.public_id for one in offered if one.person_id in people]
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.show_version(day)
        mandates: Any = self.fields["mandates"]
        mandates.queryset = offered


class PlacementEndForm(forms.Form):
    """离站."""

    ended_on = forms.DateField(label="离站日期", error_messages=NEEDED)
    reason = forms.CharField(label="离站原因", max_length=200, error_messages=NEEDED)

    domain_error: Exception | None = None


class PlacementMoveForm(forms.Form):
    """调整到另一个站.

    Args:
        placement: the present one.
        actor: whose stations are offered.
    """

    station = forms.ModelChoiceField(
        queryset=Station.objects.none(),
        to_field_name="public_id",
        label="调整到",
        empty_label="请选择",
        error_messages={"required": "请选择联络站。", "invalid_choice": "请选择另一个同类的联络站。"},
    )

    domain_error: Exception | None = None

    def __init__(self, *args: Any, actor: Actor, placement: Placement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        station: Any = self.fields["station"]
        station.queryset = stations_to_move(actor, placement)


class WhyForm(forms.Form):
    """A reason for closing, cancelling or dissolving.

    Args:
        label: what the reason is for.
    """

    reason = forms.CharField(max_length=200, error_messages={"required": "请填写原因。"})

    domain_error: Exception | None = None

    def __init__(self, *args: Any, label: str = "原因", help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label, self.fields["reason"].help_text = label, help_text
