"""Reading reports to voters: the meetings, one meeting, a deputy's own reports, and what the ledger says of a term."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Q, Sum

from deputies.models import ActivityKind, DutyKind, DutyTotal, Mandate, Station, VoterMeeting, VoterReport
from deputies.selectors.committee import in_force
from deputies.selectors.congress import settings_of
from deputies.states import VoterMeetingStatus, VoterReportStatus
from liaison.exceptions import NotFound
from liaison.selectors.counts import capped_counts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.db.models import QuerySet

    from deputies.models import Congress, ElectoralUnit
    from liaison.actor import Actor

#: Saved views of the desk: key → label and condition.
MEETING_VIEWS: Mapping[str, tuple[str, Q]] = {
    "coming": ("已安排", Q(status=VoterMeetingStatus.PLANNED)),
    "held": ("已召开，待测评", Q(status=VoterMeetingStatus.HELD)),
    "closed": ("已有结果", Q(status=VoterMeetingStatus.CLOSED)),
    "cancelled": ("已取消", Q(status=VoterMeetingStatus.CANCELLED)),
}


def meeting_list(actor: Actor) -> QuerySet[VoterMeeting]:
    """The meetings that the actor sees, each with ``reporting`` (how many deputies report; one query)."""
    return (
        VoterMeeting.objects.visible_to(actor)
        .select_related("congress", "electoral_unit", "station")
        .defer("station__search")
        .annotate(reporting=Count("reports", filter=~Q(reports__status=VoterReportStatus.WITHDRAWN)))
    )


def meeting_counts(actor: Actor) -> dict[str, int]:
    """How many meetings stand in each saved view (one query)."""
    found = VoterMeeting.objects.visible_to(actor)
    return capped_counts({key: found.filter(condition) for key, (_label, condition) in MEETING_VIEWS.items()})


def get_voter_meeting_for(actor: Actor, public_id: UUID | str) -> VoterMeeting:
    """One meeting with congress, unit, station and office.

    Raises:
        NotFound: no such meeting, or not visible to the actor.
    """
    found = VoterMeeting.objects.visible_to(actor).select_related(
        "congress__region", "electoral_unit", "station", "office"
    )
    meeting = found.defer("station__search").filter(public_id=public_id).first()
    if meeting is None:
        raise NotFound
    return meeting


def reports_of(actor: Actor, meeting: VoterMeeting) -> list[VoterReport]:
    """The reports of a meeting as far as the actor sees them, with their questions (two queries)."""
    found = VoterReport.objects.visible_to(actor).filter(meeting=meeting)
    found = found.select_related("mandate__person", "mandate__electoral_unit", "mandate__congress", "meeting")
    return list(found.prefetch_related("questions").order_by("id"))


def get_voter_report_for(actor: Actor, public_id: UUID | str) -> VoterReport:
    """One report with meeting, deputy and questions.

    Raises:
        NotFound: no such report, or not visible to the actor.
    """
    found = VoterReport.objects.visible_to(actor).select_related(
        "meeting__congress", "meeting__office", "mandate__person", "mandate__congress", "mandate__electoral_unit"
    )
    report = found.prefetch_related("questions").filter(public_id=public_id).first()
    if report is None:
        raise NotFound
    return report


def my_reports(actor: Actor) -> list[VoterReport]:
    """A deputy's own reports, the coming ones first (one query)."""
    found = VoterReport.objects.visible_to(actor).filter(mandate__person_id=actor.deputy_id)
    found = found.select_related("meeting__congress", "mandate__congress")
    return sorted(found, key=lambda one: (one.status not in _COMING, -one.pk))


def reports_to_write(actor: Actor) -> int:
    """How many texts a deputy is still to submit (one query)."""
    own = VoterReport.objects.visible_to(actor).filter(mandate__person_id=actor.deputy_id)
    return own.filter(status=VoterReportStatus.DRAFT).count()


_COMING = (VoterReportStatus.DRAFT, VoterReportStatus.SUBMITTED)


def stations_offered(actor: Actor, congress: Congress) -> QuerySet[Station]:
    """The open stations where a meeting of this congress may be held."""
    found = Station.objects.visible_to(actor).in_use().filter(region_prefix__startswith=congress.region.prefix)
    return found.defer("search").order_by("region_prefix", "id")


def units_of_congress(congress: Congress) -> QuerySet[ElectoralUnit]:
    """The electoral units of a congress, by name."""
    return congress.electoral_units.order_by("name")


