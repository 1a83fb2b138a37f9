"""Reading the electoral roll (代表名册): the staff's list, a deputy's own line, a slip's line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from votes.models import RollEntry
from votes.sealing import plain_code, slip_hash
from votes.states import RoundStatus

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liaison.actor import Actor
    from votes.models import Round

#: In these states a deputy may sign in (late arrivals included).
SIGN_IN_STATES = (RoundStatus.PREPARING, RoundStatus.OPEN)


def roll_of(actor: Actor, round_: Round, *, q: str = "", state: str = "") -> QuerySet[RollEntry]:
    """The lines of the roll that the actor may see, in order.

    Args:
        q: part of a name, or a certificate number.
        state: ``absent``, ``waiting`` (present, has not voted), ``voted``; anything else: all.
    """
    rows = RollEntry.objects.visible_to(actor).filter(round=round_)
    if q.strip():
        rows = rows.filter(Q(name__contains=q.strip()) | Q(certificate_number__iexact=q.strip()))
    if state == "absent":
        rows = rows.filter(attendance="")
    elif state == "waiting":
        rows = rows.exclude(attendance="").filter(channel="")
    elif state == "voted":
        rows = rows.exclude(channel="")
    return rows.order_by("position")


def own_lines(actor: Actor, *statuses: str) -> list[RollEntry]:
    """The actor's own lines on rolls of rounds in these states, the newest round first.

    A deputy signs in before the vote opens, when the round itself is not yet shown to deputies.
    """
    if not actor.is_deputy:
        return []
    rows = RollEntry.objects.visible_to(actor).filter(round__status__in=statuses)
    return list(rows.select_related("round__congress").order_by("-round_id"))


def lines_to_attend(actor: Actor) -> list[RollEntry]:
    """Where the deputy may sign in now and has not."""
    return [entry for entry in own_lines(actor, *SIGN_IN_STATES) if not entry.attendance]


def lines_to_vote(actor: Actor) -> list[RollEntry]:
    """Where the deputy may vote now: the vote is open and they have not voted."""
    return [entry for entry in own_lines(actor, RoundStatus.OPEN) if not entry.channel]


def own_line(actor: Actor, round_: Round) -> RollEntry | None:
    """The deputy's own line on the roll of a round."""
    if not actor.is_deputy:
        return None
    return RollEntry.objects.visible_to(actor).filter(round=round_).first()


def line_of_slip(code: str) -> RollEntry | None:
    """The line to which a slip (投票码) belongs, with its round; None when there is no such slip."""
    if not plain_code(code):
        return None
    rows = RollEntry.objects.unscoped(reason="whoever holds a slip may see the one line it was made for")
    return rows.filter(slip_hash=slip_hash(code)).select_related("round__congress").first()
