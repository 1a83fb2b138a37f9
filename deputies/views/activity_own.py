"""A deputy's own activities: recorded, corrected, taken back; confirmed or sent back by staff."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from deputies.forms.activity import AnnounceForm, ReasonForm
from deputies.forms.activity_record import OwnForm
from deputies.selectors.activity import get_activity_for
from deputies.services.activity_own import own_confirm, own_return, own_submit, own_withdraw
from deputies.services.checks import version_of
from deputies.states import ACTIVITY_TRANSITIONS
from deputies.views.activity import METHODS, organised
from deputies.views.activity_act import confirm_page
from deputies.views.pages import form_page, posted, posted_files
from liaison.exceptions import NotFound
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpResponse

    from deputies.models import Activity


@require_http_methods(METHODS)
@requires(P.ACTIVITY_VIEW)
def new(request: ActorRequest) -> HttpResponse:
    """记录自行开展的活动."""
    if not request.actor.is_deputy:
        raise NotFound
    return _form(request, None)


@require_http_methods(METHODS)
@requires(P.ACTIVITY_VIEW)
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """补正后再报送."""
    return _form(request, _own(request, public_id))


def _form(request: ActorRequest, activity: Activity | None) -> HttpResponse:
    if activity is not None and request.method != "POST":
        ACTIVITY_TRANSITIONS.check(activity, "submit", request.actor)
    form = OwnForm(posted(request), posted_files(request), actor=request.actor, activity=activity)
    if request.method == "POST" and form.is_valid():
        done = call(
            form,
            own_submit,
            actor=request.actor,
            facts=form.facts(),
            pictures=form.cleaned_data["pictures"],
            activity_id=activity.public_id if activity else None,
            version=form.cleaned_data["version"],
        )
        if done is not None:
            messages.success(request, f"已报送{done.office.name}，确认后记入您的履职档案。")
            return redirect(done)
    back = activity.get_absolute_url() if activity else reverse("activities:mine")
    return form_page(
        request, "deputies/activity_own_form.html", form, activity=activity, cancel_url=back, submit_label="报送"
    )


@require_http_methods(METHODS)
@requires(P.ACTIVITY_VIEW)
def withdraw(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """撤回."""
    activity = _own(request, public_id)
    if request.method == "POST":
        own_withdraw(actor=request.actor, activity_id=public_id)
        messages.success(request, "已撤回。")
        return redirect("activities:mine")
    return confirm_page(
        request,
        activity,
        None,
        heading="撤回记录",
        question=f"撤回“{activity.title}”？",
        consequence="撤回后不能恢复，可以重新记录。",
        confirm_label="撤回",
        danger=True,
    )


@require_http_methods(METHODS)
@requires(P.ACTIVITY_EDIT)
def confirm(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """确认代表的活动记录."""
    activity = organised(request, public_id)
    form = AnnounceForm(posted(request), initial={"version": version_of(activity.updated_at)})
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        done = call(form, own_confirm, actor=request.actor, activity_id=public_id, version=version)
        if done is not None:
            messages.success(request, "已确认，记入代表的履职档案。")
            return redirect(done)
    return confirm_page(
        request,
        activity,
        form,
        heading="确认记录",
        question=f"确认“{activity.title}”属实？",
        consequence="确认后记入代表的履职档案，代表会收到通知。",
        confirm_label="确认",
    )


@require_http_methods(METHODS)
@requires(P.ACTIVITY_EDIT)
def send_back(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """退回补正."""
    activity = organised(request, public_id)
    form = ReasonForm(posted(request), label="退回原因", help_text="代表会看到，例如：请写明走访了哪几户。")
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = call(form, own_return, actor=request.actor, activity_id=public_id, reason=reason)
        if done is not None:
            messages.success(request, "已退回，代表会收到通知。")
            return redirect(done)
    return confirm_page(
        request,
        activity,
        form,
        heading="退回补正",
        question=f"把“{activity.title}”退回代表补正？",
        consequence="代表补正后会再报送。",
        confirm_label="退回",
    )


def _own(request: ActorRequest, public_id: UUID) -> Activity:
    activity = get_activity_for(request.actor, public_id)
    if activity.own_by is None or activity.own_by.person_id != request.actor.deputy_id:
        raise NotFound
    return activity
