"""Scoring (评分): each judge apart, within the bounds, until they submit or it closes; closing."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deputies.models import Judge, JudgedReport, JudgeScore, Judging
from deputies.selectors.judging import conflicts_of, papers_of
from deputies.services.checks import require_text
from deputies.services.judging import lock_judging
from deputies.states_report import JUDGING_TRANSITIONS, JudgingStatus
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotFound
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.selectors.people import people_of
from liaison.services.audit import record_audit
from liaison.services.notice import notify

if TYPE_CHECKING:
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
        IllegalTransition: closed, or submitted before.
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
    """Close scoring before every judge has submitted (提前截止), for a reason; what was not submitted does not count.

    Raises:
        NotFound, NotAllowed, IllegalTransition, InvalidInput: as elsewhere.
        DomainError: nobody has submitted.
    """
    judging = lock_judging(actor, public_id)
    JUDGING_TRANSITIONS.check(judging, "close", actor)
    reason = require_text(reason, field="reason", message="请写明提前截止的原因。")
    if not judging.judges.filter(submitted_at__isnull=False).exists():
        raise DomainError("还没有评委提交评分，不能截止。", code="no_scores")
    JUDGING_TRANSITIONS.apply(judging, "close", actor, reason=reason)
    judging.close_reason = reason
    _close(actor, judging, reason)
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
        IllegalTransition: not begun, closed, or submitted before.
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
        raise IllegalTransition(f"评分从{judging.starts_on.month}月{judging.starts_on.day}日开始。")
    if judge.submitted_at is not None:
        raise IllegalTransition("您已经提交评分，不能再改。", code="scores_submitted")
    return judging, judge
