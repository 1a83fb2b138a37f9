"""What the hotline tells of a report: event by event, in the order of the table; told twice it is one."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from liaison.dates import cn_date
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput
from liaison.models.deadline import PeriodUnit
from liaison.permissions import Permission
from liaison.services.deadline import deadline_cancel, deadline_meet, deadline_open
from suggestions.models import HotlineEvent, HotlineOrder, HotlineReport
from suggestions.models.hotline_report import CLOCK_SKEW, complex_or_not
from suggestions.selectors.hotline_settings import settings_of
from suggestions.services.hotline_feed import audit, lock_echo
from suggestions.services.hotline_report import FOLLOWER, lock_report, opinion_back, tell_reporters
from suggestions.states_hotline import REPORT_TRANSITIONS, ReportEvent, events_open_to

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from liaison.actor import Actor

#: Its clocks: the unit answers; the unit takes it or returns it.
REPLY, RETURN = "hotline_reply", "hotline_return"
E = ReportEvent
#: Events that must say something, and what is asked for.
NEEDS_WORDS = {
    E.NOT_ACCEPTED: "不予受理须写明理由，代表会看到。",
    E.RETURNED: "退单须写明理由。",
    E.EXTENDED: "延期须写明理由。",
    E.REPLIED: "反馈须写明办理结果，代表会转告群众。",
    E.REOPENED: "重办须写明理由。",
}
_TITLES = {
    E.ACCEPTED: "热线已受理",
    E.NOT_ACCEPTED: "热线不予受理",
    E.DISPATCHED: "热线已派单",
    E.SIGNED: "承办单位已签收",
    E.RETURNED: "承办单位退单，热线重新派单",
    E.EXTENDED: "承办单位延期",
    E.REPLIED: "热线已反馈，请转告反映人",
    E.CALLED_BACK: "热线已回访",
    E.REOPENED: "热线重新办理",
    E.FINISHED: "热线已办结",
}


class StepNotOpen(IllegalTransition):
    """The event does not fit the report's present state (409); ``extra`` names those that do."""

    code = "illegal_step"

    def __init__(self, message: str, *, status: str, allowed: list[str]) -> None:
        super().__init__(message, fields={"kind": f"现在可以发的事件：{'、'.join(allowed) or '没有'}。"})
        #: Further members of the problem's JSON.
        self.extra = {"present": status, "allowed": allowed}


@dataclass(frozen=True, slots=True)
class Told:
    """A report after an event.

    Args:
        is_new: False when the event was known.
    """

    report: HotlineReport
    event: HotlineEvent
    is_new: bool


@transaction.atomic
def report_event(*, actor: Actor, public_id: UUID, values: Mapping[str, Any]) -> Told:
    """Take in one event of a report.

    Args:
        values: event_id, kind, at, unit, words, until, satisfied, hotline_no, as the serializer checked them.

    Raises:
        NotFound: no report of this client.
        StepNotOpen: the table has no such step now.
        DomainError: the event id was used for something else (``event_id_reused``).
        InvalidInput: by field.
    """
    actor.require(Permission.HOTLINE_REPORTS_WRITE)
    report = lock_report(actor, public_id, in_feed=False)
    digest = _digest(values)
    known = HotlineEvent.objects.filter(client_id=report.client_id, event_id=values["event_id"]).first()
    if known is not None:
        if (known.report_id, known.digest) != (report.pk, digest):
            raise _reused()
        return Told(report, known, is_new=False)
    kind = E(values["kind"])
    _check(report, kind, values)
    reason = values["words"]
    REPORT_TRANSITIONS.apply(report, kind.value, actor, reason=_line(kind, values))
    event = HotlineEvent(
        client_id=report.client_id,
        report=report,
        event_id=values["event_id"],
        kind=kind,
        at=values["at"],
        unit_name=values["unit"],
        words=reason,
        until=values["until"],
        satisfied=values["satisfied"],
        digest=digest,
    )
    try:
        event.save(force_insert=True)
    except IntegrityError as error:  # at this moment another report got an event with this id
        raise _reused() from error
    _take_over(report, kind, values)
    _clocks(actor, report, kind, values)
    report.version += 1
    report.save(
        update_fields=[
            "status", "hotline_no", "unit_name", "reason", "result", "replied_at", "passed_at", "solved",
            "version", "updated_at",
        ]
    )  # fmt: skip
    audit(actor, report, "event", kind=kind.value)
    if kind == E.NOT_ACCEPTED:
        opinion_back(report, reason)
    tell_reporters(report, _TITLES[kind], body=_body(kind, values), task=kind == E.REPLIED)
    return Told(report, event, is_new=True)


def _reused() -> DomainError:
    error = DomainError(
        "这个 event_id 已经用于另一个事件，内容不同，没有保存。请用新的 event_id。", code="event_id_reused"
    )
    error.status = 409
    return error


