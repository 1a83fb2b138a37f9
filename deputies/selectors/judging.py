"""Reading judgings of reports: staff's list and one, a judge's own, who may judge what."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from deputies.models import (
    AuthorStatus,
    DeputyReport,
    Judge,
    JudgedReport,
    JudgeScore,
    Judging,
    Mandate,
    Person,
    ReportAuthor,
)
from deputies.models.report import ACCEPTED_STATES
from deputies.states import JudgingStatus
from liaison.exceptions import NotFound
from liaison.models import Posting, User
from liaison.paging import is_storable
from liaison.permissions import OrganisationKind
from liaison.selectors.people import WORKING_ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet

    from liaison.actor import Actor

MOST_FOUND = 20
_ZERO = Decimal(0)


def judging_list(actor: Actor) -> QuerySet[Judging]:
    """The judgings that staff see, each with how many ``papers``, ``judges_all`` and ``judges_done``."""
    return (
        Judging.objects.visible_to(actor)
        .select_related("office", "campaign")
        .annotate(
            papers=Count("entries", distinct=True),
            judges_all=Count("judges", distinct=True),
            judges_done=Count("judges", filter=Q(judges__submitted_at__isnull=False), distinct=True),
        )
    )


def get_judging_for(actor: Actor, public_id: UUID | str) -> Judging:
    """One judging, as staff run it.

    Raises:
        NotFound: no such judging, or not visible to the actor.
    """
    found = Judging.objects.visible_to(actor).select_related("office", "campaign")
    judging = found.filter(public_id=public_id).first()
    if judging is None:
        raise NotFound
    return judging


def authors_of(reports: Iterable[DeputyReport]) -> dict[int, set[int]]:
    """Report id → person ids of its author and confirmed co-authors (one query)."""
    reports = list(reports)
    people = {report.pk: {report.person_id} for report in reports}
    signed = ReportAuthor.objects.filter(report__in=reports, status=AuthorStatus.CONFIRMED)
    for report_id, person_id in signed.values_list("report_id", "person_id"):
        people[report_id].add(person_id)
    return people


def entries_of(judging: Judging) -> list[JudgedReport]:
    """The reports of a judging in their order, with author names (two queries)."""
    confirmed = Prefetch(
        "report__authors",
        queryset=ReportAuthor.objects.filter(status=AuthorStatus.CONFIRMED).select_related("person"),
        to_attr="confirmed_authors",
    )
    return list(
        judging.entries.select_related("report__person", "report__mandate__congress").prefetch_related(confirmed)
    )


def judges_of(judging: Judging) -> list[Judge]:
    """The judges with their accounts and, for deputies, their person (one query)."""
    return list(judging.judges.select_related("user__person").order_by("id"))


def with_skips(judges: Iterable[Judge], entries: Iterable[JudgedReport]) -> None:
    """Give each judge ``skips``: how many of the papers are their own (one query)."""
    entries = list(entries)
    people = authors_of([entry.report for entry in entries])
    for judge in judges:
        person = getattr(judge.user, "person", None)
        judge.__dict__["skips"] = sum(
            1 for entry in entries if person is not None and person.pk in people[entry.report_id]
        )


def conflicts_of(entries: Iterable[JudgedReport], judge: Judge) -> set[int]:
    """Ids of the entries that this judge wrote or co-wrote: they skip them (two queries)."""
    entries = list(entries)
    person_id = Person.objects.unscoped(reason="the judge's own person").filter(user_id=judge.user_id)
    person = person_id.values_list("pk", flat=True).first()
    if person is None:
        return set()
    people = authors_of([entry.report for entry in entries])
    return {entry.pk for entry in entries if person in people[entry.report_id]}


# ── a judge's own ────────────────────────────────────────────────────────────────────────────────────
def own_judgings(actor: Actor) -> list[Judge]:
    """What the actor's account was asked to judge, running ones first (one query)."""
    found = Judge.objects.filter(user_id=actor.user_id or 0).exclude(judging__status=JudgingStatus.DRAFT)
    return list(found.select_related("judging__office").order_by("judging__closed_at", "-judging_id"))


def judging_waits(actor: Actor) -> int:
    """How many judgings wait for the actor's scores (one query)."""
    found = Judge.objects.filter(user_id=actor.user_id or 0, submitted_at=None, judging__status=JudgingStatus.OPEN)
    today = timezone.localdate()
    return found.filter(judging__starts_on__lte=today, judging__ends_on__gte=today).count()


