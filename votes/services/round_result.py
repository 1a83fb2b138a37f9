"""After the count (计票之后): the tellers' signatures, the declaration, run-offs and places left open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from liaison.exceptions import DomainError, InvalidInput
from liaison.models import User
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.services.notice import notify
from votes.models import Candidate, Programme, RollEntry, Round, RoundKind, RoundOption, Teller
from votes.models.round import CHOOSING
from votes.services.asking import tell_asker
from votes.services.roll import new_session_code
from votes.services.round import candidate_lines, put_up
from votes.services.round_locking import audit, check_office, lock_round, names, touch
from votes.services.tellers import lock_as_teller
from votes.states import ROUND_TRANSITIONS, CandidateStatus, RoundStatus

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from liaison.actor import Actor


@transaction.atomic
def teller_sign(*, actor: Actor, public_id: UUID | str) -> Teller:
    """A teller signs the counted result (监票人、计票人签字), each by their own account. Twice does no harm."""
    round_ = lock_as_teller(actor, public_id)
    if round_.status != RoundStatus.COUNTED:
        raise DomainError("计票之后、宣布之前才能签字。", code="round_not_counted")
    teller = Teller.objects.select_for_update().get(round=round_, user_id=actor.account_id)
    if teller.signed_at is None:
        teller.signed_at = timezone.now()
        teller.save(update_fields=["signed_at"])
        audit(actor, round_, "teller.sign", teller=teller.get_role_display())
    return teller


@transaction.atomic
def round_declare(*, actor: Actor, public_id: UUID | str, version: int | None = None) -> Round:
    """Declare the result (宣布结果), once both tellers have signed it.

    A vote on projects settles its candidates: those that passed are elected; the others have lost, unless
    they are still to be voted on again (a tie at the cut, or places that nobody filled).

    Raises:
        DomainError: ``not_signed``.
    """
    round_ = lock_round(actor, public_id, version=version, gathering=None)
    ROUND_TRANSITIONS.check(round_, "declare", actor)
    unsigned = [str(teller) for teller in round_.tellers.select_related("user") if teller.signed_at is None]
    if unsigned:
        raise DomainError(f"{'、'.join(unsigned)}还没有在结果上签字。", code="not_signed")
    ROUND_TRANSITIONS.apply(round_, "declare", actor)
    round_.declared_at = timezone.now()
    touch(round_, "declared_at")
    if round_.chooses:
        _settle(round_)
    audit(actor, round_, "round.declare")
    tell_asker(actor, round_)
    entries = RollEntry.objects.filter(round=round_)
    notify(
        recipients=User.objects.filter(person__mandates__in=entries.values("mandate_id")).distinct(),
        kind=NoticeKind.PROGRESS,
        title=f"投票结果已宣布：{round_.title}",
        body="您可以用回执核对自己的选票已计入，页面不显示选择。",
        url=round_.get_absolute_url(),
        except_user_id=actor.user_id,
    )
    return round_


def _settle(round_: Round) -> None:
    """Set what became of the candidates that this round's result settles."""
    result = round_.result or {}
    options = {option.position: option.candidate_id for option in round_.options.all()}
    passed = {options[position] for position in result["passed"]}
    waiting: set[int | None] = set()
    if result["tied"]:
        waiting = {options[position] for position in result["tied"]}
    elif result["open_places"]:
        waiting = set(options.values()) - passed
    _set_status(passed, CandidateStatus.ELECTED)
    _set_status(set(options.values()) - passed - waiting, CandidateStatus.NOT_ELECTED)


def _set_status(ids: set[int | None], status: CandidateStatus) -> None:
    """One by one, so that each candidate's history has its row."""
    wanted = [pk for pk in ids if pk is not None]
    rows = Candidate.objects.unscoped(reason="the candidates on the ballot of a round in scope")
    for candidate in rows.select_for_update().filter(pk__in=wanted, status=CandidateStatus.LISTED).order_by("pk"):
        candidate.status = status
        candidate.version += 1
        candidate.save(update_fields=["status", "version", "updated_at"])


