"""The states of the deputies package, one noun a file, each with its one transition table."""

from deputies.states.activity import ACTIVITY_TRANSITIONS, ActivityStatus
from deputies.states.campaign import CAMPAIGN_TRANSITIONS, CampaignStatus
from deputies.states.contact import (
    CONTACT_OPINION_TRANSITIONS,
    CONTACT_TRANSITIONS,
    ContactOpinionStatus,
    ContactStatus,
    own_contact,
)
from deputies.states.deed import DEED_TRANSITIONS, DeedStatus
from deputies.states.duty_contest import CONTEST_TRANSITIONS, ContestStatus
from deputies.states.judging import JUDGING_TRANSITIONS, JudgingStatus
from deputies.states.office import of_own_office
from deputies.states.report import REPORT_TRANSITIONS, ReportStatus
from deputies.states.roster import ROSTER_TRANSITIONS, RosterStatus
from deputies.states.voter_report import (
    VOTER_MEETING_TRANSITIONS,
    VOTER_REPORT_TRANSITIONS,
    VoterMeetingStatus,
    VoterReportStatus,
    own_meeting,
)

__all__ = [
    "ACTIVITY_TRANSITIONS",
    "CAMPAIGN_TRANSITIONS",
    "CONTACT_OPINION_TRANSITIONS",
    "CONTACT_TRANSITIONS",
    "CONTEST_TRANSITIONS",
    "DEED_TRANSITIONS",
    "JUDGING_TRANSITIONS",
    "REPORT_TRANSITIONS",
    "ROSTER_TRANSITIONS",
    "VOTER_MEETING_TRANSITIONS",
    "VOTER_REPORT_TRANSITIONS",
    "ActivityStatus",
    "CampaignStatus",
    "ContactOpinionStatus",
    "ContactStatus",
    "ContestStatus",
    "DeedStatus",
    "JudgingStatus",
    "ReportStatus",
    "RosterStatus",
    "VoterMeetingStatus",
    "VoterReportStatus",
    "of_own_office",
    "own_contact",
    "own_meeting",
]
