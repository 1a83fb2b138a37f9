"""Opening the box and the result: the count by two passphrases, the arithmetic line by line, signatures, the docx."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.exceptions import DomainError, NotAllowed, NotFound
from liaison.faces import ActorRequest, call, requires, signed_in
from liaison.permissions import Permission as P  # noqa: N817
from votes.forms.round import OpenBoxForm
from votes.selectors.paper import paper_missing
from votes.selectors.presiding import may_run
from votes.selectors.result import result_sheet
from votes.selectors.round import get_round_as_teller, get_round_for, presence, tellers_of
from votes.services.count import round_count
from votes.services.resultsheet import DOCX_MIME, render_result
from votes.services.round_result import teller_sign
from votes.states import ROUND_TRANSITIONS, RoundStatus
from votes.views.result_pages import sheet_context
from votes.views.round_acts import own_round, posted

if TYPE_CHECKING:
    from votes.models import Round


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@requires(P.ROUND_RUN)
def count(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """开箱计票: both tellers type their passphrases in one form, on one machine."""
    round_ = own_round(request, public_id)
    form = OpenBoxForm(posted(request))
    if form.is_bound and form.is_valid():
        done = call(form, round_count, actor=request.actor, public_id=public_id, **form.cleaned_data)
        if done is not None and done.status == RoundStatus.VOID:
            messages.error(request, done.void_reason)
            return redirect(done)
        if done is not None:
            messages.success(request, "票箱已打开，计票完成。请监票人、计票人核对后签字。")
            return redirect("rounds:result", public_id)
    elif request.method != "POST":
        ROUND_TRANSITIONS.check(round_, "count", request.actor)
        if reason := paper_missing(round_):
            messages.warning(request, reason)
            return redirect("rounds:paper", public_id)
    error = getattr(form, "domain_error", None)
    status = error.status if isinstance(error, DomainError) and error.status in {403, 409, 429} else 422
    context = {
        "act": "开箱计票",
        "round": round_,
        "form": form,
        "tellers": tellers_of(round_),
        "presence": presence(round_),
        "cancel_url": round_.get_absolute_url(),
    }
    return render(request, "votes/round_count.html", context, status=status if form.errors else 200)


def readable_round(request: ActorRequest, public_id: UUID) -> Round:
    """A counted round for its office, its tellers, and once declared everybody who may see it."""
    try:
        round_ = get_round_as_teller(request.actor, public_id)
    except NotFound:
        round_ = get_round_for(request.actor, public_id)
        if round_.status == RoundStatus.COUNTED and not may_run(request.actor, round_):
            raise NotAllowed("结果还没有宣布。") from None
    return round_


@require_safe
@never_cache
@signed_in
def result(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """计票结果: the arithmetic line by line, who signed, and the hashes."""
    round_ = readable_round(request, public_id)
    if round_.is_gathering:
        return redirect(round_)
    sheet = result_sheet(round_)
    if sheet is None:
        raise NotFound("这一轮投票还没有计票结果。")
    tellers = tellers_of(round_)
    own = next((teller for teller in tellers if teller.user_id == request.actor.user_id), None)
    counted = round_.status == RoundStatus.COUNTED
    mine = may_run(request.actor, round_) and request.actor.is_congress
    context: dict[str, Any] = {
        "round": round_,
        **sheet_context(round_, sheet),
        "tellers": tellers,
        "may_sign": counted and own is not None and own.signed_at is None,
        "may_declare": counted and mine and all(teller.signed_at for teller in tellers),
        "own": own,
    }
    return render(request, "votes/round_result.html", context)


@require_POST
@signed_in
def sign(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """签字, by a teller on their own account."""
    teller = teller_sign(actor=request.actor, public_id=public_id)
    messages.success(request, f"已以{teller.get_role_display()}身份签字。")
    return redirect("rounds:result", public_id)


@require_safe
@signed_in
def sheet_docx(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """计票报告单 as a Word document, to be signed on paper."""
    round_ = readable_round(request, public_id)
    sheet = result_sheet(round_)
    if sheet is None:
        raise NotFound("这一轮投票还没有计票结果。")
    name = f"计票报告单-{round_.title}.docx"
    return HttpResponse(
        render_result(round_, sheet, tellers_of(round_)),
        content_type=DOCX_MIME,
        headers={"Content-Disposition": str(content_disposition_header(as_attachment=True, filename=name))},
    )
