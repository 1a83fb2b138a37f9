"""The end of the way: reading and rating the answer, closing, concluding."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from liaison.exceptions import IllegalTransition
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817
from suggestions.forms.feedback import CloseUnratedForm, ConcludeForm, RateForm
from suggestions.selectors.feedback import may_rate
from suggestions.selectors.record import record_of
from suggestions.selectors.suggestion import get_suggestion_for
from suggestions.services.feedback import (
    answer_mark_read,
    suggestion_close_unrated,
    suggestion_conclude,
    suggestion_rate,
)
from suggestions.states import SUGGESTION_TRANSITIONS, SuggestionStatus
from suggestions.views.acts import act_page, posted

#: What the lead deputy is told, by where the rating has taken the suggestion.
RATED = {
    SuggestionStatus.CLOSED: "谢谢您的评价，这件建议已办结。",
    SuggestionStatus.REWORK: "谢谢您的评价，已退回承办单位重新办理，再次答复后会通知您。",
    SuggestionStatus.COORDINATING: "谢谢您的评价，人大工作机构将组织协调，结果会通知您。",
}


@require_POST
@requires(P.SUGGESTION_RATE)
def read(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """阅读答复: the office and the unit see that it was read; then comes the rating."""
    answer_mark_read(actor=request.actor, public_id=public_id)
    return redirect("suggestions:rate", public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.SUGGESTION_RATE)
def rate(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """评价: the answer above, two ratings below."""
    suggestion = get_suggestion_for(request.actor, public_id)
    is_lead = suggestion.lead_person_id == request.actor.deputy_id
    form = RateForm(posted(request))
    if request.method != "POST":
        if not may_rate(request.actor, suggestion):
            raise IllegalTransition("现在没有需要您评价的答复，可能您已经评价过。请返回建议页面查看最新进展。")
    elif (
        form.is_valid()
        and call(form, suggestion_rate, actor=request.actor, public_id=public_id, **form.cleaned_data) is not None
    ):
        now = get_suggestion_for(request.actor, public_id).status
        messages.success(request, RATED[SuggestionStatus(now)] if is_lead else "谢谢，您的评价已单独记录。")
        return redirect(suggestion)
    record = record_of(request.actor, suggestion)
    return act_page(request, "suggestions/rate.html", suggestion, form, record=record, is_lead=is_lead)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.SUGGESTION_CLOSE)
def close_unrated(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """未评价办结, once the time for rating is over."""
    suggestion = get_suggestion_for(request.actor, public_id)
    form = CloseUnratedForm(posted(request), initial={"version": suggestion.version})
    if request.method != "POST":
        SUGGESTION_TRANSITIONS.check(suggestion, "close_unrated", request.actor)
    elif (
        form.is_valid()
        and call(form, suggestion_close_unrated, actor=request.actor, public_id=public_id, **form.cleaned_data)
        is not None
    ):
        messages.success(request, "已按未评价办结，不计入满意率。")
        return redirect(suggestion)
    return act_page(request, "suggestions/close_unrated.html", suggestion, form)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.SUGGESTION_CLOSE)
def conclude(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """协调后办结, with what the meeting brought."""
    suggestion = get_suggestion_for(request.actor, public_id)
    form = ConcludeForm(posted(request), initial={"version": suggestion.version})
    if request.method != "POST":
        SUGGESTION_TRANSITIONS.check(suggestion, "conclude", request.actor)
    elif (
        form.is_valid()
        and call(form, suggestion_conclude, actor=request.actor, public_id=public_id, **form.cleaned_data) is not None
    ):
        messages.success(request, "已办结，协调结果已通知代表和承办单位。")
        return redirect(suggestion)
    return act_page(request, "suggestions/conclude.html", suggestion, form)
