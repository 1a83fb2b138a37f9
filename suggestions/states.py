"""The states of a suggestion, of a transfer and of an opinion, and their one transition table each.

The guards of a table look only at the object they are given; services lock and load it first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from liaison.exceptions import DomainError, IllegalTransition, NotAllowed
from liaison.permissions import Permission as P  # noqa: N817  (the table stays readable)
from liaison.transitions import Guard, Transition, TransitionTable

if TYPE_CHECKING:
    from liaison.actor import Actor
    from suggestions.models import Opinion, Suggestion, Transfer


class SuggestionStatus(models.TextChoices):
    """Where a suggestion (代表建议) stands."""

    DRAFT = "draft", "草稿"
    DISCARDED = "discarded", "已删除草稿"
    SUBMITTED = "submitted", "待登记"
    RETURNED = "returned", "退回修改"
    REFUSED = "refused", "不予受理"
    REGISTERED = "registered", "待交办"
    ASSIGNED = "assigned", "待签收"
    HANDLING = "handling", "办理中"
    ANSWERED = "answered", "已答复待评价"
    REWORK = "rework", "重新办理"
    COORDINATING = "coordinating", "协调督办"
    CLOSED = "closed", "已办结"


class TransferStatus(models.TextChoices):
    """Where a transfer to the procuratorate (转交检察机关的线索) stands."""

    MARKED = "marked", "待批准转交"
    REJECTED = "rejected", "未予转交"
    TRANSFERRED = "transferred", "待签收"
    RECEIVED = "received", "审查中"
    NEEDS_INFO = "needs_info", "待补充线索"
    FILED = "filed", "转化立案"
    DECLINED = "declined", "不转化"
    ALREADY_HANDLING = "already_handling", "已在办"
    RECOMMENDED = "recommended", "已发检察建议"
    AGENCY_ANSWERED = "agency_answered", "行政机关已回复"
    RECTIFIED = "rectified", "已整改"
    SUED = "sued", "提起诉讼"
    CLOSED = "closed", "已办结"


class OpinionStatus(models.TextChoices):
    """Where an opinion (社情民意) stands."""

    RECEIVED = "received", "待分办"
    DEPUTY = "deputy", "代表答复中"
    UNIT = "unit", "承办单位办理中"
    HOTLINE = "hotline", "拟转12345"
    SUGGESTION = "suggestion", "已转为建议"
    ANSWERED = "answered", "已答复"
    CLOSED = "closed", "已办结"


S = SuggestionStatus
T = TransferStatus
O = OpinionStatus  # noqa: E741


def _is_lead(suggestion: Suggestion, actor: Actor) -> None:
    if not actor.is_system and suggestion.lead_person_id != actor.person_id:
        raise NotAllowed("只有领衔代表可以办理这一步。")


def _is_office(subject: Suggestion | Transfer, actor: Actor) -> None:
    if not actor.is_system and subject.office_id != actor.organisation_id:
        raise NotAllowed("这件建议由其他人大工作机构办理，您可以查看，不能代为办理。")


def _is_current_unit(suggestion: Suggestion, actor: Actor) -> None:
    if not actor.is_system and suggestion.main_unit_id != actor.organisation_id:
        raise NotAllowed("贵单位不是这件建议的主办单位。")


def _is_procuratorate(transfer: Transfer, actor: Actor) -> None:
    if not actor.is_system and transfer.procuratorate_id != actor.organisation_id:
        raise NotAllowed("这条线索转交给了其他检察院。")


def _first_round(suggestion: Suggestion, actor: Actor) -> None:
    _is_lead(suggestion, actor)
    if suggestion.round != 1:
        raise DomainError("已经重新办理过一次，再次不满意时由人大工作机构召开协调会。", code="second_dissatisfaction")


def _second_round(suggestion: Suggestion, actor: Actor) -> None:
    _is_lead(suggestion, actor)
    if suggestion.round < 2:
        raise DomainError("第一次评价不满意时先由承办单位重新办理。", code="first_dissatisfaction")


def _t(name: str, label: str, sources: list[str], target: str, permission: P, guard: Guard | None) -> Transition:
    return Transition(name, label, frozenset(sources), target, permission, guard)


#: Rulebook section 1. Closing a suggestion never closes its transfer, nor the other way round.
SUGGESTION_TRANSITIONS = TransitionTable(
    SuggestionStatus,
    [
        _t("submit", "提交", [S.DRAFT, S.RETURNED], S.SUBMITTED, P.SUGGESTION_WRITE, _is_lead),
        _t("discard", "删除草稿", [S.DRAFT, S.RETURNED], S.DISCARDED, P.SUGGESTION_WRITE, _is_lead),
        _t("return", "退回修改", [S.SUBMITTED], S.RETURNED, P.SUGGESTION_SORT, _is_office),
        _t("refuse", "不予受理", [S.SUBMITTED], S.REFUSED, P.SUGGESTION_REFUSE, _is_office),
        _t("register", "登记编号", [S.SUBMITTED], S.REGISTERED, P.SUGGESTION_SORT, _is_office),
        _t("assign", "交办", [S.REGISTERED], S.ASSIGNED, P.SUGGESTION_SORT, _is_office),
        _t("sign", "签收", [S.ASSIGNED], S.HANDLING, P.SUGGESTION_SIGN, _is_current_unit),
        _t("answer", "答复", [S.HANDLING, S.REWORK], S.ANSWERED, P.SUGGESTION_ANSWER, _is_current_unit),
        _t("accept", "评价", [S.ANSWERED], S.CLOSED, P.SUGGESTION_RATE, _is_lead),
        _t("rework", "评价不满意，重新办理", [S.ANSWERED], S.REWORK, P.SUGGESTION_RATE, _first_round),
        _t("coordinate", "再次不满意，协调督办", [S.ANSWERED], S.COORDINATING, P.SUGGESTION_RATE, _second_round),
        _t("close_unrated", "未评价办结", [S.ANSWERED], S.CLOSED, P.SUGGESTION_CLOSE, _is_office),
        _t("conclude", "协调后办结", [S.COORDINATING], S.CLOSED, P.SUGGESTION_CLOSE, _is_office),
    ],
)

#: A suggestion with a number may be marked as touching public interest, whatever its handling has come to.
MARKABLE_STATES = frozenset({S.REGISTERED, S.ASSIGNED, S.HANDLING, S.ANSWERED, S.REWORK, S.COORDINATING, S.CLOSED})


def check_markable(suggestion: Suggestion, actor: Actor) -> None:
    """Whether this actor may mark the suggestion for the procuratorate now (标记公益线索).

    Raises:
        NotAllowed: the actor lacks the permission, or another office keeps the suggestion.
        IllegalTransition: the suggestion has no number yet, or was refused.
    """
    actor.require(P.TRANSFER_MARK)
    _is_office(suggestion, actor)
    if suggestion.status not in MARKABLE_STATES:
        present = S(suggestion.status).label
        raise IllegalTransition(f"这件建议当前是“{present}”，登记编号后才能标记公益线索。", code="not_markable")


#: Rulebook section 2 (益阳市办法): transferred → received → opinion within one month → … → closed.
TRANSFER_TRANSITIONS = TransitionTable(
    TransferStatus,
    [
        _t("update", "修改线索", [T.MARKED], T.MARKED, P.TRANSFER_MARK, _is_office),
        _t("approve", "批准转交", [T.MARKED], T.TRANSFERRED, P.TRANSFER_APPROVE, _is_office),
        _t("reject", "不予转交", [T.MARKED], T.REJECTED, P.TRANSFER_APPROVE, _is_office),
        _t("receive", "签收", [T.TRANSFERRED], T.RECEIVED, P.TRANSFER_RECEIVE, _is_procuratorate),
        _t("request_info", "要求补充线索", [T.RECEIVED], T.NEEDS_INFO, P.TRANSFER_OPINE, _is_procuratorate),
        _t("supply", "补充线索", [T.NEEDS_INFO], T.RECEIVED, P.TRANSFER_SUPPLY, _is_office),
        _t("file", "转化立案", [T.RECEIVED], T.FILED, P.TRANSFER_OPINE, _is_procuratorate),
        _t("decline", "不转化", [T.RECEIVED], T.DECLINED, P.TRANSFER_OPINE, _is_procuratorate),
        _t("already", "已在办", [T.RECEIVED], T.ALREADY_HANDLING, P.TRANSFER_OPINE, _is_procuratorate),
        _t("recommend", "制发检察建议", [T.FILED], T.RECOMMENDED, P.TRANSFER_OPINE, _is_procuratorate),
        _t("agency_answer", "行政机关回复", [T.RECOMMENDED], T.AGENCY_ANSWERED, P.TRANSFER_OPINE, _is_procuratorate),
        _t("rectify", "整改到位", [T.AGENCY_ANSWERED], T.RECTIFIED, P.TRANSFER_OPINE, _is_procuratorate),
        _t("sue", "提起诉讼", [T.RECOMMENDED, T.AGENCY_ANSWERED], T.SUED, P.TRANSFER_OPINE, _is_procuratorate),
        _t("close", "办结", [T.RECTIFIED, T.SUED, T.ALREADY_HANDLING], T.CLOSED, P.TRANSFER_OPINE, _is_procuratorate),
    ],
)


def _handles(opinion: Opinion, actor: Actor) -> None:
    """The opinion's office, as long as the opinion goes its own way."""
    if not actor.is_system and opinion.office_id != actor.organisation_id:
        raise NotAllowed("这件社情民意由其他人大工作机构办理，您可以查看，不能代为办理。")
    if opinion.same_as_id is not None:
        raise DomainError("这一件已归入同类事项，请在牵头的一件上办理，答复会一并告知。", code="grouped")


