"""Public pages of opinions (社情民意): writing one without an account, and what its receipt code opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from liaison.exceptions import DomainError, NotFound
from liaison.faces import ActorRequest, call, public
from liaison.limits import Limit, within
from liaison.network import client_ip
from suggestions.forms.open_opinion import CodeForm, NotSolvedForm, OpinionForm, SayForm
from suggestions.models import OpinionChannel, Rating
from suggestions.selectors.opinion_follow import followed
from suggestions.selectors.opinion_open import find_by_receipt, opinion_target
from suggestions.services.opinion_core import code_of
from suggestions.services.opinion_public import opinion_not_solved, opinion_rate, opinion_say, opinion_submit
from suggestions.views.acts import form_status, posted, posted_files

if TYPE_CHECKING:
    from django.http import HttpResponse

    from suggestions.selectors.opinion_open import Target

METHODS = ["GET", "HEAD", "POST"]
#: A whole village may stand behind one address.
OPINIONS_AN_ADDRESS = Limit("opinion-ip", 20, 3600)
OPINIONS_A_TARGET = Limit("opinion-target", 300, 3600)
#: 60 bits in a code: nobody guesses one, but a machine that tries is sent away.
CODES_AN_ADDRESS = Limit("opinion-code-ip", 30, 600)
TOO_MANY = "提交太频繁，这一次没有收下。您填写的内容仍在下方，请过一会儿再提交，也可以到联络站或者打电话反映。"
TOO_MANY_LOOKS = "查询太频繁，请过十分钟再试。"
UNKNOWN = "没有查到这个回执码，请核对后再试。"


# -- writing ----------------------------------------------------------------------------------------------
@sensitive_post_parameters("text", "contact_name", "contact_phone")
@never_cache
@require_http_methods(METHODS)
@public
def new(request: ActorRequest) -> HttpResponse:
    """反映情况, to a station or a deputy. The answer to a good form is the receipt; the same form again gives the
    same one. Refused with everything typed kept: too often. A robot is thanked, and nothing is kept."""
    asked = {name: _uuid(request.GET.get(name, "")) for name in ("station", "deputy") if request.GET.get(name)}
    if not asked:
        return render(request, "suggestions/open_opinion_where.html")
    target = opinion_target(station_public_id=asked.get("station"), person_public_id=asked.get("deputy"))
    context: dict[str, Any] = {"target": _shown(target)}
    form = OpinionForm(posted(request), posted_files(request))
    status = 0
    if form.is_valid():
        done = _submitted(request, form, target, asked)
        if isinstance(done, str):
            sent = {**form.values, "uploads": len(form.cleaned_data["uploads"])}
            return render(
                request,
                "suggestions/open_opinion_done.html",
                {**context, **sent, "receipt": done, "rules": target.rules},
            )
        status = done
    context |= {"form": form, "had_pictures": bool(request.FILES)}
    return render(request, "suggestions/open_opinion_form.html", context, status=status or form_status(form, None))


def _submitted(request: ActorRequest, form: OpinionForm, target: Target, asked: dict[str, UUID]) -> str | int:
    """The receipt code; the status with which the form is shown again, 0 for what its errors say."""
    if form.is_robot:
        return code_of(uuid4())
    address = client_ip(request) or "unknown"
    if not within(OPINIONS_AN_ADDRESS, address) or not within(OPINIONS_A_TARGET, str(sorted(asked.values()))):
        form.add_error(None, TOO_MANY)
        return 429
    done = call(
        form,
        opinion_submit,
        actor=request.actor,
        client_token=form.cleaned_data["client_token"],
        channel=OpinionChannel.QR if request.GET.get("by") == "qr" else OpinionChannel.ONLINE,
        values=form.values,
        target=target,
        uploads=form.cleaned_data["uploads"],
    )
    if done is not None:
        return done[1]
    error = form.domain_error
    if isinstance(error, DomainError) and error.code == "form_used":
        form.renew_token()
    return 0


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _shown(target: Target) -> dict[str, str]:
    """To whom one writes, as the pages name it."""
    if target.mandate is not None:
        person = target.mandate.person
        return {"name": f"{person.name}代表", "url": reverse("open_deputies:detail", args=[person.public_id])}
    return {"name": target.station.name, "url": reverse("open_stations:detail", args=[target.station.public_id])}


# -- following --------------------------------------------------------------------------------------------
@sensitive_post_parameters("code", "text", "reason")
@never_cache
@require_http_methods(METHODS)
@public
@sensitive_variables()
def follow(request: ActorRequest) -> HttpResponse:
    """凭回执码查结果, and what its holder may do. The code travels in a POST only, so that no log keeps it."""
    form = CodeForm(posted(request))
    status = 0
    if form.is_valid():
        if not within(CODES_AN_ADDRESS, client_ip(request) or "unknown"):
            form.add_error(None, TOO_MANY_LOOKS)
            status = 429
        elif (found := find_by_receipt(form.cleaned_data["code"])) is None:
            form.add_error("code", UNKNOWN)
        else:
            return _followed(request, form.cleaned_data["code"], found)
    context = {"form": form, "has_errors": bool(form.errors)}
    return render(request, "suggestions/open_opinion_follow.html", context, status=status or form_status(form, None))


@sensitive_variables()
def _followed(request: ActorRequest, code: str, found: Any) -> HttpResponse:
    """The page of one opinion, after the act that was pressed on it, if any."""
    act = request.POST.get("act", "")
    say = SayForm(request.POST if act == "say" else None)
    not_solved = NotSolvedForm(request.POST if act == "not_solved" else None)
    done, refused = "", ""
    if say.is_bound and say.is_valid():
        if call(say, opinion_say, actor=request.actor, code=code, text=say.cleaned_data["text"]) is not None:
            done, say = "已补充，办理的人会看到。", SayForm()
    elif not_solved.is_bound and not_solved.is_valid():
        reason = not_solved.cleaned_data["reason"]
        if call(not_solved, opinion_not_solved, actor=request.actor, code=code, reason=reason) is not None:
            done, not_solved = "已转回工作机构重新安排办理。", NotSolvedForm()
    elif act == "rate":
        try:
            opinion_rate(actor=request.actor, code=code, rating=request.POST.get("rating", ""))
            done = "已收到您的评价，谢谢。"
        except DomainError as error:
            refused = error.message
    wrong = bool(refused or say.errors or not_solved.errors)
    context = {
        "code": code,
        "opinion": followed(find_by_receipt(code) or found),
        "say": say,
        "not_solved": not_solved,
        "ratings": Rating.choices,
        "done": done,
        "refused": refused,
        "has_errors": wrong,
    }
    return render(request, "suggestions/open_opinion_follow.html", context, status=422 if wrong else 200)
