"""Sorting (分拣): return, refuse, register with a number, hand over to the main handling unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone

from deputies.models import Session
from liaison.dates import cn_date
from liaison.exceptions import InvalidInput
from liaison.models import Organisation
from liaison.models.deadline import PeriodUnit
from liaison.models.notice import NoticeKind
from liaison.permissions import OrganisationKind
from liaison.selectors.people import people_of
from liaison.services.attachment import attachment_add
from liaison.services.audit import record_audit
from liaison.services.deadline import deadline_cancel, deadline_meet, deadline_open
from liaison.services.notice import notify
from suggestions.models import Assignment, Category, NumberSeries, RefusalClause, Suggestion
from suggestions.models.suggestion import SuggestionKind
from suggestions.services.letter import DOCX_MIME, render_letter
from suggestions.services.locking import lock_suggestion
from suggestions.services.opinion_follow import opinions_back
from suggestions.services.people import deputies_of
from suggestions.services.suggestion_duty import suggestion_duty
from suggestions.states import SUGGESTION_TRANSITIONS

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor

LETTER_SLOT = "letter"


def _require_text(text: str, field: str, message: str) -> str:
    text = text.strip()
    if not text:
        raise InvalidInput(message, fields={field: message})
    return text


@transaction.atomic
def suggestion_return(*, actor: Actor, public_id: UUID, version: int | None, reason: str) -> Suggestion:
    """Give it back to the deputy to be mended (退回修改); the deputy sees the reason and may submit again."""
    suggestion = lock_suggestion(actor, public_id, version=version)
    reason = _require_text(reason, "reason", "请写明退回理由，代表会看到。")
    SUGGESTION_TRANSITIONS.apply(suggestion, "return", actor, reason=reason)
    _touch(suggestion, "status")
    record_audit(
        actor=actor,
        action="suggestion.return",
        target=suggestion,
        region_prefix=suggestion.region_prefix,
        detail={"reason": reason},
    )
    suggestion_duty(actor, suggestion, reason="建议退回修改")
    deadline_cancel(actor=actor, subject=suggestion, kind="suggestion_handover", reason="退回代表修改")
    _tell_deputies(actor, suggestion, f"建议退回修改：{suggestion.title}", f"退回理由：{reason}", NoticeKind.TASK)
    return suggestion


@transaction.atomic
def suggestion_refuse(
    *, actor: Actor, public_id: UUID, version: int | None, clause_id: int | None, reason: str
) -> Suggestion:
    """Not accepted (不予受理), with the clause named to the deputy (rulebook section 1)."""
    suggestion = lock_suggestion(actor, public_id, version=version)
    clause = RefusalClause.objects.filter(pk=clause_id or 0, is_active=True).first()
    if clause is None:
        raise InvalidInput("请选择不予受理的情形。", fields={"clause_id": "请选择不予受理的情形。"})
    reason = _require_text(reason, "reason", "请向代表说明具体理由。")
    SUGGESTION_TRANSITIONS.apply(suggestion, "refuse", actor, reason=f"{clause.name}。{reason}")
    suggestion.refusal_clause = clause
    _touch(suggestion, "status", "refusal_clause")
    record_audit(
        actor=actor,
        action="suggestion.refuse",
        target=suggestion,
        region_prefix=suggestion.region_prefix,
        detail={"clause": clause.name, "reason": reason},
    )
    suggestion_duty(actor, suggestion, reason=f"建议不予受理：{clause.name}")
    deadline_cancel(actor=actor, subject=suggestion, kind="suggestion_handover", reason="不予受理")
    opinions_back(suggestion=suggestion, reason=f"代表建议不予受理：{clause.name}")
    _tell_deputies(
        actor,
        suggestion,
        f"建议不予受理：{suggestion.title}",
        f"情形：{clause.name}。理由：{reason}",
        NoticeKind.PROGRESS,
    )
    return suggestion


@transaction.atomic
def suggestion_register(
    *,
    actor: Actor,
    public_id: UUID,
    version: int | None,
    session_id: int | None,
    category_id: int | None,
    kind: str | None = None,
) -> Suggestion:
    """Register and number it (登记编号).

    Args:
        session_id: the session in whose series it counts; None for the series out of session (闭会期间).
        category_id: the category that staff settle on.
    """
    suggestion = lock_suggestion(actor, public_id, version=version)
    session = None
    if session_id is not None:
        session = Session.objects.filter(pk=session_id, congress_id=suggestion.congress_id).first()
        if session is None:
            raise InvalidInput("请选择本届人大的会议。", fields={"session_id": "请选择本届人大的会议。"})
    category = Category.objects.filter(pk=category_id or 0, is_active=True).first()
    if category is None:
        raise InvalidInput("请选择类别。", fields={"category_id": "请选择类别。"})
    if kind:
        suggestion.kind = kind
    if (suggestion.kind == SuggestionKind.RECESS) != (session is None):
        message = "闭会期间建议不选会议；其他种类请选择所属会议。"
        raise InvalidInput(message, fields={"session_id": message})
    SUGGESTION_TRANSITIONS.apply(suggestion, "register", actor)
    suggestion.session = session
    suggestion.category = category
    suggestion.number = next_number(suggestion.congress_id, session_id)
    suggestion.number_label = number_label(suggestion)
    suggestion.registered_at = timezone.now()
    _touch(suggestion, "status", "session", "category", "kind", "number", "number_label", "registered_at")
    record_audit(
        actor=actor,
        action="suggestion.register",
        target=suggestion,
        region_prefix=suggestion.region_prefix,
        detail={"number": suggestion.number_label},
    )
    suggestion_duty(actor, suggestion)
    _tell_deputies(
        actor,
        suggestion,
        f"建议已登记：{suggestion.title}",
        f"编号：{suggestion.number_label}。接下来将交有关单位办理。",
        NoticeKind.PROGRESS,
    )
    return suggestion


def next_number(congress_id: int, session_id: int | None) -> int:
    """The next number of a series: running, never reused, no gap (a rollback gives it back).

    One statement: the row lock makes two clerks wait for each other.
    """
    table = connection.ops.quote_name(NumberSeries._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (congress_id, session_id, last) VALUES (%s, %s, 1) "  # noqa: S608
            f"ON CONFLICT (congress_id, session_id) DO UPDATE SET last = {table}.last + 1 RETURNING last",
            [congress_id, session_id],
        )
        row = cursor.fetchone()
    return int(row[0])


def number_label(suggestion: Suggestion) -> str:
    """省十四届人大二次会议第0123号建议, or 省十四届人大闭会第0007号建议 (rulebook section 1)."""
    series = f"{chinese_number(suggestion.session.number)}次会议" if suggestion.session else "闭会"
    return f"{suggestion.congress.short_name}{series}第{suggestion.number:04d}号建议"


def chinese_number(number: int) -> str:
    """1 to 99 in Chinese: 二, 十, 十二, 二十一."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if tens == 0:
        return digits[ones]
    return f"{digits[tens] if tens > 1 else ''}十{digits[ones] if ones else ''}"