def _asked_deputy(opinion: Opinion, actor: Actor) -> None:
    if not actor.is_system and opinion.mandate_id not in actor.mandate_ids:
        raise NotAllowed("这件社情民意没有交给您答复。")


def _any_deputy(opinion: Opinion, actor: Actor) -> None:
    """Whoever of the deputies sees it may take it: those of its station, and who brought it."""
    if not actor.is_deputy:
        raise NotAllowed("只有人大代表可以办理这一步。")
    if opinion.same_as_id is not None:
        raise DomainError("这一件已归入同类事项，答复会一并告知。", code="grouped")
    if opinion.status == O.DEPUTY:
        _asked_deputy(opinion, actor)


def _handling_unit(opinion: Opinion, actor: Actor) -> None:
    if not actor.is_system and opinion.unit_id != actor.organisation_id:
        raise NotAllowed("贵单位不是这件社情民意的承办单位。")


def _passes_on(opinion: Opinion, actor: Actor) -> None:
    """Who handed it to the hotline tells the person: the deputy, or the office."""
    if actor.is_deputy:
        if opinion.mandate_id not in actor.mandate_ids:
            raise NotAllowed("这件社情民意不是您转12345的，由转办的代表或者工作人员转告。")
    else:
        _handles(opinion, actor)


def _once_more(opinion: Opinion, actor: Actor) -> None:
    """The person themselves (by receipt code), or the office for somebody who phones."""
    if not (actor.is_system or actor.is_anonymous) and opinion.office_id != actor.organisation_id:
        raise NotAllowed("由反映人凭回执码提出，或由办理机构代为登记。")
    if opinion.reopened:
        raise DomainError("已经重新办理过一次。如仍有新的情况，请另行反映。", code="reopened_before")


