"""Tables of the votes package: the year's programme, the secret vote, the carrying out, the roll-up."""

from votes.models.appraisal import Draw
from votes.models.ballot import Ballot, CountedReceipt, PaperCount, SealedBallot
from votes.models.candidate import Candidate, CandidateComment
from votes.models.programme import AppraisalScale, Programme
from votes.models.project import Milestone, ProgressReport, Project, ProjectChange
from votes.models.proposal import Proposal, ProposalChannel, ProposalSource, ScreeningPoint
from votes.models.round import (
    Attendance,
    Channel,
    RollEntry,
    Round,
    RoundKind,
    RoundOption,
    Teller,
    TellerRole,
)
from votes.models.summary import SummaryLevel, YearSummary
from votes.models.supervision import Inspection, SupervisionGroup

__all__ = [
    "AppraisalScale",
    "Attendance",
    "Ballot",
    "Candidate",
    "CandidateComment",
    "Channel",
    "CountedReceipt",
    "Draw",
    "Inspection",
    "Milestone",
    "PaperCount",
    "Programme",
    "ProgressReport",
    "Project",
    "ProjectChange",
    "Proposal",
    "ProposalChannel",
    "ProposalSource",
    "RollEntry",
    "Round",
    "RoundKind",
    "RoundOption",
    "ScreeningPoint",
    "SealedBallot",
    "SummaryLevel",
    "SupervisionGroup",
    "Teller",
    "TellerRole",
    "YearSummary",
]
