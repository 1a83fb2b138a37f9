"""群众意见交办, for the units that handle them: the list, one opinion with numbers covered, the answer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.exceptions import NotAllowed
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817
from suggestions.forms.opinion import SayForm, UnitAnswerForm
from suggestions.models import Opinion
from suggestions.selectors.opinion_record import get_opinion_for, opinion_timeline, record_of
from suggestions.services.opinion_answer import opinion_reply, opinion_unit_answer
from suggestions.states import OPINION_TRANSITIONS, OpinionStatus
from suggestions.views.acts import posted, posted_files
from suggestions.views.opinion import desk_context, unit_facts
from suggestions.views.opinion_acts import act_page
from suggestions.views.opinion_next import unit_box

LABEL = "群众意见交办"


def _found(request: ActorRequest, public_id: UUID) -> Opinion:
    _require_unit(request)
    return get_opinion_for(request.actor, public_id)


def _require_unit(request: ActorRequest) -> None:
    """Congress staff and deputies have pages of their own.

    Raises:
        NotAllowed: no handling unit.
    """
    if not request.actor.is_unit:
        raise NotAllowed("这一页由承办单位办理。")


@require_safe
@requires(P.OPINION_VIEW)
def desk(request: ActorRequest) -> HttpResponse:
    """What was handed to the unit, the most urgent first."""
    _require_unit(request)
    return render(request, "suggestions/opinion_list.html", desk_context(request) | {"heading": LABEL})


@require_safe
@requires(P.OPINION_VIEW)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One opinion, without who said it."""
    opinion = _found(request, public_id)
    may_say = request.actor.can(P.OPINION_ANSWER) and opinion.status in {OpinionStatus.UNIT, OpinionStatus.ANSWERED}
    context = {
        "opinion": opinion,
        "record": record_of(request.actor, opinion),
        "action": unit_box(request.actor, opinion),
        "facts": unit_facts(opinion),
        "say_form": SayForm() if may_say else None,
        "say_url": reverse("handed_opinions:say", args=[public_id]),
        "list_url": reverse("handed_opinions:desk"),
        "list_label": LABEL,
        "timeline": opinion_timeline(request.actor, opinion),
    }
    return render(request, "suggestions/opinion_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.OPINION_ANSWER)
def answer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """单位答复, with pictures or documents."""
    opinion = _found(request, public_id)
    form = UnitAnswerForm(posted(request), posted_files(request), initial={"version": opinion.version})
    if request.method != "POST":
        OPINION_TRANSITIONS.check(opinion, "unit_answer", request.actor)
    elif form.is_valid():
        done = call(form, opinion_unit_answer, actor=request.actor, public_id=public_id, **form.cleaned_data)
        if done is not None:
            messages.success(request, "已答复，反映人凭回执码能看到，人大工作机构已收到通知。")
            return redirect(done.unit_url)
    return act_page(request, opinion, form, heading="答复反映人", submit_label="答复", **_back(opinion))


@require_POST
@requires(P.OPINION_ANSWER)
def say(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """A line to the person, without an answer."""
    opinion = _found(request, public_id)
    form = SayForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        sent = call(form, opinion_reply, actor=request.actor, public_id=public_id, version=None, text=text)
        if sent is not None:
            messages.success(request, "已发给反映人，反映人凭回执码能看到。")
            return redirect(f"{opinion.unit_url}#thread-title")
    return act_page(request, opinion, form, heading="给反映人留言", submit_label="发给反映人", **_back(opinion))


def _back(opinion: Opinion) -> dict[str, str]:
    return {"back_url": opinion.unit_url, "list_url": reverse("handed_opinions:desk"), "list_label": LABEL}
