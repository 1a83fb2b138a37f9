"""Forms of the carrying out: reports, milestones, finish, hand-over, changes, and the filter bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms

from liaison.dates import cn_date
from liaison.forms.files import MultipleFileField
from votes.forms.work_fields import (
    ActForm,
    AmountField,
    DayField,
    LongText,
    PicturesField,
    VersionedActForm,
    today,
)
from votes.selectors.change import amount_text, deciding_body
from votes.selectors.project import Conditions, regions_of, units_of, units_within, years_of

if TYPE_CHECKING:
    from liaison.actor import Actor
    from votes.models import Milestone, ProgressReport, Project

FILES_HELP = "PDF、Word、Excel或图片，每个不超过20 MB。"


class ConfirmForm(VersionedActForm):
    """One press; the page must only be up to date."""


class WorkFilterForm(forms.Form):
    """Year, region and unit; a value that is not offered asks for nothing.

    Args:
        actor: whose years, regions and units are offered; one without a choice is not asked.
    """

    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None)
    region = forms.ChoiceField(label="地区", required=False)
    unit_id = forms.TypedChoiceField(label="责任单位", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("year", "全部年度", [(year, f"{year}年") for year in years_of(actor)], least=1)
        self._offer("region", "全部地区", regions_of(actor), least=2)
        self._offer("unit_id", "全部单位", [] if actor.is_unit else units_of(actor), least=2)

    def _offer(self, name: str, empty: str, rows: list[Any], *, least: int) -> None:
        if len(rows) < least:
            del self.fields[name]
        else:
            cast("forms.ChoiceField", self.fields[name]).choices = [("", empty), *rows]

    @property
    def conditions(self) -> Conditions:
        """What is asked for; wrong values are left out."""
        self.is_valid()
        return Conditions(**{name: value for name, value in self.cleaned_data.items() if value not in (None, "")})


class ReportForm(ActForm):
    """报送季度进展.

    Args:
        project: its last figures stand in the hints.
        report: what was written in it stays, when it was sent back.
    """

    percent = forms.IntegerField(
        label="形象进度（%）",
        min_value=0,
        max_value=100,
        error_messages={
            "required": "请填写形象进度。",
            "invalid": "请填写0至100之间的整数。",
            "min_value": "请填写0至100之间的整数。",
            "max_value": "请填写0至100之间的整数。",
        },
    )
    money_used = AmountField(label="累计使用资金（万元）", missing="请填写累计使用资金，没有使用的填0。")
    text = LongText(
        label="进展情况",
        max_length=2000,
        rows=6,
        help_text="本季度做了什么、到了哪一步。向社会公开，代表和群众会看到。",
        error_messages={"required": "请写明本季度的进展。"},
    )
    problems = LongText(
        label="困难和问题", max_length=1000, rows=3, required=False, help_text="需要协调解决的。不在公开页面显示。"
    )
    explanation = LongText(
        label="情况说明",
        max_length=500,
        rows=2,
        required=False,
        help_text="形象进度比上次低，或者累计使用资金超过投资额的，写明原因，一并向社会公开。",
    )
    pictures = PicturesField(required=False)

    def __init__(self, *args: Any, project: Project, report: ProgressReport, **kwargs: Any) -> None:
        written = {name: getattr(report, name) for name in ("text", "problems", "explanation")}
        figures = report if report.text else project
        kwargs["initial"] = {"percent": figures.percent, "money_used": figures.money_used, **written}
        super().__init__(*args, **kwargs)
        self.fields["percent"].help_text = f"上次报送{project.percent}%。"
        self.fields["money_used"].help_text = (
            f"从开工算起一共用了多少。上次报送{amount_text(project.money_used)}万元，"
            f"投资额{amount_text(project.investment)}万元。"
        )

    @property
    def values(self) -> dict[str, Any]:
        """The typed values under the service's names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "pictures"}


class ReasonForm(ActForm):
    """A reason, and nothing else."""

    reason = LongText(
        label="退回理由",
        max_length=1000,
        rows=4,
        help_text="责任单位会看到，可以据此改正。",
        error_messages={"required": "请写明退回的理由，责任单位会看到。"},
    )


class ResumeForm(VersionedActForm, ReasonForm):
    """退回继续实施."""


