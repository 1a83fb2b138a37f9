"""Co-authors of a report (合作代表): asked by the lead author, listed once they confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deputies.models import AuthorStatus, DeputyReport, Mandate, ReportAuthor
from deputies.services.checks import integrity_as_input
from deputies.services.report import lock_report
from deputies.states import ReportStatus
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotFound
from liaison.models import User
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.services.audit import record_audit
from liaison.services.notice import notify

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor

#: Until it is accepted, deputies may still join: with acceptance the ledger counts it for its authors.
OPEN_STATES = (ReportStatus.DRAFT, ReportStatus.SUBMITTED, ReportStatus.RETURNED)


#: What one may answer to an invitation, as the form's field says it.
ANSWERS = {"confirm": "确认合作", "decline": "不参加"}


@transaction.atomic
def author_invite(*, actor: Actor, public_id: UUID | str, mandate_id: UUID | str) -> ReportAuthor:
    """Ask a deputy of the same congress to be named as co-author; asked again, they are not asked twice.

    Raises:
        NotFound: no such report of the actor's.
        DomainError: not a deputy of this congress in force.
    """
    report = _lock_as_lead(actor, public_id)
    mandate = (
        Mandate.objects.unscoped(reason="deputies ask fellow deputies of the same congress")
        .in_force()
        .filter(public_id=mandate_id, congress_id=report.mandate.congress_id)
        .exclude(person_id=report.person_id)
        .select_related("person__user")
        .first()
    )
    if mandate is None:
        raise DomainError("只能邀请同一届人大的其他代表合作，请重新选择。", code="not_a_fellow_deputy")
    known = report.authors.filter(person_id=mandate.person_id).select_related("person").first()
    if known is not None:
        return known
    author = ReportAuthor(report=report, mandate=mandate, person=mandate.person)
    with integrity_as_input():
        author.save()
    _audit(actor, "report.author_invite", report, mandate.person.name)
    if mandate.person.user is not None:
        notify(
            recipients=[mandate.person.user],
            kind=NoticeKind.TASK,
            title=f"{actor.name}代表请您确认合作：{report}",
            body="确认后您的名字列入报告作者。",
            url=report.deputy_url,
        )
    return author


@transaction.atomic
def author_remove(*, actor: Actor, public_id: UUID | str, author_id: UUID | str) -> None:
    """Take back an invitation; a confirmed co-author stays.

    Raises:
        NotFound: no such invitation.
        DomainError: confirmed already.
    """
    report = _lock_as_lead(actor, public_id)
    author = report.authors.select_related("person").filter(public_id=author_id).first()
    if author is None:
        raise NotFound
    if author.status == AuthorStatus.CONFIRMED:
        raise DomainError(f"{author.person.name}代表已确认合作，不能移除。", code="already_confirmed")
    _audit(actor, "report.author_remove", report, author.person.name)
    author.delete()


@transaction.atomic
def author_respond(*, actor: Actor, public_id: UUID | str, answer: str) -> ReportAuthor:
    """A deputy who was asked confirms or declines, once.

    Args:
        answer: a key of ``ANSWERS``.

    Raises:
        NotFound: the actor was not asked.
        IllegalTransition: answered before, or the report is accepted.
        InvalidInput: no answer, or an unknown one; nothing is declined by leaving it out.
    """
    actor.require(Permission.REPORT_WRITE)
    report = _lock_open(actor, public_id)
    author = report.authors.filter(person_id=actor.deputy_id).first()
    if author is None:
        raise NotFound
    if author.status != AuthorStatus.INVITED:
        raise IllegalTransition(f"您已经答复过：{author.get_status_display()}。", code="already_answered")
    if answer not in ANSWERS:
        message = "请选择“确认合作”或者“不参加”。"
        raise InvalidInput(message, fields={"answer": message})
    confirm = answer == "confirm"
    author.status = AuthorStatus.CONFIRMED if confirm else AuthorStatus.DECLINED
    author.responded_at = timezone.now()
    author.save(update_fields=["status", "responded_at", "updated_at"])
    _audit(actor, "report.author_confirm" if confirm else "report.author_decline", report, actor.name)
    notify(
        recipients=User.objects.filter(person__pk=report.person_id),
        kind=NoticeKind.PROGRESS,
        title=f"{actor.name}代表{'已确认合作' if confirm else '不参加合作'}：{report}",
        url=report.deputy_url,
    )
    return author


def _lock_open(actor: Actor, public_id: UUID | str) -> DeputyReport:
    report = lock_report(actor, public_id)
    if report.status not in OPEN_STATES:
        raise IllegalTransition(f"这篇报告{report.get_status_display()}，作者名单不能再变动。", code="authors_closed")
    return report


def _lock_as_lead(actor: Actor, public_id: UUID | str) -> DeputyReport:
    actor.require(Permission.REPORT_WRITE)
    report = _lock_open(actor, public_id)
    if report.person_id != actor.person_id:
        raise NotFound
    return report


def _audit(actor: Actor, action: str, report: DeputyReport, name: str) -> None:
    record_audit(actor=actor, action=action, target=report, detail={"deputy": name}, region_prefix=report.region_prefix)
