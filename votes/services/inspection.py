"""Inspections (监督检查): recorded by a supervision group, answered by the unit, checked by the group."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from liaison.dates import cn_date
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.permissions import Permission
from liaison.selectors.history import last_act_text
from liaison.services.deadline import deadline_meet
from liaison.services.history import record_state_change
from votes.models import Inspection
from votes.selectors.inspection import groups_for, may_inspect
from votes.selectors.project_periods import ANSWER_DEADLINE
from votes.services.inspection_duty import inspection_duty
from votes.services.project_clocks import open_clock
from votes.services.project_input import (
    PICTURE_SLOT,
    check_pictures,
    clean,
    keep_files,
    past_day,
    refuse,
    require_text,
)
from votes.services.project_locking import lock_project
from votes.services.project_people import audit, deputies_in, office_people, tell, unit_people
from votes.states import INSPECTION_TRANSITIONS, InspectionStatus, ProjectStatus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile

    from liaison.actor import Actor

ANSWER_SLOT, CHECK_SLOT = "answer", "check"


@transaction.atomic
def inspection_record(
    *,
    actor: Actor,
    project_public_id: UUID,
    values: Mapping[str, Any],
    pictures: Sequence[UploadedFile[Any]] = (),
) -> Inspection:
    """Record an inspection (登记监督检查), by a member of the group or by the office for it.

    Args:
        values: group (public id), inspected_on, findings, demands, answer_by (with demands only).
        pictures: at most nine.

    Raises:
        NotAllowed: neither a member of a group of this project, nor its office.
        InvalidInput: something is missing or cannot be; messages by field.
        DomainError: the project was stopped (``project_over``).
    """
    project = lock_project(actor, project_public_id)
    actor.require(Permission.PROJECT_INSPECT)
    groups = groups_for(actor, project)
    if not groups:
        raise NotAllowed("这个项目由监督小组的代表检查，您不在监督这个项目的小组里。")
    if project.status == ProjectStatus.STOPPED:
        raise DomainError("项目已经批准终止，不再检查。", code="project_over")
    inspection = Inspection(project=project, recorded_by_id=actor.account_id)
    inspection.findings = (values.get("findings") or "").strip()
    inspection.demands = (values.get("demands") or "").strip()
    inspection.inspected_on = values.get("inspected_on")  # type: ignore[assignment]
    inspection.answer_by = values.get("answer_by") if inspection.demands else None
    group = next((one for one in groups if one.public_id == values.get("group")), None)
    fields: dict[str, str] = {}
    if group is None:
        fields["group"] = "请选择监督小组。"
    first = dt.date(project.programme.year, 1, 1)
    if fault := past_day(inspection.inspected_on, "检查日期", not_before=first, what="项目年度的第一天"):
        fields["inspected_on"] = fault
    if not inspection.findings:
        fields["findings"] = "请写明检查的情况。"
    if inspection.demands and (fault := _term_fault(inspection.answer_by)):
        fields["answer_by"] = fault
    if not inspection.demands and values.get("answer_by"):
        fields["demands"] = "填写了答复期限，请同时写明整改要求。"
    refuse("检查情况还没有填好，您填写的内容仍在下方。", fields)
    check_pictures(pictures)
    inspection.group = group  # type: ignore[assignment]
    inspection.status = InspectionStatus.DEMANDED if inspection.demands else InspectionStatus.RECORDED
    clean(inspection, "检查情况还没有填好。", skip=("project", "group", "recorded_by"))
    inspection.save()
    record_state_change(
        actor=actor,
        obj=inspection,
        act="record",
        label="监督检查",
        old="",
        new=inspection.status,
        reason=f"要求：{inspection.demands}" if inspection.demands else "",
    )
    keep_files(actor, inspection, pictures, slot=PICTURE_SLOT, field="pictures")
    audit(actor, project, "inspection.record", inspection, demands=bool(inspection.demands))
    inspection_duty(actor, inspection)
    url = inspection.get_absolute_url()
    if inspection.demands and inspection.answer_by is not None:
        open_clock(actor, project, inspection, ANSWER_DEADLINE, inspection.answer_by)
        tell(
            actor,
            unit_people(project),
            f"{inspection.group.name}提出整改要求：{project.name}",
            body=f"请在{cn_date(inspection.answer_by)}前答复。要求：{inspection.demands}",
            url=url,
            task=True,
        )
    else:
        tell(actor, unit_people(project), f"{inspection.group.name}检查了项目：{project.name}", url=url)
    tell(
        actor,
        [*deputies_in([inspection.group]), *office_people(project)],
        f"{inspection.group.name}检查了项目：{project.name}",
        url=url,
    )
    return inspection


def _term_fault(day: dt.date | None) -> str:
    if day is None:
        return "提出整改要求的，请填写答复期限。"
    return "答复期限应在今天之后。" if day <= timezone.localdate() else ""


def lock_inspection(actor: Actor, public_id: UUID, *, version: int | None = None) -> Inspection:
    """The inspection, locked with its project for the rest of the transaction.

    Raises:
        NotFound: no such inspection, or not visible to the actor.
        StaleVersion: somebody changed it in between; the message says who and when.
    """
    project_id = Inspection.objects.visible_to(actor).filter(public_id=public_id).values_list("project__public_id")
    found = project_id.first()
    if found is None or not actor.can(Permission.PROGRAMME_VIEW):
        raise NotFound
    project = lock_project(actor, found[0])
    inspection = project.inspections.select_for_update(of=("self",)).select_related("group").get(public_id=public_id)
    inspection.project = project
    if version is not None and inspection.version != version:
        raise StaleVersion(f"您打开页面之后，这次检查已有变化。您填写的内容仍在下方。{last_act_text(inspection)}")
    return inspection


def _touch(inspection: Inspection, *fields: str) -> None:
    inspection.version += 1
    inspection.save(update_fields=["status", "version", "updated_at", *fields])


@transaction.atomic
def inspection_answer(
    *, actor: Actor, public_id: UUID, version: int | None, answer: str, uploads: Sequence[UploadedFile[Any]] = ()
) -> Inspection:
    """The unit says what was done about the demands (答复整改), with files.

    Raises:
        InvalidInput: nothing was written.
        IllegalTransition: no demand waits for an answer.
    """
    inspection = lock_inspection(actor, public_id, version=version)
    project = inspection.project
    INSPECTION_TRANSITIONS.check(inspection, "answer", actor)
    if project.status == ProjectStatus.STOPPED:
        raise IllegalTransition("项目已经批准终止，不再答复。")
    inspection.answer = require_text(answer, "answer", "请写明整改情况。")
    clean(inspection, "答复还没有填好。", skip=("project", "group", "recorded_by"))
    INSPECTION_TRANSITIONS.apply(inspection, "answer", actor, reason=inspection.answer)
    inspection.answered_at = timezone.now()
    _touch(inspection, "answer", "answered_at")
    keep_files(actor, inspection, uploads, slot=ANSWER_SLOT)
    audit(actor, project, "inspection.answer", inspection)
    deadline_meet(actor=actor, subject=inspection, kind=ANSWER_DEADLINE)
    tell(
        actor,
        [*deputies_in([inspection.group]), *office_people(project)],
        f"{project.unit_name}已答复整改，请核查：{project.name}",
        url=inspection.get_absolute_url(),
        task=True,
    )
    return inspection


@transaction.atomic
def inspection_check(*, actor: Actor, public_id: UUID, version: int | None, note: str = "") -> Inspection:
    """The group finds the demands met (核查销号).

    Raises:
        NotAllowed: neither a member of the group nor the office.
    """
    inspection = lock_inspection(actor, public_id, version=version)
    INSPECTION_TRANSITIONS.check(inspection, "check", actor)
    _must_inspect(actor, inspection)
    inspection.check_note, inspection.checked_on = note.strip(), timezone.localdate()
    clean(inspection, "核查意见还没有填好。", names={"check_note": "note"}, skip=("project", "group", "recorded_by"))
    INSPECTION_TRANSITIONS.apply(inspection, "check", actor, reason=inspection.check_note)
    _touch(inspection, "check_note", "checked_on")
    audit(actor, inspection.project, "inspection.check", inspection)
    tell(
        actor,
        [*unit_people(inspection.project), *deputies_in([inspection.group]), *office_people(inspection.project)],
        f"整改已核查销号：{inspection.project.name}",
        url=inspection.get_absolute_url(),
    )
    return inspection


@transaction.atomic
def inspection_return(
    *, actor: Actor, public_id: UUID, version: int | None, note: str, answer_by: dt.date | None
) -> Inspection:
    """The group finds the demands not met (退回再整改): the unit answers again by a new day.

    Raises:
        InvalidInput: no reason, or no day after today.
        NotAllowed: neither a member of the group nor the office.
    """
    inspection = lock_inspection(actor, public_id, version=version)
    INSPECTION_TRANSITIONS.check(inspection, "return", actor)
    _must_inspect(actor, inspection)
    fields: dict[str, str] = {}
    if not note.strip():
        fields["note"] = "请写明哪些没有整改到位。"
    if fault := _term_fault(answer_by):
        fields["answer_by"] = fault
    if fields or answer_by is None:
        raise InvalidInput("退回意见还没有填好。", fields=fields)
    inspection.check_note, inspection.answer_by = note.strip(), answer_by
    clean(inspection, "退回意见还没有填好。", names={"check_note": "note"}, skip=("project", "group", "recorded_by"))
    INSPECTION_TRANSITIONS.apply(inspection, "return", actor, reason=inspection.check_note)
    _touch(inspection, "check_note", "answer_by")
    audit(actor, inspection.project, "inspection.return", inspection)
    open_clock(actor, inspection.project, inspection, ANSWER_DEADLINE, answer_by)
    tell(
        actor,
        unit_people(inspection.project),
        f"整改退回，请再次整改：{inspection.project.name}",
        body=f"请在{cn_date(answer_by)}前答复。意见：{inspection.check_note}",
        url=inspection.get_absolute_url(),
        task=True,
    )
    return inspection


def _must_inspect(actor: Actor, inspection: Inspection) -> None:
    if not may_inspect(actor, inspection):
        raise NotAllowed("由检查的监督小组核查，您不在这个小组里。")
