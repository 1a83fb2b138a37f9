"""Pages of projects being carried out: the list, a deputy's own, the record, the beginning of the work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.dates import cn_date
from liaison.faces import ActorRequest, call, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from liaison.selectors.counts import count_text
from liaison.selectors.timeline import KINDS
from liaison.services.job import job_start
from votes.forms.project import ConfirmForm, WorkFilterForm
from votes.selectors.change import amount_text
from votes.selectors.inspection import own_groups
from votes.selectors.project import (
    desk_counts,
    desk_rows,
    elected_candidates,
    get_programme_for_work,
    get_project_for,
    scoped,
    tab_of,
    tab_rows,
    tabs_for,
    with_names,
)
from votes.selectors.project_record import project_timeline, record_of
from votes.services.milestone import may_set_milestones
from votes.services.project import projects_start
from votes.states import PROGRAMME_TRANSITIONS
from votes.views.work_acts import form_status
from votes.views.work_next import next_on_project

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from liaison.selectors.timeline import TimelineEntry
    from votes.models import Project
    from votes.selectors.project import Tab
    from votes.selectors.project_record import ProjectRecord


@require_safe
@requires(P.PROGRAMME_VIEW)
def desk(request: ActorRequest) -> HttpResponse:
    """All projects by light, for offices and units; deputies have their own list."""
    if request.actor.is_deputy:
        return redirect("projects:mine")
    form = WorkFilterForm(request.GET, actor=request.actor)
    tab = tab_of(request.actor, request.GET.get("view", ""))
    page = keyset_page(
        with_names(tab_rows(scoped(request.actor, form.conditions), tab)),
        params=request.GET,
        path=request.path,
        order=tab.order,
        nullable=("due_on",),
    )
    context = {
        "tab": tab,
        "views": _tabs(request, tab, desk_counts(request.actor, form.conditions)),
        "filter_form": form if form.fields else None,
        "is_filtered": any(form.cleaned_data.values()),
        "keep": [("view", tab.code)],
        "clear_url": f"{request.path}?view={tab.code}",
        "page": page,
        "rows": desk_rows(page.items),
    }
    return render(request, "votes/project_list.html", context)


def _tabs(request: ActorRequest, tab: Tab, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The tabs with their counts; a tab keeps the filters and begins at the first page."""
    views = []
    for one in tabs_for(request.actor):
        query = request.GET.copy()
        for name in ("after", "before"):
            query.pop(name, None)
        query["view"] = one.code
        views.append(
            {
                "label": one.label,
                "url": f"{request.path}?{query.urlencode()}",
                "count": count_text(counts[one.code]) if counts[one.code] else 0,
                "light": one.light,
                "active": one == tab,
            }
        )
    return views


@require_POST
@requires(P.PROGRAMME_VIEW)
def export(request: ActorRequest) -> HttpResponse:
    """The list as shown, as a workbook: a worker writes it."""
    query = QueryDict(request.POST.get("query", ""))
    label = tab_of(request.actor, query.get("view", "")).label
    params = {"query": query.urlencode()}
    job = job_start(actor=request.actor, kind="project.export", title=f"导出实施项目（{label}）", params=params)
    return redirect(job)


@require_safe
@requires(P.BALLOT_CAST)
def mine(request: ActorRequest) -> HttpResponse:
    """A deputy's supervision groups with their projects, then all projects of their congresses."""
    groups = own_groups(request.actor)
    page = keyset_page(
        with_names(scoped(request.actor)), params=request.GET, path=request.path, order=("-programme_id", "id"), size=20
    )
    supervised = {one.pk: one for group in groups for one in group.projects.all()}
    known = {row.project.pk: row for row in desk_rows(list(_lit(request, list(supervised))))}
    context = {
        "groups": [
            {"group": group, "rows": [known[one.pk] for one in group.projects.all() if one.pk in known]}
            for group in groups
        ],
        "page": page,
        "rows": desk_rows(page.items),
    }
    return render(request, "votes/project_mine.html", context)


def _lit(request: ActorRequest, ids: list[int]) -> Iterable[Project]:
    """The supervised projects with their nearest due days."""
    return with_names(scoped(request.actor)).filter(pk__in=ids).order_by("id") if ids else []


@require_safe
@requires(P.PROGRAMME_VIEW)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One project, one page, one timeline."""
    project = get_project_for(request.actor, public_id)
    record = record_of(project)
    entries = project_timeline(request.actor, project, record)
    kind = request.GET.get("kind", "") if request.GET.get("kind") in KINDS else ""
    context = {
        "project": project,
        "record": record,
        "next": next_on_project(request.actor, project, record),
        "may_set_milestones": project.status == "underway" and may_set_milestones(request.actor, project),
        "facts": _facts(project, record),
        "timeline": [entry for entry in entries if not kind or entry.kind == kind],
        "timeline_kinds": _kinds(request, entries, kind),
    }
    return render(request, "votes/project_detail.html", context)


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of ``liaison/partials/summary_list.html``."""

    label: str
    value: str


def _facts(project: Project, record: ProjectRecord) -> list[Fact]:
    rows = [
        ("年度", f"{project.programme.congress.region.name}{project.programme.year}年民生实事项目"),
        ("责任单位", project.unit_name),
        ("实施地点", project.place),
        ("投资额", f"{amount_text(project.investment)}万元"),
        ("资金来源", project.candidate.money_source),
        ("完成时间", cn_date(project.finish_on)),
        ("监督小组", "、".join(group.name for group in record.groups)),
        ("完工日期", cn_date(project.finished_on) if project.finished_on else ""),
        ("交付日期", cn_date(project.handed_over_on) if project.handed_over_on else ""),
        ("承办机构", project.office.display),
    ]
    return [Fact(label, value) for label, value in rows if value]


def _kinds(request: ActorRequest, entries: Sequence[TimelineEntry], active: str) -> list[dict[str, Any]]:
    kinds = [{"label": "全部", "url": f"{request.path}#timeline-title", "active": not active, "count": len(entries)}]
    for code, label in KINDS.items():
        count = sum(entry.kind == code for entry in entries)
        if count:
            url = f"{request.path}?kind={code}#timeline-title"
            kinds.append({"label": label, "url": url, "active": active == code, "count": count})
    return kinds


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_APPROVE)
def start(request: ActorRequest, programme_id: UUID) -> HttpResponse:
    """转入组织实施: asks once, naming what was elected, its unit and day."""
    programme = get_programme_for_work(request.actor, programme_id)
    if request.method == "POST":
        form = ConfirmForm(request.POST)
        if form.is_valid():
            done = call(
                form,
                projects_start,
                actor=request.actor,
                programme_public_id=programme_id,
                version=form.cleaned_data["version"],
            )
            if done is not None:
                messages.success(request, f"已转入组织实施，共{len(done)}个项目，已通知责任单位。")
                return redirect(f"{reverse('projects:desk')}?year={programme.year}")
    else:
        PROGRAMME_TRANSITIONS.check(programme, "begin_work", request.actor)
        form = ConfirmForm(initial={"version": programme.version})
    context = {
        "programme": programme,
        "candidates": elected_candidates(programme),
        "form": form,
        "cancel_url": programme.get_absolute_url(),
    }
    return render(request, "votes/project_start.html", context, status=form_status(form, programme.version))
