"""Forms of staff on the hotline's orders: conditions of the list, links, the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import django_filters
from django import forms

from suggestions.forms.desk import DeskConditions
from suggestions.forms.fields import LongTextField, VersionedForm
from suggestions.models import HotlineOrder, OrderKind
from suggestions.selectors.choices import desk_regions
from suggestions.selectors.hotline_order import by_due, by_words
from suggestions.selectors.opinion_people import desk_stations
from suggestions.states_hotline import OrderState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liaison.actor import Actor


class OrderFilter(DeskConditions):
    """Conditions over the list of orders.

    Args:
        actor: regions are those of the actor's scope.
    """

    daily = ("q", "kind", "state")

    q = django_filters.CharFilter(
        label="关键词",
        method="by_text",
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "标题、内容、地点、工单编号"}),
    )
    kind = django_filters.ChoiceFilter(label="诉求类型", empty_label="全部", choices=OrderKind)
    state = django_filters.ChoiceFilter(label="热线状态", empty_label="全部", choices=OrderState)
    due = django_filters.ChoiceFilter(
        label="热线时限", empty_label="全部", choices=[("overdue", "已超时"), ("soon", "两天内到期")], method="by_limit"
    )
    region = django_filters.ChoiceFilter(label="地区", empty_label="全部", method="by_region")
    top = django_filters.CharFilter(label="一级分类", field_name="class_top", max_length=60)

    class Meta:
        model = HotlineOrder
        fields: list[str] = []

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self._offer("region", desk_regions(actor))

    def by_text(self, rows: QuerySet[HotlineOrder], name: str, value: str) -> QuerySet[HotlineOrder]:
        return by_words(rows, value)

    def by_limit(self, rows: QuerySet[HotlineOrder], name: str, value: str) -> QuerySet[HotlineOrder]:
        return by_due(rows, value)

    def by_region(self, rows: QuerySet[HotlineOrder], name: str, value: str) -> QuerySet[HotlineOrder]:
        return rows.filter(region_prefix__startswith=value)


class LinkStationForm(VersionedForm):
    """关联联络站.

    Args:
        actor: whose stations are offered.
    """

    station_public_id = forms.ChoiceField(
        label="联络站",
        help_text="站里的代表由工作人员告知，请他们了解、跟进。",
        error_messages={"required": "请选择联络站。", "invalid_choice": "请在列表中选择联络站。"},
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        station = cast("forms.ChoiceField", self.fields["station_public_id"])
        station.choices = [("", "请选择"), *desk_stations(actor)]


class LinkNumberForm(VersionedForm):
    """关联已有的社情民意或者代表建议, by number.

    Args:
        label, help_text: of the number.
    """

    number = forms.CharField(label="编号", max_length=80, error_messages={"required": "请填写编号。"})

    def __init__(self, *args: Any, label: str, help_text: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].label, self.fields["number"].help_text = label, help_text


class OrderReplyForm(VersionedForm):
    """回复热线."""

    text = LongTextField(
        label="给热线的回复",
        max_length=2000,
        rows=6,
        help_text="热线通过接口读到这段话，例如：已列入本月代表接待日的议题，结果另行告知。",
        error_messages={"required": "请写明给热线的回复。"},
    )
