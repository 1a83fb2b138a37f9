"""Where a judging of reports stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from liaison.exceptions import NotAllowed
from liaison.permissions import Permission
from liaison.transitions import Transition, TransitionTable

if TYPE_CHECKING:
    from deputies.models import Judging
    from liaison.actor import Actor


class JudgingStatus(models.TextChoices):
    """Where a judging of reports (报告评选) stands."""

    DRAFT = "draft", "筹备"
    OPEN = "open", "评分中"
    CLOSED = "closed", "评分截止"
    PUBLISHED = "published", "已公布"


J = JudgingStatus


def _runs(judging: Judging, actor: Actor) -> None:
    if not actor.is_system and judging.office_id != actor.organisation_id:
        raise NotAllowed("这次评选由其他人大工作机构组织，您可以查看，不能代为办理。")


JUDGING_TRANSITIONS = TransitionTable(
    JudgingStatus,
    [
        Transition("open", "开始评分", frozenset({J.DRAFT}), J.OPEN, Permission.REPORT_RECEIVE, _runs),
        Transition("finish", "评委均已提交，评分截止", frozenset({J.OPEN}), J.CLOSED, Permission.REPORT_VIEW),
        Transition("close", "截止评分", frozenset({J.OPEN}), J.CLOSED, Permission.JUDGING_CLOSE, _runs),
        Transition("publish", "公布评选结果", frozenset({J.CLOSED}), J.PUBLISHED, Permission.REPORT_RECEIVE, _runs),
    ],
)
