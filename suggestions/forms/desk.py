"""The filter bar over the desk: everything in the address, choices scoped to the actor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import django_filters
from django import forms
from django.utils import timezone

from liaison.selectors.deadline import subjects_with_light
from suggestions.models import Suggestion
from suggestions.models.suggestion import SuggestionKind
from suggestions.selectors.choices import categories, desk_regions, desk_sessions, units_for
from suggestions.selectors.desk import EVERYWHERE, UNIT_DEADLINES, by_words
from suggestions.selectors.suggestion import DESK_DEADLINES
from suggestions.states import SuggestionStatus

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liaison.actor import Actor

LIGHTS = [("green", "正常"), ("amber", "临期"), ("red", "紧急"), ("overdue", "超期")]
#: Nobody sees others' drafts on a desk.
STATUSES = [pair for pair in SuggestionStatus.choices if pair[0] not in {"draft", "discarded"}]
FIRST_YEAR = 2016


class DeskConditions(django_filters.FilterSet):  # type: ignore[misc]
    """Conditions over a desk: what is used daily stands in the first row of the bar, the rest is folded; a choice
    that is not offered counts as none.

    Args:
        actor: whose desk it is.
    """

    daily: tuple[str, ...] = ()

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def _offer(self, name: str, rows: list[Any]) -> None:
        self.filters[name].extra["choices"] = rows

    @property
    def chosen(self) -> dict[str, Any]:
        """The conditions that can be read; a choice that is not offered counts as none."""
        form = cast("forms.Form", self.form)
        form.is_valid()
        return form.cleaned_data

    @property
    def region_prefix(self) -> str:
        """The chosen region, which narrows the list and the tabs' counts before any filter does."""
        return str(self.chosen.get("region") or "")

    @property
    def is_active(self) -> bool:
        """Whether any condition is set."""
        return any(self.chosen.values())

    @property
    def daily_fields(self) -> list[forms.BoundField]:
        """What the first row of the bar holds."""
        return [self.form[name] for name in self.daily if name in self.filters]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """What is folded under 更多条件."""
        return [self.form[name] for name in self.filters if name not in self.daily]

    @property
    def more_is_active(self) -> bool:
        """Whether something folded is set."""
        return any(value for name, value in self.chosen.items() if name not in self.daily)

    def apply(self, rows: Any) -> Any:
        """The rows that meet the conditions."""
        return self.filter_queryset(rows) if self.is_active else rows

    def already_scoped(self, rows: Any, name: str, value: str) -> Any:
        return rows


class DeskFilter(DeskConditions):
    """Conditions over the desk.

    Args:
        actor: sessions, regions and units are those of the actor's scope.
    """

    daily = ("q", "category", "light")

    q = django_filters.CharFilter(
        label="关键词",
        method="by_words",
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "标题、内容、编号、代表"}),
    )
    category = django_filters.ChoiceFilter(label="类别", empty_label="全部类别")
    status = django_filters.ChoiceFilter(label="状态", empty_label="全部状态", choices=STATUSES)
    light = django_filters.ChoiceFilter(label="期限灯", empty_label="全部", choices=LIGHTS, method="by_light")
    region = django_filters.ChoiceFilter(label="范围", empty_label="本级受理", method="already_scoped")
    session = django_filters.ChoiceFilter(label="会议", empty_label="全部", field_name="session_id")
    unit = django_filters.ChoiceFilter(label="主办单位", empty_label="全部单位", field_name="main_unit__public_id")
    year = django_filters.ChoiceFilter(label="提交年份", empty_label="全部", method="by_year")
    kind = django_filters.ChoiceFilter(label="种类", empty_label="全部", choices=SuggestionKind)

    class Meta:
        model = Suggestion
        fields: list[str] = []

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        year = timezone.localdate().year
        self._offer("category", categories())
        self._offer("session", desk_sessions(actor))
        self._offer("year", [(str(one), f"{one}年") for one in range(year, FIRST_YEAR - 1, -1)])
        if actor.is_congress:
            self._offer("unit", units_for(actor))
            self._offer("region", [(EVERYWHERE, "本级和下级"), *desk_regions(actor)])
        else:
            for name in ("unit", "region"):
                del self.filters[name]

    def by_words(self, rows: QuerySet[Suggestion], name: str, value: str) -> QuerySet[Suggestion]:
        return rows.filter(by_words(value))

    def by_light(self, rows: QuerySet[Suggestion], name: str, value: str) -> QuerySet[Suggestion]:
        return subjects_with_light(rows, value, kinds=UNIT_DEADLINES if self.actor.is_unit else DESK_DEADLINES)

    def by_year(self, rows: QuerySet[Suggestion], name: str, value: str) -> QuerySet[Suggestion]:
        return rows.filter(submitted_at__year=int(value))
