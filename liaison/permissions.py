"""The one table from role to permission (rulebook section 7: least privilege, three administrators apart).

A permission is a verb on a noun. Faces and services ask ``actor.can(Permission.X)``;
nobody compares roles.
"""

from __future__ import annotations

from django.db import models


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
    # kernel
    CALENDAR_EDIT = "calendar.edit", "维护工作日历"
    REMINDER_EDIT = "reminder.edit", "设置提醒规则"
    ORGANISATION_EDIT = "organisation.edit", "维护机构"
    USER_EDIT = "user.edit", "维护用户账号"
    POSTING_EDIT = "posting.edit", "分配岗位角色"
    SECURITY_EDIT = "security.edit", "安全策略与解锁"
    AUDIT_VIEW = "audit.view", "查看审计记录"


P = Permission

_CONGRESS_VIEW = frozenset(
    {P.DEPUTY_VIEW, P.STATION_VIEW, P.SUGGESTION_VIEW, P.OPINION_VIEW, P.TRANSFER_VIEW, P.PROGRAMME_VIEW}
)
_CONGRESS_HANDLE = _CONGRESS_VIEW | {
    P.DEPUTY_EDIT,
    P.DEPUTY_IMPORT,
    P.DEPUTY_EXPORT,
    P.DEPUTY_UNMASK,
    P.STATION_EDIT,
    P.SUGGESTION_SORT,
    P.SUGGESTION_CLOSE,
    P.OPINION_RECORD,
    P.OPINION_SORT,
    P.TRANSFER_MARK,
    P.TRANSFER_SUPPLY,
    P.PROGRAMME_EDIT,
    P.ROUND_RUN,
    P.PROJECT_INSPECT,
    P.CALENDAR_EDIT,
}
_UNIT_VIEW = frozenset({P.SUGGESTION_VIEW, P.OPINION_VIEW, P.PROGRAMME_VIEW})
_UNIT_HANDLE = _UNIT_VIEW | {
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
    | {P.SUGGESTION_REFUSE, P.TRANSFER_APPROVE, P.PROGRAMME_APPROVE, P.REMINDER_EDIT},
    (OrganisationKind.CONGRESS, Role.SYSTEM_ADMIN): frozenset({P.ORGANISATION_EDIT, P.USER_EDIT, P.REMINDER_EDIT}),
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
    }
)

#: Roles that may not be held together by one person (等保: the three administrators apart).
EXCLUSIVE_ROLES: frozenset[Role] = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})


def permissions_for(kind: OrganisationKind, role: Role) -> frozenset[Permission]:
    """The permissions of a role in an organisation of this kind; empty when the pair is unknown."""
    return ROLE_PERMISSIONS.get((kind, role), frozenset())
