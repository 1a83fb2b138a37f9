"""The clerk's acts: return, refuse, register, assign."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from liaison.dates import cn_date
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817
from suggestions.forms.sorting import AssignForm, RefuseForm, RegisterForm, ReturnForm
from suggestions.selectors.sorting import answer_clock, earlier_like
from suggestions.selectors.suggestion import get_suggestion_for
from suggestions.services.sorting import suggestion_assign, suggestion_refuse, suggestion_register, suggestion_return
from suggestions.states import SUGGESTION_TRANSITIONS
from suggestions.views.acts import act_page, posted


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.SUGGESTION_SORT)
def return_(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """退回修改."""
    suggestion = get_suggestion_for(request.actor, public_id)
    form = ReturnForm(posted(request), initial={"version": suggestion.version})
    if request.method != "POST":
        SUGGESTION_TRANSITIONS.check(suggestion, "return", request.actor)
    elif (
        form.is_valid()
        and call(form, suggestion_return, actor=request.actor, public_id=public_id, **form.cleaned_data) is not None
    ):
        messages.success(request, f"已退回{suggestion.lead_person}代表修改，理由已通知代表。")
        return redirect(suggestion)
    return act_page(request, "suggestions/return.html", suggestion, form)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.SUGGESTION_REFUSE)
def refuse(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """不予受理, with the clause."""
    suggestion = get_suggestion_for(request.actor, public_id)
    form = RefuseForm(posted(request), initial={"version": suggestion.version})
    if request.method != "POST":
        SUGGESTION_TRANSITIONS.check(suggestion, "refuse", request.actor)
    elif (
        form.is_valid()
        and call(form, suggestion_refuse, actor=request.actor, public_id=public_id, **form.cleaned_data) is not None
    ):
        messages.success(request, f"已决定不予受理，情形和理由已通知{suggestion.lead_person}代表。")
        return redirect(suggestion)
    return act_page(request, "suggestions/refuse.html", suggestion, form)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.SUGGESTION_SORT)
def register(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """登记编号, with earlier suggestions on the same subject beside it."""
    suggestion = get_suggestion_for(request.actor, public_id)
    form = RegisterForm(posted(request), suggestion=suggestion, initial={"version": suggestion.version})
    if request.method != "POST":
        SUGGESTION_TRANSITIONS.check(suggestion, "register", request.actor)
    elif form.is_valid():
        done = call(form, suggestion_register, actor=request.actor, public_id=public_id, **form.cleaned_data)
        if done is not None:
            messages.success(request, f"已登记为{done.number_label}。接下来请交办。")
            return redirect(suggestion)
    similar = earlier_like(request.actor, suggestion)
    return act_page(request, "suggestions/register.html", suggestion, form, similar=similar)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.SUGGESTION_SORT)
def assign(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """交办, with the due day and how it is found shown before the press."""
    suggestion = get_suggestion_for(request.actor, public_id)
    form = AssignForm(
        posted(request), actor=request.actor, suggestion=suggestion, initial={"version": suggestion.version}
    )
    if request.method != "POST":
        SUGGESTION_TRANSITIONS.check(suggestion, "assign", request.actor)
    elif form.is_valid():
        done = call(form, suggestion_assign, actor=request.actor, public_id=public_id, **form.cleaned_data)
        if done is not None:
            due_on = cn_date(answer_clock(suggestion, timezone.localdate()).due_on)
            messages.success(request, f"已交{done.unit}办理，{due_on}前答复代表。交办函已生成，可在“交办”一栏下载。")
            return redirect(suggestion)
    clock = answer_clock(suggestion, timezone.localdate())
    return act_page(request, "suggestions/assign.html", suggestion, form, clock=clock)
