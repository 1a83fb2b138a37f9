"""What staff do with a closed judging: awards to the best papers, publishing to the authors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deputies.models import Judging
from deputies.selectors.judging_result import result_of
from deputies.selectors.report import accounts_of
from deputies.services.judging import lock_judging
from deputies.states import JUDGING_TRANSITIONS, JudgingStatus
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.services.audit import record_audit
from liaison.services.notice import Message, notify_each

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from liaison.actor import Actor


@transaction.atomic
def judging_award(*, actor: Actor, public_id: UUID | str, awards: Sequence[tuple[str, int]]) -> Judging:
    """Give awards by place: the first so many papers the first award, the next so many the second …; what was given
    before is taken back.

    Args:
        awards: (name, how many), the highest first.

    Raises:
        NotFound, NotAllowed: as elsewhere.
        IllegalTransition: scoring runs, or the result is published.
        InvalidInput: a tie stands across the end of an award: the message says how many would take in or leave out
            all who share the place; or there are not so many papers.
    """
    judging = lock_judging(actor, public_id)
    actor.require(Permission.REPORT_RECEIVE)
    if not actor.is_system and judging.office_id != actor.organisation_id:
        raise NotAllowed("这次评选由其他人大工作机构组织，您可以查看，不能代为办理。")
    if judging.status != JudgingStatus.CLOSED:
        raise IllegalTransition("评分截止以后、公布以前才能确定奖项。")
    if not awards or any(count < 1 or not name.strip() for name, count in awards):
        raise InvalidInput("有内容需要更正。", fields={"award_1": "请填写奖项名称和篇数。"})
    ranked = [line for line in result_of(judging) if line.place is not None]
    judging.entries.update(award="")
    taken = 0
    for number, (name, count) in enumerate(awards, start=1):
        end = taken + count
        field = f"count_{number}"
        if end > len(ranked):
            text = f"有评分的报告只有{len(ranked)}篇。"
            raise InvalidInput("有内容需要更正。", fields={field: text})
        if end < len(ranked) and ranked[end].place == ranked[end - 1].place:
            first = next(place for place, line in enumerate(ranked) if line.place == ranked[end].place)
            last = first + sum(1 for line in ranked if line.place == ranked[end].place)
            choices = [str(one - taken) for one in (first, last) if one > taken]
            text = f"第{first + 1}至{last}篇得分相同，要么都列入，要么都不列入：篇数请填{'或'.join(choices)}。"
            raise InvalidInput("有内容需要更正。", fields={field: text})
        chosen = [line.entry.pk for line in ranked[taken:end]]
        judging.entries.filter(pk__in=chosen).update(award=name.strip()[:20])
        taken = end
    words = "、".join(f"{name.strip()}{count}篇" for name, count in awards)
    record_audit(
        actor=actor,
        action="judging.award",
        target=judging,
        detail={"awards": words},
        region_prefix=judging.region_prefix,
    )
    return judging


@transaction.atomic
def judging_publish(*, actor: Actor, public_id: UUID | str) -> Judging:
    """Publish the result to the authors (公布): each is told what became of their paper.

    Raises:
        NotFound, NotAllowed, IllegalTransition: as elsewhere.
        DomainError: no award was given.
    """
    judging = lock_judging(actor, public_id)
    JUDGING_TRANSITIONS.check(judging, "publish", actor)
    entries = list(judging.entries.select_related("report"))
    if not any(entry.award for entry in entries):
        raise DomainError("请先确定获奖报告，再公布。", code="no_awards")
    JUDGING_TRANSITIONS.apply(judging, "publish", actor)
    judging.published_at = timezone.now()
    judging.save(update_fields=["status", "published_at", "updated_at"])
    record_audit(actor=actor, action="judging.publish", target=judging, region_prefix=judging.region_prefix)
    notify_each(
        Message(
            recipient=user,
            kind=NoticeKind.PROGRESS,
            title=f"{judging.title}：{entry.award or '结果已公布'}",
            body=f"《{entry.report.title}》{f'被评为{entry.award}' if entry.award else '这次没有获奖'}。",
            url=entry.report.deputy_url,
        )
        for entry in entries
        for user in accounts_of(entry.report)
    )
    return judging
