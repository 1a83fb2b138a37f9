"""Milestones of a project (进度节点): set by unit or office, moved or deleted with a reason, done with a day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from liaison.dates import cn_date
from liaison.exceptions import DomainError, IllegalTransition, NotAllowed, NotFound
from liaison.permissions import Permission
from liaison.services.deadline import deadline_cancel, deadline_meet, deadline_move
from liaison.services.history import record_state_change
from votes.models import Milestone
from votes.selectors.project_periods import MILESTONE_DEADLINE
from votes.services.project_clocks import open_clock
from votes.services.project_input import clean, past_day, refuse, require_text
from votes.services.project_locking import lock_project
from votes.services.project_people import audit, office_people, tell, unit_people
from votes.states import ProjectStatus

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor
    from votes.models import Project

#: So many are enough for one year's work.
MOST_MILESTONES = 30
#: ``StateChange.new`` of a milestone, which has no status of its own.
OPEN, DONE, REMOVED = "open", "done", "removed"


def may_set_milestones(actor: Actor, project: Project) -> bool:
    """Whether the actor is of the responsible unit or of the office, and may act for it."""
    if actor.is_system:
        return True
    if actor.is_unit:
        return actor.can(Permission.PROJECT_REPORT) and project.unit_id == actor.organisation_id
    return actor.can(Permission.PROGRAMME_EDIT) and project.office_id == actor.organisation_id


def check_milestones(actor: Actor, project: Project, milestone: Milestone | None = None) -> None:
    """Whether this actor may set milestones of this project now, and change this one.

    Raises:
        NotAllowed: neither the responsible unit nor the office.
        DomainError: the project is over.
        IllegalTransition: the milestone is done already.
    """
    if not may_set_milestones(actor, project):
        raise NotAllowed("进度节点由责任单位或承办的人大机构设置。")
    if project.status != ProjectStatus.UNDERWAY:
        raise DomainError(f"项目{project.get_status_display()}，不再设置进度节点。", code="project_over")
    if milestone is not None and milestone.done_on is not None:
        raise IllegalTransition(f"这个节点已于{cn_date(milestone.done_on)}完成，不能再改。")


def _lock(actor: Actor, project_public_id: UUID) -> Project:
    project = lock_project(actor, project_public_id)
    check_milestones(actor, project)
    return project


def _milestone(project: Project, milestone_id: int) -> Milestone:
    milestone = Milestone.objects.standing().select_for_update().filter(project=project, pk=milestone_id).first()
    if milestone is None:
        raise NotFound
    milestone.project = project
    return milestone


def _check(project: Project, name: str, due_on: dt.date | None, *, own: Milestone | None = None) -> None:
    fields: dict[str, str] = {}
    if not name:
        fields["name"] = "请填写节点名称。"
    elif project.milestones.standing().filter(name=name).exclude(pk=own.pk if own else 0).exists():
        fields["name"] = "这个项目已经有同名的节点。"
    if due_on is None:
        fields["due_on"] = "请填写计划完成的日期。"
    elif due_on.year < project.programme.year and (own is None or due_on != own.due_on):
        fields["due_on"] = f"不能早于{project.programme.year}年1月1日，请核对年份。"
    elif due_on > project.finish_on and (own is None or due_on != own.due_on):
        fields["due_on"] = f"不能晚于项目完成时间（{cn_date(project.finish_on)}）；确需推迟的，请先申请项目调整。"
    refuse("节点还没有填好。", fields)


@transaction.atomic
def milestone_add(*, actor: Actor, project_public_id: UUID, name: str, due_on: dt.date | None) -> Milestone:
    """Set a milestone; its clock runs from today.

    Raises:
        InvalidInput: no name, a name that is there already, or a day after the project's finish day.
        DomainError: there are too many (``too_many``), or the project is over.
    """
    project = _lock(actor, project_public_id)
    name = name.strip()
    if project.milestones.standing().count() >= MOST_MILESTONES:
        raise DomainError(f"一个项目最多{MOST_MILESTONES}个节点。", code="too_many")
    _check(project, name, due_on)
    milestone = Milestone(project=project, name=name)
    milestone.due_on = due_on  # type: ignore[assignment]
    clean(milestone, "节点还没有填好。", skip=("project",))
    milestone.save()
    record_state_change(actor=actor, obj=milestone, act="add", label=f"设置节点“{_called(name)}”", old="", new=OPEN)
    audit(actor, project, "milestone.add", milestone, due_on=str(due_on))
    open_clock(actor, project, milestone, MILESTONE_DEADLINE, milestone.due_on)
    return milestone


@transaction.atomic
def milestone_update(
    *, actor: Actor, project_public_id: UUID, milestone_id: int, name: str, due_on: dt.date | None, reason: str = ""
) -> Milestone:
    """Rename a milestone, or move its day; the history keeps the old one.

    Raises:
        InvalidInput: as for ``milestone_add``, or the day moves without a reason.
        IllegalTransition: it is done already.
    """
    project = _lock(actor, project_public_id)
    milestone = _milestone(project, milestone_id)
    check_milestones(actor, project, milestone)
    name, reason = name.strip(), reason.strip()
    _check(project, name, due_on, own=milestone)
    old_name, old_day = milestone.name, milestone.due_on
    if due_on != old_day and not reason:
        refuse("请写明改期的原因。", {"reason": "日期有变化，请写明改期的原因。"})
    if (name, due_on) == (old_name, old_day):
        return milestone
    milestone.name, milestone.due_on = name, due_on  # type: ignore[assignment]
    clean(milestone, "节点还没有填好。", skip=("project",))
    milestone.save(update_fields=["name", "due_on"])
    told = [f"名称：{old_name} → {name}"] if name != old_name else []
    told += [f"日期：{cn_date(old_day)} → {cn_date(milestone.due_on)}"] if due_on != old_day else []
    change = "；".join([*told, *([f"原因：{reason}"] if reason else [])])
    record_state_change(
        actor=actor, obj=milestone, act="update", label=f"修改节点“{_called(name)}”", old=OPEN, new=OPEN, reason=change
    )
    audit(actor, project, "milestone.update", milestone, old=[old_name, str(old_day)], new=[name, str(due_on)])
    deadline_move(actor=actor, subject=milestone, kind=MILESTONE_DEADLINE, fixed_on=milestone.due_on, reason=reason)
    people = unit_people(project) if actor.is_congress else office_people(project)
    if due_on != old_day:
        tell(
            actor,
            people,
            f"进度节点“{name}”改为{cn_date(milestone.due_on)}：{project.name}",
            body=f"原因：{reason}",
            url=project.get_absolute_url(),
        )
    return milestone


@transaction.atomic
def milestone_remove(*, actor: Actor, project_public_id: UUID, milestone_id: int, reason: str) -> Milestone:
    """Delete a milestone that was not reported done (删除节点): its clock stops, its history stays.

    Raises:
        NotFound: no such milestone, or deleted already.
        InvalidInput: no reason.
        IllegalTransition: it is done already.
    """
    project = _lock(actor, project_public_id)
    milestone = _milestone(project, milestone_id)
    check_milestones(actor, project, milestone)
    reason = require_text(reason, "reason", "请写明删除的原因。")
    milestone.removed_at = timezone.now()
    milestone.save(update_fields=["removed_at"])
    record_state_change(
        actor=actor,
        obj=milestone,
        act="remove",
        label=f"删除节点“{_called(milestone.name)}”",
        old=OPEN,
        new=REMOVED,
        reason=reason,
    )
    audit(actor, project, "milestone.remove", milestone, due_on=str(milestone.due_on))
    deadline_cancel(actor=actor, subject=milestone, kind=MILESTONE_DEADLINE, reason=reason)
    tell(
        actor,
        unit_people(project) if actor.is_congress else office_people(project),
        f"进度节点“{milestone.name}”已删除：{project.name}",
        body=f"原计划{cn_date(milestone.due_on)}完成。原因：{reason}",
        url=project.get_absolute_url(),
    )
    return milestone


@transaction.atomic
def milestone_done(
    *, actor: Actor, project_public_id: UUID, milestone_id: int, done_on: dt.date | None, note: str = ""
) -> Milestone:
    """Report a milestone as done (节点完成).

    Raises:
        InvalidInput: no day, or one after today.
        IllegalTransition: it is done already.
    """
    project = _lock(actor, project_public_id)
    milestone = _milestone(project, milestone_id)
    check_milestones(actor, project, milestone)
    first = dt.date(project.programme.year, 1, 1)
    if fault := past_day(done_on, "完成日期", not_before=first, what="项目年度的第一天"):
        refuse(fault, {"done_on": fault})
    milestone.done_on, milestone.note = done_on, note.strip()
    clean(milestone, "节点还没有填好。", skip=("project",))
    milestone.save(update_fields=["done_on", "note"])
    record_state_change(
        actor=actor,
        obj=milestone,
        act="done",
        label=f"完成节点“{_called(milestone.name)}”",
        old=OPEN,
        new=DONE,
        reason=milestone.note,
    )
    audit(actor, project, "milestone.done", milestone, done_on=str(done_on))
    deadline_meet(actor=actor, subject=milestone, kind=MILESTONE_DEADLINE, at=_noon(milestone.done_on))
    return milestone


def _called(name: str, most: int = 40) -> str:
    """A name short enough for a line of the history."""
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _noon(day: dt.date | None) -> dt.datetime | None:
    """A moment on the day that was reported, so that lateness counts from it and not from the report."""
    if day is None or day == timezone.localdate():
        return None
    return dt.datetime.combine(day, dt.time(12), tzinfo=timezone.get_current_timezone())
