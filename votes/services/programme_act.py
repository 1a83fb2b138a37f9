"""The steps of a programme up to the vote: the call, its end, the list of candidates."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from liaison.dates import cn_date
from liaison.exceptions import InvalidInput
from liaison.models import User
from liaison.models.notice import NoticeKind
from liaison.selectors.people import people_of
from liaison.services.deadline import deadline_cancel, deadline_meet
from liaison.services.notice import notify
from votes.models import Candidate, Programme, Proposal
from votes.rules import is_contested, wanted_candidates
from votes.selectors.candidate import drafts_of, missing_in
from votes.selectors.programme import CALL_DEADLINE, LIST_DEADLINE
from votes.services.programme import audit, lock_programme, open_clock, touch
from votes.states import CANDIDATE_TRANSITIONS, PROGRAMME_TRANSITIONS, CandidateStatus, ProposalStatus

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor


def deputies_of(programme: Programme) -> list[User]:
    """The deputies of the congress who have accounts (one query)."""
    return list(
        User.objects.filter(
            is_active=True,
            person__mandates__congress_id=programme.congress_id,
            person__mandates__ended_on__isnull=True,
        ).distinct()
    )


def call_days(programme: Programme, starts_on: dt.date) -> int | None:
    """How many days the call is open, first and last day counted; None without a last day."""
    return None if programme.call_until is None else (programme.call_until - starts_on).days + 1


@transaction.atomic
def programme_open_call(
    *,
    actor: Actor,
    public_id: UUID,
    version: int | None,
    confirm_short: bool = False,
    on: dt.date | None = None,
) -> Programme:
    """Open the call (开始征集): from today to its planned end, at least ``min_call_days`` (30, rulebook 3).

    Args:
        confirm_short: a shorter call is wanted all the same.
        on: the day it opens; today when omitted.

    Raises:
        InvalidInput: no last day, a last day in the past, or a short call that nobody confirmed.
    """
    programme = lock_programme(actor, public_id, version=version)
    PROGRAMME_TRANSITIONS.check(programme, "open_call", actor)
    starts_on = on or timezone.localdate()
    days = call_days(programme, starts_on)
    if days is None:
        raise InvalidInput("还没有填写征集截止日期，请先修改年度安排。", code="no_dates")
    if days < 1:
        raise InvalidInput(
            f"计划的征集截止日期（{cn_date(programme.call_until)}）已经过去，请先修改年度安排。",  # type: ignore[arg-type]
            code="dates_passed",
        )
    if days < programme.min_call_days and not confirm_short:
        text = f"征集期只有{days}天，少于规定的{programme.min_call_days}天。确需缩短的，请勾选确认。"
        raise InvalidInput(text, fields={"confirm_short": text}, code="short_call")
    reason = f"征集期{days}天" + ("，少于规定，已确认" if days < programme.min_call_days else "")
    PROGRAMME_TRANSITIONS.apply(programme, "open_call", actor, reason=reason)
    programme.call_from = starts_on
    touch(programme, "call_from")
    open_clock(actor, programme, CALL_DEADLINE)
    open_clock(actor, programme, LIST_DEADLINE)
    audit(actor, programme, "open_call", days=days)
    notify(
        recipients=deputies_of(programme),
        kind=NoticeKind.PROGRESS,
        title=f"{programme}开始征集，欢迎提出项目建议",
        body=f"征集到{cn_date(programme.call_until)}为止。",  # type: ignore[arg-type]
        url=programme.get_absolute_url(),
        except_user_id=actor.user_id,
    )
    return programme


@transaction.atomic
def programme_close_call(*, actor: Actor, public_id: UUID, version: int | None, reason: str = "") -> Programme:
    """End the call (结束征集) and go on to screening.

    Raises:
        InvalidInput: ended before its last day without a reason.
    """
    programme = lock_programme(actor, public_id, version=version)
    PROGRAMME_TRANSITIONS.check(programme, "close_call", actor)
    reason = reason.strip()
    if programme.call_until is not None and timezone.localdate() <= programme.call_until and not reason:
        text = f"公告的征集期到{cn_date(programme.call_until)}为止，提前结束请写明原因。"
        raise InvalidInput(text, fields={"reason": text})
    PROGRAMME_TRANSITIONS.apply(programme, "close_call", actor, reason=reason)
    touch(programme)
    deadline_meet(actor=actor, subject=programme, kind=CALL_DEADLINE)
    audit(actor, programme, "close_call")
    return programme


@transaction.atomic
def programme_reopen_call(
    *, actor: Actor, public_id: UUID, version: int | None, call_until: dt.date | None, reason: str
) -> Programme:
    """Take proposals again (重新征集), to a new last day.

    Raises:
        InvalidInput: no reason, no new day, or one in the past or after the planned list.
    """
    programme = lock_programme(actor, public_id, version=version)
    PROGRAMME_TRANSITIONS.check(programme, "reopen_call", actor)
    fields: dict[str, str] = {}
    reason = reason.strip()
    if not reason:
        fields["reason"] = "请写明重新征集的原因，会公布在经过里。"
    if call_until is None:
        fields["call_until"] = "请填写新的征集截止日期。"
    elif call_until < timezone.localdate():
        fields["call_until"] = "新的征集截止日期不能早于今天。"
    elif programme.list_on is not None and call_until > programme.list_on:
        fields["call_until"] = f"不能晚于计划的初定候选项目日期（{cn_date(programme.list_on)}），请先修改年度安排。"
    if fields:
        raise InvalidInput("重新征集还没有填好。", fields=fields)
    PROGRAMME_TRANSITIONS.apply(programme, "reopen_call", actor, reason=reason)
    programme.call_until = call_until
    touch(programme, "call_until")
    open_clock(actor, programme, CALL_DEADLINE)
    audit(actor, programme, "reopen_call", call_until=str(call_until))
    return programme


def list_problems(programme: Programme) -> list[str]:
    """Why the list cannot be approved as it is: 差额, and candidates that are not complete (rulebook 3)."""
    candidates = drafts_of(programme)
    problems = []
    if not is_contested(len(candidates), programme.places):
        problems.append(
            f"应选{programme.places}件，候选项目只有{len(candidates)}件。"
            f"实行差额票决，候选项目至少要有{programme.places + 1}件。"
        )
    gaps = {candidate.name: missing_in(candidate) for candidate in candidates}
    return [*problems, *(f"“{name}”还缺：{'、'.join(missing)}。" for name, missing in gaps.items() if missing)]


def few_candidates(programme: Programme, count: int) -> str:
    """The warning below the wanted share of extra candidates; empty from there on."""
    wanted = wanted_candidates(programme.places, programme.extra_percent)
    if count >= wanted:
        return ""
    return f"应选{programme.places}件，按差额{programme.extra_percent}%宜有候选项目{wanted}件以上，现有{count}件。"


@transaction.atomic
def programme_approve_list(
    *, actor: Actor, public_id: UUID, version: int | None, confirm_few: bool = False
) -> Programme:
    """Approve the list (审定候选项目): every candidate is put to the vote as it now stands.

    Args:
        confirm_few: fewer candidates than the wanted share of extra ones are accepted.

    Raises:
        InvalidInput: not more candidates than places (差额), one that is not complete, or too few unconfirmed.
    """
    programme = lock_programme(actor, public_id, version=version)
    PROGRAMME_TRANSITIONS.check(programme, "approve_list", actor)
    if problems := list_problems(programme):
        raise InvalidInput(" ".join(problems), code="list_incomplete")
    candidates = list(
        Candidate.objects.select_for_update(of=("self",))
        .select_related("programme")
        .filter(programme=programme, status=CandidateStatus.DRAFT)
        .order_by("number")
    )
    few = few_candidates(programme, len(candidates))
    if few and not confirm_few:
        text = f"{few}确认按现有候选项目提交票决的，请勾选。"
        raise InvalidInput(text, fields={"confirm_few": text}, code="few_candidates")
    PROGRAMME_TRANSITIONS.apply(
        programme, "approve_list", actor, reason=f"候选项目{len(candidates)}件，应选{programme.places}件"
    )
    touch(programme)
    for candidate in candidates:
        CANDIDATE_TRANSITIONS.apply(candidate, "list", actor)
        candidate.version += 1
        candidate.save(update_fields=["status", "version", "updated_at"])
    deadline_meet(actor=actor, subject=programme, kind=LIST_DEADLINE)
    waiting = Proposal.objects.filter(programme=programme, status=ProposalStatus.RECEIVED).count()
    audit(actor, programme, "approve_list", candidates=len(candidates), unscreened=waiting)
    notify(
        recipients=[*deputies_of(programme), *people_of([programme.office_id])],
        kind=NoticeKind.PROGRESS,
        title=f"{programme}的候选项目已审定，共{len(candidates)}件",
        body="可以查看候选项目、提出审议意见。",
        url=programme.get_absolute_url(),
        except_user_id=actor.user_id,
    )
    return programme


@transaction.atomic
def programme_reopen_list(*, actor: Actor, public_id: UUID, version: int | None, reason: str) -> Programme:
    """Send the approved list back to screening (退回筛选), before the vote.

    Raises:
        InvalidInput: no reason.
    """
    programme = lock_programme(actor, public_id, version=version)
    PROGRAMME_TRANSITIONS.check(programme, "reopen_list", actor)
    reason = reason.strip()
    if not reason:
        raise InvalidInput("请写明退回的原因。", fields={"reason": "请写明退回筛选的原因。"})
    PROGRAMME_TRANSITIONS.apply(programme, "reopen_list", actor, reason=reason)
    touch(programme)
    candidates = Candidate.objects.select_for_update(of=("self",)).select_related("programme")
    for candidate in candidates.filter(programme=programme, status=CandidateStatus.LISTED):
        CANDIDATE_TRANSITIONS.apply(candidate, "unlist", actor, reason=reason)
        candidate.version += 1
        candidate.save(update_fields=["status", "version", "updated_at"])
    deadline_cancel(actor=actor, subject=programme, kind=LIST_DEADLINE, reason="退回筛选")
    open_clock(actor, programme, LIST_DEADLINE)
    audit(actor, programme, "reopen_list", reason=reason)
    notify(
        recipients=[
            *people_of([programme.office_id]),
            *deputies_of(programme),
        ],
        kind=NoticeKind.PROGRESS,
        title=f"{programme}的候选项目名单退回筛选",
        body=f"原因：{reason}",
        url=programme.get_absolute_url(),
        except_user_id=actor.user_id,
    )
    return programme
