"""A deputy's activities on the phone: to come and past, the answer, signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from deputies.forms.activity_invite import CodeForm, ReplyForm
from deputies.selectors.activity import get_activity_for, my_parts, own_part
from deputies.services.activity_invite import activity_reply
from deputies.services.attendance import attend_by_code
from deputies.views.activity import METHODS
from deputies.views.pages import form_page, posted
from liaison.exceptions import NotFound
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpResponse

    from deputies.models import Activity, ActivityPart


@require_safe
@requires(P.ACTIVITY_VIEW)
def mine(request: ActorRequest) -> HttpResponse:
    """我的活动."""
    if not request.actor.is_deputy:
        raise NotFound
    coming, past = my_parts(request.actor)
    return render(request, "deputies/activity_mine.html", {"coming": coming, "past": past})


@require_http_methods(METHODS)
@requires(P.ACTIVITY_VIEW)
def reply(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """报名或请假."""
    activity, part = _invited(request, public_id)
    initial = {"reply": part.reply or request.GET.get("reply", ""), "reason": part.reply_reason}
    form = ReplyForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = call(
            form,
            activity_reply,
            actor=request.actor,
            activity_id=public_id,
            reply=data["reply"],
            reason=data["reason"],
        )
        if done is not None:
            messages.success(
                request, "已报名，请按时参加。" if done.reply == "going" else "已请假，组织机构会看到原因。"
            )
            return redirect(activity)
    context = {"activity": activity, "heading": "答复邀请", "submit_label": "提交答复"}
    return form_page(request, "deputies/activity_reply.html", form, cancel_url=activity.get_absolute_url(), **context)


@require_http_methods(METHODS)
@requires(P.ACTIVITY_VIEW)
def sign_in(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """现场签到."""
    activity, _part = _invited(request, public_id)
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        done = call(form, attend_by_code, actor=request.actor, activity_id=public_id, code=code)
        if done is not None:
            messages.success(request, "已签到。")
            return redirect(activity)
    context = {"activity": activity, "heading": "现场签到", "submit_label": "签到"}
    return form_page(request, "deputies/activity_reply.html", form, cancel_url=activity.get_absolute_url(), **context)


def _invited(request: ActorRequest, public_id: UUID) -> tuple[Activity, ActivityPart]:
    activity = get_activity_for(request.actor, public_id)
    part = own_part(request.actor, activity) if request.actor.is_deputy else None
    if part is None or activity.is_own:
        raise NotFound
    return activity, part
