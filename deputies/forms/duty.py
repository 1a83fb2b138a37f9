"""What is typed about duty files: conditions of the list, checks, contests, attendance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import F, Q
from django.utils import timezone

from deputies.forms.station import PlaceFilter
from deputies.models import ActivityKind, CongressLevel, DutyKind, DutyYear, Mandate, ProfessionClass
from deputies.selectors.congress import congresses_below, region_choices
from deputies.selectors.duty_year import years_closed
from deputies.services.duty_contest import MissingFacts
from liaison.forms.files import MultipleFileField

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deputies.models import Campaign, Congress, DutyContest, MandateQuerySet
    from deputies.models.duty_year import DutyYearQuerySet
    from liaison.actor import Actor
    from liaison.models import Region

SORTS = {"name": ("name", "id"), "certificate": ("certificate_number", "id")}


class DutyFileFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Words, congress, region, class and year over the deputies; by name or certificate number, never by figures.

    Args:
        data: the query string.
        queryset: mandates in the actor's scope.
        actor: whose regions and congresses are offered.
    """

    q = django_filters.CharFilter(
        label="姓名或代表证号", method="by_words", max_length=60, widget=forms.TextInput(attrs={"type": "search"})
    )
    region = django_filters.ChoiceFilter(label="所属区划", method="by_region", empty_label="全部")
    congress = django_filters.ChoiceFilter(label="届次", method="by_congress", empty_label="全部")
    profession = django_filters.ChoiceFilter(
        label="代表类别", field_name="profession_class", choices=ProfessionClass.choices, empty_label="全部"
    )
    year = django_filters.ChoiceFilter(label="年度", method="by_year", empty_label=None)
    state = django_filters.ChoiceFilter(
        label="履职要求",
        method="by_state",
        choices=[("behind", "还有未完成的"), ("met", "已全部完成")],
        empty_label="全部",
    )
    sort = django_filters.ChoiceFilter(
        label="排列", method="by_sort", choices=[("name", "按姓名"), ("certificate", "按代表证号")], empty_label=None
    )

    class Meta:
        model = Mandate
        fields: list[str] = []

    def __init__(self, data: Mapping[str, Any] | None, *, queryset: MandateQuerySet, actor: Actor) -> None:
        super().__init__(data or {}, queryset=queryset.annotate(name=F("person__name")))
        way, below = region_choices(actor, str((data or {}).get("region", "")))
        self.places: dict[str, Region] = {region.code: region for region in [*way, *below]}
        self.filters["region"].extra["choices"] = [
            (region.code, "　" * min(place, 3) + region.name) for place, region in enumerate([*way, *below])
        ][1:]
        here = way[-1] if way else None
        self.filters["congress"].extra["choices"] = (
            [(str(one.public_id), one.short_name) for one in congresses_below(actor, here)] if here else []
        )
        this_year = timezone.localdate().year
        self.filters["year"].extra["choices"] = [(str(one), f"{one}年") for one in range(this_year, this_year - 6, -1)]
        for name in ("year", "sort"):
            self.filters[name].extra["required"] = False

    @property
    def of_year(self) -> int:
        """The year asked for; this one when none, or none that is offered, is named."""
        asked = str(self.form.data.get("year", ""))
        offered = dict(self.filters["year"].extra["choices"])
        return int(asked) if asked in offered else timezone.localdate().year

    @property
    def order(self) -> tuple[str, str]:
        """How the list is sorted."""
        return SORTS.get(str(self.form.data.get("sort", "")), SORTS["name"])

    @property
    def active_count(self) -> int:
        """How many conditions are set."""
        return sum(1 for name in self.filters if self.form.data.get(name))

    @property
    def qs(self) -> Any:
        """The mandates that fit; none while a condition cannot be read."""
        return super().qs if self.is_valid() else self.queryset.none()

    def by_words(self, queryset: MandateQuerySet, name: str, value: str) -> MandateQuerySet:
        value = value.strip()
        return queryset.filter(Q(person__name__contains=value) | Q(certificate_number__iexact=value))

    def by_region(self, queryset: MandateQuerySet, name: str, value: str) -> MandateQuerySet:
        return queryset.filter(home_prefix__startswith=self.places[value].prefix)

    def by_congress(self, queryset: MandateQuerySet, name: str, value: str) -> MandateQuerySet:
        return queryset.filter(congress__public_id=value)

    def by_year(self, queryset: MandateQuerySet, name: str, value: str) -> MandateQuerySet:
        return queryset.filter(started_on__year__lte=int(value)).filter(
            Q(ended_on=None) | Q(ended_on__year__gte=int(value))
        )

    def by_state(self, queryset: MandateQuerySet, name: str, value: str) -> MandateQuerySet:
        """Decided over the sums, by the page; it is a condition all the same, so that the address holds it."""
        return queryset

    by_sort = by_state


class DutyYearFilter(PlaceFilter):
    """Year, region and level over the yearly freezes."""

    field_order = ("year", "level", "region")
    year = django_filters.ChoiceFilter(label="年度", empty_label="全部")
    level = django_filters.ChoiceFilter(
        label="层级", field_name="congress__level", choices=CongressLevel.choices, empty_label="全部"
    )

    class Meta:
        model = DutyYear
        fields: list[str] = []

    def __init__(self, data: Mapping[str, Any] | None, *, queryset: DutyYearQuerySet, actor: Actor) -> None:
        super().__init__(data, queryset=queryset, actor=actor)
        self.form.fields["year"].choices = [(str(year), f"{year}年") for year in years_closed(actor)]

    def by_region(self, queryset: DutyYearQuerySet, name: str, value: str) -> DutyYearQuerySet:
        return queryset.filter(congress__region__prefix__startswith=self.places[value].prefix)

    def fits(self, congress: Congress) -> bool:
        """Whether a congress (with its region) lies in the chosen region and is of the chosen level."""
        asked = self.form.cleaned_data if self.is_valid() else {}
        place = self.places.get(asked.get("region", ""))
        return asked.get("level", "") in ("", congress.level) and (
            place is None or congress.region.prefix.startswith(place.prefix)
        )


