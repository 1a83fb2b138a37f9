"""Handing a suggestion to the procuratorate (转交检察机关): the congress office's side.

Source: 益阳市《关于加强代表建议与公益诉讼检察建议衔接转化的办法(试行)》; rulebook section 2.
Ordinary handling goes on beside it: nothing here touches the suggestion's own status or clocks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from liaison.dates import cn_date
from liaison.exceptions import DomainError, InvalidInput, NotFound, StaleVersion
from liaison.models.deadline import PeriodUnit
from liaison.models.notice import NoticeKind
from liaison.permissions import Role
from liaison.selectors.history import last_act_text
from liaison.selectors.people import people_of
from liaison.services.attachment import attachment_add
from liaison.services.audit import record_audit
from liaison.services.deadline import deadline_open
from liaison.services.history import record_state_change
from liaison.services.notice import notify
from suggestions.models import PublicInterestDomain, Transfer
from suggestions.selectors.transfer import LETTER_SLOT, OPINION_DEADLINE, opinion_months, receivers_for
from suggestions.services.letter import DOCX_MIME, render_letter
from suggestions.services.locking import lock_suggestion
from suggestions.services.people import deputies_of
from suggestions.states import TRANSFER_TRANSITIONS, TransferStatus, check_markable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from liaison.actor import Actor
    from liaison.models import Deadline, Organisation

#: What the clerk types about a clue; besides them ``domain_id`` and ``procuratorate_id``.
MARK_TEXTS = ("place", "harmed_interest", "agency_concerned", "note")


def lock_transfer(actor: Actor, public_id: UUID, *, version: int | None = None) -> Transfer:
    """The transfer, locked for the rest of the transaction, with what its letter and notices name.

    Args:
        version: the version that the page showed; None when the act does not depend on what was shown.

    Raises:
        NotFound: no such transfer, or not visible to the actor.
        StaleVersion: somebody changed it in between; the message says who and when.
    """
    transfer = (
        Transfer.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("suggestion__congress", "suggestion__lead_person", "office", "procuratorate", "domain")
        .filter(public_id=public_id)
        .first()
    )
    if transfer is None:
        raise NotFound
    if version is not None and transfer.version != version:
        raise StaleVersion(f"您打开页面之后，这条线索已有变化。您填写的内容仍在下方。{last_act_text(transfer)}")
    return transfer


def touch(transfer: Transfer, *fields: str) -> None:
    """Save the named fields with the status, and let the version grow."""
    transfer.version += 1
    transfer.save(update_fields=["status", "version", "updated_at", *fields])


def audit(actor: Actor, transfer: Transfer, verb: str, **detail: Any) -> None:
    """The audit row of one act on a transfer."""
    record_audit(
        actor=actor,
        action=f"transfer.{verb}",
        target=transfer,
        title=transfer.suggestion.title,
        region_prefix=transfer.region_prefix,
        detail=detail,
    )


def tell(
    actor: Actor, transfer: Transfer, title: str, *, body: str = "", task_of: Organisation | None = None, task: str = ""
) -> None:
    """Tell everybody concerned that a transfer went a step on: the lead deputy, the confirmed co-signers,
    the office and the procuratorate — never a handling unit, which the clue may concern.

    Args:
        title: what happened, for those who only need to know.
        task_of, task: the organisation whose turn it is, and what it is asked to do.
    """
    url = transfer.get_absolute_url()
    for_information = [*deputies_of(transfer.suggestion)]
    for organisation in (transfer.office, transfer.procuratorate):
        if organisation != task_of:
            for_information.extend(people_of([organisation.pk]))
    notify(
        recipients=for_information,
        kind=NoticeKind.PROGRESS,
        title=f"{title}：{transfer.suggestion.title}",
        body=body,
        url=url,
        except_user_id=actor.user_id,
    )
    if task_of is not None:
        notify(
            recipients=people_of([task_of.pk]),
            kind=NoticeKind.TASK,
            title=f"{task}：{transfer.suggestion.title}",
            body=body,
            url=url,
        )


@transaction.atomic
def transfer_mark(*, actor: Actor, suggestion_public_id: UUID, values: Mapping[str, Any]) -> Transfer:
    """Mark a suggestion as touching public interest (标记公益线索); an approver decides on the transfer.

    Args:
        values: domain_id, place, harmed_interest, agency_concerned, note, and procuratorate_id
            (the procuratorate of the office's own region when left out).

    Returns:
        The new transfer; when the same person sends the same form again, the one it made before.

    Raises:
        IllegalTransition: the suggestion has no number yet or was refused.
        DomainError: it is marked already (``already_marked``), or no procuratorate is set up.
        InvalidInput: something is missing; messages by field.
    """
    suggestion = lock_suggestion(actor, suggestion_public_id)
    check_markable(suggestion, actor)
    live = suggestion.transfers.exclude(status=TransferStatus.REJECTED).first()
    transfer = Transfer(
        suggestion=suggestion,
        office=suggestion.office,
        region_prefix=suggestion.region_prefix,
        marked_by_id=actor.account_id,
    )
    _assign(transfer, values)
    if live is not None:
        if live.marked_by_id == actor.user_id and live.status == TransferStatus.MARKED and _same(live, transfer):
            return live
        raise DomainError(f"这件建议已经标记为公益线索。{last_act_text(live)}", code="already_marked")
    transfer.save()
    record_state_change(
        actor=actor, obj=transfer, act="mark", label="标记公益线索", old="", new=transfer.status, reason=transfer.note
    )
    audit(actor, transfer, "mark", procuratorate=transfer.procuratorate.name, domain=transfer.domain.name)
    _ask_approvers(actor, transfer)
    return transfer


@transaction.atomic
def transfer_update(*, actor: Actor, public_id: UUID, version: int | None, values: Mapping[str, Any]) -> Transfer:
    """Mend what was marked, before the approver has decided. A rejected clue is marked anew instead.

    Args:
        values: as for ``transfer_mark``.
    """
    transfer = lock_transfer(actor, public_id, version=version)
    TRANSFER_TRANSITIONS.apply(transfer, "update", actor)
    before = {name: getattr(transfer, name) for name in (*MARK_TEXTS, "domain_id", "procuratorate_id")}
    _assign(transfer, values)
    touch(transfer, *MARK_TEXTS, "domain", "procuratorate")
    audit(actor, transfer, "update", changed=[name for name, old in before.items() if getattr(transfer, name) != old])
    return transfer


def _assign(transfer: Transfer, values: Mapping[str, Any]) -> None:
    """Take over what was typed; each choice is looked up where the office may choose."""
    fields: dict[str, str] = {}
    for name in MARK_TEXTS:
        setattr(transfer, name, str(values.get(name) or "").strip())
    domain = PublicInterestDomain.objects.filter(pk=values.get("domain_id") or 0, is_active=True).first()
    if domain is None:
        fields["domain_id"] = "请选择涉及的领域。"
    else:
        transfer.domain = domain
    receivers = receivers_for(transfer.office)
    wanted = values.get("procuratorate_id")
    procuratorate = next((one for one in receivers if wanted in (None, one.pk)), None)
    if not receivers:
        raise DomainError("本地区还没有设置接收线索的检察院，请联系系统管理员。", code="no_procuratorate")
    if procuratorate is None:
        fields["procuratorate_id"] = "请选择接收线索的检察院。"
    else:
        transfer.procuratorate = procuratorate
    try:
        transfer.clean_fields(exclude=["suggestion", "office", "domain", "procuratorate", "marked_by"])
    except ValidationError as error:
        fields |= {name: "".join(messages) for name, messages in error.message_dict.items()}
    if fields:
        raise InvalidInput("线索还没有填好。", fields=fields)


def _same(one: Transfer, other: Transfer) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in (*MARK_TEXTS, "domain_id", "procuratorate_id"))


def _ask_approvers(actor: Actor, transfer: Transfer) -> None:
    notify(
        recipients=people_of([transfer.office_id], roles=[Role.APPROVER]),
        kind=NoticeKind.TASK,
        title=f"请审批是否转交{transfer.procuratorate.name}：{transfer.suggestion.title}",
        url=transfer.get_absolute_url(),
        except_user_id=actor.user_id,
    )


@transaction.atomic
def transfer_approve(*, actor: Actor, public_id: UUID, version: int | None) -> Transfer:
    """Hand the suggestion to the procuratorate (批准转交): its month begins, the letter is written.

    The period is ``CongressSettings.opinion_months`` (one month: 益阳市办法), from today, the day of transfer.
    """
    transfer = lock_transfer(actor, public_id, version=version)
    TRANSFER_TRANSITIONS.apply(transfer, "approve", actor)
    transfer.transferred_at = timezone.now()
    touch(transfer, "transferred_at")
    deadline = deadline_open(
        actor=actor,
        subject=transfer,
        kind=OPINION_DEADLINE,
        unit=PeriodUnit.MONTHS,
        length=opinion_months(transfer.suggestion.congress_id),
        starts_on=timezone.localdate(transfer.transferred_at),
        holder=transfer.procuratorate,
        supervisor=transfer.office,
    )
    _attach_letter(actor, transfer, deadline)
    audit(actor, transfer, "approve", procuratorate=transfer.procuratorate.name, due_on=deadline.due_on.isoformat())
    due = cn_date(deadline.due_on)
    tell(
        actor,
        transfer,
        f"已转交{transfer.procuratorate.name}",
        body=f"检察院应在{due}前提出是否转化为公益诉讼案件的意见。承办单位的办理照常进行。",
        task_of=transfer.procuratorate,
        task="收到转交线索，请签收",
    )
    return transfer


def _attach_letter(actor: Actor, transfer: Transfer, deadline: Deadline) -> None:
    """The letter of transfer; made here, for it takes some thirty milliseconds and the record is whole at once."""
    suggestion = transfer.suggestion
    letter = render_letter(
        "transfer.docx",
        {
            "procuratorate": transfer.procuratorate.name,
            "office": transfer.office.name,
            "department": transfer.office.department,
            "congress": suggestion.congress.name,
            "lead": suggestion.lead_person.name,
            "title": suggestion.title,
            "number": suggestion.number_label,
            "domain": transfer.domain.name,
            "place": transfer.place,
            "harmed_interest": transfer.harmed_interest,
            "agency_concerned": transfer.agency_concerned,
            "note": transfer.note,
            "months": deadline.length,
            "due_on": deadline.due_on,
            "transferred_on": deadline.starts_on,
        },
    )
    attachment_add(
        actor=actor,
        owner=transfer,
        slot=LETTER_SLOT,
        upload=SimpleUploadedFile(f"转交函-{suggestion.number_label}.docx", letter, content_type=DOCX_MIME),
    )


@transaction.atomic
def transfer_reject(*, actor: Actor, public_id: UUID, version: int | None, reason: str) -> Transfer:
    """Decide not to hand it over (不予转交); the clerk may mark the suggestion anew.

    Raises:
        InvalidInput: no reason.
    """
    transfer = lock_transfer(actor, public_id, version=version)
    TRANSFER_TRANSITIONS.check(transfer, "reject", actor)
    reason = require_text(reason, "reason", "请写明不予转交的理由，经办人会看到。")
    TRANSFER_TRANSITIONS.apply(transfer, "reject", actor, reason=reason)
    touch(transfer)
    audit(actor, transfer, "reject")
    notify(
        recipients=people_of([transfer.office_id]),
        kind=NoticeKind.PROGRESS,
        title=f"未予转交检察院：{transfer.suggestion.title}",
        body=f"理由：{reason}",
        url=transfer.get_absolute_url(),
        except_user_id=actor.user_id,
    )
    return transfer


def require_text(text: str, field: str, message: str) -> str:
    """The text without the blanks around it.

    Raises:
        InvalidInput: nothing was written; the message stands by the field.
    """
    text = text.strip()
    if not text:
        raise InvalidInput(message, fields={field: message})
    return text
