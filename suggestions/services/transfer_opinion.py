"""What the procuratorate does with a clue (签收、意见、后续办理), and what the office supplies in between.

Rulebook section 2: the opinion is due one month after the transfer; while information is missing the
clock stands still, and the pause is shown.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from liaison.dates import cn_date
from liaison.exceptions import InvalidInput
from liaison.services.attachment import attachment_add
from liaison.services.deadline import deadline_meet, deadline_pause, deadline_resume
from suggestions.models.transfer import TransferOpinion
from suggestions.selectors.transfer import OPINION_DEADLINE, OPINION_SLOT, PROGRESS_SLOT, SUPPLY_SLOT
from suggestions.services.transfer import audit, lock_transfer, require_text, tell, touch
from suggestions.states import TRANSFER_TRANSITIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile

    from liaison.actor import Actor
    from suggestions.models import Transfer

#: Steps after the opinion, as the transition table names them.
PROGRESS_STEPS = ("recommend", "agency_answer", "rectify", "sue", "close")
#: The step whose document (检察建议书) is copied to the congress.
DOCUMENT_STEPS = ("recommend",)
#: Opinions that end the review; each is also the name of its transition.
FINAL_OPINIONS = (TransferOpinion.FILE, TransferOpinion.DECLINE, TransferOpinion.ALREADY)
MAX_REASON = 4000


def _attach(actor: Actor, transfer: Transfer, slot: str, uploads: Iterable[UploadedFile[Any]]) -> None:
    for upload in uploads:
        attachment_add(actor=actor, owner=transfer, slot=slot, upload=upload, field="uploads")


@transaction.atomic
def transfer_receive(*, actor: Actor, public_id: UUID, version: int | None, lead_number: str = "") -> Transfer:
    """The procuratorate signs for the clue (签收).

    Args:
        lead_number: its own number for the clue (线索编号), if it has one already.
    """
    transfer = lock_transfer(actor, public_id, version=version)
    TRANSFER_TRANSITIONS.check(transfer, "receive", actor)
    transfer.lead_number = _limited(lead_number, "lead_number", 60)
    transfer.received_at = timezone.now()
    TRANSFER_TRANSITIONS.apply(transfer, "receive", actor, reason=transfer.lead_number)
    touch(transfer, "received_at", "lead_number")
    audit(actor, transfer, "receive", lead_number=transfer.lead_number)
    tell(actor, transfer, f"{transfer.procuratorate.name}已签收线索")
    return transfer


@transaction.atomic
def transfer_request_info(*, actor: Actor, public_id: UUID, version: int | None, missing: str) -> Transfer:
    """Ask the office for what is missing (需补充线索); the clock stands still until it is supplied.

    Args:
        missing: what is missing, as the office will read it.
    """
    transfer = lock_transfer(actor, public_id, version=version)
    TRANSFER_TRANSITIONS.check(transfer, "request_info", actor)
    missing = _long(missing, "missing", "请写明需要补充哪些线索。")
    TRANSFER_TRANSITIONS.apply(transfer, "request_info", actor, reason=missing)
    transfer.opinion = TransferOpinion.REQUEST_INFO
    touch(transfer, "opinion")
    deadline_pause(actor=actor, subject=transfer, kind=OPINION_DEADLINE, reason="需补充线索")
    audit(actor, transfer, "request_info")
    tell(
        actor,
        transfer,
        f"{transfer.procuratorate.name}要求补充线索",
        body=missing,
        task_of=transfer.office,
        task="检察院要求补充线索",
    )
    return transfer


@transaction.atomic
def transfer_supply(
    *, actor: Actor, public_id: UUID, version: int | None, text: str, uploads: Sequence[UploadedFile[Any]] = ()
) -> Transfer:
    """The office supplies what was missing (补充线索); the clock goes on, the due day moves by the pause."""
    transfer = lock_transfer(actor, public_id, version=version)
    TRANSFER_TRANSITIONS.check(transfer, "supply", actor)
    text = _long(text, "text", "请写明补充的内容。")
    TRANSFER_TRANSITIONS.apply(transfer, "supply", actor, reason=text)
    transfer.opinion = ""
    touch(transfer, "opinion")
    _attach(actor, transfer, SUPPLY_SLOT, uploads)
    deadline = deadline_resume(actor=actor, subject=transfer, kind=OPINION_DEADLINE, reason="线索已补充")
    audit(actor, transfer, "supply", files=len(uploads), due_on=deadline.due_on.isoformat())
    tell(
        actor,
        transfer,
        "线索已补充，检察院继续审查",
        body=text,
        task_of=transfer.procuratorate,
        task="线索已补充，请继续审查",
    )
    return transfer


@transaction.atomic
def transfer_opine(
    *,
    actor: Actor,
    public_id: UUID,
    version: int | None,
    opinion: str,
    opinion_on: dt.date | None,
    reason: str = "",
    case_number: str = "",
    uploads: Sequence[UploadedFile[Any]] = (),
) -> Transfer:
    """File the opinion (反馈转化意见): 转化立案, 不转化 or 已在办, with its document. The clock is met.

    Args:
        opinion: one of ``FINAL_OPINIONS``.
        opinion_on: the day on the document, from the day of transfer until today.
        reason: required when the procuratorate declines.
        case_number: required when it files a case.
        uploads: the opinion document, at least one file.

    Whether it came in time is decided by the day it is reported here (报送之日), not by the document's date.
    """
    transfer = lock_transfer(actor, public_id, version=version)
    # A wrong opinion is no name of the table; the state is asked first, by the step that all three share.
    step = opinion if opinion in FINAL_OPINIONS else TransferOpinion.DECLINE
    TRANSFER_TRANSITIONS.check(transfer, step, actor)
    transfer.opinion_reason = _limited(reason, "reason", MAX_REASON)
    transfer.case_number = _limited(case_number, "case_number", 60)
    _check_opinion(transfer, opinion, opinion_on, uploads)
    TRANSFER_TRANSITIONS.apply(transfer, step, actor, reason=transfer.opinion_reason)
    transfer.opinion = opinion
    transfer.opinion_on = opinion_on
    transfer.opinion_at = timezone.now()
    transfer.converted = opinion == TransferOpinion.FILE
    deadline = deadline_meet(actor=actor, subject=transfer, kind=OPINION_DEADLINE, at=transfer.opinion_at)
    transfer.opinion_in_time = deadline.met_in_time if deadline is not None else None
    touch(
        transfer,
        "opinion",
        "opinion_reason",
        "opinion_on",
        "opinion_at",
        "opinion_in_time",
        "case_number",
        "converted",
    )
    _attach(actor, transfer, OPINION_SLOT, uploads)
    audit(actor, transfer, "opine", opinion=opinion, in_time=transfer.opinion_in_time)
    tell(
        actor,
        transfer,
        f"{transfer.procuratorate.name}反馈意见“{TransferOpinion(opinion).label}”",
        body=transfer.opinion_reason,
    )
    return transfer


def _check_opinion(
    transfer: Transfer, opinion: str, opinion_on: dt.date | None, uploads: Sequence[UploadedFile[Any]]
) -> None:
    fields: dict[str, str] = {}
    today = timezone.localdate()
    sent_on = timezone.localdate(transfer.transferred_at)
    if opinion not in FINAL_OPINIONS:
        fields["opinion"] = "请选择转化意见。"
    if opinion_on is None:
        fields["opinion_on"] = "请填写意见日期。"
    elif opinion_on < sent_on:
        fields["opinion_on"] = f"意见日期不能早于转交之日（{cn_date(sent_on)}）。"
    elif opinion_on > today:
        fields["opinion_on"] = "意见日期不能晚于今天。"
    if opinion == TransferOpinion.DECLINE and not transfer.opinion_reason:
        fields["reason"] = "不转化的，请写明理由，代表会看到。"
    if opinion == TransferOpinion.FILE and not transfer.case_number:
        fields["case_number"] = "转化立案的，请填写案件编号。"
    if not uploads:
        fields["uploads"] = "请上传意见文件。"
    if fields:
        raise InvalidInput("意见还没有填好。", fields=fields)


@transaction.atomic
def transfer_progress(
    *,
    actor: Actor,
    public_id: UUID,
    version: int | None,
    step: str,
    note: str,
    uploads: Sequence[UploadedFile[Any]] = (),
) -> Transfer:
    """What came after the opinion: 检察建议, the agency's answer, 整改, 诉讼, 办结.

    Args:
        step: one of ``PROGRESS_STEPS``.
        note: what happened, as the congress and the deputies will read it.
        uploads: its documents; the 检察建议书 itself is required.

    Closing the transfer leaves the suggestion as it is.
    """
    transfer = lock_transfer(actor, public_id, version=version)
    if step not in PROGRESS_STEPS:
        raise InvalidInput("请选择办理进展。", fields={"step": "请选择办理进展。"})
    transition = TRANSFER_TRANSITIONS.check(transfer, step, actor)
    note = _long(note, "note", "请写明办理情况。")
    if step in DOCUMENT_STEPS and not uploads:
        raise InvalidInput("请上传检察建议书。", fields={"uploads": "请上传检察建议书。"})
    TRANSFER_TRANSITIONS.apply(transfer, step, actor, reason=note)
    touch(transfer)
    _attach(actor, transfer, PROGRESS_SLOT, uploads)
    audit(actor, transfer, step, files=len(uploads))
    tell(actor, transfer, f"公益诉讼线索进展“{transition.label}”", body=note)
    return transfer


def _limited(text: str, field: str, limit: int) -> str:
    text = text.strip()
    if len(text) > limit:
        message = f"最多{limit}字，现有{len(text)}字。"
        raise InvalidInput(message, fields={field: message})
    return text


def _long(text: str, field: str, message: str) -> str:
    return _limited(require_text(text, field, message), field, MAX_REASON)
