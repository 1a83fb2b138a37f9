"""The demo's appraisal at a meeting of voters: the ballots of 八字哨镇's held meeting, counted by two people."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone

from deputies.demo_contacts import HELD, HELD_DAYS
from liaison.clock import moved_to
from liaison.demo import account
from liaison.models import Posting
from liaison.permissions import Role
from liaison.selectors.actors import capacities_of
from votes.models import Round, RoundKind
from votes.services.gathering import gathering_count, gathering_hand_out
from votes.services.paper import paper_enter
from votes.services.round_result import round_declare
from votes.states import RoundStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.actor import Actor
    from liaison.models import Organisation

#: (account, name, role) of the two who count.
_COUNTERS = (("demo_town", "曾国强", Role.APPROVER), ("bzs_ganshi", "莫小云", Role.HANDLER))
RATERS, RETURNED, VOID = 46, 45, 1
#: 满意, 基本满意, 不满意 of each line in turn; together the valid ballots.
_MARKS = ((40, 3, 1), (36, 7, 1), (42, 2, 0))


def load(say: Callable[[str], None]) -> None:
    """Count and declare what waits to be counted; what is counted stays as it is."""
    rounds = Round.objects.unscoped(reason="the demo's own").filter(
        kind=RoundKind.REPORT, status=RoundStatus.PREPARING, title__startswith=HELD
    )
    count = 0
    for round_ in rounds.exclude(asked_by="").select_related("office__region"):
        counters = [_person(round_.office, *one) for one in _COUNTERS]
        with moved_to(timezone.now() - dt.timedelta(days=HELD_DAYS)):
            _count(round_, counters)
        count += 1
    say(f"述职测评 {count} 次计票")


def _person(office: Organisation, username: str, name: str, role: Role) -> Actor:
    user = account(username, name, office.region)
    Posting.objects.get_or_create(user=user, organisation=office, role=role, ended_at=None)
    return next(actor for actor in capacities_of(user) if actor.organisation_id == office.pk)


def _count(round_: Round, counters: list[Actor]) -> None:
    first = counters[0]
    gathering_hand_out(actor=first, public_id=round_.public_id, raters=RATERS, issued=RATERS)
    lines = []
    for place in range(round_.options.count()):
        satisfied, basically, dissatisfied = _MARKS[place % len(_MARKS)]
        marks = {"satisfied": satisfied, "basically": basically, "dissatisfied": dissatisfied}
        lines.append(marks | {"abstain": 0, "empty": 0})
    values = {"returned": RETURNED, "void": VOID, "lines": lines}
    for number, actor in enumerate(counters, start=1):
        paper_enter(actor=actor, public_id=round_.public_id, counter=number, values=values)
    gathering_count(actor=first, public_id=round_.public_id)
    round_declare(actor=first, public_id=round_.public_id)
