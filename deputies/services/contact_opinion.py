"""What deputies said at contacts (联系中的意见建议): noted, taken up or assigned, answered, told to the deputy.

Source: Hunan 2023, fifth point: within the own duty it is taken up (采纳吸收); else assigned by duty (交办); what
became of it is told to the deputy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deputies.models import ContactOpinion
from deputies.selectors.congress import settings_of
from deputies.services.checks import clean_model, require_text
from deputies.services.contact import lock_contact
from deputies.services.contact_tell import tell
from deputies.states import CONTACT_OPINION_TRANSITIONS, ContactOpinionStatus, ContactStatus, own_contact
from liaison.dates import cn_date
from liaison.exceptions import DomainError, InvalidInput, NotFound
from liaison.models import Organisation
from liaison.models.deadline import PeriodUnit
from liaison.models.notice import NoticeKind
from liaison.permissions import OrganisationKind, Permission
from liaison.selectors.people import people_of
from liaison.services.audit import record_audit
from liaison.services.deadline import deadline_cancel, deadline_meet, deadline_open
from liaison.services.history import record_state_change
from liaison.services.notice import notify

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from liaison.actor import Actor

#: Kind of the clock that runs from the assignment to the unit's feedback.
DEADLINE = "contact_opinion"


@transaction.atomic
def contact_opinion_add(*, actor: Actor, contact_id: UUID | str, mandate_id: UUID | str, text: str) -> ContactOpinion:
    """Note what a deputy who was met said; the same words of the same deputy stand once.

    Raises:
        NotFound, NotAllowed: as elsewhere.
        DomainError: the contact was not held, or its record is finished.
        InvalidInput: no text; a deputy who was not met.
    """
    contact = lock_contact(actor, contact_id)
    if contact.status not in (ContactStatus.HELD, ContactStatus.RECORDED):
        raise DomainError("活动开展以后才能登记代表的意见建议。", code="contact_not_held")
    text = require_text(text, field="text", message="请填写意见建议。")
    row = contact.deputies.filter(mandate__public_id=mandate_id, met=True).first()
    if row is None:
        raise InvalidInput("有内容需要更正。", fields={"mandate": "请选择见了面的代表。"})
    known = contact.opinions.filter(mandate_id=row.mandate_id, text=text).first()
    if known is not None:
        return known
    opinion = ContactOpinion(contact=contact, mandate_id=row.mandate_id, text=text)
    clean_model(opinion, exclude=["contact", "mandate", "unit"])
    opinion.save()
    record_state_change(actor=actor, obj=opinion, act="add", label="登记", old="", new=opinion.status)
    _audit(actor, "contact_opinion.add", opinion, {})
    return opinion


@transaction.atomic
def contact_opinion_adopt(*, actor: Actor, opinion_id: UUID | str, words: str) -> ContactOpinion:
    """Take it up oneself (采纳吸收), saying how.

    Raises:
        NotFound, NotAllowed, IllegalTransition, InvalidInput: as elsewhere.
    """
    opinion = lock_opinion(actor, opinion_id)
    CONTACT_OPINION_TRANSITIONS.check(opinion, "adopt", actor)
    opinion.outcome = require_text(words, field="words", message="请写明怎样采纳吸收。")
    return _step(actor, opinion, "adopt", "outcome")


@transaction.atomic
def contact_opinion_assign(
    *, actor: Actor, opinion_id: UUID | str, unit_id: UUID | str, requirement: str = ""
) -> ContactOpinion:
    """Assign it to a unit (交办), which answers within the months of the congress's rules; its people are told.

    Args:
        unit_id: public id of a handling unit in the actor's region.

    Raises:
        NotFound, NotAllowed, IllegalTransition, InvalidInput: as elsewhere.
    """
    opinion = lock_opinion(actor, opinion_id)
    CONTACT_OPINION_TRANSITIONS.check(opinion, "assign", actor)
    units = Organisation.objects.visible_to(actor).active().filter(kind=OrganisationKind.UNIT)
    unit = units.filter(public_id=unit_id).first()
    if unit is None:
        raise InvalidInput("有内容需要更正。", fields={"unit": "请选择在用的承办单位。"})
    opinion.unit, opinion.requirement = unit, requirement.strip()
    _step(actor, opinion, "assign", "unit", "requirement")
    deadline = deadline_open(
        actor=actor,
        subject=opinion,
        kind=DEADLINE,
        unit=PeriodUnit.MONTHS,
        length=settings_of(opinion.contact.congress).contact_opinion_months,
        holder=unit,
        supervisor=opinion.contact.office,
    )
    notify(
        recipients=people_of([unit.pk]),
        kind=NoticeKind.TASK,
        title=f"交办代表意见建议，请于{cn_date(deadline.due_on)}前反馈",
        body=opinion.text,
        url=opinion.get_absolute_url(),
        except_user_id=actor.user_id,
    )
    return opinion


@transaction.atomic
def contact_opinion_answer(*, actor: Actor, opinion_id: UUID | str, words: str) -> ContactOpinion:
    """The unit says what it did (反馈办理情况); the office is told, which tells the deputy.

    Raises:
        NotFound, NotAllowed, IllegalTransition, InvalidInput: as elsewhere.
    """
    opinion = _lock(actor, opinion_id)
    CONTACT_OPINION_TRANSITIONS.check(opinion, "answer", actor)
    opinion.outcome = require_text(words, field="words", message="请填写办理情况。")
    _step(actor, opinion, "answer", "outcome")
    deadline_meet(actor=actor, subject=opinion, kind=DEADLINE)
    _tell_office(actor, opinion, f"{opinion.unit}已反馈代表意见建议的办理情况，请告知代表")
    return opinion


@transaction.atomic
def contact_opinion_give_back(*, actor: Actor, opinion_id: UUID | str, reason: str) -> ContactOpinion:
    """The unit gives it back as not its duty (退回); the office decides anew.

    Raises:
        NotFound, NotAllowed, IllegalTransition, InvalidInput: as elsewhere.
    """
    opinion = _lock(actor, opinion_id)
    CONTACT_OPINION_TRANSITIONS.check(opinion, "give_back", actor)
    reason = require_text(reason, field="words", message="请写明退回的原因。")
    unit = str(opinion.unit)
    deadline_cancel(actor=actor, subject=opinion, kind=DEADLINE, reason=f"{unit}退回")
    opinion.unit = None
    _step(actor, opinion, "give_back", "unit", reason=reason)
    _tell_office(actor, opinion, f"{unit}退回代表意见建议：{reason}")
    return opinion


@transaction.atomic
def contact_opinion_tell(*, actor: Actor, opinion_id: UUID | str, told_on: dt.date, words: str = "") -> ContactOpinion:
    """Tell the deputy what became of it, and on which day; one with an account finds it in the inbox too.

    Raises:
        NotFound, NotAllowed, IllegalTransition, InvalidInput: as elsewhere.
    """
    opinion = lock_opinion(actor, opinion_id)
    CONTACT_OPINION_TRANSITIONS.check(opinion, "tell", actor)
    if not opinion.contact.on <= told_on <= timezone.localdate():
        raise InvalidInput("有内容需要更正。", fields={"told_on": "反馈日期应在联系活动之后、不晚于今天。"})
    opinion.told_on, opinion.told_words = told_on, words.strip()
    _step(actor, opinion, "tell", "told_on", "told_words")
    title = "您在联系活动中提的意见建议有了处理结果"
    tell(actor=actor, texts={opinion.mandate_id: title}, body=opinion.outcome, url=opinion.get_absolute_url())
    return opinion


@transaction.atomic
def contact_opinion_remove(*, actor: Actor, opinion_id: UUID | str) -> None:
    """Take out what was noted by mistake, as long as nothing was done about it.

    Raises:
        NotFound, NotAllowed: as elsewhere.
        DomainError: it was taken up or assigned before.
    """
    opinion = lock_opinion(actor, opinion_id)
    if opinion.status != ContactOpinionStatus.RAISED or opinion.deadlines.exists():
        raise DomainError("这条意见建议已经处理，不能删除。", code="opinion_settled")
    _audit(actor, "contact_opinion.remove", opinion, {"text": opinion.text[:100]})
    opinion.delete()


def lock_opinion(actor: Actor, public_id: UUID | str) -> ContactOpinion:
    """The opinion, locked, by somebody of the office.

    Raises:
        NotFound: no such opinion, or not visible to the actor.
        NotAllowed: the role may not.
    """
    opinion = _lock(actor, public_id)
    actor.require(Permission.CONTACT_EDIT)
    own_contact(opinion.contact, actor)
    return opinion


def _lock(actor: Actor, public_id: UUID | str) -> ContactOpinion:
    found = ContactOpinion.objects.visible_to(actor).select_for_update(of=("self",))
    found = found.select_related("contact__congress__settings", "contact__office", "mandate__person", "unit")
    opinion = found.filter(public_id=public_id).first()
    if opinion is None:
        raise NotFound
    return opinion


def _step(actor: Actor, opinion: ContactOpinion, act: str, *fields: str, reason: str = "") -> ContactOpinion:
    clean_model(opinion, exclude=["contact", "mandate", "unit"])
    CONTACT_OPINION_TRANSITIONS.apply(opinion, act, actor, reason=reason)
    opinion.save(update_fields=["status", "updated_at", *fields])
    _audit(actor, f"contact_opinion.{act}", opinion, {"unit": str(opinion.unit)} if act == "assign" else {})
    return opinion


def _tell_office(actor: Actor, opinion: ContactOpinion, title: str) -> None:
    notify(
        recipients=people_of([opinion.contact.office_id]),
        kind=NoticeKind.TASK,
        title=title,
        body=opinion.text,
        url=opinion.get_absolute_url(),
        except_user_id=actor.user_id,
    )


def _audit(actor: Actor, action: str, opinion: ContactOpinion, detail: dict[str, object]) -> None:
    record_audit(
        actor=actor,
        action=action,
        target=opinion.contact,
        detail={"deputy": opinion.mandate.person.name, **detail},
        region_prefix=opinion.contact.region_prefix,
    )
