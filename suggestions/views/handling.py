"""The handling unit's acts: sign, answer, report on a promise."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817
from suggestions.forms.handling import AnswerForm, FulfilForm
from suggestions.selectors.handling import get_promise_for, rework_reason
from suggestions.selectors.suggestion import get_suggestion_for
from suggestions.services.handling import commitment_fulfil, suggestion_answer, suggestion_sign
from suggestions.states import SUGGESTION_TRANSITIONS
from suggestions.views.acts import act_page, posted, posted_files


@require_POST
@requires(P.SUGGESTION_SIGN)
def sign(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """签收, a single press on the record's page."""
    suggestion = suggestion_sign(actor=request.actor, public_id=public_id)
    messages.success(request, "已签收，请在期限内答复代表。")
    return redirect(suggestion)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.SUGGESTION_ANSWER)
def answer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """答复代表, with the official document."""
    suggestion = get_suggestion_for(request.actor, public_id)
    form = AnswerForm(posted(request), posted_files(request), initial={"version": suggestion.version})
    if request.method != "POST":
        SUGGESTION_TRANSITIONS.check(suggestion, "answer", request.actor)
    elif (
        form.is_valid()
        and call(
            form,
            suggestion_answer,
            actor=request.actor,
            public_id=public_id,
            version=form.cleaned_data["version"],
            values=form.values,
            uploads=form.cleaned_data["uploads"],
        )
        is not None
    ):
        messages.success(request, f"已答复{suggestion.lead_person}代表，代表收到通知后评价。")
        return redirect(suggestion)
    return act_page(request, "suggestions/answer.html", suggestion, form, rework=rework_reason(suggestion))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.SUGGESTION_ANSWER)
def fulfil(request: ActorRequest, public_id: UUID, answer_id: UUID) -> HttpResponse:
    """兑现承诺: report on a class B promise."""
    promise = get_promise_for(request.actor, public_id, answer_id)
    suggestion = promise.suggestion
    form = FulfilForm(posted(request), posted_files(request))
    if (
        form.is_valid()
        and call(form, commitment_fulfil, actor=request.actor, answer_public_id=answer_id, **form.cleaned_data)
        is not None
    ):
        messages.success(request, "兑现情况已报告，代表和人大工作机构已收到通知。")
        return redirect(suggestion)
    return act_page(request, "suggestions/fulfil.html", suggestion, form, answer=promise)
