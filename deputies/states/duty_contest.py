"""Where a contest of the duty ledger stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from liaison.exceptions import NotAllowed
from liaison.permissions import Permission
from liaison.transitions import Transition, TransitionTable

if TYPE_CHECKING:
    from deputies.models import DutyContest
    from liaison.actor import Actor


class ContestStatus(models.TextChoices):
    """Where a contest of the duty ledger (履职记录异议、补报) stands."""

    OPEN = "open", "待处理"
    ACCEPTED = "accepted", "已采纳"
    REFUSED = "refused", "未采纳"
    WITHDRAWN = "withdrawn", "已撤回"


def _contests(contest: DutyContest, actor: Actor) -> None:
    if not actor.is_system and contest.mandate.person_id != actor.deputy_id:
        raise NotAllowed("由提出异议的代表本人撤回。")


def _keeps_file(contest: DutyContest, actor: Actor) -> None:
    if not contest.mandate.congress.is_kept_by(actor):
        raise NotAllowed("这位代表的履职档案由其所在的人民代表大会的工作机构核对，您可以查看，不能代为处理。")


#: Rulebook section 4: checked by staff, contestable by the deputy.
CONTEST_TRANSITIONS = TransitionTable(
    ContestStatus,
    [
        Transition(
            "accept",
            "采纳",
            frozenset({ContestStatus.OPEN}),
            ContestStatus.ACCEPTED,
            Permission.DUTY_CHECK,
            guard=_keeps_file,
        ),
        Transition(
            "refuse",
            "不予采纳",
            frozenset({ContestStatus.OPEN}),
            ContestStatus.REFUSED,
            Permission.DUTY_CHECK,
            guard=_keeps_file,
        ),
        Transition(
            "withdraw",
            "撤回异议",
            frozenset({ContestStatus.OPEN}),
            ContestStatus.WITHDRAWN,
            Permission.DUTY_VIEW,
            guard=_contests,
        ),
    ],
)