@transaction.atomic
def suggestion_assign(
    *, actor: Actor, public_id: UUID, version: int | None, unit_public_id: UUID | str, requirement: str = ""
) -> Assignment:
    """Hand it over to the main handling unit (交办主办单位) with a letter and a deadline of three months."""
    suggestion = lock_suggestion(actor, public_id, version=version)
    unit = (
        Organisation.objects.visible_to(actor)
        .active()
        .filter(public_id=unit_public_id, kind=OrganisationKind.UNIT)
        .first()
    )
    if unit is None:
        raise InvalidInput("请选择主办单位。", fields={"unit_public_id": "请选择主办单位。"})
    SUGGESTION_TRANSITIONS.apply(suggestion, "assign", actor, reason=f"主办单位：{unit.name}")
    suggestion.main_unit = unit
    _touch(suggestion, "status", "main_unit")
    assignment = Assignment.objects.create(
        suggestion=suggestion,
        unit=unit,
        requirement=requirement.strip(),
        assigned_by_id=actor.account_id,
        assigned_on=timezone.localdate(),
    )
    deadline_meet(actor=actor, subject=suggestion, kind="suggestion_handover")
    deadline = deadline_open(
        actor=actor,
        subject=suggestion,
        kind="suggestion_answer",
        unit=PeriodUnit.MONTHS,
        length=suggestion.congress.settings.answer_months,
        starts_on=assignment.assigned_on,
        holder=unit,
        supervisor=suggestion.office,
    )
    letter = render_letter(
        "assignment.docx",
        {
            "office": suggestion.office.name,
            "department": suggestion.office.department,
            "unit": unit.name,
            "number": suggestion.number_label,
            "title": suggestion.title,
            "lead": suggestion.lead_person.name,
            "congress": suggestion.congress.name,
            "requirement": assignment.requirement,
            "months": deadline.length,
            "due_on": deadline.due_on,
            "assigned_on": assignment.assigned_on,
        },
    )
    attachment_add(
        actor=actor,
        owner=assignment,
        slot=LETTER_SLOT,
        upload=SimpleUploadedFile(f"交办函-{suggestion.number_label}.docx", letter, content_type=DOCX_MIME),
    )
    record_audit(
        actor=actor,
        action="suggestion.assign",
        target=suggestion,
        region_prefix=suggestion.region_prefix,
        detail={"unit": unit.name, "due_on": deadline.due_on.isoformat()},
    )
    notify(
        recipients=people_of([unit.pk]),
        kind=NoticeKind.TASK,
        title=f"请签收代表建议：{suggestion.title}",
        body=f"{suggestion.number_label}，请于{cn_date(deadline.due_on)}前答复代表。",
        url=suggestion.get_absolute_url(),
    )
    _tell_deputies(
        actor,
        suggestion,
        f"建议已交办：{suggestion.title}",
        f"主办单位：{unit.name}，应于{cn_date(deadline.due_on)}前答复。",
        NoticeKind.PROGRESS,
    )
    return assignment


def _touch(suggestion: Suggestion, *fields: str) -> None:
    """Save some fields and move the version on."""
    suggestion.version += 1
    suggestion.save(update_fields=[*fields, "version", "updated_at"])


def _tell_deputies(actor: Actor, suggestion: Suggestion, title: str, body: str, kind: NoticeKind) -> None:
    notify(
        recipients=deputies_of(suggestion),
        kind=kind,
        title=title,
        body=body,
        url=suggestion.get_absolute_url(),
        except_user_id=actor.user_id,
    )
