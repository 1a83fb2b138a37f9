"""The conditions over the list of deputies; the address holds all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import Q

from deputies.forms.fields import conditions_in_words
from deputies.models import CongressLevel, Mandate, MandateQuerySet, ProfessionClass, TagKind
from deputies.selectors.congress import congresses_below, region_choices
from deputies.selectors.person import all_tags

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liaison.actor import Actor
    from liaison.models import Region


#: Conditions that stand behind 更多条件.
MORE = ("profession", "unit", "industry", "expertise", "level", "term", "phone_tail")


class MandateFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Name, phone tail, congress, level, term, region, electoral unit, profession class and tags.

    Args:
        data: the query string.
        queryset: the mandates of the saved view, in the actor's scope.
        actor: whose regions and congresses are offered.
    """

    q = django_filters.CharFilter(
        label="姓名或代表证号", method="by_name", max_length=60, widget=forms.TextInput(attrs={"type": "search"})
    )
    region = django_filters.ChoiceFilter(label="所属区划", method="by_region", empty_label="全部")
    level = django_filters.ChoiceFilter(
        label="层级", field_name="congress__level", choices=CongressLevel.choices, empty_label="全部"
    )
    congress = django_filters.ChoiceFilter(label="届次", method="by_congress", empty_label="全部")
    term = django_filters.NumberFilter(
        label="第几届", field_name="congress__term", min_value=1, max_value=99, widget=forms.NumberInput
    )
    unit = django_filters.CharFilter(
        label="选举单位", field_name="electoral_unit__name", lookup_expr="contains", max_length=100
    )
    profession = django_filters.ChoiceFilter(
        label="代表类别", field_name="profession_class", choices=ProfessionClass.choices, empty_label="全部"
    )
    industry = django_filters.ChoiceFilter(label="行业", field_name="person__tags", empty_label="全部")
    expertise = django_filters.ChoiceFilter(label="专长", field_name="person__tags", empty_label="全部")
    phone_tail = django_filters.CharFilter(
        label="手机尾号",
        method="by_phone_tail",
        max_length=4,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    class Meta:
        model = Mandate
        fields: list[str] = []

    def __init__(self, data: Mapping[str, Any] | None, *, queryset: MandateQuerySet, actor: Actor) -> None:
        self.actor = actor
        super().__init__(data, queryset=queryset)
        way, below = region_choices(actor, str((data or {}).get("region", "")))
        self.places: dict[str, Region] = {region.code: region for region in [*way, *below]}
        depth = {region.code: min(place, 3) for place, region in enumerate(way)}
        self.filters["region"].extra["choices"] = [
            (region.code, "　" * depth.get(region.code, len(way)) + region.name) for region in [*way, *below][1:]
        ]
        here = way[-1] if way else None
        self.filters["congress"].extra["choices"] = (
            [(str(congress.public_id), congress.short_name) for congress in congresses_below(actor, here)]
            if here
            else []
        )

        tags = all_tags()
        for name, kind in (("industry", TagKind.INDUSTRY), ("expertise", TagKind.EXPERTISE)):
            self.filters[name].extra["choices"] = [(str(tag.pk), tag.name) for tag in tags if tag.kind == kind]

    @property
    def more_count(self) -> int:
        """How many of the less usual conditions are set."""
        return sum(1 for name in MORE if self.form.data.get(name)) if self.is_bound else 0

    @property
    def active_count(self) -> int:
        """How many conditions are set."""
        return sum(1 for name in self.filters if self.form.data.get(name)) if self.is_bound else 0

    def in_words(self) -> list[str]:
        """The conditions as a person reads them: 姓名或代表证号“李”."""
        return conditions_in_words(self)

    @property
    def qs(self) -> Any:
        """The mandates that fit; none while a condition cannot be read."""
        return super().qs if self.is_valid() else self.queryset.none()

    def by_name(self, queryset: MandateQuerySet, name: str, value: str) -> MandateQuerySet:
        value = value.strip()
        return queryset.filter(Q(person__name__contains=value) | Q(certificate_number__iexact=value))

    def by_region(self, queryset: MandateQuerySet, name: str, value: str) -> MandateQuerySet:
        return queryset.filter(home_prefix__startswith=self.places[value].prefix)

    def by_congress(self, queryset: MandateQuerySet, name: str, value: str) -> MandateQuerySet:
        return queryset.filter(congress__public_id=value)

    def by_phone_tail(self, queryset: MandateQuerySet, name: str, value: str) -> MandateQuerySet:
        return queryset.filter(person__phone__endswith=value.strip())