class FinishForm(VersionedActForm):
    """报告完工.

    Args:
        project: its last figures stand in the hints.
    """

    finished_on = DayField(label="完工日期", missing="请填写完工日期。")
    money_used = AmountField(label="累计使用资金（万元）", missing="请填写累计使用资金。")
    text = LongText(
        label="完工情况",
        max_length=1000,
        rows=5,
        help_text="建成了什么、是否达到票决时确定的内容。",
        error_messages={"required": "请写明完工情况。"},
    )
    explanation = LongText(
        label="情况说明", max_length=500, rows=2, required=False, help_text="累计使用资金超过投资额的，写明原因。"
    )
    pictures = PicturesField(
        label="完工照片", error_messages={"required": "请上传完工照片。", "missing": "请上传完工照片。"}
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        initial = {"finished_on": today(), "money_used": project.money_used, "version": project.version}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.fields[
            "money_used"
        ].help_text = f"上次报送{amount_text(project.money_used)}万元，投资额{amount_text(project.investment)}万元。"

    @property
    def values(self) -> dict[str, Any]:
        """The typed values under the service's names."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"pictures", "version"}}


class HandOverForm(VersionedActForm):
    """确认交付."""

    handed_over_on = DayField(label="交付日期", missing="请填写交付日期。")
    uploads = MultipleFileField(
        label="验收或交付文件",
        max_files=5,
        help_text=FILES_HELP,
        error_messages={"required": "请上传验收或交付文件。", "missing": "请上传验收或交付文件。"},
    )
    note = LongText(label="交付说明", max_length=500, rows=3, required=False, help_text="例如：已移交村委会管护。")


class UnitForm(VersionedActForm):
    """指定责任单位."""

    unit = forms.ChoiceField(label="责任单位", error_messages={"required": "请选择责任单位。"})

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_within(project)
        cast("forms.ChoiceField", self.fields["unit"]).choices = [("", "请选择"), *units]
        self.fields["unit"].help_text = "本地区已开通账号的单位。没有的，请联系系统管理员开通。"


class MilestoneForm(ActForm):
    """设置节点.

    Args:
        project: its finish day stands in the hint.
        milestone: what is changed; a reason is then asked for.
    """

    name = forms.CharField(
        label="节点名称",
        max_length=80,
        help_text="例如：完成招标、主体完工、通水。",
        error_messages={"required": "请填写节点名称。"},
    )
    due_on = DayField(label="计划完成", missing="请填写计划完成的日期。")
    reason = forms.CharField(label="改期原因", max_length=200, required=False, help_text="日期有变化的必须填写。")

    def __init__(self, *args: Any, project: Project, milestone: Milestone | None = None, **kwargs: Any) -> None:
        if milestone is not None:
            kwargs["initial"] = {"name": milestone.name, "due_on": milestone.due_on}
        super().__init__(*args, **kwargs)
        self.fields["due_on"].help_text = f"不晚于项目完成时间{cn_date(project.finish_on)}。"
        if milestone is None:
            del self.fields["reason"]


class MilestoneRemoveForm(ActForm):
    """删除节点."""

    reason = forms.CharField(
        label="删除原因",
        max_length=200,
        help_text="例如：重复设置、填错了。责任单位和人大机构都会看到。",
        error_messages={"required": "请写明删除的原因。"},
    )


class MilestoneDoneForm(ActForm):
    """节点完成."""

    done_on = DayField(label="完成日期", missing="请填写完成日期。", initial=today)
    note = forms.CharField(label="说明", max_length=200, required=False)


class ChangeForm(VersionedActForm):
    """申请项目调整; begins with what holds now."""

    stop = forms.BooleanField(label="申请终止这个项目（下面几项不用改）", required=False)
    content = LongText(label="建设内容", max_length=2000, rows=5, required=False)
    place = forms.CharField(label="实施地点", max_length=120, required=False)
    investment = AmountField(label="投资额（万元）", required=False)
    finish_on = DayField(label="完成时间", required=False)
    reason = LongText(
        label="调整理由",
        max_length=1000,
        rows=4,
        help_text="为什么要调整、不调整会怎样。审批机关会看到。",
        error_messages={"required": "请写明调整的理由。"},
    )
    uploads = MultipleFileField(label="有关材料", required=False, max_files=5, help_text=FILES_HELP)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        names = ("content", "place", "investment", "finish_on")
        kwargs["initial"] = {name: getattr(project, name) for name in names} | {"version": project.version}
        super().__init__(*args, **kwargs)

    @property
    def values(self) -> dict[str, Any]:
        """What may change, under the service's names."""
        return {name: self.cleaned_data.get(name) for name in ("stop", "content", "place", "investment", "finish_on")}


class DecisionForm(ActForm):
    """审批项目调整: one form for both answers; which one is pressed decides what is asked for."""

    verdict = forms.ChoiceField(
        label="审批结果",
        widget=forms.RadioSelect,
        choices=[("approve", "批准"), ("refuse", "不批准")],
        error_messages={"required": "请选择审批结果。"},
    )
    deciding_body = forms.CharField(
        label="审批机关",
        max_length=60,
        help_text="县级由人大常委会审批，乡镇由人大主席团审批。",
        error_messages={"required": "请填写审批机关。"},
    )
    decision = forms.CharField(
        label="审批文号或会议",
        max_length=120,
        required=False,
        help_text="批准的必须填写，例如：区六届人大常委会第三十二次会议。",
    )
    decided_on = DayField(label="审批日期", missing="请填写审批日期。")
    note = LongText(
        label="审批意见", max_length=1000, rows=3, required=False, help_text="不批准的必须写明理由，责任单位会看到。"
    )
    uploads = MultipleFileField(label="审批文件", required=False, max_files=5, help_text=FILES_HELP)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        kwargs["initial"] = {"deciding_body": deciding_body(project.programme), "decided_on": today()}
        super().__init__(*args, **kwargs)
