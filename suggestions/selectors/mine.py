"""A deputy's own suggestions (我的建议) and what waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import BooleanField, Case, Count, Exists, Min, OuterRef, Q, Value, When

from liaison.exceptions import IllegalTransition, NotFound
from suggestions.models import Cosigner, Suggestion
from suggestions.models.cosigner import CosignerStatus
from suggestions.selectors.suggestion import get_suggestion_for, open_due
from suggestions.states import SuggestionStatus as S

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from django.db.models import QuerySet

    from liaison.actor import Actor

#: States in which deputies may still join (as in the services of co-signing).
JOINABLE = (S.DRAFT, S.SUBMITTED, S.RETURNED)
_UNDER_WAY = (S.SUBMITTED, S.REGISTERED, S.ASSIGNED, S.HANDLING, S.ANSWERED, S.REWORK, S.COORDINATING)


@dataclass(frozen=True, slots=True)
class MineTab:
    """A tab of 我的建议."""

    code: str
    label: str
    count: int = 0


TABS = (("all", "全部"), ("todo", "待我办"), ("drafts", "草稿"), ("open", "办理中"), ("closed", "已结束"))


def mine(actor: Actor) -> QuerySet[Suggestion]:
    """What the deputy leads, signed, or was asked to sign, with ``due_on``, ``is_lead`` and ``is_invited``."""
    return (
        Suggestion.objects.visible_to(actor)
        .select_related("category", "lead_person", "main_unit", "congress")
        .annotate(
            due_on=open_due(),
            is_lead=Case(When(_led(actor), then=Value(True)), default=Value(False), output_field=BooleanField()),
            is_invited=Exists(_asked(actor, CosignerStatus.INVITED)),
        )
        .defer("situation", "proposal", "search")
    )


def mine_in(actor: Actor, tab: str) -> QuerySet[Suggestion]:
    """One tab of it; all for an unknown code."""
    condition = _conditions(actor).get(tab)
    return mine(actor) if condition is None else mine(actor).filter(condition)


def mine_tabs(actor: Actor) -> list[MineTab]:
    """The tabs with their counts (one query over the deputy's few rows)."""
    rows = Suggestion.objects.visible_to(actor).order_by()
    counts = rows.aggregate(
        all=Count("pk"), **{code: Count("pk", filter=where) for code, where in _conditions(actor).items()}
    )
    return [MineTab(code, label, counts[code]) for code, label in TABS]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Numbers of what waits for a deputy, and by when the most urgent answer is to be rated."""

    invited: int
    returned: int
    unrated: int
    drafts: int
    unrated_due: dt.date | None


def waiting_for(actor: Actor) -> Waiting:
    """What waits for the deputy (one query over their few rows)."""
    rows = Suggestion.objects.visible_to(actor).order_by()
    unrated = _led(actor) & Q(status=S.ANSWERED)
    return Waiting(
        **rows.aggregate(
            invited=Count("pk", filter=_invited(actor)),
            returned=Count("pk", filter=_led(actor) & Q(status=S.RETURNED)),
            unrated=Count("pk", filter=unrated),
            drafts=Count("pk", filter=_led(actor) & Q(status=S.DRAFT)),
            unrated_due=Min(open_due(("suggestion_feedback",)), filter=unrated),
        )
    )


def get_led_for(actor: Actor, public_id: UUID) -> Suggestion:
    """A suggestion of which the deputy is the lead, while others may still join.

    Raises:
        NotFound: no such suggestion, or the actor does not lead it.
        IllegalTransition: the list of co-signers is closed.
    """
    suggestion = get_suggestion_for(actor, public_id)
    if suggestion.lead_person_id != actor.deputy_id:
        raise NotFound
    if suggestion.status not in JOINABLE:
        present = suggestion.get_status_display()
        raise IllegalTransition(f"这件建议现在是“{present}”，附议名单不能再变动。", code="cosigning_closed")
    return suggestion


def may_invite(actor: Actor, suggestion: Suggestion) -> bool:
    """Whether the deputy leads it and others may still join."""
    return suggestion.lead_person_id == actor.deputy_id and suggestion.status in JOINABLE


def may_cosign(actor: Actor, suggestion: Suggestion) -> bool:
    """Whether the deputy was asked to co-sign and has not answered (co-signers prefetched: no query)."""
    return suggestion.status in JOINABLE and any(
        one.person_id == actor.deputy_id and one.status == CosignerStatus.INVITED for one in suggestion.cosigners.all()
    )


def _led(actor: Actor) -> Q:
    return Q(lead_person_id=actor.deputy_id)


def _asked(actor: Actor, status: str = "") -> QuerySet[Cosigner]:
    asked = Cosigner.objects.filter(suggestion=OuterRef("pk"), person_id=actor.deputy_id)
    return asked.filter(status=status) if status else asked


def _invited(actor: Actor) -> Q:
    return Q(Exists(_asked(actor, CosignerStatus.INVITED)), status__in=JOINABLE)


def _conditions(actor: Actor) -> dict[str, Q]:
    return {
        "todo": _led(actor) & Q(status__in=[S.RETURNED, S.ANSWERED]) | _invited(actor),
        "drafts": _led(actor) & Q(status__in=[S.DRAFT, S.RETURNED]),
        "open": Q(status__in=_UNDER_WAY),
        "closed": Q(status__in=[S.CLOSED, S.REFUSED]),
    }