@dataclass(frozen=True, slots=True)
class TermLine:
    """What the ledger says of one kind over the term."""

    label: str
    quantity: Decimal
    unit: str

    @property
    def text(self) -> str:
        return f"{self.label}{self.quantity.normalize():f}{self.unit}"


def term_lines(mandate: Mandate) -> list[TermLine]:
    """The sums of a mandate's ledger over the term, by kind, activities by their own kind (one query)."""
    rows = (
        DutyTotal.objects.filter(mandate=mandate)
        .values_list("kind", "activity_kind")
        .annotate(done=Sum("quantity"))
        .order_by()
    )
    sums = {(kind, activity): done for kind, activity, done in rows if done > 0}
    lines = []
    for kind in DutyKind:
        if kind == DutyKind.ACTIVITY:
            lines += [
                TermLine(f"参加{activity.label}", sums[kind, activity], kind.unit)
                for activity in ActivityKind
                if (kind, activity) in sums
            ]
        elif (kind, "") in sums:
            lines.append(TermLine(kind.label, sums[kind, ""], kind.unit))
    return lines


def draft_text(mandate: Mandate) -> str:
    """What a deputy's text begins with: the facts of the duty file, to be put into one's own words."""
    lines = term_lines(mandate)
    facts = "；".join(line.text for line in lines) if lines else "（履职档案中还没有记录）"
    return (
        f"各位选民：\n　　我是{mandate.congress.name}代表{mandate.person.name}。现将本届以来的履职情况报告如下。\n"
        f"　　一、履职基本情况。{facts}。\n　　二、联系群众、为民办实事情况。\n　　三、存在的不足和今后的打算。\n"
    )


# -- coverage of the term ----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ReportGap:
    """A deputy who has not reported as often as the rules ask.

    Args:
        done: reports in the term so far.
        coming: the meeting at which they are to report next; None when none is planned.
    """

    mandate: Mandate
    done: int
    coming: VoterMeeting | None


@dataclass(frozen=True, slots=True)
class ReportUnit:
    """One electoral unit: deputies in force and how many have reported."""

    name: str
    total: int
    covered: int

    @property
    def open(self) -> int:
        return self.total - self.covered


@dataclass(frozen=True, slots=True)
class ReportCoverage:
    """A term's coverage.

    Args:
        needed: how often each deputy reports in the term.
    """

    total: int
    needed: int
    gaps: list[ReportGap]
    units: list[ReportUnit]

    @property
    def covered(self) -> int:
        return self.total - len(self.gaps)

    @property
    def unplanned(self) -> int:
        """How many of the missing are not planned either."""
        return sum(1 for gap in self.gaps if gap.coming is None)


NO_UNIT = "未登记选举单位"


def report_coverage(congress: Congress) -> ReportCoverage:
    """Who has reported in the term, and who is still to (three queries, however many they are)."""
    needed = settings_of(congress).voter_reports_per_term
    mandates = list(in_force(congress).order_by("electoral_unit__name", "id"))
    done: dict[int, int] = {}
    coming: dict[int, VoterMeeting] = {}
    reports = VoterReport.objects.unscoped(reason="of a congress in scope").filter(mandate__congress=congress)
    for report in (
        reports.exclude(status=VoterReportStatus.WITHDRAWN)
        .select_related("meeting")
        .only("mandate_id", "status", "meeting__on", "meeting__title", "meeting__public_id")
    ):
        if report.status == VoterReportStatus.DELIVERED:
            done[report.mandate_id] = done.get(report.mandate_id, 0) + 1
        else:
            coming[report.mandate_id] = report.meeting
    gaps = [
        ReportGap(mandate, done.get(mandate.pk, 0), coming.get(mandate.pk))
        for mandate in mandates
        if done.get(mandate.pk, 0) < needed
    ]
    open_ = {gap.mandate.pk for gap in gaps}
    total: dict[str, int] = {}
    covered: dict[str, int] = {}
    for mandate in mandates:
        name = mandate.electoral_unit.name if mandate.electoral_unit else NO_UNIT
        total[name] = total.get(name, 0) + 1
        covered[name] = covered.get(name, 0) + (mandate.pk not in open_)
    return ReportCoverage(len(mandates), needed, gaps, [ReportUnit(name, total[name], covered[name]) for name in total])
