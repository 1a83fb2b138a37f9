"""A slip with a one-time code (投票码), on a tablet that passes from hand to hand. No account is needed.

The code comes in the part of the address behind ``#``, which no browser sends, or is typed; then it travels in the
body of POSTs only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.exceptions import DomainError, NotFound
from liaison.faces import ActorRequest, public
from liaison.limits import within
from votes.forms.ballot import SlipForm, marks_in
from votes.sealing import new_receipt
from votes.selectors.roll import line_of_slip
from votes.selectors.voting import OwnVote, lines_for_ballot
from votes.services.ballot import ballot_cast_by_slip
from votes.services.roll import SLIPS_AN_ADDRESS
from votes.states import RoundStatus
from votes.views.ballot import BAD_BALLOT, ballot_page, state_of
from votes.views.ballot_pages import done_words, marked_lines_of, too_many, warning_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNKNOWN = "没有这张投票码，或者它已经被新的投票码替换。请核对后重新输入，或请工作人员重新发放。"
_TOO_OFTEN = "投票码输错次数过多，请一刻钟后再试，或请工作人员重新发放。"
_CLOSED = {
    "sign_in": "持票代表还没有签到，请先到签到处登记，再来投票。",
    "wait": "投票还没有开始，请等主持人宣布。",
    "voted": "这张投票码已经投过票，每个投票码只能用一次。",
    "closed": "投票已经截止，投票码不能再用。",
}


def _enter(request: ActorRequest, form: SlipForm, status: int = 200) -> HttpResponse:
    return render(request, "votes/ballot_slip_enter.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@public
def slip(request: ActorRequest) -> HttpResponse:
    """输入投票码; then the ballot. A POST from the last look brings the marks along."""
    form = SlipForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _enter(request, form)
    vote = _vote_of(request, form)
    if vote is None:
        return _enter(request, form, 422)
    return _page(request, vote, marks_in(request.POST, vote.round, lines_for_ballot(vote.round)))


def _vote_of(request: ActorRequest, form: SlipForm) -> OwnVote | None:
    """The line that the slip was made for, when it can vote now; else the form says why not."""
    if not form.is_valid():
        return None
    entry = line_of_slip(form.cleaned_data["code"])
    if entry is None:
        form.add_error("code", _unknown(request))
        return None
    vote = OwnVote(entry.round, entry)
    state = state_of(vote)
    if request.actor.is_deputy and entry.mandate_id not in request.actor.mandate_ids:
        form.add_error("code", "这张投票码不是发给您的，不能使用。请用自己的账号投票，或向工作人员领取投票码。")
    elif entry.round.status == RoundStatus.VOID:
        form.add_error("code", "本轮投票无效，投票码不能再用。")
    elif state != "vote":
        form.add_error("code", _CLOSED[state])
    return None if form.errors else vote


def _unknown(request: ActorRequest) -> str:
    """What to say to a code that belongs to nobody; only wrong ones are counted."""
    return _UNKNOWN if within(SLIPS_AN_ADDRESS, request.actor.ip or "?") else _TOO_OFTEN


def _page(request: ActorRequest, vote: OwnVote, marks: Sequence[str] | None = None, **context: Any) -> HttpResponse:
    return ballot_page(
        request,
        "votes/ballot_slip.html",
        vote,
        marks,
        slip_code=request.POST.get("code", ""),
        look_url=reverse("ballots:slip_look"),
        **context,
    )


@require_POST
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@public
def look(request: ActorRequest) -> HttpResponse:
    """最后确认."""
    form = SlipForm(request.POST)
    vote = _vote_of(request, form)
    if vote is None:
        return _enter(request, form, 422)
    options = lines_for_ballot(vote.round)
    marks = marks_in(request.POST, vote.round, options)
    if marks is None:
        return _page(request, vote, wrong=BAD_BALLOT)
    if wrong := too_many(vote.round, marks):
        return _page(request, vote, marks, wrong=wrong)
    context = {
        "round": vote.round,
        "lines": marked_lines_of(vote.round, options, marks),
        "warning": warning_of(marks),
        "key": vote.device_key,
        "receipt": new_receipt(),
        "slip_code": form.cleaned_data["code"],
        "ballot_url": reverse("ballots:slip"),
        "cast_url": reverse("ballots:slip_cast"),
    }
    return render(request, "votes/ballot_slip_look.html", context)


@require_POST
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@public
def cast(request: ActorRequest) -> HttpResponse:
    """One press; sent again after a lost connection, it is answered with the same receipt."""
    form = SlipForm(request.POST)
    entry = line_of_slip(form.cleaned_data["code"]) if form.is_valid() else None
    if entry is None:
        if form.is_valid():
            form.add_error("code", _unknown(request))
        return _enter(request, form, 422)
    return _cast(request, form, OwnVote(entry.round, entry))


@sensitive_variables()
def _cast(request: ActorRequest, form: SlipForm, vote: OwnVote) -> HttpResponse:
    marks = marks_in(request.POST, vote.round, lines_for_ballot(vote.round))
    if marks is None:
        return _page(request, vote, wrong=BAD_BALLOT)
    try:
        done = ballot_cast_by_slip(
            code=form.cleaned_data["code"],
            marks=marks,
            receipt=request.POST.get("receipt", ""),
            actor=request.actor,
        )
    except DomainError as error:
        if state_of(vote) == "vote" and error.status == DomainError.status:
            return _page(request, vote, marks, wrong=error.message)
        form.add_error("code", error.message)
        return _enter(request, form, 422 if isinstance(error, NotFound) else error.status)
    if done.already and not done.receipt:
        form.add_error("code", _CLOSED["voted"])
        return _enter(request, form, 409)
    context = {"round": vote.round, "receipt": done.receipt, **done_words(again=done.already)}
    return render(request, "votes/ballot_slip_receipt.html", context)


@require_safe
@never_cache
@public
def done(request: ActorRequest) -> HttpResponse:
    """请把平板交给下一位代表: nothing of the one before is on the screen."""
    return render(request, "votes/ballot_slip_done.html", {})
