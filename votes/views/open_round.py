"""Results for everybody: the arithmetic, the hashes, a receipt checked, the ballots to count again oneself."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from liaison.exceptions import NotFound
from liaison.faces import ActorRequest, public
from liaison.limits import Limit, within
from liaison.paging import keyset_page
from votes.forms.open_round import ReceiptForm
from votes.selectors.marks import choices_of
from votes.selectors.presiding import published_rounds
from votes.selectors.result import result_sheet
from votes.selectors.round import (
    counted_receipts,
    get_published_round,
    get_round_for,
    opened_ballots,
    options_of,
    receipt_counted,
    recount,
    tellers_of,
)
from votes.services.roll import TooManyTries
from votes.states import RoundStatus
from votes.views.result_pages import sheet_context

if TYPE_CHECKING:
    from votes.models import Round


#: Counting a hundred thousand ballots again takes a second or two.
RECOUNTS_AN_ADDRESS = Limit("recount-ip", 30, 300)


def _round(request: ActorRequest, public_id: UUID) -> Round:
    """A declared round: published, or one that the reader may see anyway."""
    try:
        return get_published_round(public_id)
    except NotFound:
        round_ = get_round_for(request.actor, public_id)
        if round_.status != RoundStatus.DECLARED:
            raise NotFound from None
        return round_


@require_safe
@public
def index(request: ActorRequest) -> HttpResponse:
    """Published results, the newest first."""
    page = keyset_page(published_rounds(), params=request.GET, path=request.path, order=("-id",), size=30)
    return render(request, "votes/open_round_list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("receipt")
@public
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The result with its arithmetic and hashes; a POST asks whether a receipt was counted (it stores nothing)."""
    round_ = _round(request, public_id)
    sheet = result_sheet(round_)
    if sheet is None:
        raise NotFound
    form = ReceiptForm(request.POST if request.method == "POST" else None)
    answer = ""
    if form.is_bound and form.is_valid():
        answer = "counted" if receipt_counted(round_, form.cleaned_data["receipt"]) else "missing"
    context: dict[str, Any] = {
        "round": round_,
        **sheet_context(round_, sheet),
        "tellers": tellers_of(round_),
        "receipts": counted_receipts(round_),
        "form": form,
        "answer": answer,
    }
    return render(request, "votes/open_round.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
@public
def verify(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """重新计票 from the stored ballots, and whether everything agrees with what was declared."""
    round_ = _round(request, public_id)
    if not within(RECOUNTS_AN_ADDRESS, request.actor.ip or "?"):
        raise TooManyTries("重新计票过于频繁，请过几分钟再试。")
    return render(request, "votes/open_round_recount.html", {"round": round_, "recount": recount(round_)})


def _cell(text: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


@require_safe
@public
def ballots(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The electronic ballots as a table, in the order over which their hash was computed."""
    round_ = _round(request, public_id)
    labels = {choice.letter: choice.label for choice in choices_of(round_)}
    out = StringIO()
    table = csv.writer(out)
    table.writerow(["选票编号", "存储内容", "有效", *(_cell(option.name) for option in options_of(round_))])
    for key, marks, valid in opened_ballots(round_):
        table.writerow([key, marks, "1" if valid else "0", *(labels.get(mark, "？") for mark in marks)])
    name = f"选票-{round_.title}.csv"
    return HttpResponse(
        "\ufeff" + out.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": str(content_disposition_header(as_attachment=True, filename=name))},
    )
