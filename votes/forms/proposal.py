"""Forms of proposals: the public one, deputies' and departments', paper, the sheet, the screening desk."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.http import QueryDict

from votes.forms.programme_fields import DAY_ERRORS, IdChoiceField, LongTextField, VersionedForm
from votes.models import ProposalSource, ScreeningPoint
from votes.selectors.candidate import adoptable_candidates
from votes.selectors.proposal import ProposalConditions

if TYPE_CHECKING:
    from votes.models import Programme

#: So many rows stand on the page for paper proposals.
PAPER_ROWS = 10


class ProposalForm(forms.Form):
    """提项目建议, by deputies and departments; the hidden key makes one form one proposal."""

    submission_key = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(
        label="项目名称",
        max_length=80,
        help_text="一句话说清楚要做什么，例如：集镇老粮站建公共停车场。",
        error_messages={"required": "请填写项目名称。"},
    )
    content = LongTextField(
        label="建议内容",
        max_length=2000,
        rows=6,
        help_text="为什么要做、做成什么样、多少人受益。",
        error_messages={"required": "请写明建议内容。"},
    )
    place = forms.CharField(
        label="建设地点", required=False, max_length=120, help_text="写到村、社区或者路段，方便核实。"
    )

    domain_error: Exception | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"submission_key": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and "submission_key" in self.errors:
            del self.errors["submission_key"]
            self.add_error(None, "页面信息不完整，请再按一次提交。您填写的内容仍在下方。")
            self.renew_key()

    def renew_key(self) -> None:
        """Make the next press another proposal."""
        if isinstance(self.data, QueryDict):
            self.data = self.data.copy()
            self.data[self.add_prefix("submission_key")] = str(uuid.uuid4())

    @property
    def values(self) -> dict[str, Any]:
        """The typed values under the service's names."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"submission_key", "website"}}


class PublicProposalForm(ProposalForm):
    """提项目建议, by anybody: name and contact are optional; a field that people do not see catches robots."""

    proposer_name = forms.CharField(label="您的姓名", required=False, max_length=40, help_text="不对外公开。")
    proposer_contact = forms.CharField(
        label="联系方式", required=False, max_length=60, help_text="需要核实时联系您，不对外公开。"
    )
    website = forms.CharField(
        label="请不要填写这一栏",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_website(self) -> str:
        """Whoever fills what nobody sees is no person; if it is one after all, it is told."""
        if self.cleaned_data.get("website"):
            raise forms.ValidationError("没有提交：请把“请不要填写这一栏”清空，再按一次提交。")
        return ""


class ReceiptForm(forms.Form):
    """凭回执码查询."""

    code = forms.CharField(
        label="回执码",
        max_length=40,
        help_text="提交建议时显示的12位回执码，例如：7K3M-0QXZ-91TB。字母不分大小写。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": "请填写回执码。"},
    )


class PaperRowForm(forms.Form):
    """One row of the page for paper proposals."""

    source = forms.ChoiceField(label="来源", choices=ProposalSource, required=False, initial=ProposalSource.PUBLIC)
    name = forms.CharField(label="提出人", required=False, max_length=120)
    contact = forms.CharField(label="联系方式", required=False, max_length=60)
    title = forms.CharField(label="项目名称", required=False, max_length=80)
    content = LongTextField(label="建议内容", required=False, max_length=2000, rows=2)
    place = forms.CharField(label="建设地点", required=False, max_length=120)
    received_on = forms.DateField(label="收到日期", required=False, error_messages=DAY_ERRORS)

    @property
    def is_blank(self) -> bool:
        """Nothing was typed: a source, which is preset, and a day alone are no proposal."""
        typed = ("name", "contact", "title", "content", "place")
        return not any(str(self.data.get(self.add_prefix(name)) or "").strip() for name in typed)


