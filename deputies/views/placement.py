"""Placements: looked up and added, moved, ended; and the bulk proposal of a region."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from deputies.forms.station import PlacementEndForm, PlacementMoveForm
from deputies.selectors.congress import region_choices
from deputies.selectors.placement import COUNTY, deputies_found, get_placement_for, propose
from deputies.selectors.station import get_kept_station
from deputies.services.placement import placement_add, placement_end, placement_move, placements_save
from deputies.views.pages import form_page, posted
from liaison.exceptions import DomainError, InvalidInput
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpResponse

METHODS = ["GET", "HEAD", "POST"]
#: Name of a choice in the table of proposals: the deputy's public id follows.
CHOICE = "place-"


@require_http_methods(METHODS)
@requires(P.STATION_EDIT)
def add(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """编入代表: look for a deputy, press the button beside the name."""
    station = get_kept_station(request.actor, public_id)
    words = request.GET.get("q", "").strip()[:60]
    problem = ""
    if request.method == "POST":
        try:
            asked = _uuid(request.POST.get("mandate", ""))
            placed = placement_add(actor=request.actor, station_id=public_id, mandate_id=asked)
        except InvalidInput as error:
            problem = error.message
        except DomainError as error:
            if error.status in {403, 404}:
                raise
            problem = error.message
        else:
            messages.success(request, f"已编入{placed.mandate.person.name}。")
            return redirect(station)
    context = {
        "station": station,
        "q": words,
        "found": deputies_found(request.actor, words),
        "problem": problem,
        "cancel_url": station.get_absolute_url(),
    }
    return render(request, "deputies/station_place.html", context, status=422 if problem else 200)


@require_http_methods(METHODS)
@requires(P.STATION_EDIT)
def move(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """调整到另一个站."""
    placement = get_placement_for(request.actor, public_id)
    station, name = placement.station, placement.mandate.person.name
    form = PlacementMoveForm(posted(request), actor=request.actor, placement=placement)
    if request.method == "POST" and form.is_valid():
        moved = call(
            form,
            placement_move,
            actor=request.actor,
            placement_id=public_id,
            station_id=form.cleaned_data["station"].public_id,
        )
        if moved is not None:
            new, dropped = moved
            messages.success(request, f"{name}已调整到{new.station.name}。{_dropped(dropped, station.name)}")
            return redirect(station)
    return form_page(
        request,
        "deputies/station_placement_form.html",
        form,
        station=station,
        heading=f"调整{name}的联络站",
        lede=f"现编入{station.name}（{placement.mandate.congress.short_name}代表）",
        submit_label="调整",
        cancel_url=station.get_absolute_url(),
    )


@require_http_methods(METHODS)
@requires(P.STATION_EDIT)
def end(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """登记离站."""
    placement = get_placement_for(request.actor, public_id)
    station, name = placement.station, placement.mandate.person.name
    form = PlacementEndForm(posted(request), initial={"ended_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        ended = call(form, placement_end, actor=request.actor, placement_id=public_id, **form.cleaned_data)
        if ended is not None:
            messages.success(request, f"{name}已离站。{_dropped(ended[1], station.name)}")
            return redirect(station)
    return form_page(
        request,
        "deputies/station_placement_form.html",
        form,
        station=station,
        heading=f"登记{name}离站",
        lede=f"{station.name}（{placement.mandate.congress.short_name}代表）",
        submit_label="登记离站",
        cancel_url=station.get_absolute_url(),
    )


@require_http_methods(METHODS)
@requires(P.STATION_EDIT)
def bulk(request: ActorRequest) -> HttpResponse:
    """就近编入: a proposal for everybody without a station, corrected by hand, saved all or nothing."""
    way, below = region_choices(request.actor, request.GET.get("region", ""))
    here = way[-1] if way else None
    plan = propose(request.actor, here) if here is not None and len(here.prefix) >= COUNTY else None
    context = {"way": way, "below": below, "here": here, "plan": plan, "base": reverse("stations:bulk"), "problem": ""}
    status = 200
    if request.method == "POST":
        choices = {
            str(_uuid(name.removeprefix(CHOICE))): str(_uuid(str(value)))
            for name, value in request.POST.items()
            if name.startswith(CHOICE) and value
        }
        try:
            done = placements_save(actor=request.actor, choices=choices)
        except DomainError as error:
            if error.status == 403:
                raise
            context["problem"], status = error.message, 409
        else:
            messages.success(request, _saved(done.made, done.already))
            return redirect(request.get_full_path())
    return render(request, "deputies/station_bulk.html", context, status=status)


def _saved(made: int, already: int) -> str:
    if not made and not already:
        return "没有选择任何联络站，未作改动。"
    return f"已编入{made}名代表" + (f"，另有{already}名原已编入。" if already else "。")


def _dropped(days: int, station: str) -> str:
    return f"同时从{station}的{days}个未到接待日中移出，请另行安排接待代表。" if days else ""


def _uuid(text: str) -> UUID:
    """What was sent, or an id that nothing has."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
