"""Activities: the list, the month, one activity, planning and changing it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from deputies.forms.activity import ActivityFilter, ActivityForm
from deputies.forms.activity_record import FIGURE_LABELS
from deputies.models import FIGURES, Attendance
from deputies.models.activity import PICTURE_SLOT, REPORT_SLOT
from deputies.selectors.activity import (
    PARTS_ORDER,
    activity_list,
    get_activity_for,
    may_organise,
    numbers_of,
    own_part,
    parts_seen,
)
from deputies.selectors.activity_month import month_named, month_of
from deputies.selectors.congress import region_choices
from deputies.services.activity import activity_create, activity_edit
from deputies.states import ActivityStatus
from deputies.views.activity_next import next_for_deputy, next_for_staff
from deputies.views.pages import form_page, posted
from liaison.exceptions import NotAllowed
from liaison.faces import ActorRequest, call, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from liaison.selectors.attachment import attachments_of
from liaison.selectors.deadline_view import deadlines_of
from liaison.selectors.timeline import timeline_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from deputies.models import Activity, ActivityPart
    from liaison.actor import Actor

METHODS = ["GET", "HEAD", "POST"]
SLOT_TITLES = {PICTURE_SLOT: "活动照片", REPORT_SLOT: "活动报告"}


@require_safe
@requires(P.ACTIVITY_VIEW)
def activities(request: ActorRequest) -> HttpResponse:
    """代表活动: the staff's list; a deputy is led to their own."""
    if request.actor.is_deputy:
        return redirect("activities:mine")
    path = reverse("activities:list")
    filter_ = ActivityFilter(request.GET, queryset=activity_list(request.actor), actor=request.actor)
    context = {
        "filter": filter_,
        "clear_url": path,
        "page": keyset_page(filter_.qs, params=request.GET, path=path, order=("-starts_at", "-id")),
        "may_edit": request.actor.can(P.ACTIVITY_EDIT),
    }
    return render(request, "deputies/activity_list.html", context)


@require_safe
@requires(P.ACTIVITY_VIEW)
def month(request: ActorRequest) -> HttpResponse:
    """活动月历 (``month=2026-11``)."""
    found = month_of(request.actor, month_named(request.GET.get("month", "")))
    return render(request, "deputies/activity_month.html", {"month": found, "path": reverse("activities:month")})


@require_safe
@requires(P.ACTIVITY_VIEW)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One activity: for staff with everybody invited, for a deputy with their own part."""
    activity = get_activity_for(request.actor, public_id)
    files = attachments_of(activity)
    context = {
        "activity": activity,
        "pictures": [one for one in files if one.slot == PICTURE_SLOT],
        "reports": [one for one in files if one.slot == REPORT_SLOT],
        "media": list(activity.media.all()),
        "groups": list(activity.groups.all()),
        "stations": list(activity.stations.defer("search")),
        "labels": [FIGURE_LABELS[name] for name in FIGURES],
        "is_over": activity.status in {ActivityStatus.RECORDED, ActivityStatus.HELD},
    }
    if request.actor.is_deputy:
        part = own_part(request.actor, activity)
        figures = [(*FIGURE_LABELS[name], getattr(part, name)) for name in FIGURES] if part else []
        context |= {"part": part, "figures": figures, "next": next_for_deputy(activity, part)}
        return render(request, "deputies/activity_mine_detail.html", context)
    seen = parts_seen(activity, request.actor)
    organises, numbers = may_organise(request.actor, activity), numbers_of(seen)
    path, figures_only = activity.get_absolute_url(), request.GET.get("view") == "figures"
    attended = seen.exclude(attendance=Attendance.NONE)
    come = keyset_page(attended, params=request.GET if figures_only else {}, path=path, order=PARTS_ORDER)
    context |= {
        "organises": organises,
        "figures_only": figures_only,
        "page": come if figures_only else keyset_page(seen, params=request.GET, path=path, order=PARTS_ORDER),
        "rows": [
            (part, [getattr(part, name) for name in FIGURES], _file_url(request.actor, activity, part))
            for part in come.items
        ],
        "more_rows": bool(come.next_url) and not figures_only,
        "numbers": numbers,
        "next": next_for_staff(request.actor, activity, numbers, organises=organises),
        "clocks": deadlines_of([activity], open_only=True),
        "timeline": timeline_of([activity], slot_titles=SLOT_TITLES)[::-1],
    }
    return render(request, "deputies/activity_detail.html", context)


def _file_url(actor: Actor, activity: Activity, part: ActivityPart) -> str:
    """The duty file that a recorded activity was entered in; "" for whoever may not read it."""
    seen = actor.can(P.DUTY_VIEW) and part.mandate.home_prefix.startswith(actor.region_prefix)
    if activity.status != ActivityStatus.RECORDED or not seen:
        return ""
    return reverse("duty:file", args=[part.mandate.public_id, timezone.localdate(activity.starts_at).year])


@require_http_methods(METHODS)
@requires(P.ACTIVITY_EDIT)
def new(request: ActorRequest) -> HttpResponse:
    """新建活动: the place is chosen above the form."""
    way, below = region_choices(request.actor, request.GET.get("region", ""))
    form = ActivityForm(posted(request), actor=request.actor)
    if request.method == "POST" and form.is_valid():
        activity = call(
            form,
            activity_create,
            actor=request.actor,
            region_code=way[-1].code,
            facts=form.facts(),
            accept_overlap=form.cleaned_data["accept_overlap"],
        )
        if activity is not None:
            messages.success(request, f"已新建“{activity.title}”。接下来邀请代表。")
            return redirect("activities:invite", activity.public_id)
    context = {"way": way, "below": below, "here": way[-1], "cancel_url": reverse("activities:list")}
    return form_page(request, "deputies/activity_form.html", form, **context)


@require_http_methods(METHODS)
@requires(P.ACTIVITY_EDIT)
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """修改活动."""
    activity = organised(request, public_id)
    form = ActivityForm(posted(request), actor=request.actor, activity=activity)
    if request.method == "POST" and form.is_valid():
        saved = call(
            form,
            activity_edit,
            actor=request.actor,
            activity_id=public_id,
            facts=form.facts(),
            version=form.cleaned_data["version"],
            accept_overlap=form.cleaned_data["accept_overlap"],
        )
        if saved is not None:
            messages.success(request, f"已保存“{saved.title}”。")
            return redirect(saved)
    return form_page(
        request, "deputies/activity_form.html", form, activity=activity, cancel_url=activity.get_absolute_url()
    )


def organised(request: ActorRequest, public_id: UUID) -> Activity:
    """The activity, for somebody who organises it.

    Raises:
        NotFound: not visible.
        NotAllowed: an activity of another office.
    """
    activity = get_activity_for(request.actor, public_id)
    if not may_organise(request.actor, activity):
        raise NotAllowed(f"这次活动由{activity.office}组织，您可以查看，不能代为办理。")
    return activity