@transaction.atomic
def run_off_create(
    *,
    actor: Actor,
    public_id: UUID | str,
    version: int | None = None,
    title: str = "",
    closes_at: dt.datetime | None = None,
) -> Round:
    """Set up another vote (再次投票) for the places that a declared round left open.

    Among the tied when a tie prevented the decision; else among all candidates that did not pass. The roll is taken
    anew and presence recorded anew.

    Raises:
        DomainError: ``not_declared``, ``nothing_open``; ``not_contested`` when as many candidates as places are left
            (then the places can only be left open by decision).
    """
    actor.require(Permission.ROUND_RUN)
    source = lock_round(actor, public_id, version=version)
    check_office(actor, source)
    places, candidates = _still_open(source)
    if len(candidates) <= places:
        raise DomainError(
            f"剩余候选项目{len(candidates)}件，空缺名额{places}个，不能差额票决；可以决定名额暂缺。",
            code="not_contested",
        )
    programme = source.programme
    round_ = Round(
        congress=source.congress,
        office=source.office,
        region_prefix=source.region_prefix,
        programme=programme,
        session_id=source.session_id,
        kind=RoundKind.RUN_OFF,
        title=title.strip() or f"{source.title.removesuffix('（再次投票）')}（再次投票）"[:120],
        places=places,
        closes_at=closes_at,
        is_public=source.is_public,
        session_code=new_session_code(),
    )
    lines: list[RoundOption] = candidate_lines(candidates)
    return put_up(actor, round_, lines)


def _still_open(source: Round) -> tuple[int, list[Candidate]]:
    """Places that a declared round left open, and who may still fill them."""
    if source.status != RoundStatus.DECLARED or not source.chooses:
        raise DomainError("请先宣布本轮结果，再组织再次投票。", code="not_declared")
    later = Round.objects.unscoped(reason="later votes of the same programme").filter(
        programme_id=source.programme_id or 0, kind__in=CHOOSING, status=RoundStatus.DECLARED, pk__gt=source.pk
    )
    if newest := later.order_by("-pk").first():
        raise DomainError(f"这一轮之后已经宣布了“{newest.title}”，请从那一轮的结果页办理。", code="not_the_newest")
    result = source.result or {}
    positions = result.get("tied") or [
        line["position"] for line in result["lines"] if line["position"] not in result["passed"]
    ]
    ids = source.options.filter(position__in=positions).values_list("candidate_id", flat=True)
    candidates = list(
        Candidate.objects.unscoped(reason="the candidates on the ballot of a round in scope")
        .filter(pk__in=ids, status=CandidateStatus.LISTED)
        .order_by("number")
    )
    if not result["open_places"] or not candidates:
        raise DomainError("这一轮没有空缺的名额，或者空缺已经另行决定。", code="nothing_open")
    return result["open_places"], candidates


@transaction.atomic
def places_leave_open(*, actor: Actor, public_id: UUID | str, decision: str) -> Programme:
    """Leave places open by decision of the presidium or the standing committee (名额暂缺), instead of another vote.

    Args:
        decision: who decided what, when: published with the programme.
    """
    actor.require(Permission.PROGRAMME_APPROVE)
    source = lock_round(actor, public_id)
    check_office(actor, source)
    if not decision.strip():
        message = "请写明由谁、何时作出的决定。"
        raise InvalidInput(message, fields={"decision": message})
    places, candidates = _still_open(source)
    again = Round.objects.unscoped(reason="other votes of the same programme").filter(
        programme_id=source.programme_id or 0,
        status__in=[RoundStatus.PREPARING, RoundStatus.OPEN, RoundStatus.CLOSED, RoundStatus.COUNTED],
    )
    if unfinished := again.first():
        raise DomainError(f"“{unfinished.title}”还没有结束，请先完成或宣告无效。", code="round_unfinished")
    programme = (
        Programme.objects.unscoped(reason="the programme of a round in scope")
        .select_for_update(of=("self",))
        .get(rounds=source)
    )
    programme.open_places_note = decision.strip()[:300]
    programme.version += 1
    programme.save(update_fields=["open_places_note", "version", "updated_at"])
    _set_status({candidate.pk for candidate in candidates}, CandidateStatus.NOT_ELECTED)
    audit(
        actor,
        source,
        "round.leave_open",
        places=places,
        reason=programme.open_places_note,
        count=len(candidates),
        changed=names(candidate.name for candidate in candidates),
    )
    return programme
