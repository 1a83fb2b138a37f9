"""Practical deeds (办实事) as deputies and staff write them down: recorded, mended, receipt, withdrawn."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from deputies.models import Campaign, Deed, DeedKind, Mandate
from deputies.selectors.deed import PHOTO_SLOT, PROOF_SLOT, may_mend, receipt_digest, recordable
from deputies.services.checks import clean_model, outside_mandate, require_fresh, require_text
from deputies.services.duty import duty_clear
from deputies.services.receiving import receiving_office
from deputies.services.uploads import attach
from deputies.states import DEED_TRANSITIONS, DeedStatus, of_own_office
from liaison.exceptions import IllegalTransition, InvalidInput, NotAllowed, NotFound
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.selectors.history import last_act_text
from liaison.selectors.people import people_of
from liaison.services.audit import record_audit
from liaison.services.notice import notify

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile

    from liaison.actor import Actor

NOT_OURS = "这名代表办的实事由{office}核实，请由其工作人员登记；您可以查看，不能代为登记。"
TEXTS = ("kind", "title", "text", "for_whom", "helped_phone", "place", "given")
FIELDS = (*TEXTS, "on", "campaign", "office", "region_prefix")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedFacts:
    """What may be typed about a deed.

    Args:
        kind: a ``DeedKind``.
        on: the day on which it was done, not later than today.
        for_whom: a person or a group, in words.
        helped_phone: of somebody who can confirm it; covered wherever it is shown.
        given: money, goods or work, in words.
        campaign_id: public id; None for none.
    """

    kind: str = DeedKind.DEED
    title: str
    for_whom: str
    on: dt.date
    text: str = ""
    helped_phone: str = ""
    place: str = ""
    given: str = ""
    campaign_id: UUID | str | None = None


@transaction.atomic
def deed_record(
    *,
    actor: Actor,
    client_token: UUID,
    facts: DeedFacts,
    mandate_id: UUID | str | None = None,
    photos: Sequence[UploadedFile[Any]] = (),
    proofs: Sequence[UploadedFile[Any]] = (),
) -> Deed:
    """Write a deed down: a deputy their own, staff for a deputy. It counts once it is confirmed.

    Args:
        client_token: made with the empty form; the same form sent twice makes one deed.
        mandate_id: of the deputy; a deputy with one mandate need not say.
        photos: kept without what the camera wrote beside the picture.

    Raises:
        NotAllowed: the role may not, or another office checks what this deputy does.
        NotFound: a form that somebody else sent.
        InvalidInput, TooLarge: messages by field.
    """
    actor.require(Permission.DEED_WRITE if actor.is_deputy else Permission.DEED_CONFIRM)
    with connection.cursor() as cursor:  # the same form twice at one moment: the second waits for the first
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [client_token.int & (2**63 - 1)])
    known = Deed.objects.filter(client_token=client_token).first()
    if known is not None:
        if known.recorded_by_id != actor.user_id:
            raise NotFound
        return known
    deed = Deed(client_token=client_token, mandate=_mandate(actor, mandate_id), recorded_by_id=actor.user_id)
    _fill(actor, deed, facts)
    if not actor.is_deputy and not of_own_office(actor, deed.office_id):
        raise NotAllowed(NOT_OURS.format(office=deed.office))
    deed.save()
    _attach(actor, deed, photos, proofs)
    record_audit(actor=actor, action="deed.record", target=deed, region_prefix=deed.region_prefix)
    if actor.is_deputy:
        notify(
            recipients=people_of([deed.office_id]),
            kind=NoticeKind.TASK,
            title=f"{actor.name}代表记录了{deed.get_kind_display()}：{deed.title}",
            body="请核实，或者等受益群众扫码确认。",
            url=deed.get_absolute_url(),
        )
    return deed


@transaction.atomic
def deed_edit(
    *,
    actor: Actor,
    public_id: UUID | str,
    facts: DeedFacts,
    version: str = "",
    photos: Sequence[UploadedFile[Any]] = (),
    proofs: Sequence[UploadedFile[Any]] = (),
) -> Deed:
    """Mend a deed that nobody has confirmed or denied yet: a deputy their own, staff what their office wrote down.

    Raises:
        NotFound, NotAllowed, StaleVersion, InvalidInput, TooLarge: as elsewhere.
        IllegalTransition: it was confirmed, denied or withdrawn.
    """
    deed = _lock_open(actor, public_id)
    require_mendable(actor, deed)
    require_fresh(deed.updated_at, version)
    _fill(actor, deed, facts)
    deed.save(update_fields=[*FIELDS, "updated_at"])
    _attach(actor, deed, photos, proofs)
    record_audit(actor=actor, action="deed.edit", target=deed, region_prefix=deed.region_prefix)
    return deed


@transaction.atomic
def deed_receipt(*, actor: Actor, public_id: UUID | str) -> tuple[Deed, str]:
    """Make a receipt's address for the person helped; an older one no longer works.

    Returns:
        the deed and the secret of the address, which is kept nowhere.

    Raises:
        NotFound, NotAllowed, IllegalTransition: as ``deed_edit``.
    """
    deed = _lock_open(actor, public_id)
    secret = secrets.token_urlsafe(16)
    # an update past ``updated_at``: what the deed says stays as it is, a form that is open stays fresh
    Deed.objects.filter(pk=deed.pk).update(receipt_digest=receipt_digest(secret))
    record_audit(actor=actor, action="deed.receipt", target=deed, region_prefix=deed.region_prefix)
    return deed, secret


@transaction.atomic
def deed_withdraw(*, actor: Actor, public_id: UUID | str, reason: str) -> Deed:
    """A deputy takes a deed back (撤回); what the ledger holds of it is reversed.

    Raises:
        NotFound, NotAllowed, IllegalTransition, InvalidInput: as elsewhere.
    """
    deed = lock_deed(actor, public_id)
    reason = require_text(reason, field="reason", message="请写明撤回的原因。")
    DEED_TRANSITIONS.apply(deed, "withdraw", actor, reason=reason)
    deed.receipt_digest = deed.checked_by_way = ""
    deed.checked_at = None
    deed.save(update_fields=["status", "receipt_digest", "checked_by_way", "checked_at", "updated_at"])
    record_audit(
        actor=actor, action="deed.withdraw", target=deed, detail={"reason": reason}, region_prefix=deed.region_prefix
    )
    duty_clear(actor=actor, source=deed, reason=f"撤回：{reason}")
    return deed


def require_recorder(actor: Actor, mandate: Mandate) -> None:
    """Before anything is typed: raise ``NotAllowed`` for staff whose office would not check any deed of this deputy."""
    if not recordable(actor, [mandate]):
        raise NotAllowed(NOT_OURS.format(office=receiving_office(mandate)))


def require_mendable(actor: Actor, deed: Deed) -> None:
    """Raise what stands against changing a deed: settled, checked by another office, or written by the deputy."""
    if deed.status != DeedStatus.WAITING:
        stands = f"这件实事现在是“{deed.get_status_display()}”，不能再改。"
        raise IllegalTransition(stands + last_act_text(deed), code="deed_settled")
    if not actor.is_deputy and not of_own_office(actor, deed.office_id):
        raise NotAllowed("这件实事由其他人大工作机构核实，您可以查看，不能代为办理。")
    if not may_mend(actor, deed):
        raise NotAllowed("这件实事由代表本人记录，请代表本人修改；工作人员可以核实或者不予认定。")


def lock_deed(actor: Actor, public_id: UUID | str) -> Deed:
    """The deed, locked for the rest of the transaction.

    Raises:
        NotFound: no such deed, or not visible to the actor.
    """
    found = Deed.objects.visible_to(actor).select_for_update(of=("self",))
    deed = (
        found.select_related("mandate__person__user", "mandate__congress__office__region", "office")
        .filter(public_id=public_id)
        .first()
    )
    if deed is None:
        raise NotFound
    return deed


def _lock_open(actor: Actor, public_id: UUID | str) -> Deed:
    """A deed that nobody has spoken about yet, by its deputy or by staff of the office that wrote it down."""
    deed = lock_deed(actor, public_id)
    if actor.is_deputy:
        actor.require(Permission.DEED_WRITE)
    else:
        actor.require(Permission.DEED_CONFIRM)
        if not actor.is_system and deed.office_id != actor.organisation_id:
            raise NotAllowed("这件实事由其他人大工作机构核实，您可以查看，不能代为办理。")
    if deed.status != DeedStatus.WAITING:
        stands = f"这件实事现在是“{deed.get_status_display()}”，不能再改。"
        raise IllegalTransition(stands + last_act_text(deed), code="deed_settled")
    return deed


def _mandate(actor: Actor, public_id: UUID | str | None) -> Mandate:
    found = Mandate.objects.visible_to(actor).in_force().select_related("congress__office__region", "person")
    mandate = None
    if public_id:
        mandate = found.filter(public_id=public_id).first()
    elif actor.is_deputy:
        mandate = found.order_by("-id").first()
    if mandate is None:
        raise InvalidInput("请选择代表。", fields={"mandate": "请选择以哪一级代表身份记录。"})
    return mandate


def _fill(actor: Actor, deed: Deed, facts: DeedFacts) -> None:
    for name in TEXTS:
        setattr(deed, name, getattr(facts, name).strip())
    if facts.on > timezone.localdate():
        raise InvalidInput("有内容需要更正。", fields={"on": "日期不能晚于今天。"})
    if problem := outside_mandate(deed.mandate, facts.on):
        raise InvalidInput("有内容需要更正。", fields={"on": problem})
    deed.on = facts.on
    deed.campaign = None
    if facts.campaign_id:
        found = Campaign.objects.visible_to(actor).select_related("office__region")
        deed.campaign = found.filter(public_id=facts.campaign_id).first()
        if deed.campaign is None:
            raise InvalidInput("有内容需要更正。", fields={"campaign": "这个主题活动已不可用，请重新选择。"})
    deed.office = receiving_office(deed.mandate, deed.campaign)
    deed.region_prefix = deed.office.region.prefix
    clean_model(deed, exclude=["mandate", "office", "campaign", "recorded_by"])


def _attach(actor: Actor, deed: Deed, photos: Sequence[UploadedFile[Any]], proofs: Sequence[UploadedFile[Any]]) -> None:
    for upload in photos:
        attach(actor=actor, owner=deed, slot=PHOTO_SLOT, upload=upload, field="photos", only_photographs=True)
    for upload in proofs:
        attach(actor=actor, owner=deed, slot=PROOF_SLOT, upload=upload, field="proofs")
