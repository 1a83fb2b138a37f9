"""Appraisals by people without a roll (会场纸质测评): one page with the next step, ballots handed out, the count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.exceptions import DomainError, NotFound
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817
from liaison.registry import registry
from liaison.selectors.timeline import timeline_of
from votes.forms.gathering import HandOutForm
from votes.selectors.paper import paper_differences, paper_entries, paper_missing
from votes.selectors.presiding import may_run
from votes.selectors.result import result_sheet
from votes.selectors.round import options_of
from votes.services.gathering import gathering_count, gathering_hand_out
from votes.states import ROUND_TRANSITIONS, RoundStatus
from votes.views.round_acts import ask, own_round, posted, staff_round

if TYPE_CHECKING:
    from django.http import HttpResponse

    from votes.models import Round


def _gathering(round_: Round) -> Round:
    """A vote of the congress's own deputies has other pages.

    Raises:
        NotFound: it is one.
    """
    if not round_.is_gathering:
        raise NotFound
    return round_


@require_safe
@never_cache
@requires(P.ROUND_RUN, P.PROGRAMME_VIEW)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Where the appraisal stands and what comes next."""
    round_ = _gathering(staff_round(request, public_id))
    mine = may_run(request.actor, round_)
    context = {
        "round": round_,
        "options": options_of(round_),
        "entries": [{"number": number, "entry": paper_entries(round_).get(number)} for number in (1, 2)],
        "differences": paper_differences(round_),
        "action": _next(round_) if mine else None,
        "sheet": result_sheet(round_) if round_.status == RoundStatus.DECLARED or mine else None,
        "asker_url": registry.appraisal_asker(round_.asked_by),
        "timeline": timeline_of([round_], slot_titles={}),
    }
    return render(request, "votes/gathering_detail.html", context)


def _next(round_: Round) -> dict[str, Any]:
    """The next step, as ``partials/action_box.html`` shows it."""

    def to(name: str, label: str) -> dict[str, str]:
        return {"label": label, "url": reverse(name, args=[round_.public_id])}

    annul = to("rounds:annul", "宣告无效") | {"icon": "ban"}
    print_ = to("rounds:paper_sheet", "打印测评票") | {"icon": "printer"}
    if round_.status == RoundStatus.PREPARING:
        primary = to("gatherings:hand_out", "登记发出的测评票")
        return {"title": "会场发票、收票后登记", "text": "", "primary": primary, "others": [print_, annul]}
    if round_.status == RoundStatus.CLOSED:
        missing = paper_missing(round_)
        if missing:
            primary = to("rounds:paper_enter", "录入测评票")
            return {"title": "两人分别清点、录入", "text": missing, "primary": primary, "others": [annul]}
        post = {"label": "计票", "post_url": reverse("gatherings:count", args=[round_.public_id])}
        return {"title": "两份录入一致，可以计票", "text": "", "primary": post, "others": [annul]}
    if round_.status == RoundStatus.COUNTED:
        primary = to("rounds:declare", "宣布结果")
        return {"title": "核对计票过程，宣布结果", "text": "", "primary": primary, "others": [annul]}
    if round_.status == RoundStatus.VOID:
        return {"title": "测评无效", "text": round_.void_reason, "primary": None, "others": []}
    return {"title": "结果已宣布", "text": "", "primary": None, "others": []}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.ROUND_RUN)
def hand_out(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """登记发出的测评票."""
    round_ = _gathering(own_round(request, public_id))
    ROUND_TRANSITIONS.check(round_, "open", request.actor)
    form = HandOutForm(posted(request))
    if form.is_bound and form.is_valid():
        done = call(form, gathering_hand_out, actor=request.actor, public_id=public_id, **form.cleaned_data)
        if done is not None:
            messages.success(request, "已登记。请两人分别清点、录入。")
            return redirect(done)
    return ask(
        request,
        round_,
        form,
        act="登记发出的测评票",
        question="到会多少人，发出多少张测评票？",
        consequences=["登记后不能再改；有误的宣告无效，重新组织。"],
        confirm_label="登记",
    )


@require_POST
@requires(P.ROUND_RUN)
def count(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """计票."""
    round_ = _gathering(own_round(request, public_id))
    try:
        done = gathering_count(actor=request.actor, public_id=public_id)
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, error.message)
        return redirect(round_)
    if done.status == RoundStatus.VOID:
        messages.error(request, done.void_reason)
    else:
        messages.success(request, "计票完成，请核对后宣布结果。")
    return redirect(done)
