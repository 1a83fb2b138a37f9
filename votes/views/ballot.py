"""A deputy's phone: sign in to the session, the ballot, the last look, one press, the receipt.

Nothing of a ballot stands in an address, is cached or logged: marks travel in the body of POSTs only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.exceptions import DomainError
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817
from votes.forms.ballot import SessionCodeForm, marks_in
from votes.sealing import new_receipt
from votes.selectors.voting import OwnVote, lines_for_ballot, lines_to_fill, own_vote, own_votes
from votes.services.ballot import ballot_cast
from votes.services.roll import attend_by_code
from votes.states import RoundStatus
from votes.views.ballot_pages import done_words, lines_of, marked_lines_of, rule_of, too_many, warning_of

if TYPE_CHECKING:
    from collections.abc import Sequence

BAD_BALLOT = "选票内容不完整或已被改动，没有记入。请重新填写。"
#: Words for a deputy's round in a list: (what it says, the button).
_WORDS = {
    "sign_in": ("请先签到，签到码在会场屏幕上。", "签到"),
    "vote": ("已签到，可以投票。", "填写选票"),
    "wait": ("已签到，请等主持人宣布开始投票。", "查看"),
    "voted": ("您已投票。", "查看"),
    "closed": ("投票已截止。", "查看"),
}


def state_of(vote: OwnVote) -> str:
    """What this deputy may do now: ``sign_in``, ``wait``, ``vote``, ``voted``, ``closed``."""
    if vote.has_voted:
        return "voted"
    if vote.round.status == RoundStatus.PREPARING or vote.is_open:
        if not vote.is_present:
            return "sign_in"
        return "vote" if vote.is_open else "wait"
    return "closed"


@require_safe
@never_cache
@requires(P.BALLOT_CAST)
def index(request: ActorRequest) -> HttpResponse:
    """正在投票, and earlier votes with their results."""
    live: list[dict[str, Any]] = []
    past: list[dict[str, Any]] = []
    for vote in own_votes(request.actor):
        state = state_of(vote)
        words, action = _WORDS[state]
        row = {
            "round": vote.round,
            "words": words,
            "action": action,
            "url": reverse("ballots:ballot", args=[vote.round.public_id]),
        }
        (live if vote.round.status in {RoundStatus.OPEN, RoundStatus.PREPARING} else past).append(row)
    return render(request, "votes/ballot_list.html", {"open_rounds": live, "past_rounds": past})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@requires(P.BALLOT_CAST)
def ballot(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The ballot, or what stands before it or behind it. A POST comes back from the last look with its marks."""
    vote = own_vote(request.actor, public_id)
    state = state_of(vote)
    if state == "sign_in":
        return redirect("ballots:sign_in", public_id)
    if state != "vote":
        return _waiting(request, vote, state)
    marks = None
    if request.method == "POST":
        marks = marks_in(request.POST, vote.round, lines_for_ballot(vote.round))
    return ballot_page(request, "votes/ballot.html", vote, marks)


