"""Scoring (评分): each judge apart, within the bounds, until they submit or it closes; closing."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deputies.models import Judge, JudgedReport, JudgeScore, Judging
from deputies.selectors.judging import conflicts_of, papers_of
from deputies.services.checks import require_fresh, require_text
from deputies.services.judging import lock_judging, require_organiser
from deputies.states import JUDGING_TRANSITIONS, JudgingStatus
from liaison.dates import cn_date
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotFound
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.selectors.people import people_of
from liaison.services.audit import record_audit
from liaison.services.notice import notify

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from uuid import UUID

    from liaison.actor import Actor

#: Points are given in steps of a half.
STEP = Decimal("0.5")


@transaction.atomic
def score_save(
    *, actor: Actor, judging_id: UUID | str, entry_id: UUID | str, points: Mapping[int, Decimal | None]
) -> JudgedReport:
    """Keep what a judge gives one report; it may be changed until they submit.

    Args:
        points: criterion id → points; None takes a score back.

    Raises:
        NotFound: not a judge there, or no such report.
        IllegalTransition: over, closed, or submitted before.
        DomainError: the judge wrote the report.
        InvalidInput: out of bounds; messages by field ``criterion_<id>``.
    """
    judging, judge = _lock_judge(actor, judging_id)
    entry = judging.entries.select_related("report").filter(public_id=entry_id).first()
    if entry is None:
        raise NotFound
    if conflicts_of([entry], judge):
        raise DomainError("这篇是您写的或者合作的，请跳过，由其他评委评分。", code="judge_conflict")
    criteria = {criterion.pk: criterion for criterion in judging.criteria.all()}
    if not set(points) <= set(criteria):
        raise NotFound
    problems = {}
    for pk, given in points.items():
        maximum = criteria[pk].maximum
        if given is not None and not (0 <= given <= maximum and given % STEP == 0):
            problems[f"criterion_{pk}"] = f"请填0到{maximum.normalize():f}之间的分数，可以有半分。"
    if problems:
        raise InvalidInput("有分数需要更正，其他内容都还在。", fields=problems)
    for pk, given in points.items():
        if given is None:
            JudgeScore.objects.filter(judge=judge, entry=entry, criterion_id=pk).delete()
        else:
            JudgeScore.objects.update_or_create(judge=judge, entry=entry, criterion_id=pk, defaults={"points": given})
    # that a judge scored this paper is noted, never how: nobody sees scores before the end
    record_audit(
        actor=actor,
        action="judging.score",
        target=judging,
        detail={"report": entry.report.title},
        region_prefix=judging.region_prefix,
    )
    return entry


@transaction.atomic
def scores_submit(*, actor: Actor, judging_id: UUID | str) -> Judge:
    """Hand in all scores (提交评分), once and for all. When the last judge does, scoring closes by itself.

    Raises:
        NotFound, IllegalTransition: as elsewhere.
        DomainError: a report has not been scored by every criterion.
    """
    judging, judge = _lock_judge(actor, judging_id)
    open_ = [paper.entry for paper in papers_of(judge) if not paper.conflict and paper.total is None]
    if open_:
        titles = "、".join(f"《{entry.report.title}》" for entry in open_[:3])
        raise DomainError(f"还有{len(open_)}篇没有评完：{titles}。", code="scores_missing")
    judge.submitted_at = timezone.now()
    judge.save(update_fields=["submitted_at", "updated_at"])
    record_audit(actor=actor, action="judging.submit", target=judging, region_prefix=judging.region_prefix)
    if not judging.judges.filter(submitted_at=None).exists():
        JUDGING_TRANSITIONS.apply(judging, "finish", actor)
        _close(actor, judging, "评委均已提交")
    return judge


@transaction.atomic
def judging_close(*, actor: Actor, public_id: UUID | str, reason: str) -> Judging:
    """Close scoring before every judge has submitted (截止评分), for a reason; what was not submitted does not count.

    Raises:
        NotFound, NotAllowed, IllegalTransition, InvalidInput: as elsewhere.
        DomainError: nobody has submitted.
    """
    judging = lock_judging(actor, public_id)
    JUDGING_TRANSITIONS.check(judging, "close", actor)
    reason = require_text(reason, field="reason", message="请写明截止的原因。")
    if not judging.judges.filter(submitted_at__isnull=False).exists():
        message = "还没有评委提交评分，不能截止。评分期已过的，请先延长评分期。"
        raise DomainError(message, code="no_scores")
    JUDGING_TRANSITIONS.apply(judging, "close", actor, reason=reason)
    judging.close_reason = reason
    _close(actor, judging, reason)
    return judging


@transaction.atomic
def judging_extend(*, actor: Actor, public_id: UUID | str, ends_on: dt.date, version: str = "") -> Judging:
    """Give the judges more days (延长评分期), also when the last one is over; those who have not submitted are told.

    Raises:
        NotFound, NotAllowed, StaleVersion: as elsewhere.
        IllegalTransition: scoring has not begun, or is closed.
        InvalidInput: not later than before, or already over.
    """
    judging = lock_judging(actor, public_id)
    require_organiser(actor, judging)
    if judging.status != JudgingStatus.OPEN:
        raise IllegalTransition(f"评选现在是“{judging.get_status_display()}”，不能延长评分期。")
    require_fresh(judging.updated_at, version)
    if ends_on <= judging.ends_on or ends_on < timezone.localdate():
        message = f"请选择今天以后、晚于{cn_date(judging.ends_on)}的日期。"
        raise InvalidInput(message, fields={"ends_on": message})
    before, judging.ends_on = judging.ends_on, ends_on
    judging.save(update_fields=["ends_on", "updated_at"])
    record_audit(
        actor=actor,
        action="judging.extend",
        target=judging,
        detail={"old": cn_date(before), "new": cn_date(ends_on)},
        region_prefix=judging.region_prefix,
    )
    notify(
        recipients=[judge.user for judge in judging.judges.filter(submitted_at=None).select_related("user")],
        kind=NoticeKind.TASK,
        title=f"评分延长到{cn_date(ends_on)}：{judging.title}",
        body="请在此之前评完并提交。",
        url=f"/my-judgings/{judging.public_id}/",
        except_user_id=actor.user_id,
    )
    return judging


def _close(actor: Actor, judging: Judging, reason: str) -> None:
    judging.closed_at = timezone.now()
    judging.save(update_fields=["status", "closed_at", "close_reason", "updated_at"])
    record_audit(
        actor=actor,
        action="judging.close",
        target=judging,
        detail={"reason": reason},
        region_prefix=judging.region_prefix,
    )
    notify(
        recipients=people_of([judging.office_id]),
        kind=NoticeKind.TASK,
        title=f"评分已截止：{judging.title}",
        body="请核对结果，确定获奖报告后公布。",
        url=judging.get_absolute_url(),
        except_user_id=actor.user_id,
    )


def _lock_judge(actor: Actor, judging_id: UUID | str) -> tuple[Judging, Judge]:
    """The judging locked, and the actor as a judge who may still score.

    Raises:
        NotFound: not a judge there.
        IllegalTransition: not begun, over, closed, or submitted before.
    """
    actor.require(Permission.REPORT_VIEW)
    judging = lock_judging(actor, judging_id)
    judge = judging.judges.select_related("user").filter(user_id=actor.user_id or 0).first()
    if judge is None:
        raise NotFound
    judge.judging = judging
    if judging.status != JudgingStatus.OPEN:
        raise IllegalTransition("评分已经截止，不能再改分数。", code="judging_closed")
    if judging.starts_on > timezone.localdate():
        raise IllegalTransition(f"评分从{cn_date(judging.starts_on)}开始。")
    if judging.is_overdue:
        message = f"评分已于{cn_date(judging.ends_on)}结束，不能再评。需要延期的，请联系{judging.office}。"
        raise IllegalTransition(message, code="judging_over")
    if judge.submitted_at is not None:
        raise IllegalTransition("您已经提交评分，不能再改。", code="scores_submitted")
    return judging, judge
