"""The states of the votes package, and one transition table each (rulebook section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from liaison.exceptions import NotAllowed
from liaison.permissions import Permission as P  # noqa: N817  (the table stays readable)
from liaison.transitions import Transition, TransitionTable

if TYPE_CHECKING:
    from liaison.actor import Actor


class ProgrammeStatus(models.TextChoices):
    """Where a year's programme of livelihood projects (年度民生实事项目) stands."""

    PREPARING = "preparing", "筹备"
    COLLECTING = "collecting", "公开征集"
    SCREENING = "screening", "筛选初定"
    LISTED = "listed", "候选项目已定"
    VOTING = "voting", "会议票决"
    UNDERWAY = "underway", "组织实施"
    APPRAISING = "appraising", "监督评议"
    CLOSED = "closed", "已结束"


class Stage(models.TextChoices):
    """The four stages of the seed: 征集初定 → 审议票决 → 组织实施 → 监督评议."""

    COLLECTION = "collection", "征集初定"
    VOTE = "vote", "审议票决"
    WORK = "work", "组织实施"
    APPRAISAL = "appraisal", "监督评议"


class ProposalStatus(models.TextChoices):
    """What became of a proposal (征集建议)."""

    RECEIVED = "received", "待筛选"
    MERGED = "merged", "已合并"
    ADOPTED = "adopted", "已列入候选"
    REJECTED = "rejected", "未采纳"


class CandidateStatus(models.TextChoices):
    """Where a candidate project (候选项目) stands."""

    DRAFT = "draft", "拟定"
    LISTED = "listed", "候选"
    WITHDRAWN = "withdrawn", "已撤下"
    ELECTED = "elected", "票决通过"
    NOT_ELECTED = "not_elected", "未通过"


class RoundStatus(models.TextChoices):
    """Where a secret vote (一轮投票) stands."""

    PREPARING = "preparing", "准备"
    OPEN = "open", "正在投票"
    CLOSED = "closed", "已截止，待计票"
    COUNTED = "counted", "已计票，待宣布"
    DECLARED = "declared", "已宣布"
    VOID = "void", "本轮无效"


class ProjectStatus(models.TextChoices):
    """Where the carrying out of an elected project (实施项目) stands."""

    UNDERWAY = "underway", "实施中"
    FINISHED = "finished", "已完工"
    HANDED_OVER = "handed_over", "已交付使用"
    STOPPED = "stopped", "经批准终止"


class ReportStatus(models.TextChoices):
    """A quarterly progress report (季度进展报告)."""

    DUE = "due", "待报送"
    SUBMITTED = "submitted", "已报送"


class ChangeStatus(models.TextChoices):
    """A change of a project (项目调整), which the deciding body must approve."""

    REQUESTED = "requested", "待审批"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"


class InspectionStatus(models.TextChoices):
    """An inspection by a supervision group (监督小组检查)."""

    RECORDED = "recorded", "无整改要求"
    DEMANDED = "demanded", "待整改答复"
    ANSWERED = "answered", "已答复待核查"
    CHECKED = "checked", "已核查销号"


PS, CS, RS, WS, IS = ProgrammeStatus, CandidateStatus, RoundStatus, ProjectStatus, InspectionStatus

#: Which of the four stages a programme's state belongs to.
STAGE_OF: dict[str, Stage] = {
    PS.PREPARING: Stage.COLLECTION,
    PS.COLLECTING: Stage.COLLECTION,
    PS.SCREENING: Stage.COLLECTION,
    PS.LISTED: Stage.VOTE,
    PS.VOTING: Stage.VOTE,
    PS.UNDERWAY: Stage.WORK,
    PS.APPRAISING: Stage.APPRAISAL,
    PS.CLOSED: Stage.APPRAISAL,
}


def _is_office(obj: Any, actor: Actor) -> None:
    if not actor.is_system and obj.office_id != actor.organisation_id:
        raise NotAllowed("这一项由其他人大机构办理，您可以查看，不能代为办理。")


def _is_unit(project: Any, actor: Actor) -> None:
    if not actor.is_system and project.unit_id != actor.organisation_id:
        raise NotAllowed("贵单位不是这个项目的责任单位。")


PROGRAMME_TRANSITIONS = TransitionTable(
    ProgrammeStatus,
    [
        Transition("open_call", "开始征集", frozenset({PS.PREPARING}), PS.COLLECTING, P.PROGRAMME_EDIT, _is_office),
        Transition("close_call", "结束征集", frozenset({PS.COLLECTING}), PS.SCREENING, P.PROGRAMME_EDIT, _is_office),
        Transition(
            "reopen_call", "重新征集", frozenset({PS.SCREENING}), PS.COLLECTING, P.PROGRAMME_APPROVE, _is_office
        ),
        Transition(
            "approve_list", "审定候选项目", frozenset({PS.SCREENING}), PS.LISTED, P.PROGRAMME_APPROVE, _is_office
        ),
        Transition("reopen_list", "退回筛选", frozenset({PS.LISTED}), PS.SCREENING, P.PROGRAMME_APPROVE, _is_office),
        Transition("begin_vote", "进入票决", frozenset({PS.LISTED}), PS.VOTING, P.ROUND_RUN, _is_office),
        Transition("begin_work", "转入组织实施", frozenset({PS.VOTING}), PS.UNDERWAY, P.PROGRAMME_APPROVE, _is_office),
        Transition("begin_appraisal", "开始评议", frozenset({PS.UNDERWAY}), PS.APPRAISING, P.ROUND_RUN, _is_office),
        Transition("close", "结束本年度", frozenset({PS.APPRAISING}), PS.CLOSED, P.PROGRAMME_APPROVE, _is_office),
    ],
)

