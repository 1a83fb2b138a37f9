"""The year's programme of a congress: setting it up and changing its plan (rulebook section 3)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction

from deputies.models import Session
from liaison.dates import cn_date
from liaison.exceptions import IllegalTransition, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.models import Organisation, Region
from liaison.models.deadline import PeriodUnit
from liaison.permissions import Permission
from liaison.selectors.history import last_act_text
from liaison.services.audit import record_audit
from liaison.services.deadline import deadline_cancel, deadline_move, deadline_open
from liaison.services.history import record_state_change
from votes.models import Programme
from votes.selectors.programme import CALL_DEADLINE, LIST_DEADLINE, congress_in_force, refusal_of
from votes.services.programme_checks import field_errors
from votes.states import ProgrammeStatus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from liaison.actor import Actor

#: The planned dates in their order, with the words of each.
DATES = {
    "call_from": "征集开始",
    "call_until": "征集截止",
    "list_on": "初定候选项目",
    "vote_on": "会议票决",
    "finish_on": "项目完成",
    "appraise_on": "满意度测评",
}
#: Besides them, what may be changed until the year is closed …
PLAIN = ("introduction", "report_days", "scale", "leader", "contact", "contact_phone", "is_public")
#: … and what is fixed with the list of candidates, for the vote rests on it.
UNTIL_LISTED = ("places", "min_call_days", "extra_percent")
_LISTED_OR_LATER = (
    ProgrammeStatus.LISTED,
    ProgrammeStatus.VOTING,
    ProgrammeStatus.UNDERWAY,
    ProgrammeStatus.APPRAISING,
    ProgrammeStatus.CLOSED,
)


def lock_programme(actor: Actor, public_id: UUID | str, *, version: int | None = None) -> Programme:
    """The programme, locked for the rest of the transaction.

    Args:
        version: the version that the page showed; None when the act does not depend on what was shown.

    Raises:
        NotFound: no such programme, or not visible to the actor.
        StaleVersion: somebody changed it in between; the message says who and when.
    """
    programme = (
        Programme.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("congress__region", "office")
        .filter(public_id=public_id)
        .first()
    )
    if programme is None:
        raise NotFound
    if version is not None and programme.version != version:
        raise StaleVersion(f"您打开页面之后，这一年度的安排已有变化。您填写的内容仍在下方。{last_act_text(programme)}")
    return programme


def touch(programme: Programme, *fields: str) -> None:
    """Save the named fields with the status, and let the version grow."""
    programme.version += 1
    programme.save(update_fields=["status", "version", "updated_at", *fields])


def audit(actor: Actor, programme: Programme, verb: str, **detail: Any) -> None:
    """The audit row of one act on a programme."""
    record_audit(
        actor=actor,
        action=f"programme.{verb}",
        target=programme,
        region_prefix=programme.region_prefix,
        detail=detail,
    )


@transaction.atomic
def programme_create(*, actor: Actor, region_code: str, year: int, values: Mapping[str, Any]) -> Programme:
    """Set up the programme of a year for the congress of a town, a township or a county.

    Args:
        region_code: the place; its congress in the present term holds the vote.
        values: places, the planned dates, settings and responsible people, by field name.

    Raises:
        InvalidInput: the place holds no such vote (街道、统计用区、市和省), it has its programme of this year already,
            or a value is wrong; messages by field.
    """
    actor.require(Permission.PROGRAMME_EDIT)
    region = (
        Region.objects.visible_to(actor).subtree(actor.region_prefix).select_for_update().filter(code=region_code)
    ).first()
    if region is None:
        raise InvalidInput("请选择地区。", fields={"region_code": "请选择本级或者下一级的地区。"})
    if refusal := refusal_of(region):
        raise InvalidInput(refusal, fields={"region_code": refusal}, code="no_congress")
    congress = congress_in_force(region)
    if congress is None:
        text = f"{region.name}还没有登记在任的人民代表大会，请先在“届次与选举单位”中登记。"
        raise InvalidInput(text, fields={"region_code": text})
    office = congress.office or _own_office(actor)
    if not actor.is_system and office.pk != actor.organisation_id:
        text = f"{congress.short_name}的工作机构是{office.name}，请由该机构建立。"
        raise InvalidInput(text, fields={"region_code": text})
    if Programme.objects.filter(congress=congress, year=year).exists():
        text = f"{congress.short_name}已经有{year}年的安排，一年一轮，请在原有安排上修改。"
        raise InvalidInput(text, fields={"year": text})
    programme = Programme(congress=congress, office=office, region_prefix=region.prefix, year=year)
    _assign(programme, values, [*DATES, *PLAIN, *UNTIL_LISTED])
    programme.save()
    record_state_change(actor=actor, obj=programme, act="create", label="建立年度安排", old="", new=programme.status)
    audit(actor, programme, "create", year=year, places=programme.places)
    return programme


def _own_office(actor: Actor) -> Organisation:
    office = Organisation.objects.filter(pk=actor.organisation_id or 0).first()
    if office is None:
        text = "这一届人大还没有设置工作机构，请先在“届次与选举单位”中设置。"
        raise InvalidInput(text, fields={"region_code": text})
    return office


@transaction.atomic
def programme_edit(*, actor: Actor, public_id: UUID, version: int | None, values: Mapping[str, Any]) -> Programme:
    """Change plan, settings and responsible people; running deadlines follow the new dates.

    Args:
        values: as for ``programme_create``, and ``session_id``; what is left out stays as it is.

    Raises:
        IllegalTransition: the year is closed.
        InvalidInput: a value is wrong, or was fixed with the list of candidates; messages by field.
    """
    programme = lock_programme(actor, public_id, version=version)
    actor.require(Permission.PROGRAMME_EDIT)
    require_office(programme, actor)
    if programme.status == ProgrammeStatus.CLOSED:
        raise IllegalTransition(f"这一年度已经结束，不能再修改。{last_act_text(programme)}")
    names = [name for name in (*DATES, *PLAIN, *UNTIL_LISTED) if name in values]
    before = {name: getattr(programme, name) for name in (*names, "session_id")}
    if programme.status in _LISTED_OR_LATER:
        fixed = {
            name: "候选项目已经审定，这一项不能再改。"
            for name in UNTIL_LISTED
            if name in values and values[name] != before[name]
        }
        if fixed:
            raise InvalidInput("候选项目已经审定。", fields=fixed)
    if "session_id" in values:
        programme.session = _session(programme, values["session_id"])
    _assign(programme, values, names)
    changed = [name for name, old in before.items() if getattr(programme, name) != old]
    if not changed:
        return programme
    touch(programme, "session", *names)
    follow_dates(actor, programme, changed)
    audit(actor, programme, "edit", changed=changed)
    return programme


def require_office(programme: Programme, actor: Actor) -> None:
    """Raise ``NotAllowed`` unless the actor works for the office that holds the programme."""
    if not actor.is_system and programme.office_id != actor.organisation_id:
        raise NotAllowed(f"这一年度的安排由{programme.office.name}办理，您可以查看，不能代为办理。")


def _session(programme: Programme, session_id: int | None) -> Session | None:
    if session_id is None:
        return None
    session = Session.objects.filter(pk=session_id, congress_id=programme.congress_id).first()
    if session is None:
        raise InvalidInput("请重新选择会议。", fields={"session_id": "这次会议不属于本届人大，请重新选择。"})
    return session


def _assign(programme: Programme, values: Mapping[str, Any], names: list[str]) -> None:
    for name in names:
        if name in values:
            value = values[name]
            setattr(programme, name, value.strip() if isinstance(value, str) else value)
    fields = field_errors(programme, exclude=["congress", "office", "session"]) | _order_errors(programme)
    if fields:
        raise InvalidInput("年度安排还没有填好。", fields=fields)


def _order_errors(programme: Programme) -> dict[str, str]:
    """What stands out of order: each stage follows the one before it (征集初定、审议票决、组织实施、监督评议)."""
    fields: dict[str, str] = {}
    last_name, last_day = "", None
    for name, words in DATES.items():
        day: dt.date | None = getattr(programme, name)
        if day is None:
            continue
        if last_day is not None and day < last_day:
            fields[name] = f"“{words}”不能早于“{DATES[last_name]}”（{cn_date(last_day)}）。"
            continue
        last_name, last_day = name, day
    if programme.call_until is not None and programme.call_from is None:
        fields["call_from"] = "请填写征集开始的日期。"
    return fields


#: Which date moves which clock, and in which states the clock runs.
_CLOCKS = {
    CALL_DEADLINE: ("call_until", (ProgrammeStatus.COLLECTING,)),
    LIST_DEADLINE: ("list_on", (ProgrammeStatus.COLLECTING, ProgrammeStatus.SCREENING)),
}


def follow_dates(actor: Actor, programme: Programme, changed: list[str]) -> None:
    """Let running clocks follow a changed plan; the old day stays in the clock's history."""
    for kind, (name, states) in _CLOCKS.items():
        if name in changed and programme.status in states:
            day: dt.date | None = getattr(programme, name)
            if day is None:
                deadline_cancel(actor=actor, subject=programme, kind=kind, reason="计划日期取消")
            elif deadline_move(actor=actor, subject=programme, kind=kind, fixed_on=day, reason="计划日期调整") is None:
                open_clock(actor, programme, kind)


def open_clock(actor: Actor, programme: Programme, kind: str) -> None:
    """Start one of the programme's clocks, if the plan has a day for it."""
    day: dt.date | None = getattr(programme, _CLOCKS[kind][0])
    if day is not None:
        deadline_open(
            actor=actor,
            subject=programme,
            kind=kind,
            unit=PeriodUnit.DATE,
            fixed_on=day,
            holder=programme.office,
            supervisor=programme.office,
        )
