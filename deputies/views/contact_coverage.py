"""Yearly coverage of contacts: share, chart, gaps with who should meet whom next, planning in one press, xlsx."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from deputies.forms.committee import PlaceForm
from deputies.forms.contact import PlanGapsForm
from deputies.selectors.committee import year_asked
from deputies.selectors.contact_coverage import COVERAGE_VIEWS, Coverage
from deputies.services.committee import require_own
from deputies.services.contact import contacts_plan
from deputies.services.contact_coverage import coverage_export_start
from deputies.views.committee import METHODS, asked_congress, uuid_of
from deputies.views.pages import Tab, posted
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpResponse

    from deputies.models import Congress

#: Most gaps on one page; the file has all.
MOST_SHOWN = 300
PICK, MEMBER = "pick", "member-"


@require_http_methods(METHODS)
@requires(P.CONTACT_VIEW)
def coverage(request: ActorRequest) -> HttpResponse:
    """年度覆盖: POST plans contacts for the ticked gaps, one a member."""
    congress = asked_congress(request)
    year = year_asked(congress, request.GET.get("year", ""))
    view = request.GET.get("view", "")
    view = view if view in COVERAGE_VIEWS else "contact"
    form = PlanGapsForm(posted(request))
    if request.method == "POST":
        request.actor.require(P.CONTACT_EDIT)
        require_own(request.actor, congress)
        if form.is_valid():
            made = call(
                form,
                contacts_plan,
                actor=request.actor,
                congress_id=congress.public_id,
                choices=_choices(request),
                **form.cleaned_data,
            )
            if made is not None:
                messages.success(request, f"已安排{len(made)}次联系活动，有账号的代表和组成人员会收到通知。")
                return redirect("contacts:list")
    label, done, read = COVERAGE_VIEWS[view]
    found = read(congress, year)
    query = {"congress": str(congress.public_id), "year": year}
    picked = set(request.POST.getlist(PICK))
    context = {
        "congress": congress,
        "year": year,
        "view": view,
        "label": label,
        "done": done,
        "found": found,
        "gaps": found.gaps[:MOST_SHOWN],
        "more": len(found.gaps) > MOST_SHOWN,
        "picked": picked,
        "chart": _chart(congress, found, label, done),
        "views": [
            Tab(title, reverse("contacts:coverage", query=query | {"view": key}), active=key == view)
            for key, (title, _done, _read) in COVERAGE_VIEWS.items()
        ],
        "filter_form": PlaceForm(actor=request.actor, congress=congress, year=year),
        "keep": [("view", view)],
        "form": form,
        "may_plan": request.actor.can(P.CONTACT_EDIT)
        and congress.is_kept_by(request.actor)
        and view == "contact"
        and year == timezone.localdate().year,
        "may_export": request.actor.can(P.CONTACT_EDIT),
        "export_url": reverse("contacts:coverage_export", query=query | {"view": view}),
    }
    return render(request, "deputies/contact_coverage.html", context, status=422 if form.errors else 200)


def _choices(request: ActorRequest) -> dict[str, str]:
    """Mandate → member, of the ticked rows."""
    picked = [str(uuid_of(one)) for one in request.POST.getlist(PICK)]
    return {one: str(uuid_of(request.POST[MEMBER + one])) for one in picked if request.POST.get(MEMBER + one)}


@require_POST
@requires(P.CONTACT_EDIT)
def export(request: ActorRequest) -> HttpResponse:
    """导出: a job, whose page shows how far it is."""
    congress = asked_congress(request)
    view = request.GET.get("view", "")
    return redirect(
        coverage_export_start(
            actor=request.actor,
            congress=congress,
            year=year_asked(congress, request.GET.get("year", "")),
            view=view if view in COVERAGE_VIEWS else "contact",
        )
    )


def _chart(congress: Congress, found: Coverage, label: str, done: str) -> dict[str, Any]:
    """Covered and missing by electoral unit, stacked (``partials/chart.html``)."""
    series = [
        {"name": done, "values": [unit.covered for unit in found.units], "tone": "accent"},
        {"name": f"尚未{done.removeprefix('已')}", "values": [unit.open for unit in found.units], "tone": "grey"},
    ]
    rows = [(unit.name, [str(unit.covered), str(unit.open)]) for unit in found.units]
    said = "；".join(f"{unit.name}{unit.total}名，{done}{unit.covered}名" for unit in found.units)
    return {
        "id": "chart-coverage",
        "title": f"{congress.short_name}{found.year}年{label}（名）",
        "description": f"{found.year}年{label}：{said}。",
        "unit": "名",
        "category_label": "选举单位",
        "series": series,
        "rows": rows,
        "as_data": {
            "kind": "stacked",
            "unit": "名",
            "categories": [unit.name for unit in found.units],
            "series": series,
            "horizontal": True,
        },
    }
