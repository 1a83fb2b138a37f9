"""Deputies' tables: people, congresses, mandates, rosters; stations, placements, groups and public profiles; the duty
ledger and campaigns."""

from deputies.models.activity import Activity, ActivityMedia, ActivityQuerySet, Gathering
from deputies.models.activity_part import (
    FIGURES,
    ActivityPart,
    ActivityPartQuerySet,
    Attendance,
    InvitedBy,
    Reply,
)
from deputies.models.activity_reminder import ActivityReminder, ActivityReminderKind
from deputies.models.calendar_feed import CalendarFeed
from deputies.models.campaign import Campaign, CampaignQuerySet
from deputies.models.campaign_media import CampaignMedia
from deputies.models.campaign_region import CampaignRegion
from deputies.models.committee import CommitteeMember, CommitteePost, ContactLink
from deputies.models.congress import Congress, CongressLevel, CongressSettings, ElectoralUnit, Session
from deputies.models.contact import Contact, ContactDeputy, ContactOpinion, ContactWay, CoverageReminder
from deputies.models.deed import STAFF_CHECKS, Deed, DeedCheck, DeedKind
from deputies.models.duty import ActivityKind, DutyEntry, DutyKind, DutyQuota, DutyTotal, QuotaAudience, QuotaPeriod
from deputies.models.duty_check import ContestOutcome, DutyCheck, DutyContest
from deputies.models.duty_year import DutyBehindNotice, DutyFigure, DutyReminder, DutyYear
from deputies.models.group import DeputyGroup, GroupKind, GroupMembership, GroupRole
from deputies.models.judging import Judge, JudgedReport, JudgeScore, Judging, JudgingCriterion
from deputies.models.mandate import Mandate, MandateQuerySet, ProfessionClass
from deputies.models.person import ETHNICITIES, Gender, Person, PersonQuerySet, Tag, TagKind
from deputies.models.placement import Placement, PlacementQuerySet
from deputies.models.profile import ContactKind, PublicProfile
from deputies.models.report import (
    AuthorStatus,
    DeputyReport,
    ReportAuthor,
    ReportKind,
    ReportTransfer,
)
from deputies.models.roster import RosterImport, RosterRow, RowVerdict
from deputies.models.rota_attendance import RotaAttendance, RotaVisit
from deputies.models.session_attendance import Presence, SessionAttendance, SessionRoll
from deputies.models.station import OpeningHours, RotaDay, RotaDuty, Station, StationKind, StationQuerySet, Weekday
from deputies.models.voter_report import VoterMeeting, VoterQuestion, VoterReport
from deputies.states import CampaignStatus

__all__ = [
    "ETHNICITIES",
    "FIGURES",
    "STAFF_CHECKS",
    "Activity",
    "ActivityKind",
    "ActivityMedia",
    "ActivityPart",
    "ActivityPartQuerySet",
    "ActivityQuerySet",
    "ActivityReminder",
    "ActivityReminderKind",
    "Attendance",
    "AuthorStatus",
    "CalendarFeed",
    "Campaign",
    "CampaignMedia",
    "CampaignQuerySet",
    "CampaignRegion",
    "CampaignStatus",
    "CommitteeMember",
    "CommitteePost",
    "Congress",
    "CongressLevel",
    "CongressSettings",
    "Contact",
    "ContactDeputy",
    "ContactKind",
    "ContactLink",
    "ContactOpinion",
    "ContactWay",
    "ContestOutcome",
    "CoverageReminder",
    "Deed",
    "DeedCheck",
    "DeedKind",
    "DeputyGroup",
    "DeputyReport",
    "DutyBehindNotice",
    "DutyCheck",
    "DutyContest",
    "DutyEntry",
    "DutyFigure",
    "DutyKind",
    "DutyQuota",
    "DutyReminder",
    "DutyTotal",
    "DutyYear",
    "ElectoralUnit",
    "Gathering",
    "Gender",
    "GroupKind",
    "GroupMembership",
    "GroupRole",
    "InvitedBy",
    "Judge",
    "JudgeScore",
    "JudgedReport",
    "Judging",
    "JudgingCriterion",
    "Mandate",
    "MandateQuerySet",
    "OpeningHours",
    "Person",
    "PersonQuerySet",
    "Placement",
    "PlacementQuerySet",
    "Presence",
    "ProfessionClass",
    "PublicProfile",
    "QuotaAudience",
    "QuotaPeriod",
    "Reply",
    "ReportAuthor",
    "ReportKind",
    "ReportTransfer",
    "RosterImport",
    "RosterRow",
    "RotaAttendance",
    "RotaDay",
    "RotaDuty",
    "RotaVisit",
    "RowVerdict",
    "Session",
    "SessionAttendance",
    "SessionRoll",
    "Station",
    "StationKind",
    "StationQuerySet",
    "Tag",
    "TagKind",
    "VoterMeeting",
    "VoterQuestion",
    "VoterReport",
    "Weekday",
]
