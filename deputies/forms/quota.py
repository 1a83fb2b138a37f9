"""What staff type about requirements per deputy."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from deputies.campaign_templates import QuotaFacts
from deputies.forms.fields import VersionForm
from deputies.forms.station import NEEDED
from deputies.models import ActivityKind, DutyKind, DutyQuota, QuotaAudience, QuotaPeriod

#: What a campaign may ask for, and a congress.
CAMPAIGN_PERIODS = [(one.value, str(one.label)) for one in (QuotaPeriod.CAMPAIGN, QuotaPeriod.YEAR)]
CONGRESS_PERIODS = [(one.value, str(one.label)) for one in (QuotaPeriod.YEAR, QuotaPeriod.TERM)]


class QuotaForm(VersionForm):
    """A requirement.

    Args:
        periods: over what it may run.
        quota: the one to change; None for a new one.
    """

    kind = forms.ChoiceField(
        label="事项", choices=[("", "请选择"), *DutyKind.choices], error_messages={"required": "请选择事项。"}
    )
    activity_kinds = forms.MultipleChoiceField(
        label="哪些活动算",
        required=False,
        choices=ActivityKind.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="事项是“参加闭会期间活动”时才看这里；都不勾，所有活动都算。",
    )
    minimum = forms.DecimalField(
        label="最低数量",
        min_value=Decimal("0.5"),
        max_value=Decimal(9999),
        max_digits=5,
        decimal_places=1,
        help_text="例如 15。调研可以按半天填 0.5。",
        error_messages=NEEDED,
    )
    or_kind = forms.ChoiceField(
        label="或者",
        required=False,
        choices=[("", "没有"), *DutyKind.choices],
        help_text="另一事项也算数时选择，例如“办实事”或者“推动解决问题”。",
    )
    period = forms.ChoiceField(label="周期", widget=forms.RadioSelect, error_messages=NEEDED)
    audience = forms.ChoiceField(
        label="对谁提出",
        choices=QuotaAudience.choices,
        widget=forms.RadioSelect,
        initial=QuotaAudience.ALL,
        error_messages=NEEDED,
    )
    words = forms.CharField(
        label="代表看到的要求",
        required=False,
        max_length=60,
        help_text="例如“走访群众不少于15人”；不填，按事项和数量自动写。",
    )
    basis = forms.CharField(label="依据", required=False, max_length=200, help_text="文件名称、文号。")

    def __init__(
        self, *args: Any, periods: list[tuple[str, str]], quota: DutyQuota | None = None, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"period": periods[0][0]}
        if quota is not None:
            kwargs["initial"] = {name: getattr(quota, name) for name in QuotaFacts.__dataclass_fields__}
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = periods  # type: ignore[attr-defined]
        if quota is not None:
            self.show_version(quota)

    def facts(self) -> QuotaFacts:
        """What was typed, for the service."""
        data = self.cleaned_data
        return QuotaFacts(
            kind=data["kind"],
            minimum=str(data["minimum"]),
            words=data["words"],
            period=data["period"],
            audience=data["audience"],
            activity_kinds=tuple(data["activity_kinds"]),
            basis=data["basis"],
            or_kind=data["or_kind"],
        )
