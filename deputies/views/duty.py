"""Duty files (履职档案): the list, one deputy's file on the page and on paper, its export, its check."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from deputies.forms.duty import CheckForm, DutyFileFilter, EntryFilter
from deputies.selectors.duty_file import (
    Period,
    asked_of,
    campaigns_of,
    check_state,
    contests_of,
    entry_lines,
    file_entries,
    filtered,
    kind_sums,
    own_mandates,
    period_of,
    years_of,
)
from deputies.selectors.duty_list import STATE_NEEDS_CONGRESS, file_rows, mandates_in_state
from deputies.selectors.duty_scope import get_file_mandate, keeps, kept_congresses, read_congresses
from deputies.selectors.duty_year import freeze_of
from deputies.selectors.mandate import roster
from deputies.selectors.session_attendance import LAW, LAW_NOTE, TWICE, flagged_mandates, unapproved_absences
from deputies.services.duty_check import duty_check
from deputies.services.duty_export import duty_file_start, duty_files_start
from deputies.views.pages import Tab
from liaison.exceptions import DomainError, NotFound
from liaison.faces import ActorRequest, call, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpResponse

    from deputies.models import Mandate


@require_safe
@requires(P.DUTY_VIEW)
def file_list(request: ActorRequest) -> HttpResponse:
    """履职档案: the deputies, with how many requirements each has met in the year."""
    actor = request.actor
    if actor.is_deputy:
        return redirect("duty:mine")
    path = reverse("duty:list")
    filter_ = DutyFileFilter(request.GET, queryset=roster(actor).prefetch_related(None), actor=actor)
    mandates, state, note = filter_.qs, request.GET.get("state", ""), ""
    if state and filter_.is_valid():
        if request.GET.get("congress"):
            mandates = mandates_in_state(mandates, state, filter_.of_year)
        else:
            note = STATE_NEEDS_CONGRESS
    page = keyset_page(mandates, params=request.GET, path=path, order=filter_.order)
    staff, asked = actor.can(P.DUTY_CHECK), request.GET.get("congress", "")
    kept = kept_congresses(actor) if staff else []
    read = read_congresses(actor) if staff and asked else []
    context = {
        "filter": filter_,
        "clear_url": path,
        "page": page,
        "rows": file_rows(page.items, filter_.of_year),
        "year": filter_.of_year,
        "state_note": note,
        "kept": [one for one in kept if str(one.public_id) == asked] or kept[:1],
        "asked_congress": asked if any(str(one.public_id) == asked for one in read) else "",
        "flags": flagged_mandates(actor).count(),
    }
    return render(request, "deputies/duty_list.html", context)


@require_safe
@requires(P.DUTY_VIEW)
def mine(request: ActorRequest) -> HttpResponse:
    """我的履职档案: of the highest congress, this year."""
    mandates = own_mandates(request.actor)
    if not mandates:
        raise NotFound
    return redirect("duty:file", mandates[0].public_id, years_of(mandates[0])[0])


@require_safe
@requires(P.DUTY_VIEW)
def file_now(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The newest year of a file."""
    mandate = get_file_mandate(request.actor, public_id)
    return redirect("duty:file", mandate.public_id, years_of(mandate)[0])


@require_safe
@requires(P.DUTY_VIEW)
def file(request: ActorRequest, public_id: UUID, period: str) -> HttpResponse:
    """One deputy's file of a year or of the term."""
    mandate = get_file_mandate(request.actor, public_id)
    return _file_page(request, mandate, period_of(period))


