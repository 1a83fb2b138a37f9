"""What staff type about campaigns: the campaign itself, its plan below, pieces in the media; the list's conditions."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone

from deputies.campaign_templates import TEMPLATES
from deputies.forms.fields import VersionForm
from deputies.forms.station import NEEDED
from deputies.models import Campaign, CongressLevel, QuotaAudience
from deputies.selectors.rollup import rollup_years
from deputies.services.campaign import CampaignFacts
from deputies.services.campaign_media import MediaFacts
from deputies.services.campaign_region import PlanFacts
from deputies.states import CampaignStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deputies.models import CampaignQuerySet, CampaignRegion


class CampaignFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Words, state, year and level."""

    q = django_filters.CharFilter(
        label="名称或主题", method="by_text", max_length=60, widget=forms.TextInput(attrs={"type": "search"})
    )
    state = django_filters.ChoiceFilter(
        label="状态", field_name="status", choices=CampaignStatus.choices, empty_label="全部"
    )
    year = django_filters.ChoiceFilter(label="年度", method="by_year", empty_label="全部")
    level = django_filters.ChoiceFilter(
        label="参加代表", method="by_level", choices=CongressLevel.choices, empty_label="全部层级"
    )

    class Meta:
        model = Campaign
        fields: list[str] = []

    def __init__(self, data: Mapping[str, Any] | None, *, queryset: CampaignQuerySet) -> None:
        super().__init__(data, queryset=queryset)
        self.filters["year"].extra["choices"] = [(str(year), f"{year}年") for year in rollup_years()]

    @property
    def active_count(self) -> int:
        """How many conditions are set."""
        return sum(1 for name in self.filters if self.form.data.get(name)) if self.is_bound else 0

    @property
    def qs(self) -> Any:
        """What fits; nothing while a condition cannot be read."""
        return super().qs if self.is_valid() else self.queryset.none()

    def by_text(self, queryset: CampaignQuerySet, name: str, value: str) -> CampaignQuerySet:
        value = value.strip()
        return queryset.filter(Q(title__contains=value) | Q(theme__contains=value))

    def by_year(self, queryset: CampaignQuerySet, name: str, value: str) -> CampaignQuerySet:
        year = int(value)
        return queryset.filter(starts_on__lte=dt.date(year, 12, 31), ends_on__gte=dt.date(year, 1, 1))

    def by_level(self, queryset: CampaignQuerySet, name: str, value: str) -> CampaignQuerySet:
        return queryset.filter(levels__contains=[value])