ROUND_TRANSITIONS = TransitionTable(
    RoundStatus,
    [
        Transition("open", "开始投票", frozenset({RS.PREPARING}), RS.OPEN, P.ROUND_RUN, _is_office),
        Transition("close", "截止投票", frozenset({RS.OPEN}), RS.CLOSED, P.ROUND_RUN, _is_office),
        Transition("count", "开箱计票", frozenset({RS.CLOSED}), RS.COUNTED, P.ROUND_RUN, _is_office),
        Transition("declare", "宣布结果", frozenset({RS.COUNTED}), RS.DECLARED, P.ROUND_RUN, _is_office),
        Transition(
            "annul",
            "宣告无效",
            frozenset({RS.PREPARING, RS.OPEN, RS.CLOSED, RS.COUNTED}),
            RS.VOID,
            P.ROUND_RUN,
            _is_office,
        ),
    ],
)

PROJECT_TRANSITIONS = TransitionTable(
    ProjectStatus,
    [
        Transition("finish", "报告完工", frozenset({WS.UNDERWAY}), WS.FINISHED, P.PROJECT_REPORT, _is_unit),
        Transition("resume", "退回继续实施", frozenset({WS.FINISHED}), WS.UNDERWAY, P.PROGRAMME_EDIT, _is_office),
        Transition("hand_over", "确认交付", frozenset({WS.FINISHED}), WS.HANDED_OVER, P.PROGRAMME_EDIT, _is_office),
        Transition("stop", "终止项目", frozenset({WS.UNDERWAY}), WS.STOPPED, P.PROGRAMME_APPROVE, _is_office),
    ],
)

REPORT_TRANSITIONS = TransitionTable(
    ReportStatus,
    [
        Transition(
            "submit",
            "报送季度进展",
            frozenset({ReportStatus.DUE}),
            ReportStatus.SUBMITTED,
            P.PROJECT_REPORT,
            lambda report, actor: _is_unit(report.project, actor),
        ),
        Transition(
            "return",
            "退回重报",
            frozenset({ReportStatus.SUBMITTED}),
            ReportStatus.DUE,
            P.PROGRAMME_EDIT,
            lambda report, actor: _is_office(report.project, actor),
        ),
    ],
)

CHANGE_TRANSITIONS = TransitionTable(
    ChangeStatus,
    [
        Transition(
            "approve",
            "批准调整",
            frozenset({ChangeStatus.REQUESTED}),
            ChangeStatus.APPROVED,
            P.PROGRAMME_APPROVE,
            lambda change, actor: _is_office(change.project, actor),
        ),
        Transition(
            "refuse",
            "不批准调整",
            frozenset({ChangeStatus.REQUESTED}),
            ChangeStatus.REFUSED,
            P.PROGRAMME_APPROVE,
            lambda change, actor: _is_office(change.project, actor),
        ),
    ],
)

INSPECTION_TRANSITIONS = TransitionTable(
    InspectionStatus,
    [
        Transition("answer", "答复整改", frozenset({IS.DEMANDED}), IS.ANSWERED, P.PROJECT_REPORT, _is_unit),
        Transition("check", "核查销号", frozenset({IS.ANSWERED}), IS.CHECKED, P.PROJECT_INSPECT),
        Transition("return", "退回再整改", frozenset({IS.ANSWERED}), IS.DEMANDED, P.PROJECT_INSPECT),
    ],
)

PRS = ProposalStatus


def _is_programme_office(obj: Any, actor: Actor) -> None:
    _is_office(obj.programme, actor)


PROPOSAL_TRANSITIONS = TransitionTable(
    ProposalStatus,
    [
        Transition("merge", "合并", frozenset({PRS.RECEIVED}), PRS.MERGED, P.PROGRAMME_EDIT, _is_programme_office),
        Transition("adopt", "列入候选", frozenset({PRS.RECEIVED}), PRS.ADOPTED, P.PROGRAMME_EDIT, _is_programme_office),
        Transition(
            "reject", "不予采纳", frozenset({PRS.RECEIVED}), PRS.REJECTED, P.PROGRAMME_EDIT, _is_programme_office
        ),
        Transition(
            "reopen",
            "退回待筛选",
            frozenset({PRS.MERGED, PRS.ADOPTED, PRS.REJECTED}),
            PRS.RECEIVED,
            P.PROGRAMME_EDIT,
            _is_programme_office,
        ),
    ],
)

#: What the vote makes of a candidate (票决通过、未通过) is written by the count (``votes.services.result``).
CANDIDATE_TRANSITIONS = TransitionTable(
    CandidateStatus,
    [
        Transition("list", "审定列入", frozenset({CS.DRAFT}), CS.LISTED, P.PROGRAMME_APPROVE, _is_programme_office),
        Transition("unlist", "退回拟定", frozenset({CS.LISTED}), CS.DRAFT, P.PROGRAMME_APPROVE, _is_programme_office),
        Transition("withdraw", "撤下", frozenset({CS.DRAFT}), CS.WITHDRAWN, P.PROGRAMME_EDIT, _is_programme_office),
        Transition("restore", "恢复", frozenset({CS.WITHDRAWN}), CS.DRAFT, P.PROGRAMME_EDIT, _is_programme_office),
    ],
)
