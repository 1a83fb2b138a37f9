"""Stations: the list, one station, setting up, changing, showing to the public, closing; a deputy's own."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deputies.forms.station import HoursForm, StationFilter, StationForm, WhyForm
from deputies.selectors.congress import region_choices
from deputies.selectors.group import own_groups
from deputies.selectors.rota import DAYS_AHEAD, rota_of, rota_of_person
from deputies.selectors.rota_attendance import DAYS_BACK, past_days
from deputies.selectors.station import (
    closing_counts,
    deputies_by_level,
    get_kept_station,
    get_station_for,
    hours_rows,
    may_keep,
    own_stations,
    station_list,
    week_of,
)
from deputies.services.station import (
    station_close,
    station_create,
    station_edit,
    station_hours_save,
    station_publish,
)
from deputies.views.pages import form_page, posted
from liaison.exceptions import NotFound
from liaison.faces import ActorRequest, call, requires, signed_in
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpResponse

    from deputies.models import Station

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@requires(P.STATION_VIEW)
def station_list_page(request: ActorRequest) -> HttpResponse:
    """联络站: the address holds conditions and place."""
    path = reverse("stations:list")
    filter_ = StationFilter(request.GET, queryset=station_list(request.actor), actor=request.actor)
    context = {
        "filter": filter_,
        "clear_url": path,
        "page": keyset_page(filter_.qs, params=request.GET, path=path, order=("region_prefix", "id")),
        "may_edit": request.actor.can(P.STATION_EDIT),
    }
    return render(request, "deputies/station_list.html", context)


@require_safe
@requires(P.STATION_VIEW)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One station: facts, hours, the rota of the next days, its deputies by level."""
    actor = request.actor
    station = get_station_for(actor, public_id)
    levels = deputies_by_level(station)
    week = week_of(station)
    keeps = may_keep(actor, station)
    context = {
        "station": station,
        "week": week,
        "rota": rota_of(station),
        "past": past_days(station) if actor.is_congress else [],
        "days_ahead": DAYS_AHEAD,
        "days_back": DAYS_BACK,
        "levels": levels,
        "deputies": sum(len(level.placements) for level in levels),
        "may_keep": keeps,
        "missing": _missing(station, bool(week), bool(levels)) if keeps else [],
        "may_see_roster": actor.is_congress and actor.can(P.DEPUTY_VIEW),
    }
    return render(request, "deputies/station_detail.html", context)


@require_safe
@signed_in
def mine(request: ActorRequest) -> HttpResponse:
    """我的联络站: where a deputy belongs, when it is open, and their own reception days."""
    if not request.actor.is_deputy:
        raise NotFound
    context = {
        "stations": own_stations(request.actor),
        "days": rota_of_person(request.actor),
        "groups": own_groups(request.actor),
    }
    return render(request, "deputies/station_mine.html", context)


@require_http_methods(METHODS)
@requires(P.STATION_EDIT)
def new(request: ActorRequest) -> HttpResponse:
    """设立联络站: the place is chosen above the form."""
    way, below = region_choices(request.actor, request.GET.get("region", ""))
    here = way[-1] if way else None
    form = StationForm(posted(request))
    if request.method == "POST" and here is not None and form.is_valid():
        station = call(
            form,
            station_create,
            actor=request.actor,
            region_code=here.code,
            kind=form.cleaned_data["kind"],
            facts=form.facts(),
        )
        if station is not None:
            messages.success(request, f"已设立{station.name}。接下来登记开放时间、编入代表，然后向社会公开。")
            return redirect(station)
    context = {"way": way, "below": below, "here": here, "cancel_url": reverse("stations:list")}
    return form_page(request, "deputies/station_form.html", form, **context)


@require_http_methods(METHODS)
@requires(P.STATION_EDIT)
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """修改联络站."""
    station = get_kept_station(request.actor, public_id)
    form = StationForm(posted(request), station=station)
    if request.method == "POST" and form.is_valid():
        saved = call(
            form,
            station_edit,
            actor=request.actor,
            station_id=public_id,
            facts=form.facts(),
            version=form.cleaned_data["version"],
        )
        if saved is not None:
            messages.success(request, f"已保存{saved.name}。")
            return redirect(saved)
    return form_page(
        request, "deputies/station_form.html", form, station=station, cancel_url=station.get_absolute_url()
    )


@require_http_methods(METHODS)
@requires(P.STATION_EDIT)
def hours(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """开放时间: the week on one page."""
    station = get_kept_station(request.actor, public_id)
    form = HoursForm(posted(request), station=station, hours=hours_rows(station))
    if request.method == "POST" and form.is_valid():
        saved = call(
            form,
            station_hours_save,
            actor=request.actor,
            station_id=public_id,
            hours=form.cleaned_data["hours"],
            version=form.cleaned_data["version"],
        )
        if saved is not None:
            messages.success(request, "已保存开放时间。")
            return redirect(saved)
    return form_page(
        request, "deputies/station_hours.html", form, station=station, cancel_url=station.get_absolute_url()
    )


@require_POST
@requires(P.STATION_EDIT)
def publish(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """向社会公开, or take it back (``shown`` empty)."""
    station = station_publish(actor=request.actor, station_id=public_id, is_published=bool(request.POST.get("shown")))
    messages.success(
        request, "已向社会公开，群众可以查到并扫码。" if station.is_published else "已停止公开，群众不再查到。"
    )
    return redirect(station)


@require_http_methods(METHODS)
@requires(P.STATION_EDIT)
def close(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """撤销联络站: says first what ends with it."""
    station = get_kept_station(request.actor, public_id)
    form = WhyForm(posted(request), label="撤销原因", help_text="例如：并入某某代表联络站。")
    if request.method == "POST" and form.is_valid():
        closed = call(
            form, station_close, actor=request.actor, station_id=public_id, reason=form.cleaned_data["reason"]
        )
        if closed is not None:
            messages.success(request, f"已撤销{closed.name}，有关代表已收到通知。")
            return redirect(closed)
    counts = closing_counts(station)
    consequence = (
        f"自今天起撤销，不能恢复：{counts.placements}名代表离站，取消{counts.rota_days}个未到的接待日，"
        f"{counts.groups}个代表小组不再以这里为活动地点；群众不再查到。有账号的代表会收到通知。"
    )
    return form_page(
        request,
        "deputies/station_confirm.html",
        form,
        station=station,
        heading="撤销联络站",
        question=f"撤销{station.name}？",
        consequence=consequence,
        confirm_label="撤销",
        cancel_url=station.get_absolute_url(),
        danger=True,
    )


def _missing(station: Station, has_hours: bool, has_deputies: bool) -> list[str]:
    """What one would miss on the public page."""
    online = station.kind == "online"
    found = [
        (not has_hours and not online, "开放时间"),
        (not has_deputies and not online, "编入的代表"),
        (station.longitude is None and not online, "地图位置"),
        (not station.phone, "公开电话"),
    ]
    return [words for lacks, words in found if lacks]
