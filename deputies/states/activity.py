"""Where an activity stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from deputies.states.office import of_own_office
from liaison.clock import now
from liaison.exceptions import IllegalTransition, NotAllowed
from liaison.permissions import Permission
from liaison.transitions import Transition, TransitionTable

if TYPE_CHECKING:
    from deputies.models import Activity
    from liaison.actor import Actor


class ActivityStatus(models.TextChoices):
    """Where an activity (代表活动) stands. 待确认 and 退回 are of a deputy's own activities only."""

    PLANNED = "planned", "筹备"
    ANNOUNCED = "announced", "已通知"
    HELD = "held", "已举行，待记录"
    RECORDED = "recorded", "已记录"
    SUBMITTED = "submitted", "待确认"
    RETURNED = "returned", "退回补正"
    CANCELLED = "cancelled", "已取消"

    @property
    def tone(self) -> str:
        """The colour of its tag."""
        return _ACTIVITY_TONES[self]


A = ActivityStatus
_ACTIVITY_TONES = {
    A.PLANNED: "amber",
    A.ANNOUNCED: "blue",
    A.HELD: "red",
    A.RECORDED: "green",
    A.SUBMITTED: "amber",
    A.RETURNED: "red",
    A.CANCELLED: "grey",
}


def _organised(activity: Activity, actor: Actor) -> None:
    """A step of the office's; other offices, above or below, may read the activity, no more."""
    if not of_own_office(actor, activity.office_id):
        raise NotAllowed(f"这次活动由{activity.office}组织，您可以查看，不能代为办理。")


def _begun(activity: Activity, actor: Actor) -> None:
    _organised(activity, actor)
    if activity.starts_at > now():
        raise IllegalTransition("活动还没有开始，开始以后才能登记举行情况。")


def _of_staff(activity: Activity, actor: Actor) -> None:
    if not actor.is_system and not actor.is_congress:
        raise NotAllowed("这一步由人大工作机构办理。")
    _organised(activity, actor)


def _by_deputy(activity: Activity, actor: Actor) -> None:
    if activity.own_by is None or activity.own_by.person_id != actor.deputy_id:
        raise NotAllowed("只有记录这次活动的代表本人可以办理。")


ACTIVITY_TRANSITIONS = TransitionTable(
    ActivityStatus,
    [
        Transition(
            "announce", "通知代表", frozenset({A.PLANNED}), A.ANNOUNCED, Permission.ACTIVITY_EDIT, guard=_organised
        ),
        Transition("hold", "活动举行", frozenset({A.ANNOUNCED}), A.HELD, Permission.ACTIVITY_EDIT, guard=_begun),
        Transition("record", "完成记录", frozenset({A.HELD}), A.RECORDED, Permission.ACTIVITY_EDIT, guard=_organised),
        Transition("reopen", "更正记录", frozenset({A.RECORDED}), A.HELD, Permission.ACTIVITY_EDIT, guard=_organised),
        Transition(
            "cancel",
            "取消活动",
            frozenset({A.PLANNED, A.ANNOUNCED, A.HELD, A.RECORDED}),
            A.CANCELLED,
            Permission.ACTIVITY_EDIT,
            guard=_organised,
        ),
        Transition(
            "submit",
            "报送活动记录",
            frozenset({A.PLANNED, A.RETURNED}),
            A.SUBMITTED,
            Permission.ACTIVITY_VIEW,
            guard=_by_deputy,
        ),
        Transition(
            "confirm", "确认活动记录", frozenset({A.SUBMITTED}), A.RECORDED, Permission.ACTIVITY_EDIT, guard=_of_staff
        ),
        Transition(
            "return", "退回补正", frozenset({A.SUBMITTED}), A.RETURNED, Permission.ACTIVITY_EDIT, guard=_of_staff
        ),
        Transition(
            "withdraw",
            "撤回活动记录",
            frozenset({A.SUBMITTED, A.RETURNED}),
            A.CANCELLED,
            Permission.ACTIVITY_VIEW,
            guard=_by_deputy,
        ),
    ],
)
