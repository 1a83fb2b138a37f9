"""The states of the deputies package, and one transition table each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from liaison.clock import now
from liaison.exceptions import IllegalTransition, NotAllowed
from liaison.permissions import Permission
from liaison.transitions import Transition, TransitionTable

if TYPE_CHECKING:
    from deputies.models import (
        Activity,
        Contact,
        ContactOpinion,
        DutyContest,
        RosterImport,
        VoterMeeting,
        VoterReport,
    )
    from liaison.actor import Actor


def of_own_office(actor: Actor, office_id: int) -> bool:
    """The package's one rule for records of work: the office whose record it is changes it, offices above see it."""
    return actor.is_system or (actor.is_congress and actor.organisation_id == office_id)


class RosterStatus(models.TextChoices):
    """Where a roster import (名册导入) stands."""

    READING = "reading", "正在核对"
    PREVIEW = "preview", "待确认"
    APPLYING = "applying", "正在导入"
    DONE = "done", "已导入"
    FAILED = "failed", "未成功"
    DISCARDED = "discarded", "已放弃"


S = RosterStatus


def _nobody_at_work(roster: RosterImport, actor: Actor) -> None:
    """While a worker reads or applies, one waits for it; a worker that gave up is no reason to wait."""
    if roster.is_at_work:
        raise IllegalTransition("后台正在处理这份名册，请等处理结束后再操作。")


#: Every step needs the permission to import; the worker acts as the person who pressed the button.
ROSTER_TRANSITIONS = TransitionTable(
    RosterStatus,
    [
        Transition("read", "核对完成", frozenset({S.READING}), S.PREVIEW, Permission.DEPUTY_IMPORT),
        Transition("reject", "文件不能读取", frozenset({S.READING}), S.FAILED, Permission.DEPUTY_IMPORT),
        Transition(
            "reread",
            "重新核对",
            frozenset({S.READING, S.PREVIEW, S.APPLYING, S.FAILED}),
            S.READING,
            Permission.DEPUTY_IMPORT,
            guard=_nobody_at_work,
        ),
        Transition("confirm", "确认导入", frozenset({S.PREVIEW}), S.APPLYING, Permission.DEPUTY_IMPORT),
        Transition("finish", "导入完成", frozenset({S.APPLYING}), S.DONE, Permission.DEPUTY_IMPORT),
        Transition("refuse", "导入未成功", frozenset({S.APPLYING}), S.FAILED, Permission.DEPUTY_IMPORT),
        Transition(
            "discard",
            "放弃导入",
            frozenset({S.READING, S.PREVIEW, S.APPLYING, S.FAILED}),
            S.DISCARDED,
            Permission.DEPUTY_IMPORT,
            guard=_nobody_at_work,
        ),
    ],
)


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


class ContactStatus(models.TextChoices):
    """Where a contact (联系活动) stands."""

    PLANNED = "planned", "已安排"
    HELD = "held", "已开展，待记录"
    RECORDED = "recorded", "已记录"
    CANCELLED = "cancelled", "已取消"


def own_contact(contact: Contact, actor: Actor) -> None:
    """Raise ``NotAllowed`` for any office but the one that organises the contact."""
    if not of_own_office(actor, contact.office_id):
        raise NotAllowed(f"这次联系活动由{contact.office}组织，您可以查看，不能代为办理。")


CS = ContactStatus
CONTACT_TRANSITIONS = TransitionTable(
    ContactStatus,
    [
        Transition("hold", "登记到场", frozenset({CS.PLANNED}), CS.HELD, Permission.CONTACT_EDIT, own_contact),
        Transition("record", "完成记录", frozenset({CS.HELD}), CS.RECORDED, Permission.CONTACT_EDIT, own_contact),
        Transition("reopen", "更正记录", frozenset({CS.RECORDED}), CS.HELD, Permission.CONTACT_EDIT, own_contact),
        Transition("cancel", "取消活动", frozenset({CS.PLANNED}), CS.CANCELLED, Permission.CONTACT_EDIT, own_contact),
    ],
)


class ContactOpinionStatus(models.TextChoices):
    """What became of an opinion raised at a contact (意见建议处理)."""

    RAISED = "raised", "待处理"
    ADOPTED = "adopted", "已采纳吸收"
    ASSIGNED = "assigned", "已交办"
    ANSWERED = "answered", "单位已反馈"
    TOLD = "told", "已反馈代表"


def _own_opinion(opinion: ContactOpinion, actor: Actor) -> None:
    own_contact(opinion.contact, actor)


CO = ContactOpinionStatus
CONTACT_OPINION_TRANSITIONS = TransitionTable(
    ContactOpinionStatus,
    [
        Transition("adopt", "采纳吸收", frozenset({CO.RAISED}), CO.ADOPTED, Permission.CONTACT_EDIT, _own_opinion),
        Transition("assign", "交办", frozenset({CO.RAISED}), CO.ASSIGNED, Permission.CONTACT_EDIT, _own_opinion),
        Transition("answer", "反馈办理情况", frozenset({CO.ASSIGNED}), CO.ANSWERED, Permission.CONTACT_ANSWER),
        Transition("give_back", "退回", frozenset({CO.ASSIGNED}), CO.RAISED, Permission.CONTACT_ANSWER),
        Transition(
            "tell", "反馈代表", frozenset({CO.ADOPTED, CO.ANSWERED}), CO.TOLD, Permission.CONTACT_EDIT, _own_opinion
        ),
    ],
)


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


#: ``close`` follows from the declared count, whoever of the office that counted declares it.
VM = VoterMeetingStatus
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


class CampaignStatus(models.TextChoices):
    """Where a campaign (主题活动) stands."""

    DRAFT = "draft", "筹备"
    RUNNING = "running", "进行中"
    ENDED = "ended", "已结束"


CAMPAIGN_TRANSITIONS = TransitionTable(
    CampaignStatus,
    [
        Transition(
            "start", "启动", frozenset({CampaignStatus.DRAFT}), CampaignStatus.RUNNING, Permission.CAMPAIGN_EDIT
        ),
        Transition("end", "结束", frozenset({CampaignStatus.RUNNING}), CampaignStatus.ENDED, Permission.CAMPAIGN_EDIT),
    ],
)
