"""Who was there: the list that staff keep, and the code for the projector."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from deputies.selectors.activity import parts_of
from deputies.services.attendance import attendance_close, attendance_list, attendance_open
from deputies.states import ActivityStatus
from deputies.views.activity import METHODS, organised
from liaison.exceptions import DomainError
from liaison.faces import ActorRequest, requires
from liaison.permissions import Permission as P  # noqa: N817
from liaison.qr import qr_of

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_http_methods(METHODS)
@requires(P.ACTIVITY_EDIT)
def attendance(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """登记到场代表."""
    activity = organised(request, public_id)
    problem, status = "", 200
    if request.method == "POST":
        try:
            came = attendance_list(
                actor=request.actor, activity_id=public_id, part_ids=request.POST.getlist("parts")[:5000]
            )
        except DomainError as error:
            if error.status in {403, 404}:
                raise
            problem, status = error.message, 422
        else:
            messages.success(request, f"已登记到场代表{came}名。")
            is_held = activity.status == ActivityStatus.HELD
            return redirect("activities:record", public_id) if is_held else redirect(activity)
    chosen = set(request.POST.getlist("parts")) if request.method == "POST" else None
    parts = parts_of(activity)
    context = {
        "activity": activity,
        "rows": [(part, part.has_come if chosen is None else str(part.public_id) in chosen) for part in parts],
        "problem": problem,
        "cancel_url": activity.get_absolute_url(),
    }
    return render(request, "deputies/activity_attendance.html", context, status=status)


@require_http_methods(METHODS)
@requires(P.ACTIVITY_EDIT)
def code(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """签到码 for the projector; sent, a new one is shown. The number of those present asks again by itself."""
    activity = organised(request, public_id)
    problem, status = "", 200
    if request.method == "POST":
        try:
            attendance_open(actor=request.actor, activity_id=public_id)
        except DomainError as error:
            if error.status in {403, 404}:
                raise
            problem, status = error.message, 422
        else:
            return redirect("activities:code", public_id)
    parts = parts_of(activity)
    context = {
        "activity": activity,
        "is_open": activity.code_until is not None and activity.code_until >= timezone.now(),
        "came": sum(part.has_come for part in parts),
        "invited": len(parts),
        "problem": problem,
    }
    if context["is_open"]:
        context["qr"] = qr_of(request.build_absolute_uri(reverse("activities:sign_in", args=[public_id])))
    template = "activity_code_now.html" if request.headers.get("HX-Request") else "activity_code.html"
    return render(request, f"deputies/{template}", context, status=status)


@require_http_methods(["POST"])
@requires(P.ACTIVITY_EDIT)
def close(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """停止签到."""
    activity = organised(request, public_id)
    attendance_close(actor=request.actor, activity_id=public_id)
    messages.success(request, "已停止签到，原来的签到码不能再用。")
    return redirect(activity)
