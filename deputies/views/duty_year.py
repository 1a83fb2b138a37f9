"""Yearly freezes (年度归档): what is open, the freeze, its text and hash, what changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from deputies.forms.duty import DutyYearFilter
from deputies.selectors.duty_scope import get_kept_congress, kept_congresses
from deputies.selectors.duty_year import (
    YEAR_ORDER,
    before_close,
    canonical_lines,
    closable_years,
    corrections_since,
    duty_years,
    get_duty_year_for,
    hash_of,
)
from deputies.services.duty_year import duty_year_close
from liaison.exceptions import DomainError
from liaison.faces import ActorRequest, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpResponse

#: 我的 congresses with years to close, at most.
MOST_CONGRESSES = 30


@require_safe
@requires(P.DUTY_CHECK)
def year_list(request: ActorRequest) -> HttpResponse:
    """年度归档: what is closed, and what may be."""
    may_close = request.actor.can(P.DUTY_CLOSE)
    filter_ = DutyYearFilter(request.GET, queryset=duty_years(request.actor), actor=request.actor)
    kept = kept_congresses(request.actor) if may_close else []
    congresses = [one for one in kept if filter_.fits(one)][:MOST_CONGRESSES]
    context = {
        "filter": filter_,
        "page": keyset_page(filter_.qs, params=request.GET, path=request.path, order=YEAR_ORDER),
        "may_close": may_close,
        "open_years": [(one, years) for one in congresses if (years := closable_years(one))],
    }
    return render(request, "deputies/duty_year_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.DUTY_CLOSE)
def close(request: ActorRequest, congress_id: UUID, year: int) -> HttpResponse:
    """归档一年: asks once, naming what is open."""
    congress = get_kept_congress(request.actor, congress_id, P.DUTY_CLOSE)
    if request.method == "POST":
        done = duty_year_close(actor=request.actor, congress_id=congress_id, year=year)
        messages.success(request, f"已归档{congress.short_name}{year}年履职数据，共{done.figures_count}条。")
        return redirect(done)
    if year not in closable_years(congress):
        raise DomainError(f"{year}年不能归档：已经归档，或者还没有结束（当年的从12月起）。", code="year_not_over")
    context = {
        "congress": congress,
        "year": year,
        "state": before_close(congress, year),
        "cancel_url": reverse("duty:years"),
    }
    return render(request, "deputies/duty_year_close.html", context)


@require_safe
@requires(P.DUTY_CHECK)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One freeze: the hash computed again, and the corrections since."""
    duty_year = get_duty_year_for(request.actor, public_id)
    computed = hash_of(canonical_lines(duty_year))
    context = {
        "duty_year": duty_year,
        "computed": computed,
        "is_true": computed == duty_year.sha256,
        "corrections": corrections_since(duty_year),
    }
    return render(request, "deputies/duty_year.html", context)


@require_safe
@requires(P.DUTY_CHECK)
def text(request: ActorRequest, public_id: UUID) -> StreamingHttpResponse:
    """The canonical text, for whoever computes the hash on their own."""
    duty_year = get_duty_year_for(request.actor, public_id)
    lines = (f"{line}\n" for line in canonical_lines(duty_year))
    response = StreamingHttpResponse(lines, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="duty-year-{duty_year.year}.txt"'
    return response
