"""Reading projects being carried out: the door, the lists with tabs and lights, what waits for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Least
from django.utils import timezone

from liaison.exceptions import NotFound
from liaison.lights import AMBER_DAYS, Light, light_of
from liaison.models import Deadline, Organisation, Region
from liaison.permissions import OrganisationKind, Permission
from liaison.selectors.counts import capped_counts
from votes.models import Candidate, Inspection, Programme, ProgressReport, Project, ProjectChange
from votes.selectors.project_periods import ANSWER_DEADLINE, FINISH_DEADLINE, MILESTONE_DEADLINE, REPORT_DEADLINE
from votes.states import CandidateStatus, ChangeStatus, InspectionStatus, ReportStatus
from votes.states import ProjectStatus as S

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from django.db.models import QuerySet

    from liaison.actor import Actor

#: Kind of clock → the project that it belongs to.
_CLOCKS = {
    FINISH_DEADLINE: "project",
    REPORT_DEADLINE: "progress_report__project",
    MILESTONE_DEADLINE: "milestone__project",
    ANSWER_DEADLINE: "inspection__project",
}
#: The newest programme first, its projects in the order of the ballot.
_NEWEST, _BY_DUE = ("-programme_id", "id"), ("due_on", "id")


def get_project_for(actor: Actor, public_id: UUID | str) -> Project:
    """The one door to a project for those who signed in: with what its page shows.

    Raises:
        NotFound: no such project, or not visible to the actor.
    """
    project = (
        Project.objects.visible_to(actor)
        .select_related("programme__congress__region", "programme__office", "office", "unit", "candidate")
        .filter(public_id=public_id)
        .first()
    )
    if project is None or not actor.can(Permission.PROGRAMME_VIEW):
        raise NotFound
    return project


def get_programme_for_work(actor: Actor, public_id: UUID) -> Programme:
    """The programme whose work is begun or supervised.

    Raises:
        NotFound: no such programme, or not visible to the actor.
    """
    programme = (
        Programme.objects.visible_to(actor)
        .select_related("congress__region", "office")
        .filter(public_id=public_id)
        .first()
    )
    if programme is None:
        raise NotFound
    return programme


def elected_candidates(programme: Programme) -> list[Candidate]:
    """What becomes a project when the work begins."""
    return list(programme.candidates.filter(status=CandidateStatus.ELECTED).select_related("unit").order_by("number"))


# ── the lists ────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Tab:
    """A saved view of the list: ``?view=<code>``; work to be done begins with the most urgent."""

    code: str
    label: str
    order: tuple[str, ...] = _NEWEST
    light: str | None = None


ALL = Tab("all", "全部")
SOON, LATE = Tab("soon", "临期", _BY_DUE, "amber"), Tab("late", "超期", _BY_DUE, "overdue")
CHANGE = Tab("change", "待调整审批", ("id",))
FINISHED, HANDED_OVER = Tab("finished", "已完工待交付", ("id",)), Tab("handed_over", "已交付")
REPORT, DEMAND = Tab("report", "待报送进展", _BY_DUE), Tab("demand", "待整改答复", _BY_DUE)
OFFICE_TABS = (ALL, SOON, LATE, CHANGE, FINISHED, HANDED_OVER)
UNIT_TABS = (ALL, REPORT, DEMAND, SOON, LATE, FINISHED, HANDED_OVER)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the filter bar asks for; empty values ask for nothing."""

    year: int | None = None
    region: str = ""
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One line of the list."""

    project: Project
    light: Light | None
    due_on: dt.date | None


def tabs_for(actor: Actor) -> tuple[Tab, ...]:
    """A unit begins with its reports, an office with what it decides."""
    return UNIT_TABS if actor.is_unit else OFFICE_TABS


def tab_of(actor: Actor, code: str) -> Tab:
    """The tab of this code; the first one when there is none."""
    tabs = tabs_for(actor)
    return next((tab for tab in tabs if tab.code == code), tabs[0])


def scoped(actor: Actor, conditions: Conditions | None = None) -> QuerySet[Project]:
    """The projects that the actor may see under these conditions, each with the nearest due day, ``due_on``."""
    rows = Project.objects.visible_to(actor)
    if conditions is not None and conditions.year:
        rows = rows.filter(programme__year=conditions.year)
    if conditions is not None and conditions.region:
        rows = rows.filter(region_prefix__startswith=conditions.region)
    if conditions is not None and conditions.unit_id:
        rows = rows.filter(unit_id=conditions.unit_id)
    return with_due(rows)


def with_due(rows: QuerySet[Project]) -> QuerySet[Project]:
    """The projects with ``due_on``: the nearest of all open clocks of a project and of what belongs to it."""
    clocks = Deadline.objects.unscoped(reason="the list of projects is scoped").open().order_by("due_on")
    nearest = [
        Subquery(clocks.filter(**{"kind": kind, path: OuterRef("pk")}).values("due_on")[:1])
        for kind, path in _CLOCKS.items()
    ]
    return rows.annotate(due_on=Least(*nearest))


def _with_clock(**due: Any) -> Q:
    """The condition that an open clock of a project or of what belongs to it is due then; found from the clocks."""
    clocks = Deadline.objects.unscoped(reason="the list of projects is scoped").open().filter(**due)
    found = Q(pk__in=[])
    for kind, path in _CLOCKS.items():
        found |= Q(pk__in=clocks.filter(**{"kind": kind, f"{path}__isnull": False}).values(path))
    return found


def tab_rows(rows: QuerySet[Project], tab: Tab) -> QuerySet[Project]:
    """The rows of ``scoped`` that stand under a tab."""
    today = timezone.localdate()
    late = _with_clock(due_on__lt=today)
    inspections = Inspection.objects.unscoped(reason="the list of projects is scoped").filter(project=OuterRef("pk"))
    due = ProgressReport.objects.filter(project=OuterRef("pk"), status=ReportStatus.DUE)
    conditions: dict[Tab, Q] = {
        SOON: _with_clock(due_on__range=(today, today + timedelta(days=AMBER_DAYS))) & ~late,
        LATE: late,
        CHANGE: Q(Exists(_open_changes())),
        REPORT: Q(Exists(due), status=S.UNDERWAY),
        DEMAND: Q(Exists(inspections.filter(status=InspectionStatus.DEMANDED))),
        FINISHED: Q(status=S.FINISHED),
        HANDED_OVER: Q(status=S.HANDED_OVER),
    }
    return rows.filter(conditions.get(tab, Q()))


def _open_changes() -> QuerySet[ProjectChange]:
    return ProjectChange.objects.filter(project=OuterRef("pk"), status=ChangeStatus.REQUESTED)


def with_names(rows: QuerySet[Project]) -> QuerySet[Project]:
    """What a line shows, joined."""
    return rows.select_related("programme__congress__region", "unit").defer("content", "programme__introduction")


def desk_rows(projects: list[Project]) -> list[DeskRow]:
    """Lines from ``scoped`` with their lights. No query."""
    return [
        DeskRow(project, light_of(due), due)
        for project in projects
        for due in (project.due_on,)  # type: ignore[attr-defined]
    ]


def desk_counts(actor: Actor, conditions: Conditions) -> dict[str, int]:
    """How many rows each tab has under these conditions (one query, each counted up to a limit)."""
    scope = scoped(actor, conditions)
    return capped_counts({tab.code: tab_rows(scope, tab) for tab in tabs_for(actor)})


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for an actor, by kind."""

    reports: int = 0
    demands: int = 0
    changes: int = 0
    finished: int = 0
    late: int = 0
    checks: int = 0


