"""Confirming practical deeds (核实): by the person helped through a receipt, or by staff who say how they checked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deputies.models import STAFF_CHECKS, Deed, DeedCheck
from deputies.selectors.deed import find_by_receipt
from deputies.services.checks import clean_model, require_fresh, require_text
from deputies.services.deed import lock_deed
from deputies.services.duty import DutyFact, duty_clear, duty_set
from deputies.states import DEED_TRANSITIONS, DeedStatus
from liaison.actor import ANONYMOUS, system_actor
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.selectors.people import people_of
from liaison.services.audit import record_audit
from liaison.services.notice import notify

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor


@transaction.atomic
def deed_testify(*, actor: Actor, secret: str, is_true: bool, words: str = "", version: str = "") -> Deed:
    """The person helped says that a deed is so (属实) or not (不属实), once, without an account.

    Args:
        actor: who visits; the deputy's own account and whoever wrote the deed down are refused.
        secret: of the receipt's address.
        words: what they add; needed when it is not so.
        version: of the page, so that nobody confirms what was changed meanwhile.

    Raises:
        NotFound: no such receipt.
        NotAllowed: the deputy, or who recorded it.
        IllegalTransition: said already, or settled otherwise.
        StaleVersion, InvalidInput: as elsewhere.
    """
    everything = system_actor("受益群众")
    deed = lock_deed(everything, find_by_receipt(secret).public_id)
    if actor.user_id is not None and actor.user_id in (deed.mandate.person.user_id, deed.recorded_by_id):
        raise NotAllowed("请由受益群众本人确认，代表和登记人不能代替。")
    if deed.status != DeedStatus.WAITING:
        raise IllegalTransition("这件事已经有了结论，不需要再确认。谢谢您。", code="deed_settled")
    require_fresh(deed.updated_at, version)
    if not is_true:
        words = require_text(words, field="words", message="请写明哪里不属实。")
    helped = replace(
        ANONYMOUS,
        name="受益群众",
        label="扫码确认",
        permissions=frozenset({Permission.DEED_CONFIRM}),
        ip=actor.ip,
        request_id=actor.request_id,
    )
    deed.helped_says, deed.helped_at, deed.helped_words = is_true, timezone.now(), words.strip()
    DEED_TRANSITIONS.apply(deed, "affirm" if is_true else "deny", helped, reason=deed.helped_words)
    if is_true:
        deed.checked_by_way, deed.checked_at = DeedCheck.HELPED, deed.helped_at
    _save(deed)
    record_audit(
        actor=helped, action="deed.affirm" if is_true else "deed.deny", target=deed, region_prefix=deed.region_prefix
    )
    if is_true:
        _count(helped, deed)
    _tell(deed, f"受益群众说{'属实' if is_true else '不属实'}：{deed.title}", office=not is_true)
    return deed


@transaction.atomic
def deed_confirm(*, actor: Actor, public_id: UUID | str, way: str, words: str, version: str = "") -> Deed:
    """Staff confirm a deed and say how they checked (现场、电话、材料); from now on the ledger counts it.

    Raises:
        NotFound, NotAllowed, IllegalTransition, StaleVersion: as elsewhere.
        InvalidInput: how it was checked is missing; or why it counts, when the person helped denied it.
    """
    deed = lock_deed(actor, public_id)
    DEED_TRANSITIONS.check(deed, "confirm", actor)
    require_fresh(deed.updated_at, version)
    if way not in {check.value for check in STAFF_CHECKS}:
        raise InvalidInput("有内容需要更正。", fields={"way": "请选择怎么核实的。"})
    if deed.status == DeedStatus.DENIED:
        words = require_text(words, field="words", message="受益群众说不属实，请写明核实的情况和认定的理由。")
    DEED_TRANSITIONS.apply(deed, "confirm", actor, reason=f"{DeedCheck(way).label}。{words.strip()}".rstrip("。"))
    deed.checked_by_way, deed.check_words, deed.checked_at = way, words.strip(), timezone.now()
    _save(deed)
    record_audit(actor=actor, action="deed.confirm", target=deed, detail={"way": way}, region_prefix=deed.region_prefix)
    _count(actor, deed)
    _tell(deed, f"已核实，计入履职台账：{deed.title}", except_user_id=actor.user_id)
    return deed


@transaction.atomic
def deed_reject(*, actor: Actor, public_id: UUID | str, reason: str, version: str = "") -> Deed:
    """Staff do not recognise a deed (不予认定), for a reason the deputy reads; what the ledger holds of it is reversed.

    Raises:
        NotFound, NotAllowed, IllegalTransition, StaleVersion, InvalidInput: as elsewhere.
    """
    deed = lock_deed(actor, public_id)
    DEED_TRANSITIONS.check(deed, "reject", actor)
    require_fresh(deed.updated_at, version)
    reason = require_text(reason, field="reason", message="请写明不予认定的理由。")
    DEED_TRANSITIONS.apply(deed, "reject", actor, reason=reason)
    deed.checked_by_way, deed.checked_at = "", None
    _save(deed)
    record_audit(
        actor=actor, action="deed.reject", target=deed, detail={"reason": reason}, region_prefix=deed.region_prefix
    )
    duty_clear(actor=actor, source=deed, reason=f"不予认定：{reason}")
    _tell(deed, f"不予认定：{deed.title}", body=f"理由：{reason}", except_user_id=actor.user_id)
    return deed


@transaction.atomic
def deed_phone(*, actor: Actor, public_id: UUID | str) -> str:
    """The whole telephone number of the person helped, for the office that checks; noted in the audit.

    Raises:
        NotFound, NotAllowed: as elsewhere.
    """
    deed = lock_deed(actor, public_id)
    actor.require(Permission.DEED_CONFIRM)
    if deed.office_id != actor.organisation_id:
        raise NotAllowed("只有负责核实的机构可以查看受益人的电话。")
    if not deed.helped_phone:
        raise DomainError("没有留电话。", code="no_phone")
    record_audit(actor=actor, action="deed.unmask", target=deed, region_prefix=deed.region_prefix)
    return deed.helped_phone


def deed_facts(deed: Deed) -> list[DutyFact]:
    """What a confirmed deed says of its deputy."""
    return [
        DutyFact(mandate_id=deed.mandate_id, kind=deed.kind, on=deed.on, title=deed.title, campaign_id=deed.campaign_id)
    ]


def _count(actor: Actor, deed: Deed) -> None:
    duty_set(actor=actor, source=deed, facts=deed_facts(deed))


def _save(deed: Deed) -> None:
    clean_model(deed, exclude=["mandate", "office", "campaign", "recorded_by"])
    deed.save(
        update_fields=[
            "status",
            "checked_by_way",
            "check_words",
            "checked_at",
            "helped_says",
            "helped_words",
            "helped_at",
            "updated_at",
        ]
    )


def _tell(deed: Deed, title: str, *, body: str = "", office: bool = False, except_user_id: int | None = None) -> None:
    user = deed.mandate.person.user
    if user is not None:
        notify(
            recipients=[user],
            kind=NoticeKind.PROGRESS,
            title=title,
            body=body,
            url=deed.deputy_url,
            except_user_id=except_user_id,
        )
    if office:
        notify(
            recipients=people_of([deed.office_id]),
            kind=NoticeKind.TASK,
            title=title,
            body="请核实后作出决定。",
            url=deed.get_absolute_url(),
        )
