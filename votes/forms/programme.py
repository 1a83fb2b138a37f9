"""Forms of the year's programme: its plan, the filter over the list, and the acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils import timezone

from votes.forms.programme_fields import DAY_ERRORS, IdChoiceField, LongTextField, VersionedForm
from votes.models import AppraisalScale
from votes.selectors.programme import (
    ProgrammeConditions,
    own_years,
    places_for_programme,
    published_years,
    refusal_of,
    regions_for,
    sessions_for,
)
from votes.states import ProgrammeStatus

if TYPE_CHECKING:
    from liaison.actor import Actor
    from votes.models import Programme


def _day(label: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        error_messages={**DAY_ERRORS, "required": f"请填写{label}的日期。"},
    )


class PlanForm(forms.Form):
    """年度安排: places, the planned days of the four stages, settings, responsible people."""

    places = forms.IntegerField(
        label="应选项目数",
        min_value=1,
        max_value=30,
        help_text="乡镇一般1至3件，县级一般5至10件。",
        error_messages={"required": "请填写应选项目数。"},
    )
    introduction = LongTextField(
        label="征集公告",
        required=False,
        max_length=4000,
        rows=6,
        help_text="公开页面上的说明：征集什么、谁可以提、怎么提。",
    )
    call_from = _day("征集开始", "一般在上一年秋季开始，征集期至少30天。")
    call_until = _day("征集截止", "这一天24时以前提交的都有效。")
    list_on = _day("初定候选项目", "审定候选项目名单的日期。")
    vote_on = _day("会议票决", "人民代表大会会议投票的日期。")
    finish_on = _day("项目完成", "项目应当年完成。")
    appraise_on = _day("满意度测评", "一般在下一次人民代表大会会议上。")
    leader = forms.CharField(label="分管负责人", required=False, max_length=60)
    contact = forms.CharField(label="联系人", required=False, max_length=60, help_text="会显示在公开页面上。")
    contact_phone = forms.CharField(label="联系电话", required=False, max_length=30, help_text="会显示在公开页面上。")
    min_call_days = forms.IntegerField(label="征集最短天数", min_value=1, max_value=365, initial=30)
    extra_percent = forms.IntegerField(
        label="差额比例（%）", min_value=0, max_value=200, initial=20, help_text="候选项目少于此差额时提醒；至少多1件。"
    )
    report_days = forms.IntegerField(label="季报报送期限（季后天数）", min_value=1, max_value=60, initial=10)
    scale = forms.ChoiceField(label="测评档次", choices=AppraisalScale, initial=AppraisalScale.THREE)
    is_public = forms.BooleanField(label="向社会公开，群众可以提建议、看进展", required=False, initial=True)

    #: Which fields stand together on the page.
    SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("票决", ("places",)),
        ("四个阶段的计划日期", ("call_from", "call_until", "list_on", "vote_on", "finish_on", "appraise_on")),
        ("公开征集", ("introduction", "is_public")),
        ("责任人员", ("leader", "contact", "contact_phone")),
    )
    MORE = ("min_call_days", "extra_percent", "report_days", "scale")

    domain_error: Exception | None = None

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields by section, those of this form alone."""
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in self.SECTIONS]

    @property
    def more(self) -> list[forms.BoundField]:
        """The settings, which seldom change."""
        return [self[name] for name in self.MORE]

    @property
    def more_open(self) -> bool:
        """Whether a setting is wrong, so that it must be seen."""
        return any(name in self.errors for name in self.MORE)


class ProgrammeForm(PlanForm):
    """建立年度安排: for which place and year.

    Args:
        actor: whose places are offered.
    """

    region_code = forms.ChoiceField(
        label="地区",
        help_text="票决由乡镇和县（市、区）的人民代表大会组织。",
        error_messages={"required": "请选择地区。", "invalid_choice": "请选择本级或者下一级的地区。"},
    )
    year = forms.IntegerField(
        label="年度",
        min_value=2015,
        max_value=2100,
        help_text="项目实施的年度，一届人大一年一轮。",
        error_messages={"required": "请填写年度。"},
    )

    SECTIONS = (("地区和年度", ("region_code", "year")), *PlanForm.SECTIONS)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        places = places_for_programme(actor)
        own = next((one for one in places if one.prefix == actor.region_prefix and not refusal_of(one)), None)
        initial = {"year": timezone.localdate().year + 1, "region_code": own.code if own else ""}
        kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        region = cast("forms.ChoiceField", self.fields["region_code"])
        region.choices = [("", "请选择"), *((one.code, one.name) for one in places)]

    @property
    def values(self) -> dict[str, Any]:
        """The plan, without place and year."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"region_code", "year"}}


class ProgrammeEditForm(VersionedForm, PlanForm):
    """修改年度安排.

    Args:
        programme: what is changed.
    """

    session_id = IdChoiceField(label="票决会议", required=False, empty_label="还没有确定")

    SECTIONS = (
        ("票决", ("places", "session_id")),
        *PlanForm.SECTIONS[1:],
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        initial = {name: getattr(programme, name) for name in self.base_fields if hasattr(programme, name)}
        kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        cast("IdChoiceField", self.fields["session_id"]).offer(sessions_for(programme))


class ProgrammeFilterForm(forms.Form):
    """The filter over programmes; a value that is not offered asks for nothing."""

    year = IdChoiceField(label="年度", required=False, empty_label="全部年度")
    region = forms.ChoiceField(label="地区", required=False)
    status = forms.ChoiceField(label="状态", required=False, choices=[("", "全部状态"), *ProgrammeStatus.choices])

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("IdChoiceField", self.fields["year"]).offer([(year, f"{year}年") for year in own_years(actor)])
        regions = regions_for(actor)
        if regions:
            cast("forms.ChoiceField", self.fields["region"]).choices = [("", "本级和下级"), *regions]
        else:
            del self.fields["region"]

    @property
    def conditions(self) -> ProgrammeConditions:
        """What is asked for; wrong values are left out."""
        self.is_valid()
        return ProgrammeConditions(**{name: value for name, value in self.cleaned_data.items() if value})


class PublicFilterForm(forms.Form):
    """The search over published programmes."""

    text = forms.CharField(label="地方", required=False, max_length=40)
    year = IdChoiceField(label="年度", required=False, empty_label="全部年度")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["placeholder"] = "例如：永安镇"
        cast("IdChoiceField", self.fields["year"]).offer([(year, f"{year}年") for year in published_years()])

    @property
    def conditions(self) -> ProgrammeConditions:
        """What is asked for; wrong values are left out."""
        self.is_valid()
        return ProgrammeConditions(**{name: value for name, value in self.cleaned_data.items() if value})


class OpenCallForm(VersionedForm):
    """开始征集; a box to tick when the call is shorter than it should be."""

    confirm_short = forms.BooleanField(label="确需缩短征集期，按现在的日期开始征集", required=False)


class CloseCallForm(VersionedForm):
    """结束征集."""

    reason = forms.CharField(label="提前结束的原因", required=False, max_length=300)


class ReopenCallForm(VersionedForm):
    """重新征集."""

    call_until = _day("新的征集截止")
    reason = forms.CharField(
        label="重新征集的原因", max_length=300, error_messages={"required": "请写明重新征集的原因。"}
    )


class ApproveListForm(VersionedForm):
    """审定候选项目; a box to tick when there are few candidates."""

    confirm_few = forms.BooleanField(label="确认按现有候选项目提交票决", required=False)


class ReasonedForm(VersionedForm):
    """An act that needs a reason."""

    reason = forms.CharField(label="原因", max_length=300, error_messages={"required": "请写明原因。"})
