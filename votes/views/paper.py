"""Paper ballots (纸质票): printed, handed out by name, entered by two counters apart, differences mended."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.exceptions import DomainError
from liaison.faces import ActorRequest, call, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from votes import rules
from votes.forms.paper import PaperForm
from votes.selectors.marks import choices_of
from votes.selectors.paper import paper_differences, paper_entries, small_group_warning
from votes.selectors.roll import roll_of
from votes.selectors.round import options_of, presence
from votes.services.paper import paper_hand_out, paper_take_back
from votes.states import RoundStatus
from votes.views.round_acts import own_round, posted, staff_round
from votes.views.round_people import asked, entries_of

if TYPE_CHECKING:
    from votes.models import PaperCount

#: Ballots on a page to be printed; whoever needs more prints it more often.
ON_A_SHEET = 4


@require_safe
@never_cache
@requires(P.ROUND_RUN)
def page(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """纸质票: to whom they were handed, who entered, where the two entries differ."""
    round_ = own_round(request, public_id)
    if round_.is_gathering:
        return redirect(round_)
    text = asked(request)
    rows = roll_of(request.actor, round_, q=text).exclude(attendance="").filter(channel__in=("", "paper"))
    here = presence(round_)
    entries = paper_entries(round_)
    counter = counter_for(request, entries)
    context = {
        "round": round_,
        "page": keyset_page(rows, params=request.GET, path=request.path, order=("position",)),
        "q": text,
        "presence": here,
        "may_hand_out": round_.status == RoundStatus.OPEN,
        "may_enter": round_.status == RoundStatus.CLOSED and counter is not None,
        "counter": counter,
        "entries": [{"number": number, "entry": entries.get(number)} for number in (1, 2)],
        "both": len(entries) == 2,
        "differences": paper_differences(round_),
        "warning": small_group_warning(round_, voted_electronically=here.phone + here.slip),
    }
    return render(request, "votes/round_paper.html", context)


def counter_for(request: ActorRequest, entries: dict[int, PaperCount]) -> int | None:
    """As which counter this person enters: their own entry again, else the first that is free."""
    for number, entry in entries.items():
        if entry.entered_by_id == request.actor.user_id:
            return number
    return next((number for number in (1, 2) if number not in entries), None)


@require_safe
@requires(P.ROUND_RUN, P.PROGRAMME_VIEW)
def sheet(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Ballots to be printed, without any serial number: one looks like the other."""
    round_ = staff_round(request, public_id)
    context = {
        "round": round_,
        "heading": "打印纸质选票" if round_.chooses else "打印满意度测评票",
        "options": options_of(round_),
        "choices": [choice for choice in choices_of(round_) if choice.code != rules.EMPTY],
        "copies": range(ON_A_SHEET),
    }
    return render(request, "votes/round_paper_sheet.html", context)


@require_POST
@requires(P.ROUND_RUN)
def hand_out(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """发出 or 收回 paper ballots of the chosen deputies."""
    own_round(request, public_id)
    entries = entries_of(request)
    act = paper_take_back if request.POST.get("act") == "take_back" else paper_hand_out
    if not entries:
        messages.warning(request, "请先选择代表。")
    else:
        try:
            rows = act(actor=request.actor, public_id=public_id, entries=entries)
        except DomainError as error:
            if error.status in {403, 404}:
                raise
            messages.error(request, error.message)
        else:
            words = "收回" if act is paper_take_back else "发出"
            messages.success(request, f"已登记{words}{len(rows)}张纸质票。")
    return redirect("rounds:paper", public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(P.ROUND_RUN)
def enter(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """录入纸质票, each counter by themselves; the other's numbers are not shown before both have entered."""
    round_ = own_round(request, public_id)
    entries = paper_entries(round_)
    counter = counter_for(request, entries)
    if counter is None:
        messages.error(request, "两份都已由其他人录入，须由本人修改。")
        return redirect("rounds:paper", public_id)
    form = PaperForm(posted(request), round_=round_, options=options_of(round_), entry=entries.get(counter))
    if (
        form.is_bound
        and form.is_valid()
        and call(form, form.enter, actor=request.actor, public_id=public_id, counter=counter) is not None
    ):
        messages.success(request, f"第{counter}份录入已保存。")
        return redirect("rounds:paper", public_id)
    context = {
        "round": round_,
        "form": form,
        "counter": counter,
        "choices": form.choices,
        "differences": paper_differences(round_),
    }
    return render(request, "votes/round_paper_enter.html", context, status=422 if form.errors else 200)
