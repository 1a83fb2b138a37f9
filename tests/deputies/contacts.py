"""Contacts with deputies for tests, made by the services: a committee, a contact in each state, what was said."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone

from deputies.models import CommitteeMember, Contact, ContactOpinion, Mandate, VoterMeeting, VoterQuestion, VoterReport
from deputies.services.committee import committee_member_add
from deputies.services.contact import ContactFacts, contact_hold, contact_plan, contact_record
from deputies.services.contact_opinion import contact_opinion_add, contact_opinion_adopt, contact_opinion_assign
from deputies.services.voter_meeting import (
    MeetingFacts,
    voter_meeting_hold,
    voter_meeting_plan,
)
from deputies.services.voter_meeting_appraisal import voter_meeting_appraise
from deputies.services.voter_report import voter_question_add, voter_report_submit
from votes.models import Round

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.cast import Cast


def committee_member(cast: Cast, mandate: Mandate | None = None, post: str = "member") -> CommitteeMember:
    """The cosigner on the city's standing committee, unless somebody else is named."""
    mandate = mandate or cast.mandates["cosigner"]
    known = CommitteeMember.objects.filter(mandate=mandate, ended_on=None).first()
    if known is not None:
        return known
    day = mandate.congress.starts_on
    return committee_member_add(actor=cast.actor("insider"), mandate_id=mandate.public_id, post=post, started_on=day)


def facts(cast: Cast, on: dt.date | None = None, **values: object) -> ContactFacts:
    """A talk of the cosigner's, today."""
    given: dict[str, object] = {
        "way": "talk",
        "on": on or timezone.localdate(),
        "members": [committee_member(cast).public_id],
        "title": "联系基层代表座谈",
    }
    return ContactFacts(**(given | values))  # type: ignore[arg-type]


def planned(cast: Cast, mandates: Sequence[Mandate] = (), **values: object) -> Contact:
    """A contact of today with the deputy, unless others are named; each in a room of its own."""
    values.setdefault("place", f"第{Contact.objects.count() + 1}会议室")
    invited = mandates or [cast.mandates["deputy"]]
    return contact_plan(
        actor=cast.actor("insider"),
        congress_id=cast.congress.public_id,
        facts=facts(cast, **values),  # type: ignore[arg-type]
        deputies=[mandate.public_id for mandate in invited],
    )


def held(cast: Cast, mandates: Sequence[Mandate] = (), **values: object) -> Contact:
    """Held; everybody came."""
    contact = planned(cast, mandates, **values)
    invited = mandates or [cast.mandates["deputy"]]
    met = [mandate.public_id for mandate in invited]
    return contact_hold(actor=cast.actor("insider"), contact_id=contact.public_id, met=met)


def recorded(cast: Cast, mandates: Sequence[Mandate] = (), **values: object) -> Contact:
    """Recorded; everybody came."""
    contact = held(cast, mandates, **values)
    invited = mandates or [cast.mandates["deputy"]]
    return contact_record(
        actor=cast.actor("insider"),
        contact_id=contact.public_id,
        content="听取代表对农村饮水安全的意见。",
        met=[mandate.public_id for mandate in invited],
    )


def raised(cast: Cast, contact: Contact | None = None, text: str = "建议加快支渠清淤。") -> ContactOpinion:
    """What the deputy said, to be settled."""
    return contact_opinion_add(
        actor=cast.actor("insider"),
        contact_id=(contact or held(cast)).public_id,
        mandate_id=cast.mandates["deputy"].public_id,
        text=text,
    )


def adopted(cast: Cast) -> ContactOpinion:
    opinion = raised(cast)
    return contact_opinion_adopt(actor=cast.actor("insider"), opinion_id=opinion.public_id, words="写入调研报告。")


def assigned(cast: Cast, opinion: ContactOpinion | None = None) -> ContactOpinion:
    opinion = opinion or raised(cast)
    unit = cast.offices["unit"].public_id
    return contact_opinion_assign(actor=cast.actor("insider"), opinion_id=opinion.public_id, unit_id=unit)


# ── reports to voters ────────────────────────────────────────────────────────────────────────────
def meeting(cast: Cast, *deputies: str, title: str = "") -> VoterMeeting:
    """A meeting of today at which the deputy reports, unless others are named."""
    return voter_meeting_plan(
        actor=cast.actor("insider"),
        congress_id=cast.congress.public_id,
        facts=MeetingFacts(on=timezone.localdate(), place="八字哨镇文化站", title=title),
        deputies=[cast.mandates[name].public_id for name in deputies or ("deputy",)],
    )


def submitted(cast: Cast, of: VoterMeeting, who: str = "deputy") -> VoterReport:
    """The text of one who reports, sent in."""
    report = of.reports.get(mandate=cast.mandates[who])
    return voter_report_submit(actor=cast.actor(who), report_id=report.public_id, text="本届以来走访群众32人。")


def meeting_held(cast: Cast, of: VoterMeeting | None = None) -> VoterMeeting:
    """Everybody who was to report did, before 40 voters and 10 of their representatives."""
    of = of or meeting(cast)
    return voter_meeting_hold(
        actor=cast.actor("insider"),
        meeting_id=of.public_id,
        voters=40,
        representatives=10,
        delivered=[report.public_id for report in of.reports.all()],
    )


def asked(cast: Cast, report: VoterReport) -> VoterQuestion:
    return voter_question_add(
        actor=cast.actor("insider"), report_id=report.public_id, text="村道什么时候硬化？", asked_by="王大叔"
    )


def ballot(cast: Cast, of: VoterMeeting) -> Round:
    """The ballot of a meeting, made by the votes package."""
    voter_meeting_appraise(actor=cast.actor("insider"), meeting_id=of.public_id)
    return Round.objects.get(asked_by=f"voter_meeting:{of.public_id}")
