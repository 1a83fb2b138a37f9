"""The people of a round: the roll and who is present, slips for those without a phone, the two tellers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.exceptions import DomainError
from liaison.faces import ActorRequest, call, requires, signed_in
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from liaison.qr import qr_of
from votes.forms.round import PassphraseForm, TellersForm
from votes.selectors.presiding import may_run
from votes.selectors.roll import SIGN_IN_STATES, roll_of
from votes.selectors.round import get_round_as_teller, presence, tellers_of
from votes.selectors.teller import teller_choices
from votes.services.roll import attend_by_staff, slips_issue
from votes.services.tellers import teller_passphrase_set, tellers_set
from votes.states import RoundStatus
from votes.views.round_acts import own_round, posted, staff_round

if TYPE_CHECKING:
    from votes.selectors.round import Presence

#: Most slips on one press.
MOST_SLIPS = 200


def entries_of(request: ActorRequest) -> list[UUID]:
    """The chosen lines of the roll; what is no id is left out."""
    found = []
    for text in request.POST.getlist("entry"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def asked(request: ActorRequest) -> str:
    """What is searched for on the roll."""
    return request.GET.get("q", "").replace("\0", "")[:60]


@require_safe
@never_cache
@requires(P.ROUND_RUN, P.PROGRAMME_VIEW)
def roll(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """代表名册: who is here, who took part; search, and bulk sign-in by staff."""
    round_ = staff_round(request, public_id)
    state, text = request.GET.get("state", ""), asked(request)
    page = keyset_page(
        roll_of(request.actor, round_, q=text, state=state), params=request.GET, path=request.path, order=("position",)
    )
    here = presence(round_)
    mine = may_run(request.actor, round_)
    context = {
        "round": round_,
        "page": page,
        "q": text,
        "state": state,
        "presence": here,
        "views": _roll_views(request, here, state),
        "may_run": mine,
        "may_attend": mine and round_.status in SIGN_IN_STATES,
        "may_undo": mine and round_.status == RoundStatus.PREPARING,
        "back_query": request.GET.urlencode(),
    }
    return render(request, "votes/round_roll.html", context)


def _roll_views(request: ActorRequest, here: Presence, active: str) -> list[dict[str, Any]]:
    rows = [
        ("", "全部", here.roll),
        ("absent", "未签到", here.roll - here.attended),
        ("waiting", "已签到未投票", here.waiting),
        ("voted", "已投票", here.voted),
    ]
    return [
        {"label": label, "url": f"{request.path}?state={code}", "count": count, "active": code == active}
        for code, label, count in rows
    ]


@require_POST
@requires(P.ROUND_RUN)
def attend(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """登记签到 of the chosen lines, or take it back before the vote opens."""
    own_round(request, public_id)
    entries = entries_of(request)
    present = request.POST.get("present", "1") != "0"
    if not entries:
        messages.warning(request, "请先选择代表。")
    else:
        rows = attend_by_staff(actor=request.actor, public_id=public_id, entries=entries, present=present)
        messages.success(request, f"已{'登记' if present else '撤销'}{len(rows)}名代表的签到。")
    back = urlencode([pair for pair in parse_qsl(request.POST.get("back", "")) if pair[0] in {"state", "q"}])
    return redirect(f"{reverse('rounds:roll', args=[public_id])}{'?' if back else ''}{back}")


# ── slips ──────────────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_variables()
@requires(P.ROUND_RUN)
def slips(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """发投票码: choose deputies; the answer to the POST shows the codes, once."""
    round_ = own_round(request, public_id)
    wrong = ""
    if request.method == "POST":
        entries = entries_of(request)
        if not entries:
            wrong = "请先选择要发投票码的代表。"
        elif len(entries) > MOST_SLIPS:
            wrong = f"一次最多生成{MOST_SLIPS}张，请分几次。"
        else:
            try:
                issued = slips_issue(actor=request.actor, public_id=public_id, entries=entries)
            except DomainError as error:
                if error.status in {403, 404}:
                    raise
                wrong = error.message
            else:
                return _print(request, round_, issued)
    text = asked(request)
    rows = roll_of(request.actor, round_, q=text).filter(channel="")
    context = {
        "round": round_,
        "page": keyset_page(rows, params=request.GET, path=request.path, order=("position",), size=MOST_SLIPS),
        "q": text,
        "wrong": wrong,
    }
    return render(request, "votes/round_slips.html", context, status=422 if wrong else 200)


@sensitive_variables()
def _print(request: ActorRequest, round_: Any, issued: list[Any]) -> HttpResponse:
    address = request.build_absolute_uri(reverse("ballots:slip"))
    sheets = [
        {"name": entry.name, "unit": entry.electoral_unit, "code": code, "qr": qr_of(f"{address}#{code}")}
        for entry, code in issued
    ]
    context = {"round": round_, "slips": sheets, "slip_address": address}
    return render(request, "votes/round_slips_print.html", context)


# ── tellers ────────────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.ROUND_RUN)
def tellers(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """指定监票人、计票人."""
    round_ = own_round(request, public_id)
    known = {f"{teller.role}_id": teller.user_id for teller in tellers_of(round_)}
    form = TellersForm(posted(request), people=teller_choices(round_), initial=known)
    if (
        form.is_bound
        and form.is_valid()
        and call(form, tellers_set, actor=request.actor, public_id=public_id, **form.cleaned_data) is not None
    ):
        messages.success(request, "已指定监票人、计票人，并通知本人设置开箱口令。")
        return redirect(round_)
    context = {
        "act": "监票人、计票人",
        "lede": "由会议通过的两位代表或工作人员担任，各自登录自己的账号设置口令，开箱时两个口令缺一不可。",
        "round": round_,
        "form": form,
        "submit_label": "确定",
        "cancel_url": round_.get_absolute_url(),
    }
    return render(request, "votes/round_form_base.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@signed_in
def passphrase(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """A teller's own passphrase, on their own account and device."""
    round_ = get_round_as_teller(request.actor, public_id)
    form = PassphraseForm(posted(request))
    if (
        form.is_bound
        and form.is_valid()
        and call(form, teller_passphrase_set, actor=request.actor, public_id=public_id, **form.cleaned_data) is not None
    ):
        messages.success(request, "开箱口令已设置。请记牢，不要告诉任何人；系统没有保存，忘记后无法开箱。")
        return redirect(round_ if request.actor.is_congress else "dashboard")
    context = {
        "act": "设置开箱口令",
        "lede": "口令只有您本人知道。截止投票后，监票人、计票人当面各自输入口令才能打开票箱。",
        "round": round_,
        "round_url": round_.get_absolute_url() if request.actor.is_congress else reverse("dashboard"),
        "form": form,
        "submit_label": "设置口令",
        "cancel_url": round_.get_absolute_url() if request.actor.is_congress else reverse("dashboard"),
    }
    return render(request, "votes/round_form_base.html", context, status=422 if form.errors else 200)
