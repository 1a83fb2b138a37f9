"""Pages of the year's programme: the list, one record, setting it up and changing it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from liaison.faces import ActorRequest, call, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from votes.forms.programme import ProgrammeEditForm, ProgrammeFilterForm, ProgrammeForm
from votes.selectors.candidate import candidates_of
from votes.selectors.programme import get_programme_for, places_hint, takes_proposals
from votes.selectors.programme import programme_list as listed
from votes.selectors.programme_desk import (
    plan_of,
    programme_clocks,
    programme_timeline,
    projects_of,
    settings_of,
    stages_of,
)
from votes.selectors.proposal import TABS, source_counts, status_counts
from votes.selectors.round import rounds_of
from votes.services.programme import programme_create, programme_edit, require_office
from votes.states import CandidateStatus
from votes.views.programme_pages import action_box, form_status, posted


@require_safe
@requires(P.PROGRAMME_VIEW)
def programme_list(request: ActorRequest) -> HttpResponse:
    """Programmes by year; the address holds filters and place."""
    form = ProgrammeFilterForm(request.GET, actor=request.actor)
    page = keyset_page(
        listed(request.actor, form.conditions),
        params=request.GET,
        path=request.path,
        order=("-year", "-id"),
    )
    context = {
        "filter_form": form,
        "page": page,
        "is_filtered": any(form.cleaned_data.values()) if form.is_valid() else False,
        "may_create": request.actor.is_congress and request.actor.can(P.PROGRAMME_EDIT),
    }
    return render(request, "votes/programme_list.html", context)


@require_safe
@requires(P.PROGRAMME_VIEW)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One year: where it stands, until when, what to do now, everything that happened."""
    actor = request.actor
    programme = get_programme_for(actor, public_id)
    candidates = candidates_of(actor, programme)
    standing = [one for one in candidates if one.status != CandidateStatus.WITHDRAWN]
    counts = status_counts(actor, programme) if actor.is_congress else {}
    sources = source_counts(programme) if actor.is_congress else {}
    rounds = rounds_of(actor, programme)
    context = {
        "programme": programme,
        "stages": stages_of(programme),
        "action": action_box(actor, programme, counts, len(standing), rounds),
        "rounds": rounds,
        "works": projects_of(actor, programme),
        "clocks": programme_clocks(programme) if actor.is_congress else [],
        "facts": plan_of(programme),
        "settings": settings_of(programme) if actor.is_congress else [],
        "tabs": [(code.value, label, counts[code]) for code, label in TABS.items()] if counts else [],
        "total": sum(counts.values()),
        "sources": [
            (label, sources.get(code, 0))
            for code, label in (("public", "群众"), ("deputy", "代表"), ("department", "部门"))
        ],
        "candidates": standing,
        "is_open": takes_proposals(programme),
        "timeline": list(reversed(programme_timeline(actor, programme))),
    }
    return render(request, "votes/programme_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def new(request: ActorRequest) -> HttpResponse:
    """建立年度安排."""
    form = ProgrammeForm(posted(request), actor=request.actor)
    if form.is_valid():
        programme = call(
            form,
            programme_create,
            actor=request.actor,
            region_code=form.cleaned_data["region_code"],
            year=form.cleaned_data["year"],
            values=form.values,
        )
        if programme is not None:
            messages.success(request, "年度安排已建立。核对无误后开始征集。")
            if hint := places_hint(programme.congress.level, programme.places):
                messages.warning(request, hint)
            return redirect(programme)
    return render(request, "votes/programme_form.html", {"form": form}, status=form_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """修改年度安排."""
    programme = get_programme_for(request.actor, public_id)
    require_office(programme, request.actor)
    form = ProgrammeEditForm(posted(request), programme=programme)
    if form.is_valid():
        done = call(
            form,
            programme_edit,
            actor=request.actor,
            public_id=public_id,
            version=form.cleaned_data["version"],
            values=form.values,
        )
        if done is not None:
            messages.success(request, "年度安排已修改，相应的期限已同步调整。")
            if hint := places_hint(done.congress.level, done.places):
                messages.warning(request, hint)
            return redirect(done)
    context = {"form": form, "programme": programme}
    return render(request, "votes/programme_form.html", context, status=form_status(form, programme.version))
