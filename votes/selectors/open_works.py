"""What the public sees of the works: only what is published, only submitted reports, only photographs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db.models import Prefetch, Q

from liaison.actor import ANONYMOUS
from liaison.exceptions import NotFound
from liaison.filetypes import INLINE_MIMES
from liaison.models import Attachment
from liaison.selectors.attachment import attachments_by_owner
from votes.models import Milestone, Programme, ProgressReport, Project, ProjectChange
from votes.selectors.change import change_lines
from votes.states import ChangeStatus, ReportStatus

if TYPE_CHECKING:
    from uuid import UUID

#: What is served to everybody: photographs that a browser shows in place.
PICTURE_MIMES = frozenset(mime for mime in INLINE_MIMES if mime.startswith("image/"))
_PROJECT_SLOTS, _REPORT_SLOTS = ("finish",), ("picture",)


@dataclass(frozen=True, slots=True)
class OpenReport:
    """A submitted report with its pictures."""

    report: ProgressReport
    pictures: list[Attachment]


@dataclass(frozen=True, slots=True)
class OpenProject:
    """One project as everybody sees it."""

    project: Project
    milestones: list[Milestone]
    reports: list[OpenReport]
    changes: list[tuple[ProjectChange, list[str]]]
    pictures: list[Attachment]


@dataclass(frozen=True, slots=True)
class Total:
    """All projects of a programme together."""

    projects: int
    finished: int
    handed_over: int
    investment: Decimal
    money_used: Decimal


@dataclass(frozen=True, slots=True)
class OpenWorks:
    """The public page of a programme's works."""

    programme: Programme
    projects: list[OpenProject]
    total: Total


def _published(public_id: UUID) -> Programme:
    programme = (
        Programme.objects.visible_to(ANONYMOUS)
        .select_related("congress__region", "office")
        .filter(public_id=public_id)
        .first()
    )
    if programme is None:
        raise NotFound
    return programme


def open_works(public_id: UUID) -> OpenWorks:
    """A published programme with its projects (eight queries, however many).

    Raises:
        NotFound: no such programme, or not published.
    """
    programme = _published(public_id)
    submitted = ProgressReport.objects.filter(status=ReportStatus.SUBMITTED).order_by("-year", "-quarter")
    approved = ProjectChange.objects.filter(status=ChangeStatus.APPROVED).order_by("id")
    projects = list(
        programme.projects.select_related("candidate")
        .prefetch_related(
            Prefetch("reports", queryset=submitted),
            Prefetch("changes", queryset=approved),
            Prefetch("milestones", queryset=Milestone.objects.standing().order_by("due_on", "id")),
        )
        .order_by("candidate__number", "id")
    )
    reports = [report for project in projects for report in project.reports.all()]
    pictures = _only_pictures(attachments_by_owner(reports, "picture"))
    finish = _only_pictures(attachments_by_owner([one for one in projects if one.finished_on], "finish"))
    return OpenWorks(
        programme=programme,
        projects=[
            OpenProject(
                project=project,
                milestones=list(project.milestones.all()),
                reports=[OpenReport(one, pictures[one.pk]) for one in project.reports.all()],
                changes=[(one, change_lines(one)) for one in project.changes.all()],
                pictures=finish[project.pk],
            )
            for project in projects
        ],
        total=Total(
            projects=len(projects),
            finished=sum(project.finished_on is not None for project in projects),
            handed_over=sum(project.handed_over_on is not None for project in projects),
            investment=sum((project.investment for project in projects), Decimal(0)),
            money_used=sum((project.money_used for project in projects), Decimal(0)),
        ),
    )


def _only_pictures(found: dict[int, list[Attachment]]) -> dict[int, list[Attachment]]:
    kept: dict[int, list[Attachment]] = defaultdict(list)
    for owner, files in found.items():
        kept[owner] = [one for one in files if one.mime in PICTURE_MIMES]
    return kept


def open_picture(programme_public_id: UUID, picture_public_id: UUID) -> Attachment:
    """A photograph of a submitted report, or of a finished work, of a published programme.

    Raises:
        NotFound: anything else, whatever it is.
    """
    programme = _published(programme_public_id)
    reports = ProgressReport.objects.filter(project__programme=programme, status=ReportStatus.SUBMITTED)
    projects = programme.projects.filter(finished_on__isnull=False)
    shown = Q(
        content_type=ContentType.objects.get_for_model(ProgressReport),
        object_id__in=reports.values("pk"),
        slot__in=_REPORT_SLOTS,
    ) | Q(
        content_type=ContentType.objects.get_for_model(Project),
        object_id__in=projects.values("pk"),
        slot__in=_PROJECT_SLOTS,
    )
    picture = (
        Attachment.objects.filter(shown, public_id=picture_public_id, removed_at=None, mime__in=PICTURE_MIMES)
        .order_by("id")
        .first()
    )
    if picture is None:
        raise NotFound
    return picture
