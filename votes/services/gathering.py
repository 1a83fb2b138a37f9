"""Appraisals by people without a roll (会场纸质测评), such as voters at a meeting at which deputies report.

Each who came may have one paper ballot. Two people count separately and must agree; more ballots back than went out
make the appraisal void (rulebook section 3). There is no roll, no box and no electronic ballot: so nothing could link
a person to a ballot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deputies.models import Congress
from liaison.exceptions import DomainError, InvalidInput, NotFound
from liaison.permissions import Permission
from liaison.services.history import record_state_change
from votes.models import Round, RoundKind, RoundOption
from votes.sealing import MOST_LINES
from votes.selectors.paper import paper_missing
from votes.selectors.result import tally
from votes.selectors.round import agreed_paper, ballots_digest, question_of, roll_hash_of, turnout_of
from votes.services.round import office_of, void
from votes.services.round_locking import audit, check_office, lock_round, touch
from votes.states import ROUND_TRANSITIONS, RoundStatus

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor
    from liaison.registry import AppraisalRequest

#: No gathering is larger.
MOST_RATERS = 100_000


@transaction.atomic
def gathering_open(actor: Actor, request: AppraisalRequest) -> str:
    """Make the ballot of an appraisal that another package asks for (``registry.appraisal_open``).

    Returns:
        the path of its page.

    Raises:
        NotFound: no such congress in the actor's scope.
        NotAllowed: another office, or no right to run votes.
        InvalidInput: nobody to rate, or too many for one ballot.
    """
    actor.require(Permission.ROUND_RUN)
    found = Congress.objects.visible_to(actor).select_related("region", "office")
    congress = found.filter(public_id=request.congress_id).first()
    if congress is None:
        raise NotFound
    if not 1 <= len(request.lines) <= MOST_LINES:
        raise InvalidInput(f"一张测评票列1至{MOST_LINES}名代表，请分开组织。")
    round_ = Round(
        congress=congress,
        office=office_of(actor, congress),
        region_prefix=congress.region.prefix,
        kind=RoundKind.REPORT,
        title=request.title[:120],
        asked_by=request.key,
        is_public=False,
    )
    check_office(actor, round_)
    round_.save()
    RoundOption.objects.bulk_create(
        RoundOption(round=round_, position=position, name=name[:120], detail=detail[:2000])
        for position, (name, detail) in enumerate(request.lines, start=1)
    )
    record_state_change(actor=actor, obj=round_, act="create", label="建立会场测评", old="", new=round_.status)
    audit(actor, round_, "round.create", round_kind=round_.kind, count=len(request.lines))
    return round_.get_absolute_url()


@transaction.atomic
def gathering_drop(actor: Actor, key: str, reason: str) -> None:
    """Declare an appraisal void of which no ballot is out yet (``registry.appraisal_drop``): what it was for does not
    take place.

    Raises:
        NotFound: no such appraisal in the actor's scope.
        NotAllowed: another office, or no right to run votes.
        DomainError: ballots are out; whoever counts declares it void.
    """
    found = Round.objects.visible_to(actor).filter(asked_by=key).exclude(status=RoundStatus.VOID).first()
    if found is None:
        raise NotFound
    round_ = lock_round(actor, found.public_id, gathering=True)
    check_office(actor, round_)
    if round_.status != RoundStatus.PREPARING:
        message = "测评票已经发出。请先打开满意度测评，宣告测评无效，再取消会议。"
        raise DomainError(message, code="ballots_out")
    void(actor, round_, reason[:300])
    audit(actor, round_, "round.annul", reason=round_.void_reason)


@transaction.atomic
def gathering_hand_out(
    *, actor: Actor, public_id: UUID | str, version: int | None = None, raters: int, issued: int
) -> Round:
    """Register how many came to rate and how many ballots went out; the ballots are in, counting may begin.

    Raises:
        NotFound, NotAllowed, StaleVersion, IllegalTransition: as elsewhere.
        InvalidInput: no rater, no ballot, or more ballots than raters.
    """
    round_ = lock_round(actor, public_id, version=version, gathering=True)
    check_office(actor, round_)
    fields = {}
    if not 1 <= raters <= MOST_RATERS:
        fields["raters"] = "请填写到会参加测评的人数。"
    if issued < 1:
        fields["issued"] = "请填写发出的测评票数。"
    elif issued > raters:
        fields["issued"] = f"发出{issued}张，多于到会的{raters}人；每人至多一张。"
    if fields:
        raise InvalidInput("有内容需要更正。", fields=fields)
    round_.raters, round_.paper_issued = raters, issued
    round_.roll_count, round_.roll_hash = raters, roll_hash_of(round_)
    words = f"到会{raters}人，发出测评票{issued}张"
    ROUND_TRANSITIONS.apply(round_, "open", actor, reason=words)
    ROUND_TRANSITIONS.apply(round_, "close", actor)
    round_.opened_at = round_.closed_at = timezone.now()
    touch(round_, "raters", "paper_issued", "roll_count", "roll_hash", "opened_at", "closed_at")
    audit(actor, round_, "gathering.hand_out", raters=raters, issued=issued)
    return round_


@transaction.atomic
def gathering_count(*, actor: Actor, public_id: UUID | str) -> Round:
    """Count what both counters entered alike.

    Returns:
        The counted round; or, when more ballots came back than went out, the void one.

    Raises:
        NotFound, NotAllowed, IllegalTransition: as elsewhere.
        DomainError: ``paper_differs``: one entry is missing, or the two differ.
    """
    round_ = lock_round(actor, public_id, gathering=True)
    check_office(actor, round_)
    ROUND_TRANSITIONS.check(round_, "count", actor)
    if missing := paper_missing(round_):
        raise DomainError(missing, code="paper_differs")
    paper = agreed_paper(round_)
    turnout = turnout_of(round_, electronic_returned=0, paper=paper)
    if turnout.too_many:
        void(actor, round_, turnout.too_many)
        audit(actor, round_, "round.annul", reason=turnout.too_many)
        return round_
    round_.result = tally(question_of(round_), turnout, {}, paper)
    round_.ballots_hash = ballots_digest([])
    ROUND_TRANSITIONS.apply(round_, "count", actor)
    round_.counted_at = timezone.now()
    touch(round_, "result", "ballots_hash", "counted_at")
    audit(actor, round_, "round.count", ballots=turnout.returned)
    return round_
