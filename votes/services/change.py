"""Changes of a project (项目调整): asked for by the unit, decided by the standing committee or the presidium."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from liaison.dates import cn_date
from liaison.exceptions import DomainError, NotFound
from liaison.permissions import Permission, Role
from liaison.services.deadline import deadline_move
from liaison.services.history import record_state_change
from votes.models import ProjectChange
from votes.selectors.change import FIELD_NAMES, STOP, change_lines, value_text
from votes.selectors.project_periods import FINISH_DEADLINE
from votes.services.project_clocks import close_demand_clocks, close_work_clocks
from votes.services.project_input import clean, keep_files, past_day, refuse, require_text
from votes.services.project_locking import lock_project, must_be_unit, touch
from votes.services.project_people import audit, office_people, tell, unit_people, watchers
from votes.states import CHANGE_TRANSITIONS, PROJECT_TRANSITIONS, ChangeStatus, ProjectStatus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile

    from liaison.actor import Actor
    from votes.models import Project

REASON_SLOT, DECISION_SLOT = "change_material", "change_decision"


@transaction.atomic
def change_request(
    *,
    actor: Actor,
    project_public_id: UUID,
    version: int | None,
    values: Mapping[str, Any],
    reason: str,
    uploads: Sequence[UploadedFile[Any]] = (),
) -> ProjectChange:
    """The unit asks that a project be changed, or stopped (申请项目调整).

    Args:
        values: any of content, place, investment (万元), finish_on; or ``stop`` alone. What is left out, or the
            same as now, stays.

    Raises:
        InvalidInput: nothing would change, or a value cannot be; messages by field.
        DomainError: a change waits for its decision already (``change_open``), or the project is over.
    """
    project = lock_project(actor, project_public_id, version=version)
    actor.require(Permission.PROJECT_REPORT)
    must_be_unit(project, actor)
    if project.status != ProjectStatus.UNDERWAY:
        raise DomainError(f"项目{project.get_status_display()}，不能再调整。", code="project_over")
    if project.changes.filter(status=ChangeStatus.REQUESTED).exists():
        raise DomainError("已经有一项调整在审批，请等审批以后再提。", code="change_open")
    wanted = _wanted(project, values)
    reason = require_text(reason, "reason", "请写明调整的理由。")
    change = ProjectChange(
        project=project,
        wanted=wanted,
        before={} if STOP in wanted else {name: _text(getattr(project, name)) for name in wanted},
        reason=reason,
        requested_by_id=actor.account_id,
    )
    clean(change, "调整申请还没有填好。", skip=("project", "requested_by"))
    change.save()
    keep_files(actor, change, uploads, slot=REASON_SLOT)
    lines = "；".join(change_lines(change))
    record_state_change(
        actor=actor,
        obj=change,
        act="request",
        label="申请项目调整",
        old="",
        new=change.status,
        reason=f"{lines}。理由：{reason}",
    )
    audit(actor, project, "change.request", change, wanted=wanted)
    tell(
        actor,
        office_people(project, roles=[Role.APPROVER]) or office_people(project),
        f"项目调整待审批：{project.name}",
        body=lines,
        url=project.get_absolute_url(),
        task=True,
    )
    return change


def _wanted(project: Project, values: Mapping[str, Any]) -> dict[str, str]:
    """The fields that would change, as text."""
    if values.get(STOP):
        return {STOP: "1"}
    wanted: dict[str, str] = {}
    fields: dict[str, str] = {}
    for name in FIELD_NAMES:
        value = values.get(name)
        if isinstance(value, str):
            value = value.replace("\r\n", "\n").strip()
        if value in (None, "") or value == getattr(project, name):
            continue
        wanted[name] = _text(value)
    if "investment" in wanted:
        amount = Decimal(wanted["investment"])
        if amount <= 0:
            fields["investment"] = "投资额应大于0。"
        elif amount < project.money_used:
            fields["investment"] = f"投资额不能少于已使用的{value_text('investment', project.money_used)}。"
    if "finish_on" in wanted and dt.date.fromisoformat(wanted["finish_on"]) < timezone.localdate():
        fields["finish_on"] = "新的完成时间不能早于今天。"
    refuse("调整申请还没有填好。", fields)
    if not wanted:
        refuse("没有要调整的内容。", {"content": "建设内容、地点、投资额和完成时间都没有变化，请改动要调整的一项。"})
    return wanted


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _lock_change(actor: Actor, project_public_id: UUID, public_id: UUID) -> ProjectChange:
    project = lock_project(actor, project_public_id)
    change = project.changes.select_for_update().filter(public_id=public_id).first()
    if change is None:
        raise NotFound
    change.project = project
    return change


@transaction.atomic
def change_approve(
    *,
    actor: Actor,
    project_public_id: UUID,
    public_id: UUID,
    deciding_body: str,
    decision: str,
    decided_on: dt.date | None,
    note: str = "",
    uploads: Sequence[UploadedFile[Any]] = (),
) -> ProjectChange:
    """Record that the deciding body approved (批准调整): the new values hold, the deadlines move.

    Args:
        deciding_body: 人大常委会 of a county, 主席团 of a township (rulebook section 3).
        decision: number of the document, or the meeting.
        decided_on: not before the request, not after today.
    """
    change = _lock_change(actor, project_public_id, public_id)
    project = change.project
    CHANGE_TRANSITIONS.check(change, "approve", actor)
    _decide(change, deciding_body, decision, decided_on, note, needs_decision=True)
    lines = "；".join(change_lines(change))
    CHANGE_TRANSITIONS.apply(change, "approve", actor, reason=f"{_decided_by(change)}批准：{lines}")
    change.save()
    keep_files(actor, change, uploads, slot=DECISION_SLOT)
    _apply(actor, project, change, lines)
    audit(actor, project, "change.approve", change, before=change.before, wanted=change.wanted)
    tell(
        actor,
        [*unit_people(project), *watchers(project)],
        f"项目{'终止' if STOP in change.wanted else '调整'}已批准：{project.name}",
        body=f"{_decided_by(change)}批准：{lines}",
        url=project.get_absolute_url(),
    )
    return change


def _apply(actor: Actor, project: Project, change: ProjectChange, lines: str) -> None:
    """Let the project be as was approved; its history shows old → new."""
    reason = f"{lines}（{_decided_by(change)}）"
    if STOP in change.wanted:
        PROJECT_TRANSITIONS.apply(project, "stop", actor, reason=f"{change.reason}（{_decided_by(change)}）")
        touch(project)
        close_work_clocks(actor, project, reason="项目经批准终止")
        close_demand_clocks(actor, project, reason="项目经批准终止")
        return
    for name, text in change.wanted.items():
        value: Any = text
        if name == "investment":
            value = Decimal(text)
        elif name == "finish_on":
            value = dt.date.fromisoformat(text)
        setattr(project, name, value)
    clean(project, "调整后的内容不能保存。", skip=("programme", "candidate", "office", "unit"))
    touch(project, *change.wanted)
    record_state_change(
        actor=actor,
        obj=project,
        act="change",
        label="项目调整",
        old=project.status,
        new=project.status,
        reason=reason,
    )
    if "finish_on" in change.wanted:
        deadline_move(
            actor=actor, subject=project, kind=FINISH_DEADLINE, fixed_on=project.finish_on, reason=_decided_by(change)
        )


@transaction.atomic
def change_refuse(
    *,
    actor: Actor,
    project_public_id: UUID,
    public_id: UUID,
    deciding_body: str,
    decided_on: dt.date | None,
    note: str,
    decision: str = "",
) -> ProjectChange:
    """Record that the change was not approved (不批准调整), with the reason.

    Raises:
        InvalidInput: no reason, no body, or a day that cannot be.
    """
    change = _lock_change(actor, project_public_id, public_id)
    project = change.project
    CHANGE_TRANSITIONS.check(change, "refuse", actor)
    require_text(note, "note", "请写明不批准的理由，责任单位会看到。")
    _decide(change, deciding_body, decision, decided_on, note, needs_decision=False)
    CHANGE_TRANSITIONS.apply(change, "refuse", actor, reason=change.decision_note)
    change.save()
    audit(actor, project, "change.refuse", change)
    tell(
        actor,
        unit_people(project),
        f"项目调整未获批准：{project.name}",
        body=f"理由：{change.decision_note}",
        url=project.get_absolute_url(),
    )
    return change


def _decide(
    change: ProjectChange, body: str, decision: str, decided_on: dt.date | None, note: str, *, needs_decision: bool
) -> None:
    fields: dict[str, str] = {}
    if not body.strip():
        fields["deciding_body"] = "请填写审批机关。"
    if needs_decision and not decision.strip():
        fields["decision"] = "请填写审批文号或会议名称。"
    requested_on = timezone.localdate(change.created_at)
    if fault := past_day(decided_on, "审批日期", not_before=requested_on, what="申请日期"):
        fields["decided_on"] = fault
    refuse("审批情况还没有填好。", fields)
    change.deciding_body, change.decision = body.strip(), decision.strip()
    change.decided_on, change.decision_note = decided_on, note.strip()
    clean(change, "审批情况还没有填好。", names={"decision_note": "note"}, skip=("project", "requested_by"))


def _decided_by(change: ProjectChange) -> str:
    day = cn_date(change.decided_on) if change.decided_on else ""
    return f"{day}{change.deciding_body}{f'，{change.decision}' if change.decision else ''}"