def get_judge_for(actor: Actor, judging_id: UUID | str) -> Judge:
    """The actor as a judge of a judging that has begun.

    Raises:
        NotFound: not a judge there, or not begun.
    """
    found = Judge.objects.filter(user_id=actor.user_id or 0, judging__public_id=judging_id)
    judge = found.exclude(judging__status=JudgingStatus.DRAFT).select_related("judging__office").first()
    if judge is None:
        raise NotFound
    return judge


@dataclass(frozen=True, slots=True)
class Paper:
    """One report before a judge.

    Args:
        conflict: the judge wrote it and skips it.
        points: criterion id → what the judge gave so far.
        total: their sum; None while a criterion is open.
    """

    entry: JudgedReport
    conflict: bool
    points: dict[int, Decimal]
    total: Decimal | None


def papers_of(judge: Judge) -> list[Paper]:
    """Every report of the judging with this judge's own scores, and nobody else's (five queries)."""
    entries = entries_of(judge.judging)
    conflicts = conflicts_of(entries, judge)
    criteria = list(judge.judging.criteria.values_list("pk", flat=True))
    points: dict[int, dict[int, Decimal]] = {}
    for entry_id, criterion_id, given in JudgeScore.objects.filter(judge=judge).values_list(
        "entry_id", "criterion_id", "points"
    ):
        points.setdefault(entry_id, {})[criterion_id] = given
    papers = []
    for entry in entries:
        own = points.get(entry.pk, {})
        whole = all(criterion in own for criterion in criteria)
        papers.append(Paper(entry, entry.pk in conflicts, own, sum(own.values(), start=_ZERO) if whole else None))
    return papers


def get_paper_of(judge: Judge, entry_id: UUID | str) -> Paper:
    """One report before a judge.

    Raises:
        NotFound: not in this judging.
    """
    paper = next((one for one in papers_of(judge) if str(one.entry.public_id) == str(entry_id)), None)
    if paper is None:
        raise NotFound
    return paper


# ── what may be chosen ───────────────────────────────────────────────────────────────────────────────
def judgeable_reports(actor: Actor, judging: Judging) -> QuerySet[DeputyReport]:
    """Accepted reports that may take part: of the judging's campaign, or any that the office sees."""
    found = DeputyReport.objects.visible_to(actor).filter(status__in=ACCEPTED_STATES)
    found = found.filter(region_prefix__startswith=judging.region_prefix)
    if judging.campaign_id is not None:
        found = found.filter(campaign_id=judging.campaign_id)
    return found.select_related("person", "mandate__congress").order_by("-accepted_at", "-id")


def judges_found(actor: Actor, judging: Judging, q: str) -> list[tuple[User, str]]:
    """Accounts that may be named, by part of the name: staff of offices and units, and deputies, of the actor's
    subtree; those named already are left out (three queries; nothing for ""). Each with what they are."""
    q = q.strip()
    if not q or not is_storable(q):
        return []
    named = set(judging.judges.values_list("user_id", flat=True))
    found: dict[int, tuple[User, str]] = {}
    postings = (
        Posting.objects.unscoped(reason="staff name judges of their subtree")
        .in_force()
        .filter(
            organisation__region__prefix__startswith=actor.region_prefix,
            organisation__kind__in=(OrganisationKind.CONGRESS, OrganisationKind.UNIT),
            role__in=WORKING_ROLES,
            user__name__contains=q,
            user__is_active=True,
        )
        .select_related("user", "organisation")
        .order_by("user__name", "id")[:MOST_FOUND]
    )
    for posting in postings:
        found.setdefault(posting.user_id, (posting.user, posting.organisation.name))
    mandates = Mandate.objects.visible_to(actor).in_force().filter(person__name__contains=q)
    mandates = mandates.filter(person__user__is_active=True).select_related("person__user", "congress")
    for mandate in mandates.order_by("person__name", "id")[:MOST_FOUND]:
        user = mandate.person.user
        if user is not None:
            found.setdefault(user.pk, (user, f"{mandate.congress.short_name}代表"))
    return [pair for pk, pair in found.items() if pk not in named][:MOST_FOUND]
