"""The one table from role to permission (rulebook section 7: least privilege, three administrators apart).

A permission is a verb on a noun. Faces and services ask ``actor.can(Permission.X)``;
nobody compares roles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from collections.abc import Iterable


class OrganisationKind(models.TextChoices):
    """What an organisation is in the liaison work (机构类别)."""

    CONGRESS = "congress", "人大工作机构"
    UNIT = "unit", "承办单位"
    PROCURATORATE = "procuratorate", "检察院"
    HOTLINE = "hotline", "12345热线中心"


class Role(models.TextChoices):
    """A person's role in one organisation (岗位角色)."""

    HANDLER = "handler", "经办"
    APPROVER = "approver", "审核"
    VIEWER = "viewer", "查看"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDITOR = "auditor", "审计员"


class Permission(models.TextChoices):
    """What may be done. Wording is shown on the permission page."""

    # deputies
    DEPUTY_VIEW = "deputy.view", "查看代表名册"
    DEPUTY_EDIT = "deputy.edit", "维护代表名册"
    DEPUTY_IMPORT = "deputy.import", "导入代表名册"
    DEPUTY_EXPORT = "deputy.export", "导出代表名册"
    DEPUTY_UNMASK = "deputy.unmask", "查看完整联系电话"
    # liaison stations
    STATION_VIEW = "station.view", "查看代表联络站"
    STATION_EDIT = "station.edit", "维护代表联络站"
    PROFILE_EDIT = "profile.edit", "维护本人公开信息"
    # what deputies do: activities, campaigns, reports, deeds, contacts, the duty ledger, reports to voters
    ACTIVITY_VIEW = "activity.view", "查看代表活动"
    ACTIVITY_EDIT = "activity.edit", "组织代表活动"
    CAMPAIGN_VIEW = "campaign.view", "查看主题活动"
    CAMPAIGN_EDIT = "campaign.edit", "组织主题活动"
    REPORT_VIEW = "report.view", "查看代表报告"
    REPORT_WRITE = "report.write", "撰写代表报告"
    REPORT_RECEIVE = "report.receive", "接收、转送、评选代表报告"
    REPORT_ANSWER = "report.answer", "反馈代表报告办理情况"
    JUDGING_CLOSE = "judging.close", "提前截止报告评选"
    DEED_WRITE = "deed.write", "记录办实事"
    DEED_CONFIRM = "deed.confirm", "核实办实事"
    CONTACT_VIEW = "contact.view", "查看联系代表工作"
    CONTACT_EDIT = "contact.edit", "安排、记录联系代表工作"
    CONTACT_ANSWER = "contact.answer", "反馈联系代表中交办的意见"
    DUTY_VIEW = "duty.view", "查看履职档案"
    DUTY_CHECK = "duty.check", "核对履职记录"
    DUTY_CLOSE = "duty.close", "年度归档"
    VOTER_REPORT_VIEW = "voter_report.view", "查看代表述职"
    VOTER_REPORT_EDIT = "voter_report.edit", "组织代表述职"
    VOTER_REPORT_WRITE = "voter_report.write", "撰写述职报告"
    # suggestions
    SUGGESTION_VIEW = "suggestion.view", "查看代表建议"
    SUGGESTION_WRITE = "suggestion.write", "提出代表建议"
    SUGGESTION_COSIGN = "suggestion.cosign", "确认附议"
    SUGGESTION_SORT = "suggestion.sort", "登记、退回、分办代表建议"
    SUGGESTION_REFUSE = "suggestion.refuse", "决定不予受理"
    SUGGESTION_SIGN = "suggestion.sign", "签收承办任务"
    SUGGESTION_ANSWER = "suggestion.answer", "答复代表建议"
    SUGGESTION_RATE = "suggestion.rate", "评价办理答复"
    SUGGESTION_CLOSE = "suggestion.close", "办结代表建议"
    # opinions of the public
    OPINION_VIEW = "opinion.view", "查看社情民意"
    OPINION_RECORD = "opinion.record", "登记社情民意"
    OPINION_SORT = "opinion.sort", "分办、办结社情民意"
    OPINION_ANSWER = "opinion.answer", "答复社情民意"
    # transfers to the procuratorate
    TRANSFER_VIEW = "transfer.view", "查看转交线索"
    TRANSFER_MARK = "transfer.mark", "标记公益线索"
    TRANSFER_APPROVE = "transfer.approve", "批准转交检察机关"
    TRANSFER_RECEIVE = "transfer.receive", "签收转交线索"
    TRANSFER_OPINE = "transfer.opine", "反馈转化意见"
    TRANSFER_SUPPLY = "transfer.supply", "补充线索"
    # livelihood projects and votes
    PROGRAMME_VIEW = "programme.view", "查看民生实事项目"
    PROGRAMME_EDIT = "programme.edit", "办理民生实事项目"
    PROGRAMME_APPROVE = "programme.approve", "审定民生实事项目"
    PROPOSAL_WRITE = "proposal.write", "提出项目建议"
    CANDIDATE_COMMENT = "candidate.comment", "对候选项目提意见"
    ROUND_RUN = "round.run", "组织投票"
    BALLOT_CAST = "ballot.cast", "投票"
    PROJECT_REPORT = "project.report", "报送项目进展"
    PROJECT_INSPECT = "project.inspect", "监督检查项目"
    # hotline 12345
    HOTLINE_VIEW = "hotline.view", "查看热线工单"
    HOTLINE_HANDLE = "hotline.handle", "处理热线工单"
    HOTLINE_REPORT = "hotline.report", "向热线反映问题"
    HOTLINE_RULES_EDIT = "hotline_rules.edit", "维护热线受理范围规则"
    HOTLINE_ORDERS_WRITE = "hotline_orders.write", "接口：报送热线工单"
    HOTLINE_ORDERS_READ = "hotline_orders.read", "接口：读取热线工单"
    HOTLINE_REPORTS_READ = "hotline_reports.read", "接口：读取代表反映的问题"
    HOTLINE_REPORTS_WRITE = "hotline_reports.write", "接口：反馈代表反映问题的办理情况"
    # kernel
    CALENDAR_EDIT = "calendar.edit", "维护工作日历"
    REMINDER_EDIT = "reminder.edit", "设置提醒规则"
    ORGANISATION_EDIT = "organisation.edit", "维护机构"
    USER_EDIT = "user.edit", "维护用户账号"
    POSTING_EDIT = "posting.edit", "分配岗位角色"
    SECURITY_EDIT = "security.edit", "安全策略与解锁"
    AUDIT_VIEW = "audit.view", "查看审计记录"
    CLIENT_EDIT = "client.edit", "管理接口客户端"


