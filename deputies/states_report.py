"""The states of reports, of their judging and of practical deeds, and their one transition table each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from liaison.exceptions import NotAllowed
from liaison.permissions import Permission
from liaison.transitions import Transition, TransitionTable

if TYPE_CHECKING:
    from deputies.models import Deed, DeputyReport, Judging
    from liaison.actor import Actor


# ── reports (代表报告) ────────────────────────────────────────────────────────────────────────────────
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


# ── judging of reports (评选) ─────────────────────────────────────────────────────────────────────────
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


# ── practical deeds (办实事) ──────────────────────────────────────────────────────────────────────────
class DeedStatus(models.TextChoices):
    """Where a practical deed (办实事) stands."""

    WAITING = "waiting", "待核实"
    CONFIRMED = "confirmed", "已核实"
    DENIED = "denied", "群众反映不属实"
    REJECTED = "rejected", "不予认定"
    WITHDRAWN = "withdrawn", "已撤回"


D = DeedStatus


def _is_doer(deed: Deed, actor: Actor) -> None:
    if not actor.is_system and deed.mandate.person_id != actor.person_id:
        raise NotAllowed("只有办这件实事的代表可以办理这一步。")


def _checks(deed: Deed, actor: Actor) -> None:
    if not actor.is_system and deed.office_id != actor.organisation_id:
        raise NotAllowed("这件实事由其他人大工作机构核实，您可以查看，不能代为办理。")


def _by_receipt(deed: Deed, actor: Actor) -> None:
    """The person helped has no account; ``deed_testify`` has looked at the secret of their receipt."""
    if not actor.is_anonymous:
        raise NotAllowed("这一步由受益群众本人办理。")


DEED_TRANSITIONS = TransitionTable(
    DeedStatus,
    [
        Transition(
            "affirm", "受益群众确认属实", frozenset({D.WAITING}), D.CONFIRMED, Permission.DEED_CONFIRM, _by_receipt
        ),
        Transition("deny", "受益群众说不属实", frozenset({D.WAITING}), D.DENIED, Permission.DEED_CONFIRM, _by_receipt),
        Transition(
            "confirm", "核实属实", frozenset({D.WAITING, D.DENIED}), D.CONFIRMED, Permission.DEED_CONFIRM, _checks
        ),
        Transition(
            "reject",
            "不予认定",
            frozenset({D.WAITING, D.DENIED, D.CONFIRMED}),
            D.REJECTED,
            Permission.DEED_CONFIRM,
            _checks,
        ),
        Transition(
            "withdraw",
            "撤回",
            frozenset({D.WAITING, D.DENIED, D.CONFIRMED}),
            D.WITHDRAWN,
            Permission.DEED_WRITE,
            _is_doer,
        ),
    ],
)