def _digest(values: Mapping[str, Any]) -> str:
    told = {
        name: one.astimezone(dt.UTC).isoformat() if isinstance(one, dt.datetime) else str(one)
        for name, one in values.items()
    }
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _check(report: HotlineReport, kind: ReportEvent, values: Mapping[str, Any]) -> None:
    if report.status not in REPORT_TRANSITIONS[kind.value].sources:
        allowed = events_open_to(report.status)
        words = "、".join(f"{E(one).label}（{one}）" for one in allowed) or "没有可发的事件"
        raise StepNotOpen(
            f"这件转办当前是“{report.get_status_display()}”，不能再“{kind.label}”。现在可以：{words}。",
            status=report.status,
            allowed=allowed,
        )
    fields: dict[str, str] = {}
    if kind in NEEDS_WORDS and not values["words"]:
        fields["words"] = NEEDS_WORDS[kind]
    if values["at"] > timezone.now() + CLOCK_SKEW:
        fields["at"] = "时间在将来，请核对时钟和时区。"
    elif values["at"] < report.created_at - CLOCK_SKEW:
        fields["at"] = "时间早于转办，请核对时钟和时区。"
    if kind == E.EXTENDED and values["until"] is None:
        fields["until"] = "延期须写明延到哪一天。"
    elif kind == E.EXTENDED and values["until"] <= timezone.localdate():
        fields["until"] = "延期的日期须在今天以后。"
    if fields:
        raise InvalidInput("事件内容不完整，没有保存。", fields=fields)


def _line(kind: ReportEvent, values: Mapping[str, Any]) -> str:
    """What stands under the step in the timeline."""
    parts = [values["unit"], values["words"]]
    if kind == E.EXTENDED and values["until"]:
        parts.append(f"延期至{cn_date(values['until'])}")
    if kind == E.CALLED_BACK and values["satisfied"] is not None:
        parts.append("回访满意" if values["satisfied"] else "回访不满意")
    return "：".join(part for part in parts if part)


def _body(kind: ReportEvent, values: Mapping[str, Any]) -> str:
    """What a notice says besides its title; never the answer itself, which may name people."""
    if kind == E.EXTENDED and values["until"]:
        return f"延期至{cn_date(values['until'])}。"
    return f"承办单位：{values['unit']}。" if values["unit"] else ""


def _take_over(report: HotlineReport, kind: ReportEvent, values: Mapping[str, Any]) -> None:
    if values["hotline_no"]:
        if values["hotline_no"] != report.hotline_no:
            lock_echo(report.client_id, alone=True)
        report.hotline_no = values["hotline_no"]
        # Echo guard: the order may have come before this word that it was made of our report.
        same = HotlineOrder.objects.unscoped(reason="the client's own order")
        same.filter(client_id=report.client_id, order_no=report.hotline_no, report=None).update(report=report)
    if values["unit"] and kind in (E.DISPATCHED, E.SIGNED):
        report.unit_name = values["unit"]
    if kind == E.NOT_ACCEPTED:
        report.reason = values["words"]
    elif kind == E.REPLIED:
        report.result, report.replied_at = values["words"], values["at"]
        report.passed_at = None  # a new answer waits to be passed on
    elif kind == E.REOPENED:
        report.solved = None


def _clocks(actor: Actor, report: HotlineReport, kind: ReportEvent, values: Mapping[str, Any]) -> None:
    """Rulebook section 5: the unit returns an order within a working day of 派单, and answers within five of 签收,
    ten when it is complex; all are agreed with the hotline."""
    at, on = values["at"], timezone.localdate(values["at"])
    common: dict[str, Any] = {
        "actor": FOLLOWER,
        "subject": report,
        "holder": report.client.organisation,
        "supervisor": report.office,
        "starts_on": on,
    }
    agreed = settings_of(report.client_id)
    if kind == E.DISPATCHED:
        deadline_open(kind=RETURN, unit=PeriodUnit.WORKING_DAYS, length=agreed.return_working_days, **common)
    elif kind == E.SIGNED:
        deadline_meet(actor=actor, subject=report, kind=RETURN, at=at)
        length = complex_or_not(agreed, is_complex=report.is_complex)
        deadline_open(kind=REPLY, unit=PeriodUnit.WORKING_DAYS, length=length, **common)
    elif kind == E.RETURNED:
        deadline_meet(actor=actor, subject=report, kind=RETURN, at=at)
        deadline_cancel(actor=actor, subject=report, kind=REPLY, reason="退单，重新派单")
    elif kind == E.EXTENDED:
        deadline_cancel(actor=actor, subject=report, kind=REPLY, reason=f"延期：{values['words']}"[:300])
        deadline_open(kind=REPLY, unit=PeriodUnit.DATE, fixed_on=values["until"], **common)
    elif kind == E.REPLIED:
        deadline_meet(actor=actor, subject=report, kind=REPLY, at=at)