#: Rulebook section 4: answered on the spot, by a deputy, handed over, to 12345, made a suggestion, or closed with
#: a reason; "not solved" opens it again, once.
OPINION_TRANSITIONS = TransitionTable(
    OpinionStatus,
    [
        _t("answer", "答复", [O.RECEIVED, O.DEPUTY, O.HOTLINE], O.ANSWERED, P.OPINION_SORT, _handles),
        _t("assign_deputy", "请代表答复", [O.RECEIVED, O.DEPUTY, O.HOTLINE], O.DEPUTY, P.OPINION_SORT, _handles),
        _t("hand_over", "交办单位", [O.RECEIVED, O.DEPUTY, O.HOTLINE], O.UNIT, P.OPINION_SORT, _handles),
        _t("prepare_hotline", "拟转12345", [O.RECEIVED, O.DEPUTY], O.HOTLINE, P.OPINION_SORT, _handles),
        _t("recall", "收回重新分办", [O.DEPUTY, O.UNIT, O.HOTLINE], O.RECEIVED, P.OPINION_SORT, _handles),
        _t(
            "close",
            "办结",
            [O.RECEIVED, O.DEPUTY, O.UNIT, O.HOTLINE, O.ANSWERED],
            O.CLOSED,
            P.OPINION_SORT,
            _handles,
        ),
        _t("take", "我来答复", [O.RECEIVED], O.DEPUTY, P.OPINION_ANSWER, _any_deputy),
        _t("deputy_answer", "代表答复", [O.DEPUTY], O.ANSWERED, P.OPINION_ANSWER, _asked_deputy),
        _t("pass_back", "退回分办", [O.DEPUTY], O.RECEIVED, P.OPINION_ANSWER, _asked_deputy),
        _t("make_suggestion", "转为代表建议", [O.RECEIVED, O.DEPUTY], O.SUGGESTION, P.SUGGESTION_WRITE, _any_deputy),
        _t("unit_answer", "单位答复", [O.UNIT], O.ANSWERED, P.OPINION_ANSWER, _handling_unit),
        _t("report_hotline", "转12345", [O.RECEIVED, O.DEPUTY], O.HOTLINE, P.HOTLINE_REPORT, _any_deputy),
        _t("hotline_pass", "转告热线的答复", [O.HOTLINE], O.ANSWERED, P.HOTLINE_REPORT, _passes_on),
        _t("hotline_back", "热线不予受理，重新分办", [O.HOTLINE], O.RECEIVED, P.OPINION_SORT, None),
        _t("hotline_again", "没有解决，热线重办", [O.ANSWERED, O.CLOSED], O.HOTLINE, P.OPINION_SORT, None),
        _t("suggestion_answer", "建议已答复", [O.SUGGESTION], O.ANSWERED, P.OPINION_SORT, None),
        _t("suggestion_back", "建议未办理，重新分办", [O.SUGGESTION], O.RECEIVED, P.OPINION_SORT, None),
        _t("rate", "评价", [O.ANSWERED], O.CLOSED, P.OPINION_RECORD, None),
        _t("reopen", "反映未解决", [O.ANSWERED, O.CLOSED], O.RECEIVED, P.OPINION_RECORD, _once_more),
    ],
)