class CampaignForm(VersionForm):
    """A new campaign, or the change of one that has not begun.

    Args:
        campaign: the one to change; None for a new one.
        template: code of the template from which a new one is made; "" for an empty one.
    """

    title = forms.CharField(
        label="名称", max_length=80, help_text="例如：“聚力强省会，代表新作为”活动。", error_messages=NEEDED
    )
    theme = forms.CharField(label="主题", max_length=200, error_messages=NEEDED)
    levels = forms.MultipleChoiceField(
        label="参加代表的层级",
        choices=CongressLevel.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一个层级。"},
    )
    audience = forms.ChoiceField(
        label="参加代表",
        choices=QuotaAudience.choices,
        widget=forms.RadioSelect,
        initial=QuotaAudience.ALL,
        error_messages=NEEDED,
    )
    starts_on = forms.DateField(label="开始日期", error_messages=NEEDED)
    ends_on = forms.DateField(label="结束日期", error_messages=NEEDED)
    topics = forms.CharField(
        label="参考选题",
        required=False,
        max_length=2000,
        help_text="一行一个。",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    purpose = forms.CharField(
        label="活动要求", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, *args: Any, campaign: Campaign | None = None, template: str = "", **kwargs: Any) -> None:
        if campaign is not None:
            names = ("title", "theme", "levels", "audience", "starts_on", "ends_on", "topics", "purpose")
            kwargs["initial"] = {name: getattr(campaign, name) for name in names}
        elif template in TEMPLATES:
            kwargs["initial"] = _prepared(template)
        super().__init__(*args, **kwargs)
        if campaign is not None:
            self.show_version(campaign)

    def facts(self) -> CampaignFacts:
        """What was typed, for the service."""
        data = self.cleaned_data
        return CampaignFacts(**{name: data[name] for name in CampaignFacts.__dataclass_fields__})


def _prepared(code: str) -> dict[str, Any]:
    template = TEMPLATES[code]
    starts_on, ends_on = template.period(timezone.localdate().year)
    return {
        "title": template.title,
        "theme": template.theme,
        "levels": list(template.levels),
        "audience": template.audience,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "topics": template.topics,
        "purpose": template.purpose,
    }


class AdjustForm(VersionForm):
    """What may change of a running campaign."""

    ends_on = forms.DateField(label="结束日期", error_messages=NEEDED)
    topics = forms.CharField(
        label="参考选题",
        required=False,
        max_length=2000,
        help_text="一行一个。",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    purpose = forms.CharField(
        label="活动要求", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )
    reason = forms.CharField(
        label="调整原因",
        max_length=200,
        help_text="记入办理经过，例如：部分地区汛期推迟。",
        error_messages={"required": "请填写调整的原因。"},
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(campaign, name) for name in ("ends_on", "topics", "purpose")}
        super().__init__(*args, **kwargs)
        self.show_version(campaign)


class PlanForm(VersionForm):
    """How a lower region carries a campaign out (落实方案)."""

    plan = forms.CharField(
        label="落实方案",
        max_length=4000,
        help_text="本地区怎么组织：重点、分组、时间安排、要求。",
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "请填写落实方案。"},
    )
    contact = forms.CharField(
        label="联系方式",
        max_length=60,
        help_text="代表有问题找谁，填单位和办公电话。",
        error_messages={"required": "请填写联系方式，例如联工委电话。"},
    )
    starts_on = forms.DateField(label="本地区开始日期", error_messages=NEEDED)
    ends_on = forms.DateField(label="本地区结束日期", error_messages=NEEDED)

    def __init__(self, *args: Any, campaign: Campaign, plan: CampaignRegion | None = None, **kwargs: Any) -> None:
        if plan is not None:
            kwargs["initial"] = {name: getattr(plan, name) for name in ("plan", "contact", "starts_on", "ends_on")}
        else:
            kwargs["initial"] = {"starts_on": campaign.starts_on, "ends_on": campaign.ends_on}
        super().__init__(*args, **kwargs)
        if plan is not None:
            self.show_version(plan)

    def facts(self) -> PlanFacts:
        """What was typed, for the service."""
        data = self.cleaned_data
        return PlanFacts(**{name: data[name] for name in ("plan", "contact", "starts_on", "ends_on")})


class MediaForm(forms.Form):
    """One piece in the media."""

    title = forms.CharField(label="标题", max_length=120, error_messages=NEEDED)
    outlet = forms.CharField(
        label="媒体", max_length=60, help_text="例如：湖南日报、红网、人民之友。", error_messages=NEEDED
    )
    url = forms.CharField(label="网址", max_length=300, help_text="以 https:// 开头的完整网址。", error_messages=NEEDED)
    published_on = forms.DateField(label="发布日期", error_messages=NEEDED)

    domain_error: Exception | None = None

    def facts(self) -> MediaFacts:
        """What was typed, for the service."""
        return MediaFacts(**self.cleaned_data)


class FurtherMediaForm(forms.Form):
    """A number of further pieces that are not noted one by one."""

    title = forms.CharField(label="说明", max_length=120, initial="其他媒体报道", error_messages=NEEDED)
    count = forms.IntegerField(
        label="篇数",
        min_value=1,
        max_value=100_000,
        help_text="不含已经逐篇登记的，也不含在代表活动记录里登记的。",
        error_messages=NEEDED,
    )
    at_least = forms.BooleanField(label="实际不止这些（显示为“以上”）", required=False)

    domain_error: Exception | None = None

    def facts(self) -> MediaFacts:
        """What was typed, for the service."""
        return MediaFacts(**self.cleaned_data)
