"""Reception days of a station: put on the rota with a preview, and cancelled."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from deputies.forms.station import RotaEditForm, RotaForm, WhyForm
from deputies.selectors.rota import eligible_mandates, get_rota_for, rota_plan
from deputies.selectors.station import get_kept_station
from deputies.services.rota import rota_add, rota_cancel, rota_edit
from deputies.views.pages import form_page, posted
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpResponse

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@requires(P.STATION_EDIT)
def add(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """排接待日: the form, then the days with what is in their way, then all that are ticked at once."""
    station = get_kept_station(request.actor, public_id)
    form = RotaForm(posted(request), station=station)
    context = {
        "station": station,
        "cancel_url": station.get_absolute_url(),
        "nobody": not eligible_mandates(station).exists(),
    }
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "deputies/station_rota_form.html", form, **context)
    data = form.cleaned_data
    chosen = _dates(request.POST.getlist("days")) if "days_shown" in request.POST else None
    if chosen is not None and "back" not in request.POST:
        made = call(
            form,
            rota_add,
            actor=request.actor,
            station_id=public_id,
            dates=chosen,
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            mandate_ids=[mandate.public_id for mandate in data["mandates"]],
            note=data["note"],
        )
        if made is not None:
            messages.success(request, f"已排{len(made)}个接待日，有账号的接待代表会收到通知。")
            return redirect(station)
    if "back" in request.POST:
        return form_page(request, "deputies/station_rota_form.html", form, **context)
    plan = rota_plan(
        station,
        dates=data["series"],
        starts_at=data["starts_at"],
        ends_at=data["ends_at"],
        mandates=data["mandates"],
        skip_off=data["skip_off"],
    )
    context |= {
        "plan": [(day, day.chosen if chosen is None else day.on in chosen) for day in plan],
        "form": form,
        "mandates": data["mandates"],
        "count": sum(day.chosen for day in plan),
        "busy": sum(bool(day.busy) for day in plan),
    }
    status = 422 if form.errors else 200
    return render(request, "deputies/station_rota_preview.html", context, status=status)


@require_http_methods(METHODS)
@requires(P.STATION_EDIT)
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """修改接待日: another day or hour, other deputies."""
    day = get_rota_for(request.actor, public_id)
    station = day.station
    form = RotaEditForm(posted(request), day=day)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        saved = call(
            form,
            rota_edit,
            actor=request.actor,
            rota_id=public_id,
            mandate_ids=[mandate.public_id for mandate in data["mandates"]],
            **{name: data[name] for name in ("on", "starts_at", "ends_at", "note", "version")},
        )
        if saved is not None:
            messages.success(request, f"已保存{saved.on.month}月{saved.on.day}日的接待，有变化的代表会收到通知。")
            return redirect(station)
    context = {"station": station, "day": day, "cancel_url": station.get_absolute_url()}
    return form_page(request, "deputies/station_rota_edit.html", form, **context)


@require_http_methods(METHODS)
@requires(P.STATION_EDIT)
def cancel(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """取消接待日."""
    day = get_rota_for(request.actor, public_id)
    station = day.station
    form = WhyForm(posted(request), label="取消原因")
    if request.method == "POST" and form.is_valid():
        done = call(form, rota_cancel, actor=request.actor, rota_id=public_id, reason=form.cleaned_data["reason"])
        if done is not None:
            messages.success(request, f"已取消{day.on.month}月{day.on.day}日的接待。")
            return redirect(station)
    names = "、".join(duty.mandate.person.name for duty in day.duties.all()) or "暂无代表"
    return form_page(
        request,
        "deputies/station_confirm.html",
        form,
        station=station,
        heading="取消接待日",
        question=f"取消{station.name}{day.on.month}月{day.on.day}日{day.hours}的接待？",
        consequence=f"接待代表：{names}。有账号的代表会收到通知，公开页面上不再列出这一天。",
        confirm_label="取消这个接待日",
        cancel_url=reverse("stations:detail", args=[station.public_id]),
        danger=True,
    )


def _dates(texts: list[str]) -> list[dt.date]:
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(dt.date.fromisoformat(text))
    return found
