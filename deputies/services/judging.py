"""Preparing a judging of reports (评选): criteria, papers, judges; opening it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deputies.models import Campaign, Judge, JudgedReport, Judging, JudgingCriterion
from deputies.selectors.judging import authors_of, entries_of, judgeable_reports, judges_of
from deputies.services.checks import clean_model, integrity_as_input, require_fresh, require_text
from deputies.states import JUDGING_TRANSITIONS, JudgingStatus, of_own_office
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed, NotFound
from liaison.models import Organisation, User
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.services.audit import record_audit
from liaison.services.notice import notify

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from decimal import Decimal
    from uuid import UUID

    from liaison.actor import Actor

FIELDS = ("title", "campaign", "starts_on", "ends_on", "drop_extremes")
MOST_CRITERIA = 8
MOST_JUDGES = 30
MOST_PAPERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingFacts:
    """What staff type about a judging.

    Args:
        criteria: (name, highest points), in their order.
        campaign_id: public id of the campaign whose reports are judged; None for chosen reports of any.
    """

    title: str
    starts_on: dt.date
    ends_on: dt.date
    criteria: Sequence[tuple[str, Decimal]]
    drop_extremes: bool = True
    campaign_id: UUID | str | None = None


def lock_judging(actor: Actor, public_id: UUID | str) -> Judging:
    """The judging, locked for the rest of the transaction: whatever scores or closes waits for the other.

    Raises:
        NotFound: no such judging, or not visible to the actor.
    """
    found = Judging.objects.visible_to(actor).select_for_update(of=("self",)).select_related("office")
    judging = found.filter(public_id=public_id).first()
    if judging is None:
        raise NotFound
    return judging


@transaction.atomic
def judging_create(*, actor: Actor, facts: JudgingFacts) -> Judging:
    """Prepare a judging of the actor's office.

    Raises:
        NotAllowed: the role may not.
        InvalidInput: messages by field.
    """
    actor.require(Permission.REPORT_RECEIVE)
    offices = Organisation.objects.visible_to(actor).select_related("region")
    office = offices.filter(pk=actor.organisation_id or 0).first()
    if office is None:
        raise NotAllowed("评选由人大工作机构组织。")
    judging = Judging(office=office, region_prefix=office.region.prefix)
    _fill(actor, judging, facts)
    with integrity_as_input():
        judging.save()
    _criteria(judging, facts)
    _audit(actor, "judging.create", judging)
    return judging


@transaction.atomic
def judging_edit(*, actor: Actor, public_id: UUID | str, facts: JudgingFacts, version: str = "") -> Judging:
    """Correct a judging that has not begun.

    Raises:
        NotFound, NotAllowed, StaleVersion, InvalidInput: as elsewhere.
        IllegalTransition: it has begun.
    """
    judging = _lock_draft(actor, public_id)
    require_fresh(judging.updated_at, version)
    if facts.campaign_id and judging.entries.exclude(report__campaign__public_id=facts.campaign_id).exists():
        message = "参评报告里有不属于这个主题活动的，请先移出。"
        raise InvalidInput(message, fields={"campaign": message})
    _fill(actor, judging, facts)
    with integrity_as_input():
        judging.save(update_fields=[*FIELDS, "updated_at"])
    judging.criteria.all().delete()
    _criteria(judging, facts)
    _audit(actor, "judging.edit", judging)
    return judging


@transaction.atomic
def judging_papers(*, actor: Actor, public_id: UUID | str, report_ids: Sequence[UUID | str]) -> Judging:
    """Choose the reports that take part (参评报告); what is not named is taken out.

    Raises:
        NotFound, NotAllowed, IllegalTransition: as elsewhere.
        InvalidInput: a report that is not accepted or not visible, or too many.
    """
    judging = _lock_draft(actor, public_id)
    reports = list(judgeable_reports(actor, judging).filter(public_id__in=report_ids))
    if len(reports) != len(set(map(str, report_ids))):
        raise InvalidInput("有报告已不能参评，请刷新页面后重新选择。", fields={"reports": "有报告已不能参评。"})
    if len(reports) > MOST_PAPERS:
        raise InvalidInput("有内容需要更正。", fields={"reports": f"一次评选最多{MOST_PAPERS}篇。"})
    judging.entries.exclude(report__in=reports).delete()
    known = set(judging.entries.values_list("report_id", flat=True))
    JudgedReport.objects.bulk_create(
        [JudgedReport(judging=judging, report=report, position=0) for report in reports if report.pk not in known]
    )
    for position, entry in enumerate(judging.entries.order_by("report__submitted_at", "report_id"), start=1):
        JudgedReport.objects.filter(pk=entry.pk).update(position=position)
    _audit(actor, "judging.papers", judging, rows=len(reports))
    return judging


@transaction.atomic
def judge_add(*, actor: Actor, public_id: UUID | str, user: User) -> Judge:
    """Name a judge. One who wrote some of the papers skips those; one who wrote all of them cannot judge.

    Args:
        user: from ``judges_found``.

    Raises:
        NotFound, NotAllowed, IllegalTransition, DomainError: as elsewhere.
    """
    judging = _lock_draft(actor, public_id)
    if judging.judges.count() >= MOST_JUDGES:
        raise DomainError(f"一次评选最多{MOST_JUDGES}名评委。", code="too_many_judges")
    judge, made = Judge.objects.get_or_create(judging=judging, user=user)
    if made:
        _audit(actor, "judging.judge_add", judging, name=user.name)
    return judge


@transaction.atomic
def judge_remove(*, actor: Actor, public_id: UUID | str, judge_id: UUID | str) -> None:
    """Take a judge off before the judging begins."""
    judging = _lock_draft(actor, public_id)
    judge = judging.judges.select_related("user").filter(public_id=judge_id).first()
    if judge is None:
        raise NotFound
    _audit(actor, "judging.judge_remove", judging, name=judge.user.name)
    judge.delete()


@transaction.atomic
def judging_open(*, actor: Actor, public_id: UUID | str) -> Judging:
    """Begin scoring (开始评分): papers, criteria and judges stand from now on, and the judges are told.

    Raises:
        NotFound, NotAllowed, IllegalTransition: as elsewhere.
        DomainError: no papers, no criteria, fewer than three judges, or a paper that nobody may judge.
    """
    judging = lock_judging(actor, public_id)
    JUDGING_TRANSITIONS.check(judging, "open", actor)
    problem = _not_ready(judging)
    if problem:
        raise DomainError(problem, code="judging_not_ready")
    JUDGING_TRANSITIONS.apply(judging, "open", actor)
    judging.save(update_fields=["status", "updated_at"])
    _audit(actor, "judging.open", judging)
    notify(
        recipients=[judge.user for judge in judges_of(judging)],
        kind=NoticeKind.TASK,
        title=f"请您评分：{judging.title}",
        body=f"请在{judging.ends_on.month}月{judging.ends_on.day}日前完成评分。评分时看不到其他评委的打分。",
        url=f"/my-judgings/{judging.public_id}/",
    )
    return judging


FEWEST_JUDGES = 3


def _not_ready(judging: Judging) -> str:
    """Why scoring cannot begin; "" when it can."""
    entries, judges = entries_of(judging), judges_of(judging)
    if not entries:
        return "还没有选参评报告。"
    if len(judges) < FEWEST_JUDGES:
        return f"评委至少{FEWEST_JUDGES}名，现在有{len(judges)}名。"
    if judging.ends_on < timezone.localdate():
        return "评分结束日期已过，请先修改。"
    people = authors_of([entry.report for entry in entries])
    persons = [getattr(judge.user, "person", None) for judge in judges]
    for entry in entries:
        free = sum(1 for person in persons if person is None or person.pk not in people[entry.report_id])
        if free < FEWEST_JUDGES - 1:
            return f"《{entry.report.title}》的作者当了评委，能评它的评委不足{FEWEST_JUDGES - 1}名，请增加评委。"
    return ""


def require_organiser(actor: Actor, judging: Judging) -> None:
    """Raise ``NotAllowed`` for any office but the one that organises the judging."""
    actor.require(Permission.REPORT_RECEIVE)
    if not of_own_office(actor, judging.office_id):
        raise NotAllowed("这次评选由其他人大工作机构组织，您可以查看，不能代为办理。")


def _lock_draft(actor: Actor, public_id: UUID | str) -> Judging:
    judging = lock_judging(actor, public_id)
    require_organiser(actor, judging)
    if judging.status != JudgingStatus.DRAFT:
        raise IllegalTransition("已经开始评分，不能再改评选的安排。")
    return judging


def _fill(actor: Actor, judging: Judging, facts: JudgingFacts) -> None:
    judging.title = require_text(facts.title, field="title", message="请填写名称。")
    if facts.ends_on < facts.starts_on:
        raise InvalidInput("有内容需要更正。", fields={"ends_on": "评分结束日期不能早于开始日期。"})
    judging.starts_on, judging.ends_on = facts.starts_on, facts.ends_on
    judging.drop_extremes = facts.drop_extremes
    judging.campaign = None
    if facts.campaign_id:
        judging.campaign = Campaign.objects.visible_to(actor).filter(public_id=facts.campaign_id).first()
        if judging.campaign is None:
            raise InvalidInput("有内容需要更正。", fields={"campaign": "这个主题活动已不可用，请重新选择。"})
    clean_model(judging, exclude=["office", "campaign"])


def _criteria(judging: Judging, facts: JudgingFacts) -> None:
    """Write the criteria anew.

    Raises:
        InvalidInput: none, too many, one named twice or out of bounds.
    """
    names = [name.strip() for name, _ in facts.criteria]
    problem = ""
    if not names or not all(names):
        problem = "请至少写一条评分标准，每行一条，例如“问题导向 30”。"
    elif len(names) > MOST_CRITERIA:
        problem = f"评分标准最多{MOST_CRITERIA}条。"
    elif len(set(names)) != len(names):
        problem = "有两条评分标准同名，请改成不同的名称。"
    if problem:
        raise InvalidInput("有内容需要更正。", fields={"criteria": problem})
    for position, (name, maximum) in enumerate(facts.criteria, start=1):
        criterion = JudgingCriterion(judging=judging, position=position, name=name.strip(), maximum=maximum)
        try:
            clean_model(criterion, exclude=["judging"])
        except InvalidInput as error:
            raise InvalidInput(
                "有内容需要更正。", fields={"criteria": f"第{position}条：{' '.join(error.fields.values())}"}
            ) from error
        criterion.save()


def _audit(actor: Actor, action: str, judging: Judging, **detail: object) -> None:
    record_audit(actor=actor, action=action, target=judging, detail=detail, region_prefix=judging.region_prefix)