P = Permission

_CONGRESS_VIEW = frozenset(
    {
        P.DEPUTY_VIEW,
        P.STATION_VIEW,
        P.ACTIVITY_VIEW,
        P.CAMPAIGN_VIEW,
        P.REPORT_VIEW,
        P.CONTACT_VIEW,
        P.DUTY_VIEW,
        P.VOTER_REPORT_VIEW,
        P.SUGGESTION_VIEW,
        P.OPINION_VIEW,
        P.TRANSFER_VIEW,
        P.PROGRAMME_VIEW,
        P.HOTLINE_VIEW,
    }
)
_CONGRESS_HANDLE = _CONGRESS_VIEW | {
    P.DEPUTY_EDIT,
    P.DEPUTY_IMPORT,
    P.DEPUTY_EXPORT,
    P.DEPUTY_UNMASK,
    P.STATION_EDIT,
    P.ACTIVITY_EDIT,
    P.CAMPAIGN_EDIT,
    P.REPORT_RECEIVE,
    P.DEED_CONFIRM,
    P.CONTACT_EDIT,
    P.DUTY_CHECK,
    P.VOTER_REPORT_EDIT,
    P.SUGGESTION_SORT,
    P.SUGGESTION_CLOSE,
    P.OPINION_RECORD,
    P.OPINION_SORT,
    P.TRANSFER_MARK,
    P.TRANSFER_SUPPLY,
    P.PROGRAMME_EDIT,
    P.ROUND_RUN,
    P.PROJECT_INSPECT,
    P.HOTLINE_HANDLE,
    P.HOTLINE_REPORT,
    P.CALENDAR_EDIT,
}
_UNIT_VIEW = frozenset({P.REPORT_VIEW, P.SUGGESTION_VIEW, P.OPINION_VIEW, P.PROGRAMME_VIEW})
_UNIT_HANDLE = _UNIT_VIEW | {
    P.REPORT_ANSWER,
    P.CONTACT_ANSWER,
    P.SUGGESTION_SIGN,
    P.SUGGESTION_ANSWER,
    P.OPINION_ANSWER,
    P.PROPOSAL_WRITE,
    P.PROJECT_REPORT,
}

