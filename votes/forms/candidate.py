"""Forms of candidate projects: drafting, withdrawing, order, comments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms

from liaison.forms.files import MultipleFileField
from votes.forms.programme_fields import DAY_ERRORS, IdChoiceField, LongTextField, VersionedForm
from votes.forms.work_fields import AMOUNT_ERRORS
from votes.selectors.candidate import units_for

if TYPE_CHECKING:
    from votes.models import Candidate, Programme, Proposal


class CandidateForm(forms.Form):
    """拟定候选项目.

    Args:
        programme: whose units are offered.
        proposal: what the form is filled with in advance.
    """

    name = forms.CharField(label="项目名称", max_length=80, error_messages={"required": "请填写项目名称。"})
    content = LongTextField(
        label="建设内容",
        max_length=2000,
        rows=6,
        help_text="做什么、规模多大、多少人受益，代表据此票决。",
        error_messages={"required": "请写明建设内容。"},
    )
    place = forms.CharField(label="实施地点", max_length=120, error_messages={"required": "请填写实施地点。"})
    investment = forms.DecimalField(
        label="投资额（万元）",
        max_digits=12,
        decimal_places=2,
        min_value=0,
        help_text="例如：120.5。",
        error_messages={"required": "请填写投资额。", "invalid": "请填写数字，例如 120.5。", **AMOUNT_ERRORS},
    )
    money_source = forms.CharField(
        label="资金来源",
        max_length=120,
        help_text="没有落实资金来源的，不能列为候选项目。例如：区财政预算100万元，镇自筹20.5万元。",
        error_messages={"required": "请填写资金来源。没有落实资金来源的，不能列为候选项目。"},
    )
    unit_id = IdChoiceField(label="责任单位", required=False, empty_label="没有列出，填写名称")
    unit_name = forms.CharField(
        label="责任单位名称", required=False, max_length=120, help_text="上面没有列出的单位，填写名称。"
    )
    finish_on = forms.DateField(label="完成时间", error_messages={**DAY_ERRORS, "required": "请填写完成时间。"})
    uploads = MultipleFileField(
        label="图片", required=False, max_files=9, help_text="现状照片、效果图，审定后公开。JPG、PNG，最多9张。"
    )

    domain_error: Exception | None = None

    def __init__(self, *args: Any, programme: Programme, proposal: Proposal | None = None, **kwargs: Any) -> None:
        if proposal is not None:
            prefilled = {"name": proposal.title, "content": proposal.content, "place": proposal.place}
            kwargs["initial"] = {**prefilled, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        units = units_for(programme)
        if units:
            cast("IdChoiceField", self.fields["unit_id"]).offer(units)
        else:
            del self.fields["unit_id"]

    @property
    def values(self) -> dict[str, Any]:
        """The typed values under the service's names."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"version", "uploads"}}


class CandidateEditForm(VersionedForm, CandidateForm):
    """修改候选项目."""

    def __init__(self, *args: Any, candidate: Candidate, **kwargs: Any) -> None:
        initial = {name: getattr(candidate, name) for name in self.base_fields if hasattr(candidate, name)}
        if candidate.unit_id:
            initial["unit_name"] = ""
        super().__init__(*args, programme=candidate.programme, initial=initial, **kwargs)


class WithdrawForm(VersionedForm):
    """撤下候选项目."""

    reason = forms.CharField(label="撤下的原因", max_length=300, error_messages={"required": "请写明撤下的原因。"})


class OrderForm(forms.Form):
    """调整序号: a number for each candidate that stands.

    Args:
        candidates: in their present order.
    """

    domain_error: Exception | None = None

    def __init__(self, *args: Any, candidates: list[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for candidate in candidates:
            self.fields[str(candidate.pk)] = forms.IntegerField(
                label=candidate.name,
                min_value=1,
                max_value=999,
                initial=candidate.number,
                error_messages={"required": "请填写序号。"},
            )

    @property
    def numbers(self) -> dict[int, int]:
        """Candidate id → number."""
        return {int(name): number for name, number in self.cleaned_data.items()}


class CommentForm(forms.Form):
    """审议意见."""

    text = LongTextField(
        label="您的意见",
        max_length=1000,
        rows=4,
        help_text="对建设内容、地点、资金的意见，票决前由承办机构研究答复。",
        error_messages={"required": "请写下您的意见。"},
    )

    domain_error: Exception | None = None


class CommentAnswerForm(forms.Form):
    """处理情况."""

    answer = LongTextField(
        label="处理情况", max_length=1000, rows=4, error_messages={"required": "请写明处理情况，代表会看到。"}
    )

    domain_error: Exception | None = None
