"""What an opinion says about its deputies for the duty ledger (履职台账): computed from its state, after each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from deputies.models import DutyKind
from deputies.services.duty import DutyFact, duty_set
from liaison.models import StateChange
from suggestions.models import Opinion, OpinionRoute, Rating
from suggestions.states import OpinionStatus

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from liaison.actor import Actor

_HANDED = (OpinionRoute.UNIT, OpinionRoute.HOTLINE)
_SOLVED = (Rating.SATISFIED, Rating.BASICALLY)
_ENDED = (OpinionStatus.ANSWERED, OpinionStatus.CLOSED)
_WENT = {
    OpinionRoute.UNIT: "hand_over",
    OpinionRoute.HOTLINE: "prepare_hotline",
    OpinionRoute.SUGGESTION: "make_suggestion",
}


def opinion_duty(actor: Actor, opinion: Opinion, *, reason: str = "", is_new: bool = False) -> None:
    """Let the ledger say of a locked opinion what holds now.

    Args:
        reason: of what no longer holds.
        is_new: made in this transaction, so nothing stands in the ledger yet.
    """
    facts = facts_of(opinion, is_new=is_new)
    if facts or not is_new:
        duty_set(actor=actor, source=opinion, facts=facts, reason=reason or "社情民意有了新的办理情况", is_new=is_new)


def members_duty(actor: Actor, members: Iterable[int]) -> None:
    """The same for grouped opinions that went with their lead; most have no deputy and cost nothing more."""
    found = Opinion.objects.unscoped(reason="grouped opinions go with their lead").filter(pk__in=list(members))
    for member in found.exclude(brought_by=None, mandate=None).order_by("pk"):
        opinion_duty(actor, member)


def facts_of(opinion: Opinion, *, is_new: bool = False) -> list[DutyFact]:
    """The facts that hold (rulebook section 4):

    - 听取意见建议: the deputy who brought it, and the one who is or was asked (``answer_by``) or made it a suggestion;
    - 现场答复意见: the deputy answered on the spot or within the promised time;
    - 转办意见: it went to a unit or to 12345;
    - 反映急需解决的问题: one that a deputy brought went there, or became a suggestion;
    - 推动解决问题: the person rated the answer (basically) satisfied.
    """
    asked = opinion.mandate_id if opinion.answer_by or opinion.route == OpinionRoute.SUGGESTION else None
    heard = list(dict.fromkeys(one for one in (opinion.brought_by_id, asked) if one))
    if not heard:
        return []
    facts = [_fact(opinion, one, DutyKind.OPINION_HEARD, opinion.created_at) for one in heard]
    acts = {} if is_new else _acts_of(opinion)
    if asked and opinion.answered_at and _on_spot(opinion, acts):
        facts.append(_fact(opinion, asked, DutyKind.OPINION_ON_SPOT, opinion.answered_at))
    went = acts.get(_WENT.get(OpinionRoute(opinion.route), ""), acts.get("follow")) if opinion.route else None
    if went and opinion.route in _HANDED:
        facts.append(_fact(opinion, heard[0], DutyKind.OPINION_HANDED, went))
    if went and opinion.brought_by_id and opinion.route in _WENT:
        facts.append(_fact(opinion, opinion.brought_by_id, DutyKind.PROBLEM_RAISED, went))
    if opinion.rated_at and opinion.rating in _SOLVED:
        facts += [_fact(opinion, one, DutyKind.PROBLEM_SOLVED, opinion.rated_at) for one in heard]
    return facts


def _on_spot(opinion: Opinion, acts: dict[str, dt.datetime]) -> bool:
    """Whether the deputy's answer stands, and came in time; one that was opened again was answered all the same."""
    answered = acts.get("deputy_answer")
    if answered is None or answered < acts.get("answer", answered) or opinion.answered_at is None:
        return False
    if opinion.status not in _ENDED and not (opinion.reopened and opinion.status == OpinionStatus.RECEIVED):
        return False
    if opinion.route == OpinionRoute.ON_SPOT:
        return True
    in_time = opinion.answer_by is not None and opinion.answered_at <= opinion.answer_by
    return opinion.route == OpinionRoute.DEPUTY and in_time


def _acts_of(opinion: Opinion) -> dict[str, dt.datetime]:
    """When each act happened last."""
    rows = StateChange.objects.filter(
        content_type=ContentType.objects.get_for_model(Opinion), object_id=opinion.pk
    ).order_by("pk")
    return dict(rows.values_list("act", "at"))


def _fact(opinion: Opinion, mandate_id: int, kind: DutyKind, at: dt.datetime) -> DutyFact:
    return DutyFact(
        mandate_id=mandate_id,
        kind=kind,
        on=timezone.localdate(at),
        title=f"社情民意（{opinion.number}）",
        campaign_id=opinion.campaign_id,
    )
