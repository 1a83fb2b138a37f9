"""Forms of the transfer to the procuratorate: mark, decide, sign for, ask, supply, opine, go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils import timezone

from liaison.dates import cn_date
from liaison.forms.files import MultipleFileField
from suggestions.forms.fields import IdChoiceField, LongTextField, VersionedForm
from suggestions.models.transfer import TransferOpinion
from suggestions.selectors.transfer import domains, receivers_for

if TYPE_CHECKING:
    from liaison.models import Organisation
    from suggestions.models import Transfer


class MarkForm(forms.Form):
    """标记公益线索.

    Args:
        office: the office that hands over; it decides which procuratorates are offered.
        transfer: what was marked before, when it is mended or marked anew after a rejection.
    """

    domain_id = IdChoiceField(label="涉及领域", error_messages={"required": "请选择涉及的领域。"})
    place = forms.CharField(
        label="所在地点",
        max_length=120,
        help_text="写到能找到的程度，例如：赫山区八字哨镇资江支流哑河段。",
        error_messages={"required": "请填写所在地点。"},
    )
    harmed_interest = LongTextField(
        label="受损害的公共利益",
        max_length=2000,
        rows=4,
        help_text="什么利益、受到怎样的损害、影响多少人，例如：沿岸养殖废水直排，约两千人饮水受影响。",
        error_messages={"required": "请写明受损害的公共利益。"},
    )
    agency_concerned = forms.CharField(
        label="涉及的行政机关或单位",
        max_length=120,
        help_text="负有监督管理职责的机关，不清楚的写“待查”。",
        error_messages={"required": "请填写涉及的行政机关或单位，不清楚的写“待查”。"},
    )
    note = LongTextField(
        label="线索说明",
        max_length=4000,
        rows=4,
        required=False,
        help_text="为什么认为可能侵害国家利益或者社会公共利益，有哪些材料。写进转交函。",
    )
    procuratorate_id = IdChoiceField(label="接收检察院", error_messages={"required": "请选择接收线索的检察院。"})

    domain_error: Exception | None = None

    def __init__(self, *args: Any, office: Organisation, transfer: Transfer | None = None, **kwargs: Any) -> None:
        receivers = receivers_for(office)
        initial: dict[str, Any] = {"procuratorate_id": receivers[0].pk} if receivers else {}
        if transfer is not None:
            initial |= {name: getattr(transfer, name) for name in self.base_fields if hasattr(transfer, name)}
        kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        cast("IdChoiceField", self.fields["domain_id"]).offer(domains())
        cast("IdChoiceField", self.fields["procuratorate_id"]).offer([(one.pk, one.display) for one in receivers])

    @property
    def values(self) -> dict[str, Any]:
        """The typed values under the service's names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class MarkUpdateForm(VersionedForm, MarkForm):
    """修改线索, before the approver has decided."""


class ActForm(VersionedForm):
    """An act on a transfer that must still be as the page showed it.

    Args:
        transfer: what the act is on.
    """

    def __init__(self, *args: Any, transfer: Transfer, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": transfer.version, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.transfer = transfer


class ApproveForm(ActForm):
    """批准转交: nothing is typed, the page must only be up to date."""


class RejectForm(ActForm):
    """不予转交."""

    reason = LongTextField(
        label="不予转交的理由",
        max_length=1000,
        rows=4,
        help_text="经办人会看到，可以据此补正后重新标记。",
        error_messages={"required": "请写明不予转交的理由，经办人会看到。"},
    )


class ReceiveForm(ActForm):
    """签收."""

    lead_number = forms.CharField(
        label="线索编号", required=False, max_length=60, help_text="本院案件线索的编号，还没有的可以不填。"
    )


class RequestInfoForm(ActForm):
    """要求补充线索."""

    missing = LongTextField(
        label="需要补充什么",
        max_length=4000,
        rows=5,
        help_text="逐条写明，例如：1. 排污口位置照片；2. 群众反映的时间。人大工作机构和代表会看到。",
        error_messages={"required": "请写明需要补充哪些线索。"},
    )


class SupplyForm(ActForm):
    """补充线索."""

    text = LongTextField(
        label="补充内容",
        max_length=4000,
        rows=6,
        help_text="对照检察院的要求逐条答复。",
        error_messages={"required": "请写明补充的内容。"},
    )
    uploads = MultipleFileField(
        label="补充材料", required=False, max_files=10, help_text="照片、PDF、Word、Excel，每个不超过20 MB。"
    )


class OpinionForm(ActForm):
    """反馈转化意见; the day of transfer is the earliest day of the opinion."""

    opinion = forms.ChoiceField(
        label="转化意见",
        widget=forms.RadioSelect,
        choices=[
            (TransferOpinion.FILE, "转化立案：转化为公益诉讼案件立案办理"),
            (TransferOpinion.DECLINE, "不转化：不符合立案条件"),
            (TransferOpinion.ALREADY, "已在办：本院已就同一事项立案或办理"),
        ],
        error_messages={"required": "请选择转化意见。"},
    )
    opinion_on = forms.DateField(
        label="意见日期",
        error_messages={"required": "请填写意见日期。", "invalid": "请按日历选择日期，例如 2026-11-21。"},
    )
    reason = LongTextField(
        label="理由和说明",
        required=False,
        max_length=4000,
        rows=5,
        help_text="不转化的必须写明理由。人大工作机构和代表会看到。",
    )
    case_number = forms.CharField(
        label="案件编号", required=False, max_length=60, help_text="转化立案的必须填写，例如：益检公益立〔2026〕12号。"
    )
    uploads = MultipleFileField(
        label="意见文件",
        max_files=5,
        help_text="盖章的意见书或立案决定书，PDF、Word或图片，每个不超过20 MB。",
        error_messages={"required": "请上传意见文件。", "missing": "请上传意见文件。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"opinion_on": timezone.localdate(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        if self.transfer.transferred_at is not None:
            sent_on = timezone.localdate(self.transfer.transferred_at)
            self.fields["opinion_on"].help_text = f"意见文件上的日期，自转交之日（{cn_date(sent_on)}）至今天。"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        opinion = cleaned.get("opinion")
        if opinion == TransferOpinion.DECLINE and "reason" not in self.errors and not cleaned.get("reason"):
            self.add_error("reason", "不转化的，请写明理由，代表会看到。")
        if opinion == TransferOpinion.FILE and "case_number" not in self.errors and not cleaned.get("case_number"):
            self.add_error("case_number", "转化立案的，请填写案件编号。")
        return cleaned


class ProgressForm(ActForm):
    """后续办理: one step after the opinion.

    Args:
        needs_document: whether the step's document must be attached.
        note_help: what to write at this step.
    """

    note = LongTextField(
        label="办理情况",
        max_length=4000,
        rows=5,
        error_messages={"required": "请写明办理情况。"},
    )
    uploads = MultipleFileField(
        label="文书和材料",
        required=False,
        max_files=10,
        help_text="PDF、Word或图片，每个不超过20 MB。",
        error_messages={"required": "请上传检察建议书。", "missing": "请上传检察建议书。"},
    )

    def __init__(self, *args: Any, needs_document: bool = False, note_help: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uploads"].required = needs_document
        if needs_document:
            self.fields["uploads"].label = "检察建议书"
        self.fields["note"].help_text = note_help
