"""The filter bar over the desk of opinions: everything in the address, choices scoped to the actor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.utils import timezone

from suggestions.forms.desk import LIGHTS, DeskConditions
from suggestions.models import Opinion
from suggestions.models.answer import Rating
from suggestions.models.opinion import OpinionChannel, OpinionRoute
from suggestions.selectors.choices import categories, desk_regions
from suggestions.selectors.desk import EVERYWHERE
from suggestions.selectors.opinion_desk import SOLVED, by_light, by_words, in_year
from suggestions.selectors.opinion_people import desk_deputies, desk_stations
from suggestions.states import OpinionStatus

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liaison.actor import Actor

FIRST_YEAR = 2026
RATINGS = [("solved", "已解决（满意、基本满意）"), *Rating.choices]


class OpinionFilter(DeskConditions):
    """Conditions over the desk of opinions.

    Args:
        actor: stations, deputies and regions are those of the actor's scope; a unit is asked few.
    """

    daily = ("q", "station", "light")

    q = django_filters.CharFilter(
        label="关键词",
        method="by_text",
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "内容、地点、编号、姓名"}),
    )
    station = django_filters.ChoiceFilter(label="联络站", empty_label="全部", field_name="station__public_id")
    light = django_filters.ChoiceFilter(label="期限灯", empty_label="全部", choices=LIGHTS, method="by_clock")
    status = django_filters.ChoiceFilter(label="状态", empty_label="全部状态", choices=OpinionStatus)
    route = django_filters.ChoiceFilter(label="办理方式", empty_label="全部", choices=OpinionRoute)
    category = django_filters.ChoiceFilter(label="类别", empty_label="全部类别", field_name="category_id")
    deputy = django_filters.ChoiceFilter(label="答复代表", empty_label="全部", field_name="mandate__public_id")
    channel = django_filters.ChoiceFilter(label="来源", empty_label="全部", choices=OpinionChannel)
    rating = django_filters.ChoiceFilter(label="群众评价", empty_label="全部", choices=RATINGS, method="by_rating")
    year = django_filters.ChoiceFilter(label="收到年份", empty_label="全部", method="by_year")
    region = django_filters.ChoiceFilter(label="范围", empty_label="本级办理", method="already_scoped")

    class Meta:
        model = Opinion
        fields: list[str] = []

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        year = timezone.localdate().year
        self._offer("category", categories())
        self._offer("year", [(str(one), f"{one}年") for one in range(year, FIRST_YEAR - 1, -1)])
        if actor.is_congress:
            self._offer("station", desk_stations(actor))
            self._offer("deputy", desk_deputies(actor))
            self._offer("region", [(EVERYWHERE, "本级和下级"), *desk_regions(actor)])
        else:
            for name in ("station", "deputy", "region", "channel", "route"):
                del self.filters[name]

    def by_text(self, rows: QuerySet[Opinion], name: str, value: str) -> QuerySet[Opinion]:
        return by_words(self.actor, rows, value)

    def by_clock(self, rows: QuerySet[Opinion], name: str, value: str) -> QuerySet[Opinion]:
        return by_light(rows, value)

    def by_rating(self, rows: QuerySet[Opinion], name: str, value: str) -> QuerySet[Opinion]:
        return rows.filter(rating__in=SOLVED) if value == "solved" else rows.filter(rating=value)

    def by_year(self, rows: QuerySet[Opinion], name: str, value: str) -> QuerySet[Opinion]:
        return in_year(rows, int(value))
