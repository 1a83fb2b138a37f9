"""The satisfaction appraisal at a meeting of voters (满意度测评): its ballot asked for, its result taken over.

Who counts is not known here: the request and the result go through the kernel's registry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from deputies.models import VoterMeeting
from deputies.services.contact_tell import tell
from deputies.services.voter_meeting import MINE, audit_meeting, lock_meeting, require_no_ballot
from deputies.states import VOTER_MEETING_TRANSITIONS, VoterMeetingStatus, VoterReportStatus
from liaison.exceptions import DomainError
from liaison.registry import AppraisalRequest, registry

if TYPE_CHECKING:
    from uuid import UUID

    from deputies.models import Mandate, VoterReport
    from liaison.actor import Actor
    from liaison.registry import AppraisalResult


@transaction.atomic
def voter_meeting_appraise(*, actor: Actor, meeting_id: UUID | str) -> VoterMeeting:
    """Have the ballot made on which those who come rate the deputies (满意度测评, secret, on paper).

    Raises:
        NotFound, NotAllowed: as elsewhere; the office that runs it must be the actor's.
        DomainError: it was made already, nobody reports, or the meeting is over.
    """
    meeting = lock_meeting(actor, meeting_id, VoterMeetingStatus.PLANNED, VoterMeetingStatus.HELD)
    require_no_ballot(meeting)
    reports = _rated(meeting)
    if not reports or registry.appraisal_open is None:
        raise DomainError("还没有列入述职的代表，不能准备测评票。", code="no_reports")
    meeting.appraisal_url = registry.appraisal_open(
        actor,
        AppraisalRequest(
            key=meeting.appraisal_key,
            congress_id=meeting.congress.public_id,
            title=f"{meeting.title}满意度测评",
            lines=tuple((report.mandate.person.name, _who(report.mandate)) for report in reports),
        ),
    )
    meeting.save(update_fields=["appraisal_url", "updated_at"])
    audit_meeting(actor, "voter_meeting.appraise", meeting, {"count": len(reports)})
    return meeting


def voter_meeting_result(actor: Actor, result: AppraisalResult) -> None:
    """The declared result of the appraisal, told by who counted it (``registry.appraisal_done``), in the transaction of
    the declaration. A void one frees the meeting for another.

    Raises:
        DomainError: the meeting was not registered as held yet: nothing is declared then.
    """
    identity = result.key.partition(":")[2]
    found = VoterMeeting.objects.unscoped(reason="the appraisal names its meeting").select_for_update()
    meeting = found.get(public_id=identity)
    if not result.lines:
        meeting.appraisal_url = ""
        meeting.save(update_fields=["appraisal_url", "updated_at"])
        audit_meeting(actor, "voter_meeting.void", meeting, {"reason": result.reason})
        return
    if meeting.status != VoterMeetingStatus.HELD:
        raise DomainError("请先在述职会议里登记召开情况，再宣布测评结果。", code="meeting_not_held")
    reports = _rated(meeting)
    for report, line in zip(reports, result.lines, strict=True):
        report.result = {
            "counts": [[label, count] for label, count in line.counts],
            "numerator": line.numerator,
            "denominator": line.denominator,
            "overall": line.overall,
            "text": line.arithmetic,
            "arithmetic": list(result.arithmetic),
        }
        report.save(update_fields=["result", "updated_at"])
    VOTER_MEETING_TRANSITIONS.apply(meeting, "close", actor)
    meeting.save(update_fields=["status", "updated_at"])
    audit_meeting(actor, "voter_meeting.close", meeting, {"count": len(reports)})
    tell(
        actor=actor,
        texts={report.mandate_id: f"{meeting.title}的满意度测评有了结果" for report in reports},
        url=MINE,
    )


def _rated(meeting: VoterMeeting) -> list[VoterReport]:
    """Whose names stand on the ballot, in its order."""
    found = meeting.reports.exclude(status=VoterReportStatus.WITHDRAWN)
    return list(found.select_related("mandate__person", "mandate__electoral_unit").order_by("id"))


def _who(mandate: Mandate) -> str:
    unit = f"{mandate.electoral_unit.name}，" if mandate.electoral_unit else ""
    return f"{unit}{mandate.person.employer}{mandate.person.post}"