#: (organisation kind, role) → what that person may do. A pair that is missing may do nothing.
ROLE_PERMISSIONS: dict[tuple[OrganisationKind, Role], frozenset[Permission]] = {
    (OrganisationKind.CONGRESS, Role.VIEWER): _CONGRESS_VIEW,
    (OrganisationKind.CONGRESS, Role.HANDLER): _CONGRESS_HANDLE,
    (OrganisationKind.CONGRESS, Role.APPROVER): _CONGRESS_HANDLE
    | {
        P.DUTY_CLOSE,
        P.JUDGING_CLOSE,
        P.SUGGESTION_REFUSE,
        P.TRANSFER_APPROVE,
        P.PROGRAMME_APPROVE,
        P.REMINDER_EDIT,
        P.HOTLINE_RULES_EDIT,
    },
    (OrganisationKind.CONGRESS, Role.SYSTEM_ADMIN): frozenset(
        {P.ORGANISATION_EDIT, P.USER_EDIT, P.REMINDER_EDIT, P.CLIENT_EDIT, P.HOTLINE_RULES_EDIT}
    ),
    (OrganisationKind.CONGRESS, Role.SECURITY_ADMIN): frozenset({P.POSTING_EDIT, P.SECURITY_EDIT}),
    (OrganisationKind.CONGRESS, Role.AUDITOR): frozenset({P.AUDIT_VIEW}),
    (OrganisationKind.UNIT, Role.VIEWER): _UNIT_VIEW,
    (OrganisationKind.UNIT, Role.HANDLER): _UNIT_HANDLE,
    (OrganisationKind.UNIT, Role.APPROVER): _UNIT_HANDLE,
    (OrganisationKind.PROCURATORATE, Role.VIEWER): frozenset({P.TRANSFER_VIEW}),
    (OrganisationKind.PROCURATORATE, Role.HANDLER): frozenset({P.TRANSFER_VIEW, P.TRANSFER_RECEIVE, P.TRANSFER_OPINE}),
    (OrganisationKind.PROCURATORATE, Role.APPROVER): frozenset({P.TRANSFER_VIEW, P.TRANSFER_RECEIVE, P.TRANSFER_OPINE}),
}

#: What a deputy with a mandate in force may do, besides the postings they may hold.
DEPUTY_PERMISSIONS: frozenset[Permission] = frozenset(
    {
        P.STATION_VIEW,
        P.PROFILE_EDIT,
        P.ACTIVITY_VIEW,
        P.CAMPAIGN_VIEW,
        P.REPORT_VIEW,
        P.REPORT_WRITE,
        P.DEED_WRITE,
        P.CONTACT_VIEW,
        P.DUTY_VIEW,
        P.VOTER_REPORT_VIEW,
        P.VOTER_REPORT_WRITE,
        P.SUGGESTION_VIEW,
        P.SUGGESTION_WRITE,
        P.SUGGESTION_COSIGN,
        P.SUGGESTION_RATE,
        P.OPINION_VIEW,
        P.OPINION_RECORD,
        P.OPINION_ANSWER,
        P.PROGRAMME_VIEW,
        P.PROPOSAL_WRITE,
        P.CANDIDATE_COMMENT,
        P.BALLOT_CAST,
        P.PROJECT_INSPECT,
        P.HOTLINE_REPORT,
    }
)

#: OAuth scope → what a machine client (接口客户端) that holds it may do. A scope that is missing permits nothing.
SCOPE_PERMISSIONS: dict[str, Permission] = {
    "hotline.orders:write": P.HOTLINE_ORDERS_WRITE,
    "hotline.orders:read": P.HOTLINE_ORDERS_READ,
    "hotline.reports:read": P.HOTLINE_REPORTS_READ,
    "hotline.reports:write": P.HOTLINE_REPORTS_WRITE,
}

#: Roles that may not be held together by one person (等保: the three administrators apart).
EXCLUSIVE_ROLES: frozenset[Role] = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})


def permissions_for(kind: OrganisationKind, role: Role) -> frozenset[Permission]:
    """The permissions of a role in an organisation of this kind; empty when the pair is unknown."""
    return ROLE_PERMISSIONS.get((kind, role), frozenset())


def permissions_of_scopes(scopes: Iterable[str]) -> frozenset[Permission]:
    """What these OAuth scopes permit; unknown ones permit nothing."""
    return frozenset(SCOPE_PERMISSIONS[scope] for scope in scopes if scope in SCOPE_PERMISSIONS)