def ballot_page(
    request: ActorRequest,
    template: str,
    vote: OwnVote,
    marks: Sequence[str] | None = None,
    **context: Any,
) -> HttpResponse:
    """The ballot as it is filled in; with ``wrong`` it is refused (422)."""
    round_ = vote.round
    options = lines_to_fill(round_)
    context = {
        "round": round_,
        "lines": lines_of(round_, options, marks),
        "key": vote.device_key,
        "look_url": reverse("ballots:look", args=[round_.public_id]),
        **rule_of(round_, len(options)),
        **context,
    }
    return render(request, template, context, status=422 if context.get("wrong") else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(P.BALLOT_CAST)
def sign_in(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """签到 by the code that the hall's screen shows."""
    vote = own_vote(request.actor, public_id)
    if state_of(vote) != "sign_in":
        return redirect("ballots:ballot", public_id)
    form = SessionCodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        entry = call(form, attend_by_code, actor=request.actor, code=form.cleaned_data["code"], public_id=public_id)
        if entry is not None:
            return redirect("ballots:ballot", public_id)
    context = {"form": form, "round": vote.round}
    return render(request, "votes/ballot_sign_in.html", context, status=_status(form))


def _status(form: Any) -> int:
    if not form.errors:
        return 200
    error = getattr(form, "domain_error", None)
    return error.status if isinstance(error, DomainError) and error.status in {403, 409, 429} else 422


@require_POST
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@requires(P.BALLOT_CAST)
def look(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """最后确认: the marks as they will be cast; nothing is stored yet."""
    vote = own_vote(request.actor, public_id)
    if (state := state_of(vote)) != "vote":
        return _waiting(request, vote, state, status=409)
    options = lines_for_ballot(vote.round)
    marks = marks_in(request.POST, vote.round, options)
    if marks is None:
        return ballot_page(request, "votes/ballot.html", vote, wrong=BAD_BALLOT)
    if wrong := too_many(vote.round, marks):
        return ballot_page(request, "votes/ballot.html", vote, marks, wrong=wrong)
    context = {
        "round": vote.round,
        "lines": marked_lines_of(vote.round, options, marks),
        "warning": warning_of(marks),
        "key": vote.device_key,
        "receipt": new_receipt(),
        "ballot_url": reverse("ballots:ballot", args=[public_id]),
        "cast_url": reverse("ballots:cast", args=[public_id]),
    }
    return render(request, "votes/ballot_look.html", context)


@require_POST
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@requires(P.BALLOT_CAST)
def cast(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One press. Sent again after a lost connection, it is answered with the same receipt and counted once."""
    vote = own_vote(request.actor, public_id)
    marks = marks_in(request.POST, vote.round, lines_for_ballot(vote.round))
    if marks is None:
        return ballot_page(request, "votes/ballot.html", vote, wrong=BAD_BALLOT)
    try:
        done = ballot_cast(
            actor=request.actor, public_id=public_id, marks=marks, receipt=request.POST.get("receipt", "")
        )
    except DomainError as error:
        return _refused(request, public_id, marks, error)
    context = {
        "round": vote.round,
        "key": vote.device_key,
        "receipt": done.receipt,
        **done_words(again=done.already, known=bool(done.receipt)),
    }
    return render(request, "votes/ballot_receipt.html", context)


@sensitive_variables()
def _refused(request: ActorRequest, public_id: UUID, marks: Sequence[str], error: DomainError) -> HttpResponse:
    """Why the ballot was not taken: over the form while one may still vote, else on the page that says so."""
    vote = own_vote(request.actor, public_id)
    state = state_of(vote)
    if state == "vote":
        return ballot_page(request, "votes/ballot.html", vote, marks, wrong=error.message)
    return _waiting(request, vote, state, status=409, words=error.message)


def _waiting(request: ActorRequest, vote: OwnVote, state: str, *, status: int = 200, words: str = "") -> HttpResponse:
    """Nothing to fill in: voted, not begun, over."""
    round_ = vote.round
    declared = round_.status == RoundStatus.DECLARED
    if state == "voted":
        paper = vote.entry.channel == "paper"
        title = "您已领取纸质选票" if paper else "您已投票"
        text = "请用纸质选票投票。" if paper else "系统只记录您参加了投票，不记录您投了什么。"
        icon = "circle-check"
    elif state == "wait":
        title, text, icon = (
            "已签到，还没有开始投票",
            "主持人宣布开始后，本页会自动出现选票；没有出现的请刷新。",
            "clock",
        )
    elif round_.status == RoundStatus.VOID:
        title, text, icon = "本轮投票无效", round_.void_reason, "ban"
    else:
        title, text, icon = "投票已截止", "这一轮投票不再收票，结果宣布后在这里查看。", "clock"
    if words:
        text = words
    context = {
        "round": round_,
        "title": title,
        "text": text,
        "icon": icon,
        "waits": state == "wait",
        "voted": state == "voted" and vote.entry.channel != "paper",
        "key": vote.device_key,
        "result_url": reverse("open_rounds:detail", args=[round_.public_id]) if declared else "",
    }
    return render(request, "votes/ballot_waiting.html", context, status=status)