def waiting_for(actor: Actor) -> Waiting:
    """What waits for the actor's own office, unit or supervision groups (one query; none for others)."""
    if not actor.can(Permission.PROGRAMME_VIEW) or actor.is_system:
        return Waiting()
    if actor.is_deputy:
        answered = Inspection.objects.unscoped(reason="the actor's own groups").filter(
            status=InspectionStatus.ANSWERED, group__members__in=actor.mandate_ids
        )
        return Waiting(checks=capped_counts({"checks": answered.distinct()})["checks"])
    rows = scoped(actor)
    lists: dict[str, QuerySet[Project]] = {"late": tab_rows(rows, LATE)}
    if actor.is_unit:
        lists |= {"reports": tab_rows(rows, REPORT), "demands": tab_rows(rows, DEMAND)}
    else:
        rows = rows.filter(office_id=actor.organisation_id)
        lists = {"late": tab_rows(rows, LATE), "finished": tab_rows(rows, FINISHED)}
        if actor.can(Permission.PROGRAMME_APPROVE):
            lists["changes"] = tab_rows(rows, CHANGE)
    counts = capped_counts(lists)
    return Waiting(**counts)


# ── choices ──────────────────────────────────────────────────────────────────────────────────────
def years_of(actor: Actor) -> list[int]:
    """Years of the projects that the actor sees, the newest first."""
    years = Project.objects.visible_to(actor).order_by().values_list("programme__year", flat=True).distinct()
    return sorted(years, reverse=True)


def regions_of(actor: Actor) -> list[tuple[str, str]]:
    """Regions whose congresses have projects that the actor sees: (prefix, name)."""
    programmes = Project.objects.visible_to(actor).order_by().values("programme__congress__region_id")
    found = Region.objects.filter(pk__in=programmes).order_by("prefix")
    return list(found.values_list("prefix", "name"))


def units_of(actor: Actor) -> list[tuple[int, str]]:
    """Responsible units of the projects that the actor sees: (id, name)."""
    ids = Project.objects.visible_to(actor).order_by().filter(unit__isnull=False).values("unit_id")
    found = Organisation.objects.unscoped(reason="units of projects that the actor sees").filter(pk__in=ids)
    return list(found.order_by("region__prefix", "name").values_list("id", "name"))


def units_within(project: Project) -> list[tuple[UUID, str]]:
    """Units with accounts in the project's region, who may be made responsible: (public id, name)."""
    found = (
        Organisation.objects.unscoped(reason="an office names units of its own region")
        .active()
        .filter(kind=OrganisationKind.UNIT, region__prefix__startswith=project.region_prefix)
    )
    return list(found.order_by("region__prefix", "name").values_list("public_id", "name"))


def search_projects(actor: Actor, text: str, *, limit: int) -> list[Project]:
    """Projects whose name, place or unit holds the words, the newest first."""
    words = text.strip()
    if not words or not actor.can(Permission.PROGRAMME_VIEW):
        return []
    found = Q(name__icontains=words) | Q(place__icontains=words) | Q(unit_name__icontains=words)
    rows = Project.objects.visible_to(actor).filter(found).select_related("programme__congress__region")
    return list(rows.order_by("-id")[:limit])