class EntryFilter(forms.Form):
    """Kind and campaign over the entries of one file.

    Args:
        campaigns: those of which the file has entries.
    """

    kind = forms.ChoiceField(label="事项", required=False, choices=[("", "全部"), *DutyKind.choices])
    campaign = forms.ChoiceField(label="主题活动", required=False)

    def __init__(self, data: Any, *, campaigns: list[Campaign]) -> None:
        super().__init__(data)
        self.fields["campaign"].choices = [  # type: ignore[attr-defined]
            ("", "全部"),
            *((str(one.public_id), one.title) for one in campaigns),
        ]
        if not campaigns:
            del self.fields["campaign"]


class CheckForm(forms.Form):
    """核对: a note, and how far the page reached."""

    seen = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    note = forms.CharField(label="核对说明", max_length=200, required=False)


class ContestForm(forms.Form):
    """异议: what is wrong with an entry."""

    client_token = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label="哪里不对",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="请写明应当是什么，例如日期、数量，或者您没有参加。",
        error_messages={"required": "请写明哪里不对、应当是什么。"},
    )
    uploads = MultipleFileField(label="证明材料", required=False, max_files=3, help_text="最多3个文件。")


class FactsForm(forms.Form):
    """What was done: kind, day, quantity, content."""

    kind = forms.ChoiceField(
        label="事项", choices=[("", "请选择"), *DutyKind.choices], error_messages={"required": "请选择事项。"}
    )
    activity_kind = forms.ChoiceField(
        label="活动类别",
        choices=[("", "不是活动"), *ActivityKind.choices],
        required=False,
        help_text="事项是“参加闭会期间活动”的，请选择。",
    )
    on = forms.DateField(
        label="日期",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "请填写日期。", "invalid": "请按年月日填写，例如2026-03-09。"},
    )
    quantity = forms.DecimalField(
        label="数量",
        max_digits=7,
        decimal_places=1,
        initial=1,
        help_text="活动填1；调研填天数（可填半天0.5）；走访填人数。",
        error_messages={
            "required": "请填写数量。",
            "invalid": "请填写数字。",
            "max_digits": "数量太大。",
            "max_decimal_places": "最多一位小数。",
            "max_whole_digits": "数量太大。",
        },
    )
    title = forms.CharField(
        label="内容", max_length=100, error_messages={"required": "请写明做了什么。"}, help_text="一句话写明做了什么。"
    )

    def facts(self) -> MissingFacts:
        """For the services."""
        data = self.cleaned_data
        return MissingFacts(
            kind=data["kind"],
            activity_kind=data["activity_kind"],
            on=data["on"],
            quantity=data["quantity"],
            title=data["title"],
        )


class MissingForm(FactsForm):
    """补报: what is missing from the file."""

    client_token = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label="说明",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="例如由谁组织、和谁一起、有什么可以证明。",
        error_messages={"required": "请写明情况。"},
    )
    uploads = MultipleFileField(label="证明材料", required=False, max_files=3, help_text="最多3个文件。")


class AcceptForm(forms.Form):
    """采纳 of a contest of a wrong entry: the reason, shown in the file."""

    decision = forms.CharField(
        label="更正理由",
        max_length=150,
        help_text="会显示在这条记录旁边。",
        error_messages={"required": "请写明更正的理由。"},
    )


class AcceptMissingForm(FactsForm):
    """采纳 of a report of a missing entry: what is entered."""

    decision = forms.CharField(label="处理意见", max_length=150, required=False)

    @classmethod
    def of(cls, contest: DutyContest) -> dict[str, Any]:
        """What the deputy reported, to begin with."""
        return {
            "kind": contest.kind,
            "activity_kind": contest.activity_kind,
            "on": contest.on.isoformat(),
            "quantity": contest.quantity,
            "title": contest.title,
        }


class RefuseForm(forms.Form):
    """不予采纳: the reason, which the deputy reads."""

    decision = forms.CharField(
        label="理由",
        max_length=150,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明不予采纳的理由，代表会看到。"},
    )


class RotaAttendForm(forms.Form):
    """登记到站: version only; the lines are drawn and read one by one (``visits``)."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class RollForm(forms.Form):
    """会议出席登记: version only; the lines are drawn and read one by one (``lines``)."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


def typed_lines(data: Mapping[str, Any], public_ids: list[str]) -> dict[str, tuple[str, str]]:
    """What was chosen for each deputy of a roll: presence and note."""
    return {one: (str(data.get(f"presence-{one}", "")), str(data.get(f"note-{one}", ""))) for one in public_ids}


def typed_visits(data: Any) -> tuple[dict[str, int | None], dict[str, str]]:
    """Who is ticked, with the number of people; and what cannot be read, by field."""
    visits: dict[str, int | None] = {}
    wrong: dict[str, str] = {}
    for one in dict.fromkeys(data.getlist("came")):
        text = str(data.get(f"people-{one}", "")).strip()
        if text and not (text.isascii() and text.isdigit() and len(text) <= 4):
            wrong[f"people-{one}"] = "接待人数请填写数字。"
        visits[one] = int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None
    return visits, wrong
