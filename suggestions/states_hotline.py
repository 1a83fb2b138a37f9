"""The states of a matter at the 12345 hotline, in both directions; one transition table for what deputies report.

Of an order (工单) that the hotline sends us we keep the state that the hotline says: its steps are the hotline's own,
so there is no table for it. A report (转办单) goes by the table: the hotline's events and the deputy's word move it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from liaison.exceptions import DomainError, NotAllowed
from liaison.permissions import Permission as P  # noqa: N817  (the table stays readable)
from liaison.transitions import Transition, TransitionTable

if TYPE_CHECKING:
    from liaison.actor import Actor
    from suggestions.models import HotlineReport


class OrderState(models.TextChoices):
    """Where the hotline says that an order (工单) stands."""

    ACCEPTED = "accepted", "已受理"
    NOT_ACCEPTED = "not_accepted", "不受理"
    DISPATCHED = "dispatched", "已派单"
    SIGNED = "signed", "已签收"
    HANDLING = "handling", "办理中"
    RETURNED = "returned", "已退单"
    REPLIED = "replied", "已反馈"
    CALLED_BACK = "called_back", "已回访"
    REOPENED = "reopened", "重办中"
    FINISHED = "finished", "已办结"


class OrderStep(models.TextChoices):
    """What happened to an order on its way (rulebook section 5)."""

    ACCEPTED = "accepted", "受理"
    NOT_ACCEPTED = "not_accepted", "不受理"
    DISPATCHED = "dispatched", "派单"
    SIGNED = "signed", "签收"
    HANDLING = "handling", "办理"
    REPLIED = "replied", "反馈"
    CALLED_BACK = "called_back", "回访"
    FINISHED = "finished", "办结"
    RETURNED = "returned", "退单"
    EXTENDED = "extended", "延期"
    REOPENED = "reopened", "重办"
    SUPERVISED = "supervised", "督办"


class ReportStatus(models.TextChoices):
    """Where a report to the hotline (转12345办理) stands."""

    SUBMITTED = "submitted", "待热线受理"
    WITHDRAWN = "withdrawn", "已撤回"
    NOT_ACCEPTED = "not_accepted", "热线不予受理"
    ACCEPTED = "accepted", "热线已受理"
    DISPATCHED = "dispatched", "已派单待签收"
    SIGNED = "signed", "承办单位办理中"
    RETURNED = "returned", "已退单待重派"
    REPLIED = "replied", "已反馈"
    CALLED_BACK = "called_back", "已回访"
    REOPENED = "reopened", "要求重办"
    FINISHED = "finished", "已办结"


class ReportEvent(models.TextChoices):
    """What the hotline tells of a report."""

    ACCEPTED = "accepted", "受理"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    DISPATCHED = "dispatched", "派单"
    SIGNED = "signed", "签收"
    RETURNED = "returned", "退单"
    EXTENDED = "extended", "延期"
    REPLIED = "replied", "反馈"
    CALLED_BACK = "called_back", "回访"
    REOPENED = "reopened", "重办"
    FINISHED = "finished", "办结"


R = ReportStatus

#: There is something to pass on to the person.
ANSWERED_STATES = (R.REPLIED, R.CALLED_BACK, R.FINISHED)
#: The hotline works on it, or is asked to.
LIVE_STATES = (R.SUBMITTED, R.ACCEPTED, R.DISPATCHED, R.SIGNED, R.RETURNED, R.REOPENED)


def _of_the_reporter(report: HotlineReport, actor: Actor) -> None:
    """The deputy who reported it, or the office that handed it over."""
    if actor.is_system:
        return
    mine = report.mandate_id in actor.mandate_ids if actor.is_deputy else report.office_id == actor.organisation_id
    if not mine:
        raise NotAllowed("这件由其他代表或者机构转办，您可以查看，不能代为办理。")


def _once_more(report: HotlineReport, actor: Actor) -> None:
    _of_the_reporter(report, actor)
    if report.reopened:
        raise DomainError("已经要求热线重办过一次。如仍有新的情况，请另行登记、转办。", code="reopened_before")


def _t(name: str, label: str, sources: tuple[str, ...], target: str, permission: P, guard: object = None) -> Transition:
    return Transition(name, label, frozenset(sources), target, permission, guard)  # type: ignore[arg-type]


_W = P.HOTLINE_REPORTS_WRITE
#: Rulebook section 5: 受理 / 不受理 → 派单 → 签收 → 办理 → 反馈 → 回访 → 办结, with 退单, 延期, 重办. A step that the
#: hotline tells has the event's name.
REPORT_TRANSITIONS = TransitionTable(
    ReportStatus,
    [
        _t("accepted", "热线受理", (R.SUBMITTED,), R.ACCEPTED, _W),
        _t("not_accepted", "热线不予受理", (R.SUBMITTED,), R.NOT_ACCEPTED, _W),
        _t("dispatched", "热线派单", (R.ACCEPTED, R.RETURNED, R.REOPENED), R.DISPATCHED, _W),
        _t("signed", "承办单位签收", (R.DISPATCHED,), R.SIGNED, _W),
        _t("returned", "承办单位退单", (R.DISPATCHED, R.SIGNED), R.RETURNED, _W),
        _t("extended", "延期", (R.SIGNED,), R.SIGNED, _W),
        _t("replied", "热线反馈", (R.SIGNED,), R.REPLIED, _W),
        _t("called_back", "热线回访", (R.REPLIED,), R.CALLED_BACK, _W),
        _t("reopened", "热线重办", (R.REPLIED, R.CALLED_BACK, R.FINISHED), R.REOPENED, _W),
        _t("finished", "热线办结", (R.REPLIED, R.CALLED_BACK, R.REOPENED), R.FINISHED, _W),
        _t("withdraw", "撤回转办", (R.SUBMITTED,), R.WITHDRAWN, P.HOTLINE_REPORT, _of_the_reporter),
        _t("unsolved", "没有解决，要求重办", ANSWERED_STATES, R.REOPENED, P.HOTLINE_REPORT, _once_more),
    ],
)


def events_open_to(status: str) -> list[str]:
    """The events that the hotline may tell of a report in this state, in the table's order."""
    named = set(ReportEvent.values)
    return [step.name for step in REPORT_TRANSITIONS.rows() if step.name in named and status in step.sources]
