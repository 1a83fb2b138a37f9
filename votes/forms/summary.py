"""What staff type into a yearly row, and the conditions over the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from deputies.services.checks import version_of
from liaison.exceptions import StaleVersion
from votes.forms.work_fields import AMOUNT_ERRORS
from votes.models import SummaryLevel
from votes.selectors.summary_row import regions_to_enter

if TYPE_CHECKING:
    from liaison.actor import Actor
    from votes.models import YearSummary


class SummaryForm(forms.Form):
    """One region, year and level.

    Args:
        actor: whose regions are offered.
        row: as it stands, when it is changed.
    """

    region_code = forms.ChoiceField(label="地区")
    year = forms.IntegerField(
        label="年度", min_value=2015, max_value=2100, error_messages={"required": "请填写年度，例如 2020。"}
    )
    level = forms.ChoiceField(label="层级", choices=SummaryLevel, widget=forms.RadioSelect)
    congresses = forms.IntegerField(
        label="人大数",
        min_value=0,
        max_value=1_000_000,
        help_text="没有使用本平台的县级（或乡级）人大共多少个，实行和没有实行票决的都算。",
        error_messages={"required": "请填写人大数。"},
    )
    voting = forms.IntegerField(
        label="其中实行票决的", min_value=0, max_value=1_000_000, error_messages={"required": "没有的填 0。"}
    )
    projects = forms.IntegerField(
        label="票决项目（件）", min_value=0, max_value=1_000_000, error_messages={"required": "没有的填 0。"}
    )
    investment = forms.DecimalField(
        label="投入资金（万元）",
        min_value=0,
        max_digits=14,
        decimal_places=2,
        help_text="单位是万元：1亿元填 10000，154.6亿元填 1546000。",
        error_messages={"required": "没有的填 0。", **AMOUNT_ERRORS},
    )
    finished = forms.IntegerField(
        label="其中已完成的项目（件）", required=False, min_value=0, max_value=1_000_000, help_text="还没有统计的留空。"
    )
    satisfied = forms.IntegerField(
        label="满意票",
        required=False,
        min_value=0,
        max_value=100_000_000,
        help_text="各项目满意度测评的满意票合计；没有测评的留空。",
    )
    rated = forms.IntegerField(
        label="有效测评票", required=False, min_value=0, max_value=100_000_000, help_text="各项目测评的有效票合计。"
    )
    source = forms.CharField(
        label="数据来源",
        max_length=200,
        help_text="例如“各县（市、区）上报，2020年12月”。",
        error_messages={"required": "请写明数据来源。"},
    )
    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    domain_error: Exception | None = None

    def __init__(self, *args: Any, actor: Actor, row: YearSummary | None = None, **kwargs: Any) -> None:
        initial: dict[str, Any] = {"year": timezone.localdate().year}
        if row is not None:
            names = ("year", "level", "congresses", "voting", "projects", "investment", "finished", "satisfied")
            initial = {name: getattr(row, name) for name in (*names, "rated", "source")}
            initial |= {"region_code": row.region.code, "version": version_of(row.updated_at)}
        super().__init__(*args, **{"initial": initial | kwargs.pop("initial", {}), **kwargs})
        offered = [(region.code, str(region)) for region in regions_to_enter(actor)]
        if row is not None and row.region.code not in dict(offered):
            offered.append((row.region.code, str(row.region)))
        choice: Any = self.fields["region_code"]
        choice.choices = offered if len(offered) == 1 else [("", "请选择"), *offered]

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def renew_version(self, row: YearSummary) -> None:
        """After the person was told of somebody's change, let the next press replace it."""
        if isinstance(self.domain_error, StaleVersion) and isinstance(self.data, QueryDict):
            self.data = self.data.copy()
            self.data["version"] = version_of(row.updated_at)
