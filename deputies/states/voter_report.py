"""Where a meeting of voters stands, and each report at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from deputies.states.office import of_own_office
from liaison.exceptions import NotAllowed
from liaison.permissions import Permission
from liaison.transitions import Transition, TransitionTable

if TYPE_CHECKING:
    from deputies.models import VoterMeeting, VoterReport
    from liaison.actor import Actor


class VoterMeetingStatus(models.TextChoices):
    """Where a meeting for reports to voters (述职会议) stands."""

    PLANNED = "planned", "已安排"
    HELD = "held", "已召开"
    CLOSED = "closed", "已有测评结果"
    CANCELLED = "cancelled", "已取消"


def own_meeting(meeting: VoterMeeting, actor: Actor) -> None:
    """Raise ``NotAllowed`` for any office but the one that holds the meeting."""
    if not of_own_office(actor, meeting.office_id):
        raise NotAllowed(f"这次述职会议由{meeting.office}组织，您可以查看，不能代为办理。")


VM = VoterMeetingStatus
#: ``close`` follows from the declared count, whoever of the office that counted declares it.
VOTER_MEETING_TRANSITIONS = TransitionTable(
    VoterMeetingStatus,
    [
        Transition("hold", "登记召开情况", frozenset({VM.PLANNED}), VM.HELD, Permission.VOTER_REPORT_EDIT, own_meeting),
        Transition("close", "测评结果成立", frozenset({VM.HELD}), VM.CLOSED, Permission.VOTER_REPORT_EDIT),
        Transition(
            "cancel", "取消会议", frozenset({VM.PLANNED}), VM.CANCELLED, Permission.VOTER_REPORT_EDIT, own_meeting
        ),
    ],
)


class VoterReportStatus(models.TextChoices):
    """Where one deputy's report (述职) stands."""

    DRAFT = "draft", "待撰写"
    SUBMITTED = "submitted", "已提交"
    DELIVERED = "delivered", "已述职"
    WITHDRAWN = "withdrawn", "未述职"


def _own_report(report: VoterReport, actor: Actor) -> None:
    own_meeting(report.meeting, actor)


VR = VoterReportStatus
VOTER_REPORT_TRANSITIONS = TransitionTable(
    VoterReportStatus,
    [
        Transition("submit", "提交述职报告", frozenset({VR.DRAFT}), VR.SUBMITTED, Permission.VOTER_REPORT_WRITE),
        Transition(
            "give_back", "退回修改", frozenset({VR.SUBMITTED}), VR.DRAFT, Permission.VOTER_REPORT_EDIT, _own_report
        ),
        Transition(
            "deliver", "登记已述职", frozenset({VR.DRAFT, VR.SUBMITTED}), VR.DELIVERED, Permission.VOTER_REPORT_EDIT
        ),
        Transition(
            "withdraw", "登记未述职", frozenset({VR.DRAFT, VR.SUBMITTED}), VR.WITHDRAWN, Permission.VOTER_REPORT_EDIT
        ),
        Transition("readmit", "再次列入", frozenset({VR.WITHDRAWN}), VR.DRAFT, Permission.VOTER_REPORT_EDIT),
    ],
)
