"""Contests of the duty ledger (异议、补报): a deputy says that an entry is wrong or missing, staff accept or refuse."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from deputies.models import ActivityKind, ContestOutcome, DutyContest, DutyEntry, DutyKind
from deputies.models.congress import office_above
from deputies.selectors.duty_scope import get_file_mandate
from deputies.services.checks import clean_model, integrity_as_input, outside_mandate, require_text
from deputies.services.duty import DutyFact, duty_reverse, duty_set
from deputies.services.uploads import attach
from deputies.states import CONTEST_TRANSITIONS
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.models import User
from liaison.models.deadline import PeriodUnit
from liaison.models.notice import NoticeKind
from liaison.selectors.people import people_of
from liaison.services.audit import record_audit
from liaison.services.deadline import deadline_cancel, deadline_meet, deadline_open
from liaison.services.notice import notify

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.core.files.base import File

    from liaison.actor import Actor

CONTEST_DEADLINE = "duty_contest"
WORKING_DAYS = 10
PROOF_SLOT = "proof"
MOST_FILES = 3
#: What nobody types.
_NOT_TYPED = ("mandate", "entry", "client_token", "decided_by", "decided_at")
#: So much of a kind in one entry at most; more is a slip of the finger.
MOST_QUANTITY = Decimal(9999)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingFacts:
    """What a deputy reports as missing, or staff enter for it."""

    kind: str
    on: dt.date | None
    title: str
    quantity: Decimal | None = Decimal(1)
    activity_kind: str = ""


@transaction.atomic
def contest_entry(
    *, actor: Actor, entry_id: UUID | str, client_token: UUID, text: str, uploads: Sequence[File[Any]] = ()
) -> DutyContest:
    """A deputy contests an entry of their own file (提出异议).

    Args:
        entry_id: public id.
        client_token: of the form; sent twice it is one contest.

    Raises:
        NotFound: no such entry of theirs.
        NotAllowed: not the deputy themselves.
        DomainError: the entry is reversed already, or contested.
    """
    _require_deputy(actor)
    entries = DutyEntry.objects.visible_to(actor).filter(reverses=None).select_related("reversal")
    entry = entries.filter(public_id=entry_id).first()
    if entry is None:
        raise NotFound
    known = _known(actor, client_token)
    if known is not None:
        return known
    if hasattr(entry, "reversal"):
        raise DomainError("这条记录已经冲销，不计入履职，不用再提异议。", code="entry_reversed")
    contest = DutyContest(
        mandate=get_file_mandate(actor, entry.mandate.public_id),
        entry=entry,
        client_token=client_token,
        kind=entry.kind,
        activity_kind=entry.activity_kind,
        on=entry.on,
        quantity=entry.quantity,
        title=entry.title,
        text=require_text(text, field="text", message="请写明哪里不对、应当是什么。"),
    )
    return _open(actor, contest, uploads)


@transaction.atomic
def contest_missing(
    *,
    actor: Actor,
    mandate_id: UUID | str,
    client_token: UUID,
    facts: MissingFacts,
    text: str,
    uploads: Sequence[File[Any]] = (),
) -> DutyContest:
    """A deputy reports something that is missing from their file (补报).

    Raises:
        NotFound, NotAllowed: not their own mandate.
        InvalidInput: messages by field.
    """
    _require_deputy(actor)
    mandate = get_file_mandate(actor, mandate_id)
    known = _known(actor, client_token)
    if known is not None:
        return known
    contest = DutyContest(mandate=mandate, client_token=client_token, text=text.strip())
    fields = _fill(contest, facts)
    if not contest.text:
        fields["text"] = "请写明情况，例如和谁一起、有什么可以证明。"
    if fields:
        raise InvalidInput("还有内容没有填好。", fields=fields)
    return _open(actor, contest, uploads)


def _require_deputy(actor: Actor) -> None:
    if not actor.is_deputy:
        raise NotAllowed("由代表本人对自己的履职记录提出。")


def _known(actor: Actor, client_token: UUID) -> DutyContest | None:
    with connection.cursor() as cursor:  # a form that arrives twice at one moment waits for itself
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [client_token.int & (2**63 - 1)])
    return DutyContest.objects.visible_to(actor).filter(client_token=client_token).first()


def _fill(contest: DutyContest, facts: MissingFacts) -> dict[str, str]:
    """Take over what was typed; what is wrong with it, by field."""
    fields: dict[str, str] = {}
    if facts.kind not in DutyKind.values:
        fields["kind"] = "请选择事项。"
    contest.kind = facts.kind
    contest.activity_kind = facts.activity_kind if facts.kind == DutyKind.ACTIVITY else ""
    if facts.kind == DutyKind.ACTIVITY and facts.activity_kind not in ActivityKind.values:
        fields["activity_kind"] = "请选择活动类别。"
    if facts.on is None:
        fields["on"] = "请填写日期。"
    elif facts.on > timezone.localdate():
        fields["on"] = "日期不能晚于今天。"
    elif problem := outside_mandate(contest.mandate, facts.on):
        fields["on"] = problem
    else:
        contest.on = facts.on
    if facts.quantity is None or not 0 < facts.quantity <= MOST_QUANTITY:
        fields["quantity"] = f"数量应大于0，不超过{MOST_QUANTITY}。"
    elif facts.kind == DutyKind.RESEARCH_DAYS and (facts.quantity * 2) % 1:
        fields["quantity"] = "天数按半天填写，例如0.5、1、1.5。"
    elif facts.kind != DutyKind.RESEARCH_DAYS and facts.quantity % 1:
        fields["quantity"] = "请填写整数；只有调研天数可以填半天。"
    else:
        contest.quantity = facts.quantity
    contest.title = facts.title.strip()
    if not contest.title:
        fields["title"] = "请写明做了什么。"
    return fields


def _open(actor: Actor, contest: DutyContest, uploads: Sequence[File[Any]]) -> DutyContest:
    congress = contest.mandate.congress
    office = congress.office or office_above(congress.region.prefix)
    if office is None:
        raise DomainError(
            "您所在的人民代表大会还没有登记工作机构，暂时不能提出。请联系人大工作人员。", code="no_office"
        )
    if len(uploads) > MOST_FILES:
        message = f"最多上传{MOST_FILES}个文件。"
        raise InvalidInput(message, fields={"uploads": message})
    clean_model(contest, exclude=_NOT_TYPED)
    with integrity_as_input():
        contest.save()
    for upload in uploads:
        attach(actor=actor, owner=contest, slot=PROOF_SLOT, upload=upload, field="uploads")
    _audit(actor, contest, "open")
    deadline_open(
        actor=actor,
        subject=contest,
        kind=CONTEST_DEADLINE,
        unit=PeriodUnit.WORKING_DAYS,
        length=WORKING_DAYS,
        holder=office,
    )
    notify(
        recipients=people_of([office.pk]),
        kind=NoticeKind.TASK,
        title=f"{actor.name}代表{'对履职记录提出异议' if contest.entry_id else '补报履职记录'}",
        body=f"请在{WORKING_DAYS}个工作日内处理。",
        url=contest.get_absolute_url(),
    )
    return contest


def _lock(actor: Actor, contest_id: UUID | str) -> DutyContest:
    found = DutyContest.objects.visible_to(actor).select_for_update(of=("self",))
    found = found.select_related("mandate__person", "mandate__congress__region", "entry")
    contest = found.filter(public_id=contest_id).first()
    if contest is None:
        raise NotFound
    return contest


@transaction.atomic
def contest_accept(
    *, actor: Actor, contest_id: UUID | str, decision: str, facts: MissingFacts | None = None
) -> DutyContest:
    """Staff accept it (采纳): a wrong entry is reversed, unless its source was corrected meanwhile and reversed it; a
    missing one is entered, with the contest as its source.

    Args:
        decision: for a wrong entry the reason of the reversal, shown in the file; else may be empty.
        facts: what is entered for a missing one; what the deputy reported when omitted.

    Raises:
        NotFound, NotAllowed, IllegalTransition: as elsewhere; of two at once the second is told who was quicker.
        InvalidInput: messages by field.
    """
    contest = _lock(actor, contest_id)
    CONTEST_TRANSITIONS.check(contest, "accept", actor)
    decision = decision.strip()
    _check_decision(decision)
    if contest.entry is not None:
        decision = require_text(decision, field="decision", message="请写明更正的理由，会显示在履职档案里。")
        written = duty_reverse(actor=actor, entry=contest.entry, reason=f"异议成立：{decision}")
        contest.outcome = ContestOutcome.REVERSED if written else ContestOutcome.SOURCE
    else:
        if facts is not None:
            fields = _fill(contest, facts)
            if fields:
                raise InvalidInput("还有内容没有填好。", fields=fields)
        contest.outcome = ContestOutcome.ENTERED
    _decide(actor, contest, "accept", decision)
    if contest.entry_id is None:
        fact = DutyFact(
            mandate_id=contest.mandate_id,
            kind=contest.kind,
            activity_kind=contest.activity_kind,
            on=contest.on,
            quantity=contest.quantity,
            title=contest.title,
        )
        duty_set(actor=actor, source=contest, facts=[fact])
    return contest


@transaction.atomic
def contest_refuse(*, actor: Actor, contest_id: UUID | str, decision: str) -> DutyContest:
    """Staff do not accept it (不予采纳), with the reason that the deputy reads.

    Raises:
        NotFound, NotAllowed, IllegalTransition, InvalidInput: as elsewhere.
    """
    contest = _lock(actor, contest_id)
    CONTEST_TRANSITIONS.check(contest, "refuse", actor)
    decision = require_text(decision, field="decision", message="请写明不予采纳的理由，代表会看到。")
    _check_decision(decision)
    _decide(actor, contest, "refuse", decision)
    return contest


@transaction.atomic
def contest_withdraw(*, actor: Actor, contest_id: UUID | str) -> DutyContest:
    """The deputy takes it back (撤回).

    Raises:
        NotFound, NotAllowed, IllegalTransition: as elsewhere.
    """
    contest = _lock(actor, contest_id)
    CONTEST_TRANSITIONS.apply(contest, "withdraw", actor)
    contest.decided_at = timezone.now()
    contest.save(update_fields=["status", "decided_at", "updated_at"])
    _audit(actor, contest, "withdraw")
    deadline_cancel(actor=actor, subject=contest, kind=CONTEST_DEADLINE, reason="代表撤回")
    return contest


def _check_decision(decision: str) -> None:
    if len(decision) > 150:
        raise InvalidInput("处理意见太长。", fields={"decision": f"最多150字，现在有{len(decision)}字，请精简。"})


def _decide(actor: Actor, contest: DutyContest, step: str, decision: str) -> None:
    CONTEST_TRANSITIONS.apply(contest, step, actor, reason=decision)
    contest.decision, contest.decided_by_id, contest.decided_at = decision, actor.user_id, timezone.now()
    clean_model(contest, exclude=_NOT_TYPED)
    contest.save()
    _audit(actor, contest, step, **({"reason": decision} if decision else {}))
    deadline_meet(actor=actor, subject=contest, kind=CONTEST_DEADLINE)
    notify(
        recipients=User.objects.filter(person__pk=contest.mandate.person_id, is_active=True),
        kind=NoticeKind.PROGRESS,
        title=f"您{'对履职记录的异议' if contest.entry_id else '补报的履职记录'}{contest.get_status_display()}",
        body=decision,
        url=contest.get_absolute_url(),
    )


def _audit(actor: Actor, contest: DutyContest, verb: str, **detail: Any) -> None:
    record_audit(
        actor=actor,
        action=f"duty_contest.{verb}",
        target=contest,
        detail={"deputy": contest.mandate.person.name, "content": contest.title} | detail,
        region_prefix=contest.mandate.home_prefix,
    )
