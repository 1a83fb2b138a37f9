"""Inviting deputies: chosen, looked at, then invited; and an invitation taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from deputies.forms.activity_invite import InviteForm
from deputies.selectors.activity import get_part_of
from deputies.selectors.activity_invite import invitees
from deputies.services.activity_invite import activity_invite, activity_uninvite
from deputies.views.activity import METHODS, organised
from deputies.views.activity_act import confirm_page
from deputies.views.pages import form_page
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpResponse

#: So many names are shown before inviting; the number is of all.
SHOWN = 200
#: Not carried along from looking to inviting.
ONCE = {"accept_overlap", "version"}


@require_http_methods(METHODS)
@requires(P.ACTIVITY_EDIT)
def invite(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """邀请代表: asked with conditions it shows whom they mean; sent, it invites them."""
    activity = organised(request, public_id)
    data = request.POST if request.method == "POST" else request.GET if request.GET else None
    form = InviteForm(data, actor=request.actor)
    found = None
    if data is not None and form.is_valid():
        criteria = form.criteria()
        if request.method == "POST":
            parts = call(
                form,
                activity_invite,
                actor=request.actor,
                activity_id=public_id,
                criteria=criteria,
                accept_overlap=form.cleaned_data["accept_overlap"],
            )
            if parts is not None:
                messages.success(request, f"已邀请{len(parts)}名代表。")
                return redirect(activity)
        found = None if criteria.is_empty else invitees(request.actor, activity, criteria)
    context = {
        "activity": activity,
        "found": found,
        "shown": found.candidates[:SHOWN] if found else [],
        "rest": max(0, len(found.candidates) - SHOWN) if found else 0,
        "chosen": [(name, value) for name in form.fields if data and name not in ONCE for value in data.getlist(name)],
        "cancel_url": activity.get_absolute_url(),
    }
    return form_page(request, "deputies/activity_invite.html", form, **context)


@require_http_methods(METHODS)
@requires(P.ACTIVITY_EDIT)
def uninvite(request: ActorRequest, public_id: UUID, part_id: UUID) -> HttpResponse:
    """取消邀请."""
    activity = organised(request, public_id)
    part = get_part_of(activity, part_id)
    if request.method == "POST":
        name = activity_uninvite(actor=request.actor, activity_id=public_id, part_id=part_id)
        messages.success(request, f"已取消对{name}的邀请。")
        return redirect(activity)
    return confirm_page(
        request,
        activity,
        None,
        heading="取消邀请",
        question=f"不再邀请{part.person.name}参加“{activity.title}”？",
        consequence="已经通知过的，会再通知本人；以后可以重新邀请。",
        confirm_label="取消邀请",
        danger=True,
    )
