"""Where a deputy's report stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from liaison.exceptions import NotAllowed
from liaison.permissions import Permission
from liaison.transitions import Transition, TransitionTable

if TYPE_CHECKING:
    from deputies.models import DeputyReport
    from liaison.actor import Actor


class ReportStatus(models.TextChoices):
    """Where a report of a deputy (代表报告) stands."""

    DRAFT = "draft", "草稿"
    DISCARDED = "discarded", "已删除草稿"
    SUBMITTED = "submitted", "待接收"
    RETURNED = "returned", "退回修改"
    ACCEPTED = "accepted", "已接收"
    TRANSFERRED = "transferred", "已转送"
    ANSWERED = "answered", "已反馈"


R = ReportStatus


def _is_author(report: DeputyReport, actor: Actor) -> None:
    if not actor.is_system and report.person_id != actor.person_id:
        raise NotAllowed("只有报告的执笔代表可以办理这一步。")


def _receives(report: DeputyReport, actor: Actor) -> None:
    """The office of the author's congress, or the one that organises the campaign."""
    if not actor.is_system and actor.organisation_id not in report.receiving_offices:
        raise NotAllowed("这篇报告由其他人大工作机构接收，您可以查看，不能代为办理。")


#: Withdrawn before acceptance only; a returned report is mended and submitted again.
REPORT_TRANSITIONS = TransitionTable(
    ReportStatus,
    [
        Transition(
            "submit", "提交报告", frozenset({R.DRAFT, R.RETURNED}), R.SUBMITTED, Permission.REPORT_WRITE, _is_author
        ),
        Transition("withdraw", "撤回报告", frozenset({R.SUBMITTED}), R.DRAFT, Permission.REPORT_WRITE, _is_author),
        Transition(
            "discard", "删除草稿", frozenset({R.DRAFT, R.RETURNED}), R.DISCARDED, Permission.REPORT_WRITE, _is_author
        ),
        Transition("accept", "接收报告", frozenset({R.SUBMITTED}), R.ACCEPTED, Permission.REPORT_RECEIVE, _receives),
        Transition("return", "退回修改", frozenset({R.SUBMITTED}), R.RETURNED, Permission.REPORT_RECEIVE, _receives),
        Transition("unaccept", "撤销接收", frozenset({R.ACCEPTED}), R.SUBMITTED, Permission.REPORT_RECEIVE, _receives),
        Transition(
            "transfer",
            "转送有关机关",
            frozenset({R.ACCEPTED, R.TRANSFERRED, R.ANSWERED}),
            R.TRANSFERRED,
            Permission.REPORT_RECEIVE,
            _receives,
        ),
        Transition("answer_all", "有关机关均已反馈", frozenset({R.TRANSFERRED}), R.ANSWERED, Permission.REPORT_VIEW),
        Transition(
            "recall_all", "撤回转送", frozenset({R.TRANSFERRED}), R.ACCEPTED, Permission.REPORT_RECEIVE, _receives
        ),
    ],
)