def _file_page(
    request: ActorRequest, mandate: Mandate, period: Period, *, form: CheckForm | None = None
) -> HttpResponse:
    actor = request.actor
    entries = file_entries(mandate, period)
    campaigns = campaigns_of(mandate, period)
    filter_form = EntryFilter(request.GET, campaigns=campaigns)
    path = reverse("duty:file", args=[mandate.public_id, period.key])
    conditions = filter_form.cleaned_data if filter_form.is_valid() else {}
    page = keyset_page(
        filtered(entries, **{name: value for name, value in conditions.items() if value}),
        params=request.GET,
        path=path,
        order=("-on", "-id"),
    )
    state = check_state(mandate, period)
    own = own_mandates(actor) if actor.is_deputy else []
    context = _head(request, mandate, period) | {
        "filter_form": filter_form,
        "clear_url": path,
        "page": page,
        "lines": entry_lines(actor, page.items, state.check),
        "state": state,
        "may_check": state.ledger is not None and keeps(actor, mandate.congress) and state.is_due,
        "check_form": form or CheckForm(initial={"seen": state.ledger.token if state.ledger else ""}),
        "contests": contests_of(mandate, period),
        "is_self": actor.is_deputy,
        "token": uuid.uuid4(),
        "periods": [
            Tab(label=one.label, url=reverse("duty:file", args=[mandate.public_id, one.key]), active=one == period)
            for one in [*(Period(year) for year in years_of(mandate)), Period(None)]
        ],
        "siblings": [
            Tab(
                label=f"{one.congress.short_name}代表",
                url=reverse("duty:file", args=[one.public_id, period.key]),
                active=one.pk == mandate.pk,
            )
            for one in own
        ]
        if len(own) > 1
        else [],
    }
    error = getattr(form, "domain_error", None)
    status = 200 if form is None else error.status if isinstance(error, DomainError) and error.status == 409 else 422
    return render(request, "deputies/duty_file.html", context, status=status)


def _head(request: ActorRequest, mandate: Mandate, period: Period) -> dict[str, object]:
    absences = unapproved_absences([mandate])[mandate.pk]
    return {
        "mandate": mandate,
        "person": mandate.person,
        "period": period,
        "asked": asked_of(mandate, period),
        "sums": kind_sums(mandate, period),
        "freeze": freeze_of(mandate.congress, period.year),
        "absences": absences if len(absences) >= TWICE and not request.actor.is_deputy else [],
        "law": LAW,
        "law_note": LAW_NOTE,
    }


@require_safe
@requires(P.DUTY_VIEW)
def print_view(request: ActorRequest, public_id: UUID, period: str) -> HttpResponse:
    """The same on A4."""
    mandate = get_file_mandate(request.actor, public_id)
    of = period_of(period)
    entries = file_entries(mandate, of).order_by("on", "id")
    context = _head(request, mandate, of) | {"entries": entries, "state": check_state(mandate, of), "absences": []}
    return render(request, "deputies/duty_print.html", context)


@require_POST
@requires(P.DUTY_VIEW)
def export(request: ActorRequest, public_id: UUID, period: str) -> HttpResponse:
    """导出 one file: a job, whose page shows how far it is."""
    return redirect(duty_file_start(actor=request.actor, mandate_id=public_id, period=period_of(period)))


@require_POST
@requires(P.DUTY_CHECK)
def export_all(request: ActorRequest) -> HttpResponse:
    """导出 the files of all deputies of a congress for a year."""
    try:
        asked = UUID(request.POST.get("congress", ""))
    except ValueError:
        raise NotFound from None
    year = period_of(request.POST.get("year", "")).year
    if year is None:
        raise NotFound
    return redirect(duty_files_start(actor=request.actor, congress_id=asked, year=year))


@require_POST
@requires(P.DUTY_CHECK)
def check(request: ActorRequest, public_id: UUID, period: str) -> HttpResponse:
    """核对无误: as far as the page reached."""
    mandate, of = get_file_mandate(request.actor, public_id), period_of(period)
    if of.year is None:
        raise NotFound
    form = CheckForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        done = call(
            form,
            duty_check,
            actor=request.actor,
            mandate_id=public_id,
            year=of.year,
            seen=data["seen"],
            note=data["note"],
        )
        if done is not None:
            messages.success(request, f"已记下：{mandate.person.name}{done}。")
            return redirect("duty:file", public_id, of.key)
    return _file_page(request, mandate, of, form=form)
