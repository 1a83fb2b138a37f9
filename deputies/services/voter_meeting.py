"""Meetings at which deputies report (述职会议): planned, held, cancelled.

Source: 代表法 (deputies report to their voters or the body that elected them); Hunan 2023, eighth way.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from deputies.models import DutyKind, ElectoralUnit, Mandate, Station, VoterMeeting, VoterReport
from deputies.services.checks import clean_model, integrity_as_input, outside_names, require_fresh, require_text
from deputies.services.committee import lock_congress
from deputies.services.contact_tell import tell
from deputies.services.duty import DutyFact, duty_set
from deputies.services.station import office_near
from deputies.states import (
    VOTER_MEETING_TRANSITIONS,
    VOTER_REPORT_TRANSITIONS,
    VoterMeetingStatus,
    VoterReportStatus,
    own_meeting,
)
from liaison.dates import cn_date
from liaison.exceptions import DomainError, InvalidInput, NotFound
from liaison.permissions import Permission
from liaison.registry import registry
from liaison.services.audit import record_audit
from liaison.services.history import record_state_change

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable
    from uuid import UUID

    from django.db.models import QuerySet

    from deputies.models import Congress
    from liaison.actor import Actor

FIELDS = ("electoral_unit", "station", "title", "on", "starts_at", "place")
MINE = "/voter-reports/"
#: Most deputies who report at one meeting: the lines of one ballot.
MOST_REPORTS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingFacts:
    """What may be typed about a meeting.

    Args:
        unit_id: database id of an electoral unit of the congress.
        station_id: public id of a station in the congress's region.
        title: "" for one made of the unit's name.
    """

    on: dt.date
    place: str
    title: str = ""
    starts_at: dt.time | None = None
    unit_id: int | None = None
    station_id: UUID | str | None = None


@transaction.atomic
def voter_meeting_plan(
    *, actor: Actor, congress_id: UUID | str, facts: MeetingFacts, deputies: Collection[UUID | str] = ()
) -> VoterMeeting:
    """Plan a meeting with those who report; they are asked to write their text.

    Args:
        deputies: public ids of mandates in force of the congress.

    Raises:
        NotFound: a congress or deputy that the actor's office does not keep.
        NotAllowed: the role may not.
        InvalidInput: messages by field; a deputy who is to report elsewhere already.
    """
    actor.require(Permission.VOTER_REPORT_EDIT)
    congress = lock_congress(actor, congress_id)
    meeting = VoterMeeting(
        congress=congress,
        office=congress.office or office_near(congress.region),
        region_prefix=congress.region.prefix,
    )
    _fill(actor, meeting, facts)
    meeting.save()
    record_state_change(actor=actor, obj=meeting, act="plan", label="安排", old="", new=meeting.status)
    added = _add(actor, meeting, deputies)
    audit_meeting(actor, "voter_meeting.plan", meeting, {"deputies": [one.person.name for one in added]})
    _tell_planned(actor, meeting, added)
    return meeting


@transaction.atomic
def voter_meetings_plan(
    *, actor: Actor, congress_id: UUID | str, deputies: Collection[UUID | str], on: dt.date, place: str
) -> list[VoterMeeting]:
    """Plan meetings for many deputies at once, one for each electoral unit (and more where one ballot is too short).

    Raises:
        NotFound, NotAllowed, InvalidInput: as ``voter_meeting_plan``; all or none.
    """
    actor.require(Permission.VOTER_REPORT_EDIT)
    congress = lock_congress(actor, congress_id)
    by_unit: dict[int | None, list[Mandate]] = {}
    for mandate in _mandates(actor, congress, deputies):
        by_unit.setdefault(mandate.electoral_unit_id, []).append(mandate)
    if not by_unit:
        raise InvalidInput("没有选择任何代表，未作安排。", fields={"deputies": "没有选择任何代表。"})
    return [
        voter_meeting_plan(
            actor=actor,
            congress_id=congress_id,
            facts=MeetingFacts(on=on, place=place, unit_id=unit_id, title=title),
            deputies=[mandate.public_id for mandate in part],
        )
        for unit_id, mandates in by_unit.items()
        for title, part in _parts(congress, mandates, on)
    ]


def _parts(congress: Congress, mandates: list[Mandate], on: dt.date) -> Iterable[tuple[str, list[Mandate]]]:
    """The deputies of one unit, no more at a meeting than one ballot holds, each part with a title that is free on
    that day."""
    days = VoterMeeting.objects.unscoped(reason="titles of the day").filter(congress=congress, on=on)
    taken = set(days.exclude(status=VoterMeetingStatus.CANCELLED).values_list("title", flat=True))
    title = _title(congress, mandates[0].electoral_unit)
    names = (f"{title}（第{number}场）" if number > 1 else title for number in itertools.count(1))
    free = (name for name in names if name not in taken)
    for start in range(0, len(mandates), MOST_REPORTS):
        yield next(free), mandates[start : start + MOST_REPORTS]


@transaction.atomic
def voter_meeting_edit(*, actor: Actor, meeting_id: UUID | str, facts: MeetingFacts, version: str = "") -> VoterMeeting:
    """Correct a meeting that was not held; who reports is told of another day or place.

    Raises:
        NotFound, NotAllowed, StaleVersion, InvalidInput, DomainError: as elsewhere.
    """
    meeting = lock_meeting(actor, meeting_id, VoterMeetingStatus.PLANNED)
    require_fresh(meeting.updated_at, version)
    before = (meeting.on, meeting.starts_at, meeting.place)
    _fill(actor, meeting, facts)
    meeting.save(update_fields=[*FIELDS, "updated_at"])
    audit_meeting(actor, "voter_meeting.edit", meeting, {})
    if before != (meeting.on, meeting.starts_at, meeting.place):
        ids = _coming(meeting).values_list("mandate_id", flat=True)
        title = f"述职会议有变动：{_when(meeting)}"
        tell(actor=actor, texts=dict.fromkeys(ids, title), url=MINE)
    return meeting


@transaction.atomic
def voter_meeting_add(*, actor: Actor, meeting_id: UUID | str, deputies: Collection[UUID | str]) -> list[Mandate]:
    """Let further deputies report at a meeting that is still to come.

    Raises:
        NotFound, NotAllowed, DomainError, InvalidInput: as elsewhere; the ballot was made already.
    """
    meeting = lock_meeting(actor, meeting_id, VoterMeetingStatus.PLANNED)
    require_no_ballot(meeting)
    added = _add(actor, meeting, deputies)
    audit_meeting(actor, "voter_meeting.add", meeting, {"deputies": [one.person.name for one in added]})
    _tell_planned(actor, meeting, added)
    return added


@transaction.atomic
def voter_meeting_drop(*, actor: Actor, meeting_id: UUID | str, report_id: UUID | str) -> VoterReport:
    """Take a deputy off a meeting that is still to come; their text stays readable to them.

    Raises:
        NotFound, NotAllowed, DomainError: as elsewhere; the ballot was made already.
    """
    meeting = lock_meeting(actor, meeting_id, VoterMeetingStatus.PLANNED)
    require_no_ballot(meeting)
    report = _coming(meeting).select_related("mandate__person").filter(public_id=report_id).first()
    if report is None:
        raise NotFound
    VOTER_REPORT_TRANSITIONS.apply(report, "withdraw", actor, reason="不在这次会议述职")
    report.save(update_fields=["status", "updated_at"])
    audit_meeting(actor, "voter_meeting.drop", meeting, {"deputy": report.mandate.person.name})
    tell(actor=actor, texts={report.mandate_id: f"您不在{meeting.title}述职"}, url=MINE)
    return report


@transaction.atomic
def voter_meeting_hold(
    *,
    actor: Actor,
    meeting_id: UUID | str,
    voters: int,
    representatives: int,
    minutes: str = "",
    delivered: Collection[UUID | str],
) -> VoterMeeting:
    """Register that the meeting was held: how many came, and who reported. The duty ledger says so of each.

    Args:
        delivered: public ids of the reports that were given; the others count as not given.

    Raises:
        NotFound, NotAllowed, IllegalTransition: as elsewhere.
        InvalidInput: nobody came, nobody reported, or somebody on the ballot did not.
        DomainError: its day is to come.
    """
    meeting = lock_meeting(actor, meeting_id)
    VOTER_MEETING_TRANSITIONS.check(meeting, "hold", actor)
    if meeting.is_ahead:
        message = f"会议定在{cn_date(meeting.on)}，当天起可以登记。日期有变的，请先修改安排。"
        raise DomainError(message, code="meeting_ahead")
    reports = list(_coming(meeting).select_for_update(of=("self",)).select_related("mandate__person").order_by("id"))
    wanted = {str(one) for one in delivered}
    given = [report for report in reports if str(report.public_id) in wanted]
    wrong: dict[str, str] = {}
    if voters + representatives < 1:
        wrong["voters"] = "请填写到会人数。"
    if not given or len(given) != len(wanted):
        wrong["delivered"] = "请勾选述职的代表；没有召开的请取消会议。"
    elif names := outside_names((report.mandate for report in given), meeting.on):
        wrong["delivered"] = f"{names}在{cn_date(meeting.on)}不是在任代表，不能记入履职档案。日期有误的请先修改会议。"
    elif meeting.appraisal_url and len(given) != len(reports):
        wrong["delivered"] = "有代表列在测评票上但没有述职：请先把测评宣告无效，再登记。"
    if wrong:
        raise InvalidInput("有内容需要更正。", fields=wrong)
    meeting.voters, meeting.representatives, meeting.minutes = voters, representatives, minutes.strip()
    clean_model(meeting, exclude=["congress", "office", "electoral_unit", "station"])
    VOTER_MEETING_TRANSITIONS.apply(meeting, "hold", actor)
    meeting.save(update_fields=["status", "voters", "representatives", "minutes", "updated_at"])
    for report in reports:
        VOTER_REPORT_TRANSITIONS.apply(report, "deliver" if report in given else "withdraw", actor)
        report.save(update_fields=["status", "updated_at"])
        if report in given:
            _enter(actor, meeting, report)
    audit_meeting(actor, "voter_meeting.hold", meeting, {"deputies": [report.mandate.person.name for report in given]})
    return meeting


@transaction.atomic
def voter_meeting_cancel(*, actor: Actor, meeting_id: UUID | str, reason: str) -> VoterMeeting:
    """Cancel a meeting that was not held; who was to report stands among the gaps again, and is told. A ballot that
    was made and not handed out is declared void with it.

    Raises:
        NotFound, NotAllowed, IllegalTransition, InvalidInput: as elsewhere.
        DomainError: ballots were handed out.
    """
    meeting = lock_meeting(actor, meeting_id)
    VOTER_MEETING_TRANSITIONS.check(meeting, "cancel", actor)
    meeting.cancel_reason = require_text(reason, field="reason", message="请填写取消的原因。")
    clean_model(meeting, exclude=["congress", "office", "electoral_unit", "station"])
    if meeting.appraisal_url and registry.appraisal_drop is not None:
        registry.appraisal_drop(actor, meeting.appraisal_key, f"述职会议取消：{meeting.cancel_reason}")
        meeting.appraisal_url = ""  # as ``voter_meeting_result`` saved it
    VOTER_MEETING_TRANSITIONS.apply(meeting, "cancel", actor, reason=meeting.cancel_reason)
    meeting.save(update_fields=["status", "cancel_reason", "updated_at"])
    reports = list(_coming(meeting).select_for_update(of=("self",)))
    for report in reports:
        VOTER_REPORT_TRANSITIONS.apply(report, "withdraw", actor, reason="会议取消")
        report.save(update_fields=["status", "updated_at"])
    audit_meeting(actor, "voter_meeting.cancel", meeting, {"reason": meeting.cancel_reason})
    title = f"述职会议已取消：{meeting.title}"
    ids = [report.mandate_id for report in reports]
    tell(actor=actor, texts=dict.fromkeys(ids, title), body=f"原因：{meeting.cancel_reason}", url=MINE)
    return meeting


def lock_meeting(actor: Actor, public_id: UUID | str, *states: str) -> VoterMeeting:
    """The meeting, locked for the rest of the transaction, by somebody who may keep it.

    Args:
        states: in which it must be; any when none is named.

    Raises:
        NotFound: no such meeting, or not visible to the actor.
        NotAllowed: the role may not, or another office holds it.
        DomainError: it is in another state.
    """
    found = VoterMeeting.objects.visible_to(actor).select_for_update(of=("self",))
    meeting = found.select_related("congress__region", "office").filter(public_id=public_id).first()
    if meeting is None:
        raise NotFound
    actor.require(Permission.VOTER_REPORT_EDIT)
    own_meeting(meeting, actor)
    if states and meeting.status not in states:
        raise DomainError(f"这次会议{meeting.get_status_display()}，不能再改。", code="meeting_settled")
    return meeting


def _coming(meeting: VoterMeeting) -> QuerySet[VoterReport]:
    return meeting.reports.filter(status__in=[VoterReportStatus.DRAFT, VoterReportStatus.SUBMITTED])


def require_no_ballot(meeting: VoterMeeting) -> None:
    """Who reports is fixed once the ballot is made."""
    if meeting.appraisal_url:
        raise DomainError("测评票已经准备好，名单不能再变。需要变动的，先把测评宣告无效。", code="ballot_made")


def _fill(actor: Actor, meeting: VoterMeeting, facts: MeetingFacts) -> None:
    congress = meeting.congress
    wrong: dict[str, str] = {}
    meeting.electoral_unit = meeting.station = None
    if facts.unit_id is not None:
        meeting.electoral_unit = ElectoralUnit.objects.filter(congress=congress, pk=facts.unit_id).first()
        if meeting.electoral_unit is None:
            wrong["unit"] = "请选择本届的选区或选举单位。"
    if facts.station_id:
        stations = Station.objects.visible_to(actor).in_use().filter(public_id=facts.station_id)
        meeting.station = stations.first()
        if meeting.station is None:
            wrong["station"] = "请选择没有撤销的联络站。"
    if facts.on < congress.starts_on or (congress.ends_on is not None and facts.on > congress.ends_on):
        wrong["on"] = "日期不在这一届的任期内。"
    meeting.on, meeting.starts_at = facts.on, facts.starts_at
    meeting.place = facts.place.strip() or (meeting.station.address if meeting.station else "")
    if not meeting.place:
        wrong["place"] = "请填写地点。"
    if wrong:
        raise InvalidInput("有内容需要更正。", fields=wrong)
    meeting.title = facts.title.strip() or _title(congress, meeting.electoral_unit)
    _stands_once(meeting)
    clean_model(meeting, exclude=["congress", "office", "electoral_unit", "station"])


def _title(congress: Congress, unit: ElectoralUnit | None) -> str:
    return f"{(unit.name if unit else congress.short_name)[:60]}代表述职会议"


def _stands_once(meeting: VoterMeeting) -> None:
    """Refuse what was sent twice, and two meetings at one time in one place."""
    others = VoterMeeting.objects.unscoped(reason="a congress has a meeting once, whoever planned it")
    others = others.filter(congress=meeting.congress, on=meeting.on).exclude(status=VoterMeetingStatus.CANCELLED)
    others = others.exclude(pk=meeting.pk)
    if others.filter(title=meeting.title, starts_at=meeting.starts_at).exists():
        message = f"{cn_date(meeting.on)}已经安排了“{meeting.title}”。另开一场的，请填写不同的时间或者名称。"
        raise InvalidInput(message, fields={"on": message})
    if meeting.starts_at and (other := others.filter(place=meeting.place, starts_at=meeting.starts_at).first()):
        message = f"这一天{meeting.starts_at:%H:%M}在{meeting.place}已经安排了“{other.title}”。"
        raise InvalidInput(message, fields={"starts_at": message})


def _mandates(actor: Actor, congress: Congress, deputies: Collection[UUID | str]) -> list[Mandate]:
    wanted = {str(one) for one in deputies}
    found = Mandate.objects.visible_to(actor).in_force().filter(congress=congress, public_id__in=wanted)
    mandates = list(found.select_related("person", "electoral_unit").order_by("electoral_unit__name", "pk"))
    if len(mandates) != len(wanted):
        raise NotFound("有代表已不在您可以安排的范围内，没有保存。请刷新页面后重新核对。")
    return mandates


def _add(actor: Actor, meeting: VoterMeeting, deputies: Collection[UUID | str]) -> list[Mandate]:
    mandates = _mandates(actor, meeting.congress, deputies)
    there = {report.mandate_id: report for report in meeting.reports.all()}
    again = [report for report in there.values() if report.status == VoterReportStatus.WITHDRAWN]
    new = [mandate for mandate in mandates if mandate.pk not in there]
    back = [report for report in again if report.mandate_id in {mandate.pk for mandate in mandates}]
    if len(there) - len(again) + len(new) + len(back) > MOST_REPORTS:
        raise InvalidInput(f"一次会议最多{MOST_REPORTS}名代表述职，请分开安排。")
    with integrity_as_input():
        VoterReport.objects.bulk_create(VoterReport(meeting=meeting, mandate=mandate) for mandate in new)
        for report in back:
            VOTER_REPORT_TRANSITIONS.apply(report, "readmit", actor)
            report.save(update_fields=["status", "updated_at"])
    came_back = {report.mandate_id for report in back}
    return [*new, *(mandate for mandate in mandates if mandate.pk in came_back)]


def _enter(actor: Actor, meeting: VoterMeeting, report: VoterReport) -> None:
    fact = DutyFact(mandate_id=report.mandate_id, kind=DutyKind.VOTER_REPORT, on=meeting.on, title=meeting.title)
    duty_set(actor=actor, source=report, facts=[fact])


def _when(meeting: VoterMeeting) -> str:
    at = f"{meeting.starts_at:%H:%M}" if meeting.starts_at else ""
    return f"{cn_date(meeting.on)}{at}{meeting.place}"


def _tell_planned(actor: Actor, meeting: VoterMeeting, mandates: Iterable[Mandate]) -> None:
    title = f"请您准备述职报告：{_when(meeting)}"
    tell(actor=actor, texts={mandate.pk: title for mandate in mandates}, url=MINE)


def audit_meeting(actor: Actor, action: str, meeting: VoterMeeting, detail: dict[str, object]) -> None:
    """The audit row of one act on a meeting."""
    record_audit(actor=actor, action=action, target=meeting, detail=detail, region_prefix=meeting.region_prefix)