class PaperForm:
    """录入纸质建议: ten rows; blank ones are ignored, wrong ones named."""

    def __init__(self, data: QueryDict | None = None) -> None:
        batch = data.get("batch", "") if data is not None else ""
        try:
            self.batch = uuid.UUID(str(batch))
        except ValueError:
            self.batch = uuid.uuid4()
        self.is_bound = data is not None
        self.rows = [PaperRowForm(data, prefix=f"r{number}") for number in range(1, PAPER_ROWS + 1)]
        self.message = ""

    def filled(self) -> list[tuple[int, PaperRowForm]]:
        """The rows in which something was typed, with their numbers."""
        return [(number, row) for number, row in enumerate(self.rows, start=1) if not row.is_blank]

    def is_valid(self) -> bool:
        """Whether every filled row can be read; blank rows are not looked at."""
        filled = self.filled()
        if not filled:
            self.message = "还没有填写任何一行。"
            return False
        valid = [row.is_valid() for _, row in filled]  # each one, so that each says what is wrong
        return all(valid)

    @property
    def values(self) -> list[dict[str, Any]]:
        """The filled rows under the service's names, each with its line."""
        return [{"line": number, **row.cleaned_data} for number, row in self.filled()]

    def add_errors(self, fields: dict[str, str]) -> None:
        """Put the service's messages (``<line>-<field>``) by their fields."""
        for place, message in fields.items():
            line, _, name = place.partition("-")
            if line.isdigit() and 1 <= int(line) <= len(self.rows) and name in self.rows[int(line) - 1].fields:
                self.rows[int(line) - 1].add_error(name, message)

    @property
    def wrong_lines(self) -> list[int]:
        """Numbers of the rows with an error."""
        return [number for number, row in self.filled() if row.errors] if self.is_bound else []


class SheetForm(forms.Form):
    """导入项目建议: choose the sheet."""

    upload = forms.FileField(
        label="表格文件",
        help_text="按模板填写的.xlsx表格，最多500行。",
        error_messages={"required": "请选择表格文件。", "missing": "请选择表格文件。"},
    )

    domain_error: Exception | None = None


class DeskFilterForm(forms.Form):
    """The search over the screening desk."""

    text = forms.CharField(label="查找", required=False, max_length=60)
    source = forms.ChoiceField(label="来源", required=False, choices=[("", "全部来源"), *ProposalSource.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["placeholder"] = "名称、内容、地点、提出人"

    @property
    def conditions(self) -> ProposalConditions:
        """What is asked for; wrong values are left out."""
        self.is_valid()
        return ProposalConditions(**{name: value for name, value in self.cleaned_data.items() if value})


class RejectForm(VersionedForm):
    """不予采纳: points of the checklist and words for the proposer."""

    points = forms.MultipleChoiceField(
        label="不符合的要点",
        choices=ScreeningPoint,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请勾选不符合的要点，至少一项。"},
    )
    reason = LongTextField(
        label="说明",
        max_length=500,
        rows=4,
        help_text="提出人会看到。请写具体，例如：该路段已列入明年县级公路养护计划。",
        error_messages={"required": "请写明不予采纳的说明，提出人会看到。"},
    )


class AdoptForm(VersionedForm):
    """列入已有的候选项目."""

    candidate_id = IdChoiceField(label="候选项目", error_messages={"required": "请选择候选项目。"})

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("IdChoiceField", self.fields["candidate_id"]).offer(adoptable_candidates(programme))


class MergeForm(forms.Form):
    """合并: which one stands for all.

    Args:
        offered: (public id, words) of the chosen proposals.
    """

    target = forms.ChoiceField(
        label="保留哪一件",
        widget=forms.RadioSelect,
        help_text="其余的并入这一件，提出人和原文都保留。",
        error_messages={"required": "请选择保留哪一件。", "invalid_choice": "请重新选择保留哪一件。"},
    )

    domain_error: Exception | None = None

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["target"]).choices = offered


class EmptyForm(VersionedForm):
    """An act without anything to type."""
